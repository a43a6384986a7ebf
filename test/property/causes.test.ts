import fc from "fast-check";
import { expect, test } from "vitest";
import { causeKinds } from "#shared/domain/break.ts";
import type { MoneyLine } from "#shared/domain/job.ts";
import { formatMinor, isUnreadable, minorFromDecimal, minorFromNumber } from "#shared/domain/money.ts";
import type { View } from "#shared/domain/view.ts";
import { causesOf } from "#shared/pipeline/causes.ts";
import { companyOf, contextOf, systemClasses } from "#test/support/model-systems.ts";

const classes = [systemClasses.readOnly, systemClasses.observed];
const company = companyOf(classes);
const view: View = { roots: [], visits: [], assignments: [], invoices: [], payments: [] };
const minor = fc.oneof(fc.constantFrom(0, 1, 2, 30_000, 45_000), fc.integer({ min: -200_000, max: 200_000 }));
const line = (connection: string): fc.Arbitrary<MoneyLine> =>
  fc.record({ charge: fc.option(minor), payment: fc.option(minor) }).map(({ charge, payment }) => ({
    connection,
    charge,
    payment,
    outstanding: charge === null || payment === null ? null : charge - payment,
    provisional: false,
    unreadable: [],
  }));

test("law 5: the causes sum to the gap, the unexplained rest is a line of its own, and every proven one names records", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("charge" as const, "payment" as const),
      line("s1"),
      line("s2"),
      fc.option(line("s2")),
      fc.array(minor, { maxLength: 2 }),
      (name, reference, other, past, held) => {
        const gap = (other[name] ?? 0) - (reference[name] ?? 0);
        fc.pre(gap !== 0);
        const causes = causesOf({
          line: name,
          minor: gap,
          reference,
          other,
          before: past ?? undefined,
          takenBack: null,
          inDoubt: false,
          view,
          context: {
            ...contextOf(company, classes, "2026-11-02T08:00:00.000Z"),
            held: held.map((unapplied, index) => ({
              payment: `s1/payments/${index}`,
              connection: "s1",
              customer: "s1/customers/1",
              unapplied,
              total: unapplied,
              shares: [],
              losing: [],
            })),
          },
        });
        expect(causes.reduce((sum, cause) => sum + cause.minor, 0)).toBe(gap);
        for (const cause of causes) {
          expect(causeKinds).toContain(cause.kind);
          if (cause.certainty === "proven") expect(cause.records.length).toBeGreaterThan(0);
        }
        expect(causes.filter((cause) => cause.kind === "unexplained").length).toBeLessThanOrEqual(1);
      },
    ),
    { numRuns: 3000 },
  );
});

test("law 5: cents survive being printed and read, also through a vendor's JSON number; anything finer is unreadable", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }),
      fc.integer({ min: 1, max: 9 }),
      (cents, digit) => {
        expect(minorFromDecimal(formatMinor(cents))).toBe(cents === 0 ? 0 : cents);
        expect(minorFromNumber(Number(formatMinor(cents)))).toBe(cents === 0 ? 0 : cents);
        expect(isUnreadable(minorFromDecimal(`${formatMinor(cents)}${digit}`))).toBe(true);
      },
    ),
    { numRuns: 2000 },
  );
});

test("law 5: a sum of parts that a vendor added in floating point is read as the cents it stands for", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 500_000 }), { minLength: 1, maxLength: 12 }), (parts) => {
      const dollars = parts.reduce((sum, cents) => sum + cents / 100, 0);
      expect(minorFromNumber(dollars)).toBe(parts.reduce((sum, cents) => sum + cents, 0));
    }),
    { numRuns: 2000 },
  );
});
