import { leftOut } from "./checks.ts";
import type { Ran } from "./ran.ts";

/** What many seeds came to. */
export interface Tally {
  seeds: number;
  failed: number;
  kindD: number;
  events: number;
  writes: number;
  /** Of them payments recorded in the branch, and amounts set there. */
  money: { payments: number; amounts: number };
  /** Jobs of kind (c) runs, and those of them that were left to a person and so compared with nothing. */
  compared: { runs: number; jobs: number; left: number };
  readonly faults: Map<string, number>;
  /** Ports that were called, and those of them at which a crash came before and after the effect. */
  readonly ports: Set<string>;
  readonly crashed: Map<string, Set<string>>;
}

export const newTally = (): Tally => ({
  seeds: 0,
  failed: 0,
  kindD: 0,
  events: 0,
  writes: 0,
  money: { payments: 0, amounts: 0 },
  compared: { runs: 0, jobs: 0, left: 0 },
  faults: new Map(),
  ports: new Set(),
  crashed: new Map(),
});

/**
 * Of a hundred jobs no more than two may be left to a person: 1,000 seeds leave 22 of 2,430, the first 60 none of 137. A
 * product that gave up more often would be compared less and less, while every check held.
 */
export const mostLeft = 0.02;

/** The share of kind (c) jobs that nothing was compared with. */
export const shareLeft = ({ compared }: Tally): number => compared.left / Math.max(1, compared.jobs);

export async function note(tally: Tally, ran: Ran, failed: boolean): Promise<void> {
  tally.seeds++;
  tally.failed += Number(failed);
  tally.kindD += Number(ran.script.kind === "d");
  tally.events += ran.events;
  const { log } = ran.played[0].books;
  tally.writes += log.length;
  tally.money.payments += log.filter(({ operation }) => operation === "createPayment").length;
  tally.money.amounts += log.filter(({ body }) => "actual_amount" in body).length;
  if (ran.script.kind === "c") {
    const { jobs, left } = await leftOut(ran);
    const { compared } = tally;
    tally.compared = { runs: compared.runs + 1, jobs: compared.jobs + jobs, left: compared.left + left };
  }
  for (const [kind, count] of ran.faults) tally.faults.set(kind, (tally.faults.get(kind) ?? 0) + count);
  for (const port of ran.ports) tally.ports.add(port);
  for (const [port, kinds] of ran.hits) {
    const known = tally.crashed.get(port) ?? new Set<string>();
    for (const kind of kinds) known.add(kind);
    tally.crashed.set(port, known);
  }
}

/** Ports at which nothing ever went wrong. */
export function neverHit(tally: Tally): readonly string[] {
  return [...tally.ports].filter((port) => !tally.crashed.has(port)).toSorted();
}

/** Ports at which no crash fell before, or none after, the effect. */
export function notCrashed(tally: Tally): readonly string[] {
  return [...tally.ports]
    .filter((port) => {
      const kinds = tally.crashed.get(port);
      return !kinds?.has("crash before") || !kinds.has("crash after");
    })
    .toSorted();
}

export function tallyLines(tally: Tally): readonly string[] {
  const faults = [...tally.faults].toSorted().map(([kind, count]) => `${kind} ${count}`);
  const missed = notCrashed(tally);
  return [
    `${tally.seeds} seeds, ${tally.events} events, ${tally.writes} vendor writes (${tally.money.payments} payments and ${tally.money.amounts} amounts of the branch), ${Math.round((100 * tally.kindD) / Math.max(1, tally.seeds))} % of kind (d)`,
    `faults: ${faults.join(", ") || "none"}`,
    `ports: ${tally.ports.size} called, ${missed.length === 0 ? "each crashed before and after its effect" : `not yet crashed both ways: ${missed.join(", ")}`}`,
    `of kind (c): ${tally.compared.runs} runs with ${tally.compared.jobs} jobs, each compared with a run without faults but ${tally.compared.left} that were left to a person`,
    tally.failed === 0 ? "every check held" : `${tally.failed} seeds failed`,
  ];
}
