import { describe, expect, test } from "vitest";
import type { Intent, Receipt, Refusal } from "#shared/domain/intent.ts";
import { emptyJob, type JobState, type Link } from "#shared/domain/job.ts";
import { knownFrom } from "#shared/domain/observation.ts";
import type { Mode, Policy, Rule } from "#shared/domain/policy.ts";
import type { Context } from "#shared/pipeline/context.ts";
import { planIntents } from "#shared/pipeline/intents.ts";
import type { Wanted } from "#shared/pipeline/plan.ts";
import { companyOf, contextOf, feedView, systemClasses } from "#test/support/model-systems.ts";
import { root } from "#test/support/money-view.ts";

const at = (clock: string): string => `2026-11-02T${clock}:00.000Z`;
const classes = [systemClasses.writable, systemClasses.writable];
const record = { connection: "s1", stream: "jobs", id: "1" };
const key = "s1/jobs/1";
const wanted: Wanted = {
  ...{ kind: "write", target: "status", record, read: "Working", wanted: "Completed", arguments: { a: 1 } },
  ...{ moneyMinor: 0, requests: 3, ask: false, sentence: "Working becomes Completed" },
};

interface Asked {
  readonly state?: Partial<JobState>;
  readonly clock?: string;
  readonly mode?: Mode;
  readonly policy?: Partial<Policy>;
  readonly context?: Partial<Context>;
  readonly open?: readonly string[];
}

function plan(
  one: Partial<Wanted> = {},
  { state = {}, clock = "08:00", mode = "apply", policy = {}, context = {}, open = [] }: Asked = {},
): readonly Intent[] {
  const company = companyOf(classes, policy);
  const connections = company.connections.map((known) => ({ ...known, mode: { default: mode } }));
  const whole = { ...contextOf({ ...company, connections }, classes, at(clock)), quietSeconds: 60, ...context };
  return planIntents({ ...emptyJob("j"), ...state }, [{ ...wanted, ...one }], new Set(open), whole);
}
const first = (...args: Parameters<typeof plan>): Intent => {
  const [intent] = plan(...args);
  if (!intent) throw new Error("nothing is planned");
  return intent;
};
const approve = (intent: Intent): Intent => ({ ...intent, approved: { by: "Ana", at: at("08:05") } });

describe("what is planned", () => {
  test("is the change with its identity, its time and what it is bound to", () => {
    const { id, bound, ...rest } = first();
    expect(id).toMatch(/^i[0-9a-f]{20}$/);
    expect(bound).toMatch(/^[0-9a-f]{20}$/);
    const { ask: _, ...change } = wanted;
    expect(rest).toEqual({
      ...change,
      ...{
        needsApproval: false,
        approved: null,
        rejected: null,
        plannedAt: at("08:00"),
        epoch: 1,
        dueAt: "2026-11-02T08:01:00.000Z",
      },
    });
  });

  test.each([
    ["nothing else is at stake", {}, "apply", false],
    ["somebody's edit lost", { ask: true }, "apply", true],
    ["the connection only proposes", {}, "propose", true],
    ["the connection is only observed", {}, "observe", true],
    ["money moves", { moneyMinor: -1 }, "apply", true],
    ["it is a task", { kind: "task", ask: true, moneyMinor: 5 }, "propose", false],
    ["nobody knows the connection", { record: { ...record, connection: "s9" } }, "apply", true],
  ] as const)("where %s (%j, %s): needs approval is %j", (_name, one, mode, needs) =>
    expect(first(one, { mode }).needsApproval).toBe(needs),
  );

  test("a task is never due; what waits for a person neither, until they say yes", () => {
    expect(first({ kind: "task" }).dueAt).toBeNull();
    const asked = first({}, { mode: "propose" });
    expect(asked.dueAt).toBeNull();
    const approved = first({}, { mode: "propose", clock: "09:00", state: { intents: [approve(asked)] } });
    expect(approved).toMatchObject({ approved: { by: "Ana" }, dueAt: at("08:05"), plannedAt: at("08:00") });
  });
});

describe("a rule that approves", () => {
  const rule: Rule = { name: "small", connection: "s1", target: "payment", capMinor: 500, approvedBy: "Ana" };
  const by = (one: Partial<Wanted>, more: Partial<Rule> = {}) =>
    first({ target: "payment", moneyMinor: 500, ...one }, { policy: { rules: [{ ...rule, ...more }] } }).approved;
  test("says yes up to its cap, in both directions, in its own name", () => {
    expect(by({})).toEqual({ by: "Ana", at: at("08:00"), rule: "small" });
    expect(by({ moneyMinor: -500 })).toMatchObject({ rule: "small" });
  });
  test.each([
    ["more than its cap", { moneyMinor: 501 }, {}],
    ["more than its cap, taken back", { moneyMinor: -501 }, {}],
    ["another target", { target: "amount" }, {}],
    ["another connection", {}, { connection: "s2" }],
  ] as const)("does not for %s", (_name, one, more) => expect(by(one, more)).toBeNull());
  test("is not asked where nobody has to approve", () =>
    expect(first({}, { policy: { rules: [{ ...rule, target: "status", capMinor: 0 }] } }).approved).toBeNull());
});

