import type { Schedule } from "#shared/domain/facts.ts";
import { plainTime } from "#shared/domain/windows.ts";

/** The canonical text of a schedule: `2026-11-04 09:00-11:00`, `2026-11-04 09:00`, `2026-11-04`, or empty for none. */
export function scheduleText(schedule: Schedule | null): string {
  if (!schedule) return "";
  if (!schedule.start) return schedule.day;
  return `${schedule.day} ${schedule.start}${schedule.end ? `-${schedule.end}` : ""}`;
}

/**
 * What a record shows of a wanted schedule: where it says all that is wanted, that; a side that states no end wants none
 * in particular, so the end which the vendor holds is no difference. A wall clock alone says no more than its time, so
 * it shows the second 01:30 of a night as it shows the first.
 */
export function scheduleShown(schedule: Schedule | null, wanted: string): string {
  const want = scheduleFrom(wanted);
  if (!schedule || !want || want.day !== schedule.day) return scheduleText(schedule);
  const isExact = schedule.from !== undefined;
  const open = (asked: string | null, held: string | null): boolean =>
    asked === null || asked === held || (!isExact && plainTime(asked) === held);
  return open(want.start, schedule.start) && open(want.end, schedule.end) ? wanted : scheduleText(schedule);
}

/** A start without an end keeps the length there was; null where there was none, or where it would pass midnight. */
export function endKeeping(
  start: string,
  before: { readonly start: string | null; readonly end: string | null },
): string | null {
  const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
  if (before.start === null || before.end === null) return null;
  const end = minutes(start) + minutes(before.end) - minutes(before.start);
  if (!(end > minutes(start) && end < 24 * 60)) return null;
  return `${String(Math.floor(end / 60)).padStart(2, "0")}:${String(end % 60).padStart(2, "0")}`;
}

/** The inverse of scheduleText; null for a text that it cannot have made. */
export function scheduleFrom(text: string): Schedule | null {
  const match = /^(\d{4}-\d{2}-\d{2})(?: (\d{2}:\d{2}(?: \(second\))?)(?:-(\d{2}:\d{2}(?: \(second\))?))?)?$/.exec(
    text,
  );
  if (!match?.[1]) return null;
  return { day: match[1], start: match[2] ?? null, end: match[3] ?? null };
}
