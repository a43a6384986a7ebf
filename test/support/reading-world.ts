import type { Page, RawRecord, Reader } from "#shared/connectors/connector.ts";
import type { Purpose, VendorClient } from "#shared/connectors/vendor-client.ts";
import type { ConnectionConfig } from "#shared/domain/policy.ts";
import type { Readable, ReadingPorts } from "#shared/pipeline/reading.ts";
import type { CompanyStore } from "#shared/store/open.ts";
import { type MemoryWorld, memoryWorld } from "./memory-ports.ts";

export interface FakeRecord {
  readonly id: string;
  readonly modified?: string | null;
  readonly note?: string;
}

export interface FakeStream {
  readonly records: readonly FakeRecord[];
  readonly pageSize: number;
  readonly unfit?: readonly unknown[];
  readonly dropped?: number;
  readonly byId?: number;
  readonly versioned?: boolean;
  readonly absence?: "field" | "by-id" | "lists-only";
  readonly role?: "root" | "part";
  /** Whether pages state a total. */
  readonly states?: "total";
}

/** A vendor of one stream, made of a list that the test changes. `asked` tells every request. */
export interface FakeVendor {
  records: readonly FakeRecord[];
  /** Called with the number of the request, from 1; throwing is the vendor failing. */
  beforePage: ((request: number) => Promise<void>) | undefined;
  afterPage: (() => Promise<void>) | undefined;
  beforeIds: ((ids: readonly string[]) => Promise<void>) | undefined;
  /** What pages state as total instead of the number of records. */
  total: number | undefined;
  readonly asked: { readonly since?: string | null; readonly ids?: readonly string[]; readonly purpose: Purpose }[];
}

export interface ReadingWorld extends MemoryWorld {
  readonly vendor: FakeVendor;
  readonly store: CompanyStore;
  readonly ports: ReadingPorts & CompanyStore;
  readonly readable: Readable;
  timeLeftMs: number;
}

const connection: ConnectionConfig = {
  id: "rotor-crews",
  vendor: "rotor",
  book: "receivable",
  baseUrl: "http://127.0.0.1:1/rotor",
  secret: "plumbline/rotor",
};

/** A company with one connection of one stream, in memory, at 2 November 2026, 08:00. */
export function readingWorld(stream: FakeStream): ReadingWorld {
  const memory = memoryWorld();
  const store = memory.company("ridgeline");
  const vendor: FakeVendor = {
    records: stream.records,
    beforePage: undefined,
    afterPage: undefined,
    beforeIds: undefined,
    total: undefined,
    asked: [],
  };
  const world: ReadingWorld = {
    ...memory,
    vendor,
    store,
    timeLeftMs: 120_000,
    ports: {
      ...store,
      clock: memory.clock,
      archive: memory.archive,
      queues: memory.queues,
      timeLeftMs: () => world.timeLeftMs,
    },
    readable: {
      company: "ridgeline",
      connection,
      spec: {
        name: "jobs",
        role: stream.role ?? "root",
        everyMinutes: 30,
        incremental: "full",
        byId: stream.byId ?? 0,
        versioned: stream.versioned ?? false,
        absence: stream.absence ?? "lists-only",
        overlapMinutes: 0,
      },
      reader: readerOf(vendor, stream),
      client: async (purpose) => clientFor(purpose, memory),
    },
  };
  return world;
}

function clientFor(purpose: Purpose, memory: MemoryWorld): VendorClient {
  return {
    connection,
    secret: { apiKey: "k" },
    purpose,
    now: () => memory.clock.now(),
    request: () => Promise.reject(new Error("the fake reader makes no HTTP request")),
  };
}

function readerOf(vendor: FakeVendor, stream: FakeStream): Reader {
  const raw = ({
    id,
    modified = stream.versioned ? "2026-11-01T00:00:00Z" : null,
    ...rest
  }: FakeRecord): RawRecord => ({
    stream: "jobs",
    id,
    modified,
    raw: { id, ...rest },
  });
  const plain: Page = { records: [], unfit: [], dropped: 0, next: null, total: null, mark: null };
  return {
    page: async (client, { next, since }) => {
      vendor.asked.push({ since, purpose: client.purpose });
      await vendor.beforePage?.(vendor.asked.length);
      const from = next === null ? 0 : Number(next);
      const until = from + stream.pageSize;
      const last = until >= vendor.records.length;
      const page: Page = {
        records: vendor.records.slice(from, until).map(raw),
        unfit: last ? (stream.unfit ?? []).map((one) => ({ stream: "jobs", raw: one, reason: "no id" })) : [],
        dropped: last ? (stream.dropped ?? 0) : 0,
        next: last ? null : String(until),
        total: stream.states === "total" ? (vendor.total ?? vendor.records.length) : null,
        mark: `mark-${vendor.asked.length}`,
      };
      await vendor.afterPage?.();
      return page;
    },
    byIds: async (client, _stream, ids) => {
      vendor.asked.push({ ids, purpose: client.purpose });
      await vendor.beforePage?.(vendor.asked.length);
      await vendor.beforeIds?.(ids);
      const records = vendor.records.filter(({ id }) => ids.includes(id)).map(raw);
      const missing = ids.length - records.length;
      return {
        ...plain,
        records,
        unfit: (stream.unfit ?? []).slice(0, missing).map((one) => ({ stream: "jobs", raw: one, reason: "no id" })),
      };
    },
  };
}