describe("law 8: an approval stands while what it is bound to stands", () => {
  const known = (modified: string | null) => ({
    [key]: knownFrom({ ...root({}, { connection: "s1" }).observation, version: { modified, read: 1 } }),
  });
  const link = (record: string, rule: Link["rule"]): Link => ({
    record,
    rule,
    evidence: [],
    at: at("07:00"),
    batch: null,
  });
  const links = [link(key, "first")];
  const state = { observations: known(at("07:00")), links };
  const asked = first({}, { mode: "propose", state });
  const again = (more: Asked = {}, one: Partial<Wanted> = {}) =>
    first(one, {
      mode: "propose",
      clock: "09:00",
      ...more,
      state: { ...state, intents: [approve(asked)], ...more.state },
    });

  test("the same change keeps its id, its approval and its time", () =>
    expect(again()).toEqual({ ...approve(asked), dueAt: at("08:05") }));
  test("a part that is linked, another sentence or a new reading of the same version does not void it", () => {
    expect(again({ state: { links: [...links, link("s1/invoices/1", "part")] } }).approved).not.toBeNull();
    expect(again({}, { sentence: "in other words" })).toMatchObject({
      approved: { by: "Ana" },
      sentence: "in other words",
    });
  });
  test.each([
    ["the record's version moved", { state: { observations: known(at("07:30")) } }, {}],
    ["the record has no version any more", { state: { observations: known(null) } }, {}],
    ["another record was linked", { state: { links: [...links, link("s2/jobs/1", "person")] } }, {}],
    ["the policy is another", { context: { policyVersion: "2" } }, {}],
    ["other arguments are sent", {}, { arguments: { a: 2 } }],
    ["the amount is another", {}, { moneyMinor: 1 }],
  ] as const)("%s: it has to be approved again", (_name, more, one) => {
    const next = again(more as Asked, one);
    expect(next).toMatchObject({ id: asked.id, approved: null, plannedAt: at("09:00"), dueAt: null });
    expect(next.bound).not.toBe(asked.bound);
  });
  test.each([
    ["another value is wanted", { wanted: "Closed" }],
    ["something else is read", { read: "Held" }],
    ["it is another target", { target: "schedule" }],
    ["it is another record", { record: { ...record, id: "2" } }],
    ["it is another technician", { arguments: { a: 1, technicianId: "t1" } }],
  ] as const)("%s: it is another intent", (_name, one) => {
    expect(again({}, one).id).not.toBe(asked.id);
    expect(again({}, one).approved).toBeNull();
  });
  test("what need not be approved any more, and then must again, is asked again", () => {
    expect(again({ mode: "apply" })).toMatchObject({ needsApproval: false, plannedAt: at("09:00") });
    const free = again({ mode: "apply" });
    expect(first({}, { mode: "propose", clock: "10:00", state: { ...state, intents: [free] } })).toMatchObject({
      approved: null,
      plannedAt: at("10:00"),
    });
  });
  test("a person's no stands just as long", () => {
    const rejected = { ...asked, rejected: { by: "Ana", at: at("08:05"), why: "wrong" } };
    expect(again({ state: { intents: [rejected] } }).rejected).toMatchObject({ why: "wrong" });
    expect(again({ state: { intents: [rejected], observations: known(at("07:30")) } }).rejected).toBeNull();
  });
});

describe("what did not take", () => {
  const refusal: Refusal = {
    ...{ record: key, target: "status", read: "Working", wanted: "Completed" },
    outcome: "ignored",
    at: at("07:00"),
    note: null,
  };
  const of = (more: Partial<Refusal>) => plan({}, { state: { refusals: [{ ...refusal, ...more }] } });

  test.each([["ignored"], ["unresolved"]] as const)("%s: it is not planned again", (outcome) =>
    expect(of({ outcome })).toEqual([]),
  );
  test.each([
    [{ outcome: "retried" }],
    [{ record: "s1/jobs/2" }],
    [{ target: "schedule" }],
    [{ read: "Held" }],
    [{ wanted: "Closed" }],
  ] as const)("a refusal with %j is another one's", (more) => expect(of(more)).toHaveLength(1));
  test("what the vendor refused is asked of a person, with the vendor's words", () => {
    const [asked, ...others] = of({ outcome: "rejected", note: "locked" });
    expect(others).toEqual([]);
    expect(asked).toMatchObject({ kind: "task", requests: 0, needsApproval: false, dueAt: null });
    for (const words of [wanted.sentence, "set status to Completed", "the vendor said: locked"])
      expect(asked?.sentence).toContain(words);
    const [silent] = of({ outcome: "rejected" });
    expect(silent?.sentence).toContain("set status to Completed");
    expect(silent?.sentence).not.toContain("the vendor said");
  });
  test("a task is asked whatever was refused", () =>
    expect(plan({ kind: "task" }, { state: { refusals: [refusal] } })).toHaveLength(1));
  test("nothing is planned on a record's field while an attempt is open there", () => {
    expect(plan({}, { open: [`${key}|status`] })).toEqual([]);
    expect(plan({}, { open: [`${key}|schedule`] })).toHaveLength(1);
    expect(plan({ kind: "task" }, { open: [`${key}|status`] })).toHaveLength(1);
  });
});

