import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { VendorCase } from "./case.ts";

/** Webhooks are believed only with the vendor's signature over the very bytes, and give hints, never facts. */
export function webhooksAreSigned(subject: VendorCase): void {
  const { webhook } = subject.connector;
  const signed = subject.webhook;
  describe("webhooks", () => {
    test("stand in a case where the connector takes them, and only there", () => {
      expect(signed === null).toBe(webhook === null);
    });
    if (webhook === null || signed === null) return;
    const bytes = (text: string) => new TextEncoder().encode(text);

    test("only the signature of these bytes with this secret is believed", () => {
      fc.assert(
        fc.property(
          fc.jsonValue().map((value) => JSON.stringify(value)),
          fc.nat(),
          (body, at) => {
            const headers = signed.sign(body);
            expect(webhook.verify(headers, bytes(body), signed.secret)).toBe(true);
            const upper = Object.fromEntries(
              Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
            );
            expect(webhook.verify(upper, bytes(body), signed.secret)).toBe(true);
            const other = bytes(body);
            other[at % other.length] = (other[at % other.length] ?? 0) ^ 1;
            expect(webhook.verify(headers, other, signed.secret)).toBe(false);
            expect(webhook.verify(headers, bytes(body), signed.otherSecret)).toBe(false);
            expect(webhook.verify({}, bytes(body), signed.secret)).toBe(false);
            for (const none of [{}, null, { ...signed.secret, webhookSecret: "" }]) {
              expect(webhook.verify(headers, bytes(body), none)).toBe(false);
            }
          },
        ),
      );
    });

    test.each(signed.events)("an event names what to read: $hints", ({ body, hints }) => {
      expect(webhook.hints(body)).toEqual(hints);
    });

    test("whatever else is sent is no hint and no crash", () => {
      fc.assert(
        fc.property(fc.jsonValue(), (body) => {
          for (const { stream, ids } of webhook.hints(body)) {
            expect(Object.keys(subject.connector.streams)).toContain(stream);
            expect(ids.length).toBeGreaterThan(0);
          }
        }),
      );
    });
  });
}
