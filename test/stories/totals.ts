import { expect, test } from "vitest";
import type { Demo } from "#local/demo/demo.ts";
import * as z from "#shared/domain/schema.ts";
import { check } from "#test/oracle/check.ts";
import { oracleOf } from "#test/oracle/oracle.ts";
import { seenJobs } from "./asked.ts";
import type { Run } from "./run.ts";
import { vendorLogs } from "./started.ts";

const countsSchema = z.record(z.string(), z.number());

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
    const connections = ["ctc-boulder", "fleetio-frontrange", "fleetio-own", "rotor-crews", "st-main"];
    expect(Object.keys(requests).toSorted()).toEqual(connections);
    expect(Object.values(requests).filter((count) => count === 0)).toEqual([]);
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
