import { describe, expect, test } from "vitest";
import { emptyJob, type JobState } from "#shared/domain/job.ts";
import type { Amount } from "#shared/domain/money.ts";
import { knownFrom } from "#shared/domain/observation.ts";
import { whyUnknown } from "#shared/pipeline/known-amounts.ts";
import { jobLine, totalsOf } from "#shared/pipeline/overview.ts";
import { reconcile } from "#shared/pipeline/reconcile.ts";
import {
  companyOf,
  contextOf,
  factsOf,
  type ModelRecord,
  recordOf,
  systemClasses,
  versionText,
} from "#test/support/model-systems.ts";

const classes = [systemClasses.readOnly, systemClasses.observed];
const patient = companyOf(classes, { graceHours: { default: 2 } });
const at = (hours: number): string =>
  new Date(Date.parse("2026-11-02T08:00:00.000Z") + hours * 3_600_000).toISOString();
const plain: ModelRecord = { word: "Completed", reference: "", charge: 32_000, payment: 32_000, modified: 1 };

/** What a job comes to when these are read at this hour; a number is the charge. */
function read(before: JobState, hours: number, records: Readonly<Record<string, Partial<ModelRecord>>> = {}): JobState {
  const observations = Object.fromEntries(
    Object.entries(records).map(([connection, record]) => {
      const whole = { ...plain, modified: hours + 1, ...record };
      const version = { modified: versionText(whole.modified), read: whole.modified };
      const facts = factsOf(classes[Number(connection.slice(1)) - 1]!, whole);
      const told = {
        record: recordOf(connection),
        version,
        digest: JSON.stringify(whole),
        at: at(hours),
        hangsOn: [],
        facts,
      };
      return [`${connection}/jobs/1`, knownFrom(told)];
    }),
  );
  const links = Object.keys(observations).map((record) => {
    return { record, rule: "first" as const, evidence: [], at: at(hours), batch: null };
  });
  return reconcile(before, { observations, links }, contextOf(patient, classes, at(hours))).state;
}

const charge = ({ breaks }: JobState) => breaks.find(({ key }) => key === "charge");
const standing = (state: JobState) => {
  const { state: name, gapMinor, resolvedAt, firstSeen, since } = charge(state) ?? {};
  return [name, gapMinor, resolvedAt, firstSeen, since];
};
const totals = (state: JobState) => {
  const { gapMinor, resolvedMinor, resolved } = totalsOf([{ state, line: jobLine(state, patient, {}, at(9)) }]);
  return [gapMinor, resolvedMinor, resolved];
};
const says = (amount: Amount) => ({ s2: { charge: amount } });
const opened = read(read(emptyJob("j1"), 0, { s1: {}, ...says(30_000) }), 2);
const silent = read(opened, 3, says(null));
const sentence = "s2 says 300.00 charged, s1 says 320.00";

