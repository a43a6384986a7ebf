import { describe, expect, test } from "vitest";
import type { JobFacts } from "#shared/domain/facts.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { Seen } from "#shared/domain/view.ts";
import { explain } from "#shared/pipeline/explain.ts";
import { companyOf, contextOf, systemClasses } from "#test/support/model-systems.ts";
import { root } from "#test/support/money-view.ts";
import { now, standingJob } from "#test/support/standing-job.ts";

const classes = [systemClasses.writable, systemClasses.readOnly];
const company = companyOf(classes);
const field = (name: string, state: JobState) =>
  explain(state, [], company, contextOf(company, classes, now), {}).fields.find((one) => one.field === name);
const says = (connection: string, facts: Partial<JobFacts> = {}): Seen<JobFacts> => root(facts, { connection });

describe("a field that is no word is told as", () => {
  const day = { day: "2026-11-04", start: "09:00", end: "11:00" };
  test("a day with its hours", () => {
    const fields = { schedule: { agreed: { ...day, day: "2026-11-03" }, by: [] } };
    const state = standingJob([says("s1", { schedule: day })], { fields });
    expect(field("schedule", state)).toMatchObject({
      agreed: "2026-11-03 09:00-11:00",
      values: [{ says: "2026-11-04 09:00-11:00", means: "2026-11-04 09:00-11:00", agrees: false }],
    });
  });
  test("a reference, also an empty one", () => {
    const fields = { reference: { agreed: "PO-7", by: [] } };
    const state = standingJob([says("s1", { reference: "PO-7" }), says("s2", { reference: "" })], {
      fields,
    });
    expect(field("reference", state)).toMatchObject({
      agreed: "PO-7",
      values: [
        { says: "PO-7", agrees: true },
        { says: "", means: "", agrees: false },
      ],
    });
  });

  const named = (email: string | null, name: string | null, id: string | null = null) => ({
    record: id === null ? null : { connection: "s1", stream: "technicians", id },
    ...{ email, name },
  });
  const crew = (technicians: JobFacts["technicians"], more: Partial<JobState> = {}, facts: Partial<JobFacts> = {}) =>
    field("assignees", standingJob([says("s1", { technicians, ...facts })], more));
  const people = { "s1/technicians/7": "p1", "ben@x.example": "p2", "cy@x.example": "p3" };

  test("a crew by the names that are known of its people", () => {
    const fields = { assignees: { agreed: { people: ["p1", "p2", "p9"], are: "all" }, by: [] } };
    const found = crew([named(null, "Ana Diaz", "7"), named("ben@x.example", null)], { people, fields });
    expect(found).toMatchObject({
      agreed: "Ana Diaz, ben@x.example, p9",
      values: [{ says: "Ana Diaz, ben@x.example" }],
    });
  });
  test("a person is known by record before address, and keeps the first name that was told", () => {
    const both = named("ben@x.example", "Ana Diaz", "7");
    expect(crew([both, named(null, "A. Diaz", "7")], { people })?.values).toMatchObject([{ says: "Ana Diaz" }]);
    expect(crew([named("cy@x.example", "Cy", "8")], { people })?.values).toMatchObject([{ says: "Cy" }]);
    expect(crew([named(null, null, "7")], { people })?.values).toMatchObject([{ says: "p1" }]);
  });
  test("a crew of nobody, a lead with others, and a record that names nobody of several", () => {
    expect(crew([], { people })?.values).toMatchObject([{ says: "nobody" }]);
    const some = { techniciansAre: "some" as const };
    expect(crew([named(null, "Ana Diaz", "7")], { people }, some)?.values).toMatchObject([
      { says: "Ana Diaz and perhaps others" },
    ]);
    expect(crew([], { people }, some)?.values).toMatchObject([{ says: "nobody" }]);
  });
  test("what says nothing of the crew disagrees with nobody", () => {
    const fields = { assignees: { agreed: { people: ["p1"], are: "all" }, by: [] } };
    expect(crew([], { people, fields }, { techniciansAre: "some" })?.values).toMatchObject([{ agrees: true }]);
    expect(crew([], { people, fields })?.values).toMatchObject([{ agrees: false }]);
  });
  test("assigned technicians are known by name too", () => {
    const one = says("s1");
    const facts = {
      kind: "assignment" as const,
      presence: "present" as const,
      visit: null,
      technician: named("ben@x.example", "Ben Roe"),
    };
    const record = { connection: "s1", stream: "assignments", id: "4" };
    const assigned: Seen = {
      ...{ key: "s1/assignments/4", connection: "s1", live: true, facts },
      observation: { ...one.observation, record, hangsOn: ["s1/jobs/1"], facts },
    };
    expect(field("assignees", standingJob([one, assigned], { people }))?.values).toMatchObject([{ says: "Ben Roe" }]);
  });
});
