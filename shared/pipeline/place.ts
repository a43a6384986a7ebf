import type { Normalised } from "#shared/connectors/connector.ts";
import type { PersonFacts } from "#shared/domain/facts.ts";
import { jobIdOf, personIdOf, recordKey } from "#shared/domain/ids.ts";
import { likeness } from "#shared/domain/likeness.ts";
import { stated } from "#shared/domain/money.ts";
import { sets } from "./link.ts";
import { enterPerson } from "./namesakes.ts";
import type { Claim, ClaimStore, SetStore, StoredClaim } from "./ports.ts";

/**
 * Which jobs a record touches, fixed in its claim before any job is written: a crash leaves a claim
 * that the next message completes.
 */
export interface PlacePorts {
  readonly claims: ClaimStore;
  readonly sets: SetStore;
}

export interface Placed {
  /** Jobs the record touches now, and those it touched before and lost. */
  readonly jobs: readonly string[];
  /** The job whose first record this is (a root or the parent it names); null when the claim stood before. */
  readonly founds: string | null;
  /** Records that waited for this one: parked ones to read again, roots to look at again. */
  readonly waiting: readonly string[];
}

/** Stands among a claim's sets when a person said who this record is (links file): no likeness changes that. */
export const pinnedByPerson = "crosswalk";

const nothing: Placed = { jobs: [], founds: null, waiting: [] };

/** A view of a whole job: its claim names one job for ever, its own unless a person or a link said otherwise. */
export async function placeRoot(ports: PlacePorts, key: string): Promise<Placed> {
  const claim = await claimOf(ports, key);
  if (claim.jobs.length > 0) return { ...nothing, jobs: claim.jobs };
  const job = jobIdOf(key);
  const kept = await keep(ports, claim, { jobs: [job], parked: null });
  return { ...nothing, jobs: kept.jobs, founds: job };
}

/**
 * A part hangs on its parents: a root it names founds a job at once, another part must have come before, else the
 * record waits for it. When the set changes, the job that lost the part is touched too.
 */
export async function placePart(
  ports: PlacePorts,
  key: string,
  normalised: Normalised,
  isRoot: (stream: string) => boolean,
  digest: string,
): Promise<Placed> {
  const parents = normalised.parents.map((parent) => ({ key: recordKey(parent), root: isRoot(parent.stream) }));
  const [claim, ...claims] = await ports.claims.load([key, ...parents.map((parent) => parent.key)]);
  if (!claim) throw new Error(`the claim store gave nothing for ${key}`);
  const found: string[] = [];
  const absent: string[] = [];
  for (const [index, parent] of parents.entries()) {
    const its = claims[index] ?? (await claimOf(ports, parent.key));
    if (its.jobs.length > 0) found.push(...its.jobs);
    else if (parent.root) found.push(...(await keep(ports, its, { jobs: [jobIdOf(parent.key)], parked: null })).jobs);
    else absent.push(parent.key);
  }
  const missing = await waitFor(ports, key, absent, found);
  // A payment that leaves a job is still told to it, now and later: a crash in between must not leave it counted there.
  const past = normalised.facts.kind === "payment" ? claim.jobs : [];
  const jobs = [...new Set([...found, ...past])].sort();
  const held = await holdUnapplied(ports, key, normalised, claim.version === 0);
  const parked =
    missing.length > 0 ? `waits for ${missing.join(", ")}` : jobs.length === 0 && !held ? "no job wants it" : null;
  const lost = claim.jobs.filter((job) => !jobs.includes(job));
  if (
    claim.version === 0 ||
    lost.length > 0 ||
    jobs.length !== claim.jobs.length ||
    claim.parked !== parked ||
    jobs.length === 0
  ) {
    await keep(ports, claim, { jobs, parked, ...(jobs.length === 0 ? { digest } : {}) });
  }
  return {
    jobs: [...jobs, ...lost],
    founds: null,
    waiting: [
      // Only payments wait, and only for invoices: a root that is named is founded at once.
      ...(normalised.facts.kind === "invoice" ? await release(ports, key) : []),
      ...(held ? await customersRoots(ports, normalised) : []),
    ],
  };
}

