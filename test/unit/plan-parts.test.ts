import { describe, expect, test } from "vitest";
import type { Vocabulary } from "#shared/connectors/connector.ts";
import type { Break, CauseKind } from "#shared/domain/break.ts";
import type { Context, Held } from "#shared/pipeline/context.ts";
import { moneyChanges } from "#shared/pipeline/plan-money.ts";
import { on } from "#test/support/job-with.ts";
import { companyOf, contextOf, systemClasses } from "#test/support/model-systems.ts";
import { invoice, root, viewWith } from "#test/support/money-view.ts";

const now = "2026-11-02T08:00:00.000Z";
const classes = [systemClasses.readOnly, systemClasses.observed];
const plain = contextOf(companyOf(classes), classes, now);

/** The office can do what `targets` says. */
function contextWith(targets: Partial<Vocabulary["targets"]>, held: readonly Held[] = []): Context {
  const change = (one: Vocabulary | undefined): Vocabulary => ({ ...(one as Vocabulary), targets });
  const vocabularies = { s1: change(plain.vocabularies["s1"]), s2: change(plain.vocabularies["s2"]) };
  return { ...plain, held, vocabularies, shows: () => "" };
}

const view = viewWith({
  roots: [root({}, { connection: "s2" }), root({}, { connection: "s1" })],
  invoices: [on(invoice({ total: 1_000 }, { connection: "s1", id: "7" }), "s1/jobs/1")],
});
const ask = (found: Break, of = view, context = contextWith({ payment: "task", amount: "api" })) =>
  moneyChanges(of, [found], context);

describe("of several causes each is mended by its own amount", () => {
  const of = (minor: number, ...causes: readonly (readonly [CauseKind, number])[]): Break =>
    ({
      ...{ kind: "payment", key: "payment", state: "open", gapMinor: minor, firstSeen: now, since: now },
      ...{ resolvedAt: null, opensAt: null, connections: ["s1", "s2"], sentence: "s2 says more", evidence: [] },
      ...{ assignedTo: null, note: null },
      causes: causes.map(([kind, part]) => ({ kind, certainty: "proven", minor: part, records: [`r${part}`] })),
    }) satisfies Break;
  const asked = (found: Break) => ask(found).map(({ wanted, moneyMinor }) => [wanted, moneyMinor]);

  test("whichever comes first; what has no remedy is left", () => {
    expect(asked(of(875, ["fee", 800], ["unexplained", 75]))).toEqual([["fee 8.00", 800]]);
    expect(asked(of(875, ["unexplained", 75], ["fee", 800]))).toEqual([["fee 8.00", 800]]);
    expect(asked(of(875, ["fee", 75], ["missing-payment", 800]))).toEqual([
      ["fee 0.75", 75],
      ["missing-payment 8.00", 800],
    ]);
  });
  test("those of one kind and direction once, for their sum", () => {
    expect(asked(of(30, ["missing-payment", 500], ["missing-payment", 300], ["missing-payment", -770]))).toEqual([
      ["missing-payment 8.00", 800],
    ]);
    expect(asked(of(-30, ["fee", -10], ["fee", -20]))).toEqual([["fee -0.30", -30]]);
  });
  test("money that the office itself took back asks nothing of it", () => {
    expect(asked(of(75, ["refund", 75]))).toEqual([]);
    expect(asked(of(75, ["payment-reversed", 75]))).toEqual([]);
    expect(asked(of(-75, ["refund", -45], ["payment-reversed", -30]))).toEqual([
      ["refund -0.45", -45],
      ["payment-reversed -0.30", -30],
    ]);
  });
  test("an invoice gets what is missing on it, a payment is moved for what it makes, a question is for its part", () => {
    const charge = (kind: CauseKind, part: number): Break => ({
      ...of(900, [kind, part], ["unexplained", 100]),
      kind: "charge",
    });
    expect(ask(charge("missing-charge", 800))).toMatchObject([
      { wanted: "18.00", arguments: { addMinor: 800 }, moneyMinor: 800 },
    ]);
    expect(ask(charge("tax", -800))).toMatchObject([{ wanted: "tax -8.00", moneyMinor: -800 }]);
    const one = {
      payment: "s1/payments/9",
      connection: "s1",
      customer: "c",
      unapplied: 800,
      total: 800,
      shares: [],
      losing: [],
    };
    const told = contextWith({ payment: "api" }, [one]);
    expect(ask(of(900, ["missing-payment", 800], ["fee", 100]), view, told)).toMatchObject([
      { kind: "write", arguments: { splits: [{ invoiceId: "7", amountMinor: 800 }] }, moneyMinor: 800 },
      { kind: "task", wanted: "fee 1.00", moneyMinor: 100 },
    ]);
  });
});
