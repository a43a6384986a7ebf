import { moneyLine } from "#shared/domain/balance.ts";
import type { JobFacts, TechnicianName } from "#shared/domain/facts.ts";
import { recordKey } from "#shared/domain/ids.ts";
import type { JobState, Link } from "#shared/domain/job.ts";
import { stated } from "#shared/domain/money.ts";
import type { CompanyConfig, KeyPair } from "#shared/domain/policy.ts";
import { type Seen, type View, viewOf, visitsOf } from "#shared/domain/view.ts";
import { isInDoubt } from "./doubt.ts";

/**
 * Which records are the same job, by evidence. Pure: sets say who shares what, and the rules
 * below decide. Two systems' own numbers are never compared, and names alone never link.
 */

/** Where a record can be found by others, and what it says there. */
export interface Membership {
  readonly set: string;
  readonly member: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Another record that shares a set with one of this job's. */
export interface Neighbour {
  readonly set: string;
  readonly member: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A wish to join two jobs, with the evidence. */
export interface Proposal {
  readonly mine: string;
  readonly other: string;
  readonly rule: Extract<Link["rule"], "key-pair" | "people-and-day" | "duplicate">;
  readonly evidence: readonly string[];
}

export const sets = {
  /** Roots that name a customer, and those that name a technician nobody has read yet. */
  names: (record: string): string => `of:${record}`,
  held: (record: string): string => `held:${record}`,
  waits: (record: string): string => `waits:${record}`,
  person: (person: string): string => `person:${person}`,
  contact: (kind: "phone" | "email", value: string): string => `${kind}:${value}`,
  day: (person: string, day: string): string => `day:${person}:${day}`,
  number: (number: string): string => `number:${number}`,
  pair: (index: number, value: string): string => `pair:${index}:${value}`,
  crew: (technician: string, day: string): string => `crew:${technician}:${day}`,
  /** Roots that a person has said are not the same job, under each of them. */
  apart: (record: string): string => `apart:${record}`,
} as const;

/** The local day a root's service belongs to: its first visit's, else its own. */
export function dayOf(root: Seen<JobFacts>, view: View): string | null {
  const visits = visitsOf(view, root.key).filter((visit) => visit.facts.schedule !== null);
  return visits[0]?.facts.schedule?.day ?? root.facts.serviceDay ?? root.facts.schedule?.day ?? null;
}

/** The technicians a root names itself or by its assignments. */
function techniciansOf(root: Seen<JobFacts>, view: View): readonly TechnicianName[] {
  return [
    ...(root.facts.technicians ?? []),
    ...view.assignments
      .filter((one) => one.live && one.observation.hangsOn.includes(root.key))
      .map((one) => one.facts.technician),
  ];
}

/** Records of people a root names of whom nobody has yet said who they are: their reading looks at the root again. */
function strangersOf(root: Seen<JobFacts>, state: JobState, view: View): readonly string[] {
  const named = [root.facts.customer, ...techniciansOf(root, view).map((one) => one.record)];
  const records = new Set(named.flatMap((record) => (record ? [recordKey(record)] : [])));
  return [...records].filter((record) => state.people[record] === undefined);
}

/** Whether a live root names a person whose record has not been read. */
export function namesStrangers(state: JobState): boolean {
  const view = viewOf(state);
  return view.roots.some((root) => root.live && strangersOf(root, state, view).length > 0);
}

/** The technicians of a root as person ids. */
export function crewOf(root: Seen<JobFacts>, state: JobState, view: View): readonly string[] {
  const people = techniciansOf(root, view).flatMap(({ record, email }) =>
    [(record ? state.people[recordKey(record)] : undefined) ?? (email ? state.people[email] : undefined) ?? []].flat(),
  );
  return [...new Set(people)].sort();
}

/** The sets this job's records stand in. */
export function membershipsOf(state: JobState, company: CompanyConfig): readonly Membership[] {
  const view = viewOf(state);
  const found: Membership[] = [];
  for (const root of view.roots) {
    if (!root.live) continue;
    const { customer, number } = root.facts;
    if (number) found.push({ set: sets.number(number), member: root.key, data: {} });
    const awaited = new Set(strangersOf(root, state, view));
    if (customer) awaited.add(recordKey(customer));
    for (const person of awaited) found.push({ set: sets.names(person), member: root.key, data: {} });
    if (customer) {
      const key = recordKey(customer);
      const person = state.people[key];
      const day = dayOf(root, view);
      const crew = crewOf(root, state, view);
      if (day) {
        const data = { connection: root.connection, person: person ?? null, name: root.facts.customerName };
        for (const technician of crew) found.push({ set: sets.crew(technician, day), member: root.key, data });
      }
      if (person && day) {
        const billed = moneyLine(view, root.connection, "invoices");
        const data = {
          connection: root.connection,
          crew,
          title: root.facts.title,
          charge: stated(root.facts.charge) ?? (billed.provisional ? null : billed.charge),
        };
        found.push({ set: sets.day(person, day), member: root.key, data });
      }
    }
    found.push(...pairMemberships(root.key, root.connection, root.observation.record.stream, root.facts.keys, company));
  }
  for (const invoice of view.invoices) {
    if (invoice.live)
      found.push(
        ...pairMemberships(
          invoice.key,
          invoice.connection,
          invoice.observation.record.stream,
          invoice.facts.keys,
          company,
        ),
      );
  }
  return found;
}

function pairMemberships(
  member: string,
  connection: string,
  stream: string,
  keys: Readonly<Record<string, string>>,
  company: CompanyConfig,
): readonly Membership[] {
  return (company.policy.keyPairs ?? []).flatMap((pair, index) =>
    (["left", "right"] as const).flatMap((side) => {
      const field = fieldOf(pair[side], connection, stream);
      const value = field === null ? undefined : keys[field];
      return value ? [{ set: sets.pair(index, value), member, data: { side } }] : [];
    }),
  );
}

/** The field of `connection.stream.field` when it is of this connection and stream. */
function fieldOf(path: string, connection: string, stream: string): string | null {
  const prefix = `${connection}.${stream}.`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : null;
}

/** The other sides of a configured key pair with the same value; the independent fact is checked by `independentFact`. */
export function byKeyPair(
  mine: Membership,
  neighbours: readonly Neighbour[],
): readonly { readonly other: string; readonly pair: number }[] {
  const index = Number(mine.set.split(":")[1]);
  return neighbours
    .filter((one) => one.member !== mine.member && one.data["side"] !== mine.data["side"])
    .map((one) => ({ other: one.member, pair: index }));
}

/** The first independent fact of a key pair that holds between two jobs, as a sentence; null when none does. */
export function independentFact(pair: KeyPair, mine: JobState, other: JobState): string | null {
  const left = viewOf(mine);
  const right = viewOf(other);
  for (const fact of pair.and) {
    const found = facts[fact](mine, left, other, right);
    if (found) return found;
  }
  return null;
}

const facts: Readonly<
  Record<KeyPair["and"][number], (mine: JobState, left: View, other: JobState, right: View) => string | null>
> = {
  customer(mine, left, other, right) {
    const people = (state: JobState, view: View): readonly string[] =>
      view.roots.flatMap((root) =>
        root.live && root.facts.customer ? [state.people[recordKey(root.facts.customer)] ?? []].flat() : [],
      );
    const shared = people(mine, left).find((person) => people(other, right).includes(person));
    return shared ? `customer ${shared}` : null;
  },
  day(_mine, left, _other, right) {
    const days = (view: View): readonly string[] =>
      view.roots.flatMap((root) => (root.live ? [dayOf(root, view) ?? []].flat() : []));
    for (const a of days(left)) {
      for (const b of days(right)) {
        if (Math.abs(Date.parse(a) - Date.parse(b)) <= 3 * 86_400_000)
          return a === b ? `day ${a}` : `days ${a} and ${b}`;
      }
    }
    return null;
  },
  amount(_mine, left, _other, right) {
    const charges = (view: View): readonly number[] =>
      [...new Set(view.roots.filter((root) => root.live).map((root) => root.connection))].flatMap((id) => {
        const line = moneyLine(view, id, "invoices");
        return line.charge !== null && line.charge !== 0 ? [line.charge] : [];
      });
    const shared = charges(left).find((charge) => charges(right).includes(charge));
    return shared === undefined ? null : `amount ${shared}`;
  },
};

/** All that the independent facts of a key pair are worked out from: when it changes, a pair may have become complete. */
export function besideKeys(state: JobState): unknown {
  const view = viewOf(state);
  const live = view.roots.filter((root) => root.live);
  return live.map((root) => [
    root.facts.customer ? (state.people[recordKey(root.facts.customer)] ?? null) : null,
    dayOf(root, view),
    moneyLine(view, root.connection, "invoices").charge,
  ]);
}

/**
 * Whether two jobs may become one: a system that has a record on both sides stops it, except for a configured key (one
 * invoice, six vans) and for a confirmed likeness within one system. So does a link that waits for a person.
 */
export function mayJoin(mine: JobState, other: JobState, rule: Proposal["rule"]): boolean {
  if (rule !== "people-and-day") return true;
  if (isInDoubt(mine) || isInDoubt(other)) return false;
  const connections = (state: JobState): readonly string[] =>
    viewOf(state).roots.flatMap((root) => (root.live ? [root.connection] : []));
  return !connections(mine).some((connection) => connections(other).includes(connection));
}
