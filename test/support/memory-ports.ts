import { budgetInMemory } from "#shared/connectors/budget.ts";
import type { KeptToken } from "#shared/connectors/tokens.ts";
import { Failure } from "#shared/domain/failure.ts";
import { digestOf, shortHash } from "#shared/domain/ids.ts";
import type { Config } from "#shared/domain/policy.ts";
import type { Archive, Clock, DueItem, DueStore, Secrets } from "#shared/pipeline/ports.ts";
import { newFeed } from "#shared/store/feed-store.ts";
import type { CellStore, CompanyStore } from "#shared/store/open.ts";
import { everyCompany } from "#shared/store/table.ts";
import { memoryDue, memorySwitches, type Switches } from "./memory-due.ts";
import { type MemoryJobs, memoryClaims, memoryJobs } from "./memory-jobs.ts";
import { type MemoryQueues, memoryQueues } from "./memory-queues.ts";

/**
 * Every port in this process's memory, with the behaviour of the table and the queues: versions conflict, reads give
 * copies, what is due is leased. The contract suite (test/contract/ports-contract.ts) holds both to the same words.
 */
export interface MemoryWorld {
  readonly clock: Clock & { set(instant: string): void };
  readonly archive: Archive & { readonly objects: Map<string, string> };
  readonly secrets: Secrets & { readonly values: Map<string, unknown> };
  readonly queues: MemoryQueues;
  readonly cell: CellStore;
  /** Due items as they stand, in no order. */
  readonly dueItems: () => readonly DueItem[];
  company(id: string): CompanyStore;
}

export const copy = <Value>(value: Value): Value => structuredClone(value);

export function memoryWorld(start = "2026-11-02T08:00:00.000Z"): MemoryWorld {
  let now = start;
  const companies = new Map<string, { readonly store: CompanyStore; readonly jobs: MemoryJobs }>();
  const due = memoryDue(() => new Map([...companies].map(([id, { jobs }]) => [id, jobs])));
  const archive = memoryArchive();
  const switches = memorySwitches();
  const cell = memoryCell(due.store, switches);
  return {
    clock: {
      now: async () => now,
      set: (instant) => {
        now = instant;
      },
    },
    archive,
    secrets: memorySecrets(),
    queues: memoryQueues(),
    cell,
    dueItems: due.items,
    company: (id) => {
      let known = companies.get(id);
      if (!known) {
        const jobs = memoryJobs(id);
        known = { jobs, store: memoryCompany(id, cell, jobs, due.store, archive, switches) };
        companies.set(id, known);
      }
      return known.store;
    },
  };
}

function memoryCompany(
  company: string,
  cell: CellStore,
  jobs: MemoryJobs,
  due: DueStore,
  archive: Archive,
  switches: Switches,
): CompanyStore {
  const own = <Item extends { readonly company: string }>(item: Item): Item => {
    if (item.company === company) return item;
    throw new Error(`the store of ${company} was asked for a due item of ${item.company}`);
  };
  const budget = budgetInMemory();
  return {
    company,
    jobs: jobs.store,
    claims: memoryClaims(jobs),
    sets: memorySets(),
    control: switches.of(company),
    feeds: memoryFeeds(company, cell),
    reads: memoryReads(),
    manifest: memoryManifest(),
    sweeps: memorySweeps(),
    quarantine: memoryQuarantine(archive),
    budget: { take: budget.take, note: budget.note },
    tokens: memoryTokens(),
    due: {
      schedule: (item) => due.schedule(own(item)),
      scheduleOnce: (item) => due.scheduleOnce(own(item)),
      cancel: (item) => due.cancel(own(item)),
    },
  };
}

function memorySets(): CompanyStore["sets"] {
  const sets = new Map<string, Map<string, Readonly<Record<string, unknown>>>>();
  const membersOf = (set: string) =>
    [...(sets.get(set) ?? [])]
      .map(([member, data]) => ({ member, data: copy(data) }))
      .toSorted((a, b) => (a.member < b.member ? -1 : 1));
  return {
    add: async (set, member, data) => {
      const members = sets.get(set) ?? new Map<string, Readonly<Record<string, unknown>>>();
      sets.set(set, members.set(member, copy(data)));
    },
    remove: async (set, member) => {
      sets.get(set)?.delete(member);
    },
    list: async (set) => membersOf(set),
    listAll: async (wanted) => [...new Set(wanted)].flatMap(membersOf),
  };
}

function memoryFeeds(company: string, cell: CellStore): CompanyStore["feeds"] {
  const feeds = new Map<string, Awaited<ReturnType<CompanyStore["feeds"]["load"]>>>();
  const nameOf = (connection: string, stream: string): string => `${connection}/${stream}`;
  return {
    load: async (connection, stream) => copy(feeds.get(nameOf(connection, stream)) ?? newFeed(connection, stream)),
    all: async () => {
      const connections = (await cell.config.company(company))?.connections.map(({ id }) => id) ?? [];
      return [...feeds.values()].filter((feed) => connections.includes(feed.connection)).map(copy);
    },
    save: async (feed) => {
      feeds.set(nameOf(feed.connection, feed.stream), copy({ run: null, backfill: null, question: null, ...feed }));
    },
  };
}

