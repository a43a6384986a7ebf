import { describe, expect, test } from "vitest";
import type { Break } from "#shared/domain/break.ts";
import { emptyJob, type JobState } from "#shared/domain/job.ts";
import type { Amount } from "#shared/domain/money.ts";
import { knownFrom } from "#shared/domain/observation.ts";
import { addHours } from "#shared/domain/time.ts";
import { nextOpening, trackBreaks } from "#shared/pipeline/breaks.ts";
import type { Found } from "#shared/pipeline/compare.ts";
import { jobLine, totalsOf } from "#shared/pipeline/overview.ts";
import { reconcile } from "#shared/pipeline/reconcile.ts";
import {
  companyOf,
  contextOf,
  factsOf,
  feedView,
  type ModelRecord,
  recordOf,
  systemClasses,
  versionText,
} from "#test/support/model-systems.ts";

const start = "2026-11-02T08:00:00.000Z";
const at = (hours: number): string => addHours(start, hours);
const classes = [systemClasses.writable, systemClasses.readOnly, systemClasses.observed];

describe("a break", () => {
  const company = companyOf(classes);
  const gap = (minor: number): Found => ({
    key: "charge",
    kind: "charge",
    gapMinor: minor,
    causes: [{ kind: "unexplained", certainty: "likely", minor, records: [] }],
    connections: ["s1", "s2"],
    sentence: "s2 says more",
    evidence: [],
    graceHours: 2,
    clears: false,
    since: null,
  });
  const after = (hours: number, before: readonly Break[], ...found: readonly Found[]): readonly Break[] =>
    trackBreaks(before, found, contextOf(company, classes, at(hours)));
  const says = (breaks: readonly Break[]): readonly unknown[] => breaks.map((one) => [one.state, one.gapMinor]);
  const first = after(0, [], gap(500));
  const open = after(2, first, gap(500));
  const resolved = after(3, open);

  test("waits out its grace, opens, is resolved by itself and keeps the gap it had", () => {
    expect(says(first)).toEqual([["waiting", 500]]);
    expect(first[0]?.opensAt).toBe(at(2));
    expect(says(after(1.9, first, gap(500)))).toEqual([["waiting", 500]]);
    expect(says(open)).toEqual([["open", 500]]);
    expect(says(resolved)).toEqual([["resolved", 500]]);
    expect(resolved[0]?.resolvedAt).toBe(at(3));
    expect(after(4, resolved)).toEqual(resolved);
  });

  test("that went while it waited was none", () => {
    expect(after(1, first)).toEqual([]);
  });

  test("whose gap moves while it waits waits anew; once open it stays open with the new gap", () => {
    const moved = after(1, first, gap(700));
    expect(says(after(2, moved, gap(700)))).toEqual([["waiting", 700]]);
    expect(says(after(3, moved, gap(700)))).toEqual([["open", 700]]);
    expect(says(after(3, open, gap(700)))).toEqual([["open", 700]]);
  });

  test("that comes back is reopened, after its grace and not at once", () => {
    const back = after(5, resolved, gap(400));
    expect(says(back)).toEqual([["waiting", 400]]);
    expect(says(after(7, back, gap(400)))).toEqual([["reopened", 400]]);
    expect(after(7, back, gap(400))[0]).toMatchObject({ resolvedAt: null, since: at(5) });
    const late = trackBreaks(resolved, [{ ...gap(400), graceHours: 0 }], contextOf(company, classes, at(5)));
    expect(says(late)).toEqual([["reopened", 400]]);
    expect([late[0]?.resolvedAt, late[0]?.since]).toEqual([null, at(5)]);
  });

  test("that comes back and goes within its grace is resolved as it was", () => {
    const back = after(5, resolved, gap(400));
    expect(after(6, back)).toEqual(resolved);
  });

  test("that a person explained is open again when its gap moves; assigned it stays assigned", () => {
    const marked = (state: Break["state"]) => open.map((one) => ({ ...one, state, note: "tax", assignedTo: "ana" }));
    expect(says(after(4, marked("explained"), gap(500)))).toEqual([["explained", 500]]);
    expect(says(after(4, marked("explained"), gap(501)))).toEqual([["open", 501]]);
    expect(says(after(4, marked("assigned"), gap(501)))).toEqual([["assigned", 501]]);
    expect(says(after(4, marked("assigned")))).toEqual([["resolved", 500]]);
  });

  test("opens only when both systems were read completely since it was first seen", () => {
    const read = (completeAt: string | null) => ({
      ...contextOf(company, classes, at(9)),
      feeds: { s1: feedView(at(8), 5), s2: feedView(completeAt, 5) },
    });
    expect(says(trackBreaks(first, [gap(500)], read(null)))).toEqual([["waiting", 500]]);
    expect(says(trackBreaks(first, [gap(500)], read(at(-1))))).toEqual([["waiting", 500]]);
    expect(says(trackBreaks(first, [gap(500)], read(at(1))))).toEqual([["open", 500]]);
  });

  test("and what the reads found has arrived: a read that ended just now is no proof yet", () => {
    const read = (arrivedAt: string | null, arrivesAt: string | null) => ({
      ...contextOf(company, classes, at(9)),
      feeds: { s1: feedView(at(8), 5), s2: { ...feedView(at(9), 5), arrivedAt, arrivesAt } },
    });
    const soon = new Date(Date.parse(at(9)) + 60_000).toISOString();
    const waiting = trackBreaks(first, [gap(500)], read(null, soon));
    expect(says(waiting)).toEqual([["waiting", 500]]);
    expect(nextOpening(waiting, read(null, soon))).toBe(soon);
    expect(says(trackBreaks(first, [gap(500)], read(at(-1), soon)))).toEqual([["waiting", 500]]);
    expect(says(trackBreaks(first, [gap(500)], read(at(1), soon)))).toEqual([["open", 500]]);
  });
});

