import { join } from "node:path";
import { expect } from "vitest";
import type { Demo, RecordName, StoryJob } from "#local/demo/demo.ts";
import { localDay } from "#local/demo/instants.ts";
import { control } from "#local/demo/simulated.ts";
import { findSimulators } from "#local/vendors/find-simulators.ts";
import * as z from "#shared/domain/schema.ts";
import { feedsSchema } from "#shared/replies/lists.ts";
import { type AskedJob, oneJob, thenSchema } from "./asked.ts";
import type { Run } from "./run.ts";
import { type VendorEntry, vendorLogs } from "./started.ts";
import { toldBackwards } from "./webhook-order.ts";

type Promised = () => void | Promise<void>;

/** What is looked at: the run, and the stories' own jobs and records in it. */
export interface Looked {
  readonly run: Run;
  job(story: string, place?: number): AskedJob;
  record(story: string, connection: string): RecordName;
  /** Writes that an account took on the record whose path ends so, in the vendor's own log. */
  writes(record: RecordName): readonly VendorEntry[];
}

/**
 * What a story promises beyond what stands on its jobs at the end: the words that were written and when, the feeds, the
 * days in between, what a vendor was asked. By the story's name.
 */
export function promises(demo: Demo, run: () => Run): ReadonlyMap<string, Promised> {
  const jobOf = (name: string, place = 0): StoryJob => {
    const found = demo.stories.find((story) => story.name === name)?.jobs[place];
    if (!found) throw new Error(`${name} is not about so many jobs`);
    return found;
  };
  const look = (): Looked => ({
    run: run(),
    job: (name, place) => run().jobOf(jobOf(name, place).find),
    record(name, connection) {
      const found = jobOf(name).records.find((record) => record.connection === connection);
      if (!found) throw new Error(`${name} has no record at ${connection}`);
      return found;
    },
    writes: ({ connection, id }) =>
      vendorLogs(run().dataDir).filter(
        (entry) => entry.kind === "write" && entry.account === connection && (entry.path ?? "").endsWith(`/${id}`),
      ),
  });
  const all: Readonly<Record<string, (looked: Looked) => void | Promise<void>>> = {
    "done-in-office-open-in-branch": (looked) => wroteStatus(looked, 0, "Invoiced", "2026-10-29"),
    "paid-two-days-later": (looked) => wroteStatus(looked, 1, "Complete", "2026-11-02"),
    "client-still-pending": clientStillPending,
    "shop-network-lock": shopNetworkLock,
    "returned-check": returnedCheck,
    "not-our-entry": notOurEntry,
    "same-number-other-job": ({ job }) =>
      expect(job("same-number-other-job").job).not.toBe(job("same-number-other-job", 1).job),
    "late-on-the-last-evening": ({ job }) => expect(job("late-on-the-last-evening").day).toBe("2026-10-31"),
    "three-times-and-backwards": toldBackwards,
    "lost-answer": lostAnswer,
    "a-200-that-did-nothing": silentNoOp,
    "vendor-bad-day": vendorBadDay,
  };
  return new Map(Object.entries(all).map(([name, promised]) => [name, () => promised(look())]));
}

const writtenOf = (writes: readonly VendorEntry[]) =>
  writes.map(({ at, body, after }) => ({ day: localDay(at), body, status: after?.["status"] }));

function wroteStatus({ record, writes }: Looked, place: number, word: string, day: string): void {
  const written = writtenOf(writes(record("done-in-office-open-in-branch", "ctc-boulder")));
  expect(written).toHaveLength(2);
  expect(written[place]).toEqual({ day, body: { status: word }, status: word });
}

