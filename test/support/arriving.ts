import type { Normalised } from "#shared/connectors/connector.ts";
import { jobIdOf, type RecordRef } from "#shared/domain/ids.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import type { Inbound, ReadRecord } from "#shared/messages/inbound.ts";
import type { Describer } from "#shared/pipeline/arrive.ts";
import type { TakeInPorts } from "#shared/pipeline/take-in.ts";
import { type MemoryWorld, memoryWorld } from "./memory-ports.ts";
import { companyOf, systemClasses, vocabularyOf } from "./model-systems.ts";

/** Messages as the queue brings them to a company of two systems. A reading's raw payload is what its vendor's folder makes of it. */
export const at = "2026-11-02T08:00:00.000Z";
const plain = companyOf([systemClasses.writable, systemClasses.writable]);
export const company: CompanyConfig = {
  ...plain,
  connections: plain.connections.map((one) => (one.id === "s1" ? { ...one, zone: "America/Boise" } : one)),
};

type Spec = Describer["streams"][string];
const stream = (name: string, role: Spec["role"], versioned = false): Spec => ({
  ...{ name, role, everyMinutes: 30, incremental: "full", byId: 0, versioned, absence: "lists-only" },
  overlapMinutes: 0,
});

/** A vendor with a stream of every role; `dated` is one whose document states a version. */
export const describer: Describer = {
  vocabulary: { ...vocabularyOf(systemClasses.writable), money: "invoices" },
  streams: {
    jobs: stream("jobs", "root"),
    invoices: stream("invoices", "part"),
    payments: stream("payments", "part"),
    customers: stream("customers", "person"),
    technicians: stream("technicians", "person"),
    places: stream("places", "reference"),
    dated: stream("dated", "root", true),
  },
  writers: {
    status: {
      shows: (records) => records.flatMap(({ facts }) => (facts.kind === "job" ? [facts.work.word ?? ""] : [])).join(),
    },
  },
  normalise: (_stream, raw) => raw as Normalised,
};

export const ref = (name: string, id: string, connection = "s1"): RecordRef => ({ connection, stream: name, id });
export const jobOf = (id: string, connection = "s1"): string => jobIdOf(`${connection}/jobs/${id}`);

export const said = (facts: Normalised["facts"], more: Partial<Normalised> = {}): Normalised => ({
  ...{ facts, parents: [], keys: [], alsoRead: [], notices: [], ...more },
});

export const read = (name: string, id: string, raw: unknown, more: Partial<ReadRecord> = {}): ReadRecord => ({
  ...{ stream: name, id, modified: null, read: 7, at, digest: `d-${id}`, raw },
  ...more,
});

export const observed = (
  connection: string,
  records: readonly ReadRecord[],
  archived: string | null = null,
): Extract<Inbound, { kind: "observations" }> => ({
  ...{ v: 1, kind: "observations", company: company.id, connection, records: [...records], archived },
});

/** Records of `s1` that the ninth read proved gone. */
export const gone = (name: string, ...ids: string[]): Inbound => ({
  ...{ v: 1, kind: "absent", company: company.id, connection: "s1", stream: name, ids, read: 9, at, how: "deleted" },
});

export const due = (job: string): Inbound => ({ v: 1, kind: "due", company: company.id, job });

/** That company's ports in memory, and the world they stand in. */
export function arrivingWorld(): { readonly ports: TakeInPorts; readonly world: MemoryWorld } {
  const world = memoryWorld(at);
  const { clock, archive, queues } = world;
  return { world, ports: { ...world.company(company.id), clock, archive, queues, describer: () => describer } };
}