function memoryReads(): CompanyStore["reads"] {
  const numbers = new Map<string, number>();
  return {
    take: async (connection, stream) => {
      const next = (numbers.get(`${connection}/${stream}`) ?? 0) + 1;
      numbers.set(`${connection}/${stream}`, next);
      return next;
    },
  };
}

function memoryManifest(): CompanyStore["manifest"] {
  const entries = new Map<string, Map<string, { readonly digest: string; readonly read: number }>>();
  return {
    load: async (connection, stream, ids) => {
      const known = entries.get(`${connection}/${stream}`);
      const wanted = ids === undefined ? null : new Set(ids);
      const found = [...(known ?? [])].filter(([id]) => wanted === null || wanted.has(id));
      return new Map(found.map(([id, { digest }]) => [id, digest]));
    },
    page: async (connection, stream, next) => {
      const ids = [...(entries.get(`${connection}/${stream}`) ?? [])].map(([id]) => id).toSorted();
      const from = next === null ? 0 : ids.findIndex((id) => id > next);
      const some = from < 0 ? [] : ids.slice(from, from + 128);
      return { ids: some, next: some.at(-1) === ids.at(-1) ? null : (some.at(-1) ?? null) };
    },
    merge: async (connection, stream, changed, read = 0) => {
      const known = entries.get(`${connection}/${stream}`) ?? new Map<string, { digest: string; read: number }>();
      for (const [id, digest] of changed) {
        const before = known.get(id);
        if (!before || (before.digest !== digest && before.read <= read)) known.set(id, { digest, read });
      }
      entries.set(`${connection}/${stream}`, known);
    },
  };
}

function memoryTokens(): CompanyStore["tokens"] {
  const kept = new Map<string, KeptToken>();
  const leases = new Map<string, string>();
  return {
    load: async (connection) => kept.get(connection) ?? null,
    lease: async (connection, seen, at, until) => {
      const leased = leases.get(connection);
      if (kept.get(connection)?.sealed !== seen?.sealed || (leased !== undefined && leased > at)) return false;
      leases.set(connection, until);
      return true;
    },
    save: async (connection, token) => {
      kept.set(connection, copy(token));
      leases.delete(connection);
    },
    release: async (connection) => {
      leases.delete(connection);
    },
  };
}

function memorySweeps(): CompanyStore["sweeps"] {
  const states = new Map<string, Awaited<ReturnType<CompanyStore["sweeps"]["load"]>>>();
  return {
    load: async (connection, stream) =>
      copy(states.get(`${connection}/${stream}`) ?? { scope: null, provenAt: null, missing: {} }),
    save: async (connection, stream, state) => {
      states.set(`${connection}/${stream}`, copy(state));
    },
  };
}

function memoryQuarantine(archive: Archive): CompanyStore["quarantine"] {
  type Row = Awaited<ReturnType<CompanyStore["quarantine"]["list"]>>[number];
  const rows = new Map<string, Row>();
  return {
    put: async ({ raw, ...entry }) => {
      const key = digestOf([entry.connection, entry.stream, entry.id, shortHash(raw.text)]);
      const archived = `unfit/${key}`;
      await archive.put(archived, raw.text);
      if (!rows.has(key)) rows.set(key, { key, ...entry, archived, form: raw.form });
    },
    list: async () => [...rows.values()].map(copy).toSorted((a, b) => (a.at < b.at ? -1 : 1)),
    count: async () => rows.size,
    read: async (key) => {
      const row = rows.get(key);
      if (!row) throw new Failure("bad-input", `nothing in quarantine is called ${key}`);
      return { ...copy(row), raw: await archive.get(row.archived) };
    },
    remove: async (key) => {
      rows.delete(key);
    },
  };
}

function memoryArchive(): MemoryWorld["archive"] {
  const objects = new Map<string, string>();
  return {
    objects,
    put: async (key, body) => {
      objects.set(key, body);
    },
    get: async (key) => {
      const body = objects.get(key);
      if (body === undefined) throw new Failure("missing", `the archive holds no ${key}`);
      return body;
    },
  };
}

function memorySecrets(): MemoryWorld["secrets"] {
  const values = new Map<string, unknown>();
  return {
    values,
    get: async (name) => {
      if (!values.has(name)) throw new Failure("unauthorised", `secret ${name} cannot be read`);
      return values.get(name);
    },
  };
}

function memoryCell(due: DueStore, switches: Switches): CellStore {
  let applied: Config | null = null;
  const made = new Map<string, string>();
  return {
    due,
    config: {
      company: async (id) => copy(applied?.companies.find((company) => company.id === id) ?? null),
      companies: async () => [...new Set(applied?.cells.flatMap((one) => one.companies) ?? [])],
    },
    controlAll: switches.of(everyCompany),
    schedules: {
      madeFrom: async (company) => made.get(company) ?? null,
      made: async (company, digest) => {
        made.set(company, digest);
      },
    },
    applyConfiguration: async (config) => {
      applied = copy(config);
      for (const company of [everyCompany, ...config.companies.map(({ id }) => id)]) switches.ensure(company);
    },
    applyCompany: async (company) => {
      const others = applied?.companies.filter(({ id }) => id !== company.id) ?? [];
      const companies = [...others, copy(company)];
      applied = { cells: [{ id: "main", companies: companies.map(({ id }) => id) }], companies };
      for (const id of [everyCompany, company.id]) switches.ensure(id);
    },
  };
}