/** The office's own completion, with the offset that the entry's times have, on the day when three days are over. */
async function clientStillPending({ run, job, record, writes }: Looked): Promise<void> {
  const entry = record("client-still-pending", "fleetio-frontrange");
  const [write, ...others] = writes(entry);
  expect(others).toEqual([]);
  const body = z.parse(completionSchema, write?.body);
  expect(localDay(write?.at ?? "")).toBe("2026-11-01");
  expect(write?.after).toMatchObject({ status: "completed", completed_at: body.completed_at });
  expect(body.completed_at.slice(-6)).toBe(String(write?.before?.["started_at"]).slice(-6));
  expect(body.completed_at.slice(-6)).toBe("-06:00");
  const office = record("client-still-pending", "st-main");
  const completed = vendorLogs(run.dataDir).findLast(({ account, key }) => account === "st-main" && key === office.id);
  expect(Date.parse(body.completed_at)).toBe(Date.parse(String(completed?.after?.["completedOn"])));
  const { history } = job("client-still-pending");
  expect(linesOf(history).filter(({ line }) => line.startsWith("break "))).toEqual([]);
  const [planned, ...more] = linesOf(history).filter(({ line }) => line.startsWith("plans: "));
  expect(more).toEqual([]);
  expect(Date.parse(planned?.at ?? "")).toBeGreaterThanOrEqual(Date.parse(body.completed_at) + 3 * 86_400_000);
  await stoodAs(run, job("client-still-pending"), "2026-10-31T18:00:00Z", "agree");
}

const completionSchema = z.strictObject({
  completed_at: z.string(),
  meter_entry_attributes: z.strictObject({ value: z.literal(84_210) }),
});

/** A refusal leaves no write in the log; how often the vendor answered 422 is counted beside it. */
async function shopNetworkLock({ run, record, writes }: Looked): Promise<void> {
  expect(writes(record("shop-network-lock", "fleetio-frontrange"))).toEqual([]);
  expect(await answersOf(run, "fleetio", "422")).toBe(1);
}

/** Paid on Thursday as both say, and only on Monday apart. */
async function returnedCheck({ run, job }: Looked): Promise<void> {
  const returned = job("returned-check");
  const told = linesOf(returned.history).filter(({ line }) => /^(break payment|\S+ payment)/.test(line));
  const days = (pattern: RegExp): readonly string[] => [
    ...new Set(told.filter(({ line }) => pattern.test(line)).map(({ at }) => localDay(at))),
  ];
  expect(days(/^rotor-crews payment 230\.00/)).toEqual(["2026-10-29"]);
  expect(days(/^st-main payment 230\.00/)).toEqual(["2026-10-29"]);
  expect(days(/^break payment open/)).toEqual(["2026-11-02"]);
  for (const instant of ["2026-10-30T18:00:00Z", "2026-11-01T18:00:00Z", "2026-11-02T18:00:00Z"])
    await stoodAs(run, returned, instant, "agree");
  await stoodAs(run, returned, "2026-11-03T18:00:00Z", "disagree");
}

/** The job as it was stored then. */
async function stoodAs({ api }: Run, { job }: AskedJob, instant: string, standing: string): Promise<void> {
  const then = z.parse(thenSchema, await api.get(`at?name=${job}&instant=${encodeURIComponent(instant)}`));
  expect({ instant, standings: then.jobs.map(({ explained }) => explained.standing) }).toEqual({
    instant,
    standings: [standing],
  });
}

const linesOf = (history: AskedJob["history"]): readonly { readonly at: string; readonly line: string }[] =>
  history.flatMap(({ at, lines }) => lines.map((line) => ({ at: at ?? "", line })));

