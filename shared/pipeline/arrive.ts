import type { Connector, Normalised } from "#shared/connectors/connector.ts";
import { Failure } from "#shared/domain/failure.ts";
import { parseRecordKey, type RecordRef, recordKey } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import { type Known, knownFrom, mergeKnown, nothingKnown } from "#shared/domain/observation.ts";
import { type CompanyConfig, connectionOf, zoneOf } from "#shared/domain/policy.ts";
import { viewOf } from "#shared/domain/view.ts";
import type { Hint } from "#shared/messages/hint.ts";
import type { Inbound, ReadRecord } from "#shared/messages/inbound.ts";
import { asListed } from "./jobless.ts";
import { payloadOf } from "./payloads.ts";
import { type After, keepAs, type Placed, type PlacePorts, placePart, placeRoot } from "./place.ts";
import { placePerson } from "./place-person.ts";
import type { Archive, Claim, Quarantine, StoredClaim } from "./ports.ts";
import type { Arrivals } from "./reconcile.ts";
import { eachAtOnce } from "./side-by-side.ts";
import { goneBy, holdRest } from "./unapplied.ts";

/** What the stages after reading need of a vendor's folder: pure parts only. */
export type Describer = Pick<Connector, "normalise" | "vocabulary" | "streams"> & {
  readonly writers: Readonly<Record<string, Pick<NonNullable<Connector["writers"]["status"]>, "shows"> | undefined>>;
};

export interface ArrivePorts extends PlacePorts {
  readonly quarantine: Quarantine;
  /** Where an unfit record is looked up as its vendor printed it. */
  readonly archive: Archive;
  readonly describer: (vendor: string) => Describer | undefined;
}

/** What one inbound message means for jobs: what arrives where, which roots to look at again, what to read besides. */
export interface Arrived {
  readonly jobs: ReadonlyMap<string, Arrivals>;
  readonly again: readonly string[];
  /** What is written once all of these have their messages. */
  readonly after: readonly After[];
  readonly hints: readonly Hint[];
  readonly quarantined: number;
}

type Observed = Extract<Inbound, { kind: "observations" }>;
type Absent = Extract<Inbound, { kind: "absent" }>;

/** A record that fits its vendor's document, and what it says. */
interface Fit {
  readonly read: ReadRecord;
  readonly ref: RecordRef;
  readonly normalised: Normalised;
  readonly known: Known;
}

/**
 * Normalises and places the records of one message, `width` at a time. A record that does not fit is quarantined, never
 * its page (law 10).
 */
export async function arrive(
  ports: ArrivePorts,
  company: CompanyConfig,
  message: Observed,
  records: readonly ReadRecord[],
  width: number,
): Promise<Arrived> {
  const connection = connectionOf(company, message.connection);
  const describer = connection ? ports.describer(connection.vendor) : undefined;
  if (!connection || !describer)
    throw new Failure("bad-input", `no connection ${message.connection} in company ${company.id}`);
  const fits: Fit[] = [];
  for (const read of records) {
    const normalised = normalisedOf(describer, read, { connection, zone: zoneOf(company, connection) });
    if ("unfit" in normalised)
      await setAside(ports, { company: company.id, connection: connection.id }, describer, read, normalised.unfit);
    else {
      const ref = { connection: connection.id, stream: read.stream, id: read.id };
      fits.push({ read, ref, normalised, known: knownOf(ref, read, normalised) });
    }
  }
  const placed = new Map<Fit, Placed>();
  // What is said twice of one record is placed in the order it was said in.
  const byRecord = [...Map.groupBy(fits, ({ ref }) => recordKey(ref)).values()];
  await eachAtOnce(byRecord, width, async (same) => {
    for (const fit of same) placed.set(fit, await place(ports, describer, fit));
  });
  const jobs = new Map<string, Arrivals>();
  const again = new Set<string>();
  const hints: Hint[] = [];
  const after: After[] = [];
  for (const fit of fits) {
    const its = placed.get(fit);
    if (!its) throw new Error(`${recordKey(fit.ref)} was not placed`);
    for (const job of its.jobs) addArrival(jobs, job, its, fit);
    for (const waiting of its.waiting) again.add(waiting);
    after.push(...its.after);
    hints.push(...alsoReadHints(company, fit.normalised.alsoRead));
  }
  return { jobs, again: [...again], after, hints, quarantined: records.length - fits.length };
}

