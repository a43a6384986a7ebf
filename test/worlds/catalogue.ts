import { type SystemClass, system, systemClasses } from "#test/support/model-systems.ts";
import { type Explored, explore, type Start } from "./explore.ts";
import { beginning } from "./past.ts";
import { type Bounds, seen, unseen, usual } from "./world.ts";

/** Classes beside those that random stories use: what else a merge can tell of a system. */
const more = {
  /** Its people edit, and nothing changes it: no API, and nobody to ask. */
  mute: system("mute", { writes: "none" }),
  /** Its people edit, and the company only wants it observed. */
  watched: system("watched", { mode: "observe" }),
  /** Answers that it took a write, and never does. */
  deaf: system("deaf", { takes: "never" }),
  /** Shows a write only after its lag. */
  lagging: system("lagging", { takes: "later" }),
  /** All versions of a day are one. */
  daily: system("daily", { coarseVersion: true }),
  /** Its people also use a word that its vocabulary does not know. */
  odd: system("odd", { unlisted: ["Odd"] }),
} as const;
const classes = { ...systemClasses, ...more };

/** One world by the classes of its systems, in the order of their authority, and the words they begin with. */
export interface Case {
  readonly name: string;
  readonly classes: readonly SystemClass[];
  readonly bounds: Partial<Bounds>;
  /** Differs by little from the world before it. */
  readonly kin?: true;
  /** Events after a first sight, at most, where there are too many such worlds for all of them. */
  readonly openings?: number;
}

function world(...all: readonly SystemClass[]): Case {
  return { name: all.map((one) => one.name).join(" over "), classes: all, bounds: {} };
}

/** Three systems have 27 openings or more, each of which is read in six orders. */
function three(name: string, ...all: readonly SystemClass[]): Case {
  return { ...world(...all), name, openings: 2 };
}

const kin = (...all: readonly SystemClass[]): Case => ({ ...world(...all), kin: true });
const withReference = (one: SystemClass): SystemClass => ({ ...one, reference: true });

/** Every pair that differs by what a merge can tell: who edits, who is written, how much a word says, versions. */
export const twoSystems: readonly Case[] = [
  world(classes.writable, classes.writable),
  world(classes.writable, classes.proposing),
  kin(classes.proposing, classes.writable),
  world(classes.readOnly, classes.writable),
  world(classes.writable, classes.readOnly),
  world(classes.writable, classes.observed),
  kin(classes.mute, classes.writable),
  kin(classes.writable, classes.watched),
  world(classes.readOnly, classes.coarse),
  world(classes.writable, classes.coarseEditor),
  world(classes.coarseEditor, classes.writable),
  world(classes.wide, classes.writable),
  kin(classes.writable, classes.wide),
  world(classes.writable, classes.unversioned),
  kin(classes.unversioned, classes.writable),
  world(classes.writable, classes.daily),
  world(classes.writable, classes.deaf),
  world(classes.lagging, classes.writable),
  world(classes.writable, classes.odd),
  kin(classes.odd, classes.writable),
  {
    name: "two fields of two writable systems",
    classes: [withReference(classes.writable), withReference(classes.writable)],
    bounds: { references: ["PO-1"] },
    openings: 2,
  },
  {
    ...world(classes.writable, classes.writable),
    name: "writable over writable, all within an hour",
    bounds: { minutesApart: 0 },
  },
  {
    ...world(classes.writable, classes.readOnly),
    name: "writable over readOnly, an hour's grace",
    bounds: { graceHours: 1, minutesApart: 31 },
  },
];

export const threeSystems: readonly Case[] = [
  three("office, branch and one that never agrees", classes.readOnly, classes.writable, classes.observed),
  three("two editors and one that knows less", classes.writable, classes.writable, classes.coarse),
  three("an office that only people change, two branches", classes.readOnly, classes.writable, classes.writable),
];

/** All begin with their first word and were read; or hold any words, and nothing was read yet. */
export function startsOf(one: Case, bounds: Bounds): readonly Start[] {
  const begin = (words: readonly string[]): Start => ({
    world: unseen(one.classes, words, bounds),
    past: beginning(one.classes, words),
    events: 0,
  });
  const together = begin(one.classes.map(({ words }) => words[0]?.word ?? ""));
  const opening = combinations(
    one.classes.map(({ words, unlisted = [] }) => [...words.map(({ word }) => word), ...unlisted]),
  );
  const behind = Math.max(0, bounds.events - bounds.openings);
  return [
    { ...together, world: seen(together.world) },
    ...opening.map((words): Start => ({ ...begin(words), events: behind })),
  ];
}

function combinations(lists: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return lists.reduce<readonly (readonly string[])[]>(
    (all, list) => all.flatMap((known) => list.map((word) => [...known, word])),
    [[]],
  );
}

/** `openings`: events after a first sight; as many as elsewhere, unless the world allows fewer. */
export function exploreCase(
  one: Case,
  { openings = one.openings, ...bounds }: Pick<Bounds, "events" | "faults"> & { readonly openings?: number },
  limit?: number,
): Explored {
  const all: Bounds = { ...usual, openings: openings ?? bounds.events, ...bounds, ...one.bounds };
  return explore(startsOf(one, all), all, limit);
}

export const cases: readonly Case[] = [...twoSystems, ...threeSystems];

/** What else could come and is in none of these worlds, and why it was left out. */
export const notExplored: readonly string[] = [
  "other pairs of classes than those listed, and four systems",
  "a third field: no two fields meet in a rule but in a record's version, which two show",
  "a reference that people empty, or choose among several",
  "two readings in one message: each is merged alone, in every order",
  "a first sight with more events than two, over three systems and with two fields",
  "a lag longer than the one that is configured, and a version that is coarse beside one that is not",
  "more late readings than one at a time, and more faults than asked for (--faults)",
  "money, tolerance, links and deletion: they are compared and decided, not merged",
];
