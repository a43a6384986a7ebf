import { describe, expect, test } from "vitest";
import type { JobState } from "#shared/domain/job.ts";
import type { FeedView } from "#shared/pipeline/context.ts";
import {
  countedOf,
  isAccepted,
  type OpeningRow,
  openingsOf,
  standingOf,
  withAccepted,
} from "#shared/pipeline/cutover.ts";
import { companyOf, feedView, systemClasses } from "#test/support/model-systems.ts";
import { root } from "#test/support/money-view.ts";
import { now, standingBreak, standingIntent, standingJob, standingMoney } from "#test/support/standing-job.ts";

/** s1 is the office; s2 charged 50.00 less and took 30.00, s3 charged 20.00 more. */
const company = companyOf([systemClasses.readOnly, systemClasses.observed, systemClasses.observed]);
const tolerant = { ...company, policy: { ...company.policy, toleranceMinor: 2_000 } };
const money = [standingMoney("s1", 45_000, 0), standingMoney("s2", 40_000, 3_000), standingMoney("s3", 47_000, null)];
const job = (more: Partial<JobState> = {}): JobState =>
  standingJob([root({ number: "10263" }, { connection: "s1" })], { money, ...more });
const row = (line: OpeningRow["line"], connection: string, minor: number): OpeningRow => ({
  ...{ job: "j1", line, connection, minor },
});
const [less, more, taken] = [row("charge", "s2", -5_000), row("charge", "s3", 2_000), row("payment", "s2", 3_000)];
const read: Readonly<Record<string, FeedView>> = Object.fromEntries(
  ["s1", "s2", "s3"].map((id) => [id, feedView(now, 15)]),
);
const stands = (one: OpeningRow, state = job(), feeds = read) => standingOf(one, state, company, feeds);
const accept = (state: JobState, ...rows: readonly OpeningRow[]) =>
  withAccepted(state, rows, company, { feeds: read, by: "Ana Ortiz", now });
const money2 = (minor: number) => ({
  ...{ intent: standingIntent("i1", { moneyMinor: minor }), number: 1, startedAt: now, state: "sent" as const },
  ...{ before: { modified: null, read: 1, shown: "" }, dueAt: now, lagRead: null, requestId: null },
});

describe("the differences a company starts with", () => {
  test("are a row for each line and system; the widest of a line counts, those beside it are 0", () =>
    expect(openingsOf(job(), company)).toEqual([
      { ...less, number: "10263", countedMinor: 5_000 },
      { ...more, number: "10263", countedMinor: 0 },
      { ...taken, number: "10263", countedMinor: 3_000 },
    ]));
  test("leave out what is within the tolerance, and what was accepted", () => {
    expect(openingsOf(job(), tolerant).map(({ connection, line }) => [connection, line])).toEqual([
      ["s2", "charge"],
      ["s2", "payment"],
    ]);
    expect(openingsOf(job({ accepted: { "charge:s2": -5_000, "payment:s2": 3_000 } }), company)).toEqual([
      { ...more, number: "10263", countedMinor: 2_000 },
    ]);
  });
  test("are none in a company that has nothing to compare with", () => {
    const none = company.connections.map((one) => ({ ...one, reference: false, book: "payable" as const }));
    expect(openingsOf(job(), { ...company, connections: none })).toEqual([]);
  });
  test("name the whole difference where part of it was accepted, and count the news", () =>
    expect(openingsOf(job({ accepted: { "charge:s2": -4_000 } }), company)).toMatchObject([
      { connection: "s3", minor: 2_000, countedMinor: 2_000 },
      { connection: "s2", minor: -5_000, countedMinor: 0 },
      { line: "payment", minor: 3_000 },
    ]));
});

