import type { Connector, Page, Writer } from "#shared/connectors/connector.ts";
import type { VendorClient } from "#shared/connectors/vendor-client.ts";
import type { Facts } from "#shared/domain/facts.ts";
import { Failure } from "#shared/domain/failure.ts";
import { digestOf, type RecordRef, recordKey } from "#shared/domain/ids.ts";
import type { Intent } from "#shared/domain/intent.ts";
import { type Known, knownFrom } from "#shared/domain/observation.ts";
import { type CompanyConfig, type ConnectionConfig, zoneOf } from "#shared/domain/policy.ts";
import type { Inbound, ReadRecord } from "#shared/messages/inbound.ts";
import { archivedText, pageKey, placeOf } from "./archived-page.ts";
import type { Archive, Clock, ManifestStore, Queues, ReadNumbers, StoredJob } from "./ports.ts";
import type { Arrivals } from "./reconcile.ts";

/** An intent as it stands in its job's item, and where it goes. */
export interface Standing {
  readonly stored: StoredJob;
  readonly intent: Intent;
  readonly connection: ConnectionConfig;
}

/** An intent of a job with everything needed to write it. */
export interface WriteJob extends Standing {
  readonly connector: Connector;
  readonly writer: Writer;
  readonly client: VendorClient;
}

export interface LookPorts {
  readonly clock: Clock;
  readonly archive: Archive;
  readonly reads: ReadNumbers;
  readonly queues: Queues;
  readonly manifest: ManifestStore;
}

export interface Reading {
  readonly page: Page;
  readonly read: number;
  readonly at: string;
  readonly records: readonly { readonly record: RecordRef; readonly facts: Facts }[];
  readonly arrivals: Arrivals;
  readonly shown: string;
  readonly modified: string | null;
}

/** A numbered fresh reading of what the intent is about, archived and normalised, as it will be merged. */
export async function readNow(ports: LookPorts, company: CompanyConfig, job: WriteJob): Promise<Reading> {
  const { intent, connection, connector, writer, client } = job;
  const read = await ports.reads.take(connection.id, intent.record.stream);
  const page = await writer.read(client, intent);
  const at = await ports.clock.now();
  const observations: Record<string, Known> = {};
  const records: { record: RecordRef; facts: Facts }[] = [];
  for (const raw of page.records) {
    const record = { connection: connection.id, stream: raw.stream, id: raw.id };
    const normalised = connector.normalise(raw.stream, raw.raw, { connection, zone: zoneOf(company, connection) });
    if ("unfit" in normalised)
      throw new Failure("malformed", `${recordKey(record)}: ${normalised.unfit}`, { connection: connection.id });
    records.push({ record, facts: normalised.facts });
    observations[recordKey(record)] = knownFrom({
      record,
      version: { modified: raw.modified, read },
      digest: digestOf(raw.raw),
      at,
      hangsOn: normalised.parents.map(recordKey),
      facts: normalised.facts,
      ...(normalised.notices.length > 0 ? { notices: normalised.notices } : {}),
    });
  }
  const place = placeOf(company.id, { connection: connection.id, stream: intent.record.stream, read, at });
  if (page.records.length > 0) await ports.archive.put(pageKey(place), archivedText(readRecords(page, read, at)));
  const key = recordKey(intent.record);
  return {
    page,
    read,
    at,
    records,
    arrivals: { observations },
    shown: writer.shows(records, intent),
    modified: observations[key]?.said?.version.modified ?? null,
  };
}

function readRecords(page: Page, read: number, at: string): ReadRecord[] {
  return page.records.map(({ stream, id, modified, raw }) => {
    return { stream, id, modified, read, at, digest: digestOf(raw), raw };
  });
}

/** The read-back also enters inbound: other jobs may touch the same records. */
export async function handOn(ports: LookPorts, company: CompanyConfig, job: WriteJob, reading: Reading): Promise<void> {
  const message: Inbound = {
    v: 1,
    kind: "observations",
    company: company.id,
    connection: job.connection.id,
    records: readRecords(reading.page, reading.read, reading.at),
    archived: null,
  };
  if (message.records.length === 0) return;
  await ports.queues.inbound([message]);
  // What was handed on is what the next poll compares with: a record set back to its earlier form must be seen again.
  for (const [stream, records] of Map.groupBy(message.records, (record) => record.stream)) {
    const digests = new Map(records.map((record) => [record.id, record.digest]));
    await ports.manifest.merge(job.connection.id, stream, digests, reading.read);
  }
}
