import type { MemoryWorld } from "#test/support/memory-ports.ts";
import type { Defect } from "./defects.ts";
import type { Both } from "./played.ts";
import type { FaultKind } from "./scheduler.ts";
import type { Script } from "./script.ts";

export interface RunOptions {
  readonly seed: number;
  /** The same script without anything going wrong: what the other run is compared with. */
  readonly faultless?: boolean;
  readonly defect?: Defect | null;
  readonly trace?: (line: string) => void;
}

/** A day of a cell in one process, and what its witnesses saw. */
export interface Ran {
  readonly script: Script;
  readonly world: MemoryWorld;
  /** Every company of the cell; the first is the one whose day it is. */
  readonly played: Both;
  readonly events: number;
  readonly faults: ReadonlyMap<FaultKind | "delivered twice" | "forgotten", number>;
  readonly hits: ReadonlyMap<string, ReadonlySet<FaultKind>>;
  readonly ports: readonly string[];
  /** False when the run never came to rest. */
  readonly rests: boolean;
  /** Whether the link that the script wants taken back was. */
  readonly isParted: boolean;
}
