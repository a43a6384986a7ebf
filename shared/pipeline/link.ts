import { moneyLine } from "#shared/domain/balance.ts";
import type { JobFacts, TechnicianName } from "#shared/domain/facts.ts";
import { recordKey } from "#shared/domain/ids.ts";
import type { JobState, Link } from "#shared/domain/job.ts";
import { stated } from "#shared/domain/money.ts";
import type { CompanyConfig, KeyPair } from "#shared/domain/policy.ts";
import { localDay } from "#shared/domain/time.ts";
import { ownPart, partsOf, unitOf } from "#shared/domain/unit.ts";
import { type Seen, type View, viewOf, visitsOf } from "#shared/domain/view.ts";
import { isInDoubt } from "./doubt.ts";
import { namesAnother } from "./people-and-day.ts";

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
  readonly rule: Extract<Link["rule"], "key-pair" | "unit" | "people-and-day" | "duplicate">;
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
  /** Roots that are parts of one unit: a project. */
  unit: (unit: string): string => `unit:${unit}`,
  crew: (technician: string, day: string): string => `crew:${technician}:${day}`,
  /** Roots that a person has said are not the same job, under each of them. */
  apart: (record: string): string => `apart:${record}`,
} as const;

/** The local day a root's service belongs to: its first visit's, in the zone of its part of the company, else its own. */
export function dayOf(root: Seen<JobFacts>, view: View): string | null {
  const [visit] = visitsOf(view, root.key).filter(({ facts }) => facts.schedule !== null);
  const { zone } = root.facts;
  if (visit && zone !== undefined && visit.facts.start !== null) return localDay(visit.facts.start, zone);
  return visit?.facts.schedule?.day ?? root.facts.serviceDay ?? root.facts.schedule?.day ?? null;
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
    if (!root.live && !root.sameAs) continue;
    const { customer, number } = root.facts;
    if (number) found.push({ set: sets.number(number), member: root.key, data: {} });
    const unit = unitOf(root);
    if (unit !== null) found.push({ set: sets.unit(unit), member: root.key, data: {} });
    const awaited = new Set(strangersOf(root, state, view));
    if (customer) awaited.add(recordKey(customer));
    for (const person of awaited) found.push({ set: sets.names(person), member: root.key, data: {} });
    // A call that was entered twice stands on its day once.
    if (customer && root.live) {
      const key = recordKey(customer);
      const person = state.people[key];
      const day = dayOf(root, view);
      const crew = crewOf(root, state, view);
      if (day) {
        const data = { connection: root.connection, person: person ?? null, name: root.facts.customerName };
        for (const technician of crew) found.push({ set: sets.crew(technician, day), member: root.key, data });
      }
      if (person && day) {
        const billed = moneyLine(ownPart(view, root), root.connection, "invoices");
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

export const isUnit = (set: string): boolean => set.startsWith("unit:");

/** The other parts of a unit, whatever else they share. */
export function byUnit(mine: Membership, neighbours: readonly Neighbour[]): readonly Proposal[] {
  const evidence = [mine.set.slice("unit:".length)];
  return neighbours
    .filter((one) => one.member !== mine.member)
    .map((one) => ({ mine: mine.member, other: one.member, rule: "unit" as const, evidence }));
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
      view.roots
        .filter((root) => root.live)
        // Of a unit, its parts' own amounts count too, so that it does not matter which of them was read first.
        .flatMap((root) =>
          [...new Set([view, ownPart(view, root)])].map((of) => moneyLine(of, root.connection, "invoices")),
        )
        .flatMap(({ charge }) => (charge !== null && charge !== 0 ? [charge] : []));
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
    [...new Set([view, ownPart(view, root)])].map((of) => moneyLine(of, root.connection, "invoices").charge),
  ]);
}

/**
 * Whether two jobs may become one: a system that has a record on both sides stops it, except for a configured key (one
 * invoice, six vans), for a unit, and for a confirmed likeness within one system. So does a link that waits for a person.
 * Of a unit's parts each is a call of its own: what another part was linked with stops nothing.
 */
export function mayJoin(
  mine: JobState,
  other: JobState,
  rule: Proposal["rule"],
  by?: Pick<Proposal, "mine" | "other"> & { readonly day: readonly Neighbour[] },
): boolean {
  if (rule !== "people-and-day") return rule !== "unit" || !(isInDoubt(mine) || isInDoubt(other));
  if (isInDoubt(mine) || isInDoubt(other)) return false;
  const here = callOf(mine, by?.mine, by?.day ?? []).map((root) => root.connection);
  return !callOf(other, by?.other, by?.day ?? []).some((root) => here.includes(root.connection));
}

/** The live records of one call: the whole job's, but for those of other parts where the record is one part of a unit. */
export function callOf(
  state: JobState,
  record: string | undefined,
  day: readonly Neighbour[],
): readonly Seen<JobFacts>[] {
  const view = viewOf(state);
  const live = view.roots.filter((root) => root.live);
  const root = live.find((one) => one.key === record);
  const others = root ? partsOf(view, root).filter((part) => part !== root) : [];
  if (root === undefined || others.length === 0) return live;
  return live.filter((one) => one === root || (!others.includes(one) && isWith(state, root, one, day)));
}

/** Whether another system's record was linked with this part, on the day it stands on now, rather than with another part. */
function isWith(state: JobState, part: Seen<JobFacts>, one: Seen<JobFacts>, day: readonly Neighbour[]): boolean {
  const set = day.find((neighbour) => neighbour.member === part.key)?.set;
  const links = state.links.filter((link) => link.record === one.key || link.record === part.key);
  const tied = links.filter((link) => set !== undefined && link.evidence.includes(set));
  if (tied.length > 0) return !tied.some((link) => namesAnother(link.evidence, part.key, one.key));
  // Linked by a key or a person, and not by a day: with the part whose day it shares.
  const byDay = links.some((link) => link.record === one.key && link.rule === "people-and-day");
  return !byDay && day.some((neighbour) => neighbour.member === one.key);
}
