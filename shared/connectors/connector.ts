import type { Facts } from "#shared/domain/facts.ts";
import type { Failure } from "#shared/domain/failure.ts";
import type { RecordRef } from "#shared/domain/ids.ts";
import type { Intent } from "#shared/domain/intent.ts";
import type { ExactKey } from "#shared/domain/keys.ts";
import type { BudgetLimits, ConnectionConfig, WriteTarget } from "#shared/domain/policy.ts";
import type * as z from "#shared/domain/schema.ts";
import type { StatusWord, Work } from "#shared/domain/status.ts";
import type { VendorClient } from "./vendor-client.ts";
import type { VendorId } from "./vendors.ts";

/**
 * The contract of a vendor's folder. A connector is a declaration plus pure functions: it touches no storage and knows
 * no other vendor. A new vendor is one folder with this, one row in vendors.ts and one line in registry.ts.
 * The rows of its operations stand beside it (`operations.ts`): only terminals and calls need them.
 */
export interface Connector<Vendor extends string = VendorId> {
  readonly vendor: Vendor;
  /** The vendor's own settings beside the common ones of a connection (a loose object), checked by `config check`. */
  readonly settings: z.ZodMiniType;
  /** The shape of the connection's secret. */
  readonly secret: z.ZodMiniType;
  readonly http: VendorHttp;
  readonly streams: Readonly<Record<string, StreamSpec>>;
  readonly reader: Reader;
  readonly normalise: Normalise;
  readonly vocabulary: Vocabulary;
  readonly writers: Readonly<Partial<Record<WriteTarget, Writer>>>;
  readonly webhook: Webhook | null;
}

/** What is the vendor's own in talking HTTP; everything else lives once, in http-client.ts. */
export interface VendorHttp {
  /** The limits the vendor documents; a connection's own budget stands over them. */
  readonly limits?: BudgetLimits;
  /** Headers that carry credentials and the API version; may fetch a token through `send`, which is cached by the client. */
  authorise(client: VendorClient, tokens: TokenSource): Promise<Readonly<Record<string, string>>>;
  /**
   * The failure that an answer means, also for a 200 that says error; null leaves it to the common rules (a 2xx is
   * good, the rest as in classify.ts). A `rate-limited` without `retryAt` gets the end of the window named in `limit`.
   */
  classify(answer: Answer): Failure | null;
  /** Limits the vendor states in its headers, if it does. */
  usage?(headers: Readonly<Record<string, string>>): {
    readonly window: "month" | "day" | "minute";
    readonly used: number;
    readonly limit: number;
    readonly resets: string | null;
  } | null;
}

/** An answer before it is trusted. */
export interface Answer {
  readonly operation: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly writes: boolean;
  /** By the clock port, ISO. */
  readonly now: string;
}

/** One token per connection for all sandboxes, renewed early, one renewal at a time (tokens.ts). */
export interface TokenSource {
  token(fetch: () => Promise<{ readonly token: string; readonly lifeSeconds: number }>): Promise<string>;
  /** Drops the token after a 401. True when there was one, so that the request is worth one more try. */
  forget(): boolean;
}

/** A kind of record a connection yields. */
export interface StreamSpec {
  readonly name: string;
  /** `root`: a view of a whole job. `part`: hangs on a root. `person`, `reference`: slow schedule. */
  readonly role: "root" | "part" | "person" | "reference";
  /** Minutes between reads unless the connection says otherwise. */
  readonly everyMinutes: number;
  /** `changed`: can be asked for what changed since a mark. `full`: every read lists all. */
  readonly incremental: "changed" | "full";
  /** Records readable by id in one request: 50, 1, or 0 where no such read exists. */
  readonly byId: number;
  /** The vendor's document states a modified time; a record of it without one is quarantined (law 10). */
  readonly versioned: boolean;
  /** How a deletion shows: a field of the record, a 404 by id, or only its absence from complete lists. */
  readonly absence: "field" | "by-id" | "lists-only";
  /** Hours of overlap asked for beyond the mark, so that late-visible records are not missed. */
  readonly overlapMinutes: number;
}

