import { canonicalJson } from "#shared/domain/ids.ts";
import type { Control, DueItem, DueStore } from "#shared/pipeline/ports.ts";
import { everyCompany } from "#shared/store/table.ts";
import type { MemoryJobs } from "./memory-jobs.ts";

/** What is due over all companies; a job is due through its own row. */
export function memoryDue(companies: () => ReadonlyMap<string, MemoryJobs>): {
  readonly store: DueStore;
  readonly items: () => readonly DueItem[];
} {
  const items = new Map<string, DueItem>();
  const jobsOf = (company: string): MemoryJobs | undefined => companies().get(company);
  const keyOf = (item: Pick<DueItem, "company" | "kind" | "name">): string =>
    canonicalJson([item.company, item.kind, item.name]);
  const current = (): readonly DueItem[] => {
    return [...items.values(), ...[...companies().values()].flatMap((jobs) => jobs.due())];
  };
  const store: DueStore = {
    due: async (now, limit) => {
      const ready = (await sorted()).filter((item) => item.dueAt <= now);
      return ready.slice(0, limit).map((item) => structuredClone(item));
    },
    next: async () => (await sorted())[0]?.dueAt ?? null,
    schedule: async (item) => {
      if (item.kind === "job") jobsOf(item.company)?.setDue(item.name, item.dueAt);
      else items.set(keyOf(item), structuredClone(item));
    },
    scheduleOnce: async (item) => {
      if (!items.has(keyOf(item))) items.set(keyOf(item), structuredClone(item));
    },
    handOut: async (item, until) => {
      if (item.kind === "job") return jobsOf(item.company)?.moveDue(item.name, item.dueAt, until) ?? false;
      const known = items.get(keyOf(item));
      if (known?.dueAt !== item.dueAt) return false;
      items.set(keyOf(item), { ...known, dueAt: until });
      return true;
    },
    cancel: async (item) => {
      if (item.kind === "job") jobsOf(item.company)?.setDue(item.name, null);
      else items.delete(keyOf(item));
    },
  };
  const sorted = async (): Promise<readonly DueItem[]> =>
    current().toSorted((a, b) => (a.dueAt < b.dueAt ? -1 : a.dueAt > b.dueAt ? 1 : 0));
  return { store, items: current };
}

export interface Switches {
  ensure(company: string): void;
  of(company: string): Control;
}

/** The stop switches, failing closed. */
export function memorySwitches(): Switches {
  const items = new Map<string, { stopped: boolean; why: string | null; epoch: number }>();
  const change = (company: string, stopped: boolean, why: string, epochs: number): void => {
    const before = items.get(company) ?? { epoch: 0 };
    items.set(company, { stopped, why, epoch: before.epoch + epochs });
  };
  return {
    ensure: (company) => {
      if (!items.has(company)) items.set(company, { stopped: false, why: null, epoch: 1 });
    },
    of: (company) => ({
      state: async () => {
        const both = (company === everyCompany ? [everyCompany] : [everyCompany, company]).map((scope) =>
          items.get(scope),
        );
        const closed = both.find((item) => item === undefined || item.stopped);
        const stopped = both.some((item) => item === undefined || item.stopped);
        const why = stopped
          ? (closed?.why ?? "there is no control item: stopped until the configuration is applied")
          : null;
        return { stopped, why, epoch: both.reduce((sum, item) => sum + (item?.epoch ?? 0), 0) };
      },
      stop: async (_by, why) => change(company, true, why, 0),
      resume: async () => change(company, false, "resumed", 0),
      newEpoch: async (_by, why) => change(company, true, why, 1),
    }),
  };
}
