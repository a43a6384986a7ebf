import { describe, expect, test } from "vitest";
import type { Vocabulary } from "#shared/connectors/connector.ts";
import type { Facts, JobFacts } from "#shared/domain/facts.ts";
import { parseRecordKey } from "#shared/domain/ids.ts";
import type { Attempt, Intent, Refusal } from "#shared/domain/intent.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { Policy } from "#shared/domain/policy.ts";
import { mergeObservations, nothingArrives, reconcile } from "#shared/pipeline/reconcile.ts";
import { type SystemClass, system, systemClasses } from "#test/support/model-systems.ts";
import { invoice, payment, root } from "#test/support/money-view.ts";
import { at, branch, contextAt, job, link, office, read, says, start } from "#test/support/one-job.ts";

/** One job, from what stood and what arrives to what stands: the parts of it that no stage has for itself. */
const { writable, readOnly, observed } = systemClasses;

describe("what arrives", () => {
  const context = contextAt(0, [writable, writable]);
  test("each record's latest stays, whatever came first", () => {
    const [early, late] = [office({ title: "a" }, 1), office({ title: "b" }, 2)];
    for (const [before, after] of [
      [early, late],
      [late, early],
    ] as const)
      expect(mergeObservations(before, { ...after, ...branch() })).toEqual({ ...late, ...branch() });
  });
  test("a record is linked once, by what linked it first, in the order of the records", () => {
    const standing = [link("s1/jobs/2", { rule: "person" })];
    const links = [link("s1/jobs/2"), link("s1/jobs/3"), link("s1/jobs/1", { rule: "part" }), link("s1/jobs/1")];
    const { state } = reconcile(job({}, { links: standing }), { observations: {}, links }, context);
    expect(state.links.map(({ record, rule }) => [record, rule])).toEqual([
      ["s1/jobs/1", "part"],
      ["s1/jobs/2", "person"],
      ["s1/jobs/3", "first"],
    ]);
  });
  test("who a person is, is what was heard last", () => {
    const people = { "s1/customers/1": "p-new", "s1/customers/2": "p2" };
    const known = { "s1/customers/1": "p-old", "s1/customers/0": "p0" };
    expect(reconcile(job({}, { people: known }), { observations: {}, people }, context).state.people).toEqual({
      ...known,
      ...people,
    });
  });
  test("what live records could not make clear is said once, in order", () => {
    const odd = (key: string, facts: Facts, ...notices: readonly string[]) =>
      read(key, facts, 1, { notices, hangsOn: ["s1/jobs/1"] });
    const visit: Facts = {
      ...{ kind: "visit", presence: "present", state: "done", word: "Done", schedule: null, start: null },
    };
    const observations = {
      ...odd("s1/jobs/1", root({}).facts, "root", "twice"),
      ...odd("s1/invoices/1", invoice({}).facts, "invoice", "twice"),
      ...odd("s1/payments/1", payment([]).facts, "payment"),
      ...odd("s1/visits/1", visit, "visit"),
      ...odd("s2/jobs/1", { ...root({}).facts, presence: "deleted" }, "gone"),
    };
    const { state } = reconcile(job(), { observations }, context);
    expect(state.notices).toEqual(["invoice", "payment", "root", "twice", "visit"]);
  });
});

describe("what is told of a change", () => {
  const context = contextAt(1, [writable, writable]);
  test("what was observed, with its records in order and the time", () => {
    const { state, changed } = reconcile(job(), { observations: { ...branch(), ...office() } }, context);
    expect(changed).toBe(true);
    expect(state.lastChange).toMatchObject({
      ...{ version: 0, at: at(1), cause: "observed", records: ["s1/jobs/1", "s2/jobs/1"] },
    });
    expect(state.lastChange?.lines).toContain("s1/jobs/1 first seen");
  });
  test("what time alone has done", () => {
    const policy = { graceHours: { default: 2 } };
    const classes = [readOnly, observed];
    const seen = { ...office({ ...says("Completed"), charge: 500 }), ...branch({ ...says("Completed"), charge: 700 }) };
    const waiting = reconcile(job(), { observations: seen }, contextAt(0, classes, policy)).state;
    const { state } = reconcile(waiting, nothingArrives, contextAt(2, classes, policy));
    expect(state.lastChange).toMatchObject({ at: at(2), cause: "time", records: [] });
    expect(state.lastChange?.lines[0]).toMatch(/^break charge open: /);
  });
  test("nothing, where only bookkeeping moved: the last change stays the last", () => {
    const first = reconcile(job(), { observations: office() }, context).state;
    const again = reconcile(
      first,
      { observations: office({}, 1), people: { a: "p" } },
      contextAt(2, [writable, writable]),
    );
    expect(again.changed).toBe(true);
    expect(again.state.lastChange).toBe(first.lastChange);
    expect(again.state.people).toEqual({ a: "p" });
  });
  test("nothing, where not a byte differs: it is the very same", () => {
    const first = reconcile(job(), { observations: office() }, context).state;
    const again = reconcile(first, { observations: office() }, context);
    expect(again.changed).toBe(false);
    expect(again.state).toBe(first);
  });
});