describe("a row stands", () => {
  test("to be accepted while it is what was found", () =>
    expect([less, more, taken].map((one) => stands(one))).toEqual(["new", "new", "new"]));
  test("accepted when it is so to the cent", () => {
    expect(stands(less, job({ accepted: { "charge:s2": -5_000 } }))).toBe("accepted");
    expect(stands(less, job({ accepted: { "charge:s2": -4_999 } }))).toBe("new");
    expect([less, more].map((one) => isAccepted(one, job({ accepted: { "charge:s2": -5_000 } })))).toEqual([
      true,
      false,
    ]);
    expect(isAccepted(row("charge", "s2", 0), job())).toBe(true);
  });
  test.each<[string, OpeningRow, string]>([
    ["the reference itself", row("charge", "s1", 0), "it is not compared now"],
    ["a system that says nothing of the line", row("payment", "s3", 0), "it is not compared now"],
    ["another amount", row("charge", "s2", 5_000), "it is -50.00 now"],
    ["a cent beside it", row("payment", "s2", 2_999), "it is 30.00 now"],
  ])("%s cannot be accepted", (_name, one, why) => expect(stands(one)).toEqual({ why }));
  test("not before both systems were read completely; of a third one nothing is asked", () => {
    const unread = (...ids: readonly string[]) =>
      stands(less, job(), { ...read, ...Object.fromEntries(ids.map((id) => [id, feedView(null, 15)])) });
    expect(unread("s1")).toEqual({ why: "s1 has not been read completely yet" });
    expect(unread("s2")).toEqual({ why: "s2 has not been read completely yet" });
    expect(unread("s1", "s2")).toEqual({ why: "s1 has not been read completely yet" });
    expect(unread("s3")).toBe("new");
    expect(stands(less, job(), {})).toEqual({ why: "s1 has not been read completely yet" });
  });
  test("not while a write of the job's money is under way; one without money does not matter", () => {
    const why = "a write of the job's money is under way";
    expect(stands(less, job({ attempts: [money2(0), money2(-1)] }))).toEqual({ why });
    expect(stands(less, job({ attempts: [money2(0)] }))).toBe("new");
  });
});

describe("what was accepted", () => {
  test("is kept by line and system, beside what was before, and told with who signed", () => {
    const state = job({ accepted: { "charge:s3": 2_000 } });
    const after = accept(state, less, taken, row("charge", "s2", -1));
    expect(after.accepted).toEqual({ "charge:s3": 2_000, "charge:s2": -5_000, "payment:s2": 3_000 });
    expect(after.lastChange).toEqual({
      ...{ version: 0, at: now, cause: "person", records: [] },
      lines: [
        "opening difference of charge at s2, -50.00, accepted as found by Ana Ortiz",
        "opening difference of payment at s2, 30.00, accepted as found by Ana Ortiz",
      ],
    });
  });
  test("is the same job when no row can be accepted", () => {
    const state = job({ accepted: { "charge:s2": -5_000 } });
    expect(accept(state, less, row("charge", "s3", 1))).toBe(state);
    expect(accept(state)).toBe(state);
  });
  test("a difference that went away leaves nothing behind", () => {
    const state = job({
      accepted: { "charge:s2": -9_000, "charge:s3": 2_000 },
      money: [standingMoney("s1", 5, 0), standingMoney("s2", 5, 0)],
    });
    expect(accept(state, row("charge", "s2", 0)).accepted).toEqual({ "charge:s3": 2_000 });
  });
  test("takes its break away once nothing of the line is left; resolved ones and others stay", () => {
    const resolved = standingBreak("charge", 7, { state: "resolved", key: "old" });
    const breaks = [
      standingBreak("charge", -5_000),
      standingBreak("payment", 3_000),
      standingBreak("status", 0),
      resolved,
    ];
    const kinds = (...rows: readonly OpeningRow[]) =>
      accept(job({ breaks }), ...rows).breaks.map(({ kind, state }) => `${kind} ${state}`);
    expect(kinds(less)).toEqual(["charge open", "payment open", "status open", "charge resolved"]);
    expect(kinds(less, more)).toEqual(["payment open", "status open", "charge resolved"]);
    expect(kinds(less, more, taken)).toEqual(["status open", "charge resolved"]);
  });
});

describe("what rows take out of the open money", () => {
  const counted = (state: JobState, ...rows: readonly OpeningRow[]) => countedOf(rows, state, company);
  test("is the widest of each line, without its sign", () => {
    expect(counted(job(), less, more, taken)).toBe(8_000);
    expect(counted(job(), more)).toBe(2_000);
    expect(counted(job())).toBe(0);
  });
  test("is what is news of it, and nothing for what is not compared", () =>
    expect(counted(job({ accepted: { "charge:s2": -4_500 } }), less, row("payment", "s3", 9))).toBe(500));
});
