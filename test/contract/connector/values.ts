import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "#shared/domain/ids.ts";
import { formatMinor } from "#shared/domain/money.ts";
import { compareInstants, localDay } from "#shared/domain/time.ts";
import type { VendorCase } from "./case.ts";
import { readerOf, saidBy } from "./words.ts";

const cents = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
/** An instant with seven digits, and the same one as another clock prints it. */
const spelled = fc
  .record({
    millis: fc.integer({ min: Date.parse("2020-01-01T00:00:00Z"), max: Date.parse("2030-01-01T00:00:00Z") }),
    beyond: fc.integer({ min: 0, max: 9999 }),
    minutes: fc.constantFrom(0, -720, -420, -360, -210, 60, 345, 330, 840),
  })
  .map(({ millis, beyond, minutes }) => {
    const shifted = new Date(millis + minutes * 60_000).toISOString().slice(0, 23);
    const digits = String(beyond).padStart(4, "0");
    const offset = `${minutes < 0 ? "-" : "+"}${String(Math.floor(Math.abs(minutes) / 60)).padStart(2, "0")}:${String(Math.abs(minutes) % 60).padStart(2, "0")}`;
    return { utc: `${new Date(millis).toISOString().slice(0, 23)}${digits}Z`, local: `${shifted}${digits}${offset}` };
  });

/** Amounts to the cent, times as instants, and the same facts from the same record. */
export function valuesAreExact(subject: VendorCase): void {
  describe("amounts", () => {
    test.each(subject.money)("$stream $name is read to the cent", ({ stream, form, raw, of }) => {
      const read = (value: unknown) => of(saidBy(subject, stream, raw(value)).facts);
      const isRead = (printed: unknown, minor: number): void => {
        expect(read(printed)).toBe(minor === 0 ? 0 : minor);
      };
      if (form === "cents") {
        fc.assert(fc.property(cents, (minor) => isRead(minor, minor)));
        expect(read(null)).toBeNull();
        expect(read(10.5)).toHaveProperty("unreadable");
        return;
      }
      fc.assert(fc.property(cents, (minor) => isRead(formatMinor(minor), minor)));
      fc.assert(fc.property(cents, (minor) => isRead(minor / 100, minor)));
      // What a vendor's own float arithmetic leaves behind: 0.1 + 0.2.
      fc.assert(
        fc.property(fc.array(fc.integer({ min: -99_999, max: 99_999 }), { minLength: 1, maxLength: 12 }), (parts) => {
          const float = parts.reduce((sum, part) => sum + part / 100, 0);
          isRead(
            float,
            parts.reduce((sum, part) => sum + part, 0),
          );
        }),
      );
      expect(read(null)).toBeNull();
      for (const odd of ["10.005", 10.005, "12,50", "1e3x"])
        expect(read(odd), String(odd)).toHaveProperty("unreadable");
    });
  });

  describe("times", () => {
    test.each(subject.times)("$stream $name is one instant however it is written", ({ stream, raw, of, as }) => {
      fc.assert(
        fc.property(spelled, ({ utc, local }) => {
          const [first, second] = [utc, local].map((text) => of(saidBy(subject, stream, raw(text)).facts));
          if (first === null || second === null || first === undefined || second === undefined)
            throw new Error("no time");
          if (as === "day") expect([first, second]).toEqual([localDay(utc, subject.zone), localDay(utc, subject.zone)]);
          else expect([compareInstants(first, utc), compareInstants(second, utc)]).toEqual([0, 0]);
        }),
        { numRuns: 50 },
      );
    });

    test("instants differ by their seventh digit, whatever their offsets", () => {
      fc.assert(
        fc.property(spelled, fc.integer({ min: 0, max: 9998 }), ({ utc, local }, digits) => {
          const at = (text: string, last: number) =>
            text.replace(/(\.\d{3})\d{4}/, `$1${String(last).padStart(4, "0")}`);
          expect(compareInstants(at(utc, digits), at(local, digits))).toBe(0);
          expect(compareInstants(at(utc, digits), at(local, digits + 1))).toBeLessThan(0);
        }),
      );
    });
  });

  describe("the same record", () => {
    test.each(Object.entries(subject.streams))(
      "of %s gives the same facts, whatever the order of its members, and is left as it was",
      (stream, { raw }) => {
        const first = canonicalJson(readerOf(subject)(stream, raw));
        expect(canonicalJson(readerOf(subject)(stream, frozen(turned(raw))))).toBe(first);
        expect(canonicalJson(readerOf(subject)(stream, frozen(structuredClone(raw))))).toBe(first);
      },
    );
  });
}

/** The same value with the members of every object the other way round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, inner]) => [name, turned(inner)]),
  );
}

function frozen(value: unknown): unknown {
  if (typeof value === "object" && value !== null)
    for (const inner of Object.values(Object.freeze(value))) frozen(inner);
  return value;
}