/** One record as the vendor printed it, with what the poller must know of it. */
export interface RawRecord {
  readonly stream: string;
  readonly id: string;
  /** The vendor's modified time, its original text; null where the vendor has none. */
  readonly modified: string | null;
  readonly raw: unknown;
}

/** A record that has no id, no shape, or no version where its document states one: kept with its reason (law 10). */
export interface Unfit {
  readonly stream: string;
  readonly raw: unknown;
  readonly reason: string;
}

export interface Page {
  readonly records: readonly RawRecord[];
  readonly unfit: readonly Unfit[];
  /** Counted and dropped at the door: not our entries, samples. Their ids stay known so that counts add up. */
  readonly dropped: number;
  /** Their ids, so that one that is seen again is not counted again. */
  readonly droppedIds?: readonly string[];
  /** Opaque mark of the next page; null when the list is proven complete. */
  readonly next: string | null;
  /** Total the vendor states, if it does. */
  readonly total: number | null;
  /** Where the next incremental read should start, once this page is durably handed on; null keeps the old mark. */
  readonly mark: string | null;
}

export interface ReadRequest {
  readonly stream: string;
  /** From the previous page; null for the first. */
  readonly next: string | null;
  /** Incremental mark of the last completed read; null reads everything. */
  readonly since: string | null;
}

/** Reading. Throws Failure; never returns a page whose status and shape do not prove it (law 3). */
export interface Reader {
  page(client: VendorClient, request: ReadRequest): Promise<Page>;
  /** Reads named records; ids not in the result are proven absent only when `byId` of the stream is not 0. */
  byIds(client: VendorClient, stream: string, ids: readonly string[]): Promise<Page>;
}

export interface NormaliseContext {
  readonly connection: ConnectionConfig;
  /** Zone of the connection, else of the company. */
  readonly zone: string;
}

export interface Normalised {
  readonly facts: Facts;
  /** The records it hangs on: an invoice on its job, a payment on its invoices. Empty for a root. */
  readonly parents: readonly RecordRef[];
  /** Exact keys under which other records may find it. */
  readonly keys: readonly ExactKey[];
  /** Other records that should be read because of this one (a payment touches an invoice whose modified time stands). */
  readonly alsoRead: readonly RecordRef[];
  /** Said once per word and connection: unknown words, odd shapes. */
  readonly notices: readonly string[];
}

/** Pure and deterministic: equal raw gives equal facts. Returns the reason when the record does not fit its schema. */
export type Normalise = (
  stream: string,
  raw: unknown,
  context: NormaliseContext,
) => Normalised | { readonly unfit: string };

/** What can be said to the vendor, as data. */
export interface Vocabulary {
  readonly statusWords: readonly StatusWord[];
  /** Canonical states no word of the vendor means: `held`, `canceled`, ... */
  readonly noWord: readonly string[];
  /** How each target is changed there: through the API, by asking a person, or not at all. */
  readonly targets: Readonly<Partial<Record<WriteTarget, "api" | "task" | "none">>>;
  /** Targets for which the API makes a record where one is missing, and the stream it then stands in. */
  readonly makes?: Readonly<Partial<Record<WriteTarget, string>>>;
  /** Targets that the API changes where the connection has this capability switched on, and a person elsewhere: `{ schedule: "reschedule" }`. */
  readonly withCapability?: Readonly<Partial<Record<WriteTarget, string>>>;
  /** How visits narrow a coarse status word: first row that fits. */
  readonly narrowing?: readonly Narrowing[];
  /** The stream whose records are the roots that carry status and schedule. */
  readonly rootStream: string;
  /** Charges and payments are summed from invoices and payments when there are any, else taken from the root. */
  readonly money: "invoices" | "record";
  /** How a task is put to a person: what to do, by target and wanted text. */
  readonly task: (target: WriteTarget, wanted: string) => string;
}

/** A word narrowed by the job's visits (cancelled and unused ones aside). */
export interface Narrowing {
  readonly word: string;
  readonly when:
    | "none-left"
    | "scheduled-and-held"
    | "any-start"
    | "any-working"
    | "any-dispatched"
    | "done-and-scheduled";
  readonly set: readonly Work[];
}

