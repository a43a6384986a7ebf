import { describe, expect, test } from "vitest";
import type { JobFacts } from "#shared/domain/facts.ts";
import { recordKey } from "#shared/domain/ids.ts";
import type { Attempt, Intent, Refusal } from "#shared/domain/intent.ts";
import { emptyJob, type JobState } from "#shared/domain/job.ts";
import type { Known } from "#shared/domain/observation.ts";
import { receiptOf, recordsAbout, refusalOf, settleAttempts } from "#shared/pipeline/attempts.ts";
import { companyOf, contextOf, systemClasses } from "#test/support/model-systems.ts";
import { root } from "#test/support/money-view.ts";

const now = "2026-11-02T08:00:00.000Z";
const classes = [systemClasses.writable];
const context = {
  ...contextOf(companyOf(classes), classes, now),
  shows: (_intent: object, records: readonly { readonly facts: unknown }[]): string =>
    records.map(({ facts }) => (facts as JobFacts).title ?? "").join("+"),
};
const record = { connection: "s1", stream: "jobs", id: "1" };
const intent: Intent = {
  ...{ id: "i1", kind: "write", target: "status", record, read: "old", wanted: "new", arguments: {}, moneyMinor: 0 },
  ...{ requests: 3, needsApproval: true, approved: { by: "Ana", at: now }, rejected: null, bound: "b", sentence: "s" },
  ...{ plannedAt: now, epoch: 1, dueAt: null },
};
const attempt: Attempt = {
  ...{ intent, number: 2, startedAt: "2026-11-02T07:59:00.000Z", state: "unverified", dueAt: now, lagRead: 7 },
  ...{ before: { modified: "2026-11-02T07:00:00Z", read: 5, shown: "old" }, requestId: "r-9" },
};

/** A record that shows this text, as of a read, under a vendor's version. */
function shows(
  text: string,
  read: number,
  more: { id?: string; modified?: string | null; hangsOn?: string; gone?: boolean } = {},
): Known {
  const { id = "1", modified = "2026-11-02T07:00:00Z", hangsOn, gone = false } = more;
  const { observation } = root({ title: text }, { connection: "s1", id });
  const said = { ...observation, version: { modified, read }, hangsOn: hangsOn ? [hangsOn] : [] };
  return { said, seenRead: read, absent: gone ? { read: read + 1, at: now, how: "deleted" } : null };
}
const job = (records: readonly Known[], more: Partial<JobState> = {}): JobState => ({
  ...emptyJob("j"),
  observations: Object.fromEntries(records.map((one) => [one.said ? recordKey(one.said.record) : "", one])),
  attempts: [attempt],
  ...more,
});
const settle = (records: readonly Known[], of: Partial<Attempt> = {}, more: Partial<JobState> = {}) =>
  settleAttempts(job(records, { attempts: [{ ...attempt, ...of }], ...more }), context);
const outcomes = (settled: ReturnType<typeof settle>) => [
  ...settled.attempts.map(() => "open"),
  ...settled.receipts.map((one) => one.outcome),
  ...settled.refusals.map((one) => `refused: ${one.outcome}`),
  ...settled.ask.map(() => "ask"),
];

