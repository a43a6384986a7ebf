import { recordKey } from "#shared/domain/ids.ts";
import type { Base, JobState } from "#shared/domain/job.ts";
import { type MergeField, mergeFields } from "#shared/domain/policy.ts";

/** Which records leave a job together, and what a job is with some of its records only. Pure. */

/** These records and all that hangs on them, however deep; the given ones first. */
export function recordsBelow(state: JobState, roots: readonly string[]): ReadonlySet<string> {
  const found = new Set(roots);
  for (let grown = true; grown; ) {
    grown = false;
    for (const [key, { said }] of Object.entries(state.observations)) {
      if (found.has(key) || !said?.hangsOn.some((parent) => found.has(parent))) continue;
      found.add(key);
      grown = true;
    }
  }
  return found;
}

/** Every record but those that leave; a payment over invoices of both jobs belongs to both, and stays too. */
export function recordsStaying(state: JobState, leaving: ReadonlySet<string>): ReadonlySet<string> {
  const hangsOnOthers = (key: string): boolean =>
    state.observations[key]?.said?.hangsOn.some((parent) => !leaving.has(parent)) ?? false;
  return new Set(Object.keys(state.observations).filter((key) => !leaving.has(key) || hangsOnOthers(key)));
}

/** The state with these records only; the same object when it has no others. */
export function withOnly(state: JobState, stays: (key: string) => boolean): JobState {
  const named = [...Object.keys(state.observations), ...state.links.map((link) => link.record)];
  if (named.every(stays)) return state;
  const pick = <Value>(of: Readonly<Record<string, Value>>): Record<string, Value> =>
    Object.fromEntries(Object.entries(of).filter(([key]) => stays(key)));
  const bases: Partial<Record<MergeField, Readonly<Record<string, Base>>>> = {};
  const fields: Partial<Record<MergeField, NonNullable<JobState["fields"][MergeField]>>> = {};
  for (const field of mergeFields) {
    const base = state.bases[field];
    const standing = state.fields[field];
    if (base) bases[field] = pick(base);
    if (standing) fields[field] = { ...standing, by: standing.by.filter(stays) };
  }
  const gone = new Set(namedIn(state, (key) => !stays(key)));
  for (const name of namedIn(state, stays)) gone.delete(name);
  return {
    ...state,
    observations: pick(state.observations),
    people: Object.fromEntries(Object.entries(state.people).filter(([name]) => !gone.has(name))),
    links: state.links.filter((link) => stays(link.record)),
    bases,
    fields,
    receipts: state.receipts.filter((receipt) => stays(recordKey(receipt.record))),
    refusals: state.refusals.filter((refusal) => stays(refusal.record)),
  };
}

/** The customers and technicians that these records name, as a job's `people` knows them. */
export function namedIn(state: JobState, which: (key: string) => boolean): readonly string[] {
  return Object.entries(state.observations).flatMap(([key, { said }]) => {
    if (!said || !which(key)) return [];
    const { facts } = said;
    const customer = facts.kind === "job" && facts.customer ? [recordKey(facts.customer)] : [];
    const technicians =
      facts.kind === "job" ? (facts.technicians ?? []) : facts.kind === "assignment" ? [facts.technician] : [];
    return [
      ...customer,
      ...technicians.flatMap(({ record, email }) => [record ? recordKey(record) : [], email ?? []].flat()),
    ];
  });
}
