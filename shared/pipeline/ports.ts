import type { Change, JobState } from "#shared/domain/job.ts";
import type { Version } from "#shared/domain/observation.ts";
import type { PastStep } from "#shared/domain/past.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import type { Printed } from "#shared/domain/printed.ts";
import type { Hint, SweepOrder } from "#shared/messages/hint.ts";
import type { Inbound } from "#shared/messages/inbound.ts";
import type { Outbound } from "#shared/messages/outbound.ts";
import type { Jobless } from "./jobless.ts";
import type { Unapplied } from "./unapplied.ts";

/** What the stages need of the world. Every store handle is bound to one company, so that nothing in a message can name another. */

export interface Clock {
  /** ISO instant, milliseconds, Z. */
  now(): Promise<string>;
}

export interface StoredJob {
  readonly state: JobState;
  /** Integer version of the item; 0 when the job does not exist yet. */
  readonly version: number;
}

export interface JobStore {
  /** Consistent read; a job never seen is the empty job at version 0. */
  load(job: string): Promise<StoredJob>;
  loadMany(jobs: readonly string[]): Promise<readonly StoredJob[]>;
  /**
   * First puts the way back from `next` to what is stored, with the stored lastChange, then writes the item on its
   * version. `at` is the instant of the commit. `conflict` when the version moved.
   */
  commit(stored: StoredJob, next: JobState, at: string): Promise<"committed" | "conflict">;
  /** Several jobs and claims at once (link, merge, unlink, undo): one TransactWriteItems. */
  commitTogether(
    changes: readonly { readonly stored: StoredJob; readonly next: JobState }[],
    claims: readonly ClaimChange[],
    at: string,
  ): Promise<"committed" | "conflict">;
  /** Every job of the company, page by page (sweeps, lists, replay). */
  list(next: string | null): Promise<{ readonly jobs: readonly StoredJob[]; readonly next: string | null }>;
  /** Every job with open breaks, intents or tasks, page by page: what a person works through. */
  listOpen(next: string | null): Promise<{ readonly jobs: readonly StoredJob[]; readonly next: string | null }>;
  /** Past changes, oldest first, the last one included. */
  history(job: string): Promise<readonly Change[]>;
  /** Ways back to past versions, in no order, those of writers that lost their race among them. */
  past(job: string): Promise<readonly PastStep[]>;
}

/** Ties a record to the jobs it touches. */
export interface Claim {
  readonly record: string;
  readonly jobs: readonly string[];
  /** Person id, for customers and technicians. */
  readonly person: string | null;
  /** Sets the record stands in, with the digest of what it says there. */
  readonly sets: Readonly<Record<string, string>>;
  /** Why no job wants it yet; null when one does. */
  readonly parked: string | null;
  /** Digest of the raw payload last taken in, for a record no job item holds (a person, a parked record): the sweep compares it. */
  readonly digest?: string;
  /**
   * Of a customer or technician: whom its jobs were last told they are. Written once the messages to those jobs are in
   * their queue, so that what a crash kept from being told is told when the person is read again.
   */
  readonly told?: string;
  /** Of a payment: its money that lies on no invoice. `sets` holds of whom its customer's jobs were last told that. */
  readonly unapplied?: Unapplied;
  /** Of an invoice that stood without a job. */
  readonly jobless?: Jobless;
  /** Of money in no job: whose it is listed as, a customer's record key or "" for nobody's. Follows from the two above. */
  readonly unattached?: string;
  /** Of a customer: what its system calls it, and into whom it merged it. */
  readonly named?: Named;
}

/** What a reading of a customer said of it; the latest version stays. */
export interface Named {
  readonly name: string | null;
  /** Record key. */
  readonly mergedTo: string | null;
  readonly version: Version;
}

export interface StoredClaim extends Claim {
  /** 0 when the claim does not exist yet. */
  readonly version: number;
}

export interface ClaimChange {
  readonly stored: StoredClaim;
  readonly next: Claim;
}

