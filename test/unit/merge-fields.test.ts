import { describe, expect, test } from "vitest";
import type { JobFacts } from "#shared/domain/facts.ts";
import type { Attempt, Intent } from "#shared/domain/intent.ts";
import { type Base, emptyJob, type JobState } from "#shared/domain/job.ts";
import { knownFrom } from "#shared/domain/observation.ts";
import type { ConnectionConfig, Policy } from "#shared/domain/policy.ts";
import { unknownWord, type Word, type Work, works } from "#shared/domain/status.ts";
import type { Settled } from "#shared/pipeline/attempts.ts";
import { fieldStates, mergeAll, nextBases } from "#shared/pipeline/merge-fields.ts";
import { companyOf, contextOf, systemClasses } from "#test/support/model-systems.ts";
import { root, viewWith } from "#test/support/money-view.ts";

/** What each record of a job brings to the merge of a field, and what is kept of it for the next one. */
const now = "2026-11-02T08:00:00.000Z";
const classes = [systemClasses.writable, systemClasses.writable, systemClasses.writable];
const nothingSettled: Settled = { attempts: [], receipts: [], refusals: [], written: [], ask: [] };

interface Given {
  readonly policy?: Partial<Policy>;
  readonly connections?: Readonly<Record<string, Partial<ConnectionConfig>>>;
  readonly inOrder?: readonly string[];
  readonly state?: Partial<JobState>;
  readonly settled?: Partial<Settled>;
}

/** The roots of a job, merged once. */
function merging(roots: readonly ReturnType<typeof root>[], given: Given = {}) {
  const company = companyOf(classes, given.policy);
  const connections = (given.inOrder ?? company.connections.map(({ id }) => id)).flatMap((id) =>
    company.connections.filter((one) => one.id === id).map((one) => ({ ...one, ...given.connections?.[id] })),
  );
  const context = contextOf({ ...company, connections }, classes, now);
  const state = { ...emptyJob("j"), ...given.state };
  const view = viewWith({ roots });
  const merged = mergeAll(state, view, { ...nothingSettled, ...given.settled }, context);
  return { merged, fields: fieldStates(state, merged), bases: nextBases(state, view, merged, context) };
}

const says = (connection: string, work: Work | Word<Work>, more: Partial<JobFacts> = {}, live = true) =>
  root({ work: typeof work === "string" ? { word: work, set: [work] } : work, ...more }, { connection, live });
const key = (connection: string): string => `${connection}/jobs/1`;
const based = (bases: Readonly<Record<string, Work>>, ask = false): Readonly<Record<string, Base>> =>
  Object.fromEntries(
    Object.entries(bases).map(([connection, word]) => [key(connection), { word: { word, set: [word] }, ask }]),
  );
const recordsOf = ({ merged }: ReturnType<typeof merging>): readonly string[] | undefined =>
  merged.work?.sides.map(({ record }) => record);

describe("whose word counts", () => {
  const two = [says("s1", "completed"), says("s2", "working")];
  test.each([
    ["every live root of a connection that takes part", two, {}, ["s1", "s2"]],
    ["not a record that is gone", [says("s1", "completed"), says("s2", "working", {}, false)], {}, ["s1"]],
    ["not one of a connection that is not configured", [...two, says("s9", "held")], {}, ["s1", "s2"]],
    ["not what a company's own fleet costs", two, { connections: { s2: { book: "cost" } } }, ["s1"]],
    ["a client's book as well", two, { connections: { s2: { book: "payable" } } }, ["s1", "s2"]],
    [
      "one without authority that is written, behind all others",
      two,
      { policy: { authority: { work: ["s2"] }, editors: {} } },
      ["s2", "s1"],
    ],
    [
      "not one without authority that is only observed",
      two,
      { policy: { authority: { work: ["s2"] }, editors: {} }, connections: { s1: { mode: { default: "observe" } } } },
      ["s2"],
    ],
    [
      "an observed one that has authority",
      two,
      { connections: { s1: { mode: { default: "observe" } } } },
      ["s1", "s2"],
    ],
    [
      "an observed one that may edit, though it has no authority",
      two,
      {
        policy: { authority: { work: ["s2"] }, editors: { work: ["s1"] } },
        connections: { s1: { mode: { default: "observe" } } },
      },
      ["s2", "s1"],
    ],
    [
      "one whose status alone is written",
      two,
      {
        policy: { authority: { work: ["s2"] }, editors: {} },
        connections: { s1: { mode: { default: "observe", status: "propose" } } },
      },
      ["s2", "s1"],
    ],
  ] satisfies readonly (readonly [string, typeof two, Given, readonly string[]])[])("%s", (_name, roots, given, who) =>
    expect(recordsOf(merging(roots, given))).toEqual(who.map(key)),
  );

  test("of a field of which no record speaks, nobody's", () => {
    const found = merging([says("s1", "completed")]);
    expect(Object.keys(found.merged)).toEqual(["work"]);
    expect(Object.keys(found.fields)).toEqual(["work"]);
  });

  test("and only an editor's moves it", () => {
    const bases = { work: based({ s1: "scheduled", s2: "scheduled" }) };
    const state = { fields: { work: { agreed: ["scheduled"], by: [] } }, bases };
    const roots = [says("s1", "scheduled"), says("s2", "working")];
    expect(merging(roots, { state }).fields.work).toEqual({ agreed: ["working"], by: [key("s2")] });
    const found = merging(roots, { state, policy: { authority: { work: ["s1", "s2"] }, editors: { work: ["s1"] } } });
    expect(found.fields.work).toEqual({ agreed: ["scheduled"], by: [] });
  });
});

