import { describe, expect, test } from "vitest";
import type { AssignmentFacts, VisitFacts } from "#shared/domain/facts.ts";
import { parseRecordKey } from "#shared/domain/ids.ts";
import type { Seen, View } from "#shared/domain/view.ts";
import { invoice } from "#test/support/money-view.ts";
import { type Asked, key, plan, record } from "#test/support/planned.ts";

describe("a crew", () => {
  const part = <F extends VisitFacts | AssignmentFacts>(
    stream: string,
    id: string,
    facts: F,
    live = true,
    on = key,
  ): Seen<F> => {
    const named = { connection: "s2", stream, id };
    const { observation } = invoice({}, { connection: "s2", id });
    return {
      ...{ key: `s2/${stream}/${id}`, connection: "s2", live, facts },
      observation: { ...observation, record: named, hangsOn: [on], facts },
    };
  };
  const visit = (id: string, state: VisitFacts["state"], start: string) =>
    part("visits", id, { kind: "visit", presence: "present", state, word: state, schedule: null, start });
  const assigned = (id: string, live = true, on = key) =>
    part(
      "assignments",
      id,
      {
        ...{ kind: "assignment" as const, presence: "present" as const, visit: null },
        technician: { record: parseRecordKey(`s2/technicians/${id}`), email: null, name: null },
      },
      live,
      on,
    );
  const people = {
    "s1/technicians/9": "ana",
    "s2/technicians/t1": "ana",
    "s2/technicians/t2": "ben",
    "s2/technicians/t3": "cy",
  };
  const visits = [visit("v2", "scheduled", "2026-11-04T09:00"), visit("v1", "done", "2026-11-02T09:00")];
  const crew = (agreed: readonly string[], assignments: View["assignments"], more: Asked & { are?: "some" } = {}) =>
    plan(
      { assignees: {} },
      { assignees: { people: agreed, are: more.are ?? "all" } },
      { people, view: { visits, assignments }, ...more },
    );

  test("first gets who is missing, by the vendor's own id, on the visit that is still to come", () =>
    expect(crew(["ana", "ben"], [assigned("t3"), assigned("t2")])).toEqual([
      {
        ...{ kind: "write", target: "assignees", record, read: "not assigned", wanted: "assigned", requests: 3 },
        arguments: { action: "assign", technicianId: "t1", appointmentId: "v2" },
        ...{ ask: false, moneyMinor: 0, sentence: "s2 B-7: assign technician t1" },
      },
    ]));
  test("only then loses who left", () =>
    expect(crew(["ana"], [assigned("t1"), assigned("t3")])).toMatchObject([
      {
        ...{ read: "assigned", wanted: "not assigned", sentence: "s2 B-7: unassign technician t3" },
        arguments: { action: "unassign", technicianId: "t3", appointmentId: "v2" },
      },
    ]));
  test("counts who is assigned to this job and still is", () => {
    expect(crew(["ana"], [assigned("t1", false)])).toMatchObject([{ arguments: { action: "assign" } }]);
    expect(crew(["ana"], [assigned("t1", true, "s2/jobs/2")])).toMatchObject([{ arguments: { action: "assign" } }]);
  });
  test("is put on the last visit where all are done, and on none where there is none", () => {
    const past = [visit("v1", "done", "2026-11-01T09:00"), visit("v3", "done", "2026-11-03T09:00")];
    expect(crew(["ana"], [], { view: { visits: past } })).toMatchObject([{ arguments: { appointmentId: "v3" } }]);
    const three = [...past, visit("v4", "done", "2026-11-04T09:00")];
    expect(crew(["ana"], [], { view: { visits: three } })).toMatchObject([{ arguments: { appointmentId: "v4" } }]);
    const out = [visit("v1", "scheduled", "2026-11-01T09:00"), visit("v3", "done", "2026-11-03T09:00")];
    expect(crew(["ana"], [], { view: { visits: out } })).toMatchObject([{ arguments: { appointmentId: "v1" } }]);
    expect(crew(["ana"], [], { view: { visits: [] } })).toEqual([]);
  });
  test("who has no record in this system cannot be assigned there", () =>
    expect(crew(["dee"], [], { people: { ...people, "s1/technicians/8": "dee" } })).toEqual([]));
  test("is left alone where only a lead is known, no API assigns, or it is only observed", () => {
    expect(crew(["ana"], [], { are: "some" })).toEqual([]);
    expect(crew(["ana"], [], { targets: { assignees: "task" } })).toEqual([]);
    expect(crew(["ana"], [], { mode: "observe" })).toEqual([]);
  });
});
