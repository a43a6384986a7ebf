import type { VendorClient, VendorReply, VendorRequest } from "#shared/connectors/vendor-client.ts";
import { Failure } from "#shared/domain/failure.ts";
import type { ConnectionConfig } from "#shared/domain/policy.ts";
import type * as z from "#shared/domain/schema.ts";
import { compareInstants } from "#shared/domain/time.ts";

/** A row of a vendor's books, as it would print it. */
export type Row = Readonly<Record<string, unknown>>;

/** One write a vendor took, in its own log: what really happened. */
export interface Written {
  readonly connection: string;
  readonly operation: string;
  readonly record: string;
  readonly body: Row;
  /** Fields whose value really changed. */
  readonly changed: readonly string[];
  readonly intent: string | null;
  readonly at: string;
}

/** The books of all vendors, what people and we did to them, and their clocks. */
export class Books {
  readonly rows = new Map<string, Map<string, Row>>();
  readonly log: Written[] = [];
  /** By record and field: who set it last, `person` or an intent. */
  readonly authors = new Map<string, string>();
  private stamp = 0;
  readonly now: () => string;

  constructor(now: () => string) {
    this.now = now;
  }

  list(stream: string): readonly Row[] {
    return [...(this.rows.get(stream) ?? new Map<string, Row>()).values()];
  }

  get(stream: string, id: string): Row | undefined {
    return this.rows.get(stream)?.get(id);
  }

  /** Somebody changes a row; `quiet` leaves the vendor's modified time as it is. */
  put(stream: string, id: string, change: Row, by: string, quiet = false): void {
    const before = this.get(stream, id) ?? {};
    const stamp = quiet && Object.keys(before).length > 0 ? {} : this.stampOf(stream);
    const rows = this.rows.get(stream) ?? new Map<string, Row>();
    this.rows.set(stream, rows.set(id, { ...before, ...change, ...stamp }));
    for (const field of Object.keys(change)) this.authors.set(`${stream}/${id}/${field}`, by);
  }

