import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Demo } from "#local/demo/demo.ts";
import * as z from "#shared/domain/schema.ts";
import { check } from "#test/oracle/check.ts";
import { oracleOf } from "#test/oracle/oracle.ts";
import { seenJobs } from "./asked.ts";
import type { Run } from "./run.ts";
import { vendorLogs } from "./started.ts";
import { deliveriesIn } from "./webhook-order.ts";

const countsSchema = z.record(z.string(), z.number());
const numbersSchema = z.record(z.string(), z.unknown());
const sweptSchema = z.object({
  changed: z.record(z.string(), z.unknown()),
  vendorWrites: z.array(z.number()),
  requests: z.record(z.string(), z.number()),
  undelivered: z.number(),
});

const logLineSchema = z.looseObject({
  code: z.string(),
  jobs: z.optional(z.number()),
  messages: z.optional(z.number()),
});

/** What the functions said, line by line; metrics stand between them and have no code. */
function functionLogs(dataDir: string): readonly z.infer<typeof logLineSchema>[] {
  const folder = join(dataDir, "logs");
  return readdirSync(folder)
    .flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"))
    .filter((line) => line.startsWith('{"level"'))
    .map((line) => logLineSchema.parse(JSON.parse(line)));
}

const connections = ["ctc-boulder", "fleetio-frontrange", "fleetio-own", "rotor-crews", "st-main"];

/** The sums a person can add up, and the oracle's word on everything. */
export function totals(demo: Demo, run: () => Run): void {
  test("2,263.63 is open on 9 jobs, 500.00 waits, 1,003.00 was resolved, and every part adds up to its total", () => {
    const { final, jobs } = run();
    expect(final).toMatchObject({
      jobs: 240,
      gapMinor: 226_363,
      chargeMinor: 68_500 + 37_500 + 9_200,
      paymentMinor: 45_000 + 23_000 + 7_500 + 2_408 + 1_255,
      missingTwinMinor: 32_000,
      moneyJobs: 9,
      breaks: 14,
      waitingMinor: 50_000,
      resolvedMinor: 6_400 + 18_900 + 30_000 + 45_000,
      awaitingApproval: 4,
      tasks: 7,
      dropped: 2,
      stories: 35,
    });
    expect(final["receipts"]).toMatchObject({ applied: 8, rejected: 1, ignored: 1 });
    const standings = ["agree", "disagree", "waiting", "notComparable"].map((name) => Number(final[name]));
    expect(standings.reduce((sum, one) => sum + one, 0)).toBe(240);
    const open = jobs.flatMap((job) => job.breaks.filter(({ state }) => state === "open"));
    expect(open.reduce((sum, one) => sum + Math.abs(one.gapMinor), 0)).toBe(226_363);
    expect(open.filter(({ gapMinor }) => gapMinor === 0)).toHaveLength(5);
  });

  test("every vendor request is counted to one of the five connections", () => {
    const requests = z.parse(countsSchema, run().final["vendorRequests"]);
    expect(Object.keys(requests).toSorted()).toEqual(connections);
    expect(Object.values(requests).filter((count) => count === 0)).toEqual([]);
  });

  // What the first screen waits for, counted, because a clock tells the machine's speed. While streams were read one after
  // another, these days brought 590 messages and had 1,940 jobs reconciled.
  test("the days take no more work than when the first screen was measured", () => {
    const lines = functionLogs(run().dataDir);
    const sum = (code: string, name: "jobs" | "messages"): number =>
      lines.filter((line) => line.code === code).reduce((total, line) => total + (line[name] ?? 0), 0);
    const work = {
      reconciled: sum("PL050", "jobs"),
      inbound: sum("PL050", "messages"),
      reads: lines.filter(({ code }) => code === "PL010").length,
    };
    const most = { reconciled: 1_750, inbound: 560, reads: 1_100 };
    for (const name of ["reconciled", "inbound", "reads"] as const) {
      expect(work[name], name).toBeGreaterThan(0);
      expect(work[name], name).toBeLessThanOrEqual(most[name]);
    }
  });

  test("at rest: a full sweep of every stream changes nothing, and no event is undelivered", async () => {
    const swept = z.parse(sweptSchema, run().final["swept"]);
    expect(swept).toMatchObject({ changed: {}, undelivered: 0 });
    const writes = vendorLogs(run().dataDir).filter(({ kind }) => kind === "write").length;
    expect(swept.vendorWrites).toEqual([writes, writes]);
    // That it did sweep: every connection was asked.
    expect(Object.keys(swept.requests).toSorted()).toEqual(connections);
    expect(Object.values(swept.requests).filter((count) => count === 0)).toEqual([]);
    const status = z.parse(numbersSchema, await run().api.get("status"));
    for (const name of ["jobs", "agree", "disagree", "breaks", "gapMinor", "receipts", "intents", "tasks", "dropped"])
      expect({ [name]: status[name] }).toEqual({ [name]: run().final[name] });
  });

  test("the causes of every break sum to its gap", () => {
    for (const { breaks } of run().jobs)
      for (const { gapMinor, causes } of breaks)
        if (causes.length > 0) expect(causes.reduce((sum, { minor }) => sum + minor, 0)).toBe(gapMinor);
  });

  test("an oracle that knows only what was planted finds no difference in numbers, jobs and the vendors' own logs", () => {
    const { final, jobs, dataDir } = run();
    expect(check(oracleOf(demo), final, vendorLogs(dataDir), seenJobs(jobs))).toEqual([]);
  });

  test("every write the vendors took is a receipt, and no record was written twice for one wish", () => {
    const sent = vendorLogs(run().dataDir).filter((entry) => entry.kind === "write");
    const texts = sent.map(({ account, operation, path, body }) => JSON.stringify([account, operation, path, body]));
    expect(new Set(texts).size).toBe(texts.length);
    const receipts = run().jobs.flatMap((job) => job.receipts);
    expect(receipts.filter(({ outcome }) => outcome === "applied")).toHaveLength(
      sent.filter(({ effect }) => effect).length,
    );
  });

  test("every webhook was taken at its first delivery, so that none was switched off", () => {
    const told = deliveriesIn(vendorLogs(run().dataDir));
    expect(told.length).toBeGreaterThan(20);
    expect(told.filter(({ outcome }) => outcome !== "accepted")).toEqual([]);
  });

  test("nothing ended in a dead-letter queue or in quarantine, and no attempt is left open", () => {
    expect(run().final).toMatchObject({ deadLettered: 0, quarantined: 0 });
    expect(run().jobs.flatMap((job) => job.attempts)).toEqual([]);
  });

  test("jobs that no story is about agree, and nothing was planned or written for them", () => {
    const told = new Set(demo.stories.flatMap((story) => story.jobs.map(({ find }) => run().jobOf(find).job)));
    const quiet = run().jobs.filter(({ job }) => !told.has(job));
    expect(quiet.length).toBeGreaterThan(200);
    for (const { number, standing, breaks, intents, receipts } of quiet)
      expect({ number, standing, breaks, intents, receipts }).toEqual({
        number,
        standing: "agree",
        breaks: [],
        intents: [],
        receipts: [],
      });
  });
}
