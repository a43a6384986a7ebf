import { describe, expect, test } from "vitest";
import type { OperationRow } from "#shared/connectors/connector.ts";
import { prepare, prepareCall } from "#shared/connectors/prepare.ts";
import type { Transport } from "#shared/connectors/transport.ts";
import { Failure } from "#shared/domain/failure.ts";
import * as z from "#shared/domain/schema.ts";
import { callSchema } from "#shared/messages/call.ts";
import { connectionFor, failureOf } from "../support.ts";
import type { VendorCase } from "./case.ts";
import { undocumented } from "./documented-request.ts";
import { sampleFor } from "./sample-input.ts";
import { clientOf } from "./world.ts";

/** Every operation sends a documented request, and nothing at all for an input that does not fit. */
export function operationsAreDocumented(subject: VendorCase): void {
  const settings = subject.connection("http://127.0.0.1:1");
  const connection = connectionFor(subject.connector.vendor, settings.baseUrl, settings);

  /** Runs a row against a vendor that answers 200 with an empty object: what it sent, and what it said. */
  const sent = async (row: OperationRow, input: unknown) => {
    const complaints: string[] = [];
    let requests = 0;
    const transport: Transport = async (request) => {
      const json = { status: 200, headers: { "content-type": "application/json" } };
      if (request.url === connection.authUrl) {
        return { ...json, body: new TextEncoder().encode('{"access_token":"token","expires_in":900}') };
      }
      requests += 1;
      complaints.push(...undocumented(request, connection.baseUrl.replace(/\/+$/, ""), subject.requests));
      return { ...json, body: new TextEncoder().encode("{}") };
    };
    const run = row.run;
    if (!run) throw new Error(`${row.key} cannot be run`);
    const failure = await run(clientOf(subject, connection, transport), input).then(
      () => null,
      (cause: unknown) => {
        if (cause instanceof Failure) return cause;
        throw cause;
      },
    );
    return { complaints, requests, failure };
  };

  describe.each(subject.operations)("operation $key", (row) => {
    const sample = sampleFor(subject, row);

    test("sends one documented request", async () => {
      expect(sample, "a sample of its input").not.toBeNull();
      const { complaints, requests, failure } = await sent(row, sample);
      expect(failure?.kind === "bad-input" ? failure.message : "").toBe("");
      expect(complaints).toEqual([]);
      expect(requests).toBe(1);
    });

    test("refuses an extra input with its name, a mistyped and a missing one with their path, and sends nothing", async () => {
      const given = typeof sample === "object" && sample !== null ? Object.fromEntries(Object.entries(sample)) : {};
      const extra = await sent(row, { ...given, zzUnheard: 1 });
      expect([extra.requests, extra.failure?.kind]).toEqual([0, "bad-input"]);
      expect(extra.failure?.message).toContain("zzUnheard");
      for (const name of Object.keys(given)) {
        const mistyped = { ...given, [name]: Symbol.for("odd") };
        // A member that the document leaves open takes anything.
        if (row.input && z.safeParse(row.input, mistyped).success) continue;
        const odd = await sent(row, mistyped);
        expect([name, odd.requests, odd.failure?.kind]).toEqual([name, 0, "bad-input"]);
        expect(odd.failure?.message).toContain(name);
      }
      for (const name of Object.keys(given)) {
        const { [name]: _left, ...fewer } = given;
        if (row.input && z.safeParse(row.input, fewer).success) continue;
        const missing = await sent(row, fewer);
        expect([name, missing.requests, missing.failure?.kind]).toEqual([name, 0, "bad-input"]);
        expect(missing.failure?.message).toContain(name);
      }
      const none = await sent(row, "no object");
      expect([none.requests, none.failure?.kind]).toEqual([0, "bad-input"]);
    });

    test("a write says how to find out whether it happened, and whom it may reach", () => {
      if (!row.writes) return;
      expect(row.notifies).toBeDefined();
      expect([row.repeatable, row.happened]).not.toEqual([false, undefined]);
    });

    test("a write is looked for by one documented read of the vendor, made of its input", async () => {
      if (!row.writes) return;
      const given = typeof sample === "object" && sample !== null ? Object.fromEntries(Object.entries(sample)) : {};
      const look = row.look?.(given, subject.now) ?? null;
      expect([row.key, look === null]).toEqual([row.key, subject.unlooked?.includes(row.key) ?? false]);
      const preparing = { connection, rows: subject.operations, now: subject.now };
      const { request, writes } = await prepare(row, sample, preparing);
      expect([row.key, writes]).toEqual([row.key, true]);
      const call = await prepareCall(row, sample, { request }, preparing);
      // What is stored is JSON, and says the same when it is read again.
      expect(z.parse(callSchema, JSON.parse(JSON.stringify(call)))).toEqual(JSON.parse(JSON.stringify(call)));
      const reader = subject.operations.find((one) => one.key === look?.read);
      if (look === null || !reader) return;
      expect(await sent(reader, look.input)).toMatchObject({ complaints: [], requests: 1 });
    });
  });

  test.each(Object.entries(subject.document.sorts ?? {}))(
    "%s sorts by %j, both ways, and by nothing else",
    async (key, fields) => {
      const row = subject.operations.find((one) => one.key === key);
      if (!row) throw new Error(`no operation ${key}`);
      const sample = Object(sampleFor(subject, row));
      for (const sort of fields.flatMap((field) => [`+${field}`, `-${field}`])) {
        const { complaints, requests } = await sent(row, { ...sample, sort });
        expect([sort, complaints, requests]).toEqual([sort, [], 1]);
      }
      const other = await sent(row, { ...sample, sort: "+ZzUnheard" });
      expect([other.requests, other.failure?.kind]).toEqual([0, "bad-input"]);
    },
  );

  test("a reply of another shape is a failure with operation, status and a body without secrets, for every operation", async () => {
    const said = Object.values(subject.secret).join(" ");
    const odd: Transport = async (request) => ({
      status: 200,
      headers: { "content-type": "application/json" },
      body: new TextEncoder().encode(
        request.url === connection.authUrl ? '{"access_token":"token","expires_in":900}' : JSON.stringify([said]),
      ),
    });
    const taken: string[] = [];
    for (const row of subject.operations) {
      const ran = Promise.resolve(row.run?.(clientOf(subject, connection, odd), sampleFor(subject, row)));
      const failure = await ran.then(
        () => null,
        (cause: unknown) => cause,
      );
      if (failure === null) taken.push(row.key);
      else {
        const kind = row.writes ? "ambiguous" : "malformed";
        const detail = { status: 200, body: expect.stringContaining("[redacted]") };
        expect(failure, row.key).toMatchObject({ name: "Failure", kind, detail });
        // One that is made of another names that one.
        expect(subject.operations.map(({ key }) => key)).toContain(Object(failure).detail.operation);
        for (const secret of Object.values(subject.secret))
          expect(JSON.stringify(Object(failure).detail)).not.toContain(String(secret));
      }
    }
    expect(taken).toEqual(subject.anyReply ?? []);
  });

  test("a vendor nobody answers for is a failure with a disposition, for every operation", async () => {
    for (const row of subject.operations) {
      const input = sampleFor(subject, row);
      const broken: Transport = async (request) => ({
        status: request.url === connection.authUrl ? 200 : 503,
        headers: { "content-type": "application/json" },
        body: new TextEncoder().encode('{"access_token":"token","expires_in":900}'),
      });
      const failure = await failureOf(Promise.resolve(row.run?.(clientOf(subject, connection, broken), input)));
      expect([row.key, failure.kind]).toEqual([row.key, row.writes ? "ambiguous" : "transient"]);
    }
  });
}
