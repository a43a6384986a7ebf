import type { VendorRequest } from "#shared/connectors/vendor-client.ts";
import type * as z from "#shared/domain/schema.ts";
import { compareInstants } from "#shared/domain/time.ts";
import type { Books, Row, Written } from "./vendors.ts";

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export type Asked = VendorRequest<z.ZodMiniType>;

const textOf = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : "";

export function office(books: Books, { method, path, query = {}, json }: Asked, intent: string | null): Answer {
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
  for (const id of ids ?? []) books.seek(stream, id);
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

export function branch(
  books: Books,
  { method, path, query = {}, json, operation }: Asked,
  intent: string | null,
): Answer {
  const [, stream = "", id] = path.split("/");
  const name = `ctc.${stream}`;
  if (id !== undefined && method === "GET") {
    const row = books.seek(name, id);
    return row ? { status: 200, body: { success: true, data: row } } : { status: 404, body: {} };
  }
  if (id !== undefined && method === "PUT") {
    const before = books.seek(name, id);
    if (!before) return { status: 404, body: {} };
    const body = rowOf(json);
    const changed = Object.keys(body).filter((field) => before[field] !== body[field]);
    if (changed.length > 0) books.put(name, id, body, intent ?? "nobody");
    books.log.push(logged(books, "ctc", operation, `${name}/${id}`, body, changed, intent));
    return { status: 200, body: { success: true, data: books.get(name, id) } };
  }
  if (method === "POST" && stream === "payments") return recorded(books, rowOf(json), intent);
  const of = query["invoice_uuid"];
  const rows = books.list(name).filter((row) => of === undefined || row["invoice_uuid"] === of);
  const [page, size] = [Number(query["page"] ?? 1), 2];
  const pagination = { page, total: rows.length, total_pages: Math.max(1, Math.ceil(rows.length / size)) };
  return {
    status: 200,
    body: { success: true, data: { [stream]: rows.slice((page - 1) * size, page * size), pagination } },
  };
}

/** A payment is made under an id of the vendor's own; whoever looks for it knows its reference number. */
function recorded(books: Books, body: Row, intent: string | null): Answer {
  const uuid = `p${books.list("ctc.payments").length + 1}`;
  books.put("ctc.payments", uuid, { uuid, ...body }, intent ?? "nobody");
  const record = `ctc.payments/${textOf(body["reference_number"])}`;
  books.log.push(logged(books, "ctc", "createPayment", record, body, Object.keys(body), intent));
  return { status: 200, body: { success: true, data: books.get("ctc.payments", uuid) } };
}

/** Newest first, a row a page. Two lists hold them: all that are open, and those that are done. */
export function crews(books: Books, { query = {} }: Asked): Answer {
  const completed = query["only_completed"] === true;
  const rows = books
    .list("crews.serviced-jobs")
    .filter((row) => !completed || row["completed"] === true)
    .map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => name !== "completed")))
    .toReversed();
  const page = Number(query["page"] ?? 1);
  const { shown, total } = shorten(books, rows, page);
  const data = shown.slice(page - 1, page);
  return { status: 200, body: { data, pagination: { has_more: shown.length > page, total, page } } };
}

/** What a list of crews' really answers while it has a lapse. */
function shorten(books: Books, rows: readonly Row[], page: number): { shown: readonly Row[]; total: number } {
  const { lapse } = books;
  const whole = { shown: rows, total: rows.length };
  if (!lapse || lapse.left === 0 || rows.length === 0) return whole;
  const last = page >= rows.length - 1;
  if (lapse.kind === "short") {
    if (last) lapse.left--;
    return { shown: rows.slice(0, -1), total: rows.length };
  }
  if (page === 1) return whole;
  lapse.left--;
  return { shown: rows.slice(1), total: rows.length - 1 };
}

/** Changed last comes last; the page says how it was made. */
export function fleet(books: Books, { path, query = {} }: Asked): Answer {
  const stream = "fleet.service-entries";
  const id = path.replace(/^\/v2\/service_entries\/?/, "");
  if (id !== "") {
    const row = books.seek(stream, id);
    return row ? { status: 200, body: row } : { status: 404, body: {} };
  }
  const from = query["filter[updated_at][gte]"];
  const records = books
    .list(stream)
    .filter((row) => typeof from !== "string" || compareInstants(textOf(row["updated_at"]), from) >= 0)
    .toSorted((a, b) => compareInstants(textOf(a["updated_at"]), textOf(b["updated_at"])));
  const filtered_by = typeof from === "string" ? [{ updated_at: { gte: from } }] : [];
  return { status: 200, body: { records, next_cursor: null, filtered_by, sorted_by: [{ updated_at: "asc" }] } };
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
