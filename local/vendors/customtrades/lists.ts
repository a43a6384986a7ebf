import { createHash } from "node:crypto";
import { type JsonRecord, textOf } from "../kit/json.ts";
import type { Context, Reply } from "../kit/vendor.ts";
import { isDeleted } from "./fields.ts";
import { invalid, succeeded } from "./replies.ts";

/** Answers one page of `records` as `data.<name>` with `data.pagination`. */
export function pageOf(
  context: Context,
  name: string,
  records: JsonRecord[],
  print: (record: JsonRecord) => JsonRecord,
): Reply {
  const { query } = context.request;
  const page = readWhole(query, "page", 1);
  const asked = readWhole(query, "limit", 50);
  if (asked > 100 && context.dials.text("overLimit") === "refuse") invalid("limit must be at most 100");
  const limit = Math.min(asked, 100);
  const withDeleted = readFlag(query, "include_deleted");
  const matching = inOrder(context, records).filter((record) => withDeleted || !isDeleted(record));
  const from = (page - 1) * limit;
  const total = matching.length;
  return succeeded({
    [name]: matching.slice(from, from + limit).map(print),
    pagination: { page, limit, total, total_pages: Math.ceil(total / limit) },
  });
}

function readWhole(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  const value = Number(text);
  return text.trim() !== "" && Number.isInteger(value) && value >= 1
    ? value
    : invalid(`${name} must be a positive integer`);
}

function readFlag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name);
  if (text === null || text === "false") return false;
  return text === "true" ? true : invalid(`${name} must be true or false`);
}

/** The order of lists is not documented: a dial. Records of the same instant keep the order in which they came. */
function inOrder(context: Context, records: JsonRecord[]): JsonRecord[] {
  const order = context.dials.text("order");
  if (order === "unordered") return [...records].sort((a, b) => (hashOf(a) < hashOf(b) ? -1 : 1));
  const [field, direction] =
    order === "updated-desc" ? ["updated_at", -1] : ["created_at", order === "created-asc" ? 1 : -1];
  return [...records].sort((a, b) => Number(direction) * (instantOf(a, String(field)) - instantOf(b, String(field))));
}

function instantOf(record: JsonRecord, field: string): number {
  const at = Date.parse(textOf(record[field]));
  return Number.isNaN(at) ? 0 : at;
}

function hashOf(record: JsonRecord): string {
  return createHash("sha256").update(textOf(record["uuid"])).digest("hex");
}

/** Keeps records whose field equals the query parameter of the same name, for each name that was sent. */
export function byEqual(query: URLSearchParams, names: string[], records: JsonRecord[]): JsonRecord[] {
  return names.reduce((kept, name) => {
    const wanted = query.get(name);
    return wanted === null || wanted === "" ? kept : kept.filter((record) => record[name] === wanted);
  }, records);
}

/** Keeps records in which one of the fields contains the search term, whatever the case. */
export function bySearch(query: URLSearchParams, names: string[], records: JsonRecord[]): JsonRecord[] {
  const term = (query.get("search") ?? "").trim().toLowerCase();
  if (term === "") return records;
  return records.filter((record) => names.some((name) => textOf(record[name]).toLowerCase().includes(term)));
}