describe("what is planned and sent", () => {
  const classes = [writable, system("branch", { writes: "api" })];
  const agreed = (mode: SystemClass["mode"] = "apply") => {
    const modes = classes.map((one) => ({ ...one, mode }));
    return reconcile(job(), { observations: { ...office(), ...branch() } }, contextAt(0, modes)).state;
  };
  const moved = (before: JobState, word: string, version: number, mode: SystemClass["mode"] = "apply") =>
    reconcile(
      before,
      { observations: office(says(word), version) },
      contextAt(
        version,
        classes.map((one) => ({ ...one, mode })),
      ),
    );

  test("a write that nobody has to agree to may go, also when it is looked at again; a proposed one waits", () => {
    const first = moved(agreed(), "Completed", 2);
    expect(first.state.intents).toMatchObject([{ wanted: "Completed", target: "status" }]);
    expect(first.send).toEqual(first.state.intents.map(({ id }) => id));
    const again = reconcile(first.state, nothingArrives, contextAt(2, classes));
    expect([again.changed, again.send]).toEqual([false, first.send]);
    const proposed = moved(agreed("propose"), "Completed", 2, "propose");
    expect([proposed.state.intents.length, proposed.send]).toEqual([1, []]);
  });
  test("every write that was ever planned is counted, each once, and no task", () => {
    const first = moved(agreed(), "Working", 2).state;
    expect(first.planned).toBe(1);
    expect(reconcile(first, { observations: branch({ title: "x" }, 3) }, contextAt(3, classes)).state.planned).toBe(1);
    expect(moved(first, "Completed", 3).state.planned).toBe(2);
    const tasks = [writable, readOnly];
    const asked = reconcile(
      reconcile(job(), { observations: { ...office(), ...branch() } }, contextAt(0, tasks)).state,
      { observations: office(says("Completed"), 2) },
      contextAt(2, tasks),
    ).state;
    expect([asked.intents.map(({ kind }) => kind), asked.planned]).toEqual([["task"], 0]);
  });
  test("a person is asked only once the break has stood its grace", () => {
    const tasks = [writable, readOnly];
    const policy = { graceHours: { default: 3 } };
    const both = reconcile(job(), { observations: { ...office(), ...branch() } }, contextAt(0, tasks, policy)).state;
    const done = says("Completed");
    const contradicts = { work: { word: "Completed", set: ["completed"], contradiction: "no visit" } } as const;
    for (const [facts, others] of [
      [done, []],
      [contradicts, ["open"]],
    ] as const) {
      const then = reconcile(both, { observations: office(facts, 1.5) }, contextAt(1, tasks, policy)).state;
      expect([then.breaks.map(({ state }) => state), then.intents]).toEqual([[...others, "waiting"], []]);
      expect(then.dueAt).toBe(at(4));
      const later = reconcile(then, nothingArrives, contextAt(4, tasks, policy)).state;
      expect(later.breaks.map(({ state }) => state)).toEqual([...others, "open"]);
      expect(later.intents.map(({ kind, target }) => [kind, target])).toEqual([["task", "status"]]);
    }
  });

  const intent: Intent = {
    ...{ id: "i1", kind: "write", target: "status", record: parseRecordKey("s2/jobs/1"), read: "Scheduled" },
    ...{ wanted: "Completed", arguments: {}, moneyMinor: 0, requests: 3, needsApproval: false, approved: null },
    ...{ rejected: null, bound: "b", sentence: "s", plannedAt: start, epoch: 1, dueAt: null },
  };
  const attempt: Attempt = {
    ...{ intent, number: 1, startedAt: start, state: "sent", dueAt: at(5), lagRead: null, requestId: null },
    before: { modified: at(1), read: 1, shown: "Scheduled" },
  };
  const refusal = (record: string, target: Refusal["target"] = "status"): Refusal => ({
    ...{ record, target, read: "Scheduled", wanted: "Working", outcome: "ignored", at: start, note: null },
  });
  test("what is seen ends its attempt with a receipt beside those there were, and what was refused there before", () => {
    const receipts = [{ intent: "i0" } as JobState["receipts"][number]];
    const refusals = [refusal("s2/jobs/1"), refusal("s2/jobs/1", "reference"), refusal("s1/jobs/1")];
    const before = job({ ...office(says("Completed")), ...branch() }, { attempts: [attempt], receipts, refusals });
    const { state } = reconcile(before, { observations: branch(says("Completed"), 2) }, contextAt(2, classes));
    expect(state.receipts.map((one) => [one.intent, one.outcome])).toEqual([
      ["i0", undefined],
      ["i1", "applied"],
    ]);
    expect([state.attempts, state.refusals]).toEqual([[], refusals.slice(1)]);
  });
  test("while it is open nothing is planned there, and it says when it is looked at again", () => {
    const before = { ...agreed(), attempts: [attempt] };
    const { state, send } = moved(before, "Completed", 2);
    expect([state.intents, send, state.attempts, state.dueAt]).toEqual([[], [], [attempt], at(5)]);
  });
  test("what is being booked elsewhere is not planned a second time", () => {
    const plain = contextAt(2, classes, { expectedIn: [{ from: "s1", to: "s2", withinHours: 1 }] });
    const words = (id: string) => ({ ...plain.vocabularies[id], targets: { job: "api" } }) as Vocabulary;
    const context = { ...plain, vocabularies: { s1: words("s1"), s2: words("s2") } };
    const links = [link("s1/jobs/1")];
    const done = office({ ...says("Completed"), charge: 500 });
    const { state } = reconcile(job({}, { links }), { observations: done }, context);
    const [booking] = state.intents;
    if (!booking) throw new Error("a booking is planned");
    expect(booking).toMatchObject({ target: "job", kind: "write", record: { connection: "s2" } });
    const under = { ...state, intents: [], attempts: [{ ...attempt, intent: booking }] };
    expect(reconcile(under, nothingArrives, context).state.intents).toEqual([]);
  });
  test("a refusal that comes of it stands beside those there were", () => {
    const ended: Attempt = { ...attempt, state: "unverified", lagRead: 2 };
    const before = job(
      { ...office(says("Completed")), ...branch() },
      { attempts: [ended], refusals: [refusal("s1/jobs/1")] },
    );
    expect(reconcile(before, nothingArrives, contextAt(2, classes)).state.refusals).toHaveLength(1);
    const shown = { ...root({}).facts, ...says("Scheduled") };
    const unmoved = read("s2/jobs/1", shown, 1, { version: { modified: at(1), read: 3 } });
    const after = reconcile(before, { observations: unmoved }, contextAt(2, classes)).state;
    expect(after.refusals.map(({ record, outcome }) => [record, outcome])).toEqual([
      ["s1/jobs/1", "ignored"],
      ["s2/jobs/1", "ignored"],
    ]);
  });
});