/** Another shop's entry and a sample are in no job; our own van's brakes are kept as cost, and compared with nothing. */
async function notOurEntry({ run }: Looked): Promise<void> {
  const held = run.jobs.flatMap(({ records }) => records.map(({ record }) => record));
  for (const id of ["88131", "88132"]) expect(held).not.toContain(`fleetio-frontrange/service-entries/${id}`);
  expect(held).not.toContain("fleetio-own/service-entries/5107");
  const { feeds } = z.parse(feedsSchema, await run.api.get("feeds"));
  const counted = (connection: string): unknown =>
    feeds.find((feed) => feed.connection === connection && feed.stream === "service-entries")?.counted;
  expect(counted("fleetio-frontrange")).toMatchObject({ dropped: 2, quarantined: 0 });
  expect(counted("fleetio-own")).toMatchObject({ forwarded: 1, dropped: 0, quarantined: 0 });
  const brakes = await oneJob(run.api, "fleetio-own:5107");
  expect(brakes.records.map(({ record }) => record)).toEqual(["fleetio-own/service-entries/5107"]);
  const { money, breaks, intents, gapMinor } = brakes;
  expect({ money, breaks, intents, gapMinor }).toEqual({ money: [], breaks: [], intents: [], gapMinor: 0 });
  const then = await run.api.get(`at?name=${brakes.job}&instant=${encodeURIComponent("2026-11-03T12:00:00Z")}`);
  expect(JSON.stringify(then)).toContain("41237");
}

/** The branch got the one write whose answer never came, and no second. */
function lostAnswer({ record, writes }: Looked): void {
  const sent = writes(record("lost-answer", "ctc-boulder"));
  expect(sent.map(({ effect, answered }) => ({ effect, answered }))).toEqual([{ effect: true, answered: false }]);
  const word = "Ready to Invoice";
  expect(writtenOf(sent)).toEqual([{ day: "2026-11-02", body: { status: word }, status: word }]);
}

/** It was asked once, and not again. */
function silentNoOp({ record, writes }: Looked): void {
  const sent = writes(record("a-200-that-did-nothing", "st-main"));
  expect(sent.map(({ operation, effect, body }) => ({ operation, effect, body }))).toEqual([
    { operation: "updateJob", effect: false, body: { customerPo: "FRC-2291" } },
  ]);
}

const lookAt =
  /^ {2}2026-10-31 (\d\d:\d\d) {2}the bookkeeper: (\d+) jobs: (\d+) agree, (\d+) disagree, (\d+) wait, (\d+) not comparable; /;

/** The three vendors did refuse, it was said while they did, and every feed has caught up since. */
async function vendorBadDay({ run }: Looked): Promise<void> {
  const looks = run.system.lines.flatMap((line) => {
    const [, clock, ...counts] = lookAt.exec(line) ?? [];
    return clock === undefined ? [] : [{ clock, counts: counts.map(Number), line }];
  });
  expect(looks.map(({ clock }) => clock)).toEqual(["12:15", "17:30"]);
  for (const { counts } of looks) {
    const [jobs = 0, ...standings] = counts;
    expect(standings.reduce((sum, one) => sum + one, 0)).toBe(jobs);
  }
  const [noon, evening] = looks;
  expect(noon?.line).toContain("; silent: none; failing: st-main, rotor-crews");
  expect(evening?.line).toContain("; silent: rotor-crews; failing: rotor-crews, ctc-boulder");
  expect(evening?.line).toMatch(/; not comparable since 2026-10-31T/);
  expect(evening?.counts[4]).toBeGreaterThan(50);
  expect(await answersOf(run, "rotor", "429")).toBeGreaterThan(0);
  expect(await answersOf(run, "servicetitan", "500")).toBeGreaterThan(0);
  expect(await answersOf(run, "customtrades", "403")).toBeGreaterThan(0);
  const { feeds } = z.parse(feedsSchema, await run.api.get("feeds"));
  expect(feeds.filter(({ failingSince, stale }) => failingSince !== null || stale)).toEqual([]);
  expect(run.jobs.filter(({ standing }) => standing === "not-comparable")).toEqual([]);
}

const countsSchema = z.record(z.string(), z.looseObject({ byStatus: z.record(z.string(), z.number()) }));

/** How often a vendor has answered with this status. */
async function answersOf(run: Run, vendor: string, status: string): Promise<number> {
  const urls = findSimulators(join(run.dataDir, "vendors"));
  const accounts = z.parse(countsSchema, await control(urls[vendor] ?? "", "GET", "requests"));
  return Object.values(accounts).reduce((sum, { byStatus }) => sum + (byStatus[status] ?? 0), 0);
}
