import type { Normalised } from "#shared/connectors/connector.ts";
import type { PersonFacts } from "#shared/domain/facts.ts";
import { jobIdOf, personIdOf, recordKey } from "#shared/domain/ids.ts";
import { stated } from "#shared/domain/money.ts";
import { sets } from "./link.ts";
import type { Claim, ClaimStore, SetStore, StoredClaim } from "./ports.ts";

/**
 * Which jobs a record touches, fixed in its claim before any job is written (design section 6): a crash leaves a claim
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
  if (claim.jobs.length > 0) return { jobs: claim.jobs, founds: null, waiting: await release(ports, key) };
  const job = jobIdOf(key);
  const kept = await keep(ports, claim, { jobs: [job], parked: null });
  return { jobs: kept.jobs, founds: job, waiting: await release(ports, key) };
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
  const claim = await claimOf(ports, key);
  const parents = normalised.parents.map((parent) => ({ key: recordKey(parent), root: isRoot(parent.stream) }));
  const found: string[] = [];
  const missing: string[] = [];
  for (const parent of parents) {
    const its = await claimOf(ports, parent.key);
    if (its.jobs.length > 0) found.push(...its.jobs);
    else if (parent.root) found.push(...(await keep(ports, its, { jobs: [jobIdOf(parent.key)], parked: null })).jobs);
    else missing.push(parent.key);
  }
  for (const parent of missing) await ports.sets.add(sets.waits(parent), key, {});
  const jobs = [...new Set(found)].sort();
  const held = await holdUnapplied(ports, key, normalised);
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
    waiting: [...(await release(ports, key)), ...(held ? await customersRoots(ports, normalised) : [])],
  };
}

/** The rest of a payment that lies on no invoice is held by its customer, for all of the customer's jobs to see. */
async function holdUnapplied(ports: PlacePorts, key: string, { facts }: Normalised): Promise<boolean> {
  if (facts.kind !== "payment" || !facts.customer) return false;
  const set = sets.held(recordKey(facts.customer));
  const rest = stated(facts.unapplied) ?? 0;
  const standing = (await ports.sets.list(set)).find((one) => one.member === key);
  const live = facts.presence === "present" && facts.state === "received" && rest > 0;
  if (live && standing?.data["unapplied"] !== rest) {
    const total = stated(facts.total) ?? 0;
    await ports.sets.add(set, key, {
      unapplied: rest,
      total,
      invoices: facts.shares.map((share) => recordKey(share.invoice)),
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
  return (await ports.sets.list(sets.customer(recordKey(facts.customer)))).map((one) => one.member);
}

/**
 * Customers are the same person by a phone or e-mail that one record of each system has; technicians by e-mail.
 * Names alone never link. Returns the roots that wait to be looked at again when the person became known or changed.
 */
export async function placePerson(ports: PlacePorts, key: string, facts: PersonFacts, digest: string): Promise<Placed> {
  const claim = await claimOf(ports, key);
  const [email] = facts.emails;
  const said = claim.sets[pinnedByPerson] === undefined ? null : claim.person;
  const person =
    said ??
    (facts.role === "technician"
      ? personIdOf(email ? `technician:${email}` : key)
      : await customerOf(ports, claim, key, facts));
  if (claim.person === person && claim.digest === digest) return nothing;
  await ports.sets.add(sets.person(person), key, {});
  if (claim.person !== null && claim.person !== person) await ports.sets.remove(sets.person(claim.person), key);
  await keep(ports, claim, { jobs: [], parked: null, person, digest });
  if (claim.person === person) return nothing;
  const roots = (await ports.sets.list(sets.customer(key))).map((one) => one.member);
  return { ...nothing, waiting: [...roots, ...(await release(ports, key))] };
}

/** Contacts that more than one record of this system has name a household or an office, not a person. */
async function customerOf(ports: PlacePorts, claim: StoredClaim, key: string, facts: PersonFacts): Promise<string> {
  const connection = key.slice(0, key.indexOf("/"));
  if (facts.mergedTo) {
    const [into] = await ports.claims.load([recordKey(facts.mergedTo)]);
    if (into?.person) return into.person;
  }
  const known = new Map<string, number>();
  const contacts = [
    ...facts.phones.map((value) => sets.contact("phone", value)),
    ...facts.emails.map((value) => sets.contact("email", value)),
  ];
  const own = claim.person ?? personIdOf(key);
  for (const set of contacts) {
    const standing = await ports.sets.list(set);
    if (!standing.some((one) => one.member === key)) await ports.sets.add(set, key, { connection, person: own });
    if (standing.some((one) => one.member !== key && one.data["connection"] === connection)) continue;
    for (const one of standing) {
      const person = one.data["person"];
      if (one.member !== key && typeof person === "string") known.set(person, (known.get(person) ?? 0) + 1);
    }
  }
  if (claim.person !== null && known.has(claim.person)) return claim.person;
  const [best] = [...known.entries()].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  if (!best) return own;
  for (const set of contacts) await ports.sets.add(set, key, { connection, person: best[0] });
  return best[0];
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