  /** The vendor's clock, ten minutes off for one of them, with digits that ours does not have, and offsets that change. */
  private stampOf(stream: string): Row {
    this.stamp++;
    const skew = stream.startsWith("st.") ? 600_000 : 0;
    const digits = String(this.stamp % 10_000).padStart(4, "0");
    const at = new Date(Date.parse(this.now()) + skew).toISOString();
    if (stream.startsWith("st.")) return { modifiedOn: at.replace("Z", `${digits}Z`) };
    if (stream.startsWith("crews.")) return {};
    const east = this.stamp % 2 === 0;
    const wall = new Date(Date.parse(at) + (east ? 3_600_000 : 0)).toISOString();
    return { updated_at: wall.replace("Z", `${digits}${east ? "+01:00" : "Z"}`) };
  }
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

type Asked = VendorRequest<z.ZodMiniType>;

/** A client whose vendor is a few rows in this process. It speaks the vendor's paths, so that the real connector reads it. */
export function modelClient(
  books: Books,
  connection: ConnectionConfig,
  purpose: VendorClient["purpose"],
  intent: () => string | null,
): VendorClient {
  const ask = (request: Asked): Answer => {
    if (connection.vendor === "servicetitan") return office(books, request, intent());
    if (connection.vendor === "customtrades") return branch(books, request, intent());
    return crews(books, request);
  };
  return {
    connection,
    secret: {},
    purpose,
    now: async () => books.now(),
    async request<Schema extends z.ZodMiniType>(request: VendorRequest<Schema>): Promise<VendorReply<z.infer<Schema>>> {
      const { status, body } = ask(request);
      if (status === 404) throw new Failure("missing", `${request.operation}: 404`, { status });
      if (status >= 400) throw new Failure("rejected", `${request.operation}: ${status}`, { status });
      const value = request.schema.parse(structuredClone(body));
      return { value, status, headers: {}, requestId: null };
    },
  };
}

const textOf = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : "";

function office(books: Books, { method, path, query = {}, json }: Asked, intent: string | null): Answer {
  const resource = path.replace(/^\/\w+\/v2\/tenant\/1/, "");
  const stream = `st.${resource.replace(/^\/booking-provider\/7/, "").slice(1)}`;
  if (method === "POST" && stream === "st.bookings") {
    const id = String(9000 + books.list(stream).length);
    const body = { id: Number(id), ...rowOf(json) };
    books.put(stream, id, body, intent ?? "nobody");
    books.log.push(
      logged(
        books,
        "st",
        "createBooking",
        `${stream}/${textOf(body["externalId" as keyof typeof body])}`,
        body,
        ["id"],
        intent,
      ),
    );
    return { status: 200, body: books.get(stream, id) };
  }
  if (method !== "GET") return { status: 405, body: {} };
  const ids = typeof query["ids"] === "string" ? query["ids"].split(",") : null;
  const since = typeof query["modifiedOnOrAfter"] === "string" ? query["modifiedOnOrAfter"] : null;
  const fits = (row: Row): boolean =>
    (ids === null || ids.includes(textOf(row["id"]))) &&
    (since === null || compareInstants(textOf(row["modifiedOn"]), since) >= 0) &&
    ["jobId", "externalId"].every((name) => query[name] === undefined || textOf(row[name]) === textOf(query[name]));
  const rows = books
    .list(stream)
    .filter(fits)
    .toSorted((a, b) => compareInstants(textOf(a["modifiedOn"]), textOf(b["modifiedOn"])));
  // Two rows a page, whatever is asked for: paging is part of the story.
  const [page, size] = [Number(query["page"] ?? 1), 2];
  const data = rows.slice((page - 1) * size, page * size);
  const total = query["includeTotal"] ? { totalCount: rows.length } : {};
  return { status: 200, body: { page, pageSize: size, hasMore: rows.length > page * size, data, ...total } };
}

function branch(books: Books, { method, path, query = {}, json, operation }: Asked, intent: string | null): Answer {
  const [, stream = "", id] = path.split("/");
  const name = `ctc.${stream}`;
  if (id !== undefined && method === "GET") {
    const row = books.get(name, id);
    return row ? { status: 200, body: { success: true, data: row } } : { status: 404, body: {} };
  }
  if (id !== undefined && method === "PUT") {
    const before = books.get(name, id);
    if (!before) return { status: 404, body: {} };
    const body = rowOf(json);
    const changed = Object.keys(body).filter((field) => before[field] !== body[field]);
    if (changed.length > 0) books.put(name, id, body, intent ?? "nobody");
    books.log.push(logged(books, "ctc", operation, `${name}/${id}`, body, changed, intent));
    return { status: 200, body: { success: true, data: books.get(name, id) } };
  }
  const rows = books.list(name);
  const [page, size] = [Number(query["page"] ?? 1), 2];
  const pagination = { page, total: rows.length, total_pages: Math.max(1, Math.ceil(rows.length / size)) };
  return {
    status: 200,
    body: { success: true, data: { [stream]: rows.slice((page - 1) * size, page * size), pagination } },
  };
}

function crews(books: Books, { query = {} }: Asked): Answer {
  const completed = query["only_completed"] === true;
  const all = books.list("crews.serviced-jobs");
  const data = all
    .filter((row) => !completed || row["completed"] === true)
    .map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => name !== "completed")));
  return { status: 200, body: { data, pagination: { has_more: false, total: data.length, page: 1 } } };
}

const rowOf = (json: unknown): Row => (typeof json === "object" && json !== null ? { ...json } : {});

function logged(
  books: Books,
  connection: string,
  operation: string,
  record: string,
  body: Row,
  changed: readonly string[],
  intent: string | null,
): Written {
  return { connection, operation, record, body, changed, intent, at: books.now() };
}