/** Enters the record among those who wait for these, then looks once more: one may have come in between. */
async function waitFor(
  ports: PlacePorts,
  key: string,
  absent: readonly string[],
  found: string[],
): Promise<readonly string[]> {
  if (absent.length === 0) return [];
  for (const parent of absent) await ports.sets.add(sets.waits(parent), key, {});
  const missing: string[] = [];
  for (const claim of await ports.claims.load(absent)) {
    if (claim.jobs.length > 0) found.push(...claim.jobs);
    else missing.push(claim.record);
  }
  return missing;
}

/** The rest of a payment that lies on no invoice is held by its customer, for all of the customer's jobs to see. */
async function holdUnapplied(ports: PlacePorts, key: string, { facts }: Normalised, first: boolean): Promise<boolean> {
  if (facts.kind !== "payment" || !facts.customer) return false;
  const set = sets.held(recordKey(facts.customer));
  const rest = stated(facts.unapplied) ?? 0;
  if (first && rest <= 0) return false;
  const standing = (await ports.sets.list(set)).find((one) => one.member === key);
  const live = facts.presence === "present" && facts.state === "received" && rest > 0;
  if (live && standing?.data["unapplied"] !== rest) {
    const total = stated(facts.total) ?? 0;
    await ports.sets.add(set, key, {
      unapplied: rest,
      total,
      shares: facts.shares.map((share) => [recordKey(share.invoice), stated(share.amount) ?? 0]),
    });
    return true;
  }
  if (!live && standing) {
    await ports.sets.remove(set, key);
    return true;
  }
  return live;
}

async function customersRoots(ports: PlacePorts, { facts }: Normalised): Promise<readonly string[]> {
  if (facts.kind !== "payment" || !facts.customer) return [];
  return (await ports.sets.list(sets.names(recordKey(facts.customer)))).map((one) => one.member);
}

/**
 * Customers are the same person by a phone or e-mail that one record of each system has; technicians by e-mail.
 * Names alone never link. Returns the roots that wait to be looked at again when the person became known or changed.
 */
export async function placePerson(ports: PlacePorts, key: string, facts: PersonFacts, digest: string): Promise<Placed> {
  const claim = await claimOf(ports, key);
  const [email] = facts.emails;
  const pinned = claim.sets[pinnedByPerson] !== undefined && claim.person !== null;
  const found =
    facts.role === "technician"
      ? pinned
        ? { person: claim.person ?? key, joined: false }
        : { person: personIdOf(email ? `technician:${email}` : key), joined: false }
      : await customerOf(ports, claim, key, facts);
  const { person, joined } = found;
  if (claim.person === person && claim.digest === digest && !joined) return nothing;
  const changed = claim.person !== person;
  if (changed) {
    await ports.sets.add(sets.person(person), key, {});
    if (claim.person !== null) await ports.sets.remove(sets.person(claim.person), key);
  }
  await keep(ports, claim, { jobs: [], parked: null, person, digest });
  await enterPerson(ports.sets, key, facts);
  if (!changed && !joined) return nothing;
  return { ...nothing, waiting: await rootsOf(ports, key, facts, joined) };
}

/** Roots to look at again: this customer's, and those of everybody who turned out to be the same person. */
async function rootsOf(
  ports: PlacePorts,
  key: string,
  facts: PersonFacts,
  joined: boolean,
): Promise<readonly string[]> {
  const customers = new Set([key]);
  if (joined) {
    const contacts = [
      ...facts.phones.map((value) => sets.contact("phone", value)),
      ...facts.emails.map((value) => sets.contact("email", value)),
    ];
    for (const set of contacts) for (const one of await ports.sets.list(set)) customers.add(one.member);
    if (facts.mergedTo) customers.add(recordKey(facts.mergedTo));
  }
  const roots: string[] = [];
  for (const customer of customers)
    roots.push(...(await ports.sets.list(sets.names(customer))).map((one) => one.member));
  return roots;
}

/**
 * Two customers are one person when a contact names both (`contactsOf`): what two records of a system share names a
 * household or an office. Every record keeps the person it began as; persons found to be one forward to
 * the smallest, so that it does not matter who came first.
 */
