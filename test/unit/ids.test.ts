import { describe, expect, test } from "vitest";
import {
  canonicalJson,
  digestOf,
  jobIdOf,
  parseRecordKey,
  personIdOf,
  recordKey,
  sameJson,
} from "#shared/domain/ids.ts";

describe("a record's name as one text", () => {
  test.each([
    [{ connection: "st", stream: "jobs", id: "10268" }, "st/jobs/10268"],
    [{ connection: "a", stream: "b", id: "c" }, "a/b/c"],
    [{ connection: "st", stream: "bookings", id: "new:rotor/jobs/7" }, "st/bookings/new:rotor/jobs/7"],
  ])("%j is %s, and is read back", (record, key) => {
    expect(recordKey(record)).toBe(key);
    expect(parseRecordKey(key)).toEqual(record);
  });
  test.each([[""], ["st"], ["st/jobs"], ["st/jobs/"], ["/jobs/1"], ["st//1"], ["//"], ["a//"]])(
    "%j names no record",
    (key) => expect(() => parseRecordKey(key)).toThrow(`not a record key: ${key}`),
  );
});

describe("equal values give equal text", () => {
  test.each([
    [{ b: 1, a: [2, { d: null, c: "x" }] }, '{"a":[2,{"c":"x","d":null}],"b":1}'],
    [{ a: undefined, b: 0 }, '{"b":0}'],
    [[undefined, 1], "[null,1]"],
    [undefined, "null"],
    [null, "null"],
    ['say "x"', '"say \\"x\\""'],
    [{ aa: 1, b: 2, a: 3, B: 4 }, '{"B":4,"a":3,"aa":1,"b":2}'],
  ])("%j is written %s", (value, text) => expect(canonicalJson(value)).toBe(text));

  test("a digest does not depend on the order of keys, and ids not on anything but their key", () => {
    expect(digestOf({ a: 1, b: 2 })).toBe(digestOf({ b: 2, a: 1 }));
    expect(digestOf({ a: 1 })).not.toBe(digestOf({ a: 2 }));
    expect(digestOf({ a: 1 })).toMatch(/^[0-9a-f]{20}$/);
    expect(jobIdOf("st/jobs/1")).toMatch(/^j[0-9a-f]{20}$/);
    expect(personIdOf("st/jobs/1")).toMatch(/^p[0-9a-f]{20}$/);
    expect(jobIdOf("st/jobs/1").slice(1)).not.toBe(personIdOf("st/jobs/1").slice(1));
    expect(jobIdOf("st/jobs/1")).not.toBe(jobIdOf("st/jobs/2"));
  });
});

describe("the same JSON", () => {
  test.each([
    [1, 1, true],
    [1, "1", false],
    [null, undefined, true],
    [null, 0, false],
    [0, null, false],
    [{}, null, false],
    ["a", {}, false],
    [{}, "a", false],
    [[], {}, false],
    [{}, [], false],
    [[1, 2], [1, 2], true],
    [[1, 2], [1], false],
    [[1, 2], [2, 1], false],
    [[1], [1, 2], false],
    [{ a: 1 }, { a: 1, b: undefined }, true],
    [{ a: 1, b: undefined }, { a: 1 }, true],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [{ a: 1, b: 2 }, { a: 1 }, false],
    [{ a: null }, {}, false],
    [{}, { a: null }, false],
    [{ a: { b: [1] } }, { a: { b: [1] } }, true],
    [{ a: { b: [1] } }, { a: { b: [2] } }, false],
  ])("%j and %j: %j", (a, b, same) => expect(sameJson(a, b)).toBe(same));
});