const plain: ModelRecord = { word: "Completed", reference: "", charge: 32_000, payment: 32_000, modified: 1 };
const told = (connection: string, record: Partial<ModelRecord>) => {
  const index = Number(connection.slice(1)) - 1;
  const { modified, ...facts } = { ...plain, ...record };
  return knownFrom({
    record: recordOf(connection),
    version: { modified: versionText(modified), read: modified },
    digest: JSON.stringify(record),
    at: start,
    hangsOn: [],
    facts: factsOf(classes[index]!, { modified, ...facts }),
  });
};

/** What a job comes to when these are read at this hour. */
function read(
  before: JobState,
  hours: number,
  company: ReturnType<typeof companyOf>,
  records: Readonly<Record<string, Partial<ModelRecord>>> = {},
): JobState {
  const names = Object.keys(records);
  const observations = Object.fromEntries(names.map((name) => [`${name}/jobs/1`, told(name, records[name] ?? {})]));
  const links = Object.keys(observations).map((record) => {
    return { record, rule: "first" as const, evidence: [], at: at(hours), batch: null };
  });
  return reconcile(before, { observations, links }, contextOf(company, classes, at(hours))).state;
}

describe("an open gap of which an amount cannot be read any more", () => {
  const company = companyOf(classes);
  const illegible = { unreadable: "320.005" };
  const of = (charge: Amount, modified: number) => ({ s3: { charge, modified } });
  const open = read(emptyJob("j1"), 0, company, { s1: {}, ...of(30_000, 1) });
  const gone = read(open, 1, company, of(illegible, 2));
  const charges = (state: JobState) =>
    state.breaks.filter((one) => one.key === "charge").map((one) => [one.state, one.gapMinor, one.resolvedAt]);
  const totals = (state: JobState) => {
    const { gapMinor, resolvedMinor, resolved } = totalsOf([{ state, line: jobLine(state, company, {}, at(9)) }]);
    return { gapMinor, resolvedMinor, resolved };
  };
  const none = { gapMinor: 0, resolvedMinor: 0, resolved: 0 };

  test("is put away, which is not resolved: nobody mended it, and what cannot be read stands open instead", () => {
    expect([charges(open), totals(open)]).toEqual([[["open", -2_000, null]], { ...none, gapMinor: 2_000 }]);
    expect([charges(gone), totals(gone)]).toEqual([[["resolved", -2_000, null]], none]);
    expect(gone.breaks.map((one) => [one.key, one.state])).toContainEqual(["unreadable:s3", "open"]);
    expect(charges(read(gone, 5, company))).toEqual(charges(gone));
  });
  test("is open again when the amount can be read and still differs", () => {
    const back = read(gone, 2, company, of(29_000, 3));
    expect([charges(back), totals(back)]).toEqual([[["reopened", -3_000, null]], { ...none, gapMinor: 3_000 }]);
  });
  test("is resolved when the amount can be read and agrees", () => {
    const agreed = read(gone, 2, company, of(32_000, 3));
    expect([charges(agreed), totals(agreed)]).toEqual([
      [["resolved", -2_000, at(2)]],
      { ...none, resolvedMinor: 2_000, resolved: 1 },
    ]);
    expect(charges(read(agreed, 3, company))).toEqual(charges(agreed));
  });
  test("stays put away when it came back and could not be read again within its grace", () => {
    const patient = companyOf(classes, { graceHours: { default: 2 } });
    const waiting = read(gone, 2, patient, of(29_000, 3));
    expect(charges(waiting)).toEqual([["waiting", -3_000, null]]);
    expect(charges(read(waiting, 3, patient, of(illegible, 4)))).toEqual([["resolved", -2_000, null]]);
    expect(charges(read(waiting, 3, patient, of(32_000, 4)))).toEqual([["resolved", -2_000, at(3)]]);
  });
  test("was resolved before: that it was stays so", () => {
    const agreed = read(open, 1, company, of(32_000, 2));
    expect(charges(read(agreed, 2, company, of(illegible, 3)))).toEqual([["resolved", -2_000, at(1)]]);
  });
  test("in the reference is put away too, the other line is not", () => {
    const both = read(emptyJob("j1"), 0, company, { s1: {}, s3: { charge: 30_000, payment: 30_000 } });
    const state = read(both, 1, company, {
      s1: { charge: illegible, modified: 2 },
      s3: { charge: 30_000, modified: 2 },
    });
    expect(charges(state)).toEqual([["resolved", -2_000, null]]);
    expect(state.breaks.find((one) => one.key === "payment")?.resolvedAt).toBe(at(1));
  });
  test("by another system's amount than its own two is resolved", () => {
    const three = read(open, 1, company, { s2: { charge: illegible } });
    expect(charges(read(three, 2, company, of(32_000, 2)))).toEqual([["resolved", -2_000, at(2)]]);
  });
});

