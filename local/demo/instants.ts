/**
 * Denver's wall clock. The company's days lie between 8 March and the end of 2026 (and one day of May 2019), so one
 * rule is enough: daylight time (-06:00) until Sunday 1 November 2026 02:00, standard time (-07:00) after it.
 */
const STANDARD_FROM = "2026-11-01T08:00:00.000Z";

/** The morning before the days that are told, midnight in Denver. */
export const START = "2026-10-28T06:00:00.000Z";
/** Midnight after the last day. */
export const END = "2026-11-04T07:00:00.000Z";
export const DAYS = ["2026-10-29", "2026-10-30", "2026-10-31", "2026-11-01", "2026-11-02", "2026-11-03"];

/**
 * Times at which people work on their screens. They lie 150 minutes apart, more than the longest time between two reads
 * of any stream, so that each step of a job is seen everywhere before the next one.
 */
export const SLOTS = ["07:05", "09:35", "12:05", "14:35", "17:05", "19:35", "22:05"] as const;
export type Slot = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** The instant of a wall clock in Denver. 01:30 of 1 November is the first of the two. */
export function denver(day: string, clock: string): string {
  const standard = day > "2026-11-01" || (day === "2026-11-01" && clock >= "02:00");
  return new Date(`${day}T${clock}:00.000${standard ? "-07:00" : "-06:00"}`).toISOString();
}

export function slot(day: string, number: Slot): string {
  return denver(day, SLOTS[number]);
}

export function addMinutes(instant: string, minutes: number): string {
  return new Date(Date.parse(instant) + minutes * 60_000).toISOString();
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

function offsetHours(instant: string): number {
  return instant < STANDARD_FROM ? -6 : -7;
}

/** `2026-10-29T14:35:00-06:00`. */
export function printedLocal(instant: string): string {
  const hours = offsetHours(instant);
  const wall = new Date(Date.parse(instant) + hours * 3_600_000).toISOString().slice(0, 19);
  return `${wall}-0${-hours}:00`;
}

export function localDay(instant: string): string {
  return printedLocal(instant).slice(0, 10);
}

/** `HH:MM` on Denver's wall. */
export function localClock(instant: string): string {
  return printedLocal(instant).slice(11, 16);
}

/** 0 is Sunday. */
export function weekday(day: string): number {
  return new Date(`${day}T12:00:00Z`).getUTCDay();
}
