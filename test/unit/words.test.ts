import { describe, expect, test } from "vitest";
import type { Narrowing, Vocabulary } from "#shared/connectors/connector.ts";
import type {
  AssignmentFacts,
  InvoiceFacts,
  JobFacts,
  Schedule,
  TechnicianName,
  VisitFacts,
} from "#shared/domain/facts.ts";
import { parseRecordKey } from "#shared/domain/ids.ts";
import { billings } from "#shared/domain/status.ts";
import type { Seen, View } from "#shared/domain/view.ts";
import type { Context } from "#shared/pipeline/context.ts";
import { completedElsewhere, fieldWords, workWord } from "#shared/pipeline/words.ts";
import { companyOf, contextOf, systemClasses } from "#test/support/model-systems.ts";
import { invoice, root, viewWith } from "#test/support/money-view.ts";

const classes = [systemClasses.readOnly, systemClasses.readOnly];
const context = contextOf(companyOf(classes), classes, "2026-11-02T08:00:00.000Z");
const s1 = { connection: "s1" };
const key = "s1/jobs/1";

/** What a record says of a field. */
const says = (
  field: keyof typeof fieldWords,
  facts: Partial<JobFacts>,
  parts: Partial<View> = {},
  of: { readonly context?: Context; readonly people?: Readonly<Record<string, string>> } = {},
) => {
  const one = root(facts, s1);
  return fieldWords[field].word(one, viewWith({ roots: [one], ...parts }), of.context ?? context, of.people ?? {});
};

function part<F extends VisitFacts | AssignmentFacts>(id: string, facts: F, live = true, on = key): Seen<F> {
  const { observation } = invoice({}, { ...s1, id });
  return {
    key: `s1/parts/${id}`,
    connection: "s1",
    live,
    facts,
    observation: { ...observation, hangsOn: [on], facts },
  };
}
const day = (start: string | null): Schedule => ({ day: "2026-11-04", start, end: null });
const visit = (id: string, state: VisitFacts["state"], start: string | null, live = true, on = key): Seen<VisitFacts> =>
  part(
    id,
    { kind: "visit", presence: "present", state, word: state, schedule: start === null ? null : day(start), start },
    live,
    on,
  );

describe("a coarse word, narrowed by the job's visits", () => {
  const rows: readonly Narrowing[] = [
    { word: "Open", when: "done-and-scheduled", set: ["working"] },
    { word: "Open", when: "scheduled-and-held", set: ["held"] },
    { word: "Open", when: "any-working", set: ["completed"] },
    { word: "Open", when: "any-dispatched", set: ["dispatched"] },
    { word: "Open", when: "any-start", set: ["scheduled"] },
    { word: "Open", when: "none-left", set: ["open"] },
  ];
  const narrowing = { ...(context.vocabularies["s1"] as Vocabulary), narrowing: rows };
  const of = { ...context, vocabularies: { s1: narrowing } };
  const wide = { word: "Open", set: ["open", "scheduled", "working"] } as const;
  const meaning = (visits: readonly Seen<VisitFacts>[], work: JobFacts["work"] = wide) => {
    const one = root({ work }, s1);
    return workWord(one, viewWith({ roots: [one], visits }), of);
  };

  test.each([
    ["one done, one to come", [visit("1", "done", "08:00"), visit("2", "scheduled", "09:00")], ["working"]],
    ["one to come, one held", [visit("1", "held", "08:00"), visit("2", "scheduled", "09:00")], ["held"]],
    ["one going on", [visit("1", "working", "08:00"), visit("2", "dispatched", null)], ["completed"]],
    ["one dispatched", [visit("1", "dispatched", "08:00")], ["dispatched"]],
    ["one with a time", [visit("1", "scheduled", "08:00")], ["scheduled"]],
    ["one held, with a time", [visit("1", "held", "08:00")], ["scheduled"]],
    ["all done, with a time", [visit("1", "done", "08:00")], ["scheduled"]],
    ["none", [], ["open"]],
    ["only canceled ones", [visit("1", "canceled", "08:00"), visit("2", "unused", "08:00")], ["open"]],
    ["only one that is gone", [visit("1", "working", "08:00", false)], ["open"]],
    ["only another job's", [visit("1", "working", "08:00", true, "s1/jobs/2")], ["open"]],
    ["one without a time: the word stands", [visit("1", "scheduled", null)], wide.set],
    ["one that says nothing known", [visit("1", "unknown", null)], wide.set],
  ] as const)("%s", (_name, visits, set) => expect(meaning(visits)).toEqual({ word: "Open", set }));
  test("another word is not narrowed", () => {
    const other = { word: "Done", set: ["completed"] } as const;
    expect(meaning([], other)).toEqual(other);
  });
  test.each([
    ["says it has one, and none is read", 1, [], null],
    ["says it has one, and it is gone", 1, [visit("1", "working", "08:00", false)], ["open"]],
    ["says it has two, and one is read", 2, [visit("1", "scheduled", "08:00")], ["scheduled"]],
    ["says it has one, and another job's is read", 1, [visit("1", "working", "08:00", true, "s1/jobs/2")], null],
    ["says it has none", 0, [], ["open"]],
  ] as const)("a job that %s", (_name, count, visits, set) =>
    expect(says("work", { work: wide, visits: count }, { visits }, { context: of })).toEqual(
      set === null ? null : { word: "Open", set },
    ),
  );
  test("a word that no visit narrows stands without them", () => {
    const done = { word: "Done", set: ["completed"] } as const;
    expect(says("work", { work: done, visits: 1 }, {}, { context: of })).toEqual(done);
  });
  test("nor one of a system that has no such rows, or no words at all", () => {
    const one = root({ work: wide }, s1);
    expect(workWord(one, viewWith({ roots: [one] }), context)).toEqual(wide);
    expect(workWord(one, viewWith({ roots: [one] }), { ...context, vocabularies: {} })).toEqual(wide);
  });
});

