import type { Normalised } from "#shared/connectors/connector.ts";
import { jobIdOf, recordKey } from "#shared/domain/ids.ts";
import { stated } from "#shared/domain/money.ts";
import { sets } from "./link.ts";
import type { Claim, ClaimChange, ClaimStore, SetStore, StoredClaim } from "./ports.ts";

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
  /** What is written once the messages to all of them are in their queues; until then they are found waiting again. */
  readonly after: readonly After[];
}

/** Who waits no more, or a person whose jobs have been told. */
export type After = { readonly set: string; readonly member: string } | { readonly told: ClaimChange };

export const nothing: Placed = { jobs: [], founds: null, waiting: [], after: [] };

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
  // Only payments wait, and only for invoices: a root that is named is founded at once.
  const released = normalised.facts.kind === "invoice" ? await ports.sets.list(sets.waits(key)) : [];
  return {
    jobs: [...jobs, ...lost],
    founds: null,
    waiting: [...released.map((one) => one.member), ...(held ? await customersRoots(ports, normalised) : [])],
    after: released.map(({ member }) => ({ set: sets.waits(key), member })),
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

/** The claim of one record; an empty one at version 0 for a record never seen. */
export async function claimOf(ports: PlacePorts, key: string): Promise<StoredClaim> {
  const [claim] = await ports.claims.load([key]);
  if (!claim) throw new Error(`the claim store gave nothing for ${key}`);
  return claim;
}

/** Saves what changed; when another message was first, its claim stands. */
export async function keep(ports: PlacePorts, stored: StoredClaim, change: Partial<Claim>): Promise<StoredClaim> {
  for (let tries = 0, claim = stored; tries < 8; tries++) {
    const next = { ...claim, ...change, jobs: change.jobs ?? claim.jobs };
    if ((await ports.claims.save({ stored: claim, next })) === "committed")
      return { ...next, version: claim.version + 1 };
    claim = await claimOf(ports, stored.record);
    // A job id, once in a claim, is not replaced by a guess made without knowing it.
    if (stored.jobs.length === 0 && claim.jobs.length > 0 && stored.version === 0) return claim;
  }
  throw new Error(`the claim of ${stored.record} keeps moving`);
}

/** Writes what stands after the messages that follow from a record. Another's claim that came meanwhile tells its own. */
export async function settlePlaced(ports: PlacePorts, after: readonly After[]): Promise<void> {
  await Promise.all(
    after.map((one) => ("told" in one ? ports.claims.save(one.told) : ports.sets.remove(one.set, one.member))),
  );
}