describe("breaks keep their history, each of its own kind", () => {
  const classes = [readOnly, observed];
  const context = (hours: number, policy: Partial<Policy> = {}) => contextAt(hours, classes, policy);
  const done = (charge: JobFacts["charge"], received: JobFacts["payment"] = null) => ({
    ...says("Completed"),
    charge,
    payment: received,
  });
  test.each([
    ["charge", { ...office(done(500)), ...branch(done(700)) }, {}],
    ["payment", { ...office(done(500, 0)), ...branch(done(500, 500)) }, {}],
    ["missing-twin:s2", office(done(500)), { expectedIn: [{ from: "s1", to: "s2", withinHours: 1 }] }],
    ["unreadable:s2", { ...office(done(500)), ...branch(done({ unreadable: "5.004" })) }, {}],
    ["presence:s1/jobs/1", { ...office({ presence: "deleted" }), ...branch() }, {}],
    [
      "self-contradiction:s2/jobs/1",
      { ...office(), ...branch({ work: { word: "x", set: ["scheduled"], contradiction: "y" } }) },
      {},
    ],
    ["status:s2/jobs/1", { ...office(says("Completed")), ...branch(says("Working")) }, {}],
  ])("%s", (key, observations, policy) => {
    const links = Object.keys(observations).map((record) => link(record));
    const first = reconcile(job({}, { links }), { observations }, context(0, policy)).state;
    const then = reconcile(first, nothingArrives, context(1, policy)).state;
    expect(then.breaks).toMatchObject([{ key, firstSeen: start, state: "open" }]);
    const explained = {
      ...then,
      breaks: then.breaks.map((one) => ({ ...one, state: "explained" as const, note: "so" })),
    };
    const later = reconcile(explained, nothingArrives, context(2, policy));
    expect(later.state.breaks).toMatchObject([{ key, state: "explained", note: "so" }]);
  });
  test("they stand in the order of their names", () => {
    const observations = {
      ...office(done(500)),
      ...branch({ ...says("Working"), charge: { unreadable: "5.004" } }),
    };
    const { breaks } = reconcile(job(), { observations }, context(0)).state;
    expect(breaks.map(({ key }) => key)).toEqual(["status:s2/jobs/1", "unreadable:s2"]);
  });
});
