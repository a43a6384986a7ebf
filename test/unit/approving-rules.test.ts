import { describe, expect, test } from "vitest";
import { emptyJob, type JobState } from "#shared/domain/job.ts";
import type { ConnectionConfig, Mode, Policy, Rule } from "#shared/domain/policy.ts";
import { addHours } from "#shared/domain/time.ts";
import type { Context } from "#shared/pipeline/context.ts";
import { planIntents } from "#shared/pipeline/intents.ts";
import type { Wanted } from "#shared/pipeline/plan.ts";
import { nothingArrives, reconcile } from "#shared/pipeline/reconcile.ts";
import { jobWith, linkTo, on } from "#test/support/job-with.ts";
import { companyOf, contextOf, systemClasses } from "#test/support/model-systems.ts";
import { invoice, root } from "#test/support/money-view.ts";

const now = "2026-11-02T12:00:00.000Z";
const classes = [systemClasses.observed, systemClasses.observed];
const rule: Rule = { name: "small", connection: "s1", target: "amount", capMinor: 100_000, approvedBy: "Dana" };

interface Asked {
  readonly mode?: Mode | ConnectionConfig["mode"];
  readonly rule?: Partial<Rule>;
  readonly caps?: Policy["caps"];
  readonly state?: Partial<JobState>;
}

function contextWith({ mode = "propose", rule: more = {}, caps }: Asked): Context {
  const company = companyOf(classes, { rules: [{ ...rule, ...more }], ...(caps ? { caps } : {}) });
  const connections = company.connections.map((one) => ({
    ...one,
    mode: typeof mode === "string" ? { default: mode } : mode,
  }));
  return contextOf({ ...company, connections }, classes, now);
}
/** The rule that approves a change of 685.00 on s1, unless said otherwise. */
function approved(one: Partial<Wanted>, asked: Asked = {}) {
  const wanted: Wanted = {
    ...{ kind: "write", target: "amount", record: { connection: "s1", stream: "invoices", id: "7" }, read: "0.00" },
    ...{ wanted: "685.00", arguments: {}, moneyMinor: 68_500, requests: 3, ask: false, sentence: "bill it" },
    ...one,
  };
  const [intent] = planIntents({ ...emptyJob("j"), ...asked.state }, [wanted], new Set(), contextWith(asked));
  return intent?.approved?.rule ?? null;
}

const doubted = { links: [linkTo("s1/jobs/1", "people-and-day", { doubt: "s1 has two of that day" })] };

describe("a rule approves in a person's place", () => {
  test.each<readonly [string, Partial<Wanted>, Asked]>([
    ["what is proven, within its cap", {}, {}],
    ["where writes are applied too, money being asked for anyway", {}, { mode: "apply" }],
    ["up to its cap to the cent", { moneyMinor: -100_000 }, {}],
    ["up to the company's cap to the cent", {}, { caps: { moneyPerWriteMinor: 68_500 } }],
    ["where the company's cap is of writes, not of money", {}, { caps: { writesPerHour: 1 } }],
    ["a booking, although it is asked about", { target: "job", ask: true }, { rule: { target: "job" } }],
    ["what is asked about and moves no money", { moneyMinor: 0, ask: true }, { rule: { capMinor: 0 } }],
    ["what moves no money, under a company's cap of nothing", { moneyMinor: 0 }, { caps: { moneyPerWriteMinor: 0 } }],
  ])("%s", (_name, one, asked) => expect(approved(one, asked)).toBe("small"));

  test.each<readonly [string, Partial<Wanted>, Asked]>([
    ["where the connection only observes", {}, { mode: "observe" }],
    ["where the target alone is only observed", {}, { mode: { default: "apply", amount: "observe" } }],
    ["where no mode is said", { moneyMinor: 0 }, { mode: {} }],
    ["while its records may not belong together", {}, { state: doubted }],
    ["a booking while its records may not belong together", { target: "job" }, { state: doubted }],
    ["money whose cause is only likely", { ask: true }, {}],
    ["money whose cause is only likely, taken back", { ask: true, moneyMinor: -1 }, {}],
    ["more than its own cap", { moneyMinor: 100_001 }, {}],
    ["more than the company's cap, within its own", {}, { caps: { moneyPerWriteMinor: 68_499 } }],
    ["more than the company's cap, taken back", { moneyMinor: -68_500 }, { caps: { moneyPerWriteMinor: 68_499 } }],
    ["any money under a company's cap of nothing", { moneyMinor: 1 }, { caps: { moneyPerWriteMinor: 0 } }],
    [
      "more than its own cap, within the company's",
      {},
      { rule: { capMinor: 1 }, caps: { moneyPerWriteMinor: 99_999 } },
    ],
    ["a booking over its cap", { target: "job", ask: true }, { rule: { target: "job", capMinor: 68_499 } }],
  ])("never %s", (_name, one, asked) =>
    expect(approved(one, { ...asked, rule: { target: one.target ?? "amount", ...asked.rule } })).toBeNull(),
  );
});

describe("a job done and never billed, under a rule for small bills", () => {
  const records = [
    root({ charge: null, payment: null }, { connection: "s1" }),
    on(invoice({ stage: "pending" }, { connection: "s1" }), "s1/jobs/1"),
    root({ charge: 68_500, payment: null }, { connection: "s2" }),
  ];
  function after(mode: Mode) {
    const plain = contextWith({ mode });
    const office = plain.vocabularies["s1"]!;
    const s1 = { ...office, money: "invoices" as const, targets: { ...office.targets, amount: "api" as const } };
    const context = { ...plain, vocabularies: { ...plain.vocabularies, s1 } };
    const first = reconcile(jobWith(records), nothingArrives, context).state;
    const { state, send } = reconcile(first, nothingArrives, { ...context, now: addHours(now, 3) });
    return {
      breaks: state.breaks.map((one) => [one.key, one.state, one.gapMinor]),
      intents: state.intents.map((one) => [one.kind, one.target, one.wanted, one.approved?.rule ?? null]),
      sent: send.length,
    };
  }
  const breaks = [["charge", "open", 68_500]];

  test("is proposed where writes are proposed, and waits for a person: its cause is only likely", () =>
    expect(after("propose")).toEqual({ breaks, intents: [["write", "amount", "685.00", null]], sent: 0 }));
  test("is a break and no write where the connection only observes", () =>
    expect(after("observe")).toEqual({ breaks, intents: [], sent: 0 }));
});

describe("where a connection only observes", () => {
  test("what a person has to do about money is asked for as before", () => {
    const records = [
      root({ charge: 45_000, payment: 0 }, { connection: "s1" }),
      root({ charge: 45_000, payment: 45_000 }, { connection: "s2" }),
    ];
    const { state, send } = reconcile(jobWith(records), nothingArrives, contextWith({ mode: "observe" }));
    expect(state.breaks.map((one) => [one.key, one.state])).toEqual([["payment", "open"]]);
    expect(state.intents.map((one) => [one.kind, one.target])).toEqual([["task", "payment"]]);
    expect(send).toEqual([]);
  });
});
