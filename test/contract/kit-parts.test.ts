import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { amountOf } from "#shared/connectors/amount.ts";
import { emailsOf, nameOf, phonesOf } from "#shared/connectors/person-keys.ts";
import { checkedInput } from "#shared/connectors/problems.ts";
import { pathText, queryText } from "#shared/connectors/query.ts";
import { redact, secretTexts } from "#shared/connectors/redact.ts";
import { scheduleFrom, scheduleText } from "#shared/connectors/schedule-text.ts";
import { tokenSource } from "#shared/connectors/tokens.ts";
import { hmacHex, signatureFits } from "#shared/connectors/webhook-signature.ts";
import { Failure } from "#shared/domain/failure.ts";
import { formatMinor } from "#shared/domain/money.ts";
import * as z from "#shared/domain/schema.ts";

describe("amounts", () => {
  test("every cent survives as a number, as text, and through float noise", () => {
    fc.assert(
      fc.property(fc.integer({ min: -9_000_000_00, max: 9_000_000_00 }), (minor) => {
        const text = formatMinor(minor);
        expect(amountOf(text)).toBe(minor);
        expect(amountOf(Number(text))).toBe(minor);
        expect(amountOf(JSON.parse(text))).toBe(minor);
      }),
    );
    expect(amountOf(0.1 + 0.2)).toBe(30);
  });

  test("not stated is null, not readable is kept as printed", () => {
    expect([undefined, null, ""].map(amountOf)).toEqual([null, null, null]);
    expect(amountOf("12,50")).toEqual({ unreadable: "12,50" });
    expect(amountOf({ value: 1 })).toEqual({ unreadable: '{"value":1}' });
    expect(amountOf(Number.NaN)).toEqual({ unreadable: "NaN" });
  });
});

test("people are known by the last ten digits and lower case, in one order", () => {
  expect(phonesOf(["+1 (303) 555-0102", "303.555.0101", "ext 12", null])).toEqual(["3035550101", "3035550102"]);
  expect(emailsOf([" B@x.example ", "a@x.example", "none"])).toEqual(["a@x.example", "b@x.example"]);
  expect(nameOf({ first_name: "", company_name: "Vega" })).toBe("Vega");
  expect(nameOf({})).toBe(null);
});

test("a schedule's text and the schedule are the same thing", () => {
  for (const text of ["2026-11-04 09:00-11:00", "2026-11-04 09:00", "2026-11-04"]) {
    expect(scheduleText(scheduleFrom(text))).toBe(text);
  }
  expect(scheduleFrom("soon")).toBe(null);
  expect(scheduleText(null)).toBe("");
});

test("values never leave their place in a path or a query", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (value) => {
      const url = new URL(
        `http://127.0.0.1${pathText("/jobs/{uuid}/x", { uuid: `a${value}` })}${queryText({ q: value })}`,
      );
      expect(url.searchParams.get("q")).toBe(value);
      expect(url.pathname.split("/")).toHaveLength(4);
    }),
  );
  for (const uuid of ["", ".", ".."])
    expect(() => pathText("/jobs/{uuid}", { uuid })).toThrow(
      new Failure("bad-input", "uuid: expected an id, it would lead to another path"),
    );
});

describe("secrets", () => {
  test("are taken out wherever they stand, encoded or inside each other", () => {
    const secrets = secretTexts({ apiKey: "abc+/12345", deep: { token: "abc+/1" }, short: "no" });
    expect(redact("k=abc%2B%2F12345 abc+/12345 abc+/1", secrets)).toBe("k=[redacted] [redacted] [redacted]");
    expect(redact('{"client_secret": "x\\"y", "apiKey":"zz"}', [])).toBe(
      '{"client_secret": "[redacted]", "apiKey":"[redacted]"}',
    );
  });

  test("a signature fits these bytes and this secret, in hex or base64, with or without its algorithm before it", () => {
    const body = new TextEncoder().encode('{"a":1}');
    const hex = hmacHex("sha256", "shh", body);
    const base64 = Buffer.from(hex, "hex").toString("base64");
    for (const given of [hex, hex.toUpperCase(), `sha256=${hex}`, base64]) {
      expect(signatureFits("sha256", "shh", body, given)).toBe(true);
      expect(signatureFits("sha256", "other", body, given)).toBe(false);
    }
    for (const given of [undefined, "", "sha256=", hex.slice(1), `${hex}00`]) {
      expect(signatureFits("sha256", "shh", body, given)).toBe(false);
    }
    expect(signatureFits("sha256", "", body, hmacHex("sha256", "x", body))).toBe(false);
  });
});

test("a token is fetched once for all who wait, renewed early, and dropped on demand", async () => {
  let now = "2026-10-29T12:00:00.000Z";
  let fetched = 0;
  const source = tokenSource({ now: async () => now });
  const fetch = async () => ({ token: `t${++fetched}`, lifeSeconds: 900 });
  expect(await Promise.all([source.token(fetch), source.token(fetch)])).toEqual(["t1", "t1"]);
  now = "2026-10-29T12:13:29.000Z";
  expect(await source.token(fetch)).toBe("t1");
  now = "2026-10-29T12:13:30.000Z";
  expect(await source.token(fetch)).toBe("t2");
  expect([source.forget(), source.forget()]).toEqual([true, false]);
  expect(await source.token(fetch)).toBe("t3");
});

test("an input that does not fit is refused with every path and what is expected there", () => {
  const schema = z.strictObject({ a: z.string(), b: z.optional(z.enum(["x", "y"])), c: z.array(z.number()) });
  const caught = (input: unknown): string => {
    try {
      checkedInput("doIt", schema, input);
    } catch (cause) {
      if (cause instanceof Failure) return cause.message;
      throw cause;
    }
    return "fits";
  };
  expect(caught({ a: "", c: [1] })).toBe("fits");
  expect(caught({ b: "z", c: [1, "2"], d: 0 })).toBe(
    'doIt: a: expected a text, it is missing; b: expected one of "x", "y"; c.1: expected a number, got a text; not an input here: d',
  );
});