async function customerOf(
  ports: PlacePorts,
  claim: StoredClaim,
  key: string,
  facts: PersonFacts,
): Promise<{ readonly person: string; readonly joined: boolean }> {
  const connection = key.slice(0, key.indexOf("/"));
  const own = claim.person ?? personIdOf(key);
  const same = new Set<string>();
  if (facts.mergedTo) {
    const [into] = await ports.claims.load([recordKey(facts.mergedTo)]);
    if (into?.person) same.add(into.person);
  }
  const contacts = [
    ...facts.phones.map((value) => sets.contact("phone", value)),
    ...facts.emails.map((value) => sets.contact("email", value)),
  ];
  // Entered first and listed after: of two that come together at least one sees the other.
  await Promise.all(contacts.map((set) => ports.sets.add(set, key, { connection, person: own, name: facts.name })));
  for (const set of contacts) {
    const others = contactsOf(
      { connection, name: facts.name },
      (await ports.sets.list(set)).filter((one) => one.member !== key),
    );
    for (const one of others) if (typeof one.data["person"] === "string") same.add(one.data["person"]);
  }
  return { person: own, joined: await unite(ports, [own, ...same]) };
}

/**
 * Who of those that share a contact is this customer. A contact that one record of each system has names one person;
 * one that several records of a system share names each of them only together with the name. A name alone names nobody.
 */
function contactsOf<Other extends { readonly data: Readonly<Record<string, unknown>> }>(
  mine: { readonly connection: string; readonly name: string | null },
  others: readonly Other[],
): readonly Other[] {
  const oneEach = (some: readonly Other[]): boolean => {
    const systems = [mine.connection, ...some.map((one) => one.data["connection"])];
    return new Set(systems).size === systems.length;
  };
  if (oneEach(others)) return others;
  const { name } = mine;
  const named = others.filter(
    ({ data }) => typeof data["name"] === "string" && likeness(name ?? "", data["name"]) >= 0.9,
  );
  return oneEach(named) ? named : [];
}

/**
 * Makes these persons one: all forward to the smallest. False when they already were. A person that somebody else
 * forwards meanwhile is not forwarded anew, which would forget whom it stood for: the next round finds both.
 */
async function unite(ports: PlacePorts, people: readonly string[]): Promise<boolean> {
  for (let rounds = 0; rounds < 8; rounds++) {
    const [best, ...others] = [...new Set(await resolvePeople(ports.claims, people))].sort();
    if (best === undefined || others.length === 0) return rounds > 0;
    for (const stored of await ports.claims.load(others.map(forwardKey)))
      if (stored.person === null) await ports.claims.save({ stored, next: { ...stored, person: best } });
  }
  throw new Error(`the persons ${people.join(", ")} keep moving`);
}

const forwardKey = (person: string): string => `people/forward/${person}`;

/** Follows forwarded persons to whom they are now; same order as asked. */
export async function resolvePeople(claims: ClaimStore, people: readonly string[]): Promise<readonly string[]> {
  const now = new Map(people.map((person) => [person, person]));
  for (let hops = 0; hops < 8; hops++) {
    const asked = [...new Set(now.values())];
    const forwards = new Map(
      (await claims.load(asked.map(forwardKey))).flatMap((claim, index) =>
        claim.person ? [[asked[index] ?? "", claim.person]] : [],
      ),
    );
    if (forwards.size === 0) break;
    for (const [person, at] of now) now.set(person, forwards.get(at) ?? at);
  }
  return people.map((person) => now.get(person) ?? person);
}

async function claimOf(ports: PlacePorts, key: string): Promise<StoredClaim> {
  const [claim] = await ports.claims.load([key]);
  if (!claim) throw new Error(`the claim store gave nothing for ${key}`);
  return claim;
}

/** Saves what changed; when another message was first, its claim stands. */
async function keep(ports: PlacePorts, stored: StoredClaim, change: Partial<Claim>): Promise<Claim> {
  for (let tries = 0, claim = stored; tries < 8; tries++) {
    const next = { ...claim, ...change, jobs: change.jobs ?? claim.jobs };
    if ((await ports.claims.save({ stored: claim, next })) === "committed") return next;
    claim = await claimOf(ports, stored.record);
    // A job id, once in a claim, is not replaced by a guess made without knowing it.
    if (stored.jobs.length === 0 && claim.jobs.length > 0 && stored.version === 0) return claim;
  }
  throw new Error(`the claim of ${stored.record} keeps moving`);
}

async function release(ports: PlacePorts, key: string): Promise<readonly string[]> {
  const waiting = await ports.sets.list(sets.waits(key));
  for (const one of waiting) await ports.sets.remove(sets.waits(key), one.member);
  return waiting.map((one) => one.member);
}
