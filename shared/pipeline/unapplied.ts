import { canonicalJson, recordKey, shortHash } from "#shared/domain/ids.ts";
import { type Minor, stated } from "#shared/domain/money.ts";
import { compareVersions, type Known, type Version } from "#shared/domain/observation.ts";
import { sets } from "./link.ts";
import type { Placed, PlacePorts } from "./place.ts";
import type { Claim, StoredClaim } from "./ports.ts";

/** When a claim's word was read: each part is a maximum, so that order and repetition change nothing (laws 1 and 2). */
export interface Reading {
  readonly version: Version;
  /** Numbers of the last read that found it, and of the last that proved it gone (0: none did). */
  readonly seenRead: number;
  readonly goneRead: number;
}

/**
 * What a payment said last of its money that lies on no invoice. No job holds such a payment, so its claim does. */
export interface Unapplied extends Reading {
  /** Record key of the customer it is held for; null when it names none. */
  readonly customer: string | null;
  /** Minor units that lie on no invoice; 0 for a payment that is gone, failed or refunded. */
  readonly rest: Minor;
  readonly total: Minor;
  readonly shares: readonly (readonly [invoice: string, minor: Minor])[];
  /** Printed day; absent in a claim that was written before days were kept. */
  readonly day?: string | null;
  /** Its own record says that no money came or stayed: inactive, deleted, failed, refunded. */
  readonly over?: boolean;
}

/** What a reading of a payment says of it; null for any other record. */
export function unappliedOf({ said }: Known): Unapplied | null {
  if (said?.facts.kind !== "payment") return null;
  const { facts, version } = said;
  const received = facts.presence === "present" && facts.state === "received";
  return {
    customer: facts.customer ? recordKey(facts.customer) : null,
    rest: received ? (stated(facts.unapplied) ?? 0) : 0,
    total: stated(facts.total) ?? 0,
    shares: facts.shares.map((share) => [recordKey(share.invoice), stated(share.amount) ?? 0]),
    day: facts.day,
    over: facts.presence !== "present" || facts.state === "failed" || facts.state === "refunded",
    version,
    seenRead: version.read,
    goneRead: 0,
  };
}

/** The later of two readings, with the last of each read of either. */
export function mergeReadings<Said extends Reading>(a: Said, b: Said): Said {
  const order = compareVersions(a.version, b.version);
  // One reading delivered twice: the text decides, so that the order never does.
  const later = order > 0 || (order === 0 && canonicalJson(a) >= canonicalJson(b)) ? a : b;
  return {
    ...later,
    seenRead: Math.max(a.seenRead, b.seenRead),
    goneRead: Math.max(a.goneRead, b.goneRead),
  };
}

/** The same, by a read that proved the record gone. */
export function goneBy<Said extends Reading>(said: Said, read: number): Said {
  return { ...said, goneRead: Math.max(said.goneRead, read) };
}

/** Whether the last read that says anything of it proved it gone. */
export const isReadGone = ({ seenRead, goneRead }: Reading): boolean => goneRead > seenRead;

/** The customer's set in which it lies, and what stands there; null when nothing of it lies anywhere. */
export function restOf(unapplied: Unapplied | undefined): { readonly set: string; readonly data: Rest } | null {
  if (!unapplied || unapplied.customer === null || unapplied.rest <= 0) return null;
  if (isReadGone(unapplied)) return null;
  const { customer, rest, total, shares } = unapplied;
  return { set: sets.held(customer), data: { unapplied: rest, total, shares } };
}

interface Rest extends Readonly<Record<string, unknown>>, Pick<Unapplied, "total" | "shares"> {
  readonly unapplied: Minor;
}

/**
 * Enters it where the jobs of its customer look, takes it out where it lies no more, and says whom to tell: the roots
 * of every customer for whom that moved, until their messages are in the queue. `named` is whose it was by what just
 * arrived: what a delivery that crashed left there is put right by its next one. Sets have no version, so after a
 * write the claim is read once more: of two that write at once the later sees what both said.
 */
export async function holdRest(
  ports: PlacePorts,
  kept: StoredClaim,
  named: string | null,
): Promise<Pick<Placed, "waiting" | "after">> {
  let claim = kept;
  const touched = new Set([...Object.keys(kept.sets), ...(named === null ? [] : [sets.held(named)])]);
  let moved = false;
  for (let tries = 0; tries < 8; tries++) {
    const wanted = restOf(claim.unapplied);
    if (wanted) touched.add(wanted.set);
    let wrote = false;
    for (const set of touched) wrote = (await putRight(ports, set, claim.record, wanted)) || wrote;
    moved ||= wrote;
    const [now = claim] = wrote ? await ports.claims.load([claim.record]) : [];
    const settled = canonicalJson(now.unapplied ?? null) === canonicalJson(claim.unapplied ?? null);
    claim = now;
    if (!settled) continue;
    const told: Claim["sets"] = wanted ? { [wanted.set]: shortHash(canonicalJson(wanted.data)) } : {};
    const isTold = canonicalJson(told) === canonicalJson(claim.sets);
    if (isTold && !moved) return { waiting: [], after: [] };
    const waiting = await Promise.all([...touched].map((set) => ports.sets.list(sets.names(customerOf(set)))));
    return {
      waiting: waiting.flat().map(({ member }) => member),
      after: isTold ? [] : [{ told: { stored: claim, next: { ...claim, sets: told } } }],
    };
  }
  throw new Error(`the claim of ${kept.record} keeps moving`);
}

const customerOf = (set: string): string => set.slice(sets.held("").length);

/** Whether the record had to be entered into this set or taken out of it. */
async function putRight(
  { sets: store }: PlacePorts,
  set: string,
  record: string,
  wanted: ReturnType<typeof restOf>,
): Promise<boolean> {
  const standing = (await store.list(set)).find(({ member }) => member === record);
  if (wanted?.set === set) {
    if (standing && canonicalJson(standing.data) === canonicalJson(wanted.data)) return false;
    await store.add(set, record, wanted.data);
    return true;
  }
  if (!standing) return false;
  await store.remove(set, record);
  return true;
}
