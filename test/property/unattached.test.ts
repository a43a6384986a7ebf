import fc from "fast-check";
import { expect, test } from "vitest";
import { jobIdOf } from "#shared/domain/ids.ts";
import { placePerson } from "#shared/pipeline/place-person.ts";
import { takeIn } from "#shared/pipeline/take-in.ts";
import { type UnattachedOf, unattachedPage } from "#shared/pipeline/unattached.ts";
import { card, type DeskCompany, deskCompany } from "#test/support/desk-company.ts";

/** Money in no job, listed by customer: the same whatever order its readings come in, and to the cent what was printed. */
type Stream = "payments" | "invoices";

/** What one read of a record found: whose it is and what it lies on, or proof that it is gone. */
interface Found {
  readonly customer: string | null;
  /** The job of an invoice; any invoice of a payment. */
  readonly on: string | null;
  readonly cents: number;
  readonly over: boolean;
}
interface Reading {
  readonly stream: Stream;
  readonly id: string;
  readonly read: number;
  readonly found: Found | null;
}
/** One read of customer c1: into whom it was merged. */
interface Merger {
  readonly read: number;
  readonly into: string | null;
}

const at = "2026-11-02T08:00:00.000Z";
const customer = fc.constantFrom("c1", "c2", null);
const foundOf = (on: string): fc.Arbitrary<Found> =>
  fc.record({
    customer,
    on: fc.constantFrom(on, null),
    cents: fc.integer({ min: 1, max: 90_000 }),
    over: fc.constant(false),
  });
const readingsOf = (stream: Stream, id: string, on: string): fc.Arbitrary<readonly Reading[]> =>
  fc
    .tuple(foundOf(on), fc.array(fc.option(foundOf(on), { freq: 4 }), { maxLength: 3 }), fc.boolean())
    .map(([first, others, isOver]) =>
      [first, ...others].map((found, index, all) => ({
        ...{ stream, id, read: index + 1 },
        found: found && index === all.length - 1 ? { ...found, over: isOver } : found,
      })),
    );
const mergers = fc
  .array(fc.constantFrom("c2", null), { minLength: 1, maxLength: 3 })
  .map((all) => all.map((into, index): Merger => ({ read: index + 1, into })));

const worlds = fc.tuple(
  readingsOf("payments", "p1", "i9"),
  readingsOf("payments", "p2", "i9"),
  readingsOf("invoices", "i1", "o1"),
  readingsOf("invoices", "i2", "o1"),
  mergers,
);

/** The first reading of each record first, so that its claim stands; then all of them in any order, some of them twice. */
const orders = worlds.chain(([p1, p2, i1, i2, merged]) => {
  const readings = [p1, p2, i1, i2];
  const all = [...readings.flat(), ...readings.flatMap((own) => own.slice(-1))];
  return fc.record({
    readings: fc.constant(readings),
    merged: fc.constant(merged),
    order: fc.shuffledSubarray(all, { minLength: all.length }),
    mergedOrder: fc.shuffledSubarray([...merged, ...merged], { minLength: merged.length * 2 }),
  });
});

async function comes({ ports, company }: DeskCompany, { stream, id, read, found }: Reading): Promise<void> {
  const message = { v: 1, company: company.id, connection: "office" } as const;
  if (found === null) {
    await takeIn(ports, company, { ...message, kind: "absent", stream, ids: [id], read, at, how: "deleted" });
    return;
  }
  const raw = stream === "payments" ? paymentOf(id, found) : invoiceOf(id, found);
  const record = { stream, id, modified: at, read, at, digest: `d${read}`, raw };
  await takeIn(ports, company, { ...message, kind: "observations", records: [record], archived: null });
}

function paymentOf(uuid: string, { customer: customer_uuid, on: invoice_uuid, cents, over }: Found): object {
  const status = over ? "Failed" : "Completed";
  return { uuid, customer_uuid, invoice_uuid, amount: cents / 100, status, updated_at: at };
}

function invoiceOf(uuid: string, { customer: customer_uuid, on: job_uuid, cents, over }: Found): object {
  const total = { total_amount: cents / 100, balance_amount: cents / 100, status: "Pending" };
  return { uuid, customer_uuid, job_uuid, ...total, deleted_at: over ? at : null, updated_at: at };
}

async function merges({ ports }: DeskCompany, { read, into }: Merger): Promise<void> {
  const mergedTo = into === null ? null : { connection: "office", stream: "customers", id: into };
  const plain = { kind: "person", role: "customer", presence: "present", phones: [], emails: [] } as const;
  const version = { modified: null, read };
  const facts = { ...plain, name: `Pena ${read}`, mergedTo };
  await placePerson(ports, "office/customers/c1", facts, { digest: `d${read}`, version });
}

async function listed({ ports }: DeskCompany): Promise<readonly UnattachedOf[]> {
  const found: UnattachedOf[] = [];
  let next: string | null = null;
  do {
    const page = await unattachedPage(ports, next);
    found.push(...page.customers);
    next = page.next;
  } while (next !== null);
  return found;
}

/** What its latest reading says of a record; null where that proves it gone, or it says so itself. */
function latest(readings: readonly Reading[]): Found | null {
  const found = readings.at(-1)?.found ?? null;
  return found === null || found.over ? null : found;
}

test("in any order and however often, each customer's list is what the latest readings print", async () => {
  const seen = { listed: 0, merged: 0, attached: 0 };
  await fc.assert(
    fc.asyncProperty(orders, async ({ readings, merged, order, mergedOrder }) => {
      const desk = await deskCompany();
      await desk.say("office", "jobs", "o1", card("o1", "10263", { actual_amount: null }));
      for (const [first] of readings) if (first) await comes(desk, first);
      for (const one of mergedOrder) await merges(desk, one);
      for (const one of order) await comes(desk, one);

      const into = merged.at(-1)?.into ?? null;
      const whose = (of: string | null): string => (of === "c1" && into !== null ? into : (of ?? "nobody"));
      const wanted = readings.flatMap((own) => {
        const found = latest(own);
        return found && found.on === null ? [[`${own[0]?.id} of ${whose(found.customer)}`, found.cents]] : [];
      });
      const list = await listed(desk);
      const said = list.flatMap(({ customer: record, payments, invoices }) => {
        const of = record === null ? "nobody" : record.replace("office/customers/", "");
        return [
          ...payments.map((one) => [`${one.record.split("/")[2]} of ${of}`, one.unappliedMinor]),
          ...invoices.map((one) => [`${one.record.split("/")[2]} of ${of}`, one.balanceMinor]),
        ];
      });
      expect(said.toSorted()).toEqual(wanted.toSorted());

      // What is on the job is in its charge, and in no list besides.
      const onJob = readings.flatMap((own) => {
        const found = own[0]?.stream === "invoices" ? latest(own) : null;
        return found?.on === "o1" ? [found.cents] : [];
      });
      const { state } = await desk.ports.jobs.load(jobIdOf("office/jobs/o1"));
      const [line] = state.money;
      expect(line?.charge ?? 0).toBe(onJob.reduce((sum, cents) => sum + cents, 0));

      seen.listed += wanted.length;
      seen.merged += Number(into !== null);
      seen.attached += onJob.length;
    }),
    { numRuns: 80, seed: 20261122 },
  );
  expect(Math.min(seen.listed, seen.merged, seen.attached)).toBeGreaterThan(4);
});
