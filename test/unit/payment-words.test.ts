import { expect, test } from "vitest";
import { kindByWords } from "#shared/domain/payment-words.ts";

test.each([
  ["Write Off", "write-off"],
  ["WRITE-OFF (small)", "write-off"],
  ["Writeoff", "write-off"],
  ["Bad  debt 2026", "write-off"],
  ["GreenSky Financing", "financing"],
  ["Financed by bank", "financing"],
  ["Retention", "retention"],
  ["Retainage", "retention"],
  ["Check", null],
  ["Refinancing", null],
  ["Refund", null],
  ["NSF", null],
  ["", null],
  [null, null],
] as const)("money that comes in as %s is %s", (method, kind) => expect(kindByWords(method, false)).toBe(kind));

test.each([
  ["Credit Card Refund", "refund"],
  ["Refunded", null],
  ["Returned Check", "payment-reversed"],
  ["bounced check", "payment-reversed"],
  ["Check - NSF", "payment-reversed"],
  ["Chargeback", "payment-reversed"],
  ["Write Off", null],
  ["Financing", null],
  [null, null],
] as const)("money that goes out as %s is %s", (method, kind) => expect(kindByWords(method, true)).toBe(kind));

test("the policy's words of a kind stand in place of the usual ones, of that kind alone", () => {
  const words = { "write-off": ["kulanz", "bad-debt"], financing: [] };
  expect(kindByWords("Kulanz!", false, words)).toBe("write-off");
  expect(kindByWords("Bad debt", false, words)).toBe("write-off");
  expect(kindByWords("Write Off", false, words)).toBeNull();
  expect(kindByWords("Financing", false, words)).toBeNull();
  expect(kindByWords("Retention", false, words)).toBe("retention");
});