describe("whose word comes first", () => {
  const first = (roots: readonly ReturnType<typeof root>[], given: Given): unknown =>
    merging(roots, given).fields.work?.agreed;
  const policy: Partial<Policy> = { authority: { work: ["s3"] }, editors: { work: ["s1", "s2", "s3"] } };

  test("is that of the field's authority, wherever its connection stands", () =>
    expect(first([says("s1", "working"), says("s3", "completed")], { policy })).toEqual(["completed"]));
  test("then that of the connection named first", () => {
    const roots = [says("s1", "working"), says("s2", "completed")];
    expect(first(roots, { policy })).toEqual(["working"]);
    expect(first(roots, { policy, inOrder: ["s2", "s1", "s3"] })).toEqual(["completed"]);
  });
});

describe("a word and its base mean what they mean at this moment", () => {
  const late: Word<Work> = {
    ...{ word: "Working", set: ["working"] },
    also: { states: ["completed"], hoursAfterCompletion: 4 },
  };
  const agreesAfter = (hours: number): boolean | undefined => {
    const completedAt = new Date(Date.parse(now) - hours * 3_600_000).toISOString();
    const state = {
      fields: { work: { agreed: ["completed"], by: [key("s1")] } },
      bases: { work: { ...based({ s1: "completed" }), [key("s2")]: { word: late, ask: false } } },
    };
    const found = merging([says("s1", "completed", { completedAt }), says("s2", late)], { state });
    expect(found.fields.work?.by).toEqual([key("s1")]);
    return found.merged.work?.sides.find(({ record }) => record === key("s2"))?.agrees;
  };
  test("a word that lags agrees for its hours, and time alone edits nothing", () =>
    expect([agreesAfter(3.9), agreesAfter(4)]).toEqual([true, false]));
});

describe("a word that nobody understands", () => {
  const odd = unknownWord<Work>("Misc", works);
  test("says nothing at first sight, and is no base", () => {
    const found = merging([says("s1", "completed"), says("s2", odd)]);
    expect(recordsOf(found)).toEqual([key("s1")]);
    expect(Object.keys(found.bases.work ?? {})).toEqual([key("s1")]);
  });
  test("keeps the base that stood, and hides no disagreement that others pass over", () => {
    const bases = { work: based({ s1: "completed", s2: "working" }) };
    const state = { fields: { work: { agreed: ["completed"], by: [] } }, bases };
    const found = merging([says("s1", "completed"), says("s2", odd), says("s3", "completed")], { state });
    const side = found.merged.work?.sides.find(({ record }) => record === key("s2"));
    expect(side).toMatchObject({ silent: true, agrees: true, ask: true, rebase: false });
    expect(found.bases.work?.[key("s2")]).toEqual({ word: { word: "working", set: ["working"] }, ask: true });
  });
  test("is told apart from one that is known to mean everything, and from a text", () => {
    const wide = merging([says("s1", { word: "Any", set: works }, { reference: "unknown" })]);
    expect(wide.merged.work?.sides).toMatchObject([{ silent: false }]);
    expect(wide.merged.reference?.sides).toMatchObject([{ silent: false }]);
    expect(wide.fields.reference).toEqual({ agreed: "unknown", by: [] });
  });
});