describe("a write is done when it is seen", () => {
  test("a later read that shows it ends it, and its word is nobody's edit", () => {
    const settled = settle([shows("new", 6)], { lagRead: null });
    expect(settled.receipts).toMatchObject([
      {
        ...{ intent: "i1", outcome: "applied", at: now, attempts: 2, before: "old", wanted: "new", after: "new" },
        ...{ requestId: "r-9", approvedBy: "Ana", flags: ["overwritten"], target: "status", record, moneyMinor: 0 },
      },
    ]);
    expect(settled).toMatchObject({ written: ["s1/jobs/1|status"], attempts: [], refusals: [], ask: [] });
  });

  test.each([
    ["only the read before it is in", [shows("new", 5)], { lagRead: null }],
    ["a later read shows something else, and the vendor's lag has not passed", [shows("old", 6)], { lagRead: null }],
    ["the record is gone, and the vendor's lag has not passed", [shows("new", 6, { gone: true })], { lagRead: null }],
    ["nothing of it was ever read", [], { lagRead: null }],
    ["what was read is another record", [shows("new", 9, { id: "2" })], { lagRead: null }],
  ])("it stays open while %s", (_name, records, of) => expect(outcomes(settle(records, of))).toEqual(["open"]));

  test("what hangs on the record shows it too, the record itself first", () => {
    const part = shows("w", 7, { id: "0", hangsOn: "s1/jobs/1" });
    expect(settle([part, shows("ne", 7)], { intent: { ...intent, wanted: "ne+w" } }).receipts).toMatchObject([
      { after: "ne+w" },
    ]);
    expect(
      recordsAbout(intent, job([part, shows("ne", 7), shows("x", 7, { id: "2" })])).map((one) => one.record.id),
    ).toEqual(["1", "0"]);
    expect(recordsAbout(intent, job([part, shows("ne", 7, { gone: true })])).map((one) => one.record.id)).toEqual([
      "0",
    ]);
  });
  test("the parts stand in the order of their ids, in whichever they were read, also those not read again", () => {
    const parts = [shows("d", 3, { id: "3", hangsOn: "s1/jobs/1" }), shows("b", 7, { id: "0", hangsOn: "s1/jobs/1" })];
    const known = [parts[0]!, shows("a", 7), parts[1]!, shows("c", 7, { id: "2", hangsOn: "s1/jobs/1" })];
    for (const order of [known, known.toReversed()]) {
      expect(settle(order, { intent: { ...intent, wanted: "a+b+c+d" } }).receipts).toMatchObject([
        { after: "a+b+c+d" },
      ]);
      expect(recordsAbout(intent, job(order)).map((one) => one.record.id)).toEqual(["1", "0", "2", "3"]);
    }
  });

  test("a part that is read shows it, whatever is the record's own last reading", () => {
    const part = shows("w", 6, { id: "0", hangsOn: "s1/jobs/1" });
    const added = { intent: { ...intent, wanted: "ne+w" }, lagRead: null };
    expect(settle([shows("ne", 4), part], added).receipts).toMatchObject([{ outcome: "applied" }]);
  });

  test("what was to be gone is gone when the read after the lag finds nothing of it", () => {
    const away = { ...intent, wanted: "" };
    expect(settle([shows("old", 6)], { intent: away }).receipts).toMatchObject([{ outcome: "applied", after: "" }]);
    expect(settle([shows("old", 7, { gone: true })], { intent: away }).receipts).toMatchObject([{ after: "" }]);
    expect(settle([], { intent: away }).receipts).toMatchObject([{ outcome: "applied", after: "" }]);
    // Before the lag has passed a list that lacks it proves nothing.
    expect(outcomes(settle([shows("old", 7, { gone: true })], { intent: away, lagRead: null }))).toEqual(["open"]);
  });

  test("a record that was yet to be made is any of its stream that the job holds", () => {
    const made = { ...intent, record: { ...record, id: "new:s2/jobs/4" } };
    expect(settle([shows("new", 6, { id: "77" })], { intent: made, lagRead: null }).receipts).toMatchObject([
      { outcome: "applied" },
    ]);
    const elsewhere = { ...made, record: { ...made.record, stream: "bookings" } };
    expect(outcomes(settle([shows("new", 6, { id: "77" })], { intent: elsewhere, lagRead: null }))).toEqual(["open"]);
    const others = { ...made, record: { ...made.record, connection: "s2" } };
    expect(outcomes(settle([shows("new", 6, { id: "77" })], { intent: others, lagRead: null }))).toEqual(["open"]);
  });
});

