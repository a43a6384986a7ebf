import { Failure } from "#shared/domain/failure.ts";
import type { ConnectionConfig } from "#shared/domain/policy.ts";
import * as z from "#shared/domain/schema.ts";
import { addSeconds, compareInstants, instantNanos } from "#shared/domain/time.ts";
import type { Page, RawRecord, Reader, ReadRequest, Unfit } from "../connector.ts";
import type { VendorClient } from "../vendor-client.ts";
import { checkEcho, checkMoves, type Filters, queryOf, type Sorts } from "./listing.ts";
import { pageOfAnything } from "./schemas.ts";
import { settingsOf } from "./settings.ts";
import { STREAM, streams } from "./streams.ts";

const PATH = "/v2/service_entries";
const PER_PAGE = 100;

/** Where a list goes on: the cursor and the filter it was begun with, which is sent again with every page. */
const nextSchema = z.strictObject({ cursor: z.string(), from: z.nullable(z.string()) });

/** Oldest change first: an entry edited while we page moves to the end, so it may come twice and is never lost. */
const byChange: Sorts = { updated_at: "asc" };

async function page(client: VendorClient, request: ReadRequest): Promise<Page> {
  mustBeOurs(request.stream);
  const at = request.next === null ? { cursor: null, from: fromMark(request.since) } : parseNext(request.next);
  const filters: Filters = at.from === null ? {} : { updated_at: { gte: at.from } };
  const { value } = await client.request({
    operation: "listServiceEntries",
    method: "GET",
    path: PATH,
    query: { ...queryOf(filters, byChange), per_page: PER_PAGE, start_cursor: at.cursor ?? undefined },
    schema: pageOfAnything,
    writes: false,
  });
  checkEcho(value, filters, byChange);
  const next = value.next_cursor;
  checkMoves(next, at.cursor);
  if (next !== null && value.records.length === 0) {
    throw new Failure("malformed", "service_entries: an empty page that says more follows", {
      connection: client.connection.id,
      operation: "listServiceEntries",
    });
  }
  const kept = doorOf(client.connection, value.records);
  return {
    ...kept,
    next: next === null ? null : JSON.stringify({ cursor: next, from: at.from }),
    // The document's estimated_remaining_count stops at 500: no total.
    total: null,
    mark: newestOf(value.records),
  };
}

function fromMark(since: string | null): string | null {
  return since === null ? null : addSeconds(since, -(streams[STREAM]?.overlapMinutes ?? 0) * 60);
}

/**
 * What enters: in a client's account only entries of the vendor ids under which the client knows us, and no samples
 * anywhere. The rest is counted and dropped: it is no part of our books.
 */
function doorOf(
  connection: ConnectionConfig,
  rows: readonly unknown[],
): { readonly records: RawRecord[]; readonly unfit: Unfit[]; readonly dropped: number; readonly droppedIds: string[] } {
  const { ourVendorIds } = settingsOf(connection);
  const records: RawRecord[] = [];
  const unfit: Unfit[] = [];
  const droppedIds: string[] = [];
  for (const raw of rows) {
    const id = field(raw, "id");
    const vendor = field(raw, "vendor_id");
    const foreign = connection.book === "payable" && !(typeof vendor === "number" && ourVendorIds?.includes(vendor));
    if (typeof id !== "number" || !Number.isSafeInteger(id)) unfit.push({ stream: STREAM, raw, reason: "no id" });
    else if (field(raw, "is_sample") === true || foreign) droppedIds.push(String(id));
    else records.push({ stream: STREAM, id: String(id), modified: modifiedOf(raw), raw });
  }
  return { records, unfit, dropped: droppedIds.length, droppedIds };
}

async function byIds(client: VendorClient, stream: string, ids: readonly string[]): Promise<Page> {
  mustBeOurs(stream);
  const rows: unknown[] = [];
  for (const id of [...new Set(ids)].filter((one) => /^\d+$/.test(one))) {
    const row = await readOne(client, id);
    if (row !== null) rows.push(row);
  }
  return { ...doorOf(client.connection, rows), next: null, total: null, mark: null };
}

/** One entry as printed; null when the vendor says there is none (deletes are hard). */
async function readOne(client: VendorClient, id: string): Promise<unknown> {
  try {
    const { value } = await client.request({
      operation: "getServiceEntry",
      method: "GET",
      path: `${PATH}/${id}`,
      schema: z.looseObject({ id: z.number() }),
      writes: false,
    });
    return value;
  } catch (cause) {
    if (cause instanceof Failure && cause.kind === "missing") return null;
    throw cause;
  }
}

function newestOf(rows: readonly unknown[]): string | null {
  let newest: string | null = null;
  for (const row of rows) {
    const modified = modifiedOf(row);
    if (modified !== null && (newest === null || compareInstants(modified, newest) > 0)) newest = modified;
  }
  return newest;
}

function modifiedOf(raw: unknown): string | null {
  const modified = field(raw, "updated_at");
  return typeof modified === "string" && instantNanos(modified) !== null ? modified : null;
}

function field(raw: unknown, name: string): unknown {
  return typeof raw === "object" && raw !== null ? Object.getOwnPropertyDescriptor(raw, name)?.value : undefined;
}

function mustBeOurs(stream: string): void {
  if (stream !== STREAM) throw new Failure("bad-input", `Fleetio has no stream ${stream}`);
}

function parseNext(next: string): z.infer<typeof nextSchema> {
  const parsed = nextSchema.safeParse(JSON.parse(next));
  if (parsed.success) return parsed.data;
  throw new Failure("bad-input", `not a mark of a Fleetio page: ${next}`);
}

export const reader: Reader = { page, byIds };
