import { systemClasses as classes, type SystemClass } from "#test/support/model-systems.ts";
import { type Explored, explore } from "./explore.ts";
import type { Bounds } from "./world.ts";

/** One world by the classes of its systems, in the order of their authority, and the words they begin with. */
export interface Case {
  readonly name: string;
  readonly classes: readonly SystemClass[];
  readonly words: readonly string[];
  readonly bounds: Partial<Bounds>;
}

const firstWord = (one: SystemClass): string => one.words[0]?.word ?? "";

function pair(a: SystemClass, b: SystemClass): Case {
  return { name: `${a.name} over ${b.name}`, classes: [a, b], words: [a, b].map(firstWord), bounds: {} };
}

const withReference = (one: SystemClass): SystemClass => ({ ...one, reference: true });

/** Every pair that differs by what a merge can tell: who edits, who is written, how much a word says, versions. */
export const twoSystems: readonly Case[] = [
  pair(classes.writable, classes.writable),
  pair(classes.writable, classes.proposing),
  pair(classes.readOnly, classes.writable),
  pair(classes.writable, classes.readOnly),
  pair(classes.writable, classes.observed),
  pair(classes.readOnly, classes.coarse),
  pair(classes.writable, classes.coarseEditor),
  pair(classes.coarseEditor, classes.writable),
  pair(classes.wide, classes.writable),
  pair(classes.writable, classes.unversioned),
  {
    name: "two fields of two writable systems",
    classes: [withReference(classes.writable), withReference(classes.writable)],
    words: ["Scheduled", "Scheduled"],
    bounds: { references: ["PO-1"] },
  },
];

export const threeSystems: readonly Case[] = [
  { ...three(classes.readOnly, classes.writable, classes.observed), name: "office, branch and one that never agrees" },
  { ...three(classes.writable, classes.writable, classes.coarse), name: "two editors and one that knows less" },
  {
    ...three(classes.readOnly, classes.writable, classes.writable),
    name: "an office that only people change, two branches",
  },
];

function three(...all: readonly SystemClass[]): Case {
  return { name: all.map((one) => one.name).join(", "), classes: all, words: all.map(firstWord), bounds: {} };
}

export function exploreCase(one: Case, bounds: Pick<Bounds, "events" | "faults">, limit?: number): Explored {
  return explore(one.classes, one.words, { references: [], ...one.bounds, ...bounds }, limit);
}
