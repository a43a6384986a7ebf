import { localDay, wallClock } from "#shared/domain/time.ts";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** `2026-10-30` -> "30 Oct". */
export function dayAndMonth(day: string): string {
  return `${Number(day.slice(8, 10))} ${months[Number(day.slice(5, 7)) - 1] ?? "?"}`;
}

/** `2026-10-29`, `2026-11-03` -> "29 Oct - 3 Nov 2026"; one day alone: "3 Nov 2026". */
export function dayRange(from: string, to: string): string {
  const year = to.slice(0, 4);
  if (from === to) return `${dayAndMonth(to)} ${year}`;
  const firstYear = from.slice(0, 4) === year ? "" : ` ${from.slice(0, 4)}`;
  return `${dayAndMonth(from)}${firstYear} - ${dayAndMonth(to)} ${year}`;
}

/** A day of the last seven by its weekday, an older one by its date. */
export function dayByName(day: string, today: string): string {
  const at = Date.parse(`${day}T00:00:00Z`);
  const ago = (Date.parse(`${today}T00:00:00Z`) - at) / 86_400_000;
  return ago >= 0 && ago < 7 ? (weekdays[new Date(at).getUTCDay()] ?? day) : `${dayAndMonth(day)} ${day.slice(0, 4)}`;
}

/** An instant on the company's wall clock: "30 Oct 14:35". */
export function moment(instant: string, zone: string): string {
  return `${dayAndMonth(localDay(instant, zone))} ${wallClock(instant, zone).time}`;
}