function normalisedOf(
  describer: Describer,
  read: ReadRecord,
  context: Parameters<Describer["normalise"]>[2],
): ReturnType<Describer["normalise"]> {
  const spec = describer.streams[read.stream];
  if (!spec) return { unfit: `no stream ${read.stream}` };
  const normalised = describer.normalise(read.stream, read.raw, context);
  if ("unfit" in normalised) return normalised;
  const timeless = spec.versioned && read.modified === null;
  return timeless ? { unfit: "no modified time, though its document states one" } : normalised;
}

async function setAside(
  ports: Pick<ArrivePorts, "quarantine" | "archive">,
  { company, connection }: { readonly company: string; readonly connection: string },
  describer: Describer,
  record: ReadRecord,
  reason: string,
): Promise<void> {
  const raw = await payloadOf(ports.archive, company, connection, Object.keys(describer.streams), record);
  const { stream, id, at } = record;
  await ports.quarantine.put({ connection, stream, id, reason, raw, at });
}

async function place(ports: ArrivePorts, describer: Describer, { read, ref, normalised, known }: Fit): Promise<Placed> {
  const { facts, parents } = normalised;
  const [key, digest] = [recordKey(ref), read.digest];
  const parent = (one: RecordRef) => ({ key: recordKey(one), root: describer.streams[one.stream]?.role === "root" });
  switch (facts.kind) {
    case "job":
      return placeRoot(ports, key);
    case "person":
      return placePerson(ports, key, facts, { digest, version: { modified: read.modified, read: read.read } });
    case "reference": {
      const [claim] = await ports.claims.load([key]);
      if (claim && claim.digest !== digest) await ports.claims.save({ stored: claim, next: { ...claim, digest } });
      return { jobs: [], founds: null, waiting: [], after: [] };
    }
    case "visit":
    case "assignment":
    case "invoice":
    case "payment":
      return placePart(ports, key, parents.map(parent), known);
  }
}

function knownOf(record: RecordRef, read: ReadRecord, normalised: Normalised): Known {
  return knownFrom({
    record,
    version: { modified: read.modified, read: read.read },
    digest: read.digest,
    at: read.at,
    hangsOn: normalised.parents.map(recordKey),
    facts: normalised.facts,
    ...(normalised.notices.length > 0 ? { notices: normalised.notices } : {}),
  });
}

function addArrival(
  jobs: Map<string, Arrivals>,
  job: string,
  placed: Placed,
  { read, ref, normalised, known }: Fit,
): void {
  const key = recordKey(ref);
  const arrivals = jobs.get(job) ?? { observations: {}, links: [] };
  const rule = normalised.facts.kind === "job" ? ("first" as const) : ("part" as const);
  jobs.set(job, {
    ...arrivals,
    observations: { ...arrivals.observations, [key]: mergeKnown(arrivals.observations[key] ?? nothingKnown, known) },
    links: [
      ...(arrivals.links ?? []),
      { record: key, rule, evidence: placed.founds === job ? ["its own"] : [], at: read.at, batch: null },
    ],
  });
}

/** A record that touches others whose modified time may stand still asks for them to be read too. */
export function alsoReadHints(company: CompanyConfig, records: readonly RecordRef[]): readonly Hint[] {
  return records.map(({ connection, stream, id }) => ({
    v: 1 as const,
    kind: "records" as const,
    company: company.id,
    connection,
    stream,
    ids: [id],
    why: "also-read" as const,
    purpose: "live" as const,
  }));
}

