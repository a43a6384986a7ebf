import { Failure } from "#shared/domain/failure.ts";
import type * as z from "#shared/domain/schema.ts";
import { compareInstants, instantNanos } from "#shared/domain/time.ts";
import type { RawRecord, Unfit } from "../connector.ts";
import type { VendorClient, VendorRequest } from "../vendor-client.ts";
import { listOfAnything } from "./fields.ts";
import { pathIn, settingsOf } from "./settings.ts";
import { type ListSpec, type StreamName, streams } from "./streams.ts";

/** Rows asked for per page. The end is told by `hasMore` alone, never by a short page. */
export const PAGE_SIZE = 500;

type Query = Readonly<Record<string, string | number | boolean | undefined>>;
export type Envelope = z.infer<typeof listOfAnything>;

/** One page of a list, as `mustBePage` holds it. */
export async function listOnce(client: VendorClient, spec: ListSpec, query: Query): Promise<Envelope> {
  const guid = spec.externalData ? settingsOf(client.connection).externalDataApplicationGuid : undefined;
  const request: VendorRequest<typeof listOfAnything> = {
    operation: spec.operation,
    method: "GET",
    path: pathIn(client.connection, spec.module, spec.path),
    query: { ...spec.fixed, externalDataApplicationGuid: guid, pageSize: PAGE_SIZE, ...query },
    schema: listOfAnything,
    writes: false,
  };
  const { value } = await client.request(request);
  mustBePage(client, spec.operation, query["page"], value);
  return value;
}

/** Failure `malformed` for a page that is not the one asked for, and for one that says more follows and shows nothing. */
export function mustBePage(client: VendorClient, operation: string, asked: unknown, envelope: Envelope): void {
  const { page, hasMore, data } = envelope;
  const detail = { connection: client.connection.id, operation };
  if (typeof page === "number" && typeof asked === "number" && page !== asked) {
    throw new Failure("malformed", `${operation}: answered page ${page} where page ${asked} was asked for`, detail);
  }
  if (hasMore && data.length === 0) {
    throw new Failure("malformed", `${operation}: an empty page that says more follows`, detail);
  }
}

/** Every row of a list that is known to be short (named ids, one job's assignments), page after page. */
export async function listAll(client: VendorClient, spec: ListSpec, query: Query): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  for (let page = 1; ; page += 1) {
    const { data, hasMore } = await listOnce(client, spec, { ...query, page });
    rows.push(...data);
    if (!hasMore) return rows;
  }
}

/** Tells rows that have an id and, where the document states one, a modified time, from those that have not (law 10). */
export function sorted(
  stream: StreamName,
  rows: readonly unknown[],
): { readonly records: readonly RawRecord[]; readonly unfit: readonly Unfit[] } {
  const records: RawRecord[] = [];
  const unfit: Unfit[] = [];
  for (const raw of rows) {
    const id = idOf(raw);
    const modified = modifiedOf(raw);
    if (id === null) unfit.push({ stream, raw, reason: "no id" });
    else if (streams[stream].versioned && modified === null) unfit.push({ stream, raw, reason: "no modifiedOn" });
    else records.push({ stream, id, modified, raw });
  }
  return { records, unfit };
}

/** A row's id as text; null when it has none. */
export function idOf(raw: unknown): string | null {
  const id = member(raw, "id");
  if (typeof id === "number") return Number.isSafeInteger(id) ? String(id) : null;
  return typeof id === "string" && id !== "" ? id : null;
}

/** A row's modified time, its original text with all its digits; null when there is none or it is no instant. */
export function modifiedOf(raw: unknown): string | null {
  const modified = member(raw, "modifiedOn");
  return typeof modified === "string" && instantNanos(modified) !== null ? modified : null;
}

/**
 * The vendor's latest word on when a row was touched, for the mark of the next read. An assignment prints no modified
 * time; any time of the vendor's own that we have seen lies before the read, and so is a safe place to go on from.
 */
export function touchedAt(raw: unknown): string | null {
  const assigned = member(raw, "assignedOn");
  return modifiedOf(raw) ?? (typeof assigned === "string" && instantNanos(assigned) !== null ? assigned : null);
}

function member(raw: unknown, name: string): unknown {
  return typeof raw === "object" && raw !== null ? Object.getOwnPropertyDescriptor(raw, name)?.value : undefined;
}

/** The newest of the instants; null when there is none. */
export function newest(instants: readonly (string | null)[]): string | null {
  let latest: string | null = null;
  for (const one of instants) if (one !== null && (latest === null || compareInstants(one, latest) > 0)) latest = one;
  return latest;
}
