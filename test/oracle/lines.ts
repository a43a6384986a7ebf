import type { JsonRecord, RecordName } from "#local/demo/demo.ts";
import { collectionOf, having, isRecord, of, type Standing } from "./fold.ts";

/** What one system says of a job's money, in cents; null is "not stated". */
export type Line = {
  connection: string;
  charge: number | null;
  payment: number | null;
  /** The charge is more than an estimate: the work is completed or an invoice is out. */
  final: boolean;
  /** Amounts of the single records, where there are several. */
  parts: number[];
  tax: number;
  /** What card companies kept of payments here. */
  fees: number[];
};

/** Cents of dollars printed as text or number, rounded to the nearest. */
export function cents(value: unknown): number {
  return Math.round(Number(value ?? 0) * 100);
}

const list = (value: unknown): JsonRecord[] => (Array.isArray(value) ? value.filter(isRecord) : []);

/** The named records that are there. */
export function recordsAt(standing: Standing, names: readonly RecordName[]): JsonRecord[] {
  const found: JsonRecord[] = [];
  for (const { connection, stream, id } of names) {
    const record = standing[connection]?.[collectionOf[stream] ?? stream]?.[id];
    if (record) found.push(record);
  }
  return found;
}

/** The lines of a job's records, the office's first. */
export function linesOf(records: readonly RecordName[], standing: Standing): Line[] {
  const byConnection = Map.groupBy(records, (record) => record.connection);
  return [...byConnection].flatMap(([connection, names]) => {
    const held = recordsAt(standing, names);
    const line = held.length === 0 ? null : readers[connection]?.(held, standing);
    return line ? [{ connection, ...line }] : [];
  });
}

type Read = Omit<Line, "connection">;
const plain = { parts: [], tax: 0, fees: [] };
const sum = (amounts: readonly number[]): number => amounts.reduce((all, one) => all + one, 0);

const readers: Readonly<Record<string, (held: JsonRecord[], standing: Standing) => Read | null>> = {
  "st-main": office,
  "rotor-crews": crews,
  "ctc-boulder": branch,
  "fleetio-frontrange": client,
};

function office([job]: JsonRecord[], standing: Standing): Read | null {
  if (!job) return null;
  const mine = having(standing, "st-main", "invoices", "job.id", job["id"]).filter((one) => one["active"] === true);
  const ids = mine.map((one) => one["id"]);
  // All shares of one customer's payments: a job's invoices are its customer's.
  const [first] = mine;
  const customer = first && of(first, "customer", "id");
  const payments = having(standing, "st-main", "payments", "customer.id", customer).filter(
    (one) => one["active"] === true,
  );
  const applied = payments
    .flatMap((one) => list(one["appliedTo"]))
    .filter((part) => ids.includes(part["appliedTo"] ?? null));
  const posted = mine.some((one) => one["syncStatus"] !== "Pending" || one["sentStatus"] !== "NotSent");
  return {
    ...plain,
    charge: sum(mine.map((one) => cents(one["total"]))),
    payment: sum(applied.map((part) => cents(part["appliedAmount"]))),
    final: job["jobStatus"] === "Completed" || posted,
    tax: sum(mine.map((one) => cents(one["salesTax"]))),
  };
}

function crews(jobs: JsonRecord[]): Read {
  const received = sum(jobs.map((job) => cents(job["total_received"])));
  const outstanding = sum(jobs.map((job) => cents(job["total_outstanding"])));
  const final = jobs.every((job) => job["completed"] === true);
  return { ...plain, charge: received + outstanding, payment: received, final };
}

function branch(all: JsonRecord[], standing: Standing): Read | null {
  const jobs = all.filter((job) => job["deleted_at"] === null);
  if (jobs.length === 0) return null;
  const billed = jobs
    .flatMap((job) => having(standing, "ctc-boulder", "invoices", "job_uuid", job["uuid"]))
    .filter((one) => one["status"] !== "Draft" && one["deleted_at"] === null);
  const final = jobs.every((job) => job["completed_at"] !== null);
  if (billed.length === 0) {
    const amounts = jobs.map((job) => job["actual_amount"] ?? null);
    const stated = amounts.every((amount) => amount !== null);
    const parts = amounts.map(cents);
    return { ...plain, charge: stated ? sum(parts) : null, payment: null, final, parts };
  }
  const paid = billed
    .flatMap((one) => having(standing, "ctc-boulder", "payments", "invoice_uuid", one["uuid"]))
    .filter((one) => one["status"] === "Completed");
  return {
    ...plain,
    charge: sum(billed.map((one) => cents(one["total_amount"]))),
    payment: sum(paid.map((one) => cents(one["amount"]))),
    final,
    fees: paid.map((one) => cents(one["amount"]) - cents(one["net_amount"])),
  };
}

function client(entries: JsonRecord[]): Read {
  const parts = entries.map((entry) => Number(entry["total_amount_cents"]));
  return { ...plain, charge: sum(parts), payment: null, final: true, parts };
}
