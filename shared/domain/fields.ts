import type { MergeField } from "./policy.ts";
import type { Word } from "./status.ts";
import { addHours, compareInstants } from "./time.ts";

/**
 * What a side's word means for one field, as a set of possible values in the form fit for the field. Two systems agree
 * when their meanings meet; neither time nor a word of equal meaning is a change (docs/merge.md, "How words are compared").
 */
export interface Algebra<Meaning> {
  meets(a: Meaning, b: Meaning): boolean;
  common(a: Meaning, b: Meaning): Meaning;
  same(a: Meaning, b: Meaning): boolean;
  /** Agrees with all: moves nothing, and nothing is written over it. */
  silent(meaning: Meaning): boolean;
}

/** What a meaning depends on beside the word. */
export interface Moment {
  readonly now: string;
  /** When the job was completed in another system than the side's own; null while it is not. */
  readonly completedElsewhereAt: string | null;
}

export type States = readonly string[];

/** Work and billing: sets of states. */
export const stateSets: Algebra<States> = {
  meets: (a, b) => a.some((state) => b.includes(state)),
  common: (a, b) => a.filter((state) => b.includes(state)),
  same: (a, b) => a.length === b.length && a.every((state) => b.includes(state)),
  silent: () => false,
};

/** The states a word means at a moment: its set, and for a while after completion elsewhere those of a word that lags. */
export function statesOf(word: Word<string>, moment: Moment): States {
  const { also } = word;
  if (!also || moment.completedElsewhereAt === null) return word.set;
  const until = addHours(moment.completedElsewhereAt, also.hoursAfterCompletion);
  return compareInstants(moment.now, until) < 0 ? [...word.set, ...also.states] : word.set;
}

/** A day with an optional window; what a vendor does not say meets everything. */
export interface DayWindow {
  readonly day: string | null;
  readonly start: string | null;
  readonly end: string | null;
}

const open = <Value>(a: Value | null, b: Value | null): boolean => a === null || b === null || a === b;

export const dayWindows: Algebra<DayWindow> = {
  meets: (a, b) => open(a.day, b.day) && open(a.start, b.start) && open(a.end, b.end),
  common: (a, b) => ({ day: a.day ?? b.day, start: a.start ?? b.start, end: a.end ?? b.end }),
  same: (a, b) => a.day === b.day && a.start === b.start && a.end === b.end,
  silent: (a) => a.day === null && a.start === null && a.end === null,
};

/** Technicians by person id: all of them, or some of them (a lead). */
export interface Crew {
  readonly people: readonly string[];
  readonly are: "all" | "some";
}

const within = (some: readonly string[], all: readonly string[]): boolean => some.every((one) => all.includes(one));

export const crews: Algebra<Crew> = {
  meets(a, b) {
    if (a.are === "all" && b.are === "all") return within(a.people, b.people) && within(b.people, a.people);
    if (a.are === "some" && b.are === "some") return true;
    return a.are === "some" ? within(a.people, b.people) : within(b.people, a.people);
  },
  common: (a, b) =>
    a.are === "all"
      ? a
      : b.are === "all"
        ? b
        : { people: [...new Set([...a.people, ...b.people])].sort(), are: "some" },
  same: (a, b) => a.are === b.are && within(a.people, b.people) && within(b.people, a.people),
  silent: (a) => a.are === "some" && a.people.length === 0,
};

/** A reference text; an empty one is a value like any other: it disagrees, and it may be filled. */
export const texts: Algebra<string> = {
  meets: (a, b) => a === b,
  common: (a) => a,
  same: (a, b) => a === b,
  silent: () => false,
};

/** The target a field is written through. */
export const targetOf: Readonly<Record<MergeField, "status" | "schedule" | "assignees" | "reference">> = {
  work: "status",
  billing: "status",
  schedule: "schedule",
  assignees: "assignees",
  reference: "reference",
};
