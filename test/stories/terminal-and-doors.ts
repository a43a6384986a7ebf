import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { route } from "#functions/call-vendor/route.ts";
import { routes } from "#functions/operate/routes.ts";
import type { Demo } from "#local/demo/demo.ts";
import * as z from "#shared/domain/schema.ts";
import { apiOn, everyJob, oneJob } from "./asked.ts";
import type { Run } from "./run.ts";
import { quiet, stackOf } from "./stack.ts";
import { vendorLogs } from "./started.ts";

const execute = promisify(execFile);
const failedSchema = z.looseObject({ code: z.number(), stdout: z.string(), stderr: z.string() });
const sums = { payments: z.number(), unappliedMinor: z.number(), invoices: z.number() };
const counted = { read: z.number(), attached: z.number(), unattached: z.number(), notOurs: z.number() };
const unattachedSchema = z.object({
  all: z.object({ ...sums, totalMinor: z.number(), balanceMinor: z.number() }),
  connections: z.array(z.object({ connection: z.string(), ...sums })),
  counts: z.array(z.object(counted)),
});
const script = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));

const firstScreen = [
  "Ridgeline Plumbing & Fleet · Denver · 29 Oct - 3 Nov 2026 · 5 connections, all fresh",
  "240 jobs: 9 disagree about money, $2,263.63 in all",
  "  $685.00  done, never billed            10268  crew and branch say 685.00, the invoice says 0.00",
  "  $450.00  taken in the truck            10263  Rotor has the payment, ServiceTitan does not",
  "  $375.00  entered twice in Boulder      10271  JOB-0930 and JOB-0931",
  "  $320.00  never reached the office      -      Rotor job of 30 Oct, Pena, no ServiceTitan job",
  "  $230.00  check came back               10274  ServiceTitan still calls it paid",
  "  ... 4 more, $203.63",
  "Will clear by itself: $500.00 (1 deposit). Resolved since Thursday: $1,003.00.",
  "Written back: 8, each read back and confirmed. Refused by vendor: 1. Changed nothing: 1. Waiting for you: 4 approvals, 7 tasks.",
  "Look:  plumbline explain 10268   ·   plumbline plan   ·   plumbline breaks",
];

type Terminal = (...words: string[]) => Promise<string>;

/** The command line on the run's data folder. Rejects when the exit code is not 0. */
const terminalOf =
  (run: () => Run): Terminal =>
  async (...words) =>
    (await execute(process.execPath, [script, ...words, "--data", run().dataDir])).stdout;

/** Exit code and what was said of a command that is refused. */
async function refused(answer: Promise<string>): Promise<{ code: number; said: string }> {
  const failed = await answer.then(
    (said) => ({ code: 0, stdout: said, stderr: "" }),
    (cause: unknown) => z.parse(failedSchema, cause),
  );
  return { code: failed.code, said: `${failed.stdout}${failed.stderr}`.trim() };
}

/** What a person sees, and what nobody gets without a token. */
export function terminalAndDoors(run: () => Run): void {
  const plumbline = terminalOf(run);

  test("the first screen says whose money disagrees, by how much and why", () => {
    const { lines } = run().system;
    const from = lines.findIndex((line) => line.startsWith("Ridgeline Plumbing & Fleet · "));
    expect(lines.slice(from, from + firstScreen.length)).toEqual(firstScreen);
  });

  test("plumbline explain 10268 names every system, every amount and what is planned", async () => {
    const text = await plumbline("explain", "10268");
    for (const word of ["685.00", "ServiceTitan", "Rotor", "Custom Trades", "charge"]) expect(text).toContain(word);
  });

  test("every command that reads answers a person, and a program with --json", async () => {
    const reading = ["status", "jobs", "breaks", "plan", "feeds", "receipts", "quarantine", "parked", "unattached"];
    for (const words of reading) {
      expect((await plumbline(words)).trim(), words).not.toBe("");
      const reply: unknown = JSON.parse(await plumbline(words, "--json"));
      expect(reply, words).toBeTypeOf("object");
    }
  });

  test("plumbline unattached lists the one deposit, and every record that was read is accounted for", async () => {
    const { all, connections, counts } = z.parse(unattachedSchema, JSON.parse(await plumbline("unattached", "--json")));
    expect(all).toEqual({ payments: 1, unappliedMinor: 50_000, invoices: 0, totalMinor: 0, balanceMinor: 0 });
    expect(connections).toMatchObject([{ connection: "st-main", payments: 1, unappliedMinor: 50_000 }]);
    const sum = (name: "read" | "attached" | "unattached" | "notOurs"): number =>
      counts.reduce((total, one) => total + one[name], 0);
    expect([sum("unattached"), sum("notOurs")]).toEqual([1, 2]);
    expect(sum("read")).toBe(sum("attached") + 3);
  });

  test("explain tells every story job's breaks and receipts without failing", async () => {
    for (const number of ["10244", "10253", "10263", "10271", "10291", "10300", "10313", "10316", "10319", "10330"])
      expect(await plumbline("explain", number), number).toContain(number);
  });

  test("no route but the webhooks answers without a token, nor with one that somebody made up", async () => {
    const { apiUrl } = stackOf(run().dataDir);
    for (const { method, path } of [...routes, route]) {
      const url = `${apiUrl}${path.replace("{company}", "ridgeline")}`;
      for (const authorization of [undefined, "Bearer abc", "Bearer e30.e30.e30"]) {
        const { status } = await fetch(url, { method, headers: authorization === undefined ? {} : { authorization } });
        expect(status, `${method} ${path} ${authorization}`).toBe(401);
      }
    }
  });

  test("a token of another company is turned away", async () => {
    await expect(apiOn(run().dataDir, "other").get("status")).rejects.toThrow(/^40[34]/);
  });
}

