import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { plumbline } from "#cli/plumbline.ts";
import { deskConfig } from "#test/support/desk-company.ts";

let data: string;
beforeAll(() => {
  data = mkdtempSync(join(tmpdir(), "plumbline-config-"));
});
afterAll(() => rmSync(data, { recursive: true, force: true }));

const file = (name: string, text: string): string => {
  writeFileSync(join(data, name), text);
  return join(data, name);
};

describe("config check", () => {
  const check = async (change: (config: typeof deskConfig) => void) => {
    const config = structuredClone(deskConfig);
    change(config);
    return plumbline(["config", "check", file("plumbline.config.json", JSON.stringify(config))]);
  };
  const company = (config: typeof deskConfig) => {
    const [one] = config.companies;
    if (!one) throw new Error("no company");
    return one;
  };

  test("a document that fits ends with 0, and so does the example that is committed", async () => {
    expect(await check(() => {})).toMatchObject({
      code: 0,
      out: expect.stringContaining("1 companies, 3 connections"),
    });
    expect(await plumbline(["config", "check", "config/example.json"])).toMatchObject({ code: 0 });
  });

  test.each<[string, (config: typeof deskConfig) => void, string]>([
    [
      "a wrong zone",
      (config) => Object.assign(company(config), { zone: "Denver" }),
      "companies.0.zone: expected an IANA time zone",
    ],
    [
      "an unknown vendor",
      (config) => Object.assign(company(config).connections[1] ?? {}, { vendor: "rotr" }),
      "companies.0.connections.1.vendor: expected a vendor, one of",
    ],
    [
      "a vendor's own setting",
      (config) => Object.assign(company(config).connections[2] ?? {}, { completeMeans: "perhaps" }),
      "companies.0.connections.2.completeMeans: expected",
    ],
    [
      "authority of no connection",
      (config) => Object.assign(company(config).policy.authority, { work: ["depot"] }),
      "companies.0.policy.authority.work: expected a connection, one of office, crews, branch; not depot",
    ],
    [
      "a rule for no connection",
      (config) =>
        Object.assign(company(config).policy, {
          rules: [{ name: "r", connection: "depot", target: "status", capMinor: 0, approvedBy: "ana" }],
        }),
      "companies.0.policy.rules.0.connection: expected a connection",
    ],
    [
      "a key pair of no stream",
      (config) =>
        Object.assign(company(config).policy, {
          keyPairs: [{ left: "office.cards.job_number", right: "branch.jobs.job_number", and: ["day"] }],
        }),
      "companies.0.policy.keyPairs.0.left: expected connection.stream.field with a stream",
    ],
    [
      "a cell of no company",
      (config) => Object.assign(config.cells[0] ?? {}, { companies: ["ridgeline", "other"] }),
      "cells.0.companies: expected a company of this document, one of ridgeline; not other",
    ],
    [
      "an id twice",
      (config) => Object.assign(company(config).connections[2] ?? {}, { id: "office" }),
      "companies.0.connections: expected each connection once; office stands twice",
    ],
  ])("%s is named with file, path and expectation", async (_, change, said) => {
    const { code, out } = await check(change);
    expect(code).toBe(2);
    expect(out).toContain(`${join(data, "plumbline.config.json")}: ${said}`);
  });

  test("a file that is no JSON is named too", async () => {
    const { code, out } = await plumbline(["config", "check", file("c.json", "{ nearly")]);
    expect(code).toBe(2);
    expect(out).toMatch(/c\.json: the document: expected JSON/);
  });
});
