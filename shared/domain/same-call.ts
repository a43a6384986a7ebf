import type { JobState, SameAs } from "./job.ts";
import { isGone } from "./observation.ts";

/**
 * Calls that were entered twice in one system, as a person has confirmed. Such a record stays on its job and counts for
 * nothing, as long as a record that is kept for it stands; when that is gone, it counts again by itself. Pure.
 */

const none: ReadonlyMap<string, SameAs> = new Map();

/** The records that do not count now, with what was said of them. What hangs on one of them alone does not count either. */
export function notCounted(state: JobState): ReadonlyMap<string, SameAs> {
  if (!state.links.some((link) => link.sameAs)) return none;
  const said = new Map(state.links.flatMap(({ record, sameAs }) => (sameAs ? [[record, sameAs] as const] : [])));
  const found = new Map<string, SameAs>();
  for (const [record, mark] of said) if (stands(state, record) && isKept(state, record, said)) found.set(record, mark);
  return found.size === 0 ? found : withParts(state, found);
}

/** Whether the record's system still shows it as one of its calls. */
export function stands(state: JobState, record: string): boolean {
  const known = state.observations[record];
  return known?.said?.facts.kind === "job" && known.said.facts.presence === "present" && !isGone(known);
}

/** Whether a record stands that is kept for this one: the one it is the same as, or what that one is the same as. */
function isKept(state: JobState, record: string, said: ReadonlyMap<string, SameAs>): boolean {
  const passed = new Set([record]);
  let at = said.get(record)?.record;
  for (; at !== undefined && !passed.has(at); at = said.get(at)?.record) {
    if (stands(state, at)) return true;
    passed.add(at);
  }
  return false;
}

/** Its invoices, their adjustments and payments, however deep; what hangs on a record that counts too counts. */
function withParts(state: JobState, roots: ReadonlyMap<string, SameAs>): ReadonlyMap<string, SameAs> {
  const found = new Map(roots);
  for (let grown = true; grown; ) {
    grown = false;
    for (const [key, { said }] of Object.entries(state.observations)) {
      if (said === null || found.has(key)) continue;
      const above = said.hangsOn.filter((parent) => state.observations[parent] !== undefined);
      const marks = above.flatMap((parent) => found.get(parent) ?? []);
      const [mark] = marks;
      if (mark === undefined || marks.length < above.length) continue;
      found.set(key, mark);
      grown = true;
    }
  }
  return found;
}
