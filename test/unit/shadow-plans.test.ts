import { describe, expect, test } from "vitest";
import type { VisitFacts } from "#shared/domain/facts.ts";
import type { Receipt } from "#shared/domain/intent.ts";
import { emptyJob, type JobState } from "#shared/domain/job.ts";
import { knownFrom } from "#shared/domain/observation.ts";
import type { CompanyConfig, Mode } from "#shared/domain/policy.ts";
import type { PastState } from "#shared/pipeline/past-states.ts";
import { nothingArrives, reconcile } from "#shared/pipeline/reconcile.ts";
import type { ContextAt } from "#shared/pipeline/replay.ts";
import { asIfProposed, shadowJob } from "#shared/pipeline/shadow.ts";
import { companyOf, contextOf, readingOf, systemClasses } from "#test/support/model-systems.ts";
import { standingReceipt } from "#test/support/standing-job.ts";
import { at } from "#test/support/told-past.ts";

/** The office (s1) says what is so; a branch (s2) and a client's system (s3), which nobody edits, could be written. */
const classes = [systemClasses.readOnly, systemClasses.writable, systemClasses.coarse];
const companyWith = (...modes: readonly Mode[]): CompanyConfig => {
  const company = companyOf(classes);
  return {
    ...company,
    connections: company.connections.map((one, n) => ({ ...one, mode: { default: modes[n] ?? "observe" } })),
  };
};
const observing = companyWith();
const under =
  (company: CompanyConfig): ContextAt =>
  (now) =>
    contextOf(company, classes, now);
const day = { from: at(0), to: at(24) };

/** What each system says from an hour on; s1, s2, s3 in this order, null where it says nothing new. */
type Said = readonly [hour: number, ...words: readonly (string | null)[]];
function past(
  said: readonly Said[],
  then: (state: JobState, n: number) => JobState = (state) => state,
  id = "j1",
): readonly PastState[] {
  const states: PastState[] = [];
  for (const [n, [hour, ...words]] of said.entries()) {
    const observations = Object.fromEntries(
      words.flatMap((word, place) => {
        const one = classes[place];
        if (word === null || !one) return [];
        const record = { word, reference: "", charge: null, payment: null, modified: n };
        return [[`s${place + 1}/jobs/1`, readingOf(one, `s${place + 1}`, record, n + 1, at(hour))] as const];
      }),
    );
    const before = states.at(-1)?.state ?? emptyJob(id);
    const { state } = reconcile(before, { ...nothingArrives, observations }, under(observing)(at(hour)));
    states.push({ state: then(state, n), version: n + 1, at: at(hour) });
  }
  return states;
}
const start: Said = [8, "Working", "Working", "Pending"];
const told = (states: readonly PastState[], company = observing, period = day) =>
  shadowJob(states, period, company, under(asIfProposed(company))).map(
    ({ intent, plannedAt, verdict, at: fell, did }) => {
      const hour = (instant: string | null) => (instant === null ? "" : instant.slice(11, 16));
      return `${intent.record.connection} ${hour(plannedAt)} ${verdict} ${hour(fell)} ${did.join(", ")}`.trim();
    },
  );

describe("plans nobody was told of", () => {
  test("stand in the order in which they would have been made, whatever came of them first", () => {
    const client = (hour: number, word: string): Said => [hour, null, null, word];
    const states = past([start, [9, "Completed"], client(10, "Closed"), client(11, "Pending"), client(12, "Closed")]);
    const lines = told(states);
    expect(lines.slice(0, 2).sort()).toEqual(["s2 09:00 open", "s3 09:00 agreed 10:00 Closed"]);
    expect(lines.slice(2)).toEqual(["s3 11:00 agreed 12:00 Closed"]);
  });
  test.each(["j1", "j2", "j3", "j4", "j5", "j6"])("of one instant stand by their ids (%s)", (id) => {
    const said: readonly Said[] = [start, [9, "Completed"], [10, null, null, "Closed"], [11, null, null, "Pending"]];
    const found = shadowJob(past(said, undefined, id), day, observing, under(asIfProposed(observing)));
    const places = found.map(({ plannedAt, intent }) => `${plannedAt} ${intent.id}`);
    expect(places).toHaveLength(3);
    expect(places).toEqual([...places].sort());
  });
  test("keep when they were first made while they stand, and what the record showed on the way, each word once", () => {
    const states = past([
      start,
      [9, "Completed"],
      [10, null, "Scheduled"],
      [11],
      [12, null, "Working"],
      [13, null, "Completed"],
    ]);
    expect(told(states).filter((line) => line.startsWith("s2"))).toEqual([
      "s2 09:00 agreed 13:00 Scheduled, Working, Completed",
    ]);
  });
  test("are only those of systems that are observed, and only writes", () => {
    const states = past([start, [9, "Completed"]]);
    expect(told(states, companyWith("observe", "apply", "observe"))).toEqual(["s3 09:00 open"]);
    expect(told(states, companyWith("observe", "propose", "apply"))).toEqual([]);
    const gone = { ...observing, connections: observing.connections.filter(({ id }) => id !== "s3") };
    expect(
      shadowJob(states, day, gone, under(asIfProposed(observing))).map(({ intent }) => intent.record.connection),
    ).toEqual(["s2"]);
    expect(told(past([start, [9, null, "Completed", "Closed"]]))).toEqual([]);
  });
  test("end with the job when it is joined into another, and none is made there", () => {
    const said: readonly Said[] = [start, [9, "Completed", null, "Closed"], [10]];
    const joined = (from: number) => past(said, (state, n) => (n >= from ? { ...state, forwardTo: "j9" } : state));
    expect(told(joined(2))).toEqual(["s2 09:00 superseded 10:00"]);
    expect(told(joined(1))).toEqual([]);
  });
});

