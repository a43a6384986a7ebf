import type { Change } from "#shared/domain/job.ts";
import type { MemoryWorld } from "#test/support/memory-ports.ts";
import type { Defect } from "./defects.ts";
import type { FaultKind } from "./scheduler.ts";
import type { Script } from "./script.ts";
import type { Books } from "./vendors.ts";
import type { Witness } from "./witness.ts";

export interface RunOptions {
  readonly seed: number;
  /** The same script without anything going wrong: what the other run is compared with. */
  readonly faultless?: boolean;
  readonly defect?: Defect | null;
  readonly trace?: (line: string) => void;
}

/** One company's day in one process, and what its witness saw. */
export interface Ran {
  readonly script: Script;
  readonly world: MemoryWorld;
  readonly books: Books;
  readonly witness: Witness;
  readonly history: ReadonlyMap<string, ReadonlyMap<number, Change>>;
  readonly events: number;
  readonly faults: ReadonlyMap<FaultKind | "delivered twice" | "forgotten", number>;
  readonly hits: ReadonlyMap<string, ReadonlySet<FaultKind>>;
  readonly ports: readonly string[];
  /** False when the run never came to rest. */
  readonly rests: boolean;
}