describe("a record that is to be made is made once", () => {
  const made = { target: "job", record: { ...record, id: "new:s2/jobs/1" } } as const;
  const receipt = { ...made, outcome: "applied" } as Receipt;
  const of = (more: Partial<Receipt>, one: Partial<Wanted> = made) =>
    plan(one, { state: { receipts: [{ ...receipt, ...more }] } });
  test("afterwards its break waits for the office", () => expect(of({})).toEqual([]));
  test.each([
    ["it was not", { outcome: "rejected" }],
    ["another target was written", { target: "status" }],
    ["another record was made", { record: { ...record, id: "new:s2/jobs/2" } }],
  ] as const)("it is planned where %s", (_name, more) => expect(of(more)).toHaveLength(1));
  test("what exists may be written again and again", () =>
    expect(of({ target: "status", record }, {})).toHaveLength(1));
});

describe("a write that nobody has to approve", () => {
  const roots = (...connections: readonly string[]) =>
    Object.fromEntries(
      connections.map((connection) => [`${connection}/jobs/1`, knownFrom(root({}, { connection }).observation)]),
    );
  const dueAt = (feeds: Context["feeds"], observations = roots("s1", "s2"), clock = "08:00") =>
    first({}, { state: { observations }, context: { feeds }, clock }).dueAt;

  test.each([
    ["no feed is behind", { s1: feedView(at("08:00"), 5), s2: feedView(at("08:00"), 5) }, "2026-11-02T08:01:00.000Z"],
    ["nothing is known of the feeds", {}, "2026-11-02T08:01:00.000Z"],
    ["one reads again in some minutes", { s1: feedView(at("07:58"), 5), s2: feedView(at("08:00"), 5) }, at("08:04")],
    ["both do: the later one decides", { s1: feedView(at("07:58"), 5), s2: feedView(at("07:50"), 20) }, at("08:11")],
    ["one should have read long ago", { s1: feedView(at("07:00"), 5) }, at("08:05")],
    ["one has never read all", { s1: feedView(null, 9) }, at("08:10")],
    ["a system that has no record here is behind", { s3: feedView(null, 5) }, "2026-11-02T08:01:00.000Z"],
  ])("goes after the quiet period and once all have read: %s", (_name, feeds, due) => expect(dueAt(feeds)).toBe(due));
  test("waits for no system whose record is not there", () =>
    expect(dueAt({ s2: feedView(null, 9) }, roots("s1"))).toBe("2026-11-02T08:01:00.000Z"));
  test("waits for no system that decides nothing", () =>
    expect(
      first(
        {},
        {
          state: { observations: roots("s1", "s2") },
          policy: { authority: { work: ["s1"] } },
          context: { feeds: { s2: feedView(null, 9) } },
        },
      ).dueAt,
    ).toBe("2026-11-02T08:01:00.000Z"));

  test.each([
    ["put off: stays put off until its time has come", at("10:00"), at("10:00")],
    ["put off to a time that has come", at("08:30"), "2026-11-02T08:01:00.000Z"],
    ["put off to right now", at("09:00"), "2026-11-02T08:01:00.000Z"],
    ["never put off", null, "2026-11-02T08:01:00.000Z"],
  ])("%s", (_name, putOff, due) =>
    expect(first({}, { clock: "09:00", state: { intents: [{ ...first(), dueAt: putOff }] } }).dueAt).toBe(due),
  );
  test("approved and put off, it waits for both", () => {
    const asked = approve(first({}, { mode: "propose" }));
    const due = (dueAt: string | null) =>
      first({}, { mode: "propose", clock: "09:00", state: { intents: [{ ...asked, dueAt }] } }).dueAt;
    expect([due(at("10:00")), due(at("08:30")), due(null)]).toEqual([at("10:00"), at("08:05"), at("08:05")]);
  });
});
