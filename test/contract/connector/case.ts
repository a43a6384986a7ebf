import { readFileSync } from "node:fs";
import type { Vendor } from "#local/vendors/kit/vendor.ts";
import type { Connector, OperationRow } from "#shared/connectors/connector.ts";
import type { Facts } from "#shared/domain/facts.ts";
import type { Disposition, FailureKind } from "#shared/domain/failure.ts";
import type { Amount } from "#shared/domain/money.ts";
import type { WriteTarget } from "#shared/domain/policy.ts";
import { type DocumentedRequest, typed } from "./documented-request.ts";

export type Row = Readonly<Record<string, unknown>>;

/** What a vendor's document says, as test/fixtures/<vendor>/document.json records it. */
export interface VendorDocument {
  /** Words of a status field, as `stream.field`. */
  readonly statuses: Readonly<Record<string, readonly string[]>>;
  /** Words of every enumeration of a record, as `stream.path.to.field`. */
  readonly enums: Readonly<Record<string, readonly string[]>>;
  /** Answers other than success: HTTP status, headers and body (`text` where it is no JSON). */
  readonly answers: readonly DocumentedAnswer[];
  /** Fields each list sorts by, where the vendor writes a sort as `+Field` and `-Field`; none for a list without a sort. */
  readonly sorts?: Readonly<Record<string, readonly string[]>>;
}

export interface DocumentedAnswer {
  readonly name: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly text?: string;
}

/** What an answer must mean for a read and for a write. */
export interface Meaning {
  readonly read: readonly [FailureKind, Disposition];
  readonly write: readonly [FailureKind, Disposition];
  /** Instant before which a repeat is useless, for an answer at the case's `now`. */
  readonly retryAt?: string;
}

/** One stream, by a record as the reader hands it on. */
export interface StreamCase {
  readonly raw: Row;
  /** Path of the printed record inside `raw`, where the reader wraps it. */
  readonly inside?: string;
  /** Members that a record cannot be without. All others may be null or missing. */
  readonly required: readonly string[];
  /** Collection of the simulator, and its n-th record as the simulator stores it. */
  readonly collection: string;
  readonly made: (n: number) => Row;
  /** How a person changes a record while the list is paged; null where nothing moves it. */
  readonly edit: Row | null;
}

/** An amount of a record: how it is printed and where it arrives. */
export interface MoneyCase {
  readonly stream: string;
  readonly name: string;
  /** `decimal`: dollars as text or number; `cents`: whole cents. */
  readonly form: "decimal" | "cents";
  readonly raw: (value: unknown) => Row;
  readonly of: (facts: Facts) => Amount | undefined;
}

/** A time of a record: where it arrives, as an instant's text or as the local day of the case's zone. */
export interface TimeCase {
  readonly stream: string;
  readonly name: string;
  readonly raw: (instant: string) => Row;
  readonly of: (facts: Facts) => string | null;
  readonly as: "instant" | "day";
}

export interface WriteCase {
  readonly target: WriteTarget;
  readonly record: { readonly stream: string; readonly id: string };
  readonly wanted: string;
  readonly arguments?: Row;
  /** Sending it again would add another record: only reading first, as the write-back stage does, makes it harmless. */
  readonly once?: true;
}

export interface WebhookCase {
  readonly secret: Row;
  readonly otherSecret: Row;
  readonly sign: (body: string) => Readonly<Record<string, string>>;
  readonly events: readonly { readonly body: unknown; readonly hints: unknown }[];
}

/** Everything the contract suite needs to know of a vendor that its connector does not say itself. */
export interface VendorCase {
  readonly connector: Connector<string>;
  readonly operations: readonly OperationRow[];
  readonly simulator: Vendor;
  readonly document: VendorDocument;
  readonly requests: readonly DocumentedRequest[];
  /** Settings of the connection, given the simulator's address. */
  readonly connection: (url: string) => Row & { readonly baseUrl: string };
  readonly secret: Row;
  /** Credentials and settings of the account at the simulator. */
  readonly account: { readonly credentials: Row; readonly settings?: Row };
  readonly zone: string;
  readonly now: string;
  /** Records that stand in the simulator in every test; writes work on them. */
  readonly company: Readonly<Record<string, readonly Row[]>>;
  readonly streams: Readonly<Record<string, StreamCase>>;
  /** Streams whose paging is tested, and how many records make more than two pages. */
  readonly paged: Readonly<Record<string, number>>;
  /** Dials of the simulator that make small pages. */
  readonly dials?: Row;
  /** Enumerations that change no fact: an unknown word stays in the raw record and needs no notice, for this reason. */
  readonly unread: Readonly<Record<string, string>>;
  readonly meanings: Readonly<Record<string, Meaning>>;
  readonly money: readonly MoneyCase[];
  readonly times: readonly TimeCase[];
  readonly writes: readonly WriteCase[];
  readonly webhook: WebhookCase | null;
  /** Inputs of operations that no sample of their schema can guess (ids that exist, pairs that belong together). */
  readonly inputs?: Readonly<Record<string, Row>>;
  /** Writes that no read can show. */
  readonly unlooked?: readonly string[];
  /** Operations whose good answer the document leaves open, or leaves empty. */
  readonly anyReply?: readonly string[];
  /** Members that a sample of an operation's input leaves out, because they do not go together with the others. */
  readonly without?: (operation: string) => readonly string[];
}

/** A fixture of a vendor as committed. */
export function fixture<Shape>(vendor: string, name: string): Shape {
  return JSON.parse(readFileSync(new URL(`../../fixtures/${vendor}/${name}.json`, import.meta.url), "utf8"));
}

/** The documented requests of a vendor, as committed, with the types of their path, query and body. */
export function requestsOf(vendor: string): readonly DocumentedRequest[] {
  return typed(fixture(vendor, "requests"), fixture(vendor, "types"));
}

/** The record with the member at a dotted path set; `undefined` takes it away. */
export function withMember(record: Row, path: readonly string[], value: unknown): Row {
  const [name = "", ...rest] = path;
  if (rest.length > 0) {
    const inner = record[name];
    const held = typeof inner === "object" && inner !== null ? Object.fromEntries(Object.entries(inner)) : {};
    return { ...record, [name]: withMember(held, rest, value) };
  }
  const { [name]: _gone, ...others } = record;
  return value === undefined ? others : { ...others, [name]: value };
}

/** The printed record of a stream's raw one, and a way to put another in its place. */
export function printedOf(stream: StreamCase): { readonly printed: Row; readonly put: (printed: Row) => Row } {
  const { raw, inside } = stream;
  if (inside === undefined) return { printed: raw, put: (printed) => printed };
  const held = raw[inside];
  const printed = typeof held === "object" && held !== null ? Object.fromEntries(Object.entries(held)) : {};
  return { printed, put: (changed) => ({ ...raw, [inside]: changed }) };
}
