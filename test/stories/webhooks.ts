import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import type { Demo } from "#local/demo/demo.ts";
import * as z from "#shared/domain/schema.ts";
import { oneJob } from "./asked.ts";
import type { Run } from "./run.ts";
import { depths, everythingKept, quiet, stackOf } from "./stack.ts";
import { vendorLogs } from "./started.ts";

const takenSchema = z.looseObject({ hints: z.number() });

/** The client's Fleetio calls the running stack, rightly and wrongly. */
export function webhooks(demo: Demo, run: () => Run): void {
  const [registered] = demo.webhooks.fleetio;
  if (!registered) throw new Error("the demo's client has a webhook");
  const signed = (body: string): string => createHmac("sha256", registered.secret).update(body).digest("hex");
  const send = (body: string, how: { signature?: string; to?: string } = {}): Promise<Response> =>
    fetch(`${stackOf(run().dataDir).apiUrl}/webhooks/${how.to ?? "ridgeline/fleetio-frontrange"}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-fleetio-webhook-signature": how.signature ?? signed(body) },
      body,
    });
  const event = (id: number, more: object = {}, timestamp = "2026-11-03T12:00:00Z"): string =>
    JSON.stringify({ id: 1, event: "service_entry_updated", timestamp, payload: { id, ...more } });
  const jobOf = (id: number): ReturnType<typeof oneJob> =>
    oneJob(run().api, run().jobOf({ connection: "fleetio-frontrange", stream: "service-entries", id: String(id) }).job);

  test("what is not rightly signed, for nobody we know, or over 5 MB is refused, and nothing of it is kept", async () => {
    const before = await everythingKept(run().dataDir);
    const body = event(88_140);
    expect((await send(body, { signature: "0".repeat(64) })).status).toBe(401);
    expect((await send(body, { signature: "" })).status).toBe(401);
    expect((await send(`${body} `, { signature: signed(body) })).status).toBe(401);
    expect((await send(body, { to: "ridgeline/fleetio-nobody" })).status).toBe(404);
    expect((await send(body, { to: "nobody/fleetio-frontrange" })).status).toBe(404);
    expect((await send(event(88_140, { notes: "x".repeat(5 * 1024 * 1024) }))).status).toBe(413);
    expect((await send(event(88_140, { notes: "x".repeat(11 * 1024 * 1024) }))).status).toBe(413);
    expect(await depths(stackOf(run().dataDir))).toEqual({ live: 0, dead: 0 });
    expect(await everythingKept(run().dataDir)).toBe(before);
  });

  test("a rightly signed event is taken however old it is", async () => {
    const answer = await send(event(88_140, {}, "2024-01-01T00:00:00Z"));
    expect(answer.status).toBe(200);
    expect(z.parse(takenSchema, await answer.json()).hints).toBe(1);
    await quiet(stackOf(run().dataDir));
  });

  test("told three times and backwards, a job that stands as it is does not change and nothing is written", async () => {
    const before = await jobOf(88_140);
    const writes = vendorLogs(run().dataDir).filter(({ kind }) => kind === "write").length;
    for (const [status, timestamp] of [
      ["completed", "2026-11-02T20:08:00Z"],
      ["completed", "2026-11-02T20:04:00Z"],
      ["pending", "2026-11-02T20:00:00Z"],
    ] as const)
      expect((await send(event(88_140, { status, updated_at: timestamp }, timestamp))).status).toBe(200);
    await quiet(stackOf(run().dataDir));
    const after = await jobOf(88_140);
    expect(after.breaks).toEqual(before.breaks);
    expect(after.standing).toBe(before.standing);
    expect(after.history).toHaveLength(before.history.length);
    expect(vendorLogs(run().dataDir).filter(({ kind }) => kind === "write")).toHaveLength(writes);
  });

  test("an event too large for a queue is taken whole, and every record it names is read", async () => {
    const rows = Array.from({ length: 20_000 }, (_, row) => ({
      row,
      note: "as imported, line by line, nothing skipped",
    }));
    const payload = { created_record_ids: [], updated_record_ids: [88_101, 88_123, 88_140], rows };
    const body = JSON.stringify({ id: 2, event: "import_completed", timestamp: "2026-11-03T12:00:00Z", payload });
    expect(body.length).toBeGreaterThan(1024 * 1024);
    const before = await jobOf(88_123);
    const answer = await send(body);
    expect(answer.status).toBe(200);
    expect(z.parse(takenSchema, await answer.json()).hints).toBe(3);
    await quiet(stackOf(run().dataDir));
    expect(await depths(stackOf(run().dataDir))).toEqual({ live: 0, dead: 0 });
    const after = await jobOf(88_123);
    expect(after.breaks).toEqual(before.breaks);
    const readAt = (job: Awaited<ReturnType<typeof jobOf>>): unknown =>
      job.records.find(({ record }) => record.endsWith("/88123"))?.["readAt"];
    expect(String(readAt(after)) >= String(readAt(before))).toBe(true);
  });
}
