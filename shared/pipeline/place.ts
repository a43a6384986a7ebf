import { canonicalJson, jobIdOf } from "#shared/domain/ids.ts";
import type { Known } from "#shared/domain/observation.ts";
import { asListed, type HeldMoney, joblessKept, unattachedTo } from "./jobless.ts";
import { sets } from "./link.ts";
import type { Claim, ClaimChange, ClaimStore, SetStore, StoredClaim } from "./ports.ts";
import { holdRest, isReadGone, mergeReadings, restOf, type Unapplied, unappliedOf } from "./unapplied.ts";

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
  parents: readonly { readonly key: string; readonly root: boolean }[],
  known: Known,
): Promise<Placed> {
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
  const { before, kept } = await keepAs(ports, claim, (standing) => partClaim(standing, known, found, missing));
  const rest = await restMoved(ports, before, kept, known);
  // Only payments wait, and only for invoices: a root that is named is founded at once.
  const released = known.said?.facts.kind === "invoice" ? await ports.sets.list(sets.waits(key)) : [];
  return {
    jobs: [...new Set([...kept.jobs, ...before.jobs])],
    founds: null,
    waiting: [...(cameAnew(before, kept) ? [key] : []), ...released.map((one) => one.member), ...rest.waiting],
    after: [...released.map(({ member }) => ({ set: sets.waits(key), member })), ...rest.after],
  };
}

/**
 * A part that was known before and comes to a job that did not hold it: what that job is told may be an older reading
 * than one that was placed elsewhere, or nowhere. Read once more, the latest is what it holds.
 */
function cameAnew(before: Claim & { readonly version: number }, kept: Claim): boolean {
  const waited = before.parked?.startsWith("waits for ") ?? false;
  return before.version > 0 && !waited && kept.jobs.some((job) => !before.jobs.includes(job));
}

/** Where the part stands from now on: in the jobs of its parents, in wait for some, or in none. */
function partClaim(standing: Claim, known: Known, found: readonly string[], missing: readonly string[]): Claim {
  const unapplied = restKept(standing, unappliedOf(known));
  const jobless = joblessKept(standing, known, found);
  const read = known.said?.version.read;
  const isLatest = (unapplied ?? jobless)?.version.read === read;
  const jobs = [...new Set(jobsOf(standing, { unapplied, jobless }, found, isLatest))].sort();
  const rest = restOf(unapplied);
  const isUnwanted = jobs.length === 0 && unattachedTo({ unapplied, jobless }) === undefined;
  return asListed({
    ...standing,
    jobs,
    // Named before it is entered there, so that whoever comes next finds it.
    ...(rest ? { sets: { [rest.set]: "", ...standing.sets } } : {}),
    parked: missing.length > 0 ? `waits for ${missing.join(", ")}` : isUnwanted ? "no job wants it" : null,
    ...(jobs.length === 0 && (isLatest || !(unapplied ?? jobless)) && known.said ? { digest: known.said.digest } : {}),
    ...(unapplied ? { unapplied } : {}),
    ...(jobless ? { jobless } : {}),
  });
}

/** The jobs that are told of it now and later. What leaves a job is still told to it, so that it counts there no more. */
function jobsOf(
  standing: Claim,
  { unapplied, jobless }: HeldMoney,
  found: readonly string[],
  isLatest: boolean,
): readonly string[] {
  if (unapplied) return [...found, ...standing.jobs];
  // One that was proven gone since is told to no job that has not heard of that.
  return !jobless || (isLatest && jobless.attached && !isReadGone(jobless)) ? found : standing.jobs;
}

/** What the claim keeps of a payment's rest. */
function restKept({ unapplied }: Claim, said: Unapplied | null): Unapplied | undefined {
  if (said === null) return unapplied;
  return unapplied ? mergeReadings(unapplied, said) : said;
}

/** Whom a payment's rest concerns; nobody when it never had one. */
async function restMoved(
  ports: PlacePorts,
  before: StoredClaim,
  kept: StoredClaim,
  known: Known,
): Promise<Pick<Placed, "waiting" | "after">> {
  const said = unappliedOf(known);
  const first = before.version === 0 && restOf(kept.unapplied) === null;
  return said === null || first ? { waiting: [], after: [] } : holdRest(ports, kept, said.customer);
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

/**
 * Saves what `next` makes of the claim, if that says anything new; when another message was first, what it makes of what
 * that one left. Returns the claim before and after.
 */
export async function keepAs(
  ports: PlacePorts,
  stored: StoredClaim,
  next: (standing: StoredClaim) => Claim,
): Promise<{ readonly before: StoredClaim; readonly kept: StoredClaim }> {
  for (let tries = 0, claim = stored; tries < 8; tries++) {
    const wanted = next(claim);
    if (claim.version > 0 && canonicalJson(wanted) === canonicalJson(claim)) return { before: claim, kept: claim };
    if ((await ports.claims.save({ stored: claim, next: wanted })) === "committed")
      return { before: claim, kept: { ...wanted, version: claim.version + 1 } };
    claim = await claimOf(ports, stored.record);
  }
  throw new Error(`the claim of ${stored.record} keeps moving`);
}

/** Writes what stands after the messages that follow from a record. Another's claim that came meanwhile tells its own. */
export async function settlePlaced(ports: PlacePorts, after: readonly After[]): Promise<void> {
  await Promise.all(
    after.map((one) => ("told" in one ? ports.claims.save(one.told) : ports.sets.remove(one.set, one.member))),
  );
}
