import { describe, expect, test } from "vitest";
import { breakKinds } from "#shared/domain/break.ts";
import type { JobFacts } from "#shared/domain/facts.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import type { FeedView } from "#shared/pipeline/context.ts";
import { isJob, isMoney, isStale, jobLine, totalsOf } from "#shared/pipeline/overview.ts";
import { companyOf, feedView, systemClasses } from "#test/support/model-systems.ts";
import { invoice, root } from "#test/support/money-view.ts";
import { now, standingBreak, standingIntent, standingJob, standingReceipt } from "#test/support/standing-job.ts";

const plain = companyOf([systemClasses.observed, systemClasses.observed, systemClasses.observed]);
/** s1 is the reference. */
const placed = (connection: string, facts: Partial<JobFacts> = {}, id = "1") => root(facts, { connection, id });
const line = (state: JobState, feeds: Readonly<Record<string, FeedView>> = {}) => jobLine(state, plain, feeds, now);

describe("what counts as a job", () => {
  const books = ["receivable", "payable", "cost"] as const;
  const company: CompanyConfig = {
    ...plain,
    connections: plain.connections.map((one, place) => ({ ...one, book: books[place] ?? "cost" })),
  };
  test.each<[string, JobState, boolean]>([
    ["what customers owe us", standingJob([placed("s1")]), true],
    ["what clients recorded as owed to us", standingJob([placed("s2")]), true],
    ["the cost of our own fleet", standingJob([placed("s3")]), false],
    ["cost beside what a customer owes", standingJob([placed("s3"), placed("s1")]), true],
    ["a connection that is not configured any more", standingJob([placed("s9")]), false],
    ["a job that was joined into another", standingJob([placed("s1")], { forwardTo: "j2" }), false],
    ["nothing but an invoice", standingJob([invoice({}, { connection: "s1" })]), false],
  ])("%s: %o", (_name, state, counts) => expect(isJob(state, company)).toBe(counts));
});

describe("a feed is stale", () => {
  test.each([
    ["when it was never read completely", null, true],
    ["not after three of its intervals to the millisecond", "2026-11-02T07:15:00.000Z", false],
    ["a millisecond later", "2026-11-02T07:14:59.999Z", true],
    ["not when it was just read", now, false],
  ])("%s", (_name, completeAt, stale) => expect(isStale({ completeAt, everyMinutes: 15 }, now)).toBe(stale));
});

test("money breaks are those whose gap counts in the open money", () =>
  expect(breakKinds.filter((kind) => isMoney(standingBreak(kind, 1)))).toEqual(["charge", "payment", "missing-twin"]));

describe("a job is called", () => {
  test("as the reference system does, whatever the others say", () =>
    expect(
      line(
        standingJob([
          placed("s2", { number: "B-7", customerName: "Pena, O.", serviceDay: "2026-11-01" }),
          placed("s1", { number: "10263", customerName: "Octavio Pena", serviceDay: "2026-10-31" }),
        ]),
      ),
    ).toMatchObject({ job: "j1", number: "10263", customer: "Octavio Pena", day: "2026-10-31" }));
  test("as the reference does wherever its record stands among the others", () => {
    const second = { ...plain, connections: plain.connections.map((one) => ({ ...one, reference: one.id === "s2" })) };
    const records = [
      placed("s1", { customerName: "Pena, O.", serviceDay: "2026-11-01" }),
      placed("s2", { customerName: "Octavio Pena", serviceDay: "2026-10-31" }),
    ];
    const found = jobLine(standingJob(records), second, {}, now);
    expect(found).toMatchObject({ customer: "Octavio Pena", day: "2026-10-31" });
  });
  test("also in a company that has no reference", () => {
    const none = plain.connections.map((one) => ({ ...one, reference: false, book: "payable" as const }));
    const found = jobLine(standingJob([placed("s2", { number: "B-7" })]), { ...plain, connections: none }, {}, now);
    expect(found).toMatchObject({ number: "B-7", connections: ["s2"] });
  });
  test("as another one does where the reference says nothing", () =>
    expect(
      line(
        standingJob([
          placed("s1"),
          placed("s2", { number: "B-7", customerName: "Octavio Pena", serviceDay: "2026-11-01" }),
        ]),
      ),
    ).toMatchObject({ number: "B-7", customer: "Octavio Pena", day: "2026-11-01" }));
  test("by the first system that has it where the reference has no record", () =>
    expect(
      line(
        standingJob([
          placed("s2", { customerName: "Octavio Pena", serviceDay: "2026-11-01" }),
          placed("s3", { customerName: "O. Pena", serviceDay: "2026-11-02" }),
        ]),
      ),
    ).toMatchObject({ number: null, customer: "Octavio Pena", day: "2026-11-01" }));
  test("by nothing when nobody says anything, or there is no record at all", () => {
    expect(line(standingJob([placed("s1")]))).toMatchObject({ number: null, customer: null, day: null });
    expect(line(standingJob([]))).toMatchObject({ customer: null, day: null, connections: [], numbers: {} });
  });
  test("in each system by its own numbers, or the record's id where it has none", () =>
    expect(
      line(
        standingJob([
          placed("s3", { number: "JOB-0931" }, "8"),
          placed("s3", { number: "JOB-0930" }, "9"),
          placed("s1", {}, "7"),
        ]),
      ),
    ).toMatchObject({
      connections: ["s1", "s3"],
      numbers: { s1: ["7"], s3: ["JOB-0931", "JOB-0930"] },
    }));
});

test("its systems stand in the order of their names", () =>
  expect(line(standingJob([placed("office-2"), placed("office")])).connections).toEqual(["office", "office-2"]));

