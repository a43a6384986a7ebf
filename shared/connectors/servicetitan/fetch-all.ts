import * as z from "#shared/domain/schema.ts";
import { compareInstants, instantNanos } from "#shared/domain/time.ts";
import type { VendorClient, VendorRequest } from "../vendor-client.ts";
import { listOfAnything } from "./fields.ts";
import { mustBePage } from "./list.ts";

/** Rows a request of a list that is read to its end. */
const FETCH_SIZE = 500;

/**
 * Every page of a list, until `hasMore` says no; never judged by a short page. A list that can be sorted and is not
 * asked to be goes by id, so that an edit meanwhile moves no row over a page boundary; one without a sort is sorted here.
 */
export async function fetchAll(
  client: VendorClient,
  request: VendorRequest<z.ZodMiniType>,
  sorts: readonly string[],
  sort: unknown,
): Promise<{ readonly value: unknown; readonly notices: readonly string[] }> {
  const { includeTotal: _ignored, sort: _ours, ...query } = request.query ?? {};
  const order = typeof sort === "string" ? sort : "+Id";
  const sent = sorts.length === 0 ? {} : { sort: order };
  const rows: unknown[] = [];
  for (let page = 1; ; page += 1) {
    // Each page is held to the shape of its rows, so that a row of another shape is told with its page.
    const reply = await client.request({ ...request, query: { pageSize: FETCH_SIZE, ...query, ...sent, page } });
    const value = z.parse(listOfAnything, reply.value);
    mustBePage(client, request.operation, page, value);
    rows.push(...value.data);
    if (!value.hasMore) break;
  }
  const sortedHere = sorts.length === 0 && typeof sort === "string";
  const data = sortedHere ? rowsSorted(rows, order) : rows;
  const value = { page: 1, pageSize: rows.length, hasMore: false, totalCount: rows.length, data };
  return { value, notices: sortedHere ? [`sorted here by ${order}: the API has no sort for this list`] : [] };
}

/** By a field as printed: numbers as numbers, instants as instants, the rest as text; rows without it last. */
function rowsSorted(rows: readonly unknown[], sort: string): unknown[] {
  const sign = sort.startsWith("-") ? -1 : 1;
  const wanted = sort.slice(1).toLowerCase();
  const fieldOf = (row: unknown): unknown => {
    if (typeof row !== "object" || row === null) return undefined;
    return Object.entries(row).find(([name]) => name.toLowerCase() === wanted)?.[1];
  };
  return [...rows].sort((a, b) => compared(fieldOf(a), fieldOf(b), sign));
}

function compared(a: unknown, b: unknown, sign: number): number {
  if (a === undefined || a === null) return b === undefined || b === null ? 0 : 1;
  if (b === undefined || b === null) return -1;
  if (typeof a === "number" && typeof b === "number") return sign * (a - b);
  const [left, right] = [printed(a), printed(b)];
  if (instantNanos(left) !== null && instantNanos(right) !== null) return sign * compareInstants(left, right);
  return sign * (left < right ? -1 : left > right ? 1 : 0);
}

function printed(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