export interface ClaimStore {
  /** Consistent; a record never seen gives an empty claim at version 0. Same order as asked. */
  load(records: readonly string[]): Promise<readonly StoredClaim[]>;
  save(change: ClaimChange): Promise<"committed" | "conflict">;
  /** Records no job wants, for the list a person sees. */
  parked(): Promise<readonly Claim[]>;
  /**
   * Payments and invoices with unattached money, page by page, those of one customer together but for parked ones, which
   * come last. Costs an index query of its keys and one read unit a claim.
   */
  unattached(next: string | null): Promise<{ readonly claims: readonly StoredClaim[]; readonly next: string | null }>;
}

/** Named sets of records: who shares a key, whose customer this is, who stands in a day, who waits for a record. */
export interface SetStore {
  add(set: string, member: string, data: Readonly<Record<string, unknown>>): Promise<void>;
  remove(set: string, member: string): Promise<void>;
  /** Consistent. */
  list(set: string): Promise<readonly SetMember[]>;
  /** Members of all these sets, set after set. Consistent; the days of one person are read together. */
  listAll(sets: readonly string[]): Promise<readonly SetMember[]>;
}

export interface SetMember {
  readonly member: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The stop switch: one control item per company and one for all, read consistently, failing closed (law 13). */
export interface Control {
  state(): Promise<{ readonly stopped: boolean; readonly why: string | null; readonly epoch: number }>;
  stop(by: string, why: string): Promise<void>;
  resume(by: string): Promise<void>;
  /** After a restore: stopped, and intents of older epochs are void: what they planned from may be undone. */
  newEpoch(by: string, why: string): Promise<void>;
}

/** Freshness of one stream of one connection. */
export interface Feed {
  readonly connection: string;
  readonly stream: string;
  /** Start of the last read that was complete; what changed before it has been handed on. */
  readonly completeAt: string | null;
  /** Start of the last complete read before that one of which all had arrived then; null or absent when there was none. */
  readonly completeBefore?: string | null;
  /** When the last complete read had handed on its last page; null or absent before the first. */
  readonly handedOnAt?: string | null;
  readonly mark: string | null;
  readonly lastReadAt: string | null;
  readonly lastFailure: { readonly at: string; readonly kind: string; readonly message: string } | null;
  readonly failingSince: string | null;
  readonly counted: {
    readonly read: number;
    readonly forwarded: number;
    readonly dropped: number;
    readonly quarantined: number;
  };
  /** Where a run goes on whose time was over; null or absent between runs. */
  readonly run?: FeedRun | null;
  /** The same of a backfill, which goes on beside the live reads. */
  readonly backfill?: FeedRun | null;
  /** What a sweep wants a person to decide before it goes on (law 4); null or absent when nothing. */
  readonly question?: string | null;
}

/** A run of a stream that its invocation could not finish. */
export interface FeedRun {
  readonly startedAt: string;
  readonly since: string | null;
  readonly next: string;
  readonly mark: string | null;
}

export interface FeedStore {
  load(connection: string, stream: string): Promise<Feed>;
  all(): Promise<readonly Feed[]>;
  save(feed: Feed): Promise<void>;
}

/** The next number of (connection, stream), taken by conditional write before the request it numbers (law 2). */
export interface ReadNumbers {
  take(connection: string, stream: string): Promise<number>;
}

/** Record ids and digests as last forwarded. */
export interface ManifestStore {
  /** All digests by record id, or those of the named records only. */
  load(connection: string, stream: string, ids?: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /**
   * Adds or replaces these entries; called after the queue has accepted the records. `read` is the number of the read
   * that saw them: an entry of a later read stays, so that two overlapping runs leave what the later one saw.
   */
  merge(connection: string, stream: string, entries: ReadonlyMap<string, string>, read?: number): Promise<void>;
  /** Some hundred entries after another, in no order, `next` null after the last. */
  page(connection: string, stream: string, next: string | null): Promise<EntryPage>;
}

export interface EntryPage {
  readonly ids: readonly string[];
  readonly next: string | null;
}

/** What proven sweeps of a stream have found missing, so that a second one may conclude (law 4). */
export interface SweepState {
  /** Hash of everything that decides what a list shows: address, settings, credentials. */
  readonly scope: string | null;
  readonly provenAt: string | null;
  /** Record id -> the first proven sweep that did not find it. */
  readonly missing: Readonly<Record<string, string>>;
}

export interface SweepStore {
  load(connection: string, stream: string): Promise<SweepState>;
  save(connection: string, stream: string, state: SweepState): Promise<void>;
}

/** Secrets by name; the value is what the vendor's `secret` schema reads. Cached for a few minutes. */
export interface Secrets {
  get(name: string): Promise<unknown>;
}

/** Raw payloads, per page or batch; also what is too large for a queue. */
export interface Archive {
  put(key: string, body: string): Promise<void>;
  get(key: string): Promise<string>;
}

/** A record that does not fit, as it is listed. */
export interface Quarantined {
  readonly key: string;
  readonly connection: string;
  readonly stream: string;
  readonly id: string | null;
  readonly reason: string;
  readonly at: string;
  /** The object in the archive that holds its payload. */
  readonly archived: string;
  /** How true that payload is to what the vendor sent. */
  readonly form: Printed["form"];
}

/** Records that do not fit, with reason and raw payload (law 10). */
export interface Quarantine {
  put(entry: Omit<Quarantined, "key" | "archived" | "form"> & { readonly raw: Printed }): Promise<void>;
  list(): Promise<readonly Quarantined[]>;
  count(): Promise<number>;
  /** One of them with its payload, for a person or a replay. Throws Failure `bad-input` for a key that is none. */
  read(key: string): Promise<Quarantined & { readonly raw: string }>;
  /** After a replay has handed it on. */
  remove(key: string): Promise<void>;
}

/** What is due by time: streams to read, sweeps to make, jobs to look at again. Items with `dueAt`, handed out by the tick. */
export interface DueItem {
  readonly company: string;
  readonly kind: "stream" | "sweep" | "job" | "intent" | "hint";
  /** stream and sweep: `connection/stream`; job: its id; intent: `job/intent`; hint: a hash of what it reads. */
  readonly name: string;
  readonly dueAt: string;
  /** hint only: what waits to be read once the budget allows. */
  readonly hint?: Hint;
}

export interface DueStore {
  /** Items due at `now`, oldest first, at most `limit`. */
  due(now: string, limit: number): Promise<readonly DueItem[]>;
  /** The earliest dueAt of all, or null. */
  next(): Promise<string | null>;
  /** Makes the item due at its dueAt, whatever it was before. A job's own item must exist. */
  schedule(item: DueItem): Promise<void>;
  /** As schedule, but leaves an item that already stands as it is. */
  scheduleOnce(item: DueItem): Promise<void>;
  /**
   * Before it is sent: due again at `until` in case the message is lost. False when another tick was first or the item
   * has moved meanwhile; then it is not sent.
   */
  handOut(item: DueItem, until: string): Promise<boolean>;
  /** The item is no longer wanted: an intent that is gone, a hint that was sent, a stream no longer configured. */
  cancel(item: Pick<DueItem, "company" | "kind" | "name">): Promise<void>;
}

/** Which configuration the schedules of a company were last made from, so that a tick makes them once. */
export interface Schedules {
  madeFrom(company: string): Promise<string | null>;
  made(company: string, digest: string): Promise<void>;
}

export interface Queues {
  hints(vendor: string, hints: readonly Hint[]): Promise<void>;
  inbound(messages: readonly Inbound[]): Promise<void>;
  backfill(messages: readonly Inbound[]): Promise<void>;
  outbound(vendor: string, messages: readonly Outbound[]): Promise<void>;
  sweeps(orders: readonly SweepOrder[]): Promise<void>;
}

/** The configuration of a company as it stands in the table, cached for at most a minute. */
export interface ConfigStore {
  company(id: string): Promise<CompanyConfig | null>;
  companies(): Promise<readonly string[]>;
}
