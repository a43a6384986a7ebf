import { describe, expect, test } from "vitest";
import type { JobState } from "#shared/domain/job.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import type { Describer } from "#shared/pipeline/arrive.ts";
import { type BoardParts, boardOf, feedLines } from "#shared/pipeline/board.ts";
import { deskOf } from "#shared/pipeline/desk.ts";
import type { Feed } from "#shared/pipeline/ports.ts";
import { newFeed } from "#shared/store/feed-store.ts";
import { streamOf } from "#test/support/linking-world.ts";
import { companyOf, systemClasses, vocabularyOf } from "#test/support/model-systems.ts";
import { root } from "#test/support/money-view.ts";
import { now, standingBreak, standingIntent, standingJob, standingMoney } from "#test/support/standing-job.ts";

const classes = [systemClasses.readOnly, systemClasses.observed];
const company = companyOf(classes);
/** The office's connection (s1) and the other one, with what a test says of them. */
const companyWith = (s1: object, s2: object = {}): CompanyConfig => ({
  ...company,
  connections: company.connections.map((one) => ({ ...one, ...(one.id === "s1" ? s1 : s2) })),
});

const describer: Describer = {
  vocabulary: { ...vocabularyOf(systemClasses.readOnly), money: "invoices" },
  streams: {
    ...{ jobs: streamOf("jobs", "root", 15), invoices: streamOf("invoices", "part", 30) },
    ...{ customers: streamOf("customers", "person", 360), units: streamOf("units", "reference", 720) },
  },
  writers: {},
  normalise: () => ({ unfit: "nothing is read here" }),
};
/** Only the first system's vendor is known. */
const known = (vendor: string) => (vendor === "model-readOnly" ? describer : undefined);
const feed = (name: string, completeAt: string | null, more: Partial<Feed> = {}): Feed => ({
  ...newFeed("s1", name),
  completeAt,
  ...more,
});
const board = (states: readonly JobState[], more: Partial<BoardParts> = {}) =>
  boardOf({
    ...{ company, surroundings: { now, feeds: {} }, states, feeds: [], describer: known, quarantined: 0, parked: 0 },
    ...{ titles: { "model-readOnly": "The office" }, stopped: { stopped: false, why: null } },
    ...more,
  });

describe("the streams of every connection", () => {
  const feeds = (...read: readonly Feed[]) => feedLines(company, read, known, now);
  test("stand there although they were never read: their silence must show", () =>
    expect(feeds()).toEqual(
      [
        ["jobs", 15, true],
        ["invoices", 30, true],
        ["customers", 360, false],
        ["units", 720, false],
      ].map(([name, everyMinutes, decides]) => ({
        ...{ connection: "s1", stream: name, everyMinutes, decides, completeAt: null, stale: true, lastReadAt: null },
        ...{ failingSince: null, lastFailure: null, question: null },
        counted: { read: 0, forwarded: 0, dropped: 0, quarantined: 0 },
      })),
    ));
  test("tell how they were read, each its own", () => {
    const counted = { read: 4, forwarded: 3, dropped: 2, quarantined: 1 };
    const lastFailure = { at: now, kind: "unauthorised", message: "401" };
    const more = { lastReadAt: now, failingSince: now, lastFailure, counted, question: "7 of 20 are gone: delete?" };
    const [jobs, invoices] = feeds(
      { ...feed("jobs", now), connection: "s2" },
      feed("invoices", now, more),
      feed("jobs", "2026-11-02T07:14:59.000Z"),
    );
    expect(jobs).toMatchObject({ completeAt: "2026-11-02T07:14:59.000Z", stale: true, question: null });
    expect(invoices).toMatchObject({ connection: "s1", stream: "invoices", completeAt: now, stale: false, ...more });
  });
  test.each([
    ["of the stream", { jobs: 5, default: 60 }, 5, 60],
    ["of the connection", { default: 60 }, 60, 60],
    ["of the vendor where the connection says none", { jobs: 5 }, 5, 30],
    ["of the vendor", undefined, 15, 30],
  ])("are read in the interval %s", (_name, pollMinutes, jobs, invoices) =>
    expect(
      feedLines(companyWith({ pollMinutes }), [], known, now)
        .slice(0, 2)
        .map(({ everyMinutes }) => everyMinutes),
    ).toEqual([jobs, invoices]),
  );
});

