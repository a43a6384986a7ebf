import { describe, expect, test } from "vitest";
import type { Break } from "#shared/domain/break.ts";
import { restsOnOthers } from "#shared/domain/intent.ts";
import { emptyJob, type JobState } from "#shared/domain/job.ts";
import { losingJobs } from "#shared/pipeline/losing-jobs.ts";
import type { ClaimStore, JobStore } from "#shared/pipeline/ports.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";

const at = "2026-11-02T08:00:00.000Z";
const gap = (key: string, gapMinor: number, state: Break["state"] = "open"): Break => ({
  ...{ key, gapMinor, state, kind: "payment", causes: [], firstSeen: at, since: at, resolvedAt: null, opensAt: null },
  ...{ connections: [], sentence: "", evidence: [], assignedTo: null, note: null },
});

/** Jobs with these breaks, each with the invoices that name it. */
async function stored(
  jobs: Readonly<Record<string, readonly Break[]>>,
  on: Readonly<Record<string, readonly string[]>>,
) {
  const world = memoryWorld().company("c");
  for (const [id, breaks] of Object.entries(jobs)) {
    const state: JobState = { ...emptyJob(id), breaks };
    await world.jobs.commit({ state: emptyJob(id), version: 0 }, state, at);
  }
  let asked = 0;
  const claims: ClaimStore = {
    ...world.claims,
    load: async (records) => {
      asked += 1;
      const known = await world.claims.load(records);
      return known.map((claim) => ({ ...claim, jobs: on[claim.record] ?? [] }));
    },
  };
  const ports: { claims: ClaimStore; jobs: JobStore } = { claims, jobs: world.jobs };
  return { of: (shares: Parameters<typeof losingJobs>[2]) => losingJobs(ports, "gains", shares), asked: () => asked };
}

describe("the jobs that lose a payment", () => {
  test("are those of its invoices but the one that gains, each with what lies there and its payment gap, by id", async () => {
    const { of } = await stored(
      { b: [gap("charge", 7), gap("payment", -300)], a: [gap("payment", 40, "waiting")], gains: [] },
      { "s1/invoices/1": ["b"], "s1/invoices/2": ["a", "gains"], "s1/invoices/3": ["b"], "s1/invoices/4": ["gains"] },
    );
    const shares = ["1", "2", "3", "4"].map((id, at) => [`s1/invoices/${id}`, (at + 1) * 100] as const);
    expect(await of(shares)).toEqual([
      { job: "a", name: "a", minor: 200, gapMinor: 40 },
      { job: "b", name: "b", minor: 400, gapMinor: -300 },
    ]);
    expect(await of(shares.toReversed())).toEqual(await of(shares));
  });
  test("a gap that was resolved is none, and neither is one of another kind", async () => {
    const { of } = await stored(
      { b: [gap("payment", -300, "resolved")], c: [gap("charge", 9)] },
      { "s1/invoices/1": ["b"], "s1/invoices/2": ["c"] },
    );
    expect(
      (
        await of([
          ["s1/invoices/1", 1],
          ["s1/invoices/2", 1],
        ])
      ).map(({ gapMinor }) => gapMinor),
    ).toEqual([0, 0]);
  });
  test("are none, and nothing is read, where the payment lies on no invoice", async () => {
    const { of, asked } = await stored({}, {});
    expect([await of([]), asked()]).toEqual([[], 0]);
    expect([await of([["s1/invoices/unknown", 5]]), asked()]).toEqual([[], 1]);
  });
});

test.each([
  [{ losing: [{ job: "b" }] }, true],
  [{ losing: [] }, false],
  [{}, false],
  [{ losing: "b" }, false],
])("a change with %j rests on other jobs: %j", (given, rests) =>
  expect(restsOnOthers({ arguments: given })).toBe(rests),
);
