import { describe, expect, test } from "vitest";
import type { CauseKind } from "#shared/domain/break.ts";
import type { BreakShown, ConnectionShown, LineShown } from "#shared/replies/board.ts";
import { causesText, explanationOf, isDeposit, wordsOf } from "#shared/replies/money-words.ts";

const system = (id: string, title: string): ConnectionShown => ({
  ...{ id, title, called: null, reference: id === "office", money: "record", fresh: true },
});
const [office, crews] = [system("office", "ServiceTitan"), system("crews", "Rotor")];

const broken = (kind: "charge" | "payment", ...causes: readonly (readonly [CauseKind, number])[]): BreakShown => ({
  ...{ kind, key: kind, state: "open", since: "2026-10-30T12:00:00.000Z", connections: ["office", "crews"] },
  gapMinor: causes.reduce((sum, [, minor]) => sum + minor, 0),
  causes: causes.map(([what, minor]) => ({ kind: what, certainty: "likely", minor, records: [] })),
  sentence: "what the break itself says",
});

/** The two systems say 500.00 and what the gap makes of it. */
function words(found: BreakShown, ours = 50_000): readonly string[] {
  const says = (id: string, minor: number) => ({
    ...{ connection: id, charge: minor, payment: minor, outstanding: 0, provisional: false },
  });
  const line: LineShown = {
    ...{ job: "j", number: "1", customer: null, day: null, connections: [], numbers: {}, standing: "disagree" },
    ...{ since: null, gapMinor: Math.abs(found.gapMinor), breaks: [found] },
    money: [says("office", ours), says("crews", ours + found.gapMinor)],
  };
  const { title, detail } = wordsOf({ line, found, reference: office, others: [crews] });
  return [title, detail];
}

describe("a break of one cause", () => {
  test.each<readonly [BreakShown, string]>([
    [broken("charge", ["missing-charge", 100]), "done, never billed"],
    [broken("charge", ["missing-charge", -100]), "one piece is missing"],
    [broken("charge", ["credit", 100]), "credited on one side"],
    [broken("charge", ["adjustment", -100]), "adjusted on one side"],
    [broken("charge", ["timing", -100]), "drafted, not billed yet"],
    [broken("charge", ["write-off", -100]), "charges differ"],
    [broken("payment", ["payment-reversed", -100]), "check came back"],
    [broken("payment", ["payment-reversed", 100]), "taken back by the office"],
    [broken("payment", ["refund", -100]), "refund not in the books"],
    [broken("payment", ["refund", 100]), "given back by the office"],
    [broken("payment", ["timing", -100]), "on its way"],
    [broken("payment", ["shared", 100]), "one check for several jobs"],
    [broken("payment", ["financing", -100]), "financed on one side"],
    [broken("payment", ["unexplained", 100]), "nobody knows why"],
    [broken("payment", ["wrong-link", 100]), "payments differ"],
  ])("is called by it", (found, title) => expect(words(found)[0]).toBe(title));

  test("that the other system has none of is not a piece", () =>
    expect(words(broken("charge", ["missing-charge", -50_000]))[0]).toBe("never billed there"));
  test("says who says what", () =>
    expect(words(broken("charge", ["credit", 100]))[1]).toBe("Rotor says 501.00, ServiceTitan says 500.00"));
});

describe("a break of several causes", () => {
  const several = broken("payment", ["fee", 24], ["missing-payment", 450]);
  test("is called by the widest, and tells them all with their amounts", () =>
    expect(words(several)).toEqual([
      "taken in the truck, and more",
      "fee 0.24 (likely), missing-payment 4.50 (likely)",
    ]));
  test("whose widest goes the other way is called by that way", () =>
    expect(words(broken("payment", ["fee", 24], ["refund", -75]))[0]).toBe("refund not in the books, and more"));
  test("tells amounts, one alone is the gap", () => {
    expect(causesText(several)).toBe("fee 0.24 (likely), missing-payment 4.50 (likely)");
    expect(causesText(broken("payment", ["fee", 24]))).toBe("fee (likely)");
    expect(causesText({ causes: [] })).toBe("");
  });
});

test("a deposit is money that waits unapplied, and nothing else", () => {
  expect(isDeposit(broken("payment", ["unapplied", 24]))).toBe(true);
  expect(isDeposit(broken("payment", ["unapplied", 24], ["unapplied", 30]))).toBe(true);
  expect(isDeposit(broken("payment", ["unapplied", 24], ["fee", 30]))).toBe(false);
  expect(isDeposit({ causes: [] })).toBe(false);
});

test("an explanation is told with the kind that a person called it", () => {
  expect(explanationOf({ note: "the owner knows" })).toBe("the owner knows");
  expect(explanationOf({ note: "the owner knows", saidCause: "write-off" })).toBe("as write-off: the owner knows");
});