describe("after the vendor's lag a read that does not show it ends it too", () => {
  const moved = { modified: "2026-11-02T07:30:00Z" };
  test.each([
    ["answered, nothing changed: ignored", shows("old", 7), "unverified", ["ignored", "refused: ignored"]],
    [
      "answered, and the version moved: somebody may have set it back",
      shows("old", 7, moved),
      "unverified",
      ["ignored", "ask"],
    ],
    [
      "answered, and there is no version: so too",
      shows("old", 7, { modified: null }),
      "unverified",
      ["ignored", "ask"],
    ],
    ["somebody set something else: superseded", shows("third", 7), "unverified", ["superseded", "ask"]],
    ["no answer, nothing changed: planned once more", shows("old", 7), "ambiguous", ["refused: retried"]],
    [
      "no answer, and the version moved: nobody can say",
      shows("old", 7, moved),
      "ambiguous",
      ["unresolved", "refused: unresolved", "ask"],
    ],
    [
      "no answer, and there is no version: nobody can say",
      shows("old", 7, { modified: null }),
      "ambiguous",
      ["unresolved", "refused: unresolved", "ask"],
    ],
    ["no answer, and somebody set something else", shows("third", 7), "ambiguous", ["superseded", "ask"]],
    ["a later read than the one after the lag", shows("old", 9), "unverified", ["ignored", "refused: ignored"]],
    ["the record is gone: superseded", shows("old", 7, { gone: true }), "unverified", ["superseded", "ask"]],
  ] as const)("%s", (_name, known, state, expected) => expect(outcomes(settle([known], { state }))).toEqual(expected));

  test("where no reading ever had a version nobody can say that nothing changed", () => {
    const unversioned = { ...attempt, before: { ...attempt.before, modified: null } };
    const settledAs = (state: Attempt["state"]) =>
      outcomes(settle([shows("old", 7, { modified: null })], { ...unversioned, state }));
    expect(settledAs("unverified")).toEqual(["ignored", "ask"]);
    expect(settledAs("ambiguous")).toEqual(["unresolved", "refused: unresolved", "ask"]);
  });

  test("a record of which no more is known than that it is gone ends it too", () => {
    const known: Known = { said: null, seenRead: 0, absent: { read: 7, at: now, how: "deleted" } };
    const observations = { "s1/jobs/1": known };
    expect(outcomes(settle([], {}, { observations }))).toEqual(["superseded", "ask"]);
  });

  test("money without an answer is never sent again", () => {
    const money = { intent: { ...intent, moneyMinor: 1 }, state: "ambiguous" } as const;
    expect(outcomes(settle([shows("old", 7)], money))).toEqual(["unresolved", "refused: unresolved"]);
  });

  test("what was planned once more without an answer is not planned a third time", () => {
    const retried: Refusal = {
      ...{ record: "s1/jobs/1", target: "status", read: "old", wanted: "new" },
      outcome: "retried",
      at: now,
      note: null,
    };
    const again = (more: Partial<Refusal>) =>
      outcomes(settle([shows("old", 7)], { state: "ambiguous" }, { refusals: [{ ...retried, ...more }] }));
    expect(again({})).toEqual(["unresolved", "refused: unresolved"]);
    for (const other of [
      { record: "s1/jobs/2" },
      { target: "schedule" },
      { wanted: "else" },
      { outcome: "ignored" },
    ] as const)
      expect(again(other)).toEqual(["refused: retried"]);
  });

  test("the refusal says what was wanted of what", () => {
    expect(settle([shows("old", 7)]).refusals).toEqual([
      { record: "s1/jobs/1", target: "status", read: "old", wanted: "new", outcome: "ignored", at: now, note: null },
    ]);
    expect(settle([shows("old", 7)]).receipts).toMatchObject([{ after: "old", flags: [] }]);
    expect(refusalOf(attempt, "rejected", now, "why")).toMatchObject({ outcome: "rejected", note: "why" });
  });
  test("each attempt ends on its own", () => {
    const other = { ...attempt, intent: { ...intent, id: "i2", record: { ...record, id: "2" } } };
    const both = { attempts: [other, attempt] };
    expect(outcomes(settle([shows("new", 7), shows("old", 7, { id: "2" })], {}, both))).toEqual([
      "ignored",
      "applied",
      "refused: ignored",
    ]);
    const open = { attempts: [{ ...other, lagRead: null }, attempt] };
    expect(outcomes(settle([shows("new", 7), shows("old", 5, { id: "2" })], {}, open))).toEqual(["open", "applied"]);
  });
});

describe("a receipt", () => {
  test("of a call by hand says when it was sent, if it was", () => {
    const call = { ...intent, target: "call" as const };
    expect(receiptOf({ ...attempt, intent: call }, "rejected", null, now, "no")).toMatchObject({
      ...{ sentAt: attempt.startedAt, flags: [], after: null, note: "no" },
    });
    expect(receiptOf({ ...attempt, intent: call, number: 0 }, "void", null, now, null)).not.toHaveProperty("sentAt");
    expect(receiptOf(attempt, "applied", null, now, null)).not.toHaveProperty("sentAt");
  });
  test("says that a gap stayed open between reading and writing only where something was written", () => {
    const flags = (number: number) => receiptOf({ ...attempt, number }, "applied", "new", now, null).flags;
    expect([flags(1), flags(0)]).toEqual([["overwritten"], []]);
  });
  test("says nothing of a gap where the vendor guards it", () => {
    expect(receiptOf({ ...attempt, number: 1, guarded: true }, "applied", "new", now, null).flags).toEqual([]);
  });
  test("of what nobody had to approve names nobody", () =>
    expect(
      receiptOf({ ...attempt, intent: { ...intent, approved: null } }, "applied", null, now, null).approvedBy,
    ).toBeNull());
});
