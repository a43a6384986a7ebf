import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { connectors } from "#shared/connectors/registry.ts";
import { vendors } from "#shared/connectors/vendors.ts";
import { template } from "./cases/template.ts";
import { keepsTheContract } from "./connector/suite.ts";

/** The walk of docs/adding-a-vendor.md leads where it says: a folder that passes the suite before it is registered. */
describe("the connector to start from", () => {
  keepsTheContract(template);

  test("stands in no registry", () => {
    expect(Object.keys(connectors)).not.toContain(template.connector.vendor);
    expect(vendors.map((vendor) => vendor.id)).not.toContain(template.connector.vendor);
  });

  test("has the files that every vendor's folder has", () => {
    const filesOf = (id: string) => readdirSync(new URL(`../../shared/connectors/${id}`, import.meta.url));
    for (const { id } of vendors) {
      for (const file of ["index.ts", "operations.ts", "schemas.ts", "normalise.ts", "writes.ts", "webhook.ts"]) {
        expect([id, filesOf(id).includes(file)]).toEqual([id, true]);
        expect(filesOf("template")).toContain(file);
      }
    }
  });
});
