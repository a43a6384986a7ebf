import type { MergeField } from "./policy.ts";
import type { Word } from "./status.ts";
import { addHours, compareInstants } from "./time.ts";
import { type DayWindow, eitherOf, timesIn } from "./windows.ts";

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

const open = (a: readonly string[] | null, b: readonly string[] | null): boolean =>
  a === null || b === null || a.some((one) => b.includes(one));

const times = (text: string | null): readonly string[] | null => (text === null ? null : timesIn(text));

/** The times that both may be; the first's where there are none, what is said where one of them does not say. */
function bothTimes(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  const both = timesIn(a).filter((time) => timesIn(b).includes(time));
  return both.length > 0 ? eitherOf(both) : a;
}

/** The days it may be called by: hours are an instant, which on its own zone's calendar may fall on another day. */
const daysOf = ({ day, localDay }: DayWindow): readonly string[] | null =>
  day === null ? null : [day, ...(localDay === undefined ? [] : [localDay])];

/** A day with optional hours; what a vendor does not say meets everything. */
export const dayWindows: Algebra<DayWindow> = {
  meets(a, b) {
    const isDayAlone = a.start === null || b.start === null;
    const days = isDayAlone ? open(daysOf(a), daysOf(b)) : a.day === null || b.day === null || a.day === b.day;
    return days && open(times(a.start), times(b.start)) && open(times(a.end), times(b.end));
  },
  common(a, b) {
    // Who says the hours says on which day of this clock they are.
    const [first, second] = a.start === null && b.start !== null ? [b, a] : [a, b];
    const [localDay] = [first.localDay, second.localDay].flatMap((day) => day ?? []).sort();
    return {
      day: first.day ?? second.day,
      start: bothTimes(first.start, second.start),
      end: bothTimes(first.end, second.end),
      ...(localDay === undefined ? {} : { localDay }),
    };
  },
  // The local day follows from the zones that are configured: it is nobody's edit.
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
