import type { Page, RawRecord, StreamSpec, Unfit } from "#shared/connectors/connector.ts";
import { digestOf } from "#shared/domain/ids.ts";
import { type Printed, printedOf } from "#shared/domain/printed.ts";
import { instantNanos } from "#shared/domain/time.ts";
import type { Inbound, ReadRecord } from "#shared/messages/inbound.ts";
import { archivedText, pageKey, placeOf } from "./archived-page.ts";
import type { Readable, ReadingPorts } from "./reading.ts";

/** A message to reconcile-job holds at most this; a record larger than that goes through the archive. */
export const messageLimits = { records: 100, bytes: 200_000 } as const;

/** One page as it was read: with the number taken before its request. */
export interface NumberedPage {
  readonly page: Page;
  readonly read: number;
  /** By the clock port, before the request. */
  readonly at: string;
}

export interface Forwarded {
  readonly read: number;
  readonly forwarded: number;
  readonly dropped: number;
  readonly quarantined: number;
}

/** Digests as last forwarded of these entries of the manifest, or of more. */
export type KnownDigests = (entries: readonly string[]) => Promise<ReadonlyMap<string, string>>;

export const nothingForwarded: Forwarded = { read: 0, forwarded: 0, dropped: 0, quarantined: 0 };

export function addForwarded(a: Forwarded, b: Forwarded): Forwarded {
  return {
    read: a.read + b.read,
    forwarded: a.forwarded + b.forwarded,
    dropped: a.dropped + b.dropped,
    quarantined: a.quarantined + b.quarantined,
  };
}

/**
 * Hands a page on: what does not fit to the quarantine, what differs from `known` to the queue, and only then the
 * manifest moves, so that a crash hands on twice and never not at all. `knownDigests` null forwards everything. Nothing is written for a page without a change.
 * Throws when a store or the queue fails; handing the same page on again is harmless.
 */
export async function forward(
  ports: ReadingPorts,
  readable: Readable,
  { page, read, at }: NumberedPage,
  knownDigests: KnownDigests | null,
  queue: "inbound" | "backfill",
): Promise<Forwarded> {
  const { company, connection, spec } = readable;
  const { records, unfit } = fitting(page, spec);
  const seen = records.map((record) => readRecord(record, read, at));
  const misfits = unfit.map(withDigest);
  const turnedAway = (page.droppedIds ?? []).map((id) => `dropped:${id}`);
  const known = await knownDigests?.([...seen.map(({ id }) => id), ...misfits.map(({ key }) => key), ...turnedAway]);
  const changed = seen.filter((record) => known?.get(record.id) !== record.digest);
  const entries = new Map(changed.map((record) => [record.id, record.digest]));
  const newlyUnfit = misfits.filter(({ key, digest }) => known?.get(key) !== digest);
  for (const { unfit: one, raw, key, digest } of newlyUnfit) {
    const entry = { connection: connection.id, stream: spec.name, id: one.id, reason: one.reason, raw: raw(), at };
    await ports.quarantine.put(entry);
    entries.set(key, digest);
  }
  const newlyDropped = turnedAway.filter((key) => known?.get(key) === undefined);
  // What is turned away is counted by the stream's own reads, once, by this mark: a read of named records counts
  // nothing, and its mark would keep them from counting it.
  if (known) for (const key of newlyDropped) entries.set(key, "dropped");
  if (changed.length > 0) {
    const place = placeOf(company, { connection: connection.id, stream: spec.name, read, at });
    await ports.archive.put(pageKey(place), archivedText(changed));
    const messages = await inboundOf(ports, company, connection.id, place, changed);
    await ports.queues[queue](messages);
  }
  if (entries.size > 0) await ports.manifest.merge(connection.id, spec.name, entries, read);
  return {
    read: page.records.length + page.unfit.length + page.dropped,
    forwarded: changed.length,
    dropped: page.droppedIds ? newlyDropped.length : page.dropped,
    quarantined: newlyUnfit.length,
  };
}

interface Misfit extends Unfit {
  readonly id: string | null;
}

/**
 * The records that carry the version their vendor's document states; the others are unfit (law 10), because without it
 * an old reading could pass for a new one.
 */
export function fitting(
  page: Page,
  spec: StreamSpec,
): { readonly records: readonly RawRecord[]; readonly unfit: readonly Misfit[] } {
  const records: RawRecord[] = [];
  const unfit: Misfit[] = page.unfit.map((one) => ({ ...one, id: null }));
  for (const record of page.records) {
    const reason = misfitOf(record, spec);
    if (reason === null) records.push(record);
    else unfit.push({ stream: record.stream, raw: record.raw, id: record.id, reason });
  }
  return { records, unfit };
}

function misfitOf(record: RawRecord, spec: StreamSpec): string | null {
  if (record.modified === null) return spec.versioned ? "no modified time, which the vendor's document states" : null;
  return instantNanos(record.modified) === null ? `modified time is not an instant: ${record.modified}` : null;
}

function readRecord(record: RawRecord, read: number, at: string): ReadRecord {
  return { ...record, read, at, digest: digestOf(record.raw) };
}

function withDigest(unfit: Misfit): { unfit: Misfit; raw: () => Printed; key: string; digest: string } {
  const digest = digestOf([unfit.id, unfit.raw]);
  // In the manifest beside the records, so that the same unfit payload is put away once and not at each read.
  return { unfit, raw: () => printedOf(unfit.raw), key: `unfit:${digest}`, digest };
}

async function inboundOf(
  ports: Pick<ReadingPorts, "archive">,
  company: string,
  connection: string,
  place: string,
  records: readonly ReadRecord[],
): Promise<readonly Inbound[]> {
  const messages: Inbound[] = [];
  for (const [index, batch] of batchesOf(records).entries()) {
    const message = { v: 1 as const, kind: "observations" as const, company, connection };
    if (!batch.tooLarge) {
      messages.push({ ...message, records: [...batch.records], archived: null });
      continue;
    }
    const archived = `messages/${place}-${index}.json`;
    await ports.archive.put(archived, JSON.stringify({ ...message, records: batch.records, archived: null }));
    messages.push({ ...message, records: [], archived });
  }
  return messages;
}

/** Records in batches a message can carry, in order; one that is too large even alone is a batch that says so. */
export function batchesOf(
  records: readonly ReadRecord[],
): readonly { readonly records: readonly ReadRecord[]; readonly tooLarge: boolean }[] {
  const batches: { records: ReadRecord[]; tooLarge: boolean; bytes: number }[] = [];
  for (const record of records) {
    const bytes = Buffer.byteLength(JSON.stringify(record));
    const tooLarge = bytes > messageLimits.bytes;
    const last = batches.at(-1);
    const fits = last && !last.tooLarge && !tooLarge && last.records.length < messageLimits.records;
    if (fits && last.bytes + bytes <= messageLimits.bytes) {
      last.records.push(record);
      last.bytes += bytes;
    } else {
      batches.push({ records: [record], tooLarge, bytes });
    }
  }
  return batches;
}