describe("a twin that has to be there", () => {
  const company = companyOf(classes, { expectedIn: [{ from: "s3", to: "s1", withinHours: 24 }] });
  const twins = (state: JobState) =>
    state.breaks.filter((one) => one.kind === "missing-twin").map((one) => [one.key, one.state, one.gapMinor]);
  const alone = read(emptyJob("j1"), 0, company, { s3: {} });

  test("is missed by its amount after the hours of the policy, and no longer when it comes", () => {
    expect(twins(alone)).toEqual([["missing-twin:s1", "waiting", 32_000]]);
    expect(alone.dueAt).toBe(at(1));
    expect(twins(read(alone, 23.9, company))).toEqual([["missing-twin:s1", "waiting", 32_000]]);
    const missed = read(alone, 24, company);
    expect(twins(missed)).toEqual([["missing-twin:s1", "open", 32_000]]);
    expect(twins(read(missed, 25, company, { s1: {} }))).toEqual([["missing-twin:s1", "resolved", 32_000]]);
  });

  test("is not missed of a system the policy does not name, before the work is done, or without a policy", () => {
    expect(twins(read(read(emptyJob("j1"), 0, company, { s2: {} }), 48, company))).toEqual([]);
    const open = read(emptyJob("j1"), 0, company, { s3: { word: "Scheduled" } });
    expect(twins(read(open, 48, company))).toEqual([]);
    const none = companyOf(classes);
    expect(twins(read(read(emptyJob("j1"), 0, none, { s3: {} }), 48, none))).toEqual([]);
  });
});

describe("a task", () => {
  const company = companyOf(classes);
  const tasks = (state: JobState) => state.intents.flatMap((one) => (one.kind === "task" ? [one.sentence] : []));
  const agreed = read(emptyJob("j1"), 0, company, { s1: { word: "Scheduled" }, s2: { word: "Scheduled" } });
  const asked = read(agreed, 1, company, { s1: { word: "Completed", modified: 2 } });

  test("asks a person what no API can do, and closes by itself when the vendor shows it done", () => {
    expect(tasks(agreed)).toEqual([]);
    expect(tasks(asked)).toEqual([expect.stringContaining("set status to completed")]);
    const done = read(asked, 2, company, { s2: { word: "Completed", modified: 2 } });
    expect(tasks(done)).toEqual([]);
    expect(done.breaks.map((one) => [one.kind, one.state])).toEqual([["status", "resolved"]]);
  });

  test("stands as it is while nothing changes, and goes when the others take it back", () => {
    expect(tasks(read(asked, 30, company))).toEqual(tasks(asked));
    expect(tasks(read(asked, 2, company, { s1: { word: "Scheduled", modified: 3 } }))).toEqual([]);
  });
});
