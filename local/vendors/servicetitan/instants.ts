/** ServiceTitan prints instants in UTC with up to seven fraction digits; comparing them must not lose the last four. */

const UTC = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,7}))?Z$/;
const ANY = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,7}))?(Z|[+-]\d{2}:\d{2})?)?$/;

/** The instant as `YYYY-MM-DDTHH:MM:SS.fffffffZ`, so that two of them compare as strings; null if it is no RFC 3339 date or date-time. */
export function sortableInstant(text: unknown): string | null {
  if (typeof text !== "string") return null;
  const utc = UTC.exec(text);
  if (utc) return `${utc[1]}.${(utc[2] ?? "").padEnd(7, "0")}Z`;
  const parts = ANY.exec(text);
  if (!parts) return null;
  const time = parts[2] === undefined ? "00:00:00" : parts[2].length === 5 ? `${parts[2]}:00` : parts[2];
  const seconds = Date.parse(`${parts[1]}T${time}${parts[4] ?? "Z"}`);
  if (Number.isNaN(seconds)) return null;
  return `${new Date(seconds).toISOString().slice(0, 19)}.${(parts[3] ?? "").padEnd(7, "0")}Z`;
}

/** The clock's instant (ISO, milliseconds) as ServiceTitan prints a change time: seven fraction digits. */
export function printedInstant(now: string): string {
  const printed = sortableInstant(now);
  if (printed === null) throw new Error(`not an instant: ${now}`);
  return printed;
}

/** An instant later than `now` by whole seconds, in the same seven digits. */
export function laterBy(now: string, seconds: number): string {
  return printedInstant(new Date(Date.parse(now) + seconds * 1000).toISOString());
}
