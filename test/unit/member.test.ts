import { describe, expect, test } from "vitest";
import { memberAt, placesWhere, withMember, withoutMember } from "#shared/domain/member.ts";

/** Places in what was parsed: found, filled, emptied and listed, and nothing is invented where there is none. */
const body = { id: 7, who: { name: "Ana", phones: ["1", { number: "2" }] }, none: null };

describe("the value at a place", () => {
  test.each([
    [[], body],
    [["id"], 7],
    [["who", "name"], "Ana"],
    [["who", "phones", "1", "number"], "2"],
    [["none"], null],
    [["gone"], undefined],
    [["gone", "more"], undefined],
    [["none", "more"], undefined],
    [["id", "toFixed"], undefined],
    [["who", "name", "0"], undefined],
    [["who", "phones", "2"], undefined],
    [["toString"], undefined],
  ] as const)("%j", (place, value) => expect(memberAt(body, place)).toBe(value));
});

describe("a copy with a member", () => {
  test("is another one on the way, and the same beside it", () => {
    const copy = withMember(body, ["who", "phones", "1", "number"], "3");
    expect(copy).toEqual({ ...body, who: { name: "Ana", phones: ["1", { number: "3" }] } });
    expect(body.who.phones[1]).toEqual({ number: "2" });
    expect(memberAt(withMember(body, ["id"], 8), ["who"])).toBe(body.who);
  });
  test("may get one that it had not", () =>
    expect(withMember(body, ["who", "city"], "Boise")).toMatchObject({ who: { name: "Ana", city: "Boise" } }));
  test.each([
    ["the place of all", body, []],
    ["a place in a list", body, ["who", "phones", "0"]],
    ["a place in nothing", body, ["gone", "more"]],
    ["a place in null", body, ["none", "more"]],
    ["a place in a text", body, ["who", "name", "0"]],
    ["a place in what is no object", null, ["id"]],
    ["a place in a number", 7, ["id"]],
  ])("not %s", (_name, value, place) => expect(withMember(value, place, 1)).toBeNull());
});

describe("a copy without a member", () => {
  test("has all the others", () => {
    expect(withoutMember(body, ["who", "name"])).toEqual({ ...body, who: { phones: body.who.phones } });
    expect(withoutMember(body, ["none"])).toEqual({ id: 7, who: body.who });
    expect(withoutMember(body, ["gone"])).toEqual(body);
  });
  test("not where no object stands", () => {
    expect(withoutMember(body, ["who", "phones", "0"])).toBeNull();
    expect(withoutMember(body, ["none", "more"])).toBeNull();
  });
});

describe("places of all members that are looked for", () => {
  const isNamed = (name: string): boolean => name === "number" || name === "who";
  test("from the outside in, and not within what was found", () => {
    expect(placesWhere({ ...body, more: [{ number: 1 }, { deep: { number: 2 } }] }, isNamed)).toEqual([
      ["who"],
      ["more", "0", "number"],
      ["more", "1", "deep", "number"],
    ]);
    expect(placesWhere(body, (_name, member, owner) => member === 7 && owner === body)).toEqual([["id"]]);
  });
  test.each([[null], [7], ["who"], [undefined]])("none in %j", (value) =>
    expect(placesWhere(value, () => true)).toEqual([]),
  );
});
