import { Failure } from "#shared/domain/failure.ts";
import * as z from "#shared/domain/schema.ts";
import { addSeconds, compareInstants } from "#shared/domain/time.ts";
import type { Page, RawRecord, Reader, ReadRequest } from "../connector.ts";
import type { VendorClient } from "../vendor-client.ts";
import { idOf, listAll, listOnce, modifiedOf, newest, sorted, touchedAt } from "./list.ts";
import { customersOfContacts, withContacts } from "./reader-customers.ts";
import { isStream, type ListSpec, lists, type StreamName, streams } from "./streams.ts";

/**
 * Where a list goes on. Lists that sort by modified time go on from the last one seen (`from`, inclusive), not by page
 * number: a record edited while we page moves to the end and would pull an unread one over the boundary. Rows with
 * equal times are passed by page number within that time. Lists without a sort go by page number alone.
 */
const nextSchema = z.strictObject({
  from: z.nullable(z.string()),
  page: z.number(),
  sorted: z.boolean(),
  /** Newest modified time seen so far; the mark of a list without order, once it is complete. */
  newest: z.nullable(z.string()),
  /** Total stated with the first page of a full read. */
  total: z.nullable(z.number()),
  /** The last row of the page before, where a page number is gone on by: it still has to stand there afterwards. */
  last: z.optional(z.nullable(z.string())),
  /** Customers only: after the customers come those whose contacts changed. */
  contacts: z.optional(z.boolean()),
});
type Next = z.infer<typeof nextSchema>;

async function page(client: VendorClient, request: ReadRequest): Promise<Page> {
  const stream = known(request.stream);
  const at = request.next === null ? firstOf(stream, request.since) : parseNext(request.next);
  if (at.contacts) return contactsPage(client, at);
  const read = await listPage(client, stream, at, request.since === null);
  if (stream !== "customers") return read;
  const records = await withContacts(client, read.records);
  const contacts = read.next === null && request.since !== null ? contactsFrom(request.since) : null;
  return { ...read, records, next: contacts === null ? read.next : JSON.stringify(contacts) };
}

function firstOf(stream: StreamName, since: string | null): Next {
  return {
    from: since === null ? null : overlapped(stream, since),
    page: 1,
    sorted: lists[stream].sorted,
    newest: null,
    total: null,
  };
}

/** The mark less the overlap, so that records that became visible late are read. */
function overlapped(stream: StreamName, since: string): string {
  return addSeconds(since, -streams[stream].overlapMinutes * 60);
}

async function listPage(client: VendorClient, stream: StreamName, at: Next, full: boolean): Promise<Page> {
  const spec = lists[stream];
  const first = full && at.total === null;
  const bound = boundOf(spec, at);
  const envelope = await listOnce(client, spec, {
    page: at.page,
    ...(spec.sorted ? { sort: "+ModifiedOn" } : {}),
    modifiedOnOrAfter: bound ?? undefined,
    includeTotal: first ? true : undefined,
  });
  const { records, unfit } = sorted(stream, envelope.data);
  const times = envelope.data.map(modifiedOf);
  const seen = newest([at.newest, ...envelope.data.map(touchedAt)]);
  const inOrder = at.sorted && isAscending(times, bound);
  if (at.sorted && !inOrder && (at.page > 1 || !isStart(at))) throw disordered(client, spec.operation);
  const stated = envelope.totalCount ?? null;
  const total = at.total ?? stated;
  const last = idOf(envelope.data.at(-1));
  const drifted = at.sorted && at.page > 1 && (await lastOf(client, spec, at, at.page - 1)) !== at.last;
  // A row of equal time that was edited left its place, and an unread one moved up into a page that was read: once more.
  const next = drifted
    ? { ...at, page: 1, last: null }
    : envelope.hasMore
      ? following({ ...at, sorted: inOrder, total, last }, times, seen)
      : null;
  return {
    records,
    unfit,
    dropped: 0,
    next: next === null ? null : JSON.stringify(next),
    // A full read of several pages asks the total again at its end: only equal totals prove that nothing drifted.
    total: full && !first && next === null ? await totalNow(client, stream) : total,
    mark: !drifted && (inOrder || next === null) ? seen : null,
  };
}