describe("what our own writes leave", () => {
  const state = (ask = false): Partial<JobState> => ({
    fields: { work: { agreed: ["completed"], by: [key("s1")] } },
    bases: { work: based({ s1: "completed", s2: "working" }, ask) },
  });
  const roots = (work: Work) => [says("s1", "completed"), says("s2", work)];
  const attempt = (connection: string, target: Intent["target"]): Attempt =>
    ({
      intent: { record: { connection, stream: "jobs", id: "1" }, target } as Intent,
      before: { modified: null, read: 5, shown: "working" },
    }) as Attempt;
  /** The branch's record as it was found last by this read. */
  const readBy = (read: number): Partial<JobState> => ({
    observations: { [key("s2")]: { ...knownFrom(says("s2", "held").observation), seenRead: read } },
  });
  const branch = (found: ReturnType<typeof merging>) =>
    found.merged.work?.sides.find(({ record }) => record === key("s2"));

  test("a question that stood stands on, one that an attempt leaves is added, else there is none", () => {
    expect(branch(merging(roots("working"), { state: state() }))?.ask).toBe(false);
    expect(branch(merging(roots("working"), { state: state(true) }))?.ask).toBe(true);
    const ask = [`${key("s2")}|status`];
    expect(branch(merging(roots("working"), { state: state(), settled: { ask } }))?.ask).toBe(true);
    expect(
      branch(merging(roots("working"), { state: state(), settled: { ask: [`${key("s2")}|reference`] } }))?.ask,
    ).toBe(false);
  });
  test("a record is held while a write of this very field is open there, and its base waits", () => {
    const held = (...attempts: readonly Attempt[]) =>
      merging(roots("held"), { state: { ...state(), ...readBy(6) }, settled: { attempts } });
    const open = held(attempt("s3", "status"), attempt("s2", "status"));
    expect(branch(open)).toMatchObject({ held: true, rebase: false });
    expect(open.bases.work?.[key("s2")]).toEqual({ word: { word: "working", set: ["working"] }, ask: false });
    expect(branch(held(attempt("s2", "reference"), attempt("s3", "status")))?.held).toBe(false);
    expect(branch(held())).toMatchObject({ held: false, rebase: true });
  });
  test("what was read there before the write began is an edit, however late it comes; with it the record is held again", () => {
    const settled = { attempts: [attempt("s2", "status")] };
    const late = merging(roots("held"), { state: { ...state(), ...readBy(4) }, settled });
    expect(branch(late)).toMatchObject({ held: false, rebase: true, ask: true });
    expect(branch(merging(roots("held"), { state: { ...state(), ...readBy(5) }, settled }))?.held).toBe(true);
    expect(branch(merging(roots("working"), { state: { ...state(), ...readBy(4) }, settled }))?.held).toBe(true);
  });
  test("a record first read while a write there is open has no base yet", () => {
    const settled = { attempts: [attempt("s2", "status")] };
    const found = merging(roots("held"), { state: { fields: state().fields ?? {} }, settled });
    expect(Object.keys(found.bases.work ?? {})).toEqual([key("s1")]);
  });
  test("a word of ours that shows is nobody's edit", () => {
    const written = [`${key("s2")}|status`];
    const found = merging(roots("completed"), { state: state(), settled: { written } });
    expect(found.fields.work?.by).toEqual([key("s1")]);
    expect(found.bases.work?.[key("s2")]?.word).toEqual({ word: "completed", set: ["completed"] });
    expect(merging(roots("completed"), { state: state() }).fields.work?.by).toEqual([key("s1"), key("s2")]);
  });
});

describe("what is kept", () => {
  test("the base takes a changed word, and not another word of the same meaning", () => {
    const state = {
      fields: { work: { agreed: ["completed"], by: [] } },
      bases: { work: based({ s1: "completed", s2: "completed" }) },
    };
    const same: Word<Work> = { word: "Finished", set: ["completed"] };
    const found = merging([says("s1", same), says("s2", "held")], { state });
    expect(found.bases.work?.[key("s1")]?.word).toEqual({ word: "completed", set: ["completed"] });
    expect(found.bases.work?.[key("s2")]?.word).toEqual({ word: "held", set: ["held"] });
  });
  test("a first word is the base, also one that says nothing yet", () => {
    const none = { technicians: [], techniciansAre: "some" } as const;
    const found = merging([says("s1", "completed", none)], { policy: { authority: { assignees: ["s1"] } } });
    expect(found.bases.assignees).toEqual({ [key("s1")]: { word: { people: [], are: "some" }, ask: false } });
  });
  test("what stood for a record that is gone, and for a field of which nobody speaks any more", () => {
    const state: Partial<JobState> = {
      fields: { work: { agreed: ["completed"], by: [key("s2")] }, reference: { agreed: "PO-7", by: [key("s1")] } },
      bases: { work: based({ s1: "completed", s2: "completed" }), schedule: based({ s1: "held" }) },
    };
    const found = merging([says("s1", "completed"), says("s2", "held", {}, false)], { state });
    expect(found.bases).toMatchObject(state.bases ?? {});
    expect(found.fields).toMatchObject(state.fields ?? {});
    expect(found.merged.reference).toEqual({ agreed: "PO-7", by: [key("s1")], sides: [] });
  });
  test("what another stage found of a field that was not merged", () => {
    const state = { ...emptyJob("j"), fields: { work: { agreed: ["held"], by: [] } } };
    expect(fieldStates(state, {})).toEqual(state.fields);
  });
});