describe("a write of our own is nobody's agreement", () => {
  const said: readonly Said[] = [start, [9, "Completed", null, "Closed"], [10, null, "Completed"]];
  const ours = (more: Partial<Receipt> = {}) => {
    const record = { connection: "s2", stream: "jobs", id: "1" };
    const receipt = standingReceipt("i1", { record, at: at(9.5), ...more });
    return told(past(said, (state, n) => (n === 2 ? { ...state, receipts: [receipt] } : state)));
  };
  test("made while the mode was another", () => {
    expect(ours()).toEqual([]);
    expect(ours({ at: at(9) })).toEqual([]);
  });
  const agreed = ["s2 09:00 agreed 10:00 Completed"];
  test.each<[string, Partial<Receipt>]>([
    ["that was made before the plan", { at: at(8.9) }],
    ["of another target", { target: "schedule" }],
    ["of another value", { wanted: "Scheduled" }],
    ["to another record", { record: { connection: "s3", stream: "jobs", id: "1" } }],
    ["that did not take", { outcome: "ignored" }],
  ])("but one %s is another", (_name, more) => expect(ours(more)).toEqual(agreed));
});

test("technicians are followed each by their own place in the crew", () => {
  const plain = systemClasses.writable;
  const crew = (people: readonly string[], read: number, connection: string) => {
    const known = readingOf(
      plain,
      connection,
      { word: "Working", reference: "", charge: null, payment: null, modified: read },
      read,
      at(8),
    );
    if (known.said?.facts.kind !== "job") throw new Error("a job");
    const technicians = people.map((email) => ({ record: null, email, name: null }));
    return { ...known, said: { ...known.said, facts: { ...known.said.facts, technicians } } };
  };
  const company: CompanyConfig = {
    ...observing,
    policy: { ...observing.policy, authority: { assignees: ["s1", "s2"] }, editors: { assignees: ["s1"] } },
  };
  const people = Object.fromEntries(
    ["ana", "ben", "cy"].flatMap((name) => [
      [name, `p-${name}`],
      [`s2/technicians/${name}`, `p-${name}`],
    ]),
  );
  const proposing: ContextAt = (now) => {
    const plainly = under(asIfProposed(company))(now);
    const targets = { ...plainly.vocabularies["s2"]?.targets, assignees: "api" as const };
    const branch = plainly.vocabularies["s2"];
    if (!branch) throw new Error("the branch has a vocabulary");
    return {
      ...plainly,
      vocabularies: { ...plainly.vocabularies, s2: { ...branch, targets } },
      shows: () => "as it was",
    };
  };
  const state = (observations: JobState["observations"], before = emptyJob("j1"), hour = 8) =>
    reconcile(before, { observations, people }, proposing(at(hour))).state;
  const branch = crew(["ana"], 1, "s2");
  const visit: VisitFacts = {
    kind: "visit",
    presence: "present",
    state: "scheduled",
    word: "",
    schedule: null,
    start: null,
  };
  const record = { connection: "s2", stream: "visits", id: "v1" };
  const first = state({
    ...{ "s1/jobs/1": crew(["ana"], 1, "s1"), "s2/jobs/1": branch },
    "s2/visits/v1": knownFrom({ ...branch.said, record, hangsOn: ["s2/jobs/1"], facts: visit }),
  });
  const second = state({ "s1/jobs/1": crew(["ana", "ben", "cy"], 2, "s1") }, first, 9);
  const states = [first, second].map((one, n) => ({ state: { ...one, intents: [] }, version: n + 1, at: at(8 + n) }));
  const found = shadowJob(states, day, company, proposing);
  expect(found.map(({ intent }) => intent.arguments["technicianId"]).sort()).toEqual(["ana", "ben", "cy"]);
});
