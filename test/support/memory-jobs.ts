import { canonicalJson } from "#shared/domain/ids.ts";
import { emptyJob, type JobState } from "#shared/domain/job.ts";
import { type PastStep, pastStepOf } from "#shared/domain/past.ts";
import type { ClaimChange, ClaimStore, DueItem, JobStore, StoredClaim, StoredJob } from "#shared/pipeline/ports.ts";
import { listOf } from "#shared/store/job-item.ts";
import { changesOf } from "#shared/store/past-store.ts";

interface Row {
  version: number;
  state: JobState;
  /** Beside the state, because handing a job out moves it without a commit. */
  dueAt: string | null;
}

/** Jobs and claims of one company, which commit together. */
export interface MemoryJobs {
  readonly store: JobStore;
  readonly claims: Map<string, StoredClaim>;
  due(): readonly DueItem[];
  setDue(job: string, at: string | null): void;
  moveDue(job: string, from: string, to: string): boolean;
}

const pageSize = 100;

export function memoryJobs(company: string): MemoryJobs {
  const rows = new Map<string, Row>();
  const past = new Map<string, PastStep[]>();
  const claims = new Map<string, StoredClaim>();
  const load = (job: string): StoredJob => {
    const row = rows.get(job);
    return row ? { state: structuredClone(row.state), version: row.version } : { state: emptyJob(job), version: 0 };
  };
  const fits = (stored: StoredJob): boolean => (rows.get(stored.state.id)?.version ?? 0) === stored.version;
  const write = (stored: StoredJob, next: JobState, at: string): void => {
    const { lastChange } = next;
    const fresh = lastChange !== null && canonicalJson(lastChange) !== canonicalJson(stored.state.lastChange);
    const state = fresh ? { ...next, lastChange: { ...lastChange, version: stored.version + 1 } } : next;
    if (stored.version > 0) {
      const steps = past.get(next.id) ?? [];
      past.set(next.id, [...steps, structuredClone(pastStepOf(stored, state, at))]);
    }
    rows.set(next.id, { version: stored.version + 1, state: structuredClone(state), dueAt: next.dueAt });
  };
  const page = (only: "open" | null, next: string | null) => {
    const ids = [...rows.keys()].filter((id) => only === null || listOf(load(id).state) === only).toSorted();
    const from = next === null ? 0 : ids.findIndex((id) => id > next);
    const some = from < 0 ? [] : ids.slice(from, from + pageSize);
    const last = some.at(-1);
    const more = last !== undefined && last !== ids.at(-1);
    return Promise.resolve({ jobs: some.map(load), next: more ? last : null });
  };
  return {
    claims,
    store: {
      load: async (job) => load(job),
      loadMany: async (jobs) => jobs.map(load),
      commit: async (stored, next, at) => {
        if (JSON.stringify(stored.state) === JSON.stringify(next)) return "committed";
        if (!fits(stored)) return "conflict";
        write(stored, next, at);
        return "committed";
      },
      commitTogether: async (changes, together, at) => {
        // As DynamoDB does: a transaction that names one item twice is a mistake, not a conflict.
        const named = [...changes.map(({ next }) => next.id), ...together.map(({ next }) => `claim ${next.record}`)];
        if (new Set(named).size < named.length)
          throw new Error(`one transaction names an item twice: ${named.join(", ")}`);
        if (!changes.every(({ stored }) => fits(stored)) || !together.every((change) => claimFits(claims, change))) {
          return "conflict";
        }
        for (const { stored, next } of changes) write(stored, next, at);
        for (const change of together) writeClaim(claims, change);
        return "committed";
      },
      list: (next) => page(null, next),
      listOpen: (next) => page("open", next),
      history: async (job) => changesOf(job, past.get(job) ?? [], load(job).state.lastChange),
      past: async (job) => structuredClone(past.get(job) ?? []),
    },
    due: () =>
      [...rows].flatMap(([name, { dueAt }]) =>
        dueAt === null ? [] : [{ company, kind: "job" as const, name, dueAt }],
      ),
    setDue: (job, at) => {
      const row = rows.get(job);
      if (row) row.dueAt = at;
    },
    moveDue: (job, from, to) => {
      const row = rows.get(job);
      if (row?.dueAt !== from) return false;
      row.dueAt = to;
      return true;
    },
  };
}

export function memoryClaims(jobs: MemoryJobs): ClaimStore {
  const { claims } = jobs;
  const none = (record: string): StoredClaim => ({
    record,
    jobs: [],
    person: null,
    sets: {},
    parked: null,
    version: 0,
  });
  return {
    load: async (records) => records.map((record) => structuredClone(claims.get(record) ?? none(record))),
    save: async (change) => {
      if (!claimFits(claims, change)) return "conflict";
      writeClaim(claims, change);
      return "committed";
    },
    unattached: async (next) => {
      // By customer, as the index has them, and the parked ones last.
      const rank = ({ parked, unattached, record }: StoredClaim): string =>
        `${parked === null ? 0 : 1}#${unattached}#${record}`;
      const listed = [...claims.values()]
        .filter((claim) => claim.unattached !== undefined)
        .toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
      const from = next === null ? 0 : listed.findIndex((claim) => rank(claim) > next);
      const some = from < 0 ? [] : listed.slice(from, from + pageSize);
      const last = some.at(-1);
      return { claims: structuredClone(some), next: last && last !== listed.at(-1) ? rank(last) : null };
    },
    parked: async () => [...claims.values()].filter((claim) => claim.parked !== null).map((c) => structuredClone(c)),
  };
}

function claimFits(claims: ReadonlyMap<string, StoredClaim>, { stored, next }: ClaimChange): boolean {
  return (claims.get(next.record)?.version ?? 0) === stored.version;
}

function writeClaim(claims: Map<string, StoredClaim>, { stored, next }: ClaimChange): void {
  claims.set(next.record, structuredClone({ ...next, version: stored.version + 1 }));
}
