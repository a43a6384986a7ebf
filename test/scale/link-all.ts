import { personIdOf, recordKey } from "#shared/domain/ids.ts";
import { emptyJob, type JobState } from "#shared/domain/job.ts";
import { knownFrom } from "#shared/domain/observation.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import { type Membership, membershipsOf, type Neighbour } from "#shared/pipeline/link.ts";
import { byPeopleAndDay } from "#shared/pipeline/people-and-day.ts";
import { placePerson, resolvePeople } from "#shared/pipeline/place-person.ts";
import type { ClaimStore, SetStore } from "#shared/pipeline/ports.ts";
import { mayBeCandidate, placesOf } from "#shared/pipeline/propose.ts";
import { bestOf } from "#shared/pipeline/review.ts";
import { candidatesOf, contradict, type Side, sidesOf } from "#shared/pipeline/score.ts";
import type { Scale, ToldCustomer, ToldJob } from "./generate.ts";

/** What the rules come to over a whole company's records, held in an index in memory. */
export interface Linked {
  /** Group of a record. */
  readonly groups: ReadonlyMap<string, string>;
  readonly links: readonly (readonly [string, string])[];
  readonly review: readonly { readonly left: Side; readonly right: Side; readonly score: number }[];
}

interface Row {
  readonly key: string;
  readonly state: JobState;
  readonly side: Side;
  readonly memberships: readonly Membership[];
}

export const keyOf = ({ connection, id }: ToldJob): string => recordKey({ connection, stream: "jobs", id });

/** Customers by the real rule over the given ports, then jobs by the pure rules: people and day, then the score. */
export async function linkAll(
  { customers, jobs }: Scale,
  ports: { readonly claims: ClaimStore; readonly sets: SetStore },
  company: CompanyConfig,
): Promise<Linked> {
  const people = await personsOf(customers, ports);
  const rows = new Map<string, Row>();
  const index = new Map<string, Neighbour[]>();
  for (const told of jobs) {
    const row = rowOf(told, people, company);
    rows.set(row.key, row);
    for (const one of row.memberships) {
      const members = index.get(one.set) ?? [];
      members.push(one);
      index.set(one.set, members);
    }
  }
  const { groups, links } = joinAll(rows, index);
  return {
    groups: new Map([...rows.keys()].map((key) => [key, groups.find(key)])),
    links,
    review: reviewAll(rows, index, groups),
  };
}

async function personsOf(
  customers: readonly ToldCustomer[],
  ports: { readonly claims: ClaimStore; readonly sets: SetStore },
): Promise<ReadonlyMap<string, string>> {
  const keys = customers.map(({ connection, id }) => recordKey({ connection, stream: "customers", id }));
  const read = { digest: "1", version: { modified: null, read: 1 } };
  for (const [at, { facts }] of customers.entries()) await placePerson(ports, keys[at] ?? "", facts, read);
  const claims = await ports.claims.load(keys);
  const persons = await resolvePeople(
    ports.claims,
    claims.map((claim) => claim.person ?? ""),
  );
  return new Map(keys.map((key, at) => [key, persons[at] ?? ""]));
}

function rowOf(told: ToldJob, persons: ReadonlyMap<string, string>, company: CompanyConfig): Row {
  const record = { connection: told.connection, stream: "jobs", id: told.id };
  const key = keyOf(told);
  const people: Record<string, string> = {};
  for (const { email } of told.facts.technicians ?? []) if (email) people[email] = personIdOf(`technician:${email}`);
  const customer = told.facts.customer ? recordKey(told.facts.customer) : null;
  const person = customer === null ? undefined : persons.get(customer);
  if (customer !== null && person !== undefined) people[customer] = person;
  const known = knownFrom({
    record,
    version: { modified: null, read: 1 },
    digest: key,
    at: "2026-11-02T08:00:00.000Z",
    hangsOn: [],
    facts: told.facts,
  });
  const state: JobState = { ...emptyJob(key), observations: { [key]: known }, people };
  const [side] = sidesOf(state);
  if (!side) throw new Error(`${key} is no root`);
  return { key, state, side, memberships: membershipsOf(state, company) };
}

/** Groups of records; two groups that both have a record of one system never become one. */
interface Groups {
  find(key: string): string;
  join(a: string, b: string): boolean;
  systems(key: string): readonly string[];
}

function groupsOf(rows: ReadonlyMap<string, Row>): Groups {
  const up = new Map<string, string>();
  const held = new Map([...rows.values()].map((row) => [row.key, [row.side]]));
  const find = (key: string): string => {
    let at = key;
    for (let next = up.get(at); next !== undefined; next = up.get(at)) at = next;
    return at;
  };
  return {
    find,
    systems: (key) => (held.get(find(key)) ?? []).map((side) => side.connection),
    join(a, b) {
      const [x, y] = [find(a), find(b)];
      const [left, right] = [held.get(x) ?? [], held.get(y) ?? []];
      if (x === y || left.some((one) => right.some((two) => one.connection === two.connection || contradict(one, two))))
        return false;
      up.set(y, x);
      held.set(x, [...left, ...right]);
      return true;
    },
  };
}

function joinAll(
  rows: ReadonlyMap<string, Row>,
  index: ReadonlyMap<string, readonly Neighbour[]>,
): { readonly groups: Groups; readonly links: readonly (readonly [string, string])[] } {
  const groups = groupsOf(rows);
  const links: (readonly [string, string])[] = [];
  for (const row of rows.values()) {
    for (const mine of row.memberships) {
      if (!mine.set.startsWith("day:")) continue;
      for (const { mine: a, other } of byPeopleAndDay(mine, index.get(mine.set) ?? []))
        if (groups.join(a, other)) links.push([a, other]);
    }
  }
  return { groups, links };
}

function reviewAll(
  rows: ReadonlyMap<string, Row>,
  index: ReadonlyMap<string, readonly Neighbour[]>,
  groups: Groups,
): Linked["review"] {
  const pairs = new Map<string, Linked["review"][number]>();
  for (const { key, side } of rows.values()) {
    const held = groups.systems(key);
    const members = new Set<string>();
    for (const set of placesOf(side))
      for (const one of index.get(set) ?? []) if (mayBeCandidate(side, held, one)) members.add(one.member);
    const others = [...members].flatMap((member) => {
      const other = rows.get(member);
      return other && !groups.systems(member).some((system) => held.includes(system)) ? [other.side] : [];
    });
    for (const { record, score } of candidatesOf(side, others)) {
      const other = rows.get(record);
      const [left, right] = key < record ? [side, other?.side] : [other?.side, side];
      if (left && right) pairs.set(`${left.record} ${right.record}`, { left, right, score });
    }
  }
  return bestOf([...pairs.values()], groups.find);
}