describe("a connection", () => {
  const first = (read: readonly Feed[], more: Partial<BoardParts> = {}) => board([], { feeds: read, ...more });
  test("is called by its vendor's title, and by what the company calls it among itself", () => {
    expect(
      first([], { company: companyWith({ called: "office" }, { called: 7, book: "payable" }) }).connections,
    ).toEqual([
      {
        ...{ id: "s1", vendor: "model-readOnly", title: "The office", called: "office", book: "receivable" },
        ...{ reference: true, money: "invoices", fresh: false },
      },
      {
        ...{ id: "s2", vendor: "model-observed", title: "model-observed", called: null, book: "payable" },
        ...{ reference: false, money: "record", fresh: false },
      },
    ]);
  });
  test("is fresh when all that decides about money and work was read, whatever the slow lists do", () => {
    const fresh = (...read: readonly Feed[]) => first(read).connections.map((one) => one.fresh);
    expect(fresh(feed("jobs", now), feed("invoices", now))).toEqual([true, false]);
    expect(fresh(feed("jobs", now), feed("customers", now), feed("units", now))).toEqual([false, false]);
    expect(fresh(feed("customers", now), feed("units", now))).toEqual([false, false]);
  });
  test("is the reference or none is", () => {
    const none = companyWith({ reference: false, book: "payable" }, { book: "payable" });
    expect(first([], { company: none }).connections.map(({ reference }) => reference)).toEqual([false, false]);
  });
  test("is one of several of a vendor: its id stands with the title", () => {
    const twice = companyWith({}, { vendor: "model-readOnly" });
    expect(first([], { company: twice }).connections.map(({ title }) => title)).toEqual([
      "The office s1",
      "The office s2",
    ]);
  });
});

describe("the jobs behind the numbers", () => {
  const job = (id: string, breaks: JobState["breaks"], more: Partial<JobState> = {}, number: string | null = null) =>
    standingJob([root({ number }, { connection: "s1", id })], { breaks, ...more }, id);
  const charge = (gapMinor: number, state: "open" | "waiting" | "resolved" = "open") =>
    standingBreak("charge", gapMinor, { state });
  const status = standingBreak("status", 0);
  const ids = (lines: readonly { readonly job: string }[]) => lines.map((line) => line.job);

  test("with open money stand widest first, equal ones by number, and by id where there is none", () =>
    expect(
      ids(
        board([
          job("j1", [charge(100)], {}, "20"),
          job("j2", [charge(-900)]),
          job("j3", [charge(100)], {}, "10"),
          job("a4", [charge(100)]),
          job("j5", [charge(5_000, "waiting")]),
          job("j6", [status]),
          job("j7", [charge(5_000, "resolved")]),
        ]).top,
      ),
    ).toEqual(["j2", "j3", "j1", "a4"]));
  test("with money that waits stand apart, and so do those whose breaks are about no money", () => {
    const found = board([
      job("j1", [charge(100), charge(3, "waiting")]),
      job("j2", [charge(7, "waiting")]),
      job("j3", [standingBreak("status", 0, { state: "waiting" })]),
      job("j4", [status, charge(1, "resolved")]),
      job("j5", [charge(-8), status]),
      job("j6", [standingBreak("reference", 0), charge(9, "waiting")]),
      job("j7", []),
    ]);
    expect(ids(found.top)).toEqual(["j1", "j5"]);
    expect(ids(found.waitingJobs)).toEqual(["j1", "j2", "j6"]);
    expect(ids(found.openOther)).toEqual(["j4", "j6"]);
  });
  test("waiting ones and others are ordered as the first are", () => {
    const [a, b] = ["2", "1"].map((number) => job(`j${number}`, [status, charge(5, "waiting")], {}, number));
    if (!a || !b) throw new Error("two jobs");
    const found = board([a, b]);
    expect([ids(found.waitingJobs), ids(found.openOther)]).toEqual([
      ["j1", "j2"],
      ["j1", "j2"],
    ]);
  });
  test("carry what every system says of the money", () => {
    const money = [standingMoney("s1", 500, 0), standingMoney("s2", 600, null)];
    expect(board([job("j1", [charge(100)], { money })]).top[0]?.money).toEqual(money);
  });
  test("are neither the cost of our own fleet nor what was joined into another", () => {
    const states = [job("j1", [charge(1)]), job("j2", [charge(1)], { forwardTo: "j1" })];
    expect(board(states)).toMatchObject({ jobs: 1, gapMinor: 1 });
    expect(board(states, { company: companyWith({ book: "cost" }) })).toMatchObject({ jobs: 0, top: [] });
  });
});