describe("a job stands in one group", () => {
  const gap = standingBreak("charge", -500);
  const waits = { ...gap, state: "waiting" } as const;
  const resolved = { ...gap, state: "resolved" } as const;
  const both = [placed("s1"), placed("s2")];
  const fresh = feedView(now, 15);
  test.each([
    ["agree when nothing is broken", [], "agree"],
    ["agree when all of it was resolved", [resolved], "agree"],
    ["waiting when something may clear by itself", [resolved, waits], "waiting"],
    ["disagree when something is open, whatever waits beside it", [waits, gap], "disagree"],
    ["disagree for what is not about money too", [standingBreak("status", 0)], "disagree"],
  ])("%s", (_name, breaks, standing) => {
    const found = line(standingJob(both, { breaks }), { s1: fresh, s2: fresh });
    expect(found).toMatchObject({ standing, since: null });
    expect(found.breaks).toEqual(breaks);
  });
  test("not comparable while one of its own systems is silent, and since when the stalest is", () => {
    const since = (s1: string | null, s2: string | null, s3: string | null = now) =>
      line(standingJob(both, { breaks: [gap] }), { s1: feedView(s1, 15), s2: feedView(s2, 15), s3: feedView(s3, 15) });
    const [early, late] = ["2026-11-02T05:00:00.000Z", "2026-11-02T06:00:00.000Z"];
    expect(since(now, late)).toMatchObject({ standing: "not-comparable", since: late });
    expect(since(late, early)).toMatchObject({ standing: "not-comparable", since: early });
    expect(since(early, late)).toMatchObject({ since: early });
    expect(since(early, null)).toMatchObject({ standing: "not-comparable", since: null });
    expect(since(null, early)).toMatchObject({ since: null });
    expect(since(now, now, null)).toMatchObject({ standing: "disagree", since: null });
  });
  test("a connection nothing is known of is not taken for silent", () =>
    expect(line(standingJob(both), { s1: fresh })).toMatchObject({ standing: "agree" }));
  test("its gap is what its open money breaks come to, whichever way they point", () =>
    expect(
      line(
        standingJob(both, {
          breaks: [
            gap,
            standingBreak("payment", 200),
            standingBreak("status", 40),
            { ...standingBreak("missing-twin", 3_000), state: "waiting" },
          ],
        }),
      ).gapMinor,
    ).toBe(700));
});

describe("totals", () => {
  const stale = { s3: feedView(null, 15) };
  const job = (breaks: JobState["breaks"], more: Partial<JobState> = {}, connection = "s1") => {
    const state = standingJob([placed(connection)], { breaks, ...more });
    return { state, line: line(state, stale) };
  };
  const charge = (gapMinor: number, state: "open" | "waiting" | "resolved" | "assigned") =>
    standingBreak("charge", gapMinor, { state, resolvedAt: state === "resolved" ? now : null });
  const attempt = {
    ...{ intent: standingIntent("i9"), number: 1, startedAt: now, state: "sent" as const, dueAt: now },
    ...{ before: { modified: null, read: 1, shown: "" }, lagRead: null, requestId: null },
  };
  const approved = { by: "Ana", at: now };
  const asks = { needsApproval: true };
  const jobs = () => [
    job([charge(-500, "open"), standingBreak("payment", 200), standingBreak("missing-twin", 3_000)], {
      planned: 3,
      intents: [
        standingIntent("i1", asks),
        standingIntent("i2", { ...asks, approved }),
        standingIntent("i3", { ...asks, rejected: { ...approved, why: "no" } }),
        standingIntent("i4"),
        standingIntent("i5", { ...asks, kind: "task" }),
      ],
      receipts: [standingReceipt("i6"), standingReceipt("i7"), standingReceipt("i8", { outcome: "rejected" })],
    }),
    job([charge(70, "assigned"), standingBreak("status", 9)]),
    job([charge(-4, "waiting"), standingBreak("status", 0, { state: "resolved" })], {
      planned: 2,
      attempts: [attempt, attempt],
    }),
    job([charge(-8, "resolved"), charge(1, "resolved")]),
    job([], {}, "s3"),
    job([standingBreak("status", 0)]),
  ];
  const found = () => totalsOf(jobs());

  test("every job stands in exactly one group", () => {
    const totals = found();
    expect(totals).toMatchObject({ jobs: 6, agree: 1, disagree: 3, waiting: 1, notComparable: 1 });
    expect(totals.agree + totals.disagree + totals.waiting + totals.notComparable).toBe(totals.jobs);
  });
  test("open breaks are counted, and the jobs whose money they are about", () =>
    expect(found()).toMatchObject({ breaks: 6, moneyJobs: 2 }));
  test("the open money is the sum of its lines, whichever way each gap points", () => {
    const totals = found();
    expect(totals).toMatchObject({ gapMinor: 3_770, chargeMinor: 570, paymentMinor: 200, missingTwinMinor: 3_000 });
    expect(totals.chargeMinor + totals.paymentMinor + totals.missingTwinMinor).toBe(totals.gapMinor);
  });
  test("what waits and what was resolved is told beside it", () =>
    expect(found()).toMatchObject({ waitingMinor: 4, resolvedMinor: 9, resolved: 2 }));
  test("what was ever planned, what is asked of a person, and what is under way", () =>
    expect(found()).toMatchObject({ intents: 5, tasks: 1, awaitingApproval: 1, attemptsOpen: 2 }));
  test("receipts are counted by outcome, those that never came with 0", () =>
    expect(found().receipts).toEqual({ applied: 2, superseded: 0, ignored: 0, rejected: 1, unresolved: 0, void: 0 }));
});
