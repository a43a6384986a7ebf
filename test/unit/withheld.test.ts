import { describe, expect, test } from "vitest";
import { Failure } from "#shared/domain/failure.ts";
import type { Call, CallLook } from "#shared/messages/call.ts";
import { filled, type Given, namesOf, withoutMore, wordless } from "#shared/pipeline/withheld.ts";

/** What a call withholds is in what goes out, and in nothing that is kept. */
const call = (...withheld: readonly { readonly path: string; readonly at: readonly string[] }[]): Call => ({
  ...{ v: 1, operation: "signUp", look: null, happened: null },
  request: { method: "POST", path: "/users", json: { name: "Ana", more: { city: "Boise" } } },
  withheld: withheld.map(({ path, at }) => ({ path, at: [...at] })),
});
const password = { path: "password", at: ["password"] };
const pin = { path: "more.pin", at: ["more", "pin"] };
const given = (secrets: Readonly<Record<string, string>>): Given => ({ by: "ana", secrets, told: () => {} });

describe("a request as it goes out", () => {
  test("holds what was given, each in its place, and names the texts that no failure may repeat", () =>
    expect(filled(call(password, pin), given({ password: "x", "more.pin": "7" }))).toEqual({
      ...{ method: "POST", path: "/users", secrets: ["x", "7"] },
      json: { name: "Ana", password: "x", more: { city: "Boise", pin: "7" } },
    }));
  test.each([
    ["nobody gave anything", given({})],
    ["one is missing, the last", given({ password: "x" })],
    ["one is missing, the first", given({ "more.pin": "7" })],
    ["nobody waits for it", null],
  ])("is not sent while %s", (_name, from) => expect(filled(call(password, pin), from)).toBeNull());
  test("is not sent without the place for it, whatever else is filled", () => {
    const nowhere = { path: "password", at: ["gone", "password"] };
    expect(filled(call(nowhere, password), given({ password: "x" }))).toBeNull();
    expect(filled(call(password, nowhere), given({ password: "x" }))).toBeNull();
  });
  test("that withholds nothing needs nobody", () => {
    const plain = call();
    expect(filled(plain, null)).toBe(plain.request);
    expect(filled(plain, given({}))).toEqual({ ...plain.request, secrets: [] });
  });
});

describe("what is kept of an answer", () => {
  const look: CallLook = {
    ...{ operation: "listUsers", request: { method: "GET", path: "/users" }, rows: "data.users", expect: "there" },
    wants: [{ of: { name: "Ana" }, shows: { more: { city: "Boise" }, none: null } }],
  };
  test("is what was looked for, and whose it is", () => {
    const row = { id: 7, uuid: "u", name: "Ana", password: "x", more: { city: "Boise", pin: "7" }, none: null };
    expect(withoutMore(look, { value: { data: { users: [row, null, "x"], password: "x" }, secret: "x" } })).toEqual({
      value: {
        data: { users: [{ id: 7, uuid: "u", name: "Ana", more: { city: "Boise" }, none: null }, null, "x"] },
      },
    });
  });
  test("that there is none stays said", () => expect(withoutMore(look, { missing: true })).toEqual({ missing: true }));
});

describe("a failure as it may be stored", () => {
  test.each([
    [
      { status: 422, body: "x is too short" },
      "answered with 422; its words are not kept, they may repeat password, more.pin",
    ],
    [{ body: "x" }, "answered; its words are not kept, they may repeat password, more.pin"],
  ])("tells no word of the vendor's: %j", (detail, message) => {
    const told = wordless(
      new Failure("rejected" as never, "x is too short", { ...detail, retryAt: "later" } as never),
      call(password, pin),
    );
    expect(told.message).toBe(message);
    expect(told.kind).toBe("rejected");
    expect(told.detail).not.toHaveProperty("body");
    expect(told.detail).toMatchObject({ retryAt: "later" });
  });
  test("names what was withheld", () => expect(namesOf(call(password, pin))).toBe("password, more.pin"));
});
