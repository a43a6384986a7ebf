import { Failure } from "#shared/domain/failure.ts";
import { rememberKept } from "#shared/domain/printed.ts";
import * as z from "#shared/domain/schema.ts";
import { instantNanos } from "#shared/domain/time.ts";
import type { Page, RawRecord, Reader, ReadRequest, Unfit } from "../connector.ts";
import { problemsOf } from "../problems.ts";
import { pathText } from "../query.ts";
import type { VendorClient, VendorRequest } from "../vendor-client.ts";
import { listSchema, recordReplySchema } from "./schemas.ts";
import { singular } from "./streams.ts";

const PAGE = 100;
const READINGS = 3;

/** Where a reading of a list stands: the page to ask for, the total its first page stated, and which reading it is. */
const placeSchema = z.strictObject({ page: z.int(), total: z.nullable(z.int()), reading: z.int() });
type Place = z.infer<typeof placeSchema>;

/**
 * Pages of up to 100, deleted records included. The order of the lists is not documented: when the total changes while
 * paging, the list is read again from its start, so that a record that moved to a page already read is not missed.
 */
export const reader: Reader = {
  page: async (client, request) => {
    const place = placeOf(request);
    const page = await listPage(client, request.stream, { include_deleted: true, page: place.page, limit: PAGE });
    const next = nextPlace(request.stream, place, page);
    return { ...page.read, next: next && JSON.stringify(next), total: page.total };
  },
  byIds: async (client, stream, ids) => {
    const rows: unknown[] = [];
    for (const id of ids) {
      const row = await recordById(client, stream, id);
      if (row !== null) rows.push(row);
    }
    return { ...sorted(stream, rows), next: null, total: null };
  },
};

/** One page of a list with any documented filter; `read` holds its records, fit and unfit. */
export async function listPage(
  client: VendorClient,
  stream: string,
  query: NonNullable<VendorRequest<z.ZodMiniType>["query"]>,
): Promise<{ readonly read: Page; readonly total: number; readonly pages: number }> {
  const operation = operationName("list", stream);
  const schema = listSchema(stream);
  const reply = await client.request({ operation, method: "GET", path: `/${stream}`, query, schema, writes: false });
  const { pagination, [stream]: rows } = reply.value.data;
  if (pagination.page !== query["page"]) {
    const message = `${operation}: asked for page ${String(query["page"])}, got page ${pagination.page}`;
    throw new Failure("malformed", message, { operation });
  }
  return {
    read: sorted(stream, Array.isArray(rows) ? rows : []),
    total: pagination.total,
    pages: pagination.total_pages,
  };
}

/** One record by its uuid; null when the vendor says there is none. */
async function recordById(client: VendorClient, stream: string, id: string): Promise<unknown> {
  const name = singular[stream] ?? stream;
  try {
    const reply = await client.request({
      operation: operationName("get", stream),
      method: "GET",
      path: pathText(`/${stream}/{uuid}`, { uuid: id }),
      schema: recordReplySchema,
      writes: false,
    });
    const data = reply.value.data;
    return "uuid" in data ? data : data[name];
  } catch (cause) {
    if (cause instanceof Failure && cause.kind === "missing") return null;
    throw cause;
  }
}

/** `listJobs`, `getJob`: the keys of the operations. */
function operationName(verb: "list" | "get", stream: string): string {
  const name = verb === "list" ? stream : (singular[stream] ?? stream);
  return `${verb}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function placeOf(request: ReadRequest): Place {
  if (request.next === null) return { page: 1, total: null, reading: 1 };
  const parsed = z.safeParse(placeSchema, JSON.parse(request.next));
  if (parsed.success) return parsed.data;
  throw new Failure("bad-input", `not a mark of ${request.stream}: ${problemsOf(parsed.error)}`);
}

function nextPlace(
  stream: string,
  place: Place,
  page: { readonly read: Page; readonly total: number; readonly pages: number },
): Place | null {
  const moved = place.total !== null && place.total !== page.total;
  if (moved && place.reading >= READINGS) {
    // Not `transient`: that would go on from this page, and only a reading from the start can be proven.
    throw new Failure("malformed", `the list of ${stream} changed during each of ${READINGS} readings`);
  }
  if (moved) return { page: 1, total: null, reading: place.reading + 1 };
  if (place.page >= page.pages) return null;
  if (page.read.records.length + page.read.unfit.length === 0) {
    throw new Failure("malformed", `page ${place.page} of ${stream} is empty and says there are ${page.pages}`);
  }
  return { page: place.page + 1, total: page.total, reading: place.reading };
}

function sorted(stream: string, rows: readonly unknown[]): Page {
  const records: RawRecord[] = [];
  const unfit: Unfit[] = [];
  for (const row of rows) {
    const record = recordOf(stream, row);
    if ("reason" in record) unfit.push(record);
    else records.push(record);
  }
  return { records, unfit, dropped: 0, next: null, total: null, mark: null };
}

const identity = z.looseObject({ uuid: z.string().check(z.minLength(1)), updated_at: z.optional(z.unknown()) });

function recordOf(stream: string, row: unknown): RawRecord | Unfit {
  const parsed = z.safeParse(identity, row);
  if (!parsed.success) return { stream, raw: row, reason: `no uuid: ${problemsOf(parsed.error, row)}` };
  const { uuid: id, updated_at: modified } = parsed.data;
  if (typeof modified !== "string" || instantNanos(modified) === null) {
    return { stream, raw: row, reason: "no updated_at, which the reference states" };
  }
  return { stream, id, modified, raw: rememberKept(asListed(parsed.data), parsed.data) };
}

/**
 * Related records that only a read by uuid embeds are left out, and of the customer all but what the reference's list
 * shows, so that a record is the same text however it was read.
 */
function asListed(record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { location: _location, assigned_user: _user, customer, ...own } = record;
  if (typeof customer !== "object" || customer === null) return own;
  const named = ["uuid", "first_name", "last_name"];
  const shown = Object.fromEntries(Object.entries(customer).filter(([name]) => named.includes(name)));
  return { ...own, customer: shown };
}