describe("an open gap of which an amount is no longer stated", () => {
  test("is put away: told so in its sentence and its history, and no money that was found", () => {
    expect([standing(opened), totals(opened)]).toEqual([
      ["open", -2_000, null, at(0), at(0)],
      [2_000, 0, 0],
    ]);
    expect([standing(silent), totals(silent)]).toEqual([
      ["resolved", -2_000, null, at(0), at(0)],
      [0, 0, 0],
    ]);
    const why = "s2 no longer states what it charged";
    expect(charge(silent)).toMatchObject({ putAway: why, sentence: `${sentence}; ${why}` });
    expect(silent.lastChange?.lines).toContain(`break charge put away: ${sentence}; ${why}`);
  });
  test("stays so however often it is looked at", () => expect(read(silent, 9)).toEqual(silent));
  test("stands again at once, since it was first seen, when the same difference is stated again", () => {
    const back = read(silent, 5, says(30_000));
    expect([standing(back), totals(back)]).toEqual([
      ["reopened", -2_000, null, at(0), at(0)],
      [2_000, 0, 0],
    ]);
    expect(charge(back)).toMatchObject({ sentence });
    expect(charge(back)).not.toHaveProperty("putAway");
    expect(back.lastChange?.lines).toContain(`break charge reopened: ${sentence}`);
  });
  test("waits out its grace where another difference is stated", () => {
    const back = read(silent, 5, says(29_000));
    expect(standing(back)).toEqual(["waiting", -3_000, null, at(0), at(5)]);
    expect(standing(read(back, 7))).toEqual(["reopened", -3_000, null, at(0), at(5)]);
    const again = read(back, 6, says(null));
    expect([standing(again), charge(again)?.sentence]).toEqual([
      ["resolved", -2_000, null, at(0), at(0)],
      `${sentence}; s2 no longer states what it charged`,
    ]);
  });
  test("is resolved when both are stated and agree, and told as it was", () => {
    const agreed = read(silent, 5, says(32_000));
    expect([standing(agreed), totals(agreed)]).toEqual([
      ["resolved", -2_000, at(5), at(0), at(0)],
      [0, 2_000, 1],
    ]);
    expect(charge(agreed)).toMatchObject({ sentence });
    expect(charge(agreed)).not.toHaveProperty("putAway");
    expect(agreed.lastChange?.lines).toContain(`break charge resolved: ${sentence}`);
  });
  test("that was resolved before stays resolved when its amount is stated no more", () => {
    const agreed = read(opened, 3, says(32_000));
    expect(standing(read(agreed, 4, says(null)))).toEqual(["resolved", -2_000, at(3), at(0), at(0)]);
    const back = read(agreed, 4, says(30_000));
    const gone = read(back, 5, says(null));
    expect([standing(gone), charge(gone)?.sentence]).toEqual([["resolved", -2_000, at(3), at(0), at(0)], sentence]);
  });
  test("that only waited was none", () => {
    const young = read(emptyJob("j1"), 0, { s1: {}, ...says(30_000) });
    expect(charge(read(young, 1, says(null)))).toBeUndefined();
  });
});

describe("why nobody can say whether a gap has closed", () => {
  const line = (connection: string, charged: number | null, more: object = {}) => ({
    ...{ connection, charge: charged, payment: 0, outstanding: null, provisional: false, unreadable: [] },
    ...more,
  });
  const known = (kind: "charge" | "payment" | "missing-twin") => ({
    ...charge(opened)!,
    kind,
    connections: ["s1", "s2"],
  });
  const whole = [line("s1", 1), line("s2", 1)];

  test.each([
    ["both state theirs", whole, null],
    ["one has no record left", [line("s1", 1)], "s2 has no record of it any more"],
    ["the office has none left", [line("s2", 1)], "s1 has no record of it any more"],
    ["one states nothing", [line("s1", null), line("s2", 1)], "s1 no longer states what it charged"],
    [
      "one cannot be read",
      [line("s1", 1), line("s2", null, { unreadable: ["r"] })],
      "an amount of s2 cannot be read any more",
    ],
    ["one cannot be read beside what can", [line("s1", 1), line("s2", 1, { unreadable: ["r"] })], null],
    [
      "the office's work goes on",
      [line("s1", 1, { provisional: true }), line("s2", 1)],
      "s1 calls its charge an estimate again",
    ],
    ["the other's work goes on", [line("s1", 1), line("s2", 1, { provisional: true })], null],
    ["a third states nothing", [...whole, line("s3", null)], null],
  ] as const)("%s", (_name, money, why) => expect(whyUnknown(known("charge"), money)).toBe(why));
  test("of what was received nobody estimates, and each line is for itself", () => {
    const silence = line("s2", 1, { payment: null });
    expect(whyUnknown(known("payment"), [line("s1", null, { provisional: true }), line("s2", 1)])).toBeNull();
    expect(whyUnknown(known("payment"), [line("s1", 1), silence])).toBe("s2 no longer states what it received");
    expect(whyUnknown(known("charge"), [line("s1", 1), silence])).toBeNull();
  });
  test("a job that another system lacks has no two amounts", () =>
    expect(whyUnknown(known("missing-twin"), [])).toBeNull());
});
