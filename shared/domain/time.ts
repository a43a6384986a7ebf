/**
 * Times as vendors print them: instants with an offset and up to nine fraction digits, printed days, wall clocks.
 * Instants are compared as (milliseconds, remaining digits), never as text and never cut to three digits.
 */
const INSTANT = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2})$/i;

/** Nanoseconds since 1970 of an instant's text, or null when the text is not an instant. */
export function instantNanos(text: string): bigint | null {
  const match = INSTANT.exec(text);
  if (!match) return null;
  const [, day, clock, fraction = "", zone = "Z"] = match;
  const offset = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
  const millis = Date.parse(`${day}T${clock}${offset}`);
  if (Number.isNaN(millis)) return null;
  return BigInt(millis) * 1_000_000n + BigInt(fraction.padEnd(9, "0"));
}

/** Negative, zero or positive as instant a is before, equal to or after b. Throws on a text that is no instant. */
export function compareInstants(a: string, b: string): number {
  if (a === b) return 0;
  const left = instantNanos(a);
  const right = instantNanos(b);
  if (left === null || right === null) throw new Error(`not an instant: ${left === null ? a : b}`);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Milliseconds since 1970 (fraction digits beyond the third cut). Throws on a text that is no instant. */
export function instantMillis(text: string): number {
  const nanos = instantNanos(text);
  if (nanos === null) throw new Error(`not an instant: ${text}`);
  return Number(nanos / 1_000_000n);
}

export function addHours(instant: string, hours: number): string {
  return addSeconds(instant, hours * 3600);
}

export function addSeconds(instant: string, seconds: number): string {
  return new Date(instantMillis(instant) + Math.round(seconds * 1000)).toISOString();
}

/** The earlier of two instants, either of which may be missing. */
export function earlier(a: string | null | undefined, b: string | null | undefined): string | null {
  if (!a) return b ?? null;
  if (!b) return a;
  return compareInstants(a, b) <= 0 ? a : b;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    formats.set(zone, format);
  }
  return format;
}

const DAY = 86_400_000;
const daysKept = 5_000;
/** How far a zone's clock is from UTC by day of UTC, ms; null on a day on which it is set. Asking the format is slow. */
const offsets = new Map<string, number | null>();

function shownOffset(millis: number, zone: string): number {
  const parts: Record<string, string> = {};
  for (const { type, value } of formatOf(zone).formatToParts(millis)) parts[type] = value;
  const shown = `${parts["year"]}-${parts["month"]}-${parts["day"]}T${parts["hour"]}:${parts["minute"]}:00Z`;
  return Date.parse(shown) - Math.floor(millis / 60_000) * 60_000;
}

function offsetAt(millis: number, zone: string): number {
  const day = Math.floor(millis / DAY);
  const key = `${zone} ${day}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    const before = shownOffset(day * DAY, zone);
    offset = before === shownOffset((day + 1) * DAY, zone) ? before : null;
    if (offsets.size >= daysKept) offsets.clear();
    offsets.set(key, offset);
  }
  return offset ?? shownOffset(millis, zone);
}

/** The wall clock of an instant in a zone: `{ day: "2026-10-31", time: "20:30" }`. */
export function wallClock(instant: string, zone: string): { day: string; time: string } {
  const millis = instantMillis(instant);
  const shown = new Date(millis + offsetAt(millis, zone)).toISOString();
  return { day: shown.slice(0, 10), time: shown.slice(11, 16) };
}

/** The calendar day of an instant in a zone. */
export function localDay(instant: string, zone: string): string {
  return wallClock(instant, zone).day;
}

/** The first ten characters of a printed day; no zone arithmetic (domain: "printed day"). Null when it is not one. */
export function printedDay(text: string): string | null {
  return /^\d{4}-\d{2}-\d{2}/.test(text) ? text.slice(0, 10) : null;
}

/** Whether a printed day and time are any: a vendor may print 31 o'clock. */
export function isWallClock(day: string, time: string): boolean {
  return !Number.isNaN(Date.parse(`${day}T${time}:00Z`));
}

/** What a clock change does to a wall clock: it never comes, it comes twice, or nothing. */
export type ClockNote = "skipped" | "repeated" | null;

/**
 * The instants at which a zone's clock shows a wall clock (`2026-11-01`, `01:30`), the earliest first: two where a clock
 * change repeats it. One that it skips is moved forward. Throws on what is no wall clock.
 */
export function wallToInstants(
  day: string,
  time: string,
  zone: string,
): { instants: readonly [string, ...string[]]; note: ClockNote } {
  const asUtc = Date.parse(`${day}T${time}:00Z`);
  if (Number.isNaN(asUtc)) throw new Error(`not a wall clock: ${day} ${time}`);
  const text = (offset: number): string => new Date(asUtc - offset).toISOString();
  const before = offsetAt(asUtc - DAY, zone);
  const after = offsetAt(asUtc + DAY, zone);
  if (before === after) return { instants: [text(before)], note: null };
  // A clock is only set back over a time that it repeats: the offset before gives the first of them.
  const [first, second] = [before, after].filter((offset) => offsetAt(asUtc - offset, zone) === offset);
  if (first === undefined) return { instants: [text(Math.min(before, after))], note: "skipped" };
  return second === undefined
    ? { instants: [text(first)], note: null }
    : { instants: [text(first), text(second)], note: "repeated" };
}

/** The instant of a wall clock in a zone: of a time that comes twice the first, of one that is skipped the one after. */
export function wallToInstant(day: string, time: string, zone: string): { instant: string; note: ClockNote } {
  const { instants, note } = wallToInstants(day, time, zone);
  return { instant: instants[0], note };
}

/** The same instant written with the offset that another printed time has ("-06:00"), seconds kept, no fraction. */
export function withOffsetOf(instant: string, printed: string): string {
  const match = /(Z|[+-]\d{2}:?\d{2})$/i.exec(printed);
  const zone = match?.[1] ?? "Z";
  if (zone.toUpperCase() === "Z") return `${new Date(instantMillis(instant)).toISOString().slice(0, 19)}Z`;
  const digits = zone.replace(":", "");
  const minutes = (digits.startsWith("-") ? -1 : 1) * (Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5)));
  const shifted = new Date(instantMillis(instant) + minutes * 60_000).toISOString().slice(0, 19);
  return `${shifted}${digits.slice(0, 3)}:${digits.slice(3)}`;
}