/** What a person decides from a terminal, against the running stack; after everything else was asked, for it changes the end. */
export function terminalDecides(demo: Demo, run: () => Run): void {
  const plumbline = terminalOf(run);
  const waits = async (number: string): Promise<number> => {
    const { intents } = await oneJob(run().api, number);
    return intents.filter(({ kind, needsApproval, approved }) => kind === "write" && needsApproval && !approved).length;
  };
  const writes = (): number => vendorLogs(run().dataDir).filter(({ kind }) => kind === "write").length;

  test("plumbline config check reads the demo's configuration, and names what does not fit in one of one's own", async () => {
    const file = join(run().dataDir, "own.config.json");
    writeFileSync(file, JSON.stringify(demo.config).replaceAll(/\{\{[a-z]+\}\}/g, "http://127.0.0.1:1"));
    expect(await plumbline("config", "check", file)).toContain("fits: 1 company, 5 connections");
    writeFileSync(file, JSON.stringify({ cells: [], companies: [{ id: "A b" }] }));
    const { code, said } = await refused(plumbline("config", "check", file));
    expect(code).toBe(2);
    expect(said).toContain(`${file}: companies[0].id: expected`);
  });

  test("plumbline links import --dry-run counts the rows of a file and changes nothing", async () => {
    const file = join(run().dataDir, "links.csv");
    const columns = ["kind", "key", "connection", "stream", "id", "note"] as const;
    const rows = demo.crosswalk.map((row) => columns.map((column) => row[column]).join(","));
    writeFileSync(file, [columns.join(","), ...rows, ""].join("\n"));
    const before = await plumbline("links", "export");
    const said = await plumbline("links", "import", file, "--dry-run");
    expect(said).toContain(`0 new, ${demo.crosswalk.length} same, 0 conflicting, 0 not seen yet`);
    expect(said).toContain("Nothing was changed.");
    expect(await plumbline("links", "export")).toBe(before);
  });

  test("plumbline approve and reject refuse what does not wait, and change nothing", async () => {
    const before = await everyJob(run().api);
    for (const [wanted, ...words] of [
      ["no job is called i0000000000000000000", "approve", "i0000000000000000000"],
      ["nothing of 10241 waits for you", "approve", "10241"],
      ["nothing of 10241 waits for you", "reject", "10241", "--why", "not wanted"],
    ]) {
      const { code, said } = await refused(plumbline(...words));
      expect(code, said).toBeGreaterThan(0);
      expect(said).toContain(wanted);
    }
    expect(await everyJob(run().api)).toEqual(before);
  });

  test("plumbline stop and resume are said by status, and change nothing else", async () => {
    const before = await everyJob(run().api);
    const said = await plumbline("stop", "--why", "the auditor is here");
    expect(said).toContain("Writes are stopped: the auditor is here.");
    expect(await plumbline("status")).toContain("Writes are stopped: the auditor is here.");
    expect(await plumbline("resume")).toContain("Writes go.");
    expect(await plumbline("status")).not.toContain("Writes are stopped");
    expect(await everyJob(run().api)).toEqual(before);
  });

  test("plumbline approve lets a write go: it is written once, read back, and its receipt says applied", async () => {
    const before = writes();
    expect(await waits("10313")).toBe(1);
    expect(await plumbline("approve", "10313")).toMatch(/^done /);
    await expect
      .poll(async () => (await oneJob(run().api, "10313")).receipts.map(({ outcome }) => outcome), { timeout: 20_000 })
      .toEqual(["applied"]);
    await quiet(stackOf(run().dataDir));
    expect(writes()).toBe(before + 1);
  });

  test("plumbline reject takes a proposal off what waits, with its reason, and nothing is written", async () => {
    const before = writes();
    expect(await waits("10271")).toBe(1);
    expect(await plumbline("reject", "10271", "--why", "the branch does it itself")).toMatch(/^done /);
    await quiet(stackOf(run().dataDir));
    const { intents } = await oneJob(run().api, "10271");
    expect(intents.map(({ rejected }) => rejected)).toMatchObject([{ why: "the branch does it itself" }]);
    expect(writes()).toBe(before);
  });
}
