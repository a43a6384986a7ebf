import type { Account } from "../kit/world.ts";

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    const parts = {
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    } as const;
    format = new Intl.DateTimeFormat("en-CA", { ...parts, timeZone, hourCycle: "h23", timeZoneName: "longOffset" });
    formats.set(timeZone, format);
  }
  return format;
}

/** The account's zone (setting `timeZone`); Fleetio prints every time in it. */
export function zoneOf(account: Account): string {
  const zone = account.settings["timeZone"];
  return typeof zone === "string" ? zone : "America/Chicago";
}

/** An instant as Fleetio prints it: whole seconds, local time with its offset of that day (`2026-10-29T02:00:00-06:00`). */
export function localTime(instant: string, timeZone: string): string {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(new Date(instant))
      .map(({ type, value }) => [type, value]),
  );
  const offset = (parts.get("timeZoneName") ?? "GMT").replace("GMT", "") || "+00:00";
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? "";
  return `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}:${part("second")}${offset}`;
}

/** Epoch milliseconds of an ISO 8601 time; a time without an offset or a bare date is local to the zone. Null if it is none. */
export function instantOf(text: unknown, timeZone: string): number | null {
  if (typeof text !== "string") return null;
  const parts = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?)(Z|[+-]\d{2}:\d{2})?)?$/.exec(text);
  if (!parts) return null;
  const plain = `${parts[1]}T${parts[2] ?? "00:00:00"}`;
  const asUtc = Date.parse(`${plain}${parts[3] ?? "Z"}`);
  if (Number.isNaN(asUtc)) return null;
  if (parts[3] !== undefined) return asUtc;
  const offset = localTime(new Date(asUtc).toISOString(), timeZone).slice(19);
  return Date.parse(`${plain}${offset}`);
}