function boundOf(spec: ListSpec, { from }: Next): string | null {
  return from !== null && spec.after ? addSeconds(from, -1) : from;
}

/** The id of the last row that a page of this run now ends with. */
async function lastOf(client: VendorClient, spec: ListSpec, at: Next, page: number): Promise<string | null> {
  const query = { page, sort: "+ModifiedOn", modifiedOnOrAfter: boundOf(spec, at) ?? undefined };
  return idOf((await listOnce(client, spec, query)).data.at(-1));
}

/** True before anything of a sorted list has been read: only then may it turn out to have no order. */
function isStart(at: Next): boolean {
  return at.page === 1 && at.newest === null;
}

function following(at: Next, times: readonly (string | null)[], seen: string | null): Next {
  const last = newest(times);
  const moved = last !== null && (at.from === null || compareInstants(last, at.from) > 0);
  if (at.sorted && moved) return { ...at, from: last, page: 1, newest: seen };
  return { ...at, page: at.page + 1, newest: seen };
}

/** Rows without a readable time do not count; a page without any time has no order to go by. */
function isAscending(times: readonly (string | null)[], from: string | null): boolean {
  const stated = times.filter((time) => time !== null);
  if (stated.length === 0 && times.length > 0) return false;
  let before = from;
  for (const time of stated) {
    if (before !== null && compareInstants(time, before) < 0) return false;
    before = time;
  }
  return true;
}

function disordered(client: VendorClient, operation: string): Failure {
  return new Failure("malformed", `${operation}: rows are not in the order asked for`, {
    connection: client.connection.id,
    operation,
  });
}

async function totalNow(client: VendorClient, stream: StreamName): Promise<number | null> {
  const { totalCount } = await listOnce(client, lists[stream], { page: 1, pageSize: 1, includeTotal: true });
  return totalCount ?? null;
}

function contactsFrom(since: string): Next {
  return {
    from: overlapped("customers", since),
    page: 1,
    sorted: false,
    newest: null,
    total: null,
    contacts: true,
  };
}

/** Customers whose contacts changed: the vendor does not promise that this moves the customer's own modified time. */
async function contactsPage(client: VendorClient, at: Next): Promise<Page> {
  const { customers, hasMore } = await customersOfContacts(client, at.from, at.page);
  const rows = await namedRows(client, "customers", customers);
  const { records, unfit } = sorted("customers", rows);
  return {
    records: await withContacts(client, records),
    unfit,
    dropped: 0,
    next: hasMore ? JSON.stringify({ ...at, page: at.page + 1 }) : null,
    total: null,
    mark: null,
  };
}

async function byIds(client: VendorClient, stream: string, ids: readonly string[]): Promise<Page> {
  const name = known(stream);
  if (streams[name].byId === 0) throw new Failure("bad-input", `${stream}: ServiceTitan has no read by id`);
  const { records, unfit } = sorted(name, await namedRows(client, name, ids));
  const wanted = new Set(ids);
  const asked = records.filter((record: RawRecord) => wanted.has(record.id));
  return {
    records: name === "customers" ? await withContacts(client, asked) : asked,
    unfit,
    dropped: 0,
    next: null,
    total: null,
    mark: null,
  };
}

/** Rows by id, fifty a request. What is no number cannot be an id of ServiceTitan and is not asked for. */
async function namedRows(client: VendorClient, stream: StreamName, ids: readonly string[]): Promise<unknown[]> {
  const numbers = [...new Set(ids)].filter((one) => /^\d+$/.test(one));
  const rows: unknown[] = [];
  for (let at = 0; at < numbers.length; at += 50) {
    rows.push(...(await listAll(client, lists[stream], { ids: numbers.slice(at, at + 50).join(",") })));
  }
  return rows;
}

function known(stream: string): StreamName {
  if (isStream(stream)) return stream;
  throw new Failure("bad-input", `ServiceTitan has no stream ${stream}`);
}

function parseNext(next: string): Next {
  const parsed = nextSchema.safeParse(JSON.parse(next));
  if (parsed.success) return parsed.data;
  throw new Failure("bad-input", `not a mark of a ServiceTitan page: ${next}`);
}

export const reader: Reader = { page, byIds };
