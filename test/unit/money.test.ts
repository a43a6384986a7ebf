import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatMinor, minorFromDecimal, minorFromNumber } from "#shared/domain/money.ts";

describe("money", () => {
  test.each([
    ["524.88", 52_488],
    ["0", 0],
    ["-12.55", -1_255],
    ["1150", 115_000],
    ["0.3", 30],
    ["-0.00", 0],
    ["19.9900", 1_999],
  ])("reads %s as %d cents", (text, minor) => expect(minorFromDecimal(text)).toBe(minor));

  test.each([["12.345"], ["1e3"], [""], ["12,50"], ["0.0001"]])("does not read %j", (text) =>
    expect(minorFromDecimal(text)).toEqual({ unreadable: text }),
  );

  test("float noise is rounded, anything more is unreadable", () => {
    expect(minorFromNumber(0.1 + 0.2)).toBe(30);
    expect(minorFromNumber(1.1 * 3)).toBe(330);
    expect(minorFromNumber(99.99)).toBe(9_999);
    expect(minorFromNumber(10.005)).toEqual({ unreadable: "10.005" });
    expect(minorFromNumber(Number.NaN)).toEqual({ unreadable: "NaN" });
  });

  test("every amount survives printing and reading, as text and as a vendor's float", () => {
    fc.assert(
      fc.property(fc.integer({ min: -100_000_000_00, max: 100_000_000_00 }), (minor) => {
        expect(minorFromDecimal(formatMinor(minor))).toBe(minor === 0 ? 0 : minor);
        expect(minorFromNumber(minor / 100)).toBe(minor === 0 ? 0 : minor);
      }),
      { numRuns: 5_000 },
    );
  });

  test("sums of cents added up as floats by a vendor are read to the cent", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -500_000, max: 500_000 }), { maxLength: 30 }), (cents) => {
        const float = cents.reduce((sum, cent) => sum + cent / 100, 0);
        const exact = cents.reduce((sum, cent) => sum + cent, 0);
        expect(minorFromNumber(float)).toBe(exact === 0 ? 0 : exact);
      }),
      { numRuns: 3_000 },
    );
  });
});
