import { Failure } from "#shared/domain/failure.ts";
import type * as z from "#shared/domain/schema.ts";
import type { Page, RawRecord, Reader, Unfit } from "../connector.ts";
import { pathText } from "../query.ts";
import type { VendorClient, VendorRequest } from "../vendor-client.ts";
import { customerReplySchema, listSchema } from "./schemas.ts";

const PAGE = 1000;
const READINGS = 3;

type Query = NonNullable<VendorRequest<z.ZodMiniType>["query"]>;

/**
 * Rotor lists newest first by offset: a job made while paging repeats one, a job archived hides one. So a list is read
 * to its end in one go and counts only when every page states the same total and that many different records came.
 */
export const reader: Reader = {
  page: (client, { stream }) => (stream === "customers" ? customers(client) : servicedJobs(client)),
  byIds: async (client, stream, ids) => {
    if (stream === "customers") return customersById(client, ids);
    const wanted = new Set(ids);
    const page = await servicedJobs(client);
    return { ...page, records: page.records.filter((record) => wanted.has(record.id)), unfit: [], total: null };
  },
};

interface Whole {
  readonly rows: ReadonlyMap<string, unknown>;
  readonly nameless: readonly unknown[];
}

/** All open jobs, then the completed ones: what completes in between is seen completed, nothing is seen in neither. */
async function servicedJobs(client: VendorClient): Promise<Page> {
  const all = await wholeList(client, "listServicedJobs", "/serviced-jobs", { only_completed: false });
  const completed = await wholeList(client, "listServicedJobs", "/serviced-jobs", { only_completed: true });
  const records: RawRecord[] = [];
  for (const [id, job] of all.rows) {
    if (!completed.rows.has(id)) records.push(listed(id, job, false));
  }
  for (const [id, job] of completed.rows) records.push(listed(id, job, true));
  return whole(records, unfitOf("serviced-jobs", [...all.nameless, ...completed.nameless]));
}

function listed(id: string, job: unknown, completed: boolean): RawRecord {
  return { stream: "serviced-jobs", id, modified: null, raw: { job, completed } };
}

async function customers(client: VendorClient): Promise<Page> {
  const { rows, nameless } = await wholeList(client, "listCustomers", "/customers", { archived: true });
  const records = [...rows].map(([id, raw]) => ({ stream: "customers", id, modified: null, raw }));
  return whole(records, unfitOf("customers", nameless));
}

async function customersById(client: VendorClient, ids: readonly string[]): Promise<Page> {
  const records: RawRecord[] = [];
  for (const id of ids) {
    try {
      const reply = await client.request({
        operation: "getCustomer",
        method: "GET",
        path: pathText("/customers/{id}", { id }),
        schema: customerReplySchema,
        writes: false,
      });
      records.push({ stream: "customers", id, modified: null, raw: reply.value.data });
    } catch (cause) {
      // Not in the result: proven absent.
      if (!(cause instanceof Failure) || cause.kind !== "missing") throw cause;
    }
  }
  return { ...whole(records, []), total: null };
}

async function wholeList(client: VendorClient, operation: string, path: string, query: Query): Promise<Whole> {
  for (let reading = 1; reading <= READINGS; reading++) {
    const read = await oneReading(client, operation, path, query);
    if (read) return read;
  }
  throw new Failure("transient", `${operation}: the list changed during each of ${READINGS} readings`, { operation });
}

/** One reading from page 1 to the end; null when the list moved meanwhile. */
async function oneReading(client: VendorClient, operation: string, path: string, query: Query): Promise<Whole | null> {
  const rows = new Map<string, unknown>();
  const nameless: unknown[] = [];
  let total: number | null = null;
  for (let page = 1; ; page++) {
    const { data, pagination } = await onePage(client, operation, path, { ...query, page, limit: PAGE });
    total ??= pagination.total;
    if (pagination.total !== total) return null;
    for (const row of data) {
      const id = idOf(row);
      if (id === null) nameless.push(row);
      else rows.set(id, row);
    }
    if (!pagination.has_more) return rows.size + nameless.length === total ? { rows, nameless } : null;
    if (data.length === 0) throw new Failure("malformed", `${operation}: page ${page} is empty and says there is more`);
  }
}

async function onePage(
  client: VendorClient,
  operation: string,
  path: string,
  query: Query,
): Promise<z.infer<typeof listSchema>> {
  const reply = await client.request({ operation, method: "GET", path, query, schema: listSchema, writes: false });
  const { page } = reply.value.pagination;
  if (page === undefined || page === query["page"]) return reply.value;
  throw new Failure("malformed", `${operation}: asked for page ${String(query["page"])}, got page ${page}`, {
    operation,
  });
}

function idOf(row: unknown): string | null {
  const id: unknown = typeof row === "object" && row !== null ? Reflect.get(row, "id") : undefined;
  return typeof id === "string" && id !== "" ? id : null;
}

function unfitOf(stream: string, rows: readonly unknown[]): readonly Unfit[] {
  return rows.map((raw) => ({ stream, raw, reason: "no id" }));
}

function whole(records: readonly RawRecord[], unfit: readonly Unfit[]): Page {
  return { records, unfit, dropped: 0, next: null, total: records.length + unfit.length, mark: null };
}
