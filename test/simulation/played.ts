import { Failure } from "#shared/domain/failure.ts";
import type { Change } from "#shared/domain/job.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import type { MemoryWorld } from "#test/support/memory-ports.ts";
import { company, neighbour } from "./company.ts";
import { Books } from "./vendors.ts";
import { Witness } from "./witness.ts";

/** A company as it is played: what its vendors hold, and what is seen of what is made of it. */
export interface Played {
  readonly company: CompanyConfig;
  readonly books: Books;
  readonly witness: Witness;
  /** Changes that were put into the history, by job and version. */
  readonly history: Map<string, Map<number, Change>>;
}

export type Both = readonly [own: Played, neighbour: Played];

export function playBoth(world: MemoryWorld, now: () => string): Both {
  const play = (config: CompanyConfig): Played => {
    const books = new Books(now);
    return { company: config, books, witness: new Witness(world, config.id, books), history: new Map() };
  };
  return [play(company), play(neighbour)];
}

/** Throws Failure `bad-input` for a company nobody configured, as the functions do. */
export function playedOf(all: Both, id: string): Played {
  const found = all.find((one) => one.company.id === id);
  if (!found) throw new Failure("bad-input", `no company ${id} is configured`);
  return found;
}
