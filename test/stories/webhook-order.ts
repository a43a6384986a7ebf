import { expect } from "vitest";
import * as z from "#shared/domain/schema.ts";
import type { Looked } from "./promises.ts";
import { type VendorEntry, vendorLogs } from "./started.ts";

const outboxSchema = z.looseObject({
  put: z.array(z.looseObject({ id: z.string(), eventAt: z.string(), body: z.looseObject({ id: z.number() }) })),
});
const sentSchema = z.looseObject({ delivery: z.string(), outcome: z.string() });

interface Told {
  readonly event: string;
  readonly record: number;
  /** When what it tells of happened. */
  readonly eventAt: string;
  readonly outcome: string;
}

/** The deliveries of the client's webhooks in the order in which they were sent, each with the event it tells of. */
export function deliveriesIn(logs: readonly VendorEntry[]): readonly Told[] {
  const events = logs.flatMap((entry) =>
    entry["outbox"] === undefined || entry.kind === "delivery" ? [] : z.parse(outboxSchema, entry["outbox"]).put,
  );
  const byId = new Map(events.map((event) => [event.id, event]));
  return logs
    .filter(({ kind }) => kind === "delivery")
    .map(({ body, operation }) => {
      const { delivery, outcome } = z.parse(sentSchema, body);
      const event = byId.get(delivery);
      if (!event) throw new Error(`delivery ${delivery} tells of nothing that happened`);
      return { event: operation, record: event.body.id, eventAt: event.eventAt, outcome };
    });
}

/**
 * The entry's updates reach us newest first and oldest last, each told twice; the newest version stays, and the job's
 * state changes once.
 */
export function toldBackwards({ run, job, record, writes }: Looked): void {
  const entry = record("three-times-and-backwards", "fleetio-frontrange");
  const told = deliveriesIn(vendorLogs(run.dataDir)).filter(
    (one) => one.record === Number(entry.id) && one.event === "service_entry_updated",
  );
  const order = told.map(({ eventAt }) => eventAt);
  expect(order.length).toBeGreaterThanOrEqual(3);
  expect(order).toEqual([...new Set(order)].toSorted().reverse());
  expect(told.filter(({ outcome }) => outcome !== "accepted")).toEqual([]);
  const held = job("three-times-and-backwards");
  const kept = held.records.find((one) => one.record.endsWith(`/${entry.id}`));
  expect(Date.parse(String(kept?.["modified"]))).toBe(Date.parse(order[0] ?? ""));
  const completed = held.history.filter(({ lines }) => lines.some((line) => /completed/.test(line)));
  expect({ history: held.history.map(({ lines }) => lines), completed: completed.length }).toMatchObject({
    completed: 1,
  });
  expect(writes(entry)).toEqual([]);
}
