import type { Schedule } from "./facts.ts";
import { type ClockNote, instantMillis, isWallClock, wallClock, wallToInstants } from "./time.ts";

/**
 * A day and its hours on a clock. Every instant has a text of its own there: what a clock change repeats is `01:30` and
 * then `01:30 (second)`. An end is the first time after its start that the clock shows it, so that `22:00-00:30` passes
 * midnight; a day or more is no window, and its end is left out.
 */
export interface DayWindow {
  readonly day: string | null;
  readonly start: string | null;
  readonly end: string | null;
  /** The day it belongs to, where the calendar of its own zone shows another than this clock's. */
  readonly localDay?: string;
}

type Hours = DayWindow & { readonly day: string; readonly start: string };

const SECOND = " (second)";
const OR = " or ";
const DAY = 86_400_000;

/** What a text may mean, the first one first: a wall clock alone does not say which (`01:30 or 01:30 (second)`). */
export function timesIn(text: string): readonly [string, ...string[]] {
  const [first = text, ...others] = text.split(OR);
  return [first, ...others];
}

export function eitherOf(times: readonly string[]): string {
  return times.join(OR);
}

/** What a clock that cannot say which shows of a time: `01:30` of `01:30 (second)`. */
export function plainTime(text: string): string {
  return text.slice(0, 5);
}

/** The start of a window and its end, as instants; null where it has no hours, or some that are no time of day. */
export function spanOf(
  { day, start, end }: DayWindow,
  zone: string,
): { readonly from: string; readonly to: string | null } | null {
  if (day === null || start === null) return null;
  const from = instantOf(day, start, zone);
  if (from === null || end === null) return from === null ? null : { from, to: null };
  const ends = daysOfEnd(day, start, end).map((one) => instantOf(one, end, zone));
  if (ends.includes(null)) return null;
  return { from, to: ends.find((to) => to !== null && instantMillis(to) >= instantMillis(from)) ?? null };
}

/** The window of two instants on a zone's clock, to the minute. */
export function windowAt(from: string, to: string | null, zone: string): Hours {
  const { day, time: start } = timeAt(from, zone);
  const open: Hours = { day, start, end: null };
  if (to === null) return open;
  const window = { ...open, end: timeAt(to, zone).time };
  const read = spanOf(window, zone)?.to ?? null;
  return read !== null && minuteOf(read) === minuteOf(to) ? window : open;
}

/** A window on one zone's clock as another's shows it; a day alone is a day everywhere, and what is no time stays. */
export function windowElsewhere(window: DayWindow, from: string, to: string): DayWindow {
  const { day, start, end } = window;
  const one = { day, start: start && timesIn(start)[0], end: end && timesIn(end)[0] };
  const span = from === to ? null : spanOf(one, from);
  return span === null ? one : windowAt(span.from, span.to, to);
}

/**
 * What a record states of its time, on the clock of a zone. `own` is the zone of its connection: where it states no
 * instants, a time that a clock change skips there is moved forward, and one that it repeats may be either.
 */
export function windowOf({ from, to, ...wall }: Schedule, own: string, zone: string): DayWindow {
  if (from !== undefined) return windowAt(from, to ?? null, zone);
  const { day, start, end } = wall;
  if (start === null || spanOf(wall, own) === null) return wall;
  // Where nothing is odd its own clock shows what it says: most of what is stated.
  if (own === zone && oddTimes(wall, own).length === 0) return wall;
  const starts = wallToInstants(day, start, own).instants;
  const first = timeAt(starts[0], zone);
  const times = starts.map((at) => timeAt(at, zone)).filter((one) => one.day === first.day);
  const ends = end === null ? [] : endsOf({ day, start, end }, starts[0], own);
  const shown = ends.flatMap((at) => windowAt(starts[0], at, zone).end ?? []);
  return {
    day: first.day,
    start: eitherOf(times.map(({ time }) => time)),
    end: shown.length === 0 ? null : eitherOf(shown),
  };
}

interface OddTime {
  readonly day: string;
  readonly time: string;
  readonly note: ClockNote;
}

/** Times of a wall clock that a clock change skips or repeats, with the day they fall on. */
export function oddTimes({ day, start, end }: DayWindow, zone: string): readonly OddTime[] {
  if (day === null) return [];
  const odd = (on: string, time: string | null): readonly OddTime[] => {
    const note = time === null || !isWallClock(on, time) ? null : wallToInstants(on, time, zone).note;
    return time === null || note === null ? [] : [{ day: on, time, note }];
  };
  const from = start === null ? null : instantOf(day, start, zone);
  const [last] = start === null || end === null || from === null ? [] : endsOf({ day, start, end }, from, zone);
  return [...odd(day, start), ...odd(last === undefined ? day : wallClock(last, zone).day, end)];
}

/** Every instant at which the end of a wall clock may be, once it has begun. */
function endsOf(
  { day, start, end }: { readonly day: string; readonly start: string; readonly end: string },
  from: string,
  zone: string,
): readonly string[] {
  const ends = daysOfEnd(day, start, end).map((one) =>
    isWallClock(one, end)
      ? wallToInstants(one, end, zone).instants.filter((at) => instantMillis(at) >= instantMillis(from))
      : [],
  );
  return ends.find((found) => found.length > 0) ?? [];
}

/** The days on which an end may fall: also the next one where the clock shows less than at the start. */
function daysOfEnd(day: string, start: string, end: string): readonly string[] {
  if (plainTime(end) >= plainTime(start)) return [day];
  return [day, new Date(Date.parse(`${day}T00:00:00Z`) + DAY).toISOString().slice(0, 10)];
}

function timeAt(instant: string, zone: string): { readonly day: string; readonly time: string } {
  const { day, time } = wallClock(instant, zone);
  const [, second] = wallToInstants(day, time, zone).instants;
  const isSecond = second !== undefined && instantMillis(instant) >= instantMillis(second);
  return { day, time: isSecond ? `${time}${SECOND}` : time };
}

function instantOf(day: string, text: string, zone: string): string | null {
  const time = plainTime(text);
  if (!isWallClock(day, time)) return null;
  const { instants } = wallToInstants(day, time, zone);
  return (text.endsWith(SECOND) ? instants.at(-1) : instants[0]) ?? null;
}

const minuteOf = (instant: string): number => Math.floor(instantMillis(instant) / 60_000);