describe("billing where the vendor prints no word for it", () => {
  const hung = (facts: Partial<InvoiceFacts>, live = true, on = key): Seen<InvoiceFacts> => {
    const one = invoice(facts, { ...s1, live });
    return { ...one, observation: { ...one.observation, hangsOn: [on] } };
  };
  test("its own word stands where it has one", () => {
    const billing = { word: "Paid", set: ["paid"] } as const;
    expect(says("billing", { billing }, { invoices: [hung({ total: 100, balance: 100 })] })).toEqual(billing);
  });
  test.each([
    ["all of it open", [hung({ total: 100, balance: 100 })], ["invoiced"]],
    ["a part open", [hung({ total: 100, balance: 40 })], ["part-paid"]],
    ["not posted yet", [hung({ total: 100, balance: 100, stage: "pending" })], ["ready", "invoiced"]],
    ["free of charge", [hung({ total: 0, balance: 0 })], ["no-charge"]],
    [
      "one posted, one not",
      [hung({ total: 60, balance: 60 }), hung({ total: 40, balance: 40, stage: "pending" })],
      ["invoiced"],
    ],
  ] as const)("it is worked out from its invoices: %s", (_name, invoices, set) =>
    expect(says("billing", { noCharge: true }, { invoices })).toEqual({ word: null, set }),
  );
  test("where all its invoices are gone nothing is billed, and without any nothing is known", () => {
    expect(says("billing", {}, { invoices: [hung({ total: 100, balance: 0 }, false)] })).toEqual({
      word: null,
      set: ["unbilled"],
    });
    expect(says("billing", {})).toEqual({ word: null, set: billings, unknown: true });
  });
  test("what is gone, and what another system billed, is left out", () => {
    const paid = hung({ total: 100, balance: 0 });
    const other = invoice({ total: 50, balance: 50, stage: "pending" }, { connection: "s2" });
    expect(says("billing", {}, { invoices: [paid, hung({ total: 40, balance: 40 }, false), other] })).toMatchObject({
      set: ["paid"],
    });
  });
  test("adjustments count as the connection is configured", () => {
    const adjusts = parseRecordKey("s1/invoices/9");
    const invoices = [hung({ total: 100, balance: 0 }), hung({ total: 20, balance: 20, adjusts })];
    const separate = context.company.connections.map((one) => ({ ...one, adjustments: "separate" as const }));
    const apart = { ...context, company: { ...context.company, connections: separate } };
    expect(says("billing", {}, { invoices })).toMatchObject({ set: ["paid"] });
    expect(says("billing", {}, { invoices }, { context: apart })).toMatchObject({ set: ["part-paid"] });
    const other = separate.map((one) => (one.id === "s1" ? { ...one, adjustments: undefined } : one));
    const elsewhere = { ...context, company: { ...context.company, connections: [...other].reverse() } };
    expect(says("billing", {}, { invoices }, { context: elsewhere })).toMatchObject({ set: ["paid"] });
    const nowhere = { ...context, company: { ...context.company, connections: [] } };
    expect(says("billing", {}, { invoices }, { context: nowhere })).toMatchObject({ set: ["paid"] });
  });
});

