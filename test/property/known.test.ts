import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "#shared/domain/ids.ts";
import { compareVersions, type Known, mergeKnown, nothingKnown } from "#shared/domain/observation.ts";
import { factsOf, recordOf, systemClasses } from "#test/support/model-systems.ts";

/** One instant printed in several ways: as vendors with other offsets and other digits print it. */
const modified = fc
  .tuple(fc.nat({ max: 3 }), fc.constantFrom("Z", "+00:00", "-06:00", "+05:30"), fc.constantFrom(3, 7))
  .map(([second, offset, digits]) => {
    const minutes = offset === "-06:00" ? -360 : offset === "+05:30" ? 330 : 0;
    const wall = new Date(Date.UTC(2026, 10, 2, 8, 0, second) + minutes * 60_000).toISOString().slice(0, 19);
    return `${wall}.${"0".repeat(digits)}${offset}`;
  });

const said = fc
  .record({
    modified: fc.option(modified),
    read: fc.integer({ min: 1, max: 4 }),
    word: fc.constantFrom("Scheduled", "Working"),
  })
  .map(({ modified: at, read, word }) => ({
    record: recordOf("s1"),
    version: { modified: at, read },
    digest: word,
    at: "2026-11-02T08:00:00.000Z",
    hangsOn: [],
    facts: factsOf(systemClasses.writable, { word, reference: "", charge: null, payment: null, modified: 0 }),
  }));

const absent = fc.record({
  read: fc.integer({ min: 1, max: 4 }),
  at: fc.constantFrom("2026-11-02T08:00:00.000Z", "2026-11-02T08:10:00.000Z"),
  how: fc.constantFrom("deleted" as const, "unseen" as const),
});

const known: fc.Arbitrary<Known> = fc.oneof(
  { weight: 4, arbitrary: said.map((one): Known => ({ said: one, seenRead: one.version.read, absent: null })) },
  { weight: 1, arbitrary: absent.map((one): Known => ({ said: null, seenRead: 0, absent: one })) },
);

const bytes = (one: Known): string => canonicalJson(one);

test("law 2: what is known of a record merges in any order, in any grouping and any number of times alike", () => {
  fc.assert(
    fc.property(known, known, known, (a, b, c) => {
      expect(bytes(mergeKnown(a, b))).toBe(bytes(mergeKnown(b, a)));
      expect(bytes(mergeKnown(mergeKnown(a, b), c))).toBe(bytes(mergeKnown(a, mergeKnown(b, c))));
      expect(bytes(mergeKnown(a, a))).toBe(bytes(a));
      expect(bytes(mergeKnown(nothingKnown, a))).toBe(bytes(a));
    }),
    { numRuns: 2000 },
  );
});

test("law 2: versions are totally ordered by the instant and then the read, never by the text or a clock of ours", () => {
  fc.assert(
    fc.property(said, said, said, (a, b, c) => {
      const order = (x: typeof a, y: typeof a): number => Math.sign(compareVersions(x.version, y.version));
      expect(order(a, b)).toBe(-order(b, a) || 0);
      if (order(a, b) >= 0 && order(b, c) >= 0) expect(order(a, c)).toBeGreaterThanOrEqual(0);
      const sameInstant =
        a.version.modified !== null &&
        b.version.modified !== null &&
        Date.parse(a.version.modified) === Date.parse(b.version.modified);
      if (sameInstant) expect(order(a, b)).toBe(Math.sign(a.version.read - b.version.read));
    }),
    { numRuns: 2000 },
  );
});

test("law 2: the same vendor version read later wins, for a balance changes without the modified time", () => {
  fc.assert(
    fc.property(said, fc.integer({ min: 1, max: 9 }), (one, more) => {
      const earlier: Known = { said: one, seenRead: one.version.read, absent: null };
      const version = { ...one.version, read: one.version.read + more };
      const later: Known = { said: { ...one, version, digest: "later" }, seenRead: version.read, absent: null };
      expect(mergeKnown(earlier, later).said?.digest).toBe("later");
      expect(mergeKnown(later, earlier).said?.digest).toBe("later");
    }),
  );
});