/** What a reading is compared for: the intent less its approval and its time. */
export type IntentSubject = Pick<Intent, "target" | "record" | "arguments" | "wanted">;

/** How one target is written. The write-back stage owns attempt, order and outcome; this only talks to the vendor. */
export interface Writer {
  readonly target: WriteTarget;
  /** Requests of one undisturbed write: read before, send, read back. */
  readonly requests: number;
  /** True when the vendor guards against a concurrent edit; else receipts carry `overwritten`. */
  readonly guarded: boolean;
  /** Fresh records that show the target: the record itself, or for assignees its assignments. */
  read(client: VendorClient, intent: Intent): Promise<Page>;
  /** Canonical text of what these records show of the target, comparable with intent.read and intent.wanted. */
  shows(records: readonly { readonly record: RecordRef; readonly facts: Facts }[], intent: IntentSubject): string;
  /** Sends the one request. Throws Failure `rejected` (vendor refused), `ambiguous` (no answer), or others before sending. */
  send(client: VendorClient, intent: Intent, before: Page): Promise<{ readonly requestId: string | null }>;
  /** Why this may not be sent given what was read (a missing meter value): the task to ask instead; null to go on. */
  refuse?(intent: Intent, before: Page): string | null;
}

/** Hints only: the payload is never trusted; what it names is read from the vendor. */
export interface Webhook {
  /** Checks the signature over the raw bytes with the connection's secret. */
  verify(headers: Readonly<Record<string, string | undefined>>, body: Uint8Array, secret: unknown): boolean;
  hints(body: unknown): readonly { readonly stream: string; readonly ids: readonly string[] }[];
}

/** One operation of the vendor's document, as `plumbline operations` lists it and `plumbline call` runs it (operation.ts). */
export interface OperationRow {
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly writes: boolean;
  /** The page of the vendor's document, or what else says so. */
  readonly source: string;
  readonly about?: string;
  /** Refuses missing, mistyped and extra inputs. */
  readonly input?: z.ZodMiniType;
  /** Whether sending it twice does no more than once. */
  readonly repeatable?: boolean;
  /** For a write: how to find out whether it happened, in words. */
  readonly happened?: string;
  /** The same as a request, for who has to find out by itself; null for an input that leaves nothing to look for. */
  readonly look?: LookOf;
  readonly notifies?: "customer" | "technician" | "none" | "unknown";
  /** True for a write that moves money. */
  readonly money?: boolean;
  /** Inputs with which a write moves money that without them moves none. */
  readonly moneyInputs?: readonly string[];
  /** Members of the input, at any depth, that nothing may keep (passwords, signatures): a call gets them when it is sent. */
  readonly secrets?: readonly string[];
  /** Checks the input (Failure `bad-input` with path and expectation, nothing is sent) and runs it. */
  readonly run?: (client: VendorClient, input: unknown) => Promise<unknown>;
}

/**
 * How a write is found at the vendor: a reading operation, its input, and what its answer must hold. What the vendor
 * prints under another name, or not at all, proves nothing and is compared with nothing.
 */
export interface Look {
  /** Key of a reading operation of the same vendor. */
  readonly read: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Member path of the rows in the answer, as `data.jobs`, or several, the first that is there: `data.job|data`; empty: the answer is the one row. */
  readonly rows: string;
  /** All of them must hold. */
  readonly wants: readonly LookedFor[];
  /** `new`: a row that was not there before. `there`: the row shows it. `gone`: no such row, or the read answers 404. */
  readonly expect: "new" | "there" | "gone";
}

/** Members under the vendor's names: which row it is (none: the only one), and what that row must show. */
export interface LookedFor {
  readonly of?: Readonly<Record<string, unknown>>;
  readonly shows?: Readonly<Record<string, unknown>>;
}

/** `given` is the write's own input, checked; `at` is when it was asked for, ISO. */
export type LookOf = (given: Readonly<Record<string, unknown>>, at: string) => Look | null;
