import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
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

/** The desk company's configuration with one thing put in at a path, or taken out by undefined. */
function changed(path: readonly (string | number)[], value: unknown): object {
  const config = structuredClone(deskConfig);
  const last = path.at(-1) ?? "";
  let holder: object = config;
  for (const step of path.slice(0, -1)) holder = Reflect.get(holder, step);
  Reflect.set(holder, last, value);
  return config;
}

/** What makes the first connection a ServiceTitan one that fits. */
const office = { vendor: "servicetitan", tenant: "4242", authUrl: "https://auth.example/connect/token" };

describe("config check", () => {
  const checkFile = (config: object) =>
    plumbline(["config", "check", file("plumbline.config.json", JSON.stringify(config))]);
  const check = async (change: (config: typeof deskConfig) => void) => {
    const config = structuredClone(deskConfig);
    change(config);
    return checkFile(config);
  };
  const company = (config: typeof deskConfig) => {
    const [one] = config.companies;
    if (!one) throw new Error("no company");
    return one;
  };

  test("a document that fits ends with 0, and so does the example that is committed", async () => {
    expect(await check(() => {})).toMatchObject({
      code: 0,
      out: expect.stringContaining("1 company, 3 connections"),
    });
    expect(await plumbline(["config", "check", "config/example.json"])).toMatchObject({ code: 0 });
  });

  test("units by job type fit a ServiceTitan connection", async () => {
    const units = { "jobType:41": "project", "jobType:42": "job" };
    const fits = await check((config) => Object.assign(company(config).connections[0] ?? {}, { ...office, units }));
    expect(fits).toMatchObject({ code: 0 });
  });

  test.each<[string, (config: typeof deskConfig) => void, string]>([
    [
      "a wrong zone",
      (config) => Object.assign(company(config), { zone: "Denver" }),
      "companies[0].zone: expected an IANA time zone",
    ],
    [
      "an unknown vendor",
      (config) => Object.assign(company(config).connections[1] ?? {}, { vendor: "rotr" }),
      "companies[0].connections[1].vendor: expected a vendor, one of",
    ],
    [
      "a vendor's own setting",
      (config) => Object.assign(company(config).connections[2] ?? {}, { completeMeans: "perhaps" }),
      "companies[0].connections[2].completeMeans: expected",
    ],
    [
      "authority of no connection",
      (config) => Object.assign(company(config).policy.authority, { work: ["depot"] }),
      "companies[0].policy.authority.work: expected a connection, one of office, crews, branch; not depot",
    ],
    [
      "a rule for no connection",
      (config) =>
        Object.assign(company(config).policy, {
          rules: [{ name: "r", connection: "depot", target: "status", capMinor: 0, approvedBy: "ana" }],
        }),
      "companies[0].policy.rules[0].connection: expected a connection",
    ],
    [
      "a key pair of no stream",
      (config) =>
        Object.assign(company(config).policy, {
          keyPairs: [{ left: "office.cards.job_number", right: "branch.jobs.job_number", and: ["day"] }],
        }),
      "companies[0].policy.keyPairs[0].left: expected connection.stream.field with a stream",
    ],
    [
      "a cell of no company",
      (config) => Object.assign(config.cells[0] ?? {}, { companies: ["ridgeline", "other"] }),
      "cells[0].companies: expected a company of this document, one of ridgeline; not other",
    ],
    [
      "an id twice",
      (config) => Object.assign(company(config).connections[2] ?? {}, { id: "office" }),
      "companies[0].connections: expected each connection once; office stands twice",
    ],
    [
      "a unit that is neither job nor project",
      (config) =>
        Object.assign(company(config).connections[0] ?? {}, { ...office, units: { "jobType:41": "projects" } }),
      "companies[0].connections[0].units.jobType:41: expected job or project",
    ],
    [
      "a unit of no job type",
      (config) => Object.assign(company(config).connections[0] ?? {}, { ...office, units: { "41": "project" } }),
      "companies[0].connections[0].units.41: expected jobType: and the job type's id",
    ],
  ])("%s is named with file, path and expectation", async (_, change, said) => {
    const { code, out } = await check(change);
    expect(code).toBe(2);
    expect(out).toContain(`${join(data, "plumbline.config.json")}: ${said}`);
  });

  const company0 = ["companies", 0] as const;
  const branch = [...company0, "connections", 2] as const;
  const policy = [...company0, "policy"] as const;

  test.each<[string, readonly (string | number)[], unknown, string]>([
    [
      "hours as a text",
      [...policy, "graceHours"],
      { default: "two" },
      "companies[0].policy.graceHours.default: expected a number of hours, got a text",
    ],
    [
      "hours as a number alone",
      [...policy, "graceHours"],
      2,
      "companies[0].policy.graceHours: expected an object, got a number",
    ],
    [
      "cents as a text",
      [...policy, "toleranceMinor"],
      "1",
      "companies[0].policy.toleranceMinor: expected a number of minor units (cents), got a text",
    ],
    ["cents below zero", [...policy, "toleranceMinor"], -1, "companies[0].policy.toleranceMinor: expected at least 0"],
    [
      "a word without a letter",
      [...policy, "paymentWords"],
      { "write-off": ["kulanz", " - "] },
      "companies[0].policy.paymentWords.write-off[1]: expected a word",
    ],
    [
      "words of a kind that a type cannot name",
      [...policy, "paymentWords"],
      { tax: ["tax"] },
      "companies[0].policy.paymentWords.tax: expected no setting of this name",
    ],
    [
      "more held back than all",
      [...policy, "retentionPercent"],
      101,
      "companies[0].policy.retentionPercent: expected at most 100",
    ],
    [
      "nothing held back",
      [...policy, "retentionPercent"],
      0,
      "companies[0].policy.retentionPercent: expected more than 0",
    ],
    [
      "minutes of zero",
      [...branch, "pollMinutes"],
      { default: 0 },
      "companies[0].connections[2].pollMinutes.default: expected more than 0",
    ],
    [
      "seconds as a list",
      [...branch, "lagSeconds"],
      [30],
      "companies[0].connections[2].lagSeconds: expected a number of seconds, got a list",
    ],
    [
      "a share of more than all",
      [...branch, "budget"],
      { share: 1.5 },
      "companies[0].connections[2].budget.share: expected at most 1",
    ],
    [
      "yes for a flag",
      [...branch, "reference"],
      "yes",
      "companies[0].connections[2].reference: expected true or false, got a text",
    ],
    [
      "a book nobody keeps",
      [...branch, "book"],
      "sales",
      'companies[0].connections[2].book: expected one of "receivable", "payable", "cost"',
    ],
    [
      "a mode that is a number",
      [...branch, "mode"],
      { default: 1 },
      'companies[0].connections[2].mode.default: expected one of "observe", "propose", "apply", got a number',
    ],
    ["no name", [...company0, "name"], undefined, "companies[0].name: expected a text, it is missing"],
    ["a zone of null", [...company0, "zone"], null, "companies[0].zone: expected a text, got null"],
    ["no policy", policy, undefined, "companies[0].policy: expected an object, it is missing"],
    ["no connections", [...company0, "connections"], [], "companies[0].connections: expected a list of at least 1"],
    [
      "one connection outside a list",
      [...company0, "connections"],
      {},
      "companies[0].connections: expected a list, got an object",
    ],
    ["a setting nobody knows", [...policy, "grace"], 2, "companies[0].policy.grace: expected no setting of this name"],
    [
      "a list where one name belongs",
      [...policy, "authority", "work"],
      "office",
      "companies[0].policy.authority.work: expected a list, got a text",
    ],
    ["no companies", ["companies"], undefined, "companies: expected a list, it is missing"],
  ])("%s is said in words", async (_, path, value, said) => {
    const { code, out } = await checkFile(changed(path, value));
    expect({ code, out }).toEqual({ code: 2, out: `${join(data, "plumbline.config.json")}: ${said}\n` });
  });

  test("a vendor's own settings are said in the same words", async () => {
    const office = { ...deskConfig.companies[0]?.connections[0], vendor: "servicetitan", tenant: 12 };
    const { code, out } = await checkFile(changed([...company0, "connections", 0], office));
    const said = (line: string): string =>
      `${join(data, "plumbline.config.json")}: companies[0].connections[0].${line}\n`;
    expect({ code, out }).toEqual({
      code: 2,
      out: `${said("tenant: expected a text, got a number")}${said("authUrl: expected a text, it is missing")}`,
    });
  });

  test("nobody can switch on what no writer does", async () => {
    const office = { ...deskConfig.companies[0]?.connections[0], vendor: "servicetitan", tenant: "12" };
    const asked = { ...office, authUrl: "http://127.0.0.1:1/token", capabilities: { hold: true, reschedule: true } };
    const { code, out } = await checkFile(changed([...company0, "connections", 0], asked));
    expect(code).toBe(2);
    expect(out).toContain("connections[0].capabilities.hold: expected false: hold is asked of a person");
    const off = { ...asked, capabilities: { hold: false, reschedule: true } };
    expect((await checkFile(changed([...company0, "connections", 0], off))).code).toBe(0);
  });

  test("a value of the wrong kind is never printed: it may be a secret in the wrong place", async () => {
    const { out } = await checkFile(changed([...policy, "graceHours"], "hunter2"));
    expect(out).not.toContain("hunter2");
  });

  test("a document that is no object, and a file that is not there", async () => {
    expect(await plumbline(["config", "check", file("list.json", "[]")])).toMatchObject({
      code: 2,
      out: expect.stringContaining("list.json: the document: expected an object, got a list"),
    });
    expect(await plumbline(["config", "check", join(data, "nowhere.json")])).toMatchObject({
      code: 2,
      out: expect.stringContaining("nowhere.json: the document: expected a file that can be read; ENOENT"),
    });
  });

  test("npm start refuses it with the same line and 2, before anything starts", async () => {
    const bad = file("bad.json", JSON.stringify(changed([...policy, "graceHours"], { default: "two" })));
    const folder = join(data, "never-made");
    const ended = await new Promise<{ code: unknown; err: string }>((done) => {
      execFile(process.execPath, ["local/start.ts", "--config", bad, "--data", folder], (error, _, err) =>
        done({ code: error?.code, err }),
      );
    });
    expect(ended).toEqual({
      code: 2,
      err: `${bad}: companies[0].policy.graceHours.default: expected a number of hours, got a text\n`,
    });
    expect(existsSync(folder)).toBe(false);
  });

  test("a file that is no JSON is named too", async () => {
    const { code, out } = await plumbline(["config", "check", file("c.json", "{ nearly")]);
    expect(code).toBe(2);
    expect(out).toMatch(/c\.json: the document: expected JSON/);
  });
});