/** What hangs on invoices that have just left the job: payments and adjustments that did not change go where they went. */
export function partsLeftBehind(state: JobState, arrivals: Arrivals): readonly RecordRef[] {
  const came = Object.keys(arrivals.observations).filter(
    (key) => state.observations[key]?.said?.facts.kind === "invoice",
  );
  if (came.length === 0) return [];
  const here = new Set(viewOf(state).invoices.map(({ key }) => key));
  const left = came.filter((key) => !here.has(key));
  return Object.values(state.observations).flatMap(({ said }) =>
    said?.hangsOn.some((parent) => left.includes(parent)) ? [said.record] : [],
  );
}

/** The job's other invoices of a payment's system: one that the payment has left changed its balance in silence. */
export function invoicesBeside(state: JobState, arrivals: Arrivals): readonly RecordRef[] {
  return Object.values(arrivals.observations).flatMap(({ said }) => {
    if (said?.facts.kind !== "payment") return [];
    const shares = new Set(said.facts.shares.map((share) => recordKey(share.invoice)));
    return Object.entries(state.observations).flatMap(([key, known]) => {
      const invoice = known.said;
      const beside = invoice?.facts.kind === "invoice" && invoice.record.connection === said.record.connection;
      return beside && !shares.has(key) ? [invoice.record] : [];
    });
  });
}

/** Records proven gone arrive at every job they touch; a payment's rest is gone with it. */
export async function arriveAbsent(
  ports: PlacePorts,
  message: Absent,
): Promise<Pick<Arrived, "jobs" | "again" | "after">> {
  const keys = message.ids.map((id) => recordKey({ connection: message.connection, stream: message.stream, id }));
  const jobs = new Map<string, Arrivals>();
  const again: string[] = [];
  const after: After[] = [];
  for (const claim of await ports.claims.load(keys)) {
    if (claim.unapplied) {
      const rest = await restGone(ports, claim, message.read);
      again.push(...rest.waiting);
      after.push(...rest.after);
    }
    if (claim.jobless) await keepAs(ports, claim, (standing) => goneAt(standing, message.read));
    const known: Known = { said: null, seenRead: 0, absent: { read: message.read, at: message.at, how: message.how } };
    for (const job of claim.jobs) {
      const arrivals = jobs.get(job) ?? { observations: {} };
      jobs.set(job, { ...arrivals, observations: { ...arrivals.observations, [claim.record]: known } });
    }
  }
  return { jobs, again, after };
}

async function restGone(ports: PlacePorts, claim: StoredClaim, read: number): ReturnType<typeof holdRest> {
  const { kept } = await keepAs(ports, claim, (standing) => goneAt(standing, read));
  return holdRest(ports, kept, kept.unapplied?.customer ?? null);
}

/** What the claim itself holds of the record is gone by this read. */
function goneAt({ unapplied, jobless, ...standing }: Claim, read: number): Claim {
  return asListed({
    ...standing,
    ...(unapplied ? { unapplied: goneBy(unapplied, read) } : {}),
    ...(jobless ? { jobless: goneBy(jobless, read) } : {}),
  });
}

/** One hint message per stream for many records. */
export function gatherHints(hints: readonly Hint[]): readonly Hint[] {
  const gathered = new Map<string, Extract<Hint, { kind: "records" }>>();
  for (const hint of hints) {
    if (hint.kind !== "records") continue;
    const key = `${hint.connection}/${hint.stream}/${hint.why}`;
    const past = gathered.get(key);
    gathered.set(key, past ? { ...past, ids: [...new Set([...past.ids, ...hint.ids])].sort() } : hint);
  }
  return [...gathered.values()];
}

/** Hints that read parked records again, now that what they waited for is there. */
export function hintsForParked(company: string, records: readonly string[]): readonly Hint[] {
  return gatherHints(
    records.map((key) => {
      const { connection, stream, id } = parseRecordKey(key);
      return { v: 1, kind: "records", company, connection, stream, ids: [id], why: "waiting", purpose: "live" };
    }),
  );
}
