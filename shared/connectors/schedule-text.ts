import type { Schedule } from "#shared/domain/facts.ts";

/** The canonical text of a schedule: `2026-11-04 09:00-11:00`, `2026-11-04 09:00`, `2026-11-04`, or empty for none. */
export function scheduleText(schedule: Schedule | null): string {
  if (!schedule) return "";
  if (!schedule.start) return schedule.day;
  return `${schedule.day} ${schedule.start}${schedule.end ? `-${schedule.end}` : ""}`;
}

/** The inverse of scheduleText; null for a text that it cannot have made. */
export function scheduleFrom(text: string): Schedule | null {
  const match = /^(\d{4}-\d{2}-\d{2})(?: (\d{2}:\d{2})(?:-(\d{2}:\d{2}))?)?$/.exec(text);
  if (!match?.[1]) return null;
  return { day: match[1], start: match[2] ?? null, end: match[3] ?? null };
}
