import { describe, expect, test } from "vitest";
import type { Transport } from "#shared/connectors/transport.ts";
import * as z from "#shared/domain/schema.ts";
import { connectionFor, failureOf } from "../support.ts";
import type { DocumentedAnswer, VendorCase } from "./case.ts";
import { clientOf } from "./world.ts";

const shape = z.looseObject({ proven: z.literal(true) });

/** Each documented answer means one failure, and each failure has one disposition (law 11). */
export function answersAreTold(subject: VendorCase): void {
  const settings = subject.connection("http://127.0.0.1:1");
  const connection = connectionFor(subject.connector.vendor, settings.baseUrl, settings);
  const asking = (answer: DocumentedAnswer, writes: boolean) =>
    failureOf(
      clientOf(subject, connection, answering(answer, connection.authUrl)).request({
        operation: writes ? "changeThing" : "readThing",
        method: writes ? "PATCH" : "GET",
        path: "/thing",
        schema: shape,
        writes,
        ...(writes ? { json: {} } : {}),
      }),
    );

  describe("answers", () => {
    test("every documented one has a meaning here, and no other", () => {
      expect(Object.keys(subject.meanings).toSorted()).toEqual(
        subject.document.answers.map((one) => one.name).toSorted(),
      );
    });

    test.each(subject.document.answers)("$status $name", async (answer) => {
      const { read, write, retryAt } = subject.meanings[answer.name] ?? {};
      const [reading, writing] = [await asking(answer, false), await asking(answer, true)];
      expect([reading.kind, reading.disposition]).toEqual(read);
      expect([writing.kind, writing.disposition]).toEqual(write);
      for (const failure of [reading, writing]) {
        expect(failure.detail).toMatchObject({ connection: connection.id, status: answer.status });
        expect(failure.message).toMatch(/^(read|change)Thing /);
        if (failure.kind === "rate-limited") expect(failure.detail.retryAt).toBe(retryAt);
      }
    });

    test.each([
      { name: "half a body", status: 200, text: '{"proven":' },
      { name: "a page of a gateway", status: 200, headers: { "content-type": "text/html" }, text: "<html>ok</html>" },
      { name: "another shape", status: 200, body: { status: "success", success: true, data: [], proven: "no" } },
      { name: "nothing", status: 200, text: "" },
    ])("$name proves nothing: a read is quarantined, a write is looked for", async (answer) => {
      expect(await asking(answer, false)).toMatchObject({ kind: "malformed", disposition: "quarantine" });
      expect(await asking(answer, true)).toMatchObject({ kind: "ambiguous", disposition: "read-back" });
    });

    test("no credential stands in what a failure says", async () => {
      const text = JSON.stringify({ error: Object.values(subject.secret).join(" ") });
      const failure = await asking({ name: "echo", status: 500, text }, false);
      const told = JSON.stringify([failure.message, failure.detail]);
      for (const secret of Object.values(subject.secret)) expect(told).not.toContain(String(secret));
    });
  });
}

function answering({ status, headers = {}, body, text }: DocumentedAnswer, authUrl: string | undefined): Transport {
  const json = { "content-type": "application/json; charset=utf-8" };
  const bytes = (value: string) => new TextEncoder().encode(value);
  return async (request) =>
    request.url === authUrl
      ? { status: 200, headers: json, body: bytes('{"access_token":"token","expires_in":900}') }
      : { status, headers: { ...json, ...headers }, body: bytes(text ?? JSON.stringify(body)) };
}