describe("when a job is", () => {
  test.each([
    ["its next visit that is not done", [visit("1", "done", "07:00"), visit("2", "scheduled", "09:00")], "09:00"],
    ["the first of several to come", [visit("1", "scheduled", "10:00"), visit("2", "scheduled", "09:00")], "09:00"],
    ["its last visit where all are done", [visit("1", "done", "07:00"), visit("2", "done", "09:00")], "09:00"],
    [
      "its last of three",
      [visit("1", "done", "07:00"), visit("2", "done", "08:00"), visit("3", "done", "09:00")],
      "09:00",
    ],
    [
      "a visit to come before one that was done",
      [visit("1", "scheduled", "07:00"), visit("2", "done", "09:00")],
      "07:00",
    ],
    [
      "the visit that has a time, beside one without",
      [visit("1", "scheduled", null), visit("2", "scheduled", "09:00")],
      "09:00",
    ],
    ["its own time where no visit has one", [visit("1", "scheduled", null)], "06:00"],
    ["its own time where it has no visit", [], "06:00"],
  ])("is %s", (_name, visits, start) =>
    expect(says("schedule", { schedule: day("06:00") }, { visits })).toEqual(day(start)),
  );
  test("is not said where nothing says it", () => expect(says("schedule", {})).toBeNull());
});

describe("who is on a job", () => {
  const people = { "s1/technicians/1": "ana", "s1/technicians/2": "ben", "ben@x.com": "ben" };
  const named = (id: string | null, email: string | null = null): TechnicianName => ({
    ...{ record: id === null ? null : parseRecordKey(`s1/technicians/${id}`), email, name: null },
  });
  const on = (technician: TechnicianName, live = true, of = key) =>
    part(`a${technician.record?.id}`, { kind: "assignment", presence: "present", technician, visit: null }, live, of);
  const crew = (
    technicians: readonly TechnicianName[] | null,
    assignments: View["assignments"] = [],
    are: JobFacts["techniciansAre"] = "all",
  ) => says("assignees", { technicians, techniciansAre: are }, { assignments }, { people });

  test("are the people of the records and addresses it names, each once, in order", () => {
    expect(crew([named("2"), named("1"), named(null, "ben@x.com")])).toEqual({ people: ["ana", "ben"], are: "all" });
    expect(crew([named("9", "ben@x.com")], [], "some")).toEqual({ people: ["ben"], are: "some" });
  });
  test("are those of its assignments too", () => {
    expect(crew(null, [on(named("1"))])).toEqual({ people: ["ana"], are: "all" });
    expect(crew([], [on(named("1"), false), on(named("2"), true, "s1/jobs/2")])).toEqual({ people: [], are: "all" });
  });
  test("is not said where it does not speak of them, or names one nobody knows", () => {
    expect(crew(null)).toBeNull();
    expect(crew([named("1"), named("9")])).toBeNull();
    expect(crew([named(null)])).toBeNull();
  });
});

test("a word means what it says; of work and billing the states it stands for at the moment", () => {
  const moment = { now: "2026-11-02T08:00:00.000Z", completedElsewhereAt: null };
  const meant = (field: keyof typeof fieldWords, word: unknown) => fieldWords[field].meaning(word as never, moment);
  const crew = { people: ["ana"], are: "all" };
  expect([meant("work", { word: "x", set: ["held"] }), meant("billing", { word: "y", set: ["paid"] })]).toEqual([
    ["held"],
    ["paid"],
  ]);
  expect([meant("schedule", day("08:00")), meant("assignees", crew), meant("reference", "PO-7")]).toEqual([
    day("08:00"),
    crew,
    "PO-7",
  ]);
});

describe("when a job was completed elsewhere", () => {
  const at = (completedAt: string | null, connection: string, more = {}) =>
    root({ completedAt, ...more }, { connection, live: connection !== "gone" });
  test.each([
    [
      "the earliest of the others says it",
      [at("2026-11-02T09:00:00Z", "s2"), at("2026-11-02T07:00:00Z", "s3")],
      "2026-11-02T07:00:00Z",
    ],
    [
      "the earliest, whoever is first",
      [at("2026-11-02T07:00:00Z", "s2"), at("2026-11-02T09:00:00Z", "s3")],
      "2026-11-02T07:00:00Z",
    ],
    ["not its own", [at("2026-11-02T07:00:00Z", "s1")], null],
    ["not one that is gone", [at("2026-11-02T07:00:00Z", "gone")], null],
    ["not one that may still be held", [at("2026-11-02T07:00:00Z", "s2", { works: ["completed", "held"] })], null],
    ["not one in another state", [at("2026-11-02T07:00:00Z", "s2", { works: ["held"] })], null],
    [
      "one that does not say when says nothing",
      [at(null, "s2"), at("2026-11-02T09:00:00Z", "s3")],
      "2026-11-02T09:00:00Z",
    ],
  ])("%s", (_name, roots, when) => expect(completedElsewhere(viewWith({ roots }), "s1")).toBe(when));
});