describe("what waits for somebody", () => {
  const asks = { needsApproval: true };
  test("counts a write called by hand as well, which belongs to no job", () => {
    const calls = standingJob(
      [],
      { intents: [standingIntent("c1", asks), standingIntent("c2", asks), standingIntent("c3")] },
      deskOf("s1"),
    );
    const job = standingJob([root({}, { connection: "s1" })], { intents: [standingIntent("i1", asks)] });
    expect(board([job, calls])).toMatchObject({ jobs: 1, awaitingApproval: 3 });
    expect(board([calls])).toMatchObject({ jobs: 0, awaitingApproval: 2 });
  });
  test("is told with the switch, the quarantine, what no job wants, and what was left out at the door", () => {
    const dropped = (count: number) => ({ read: 9, forwarded: 1, dropped: count, quarantined: 0 });
    const feeds = [feed("jobs", now, { counted: dropped(2) }), feed("invoices", now, { counted: dropped(3) })];
    const stopped = { stopped: true, why: "month end" };
    expect(board([], { feeds, stopped, quarantined: 4, parked: 5 })).toMatchObject({
      ...{ now, dropped: 5, stopped, quarantined: 4, parked: 5 },
      company: { id: "model", name: "Model", zone: "America/Denver", currency: "USD" },
    });
  });
});

describe("the days that are told", () => {
  const linkedAt = (...instants: readonly string[]): JobState =>
    standingJob([root({}, { connection: "s1" })], {
      links: instants.map((at) => ({ record: "s1/jobs/1", rule: "first", evidence: [], at, batch: null })),
    });
  const days = (at: string, ...states: readonly JobState[]) =>
    board(states, { surroundings: { now: at, feeds: {} } }).days;

  test("begin the day after anything was first seen, and end with the day it is, by the company's clock", () => {
    const states = [
      linkedAt("2026-10-30T12:00:00.000Z"),
      linkedAt("2026-11-01T12:00:00.000Z", "2026-10-29T05:00:00.000Z"),
      linkedAt("2026-10-29T06:30:00.000Z"),
    ];
    expect(days("2026-11-03T12:00:00.000Z", ...states)).toEqual({ from: "2026-10-29", to: "2026-11-03" });
  });
  test("do not count the day that begins this very instant", () => {
    const state = linkedAt("2026-10-28T12:00:00.000Z");
    expect(days("2026-11-03T07:00:00.000Z", state)).toEqual({ from: "2026-10-29", to: "2026-11-02" });
    expect(days("2026-11-03T07:00:01.000Z", state)).toEqual({ from: "2026-10-29", to: "2026-11-03" });
  });
  test("are one day when things were first seen today, and before anything was seen", () => {
    expect(days("2026-11-03T12:00:00.000Z", linkedAt("2026-11-03T11:00:00.000Z"))).toEqual({
      from: "2026-11-03",
      to: "2026-11-03",
    });
    expect(days("2026-11-03T12:00:00.000Z")).toEqual({ from: "2026-11-03", to: "2026-11-03" });
  });
  test("do not begin with what counts as no job", () =>
    expect(days("2026-11-03T12:00:00.000Z", { ...linkedAt("2026-10-01T12:00:00.000Z"), forwardTo: "j2" })).toEqual({
      from: "2026-11-03",
      to: "2026-11-03",
    }));
});
