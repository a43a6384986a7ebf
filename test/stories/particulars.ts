import { join } from "node:path";
import { expect, test } from "vitest";
import type { Demo } from "#local/demo/demo.ts";
import { control } from "#local/demo/simulated.ts";
import { findSimulators } from "#local/vendors/find-simulators.ts";
import * as z from "#shared/domain/schema.ts";
import type { Run } from "./run.ts";
import { type VendorEntry, vendorLogs } from "./started.ts";

const countsSchema = z.record(z.string(), z.looseObject({ byStatus: z.record(z.string(), z.number()) }));
const feedsSchema = z.looseObject({
  feeds: z.array(
    z.looseObject({
      connection: z.string(),
      stream: z.string(),
      failingSince: z.nullable(z.string()),
      stale: z.boolean(),
    }),
  ),
});

/** What a story promises of logs, feeds and days, beside its jobs' breaks and receipts. */
export function particulars(demo: Demo, run: () => Run): void {
  const recordOf = (name: string, connection: string): string => {
    const [job] = demo.stories.find((story) => story.name === name)?.jobs ?? [];
    const found = job?.records.find((record) => record.connection === connection);
    if (!found) throw new Error(`${name} has no record at ${connection}`);
    return found.id;
  };
  const writesOn = (account: string, id: string): VendorEntry[] =>
    vendorLogs(run().dataDir).filter(
      (entry) => entry.kind === "write" && entry.account === account && (entry.path ?? "").endsWith(id),
    );

  test("lost-answer: the branch got the one write whose answer never came, and no second", () => {
    const writes = writesOn("ctc-boulder", recordOf("lost-answer", "ctc-boulder"));
    expect(writes.map(({ effect, answered }) => ({ effect, answered }))).toEqual([{ effect: true, answered: false }]);
  });

  test("a-200-that-did-nothing: it was asked once, and not again", () => {
    const writes = writesOn("st-main", recordOf("a-200-that-did-nothing", "st-main"));
    expect(writes.map(({ operation, effect }) => ({ operation, effect }))).toEqual([
      { operation: "updateJob", effect: false },
    ]);
  });

  test("shop-network-lock: the client's locked entry was asked once, refused, and is as it was", () => {
    const id = recordOf("shop-network-lock", "fleetio-frontrange");
    expect(writesOn("fleetio-frontrange", id).filter(({ effect }) => effect)).toEqual([]);
  });

  test("vendor-bad-day: the three vendors did refuse, and every feed has caught up since", async () => {
    const urls = findSimulators(join(run().dataDir, "vendors"));
    const counted = async (vendor: string, status: string): Promise<number> => {
      const accounts = z.parse(countsSchema, await control(urls[vendor] ?? "", "GET", "requests"));
      return Object.values(accounts).reduce((sum, { byStatus }) => sum + (byStatus[status] ?? 0), 0);
    };
    expect(await counted("rotor", "429")).toBeGreaterThan(0);
    expect(await counted("servicetitan", "500")).toBeGreaterThan(0);
    expect(await counted("customtrades", "403")).toBeGreaterThan(0);
    const { feeds } = z.parse(feedsSchema, await run().api.get("feeds"));
    expect(feeds.filter(({ failingSince, stale }) => failingSince !== null || stale)).toEqual([]);
    expect(run().jobs.filter(({ standing }) => standing === "not-comparable")).toEqual([]);
  });

  test("not-our-entry: no job holds another shop's entry, a sample, or our own van's brakes", () => {
    const held = run().jobs.flatMap(({ records }) => records.map(({ record }) => record));
    for (const id of ["88131", "88132"]) expect(held).not.toContain(`fleetio-frontrange/service-entries/${id}`);
    expect(held).not.toContain("fleetio-own/service-entries/5107");
  });

  test("same-number-other-job: 1001 and JOB-1001 are in different jobs", () => {
    const [first, second] = demo.stories.find(({ name }) => name === "same-number-other-job")?.jobs ?? [];
    if (!first || !second) throw new Error("the story is about two jobs");
    expect(run().jobOf(first.find).job).not.toBe(run().jobOf(second.find).job);
  });

  test("late-on-the-last-evening: the job is of 31 October", () => {
    const [job] = demo.stories.find(({ name }) => name === "late-on-the-last-evening")?.jobs ?? [];
    if (!job) throw new Error("the story is about a job");
    expect(run().jobOf(job.find).day).toBe("2026-10-31");
  });

  test("three-times-and-backwards: however often and in whatever order it was told, the entry was completed once", () => {
    const id = recordOf("three-times-and-backwards", "fleetio-frontrange");
    const told = vendorLogs(run().dataDir).filter((entry) => entry.kind === "delivery");
    expect(told.length).toBeGreaterThan(1);
    const job = run().jobOf({ connection: "fleetio-frontrange", stream: "service-entries", id });
    const completed = job.history.filter(({ lines }) => lines.some((line) => /completed/.test(line)));
    expect({ id, history: job.history.map(({ lines }) => lines), completed: completed.length }).toMatchObject({
      completed: 1,
    });
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
}
