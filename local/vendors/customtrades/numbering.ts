import { textOf } from "../kit/json.ts";
import type { Store } from "../kit/store.ts";

/** The next server-given number, e.g. JOB-0872: one above the highest of this prefix in the account. Never used twice. */
export function nextNumber(
  store: Store,
  how: { collection: string; field: string; prefix: string; digits: number },
): string {
  const used = store.list(how.collection).map((record) => {
    const number = textOf(record[how.field]);
    return number.startsWith(how.prefix) ? Number.parseInt(number.slice(how.prefix.length), 10) || 0 : 0;
  });
  const highest = used.reduce((most, number) => Math.max(most, number), 0);
  return how.prefix + String(store.nextNumber(how.field, highest + 1)).padStart(how.digits, "0");
}
