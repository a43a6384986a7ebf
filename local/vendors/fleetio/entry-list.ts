import type { JsonRecord } from "../kit/json.ts";
import { isRecord, parseJson } from "../kit/json.ts";
import type { Context, Reply } from "../kit/vendor.ts";
import { type Asked, askedOf, comparePlaces, passes, placeOf } from "./filters.ts";
import { badParameter, printedEntry } from "./replies.ts";
import { zoneOf } from "./zone.ts";

/** Counting what remains stops here. */
const MOST_COUNTED = 500;
const KEYSET_SINCE = "2024-01-01";

/** The version of the API this request gets: its header's, else the one that was current when the key was made. */
export function versionOf({ request, account, dials }: Context): string {
  const setting = account.settings["apiVersion"];
  return request.headers["x-api-version"] ?? (typeof setting === "string" ? setting : dials.text("keyVersion"));
}

/** GET /v2/service_entries: keyset pages, or pages by number with an API version before 2024-01-01. */
export function listEntries(context: Context): Reply {
  const { query } = context.request;
  const perPage = Number(query.get("per_page") ?? 50);
  if (!Number.isInteger(perPage) || perPage < 2 || perPage > 100) {
    return badParameter("per_page", "must be between 2 and 100");
  }
  const timeZone = zoneOf(context.account);
  const asked = askedOf(query, { timeZone, twoBounds: context.dials.flag("twoBounds") });
  if ("parameter" in asked) return badParameter(asked.parameter, asked.sentence);
  const rows = context.store
    .seen("serviceEntries", context.dials.number("readLagMs"))
    .filter((record) => passes(record, asked, timeZone))
    .map((record) => ({ record, place: placeOf(record, asked, timeZone) }))
    .sort((one, other) => comparePlaces(one.place, other.place));
  const show = (record: JsonRecord) => printedEntry(record, context.dials.flag("topLevelTimes"));
  return versionOf(context) < KEYSET_SINCE
    ? numberedPage(query, rows, perPage, show)
    : keysetPage(query, rows, perPage, show, asked);
}

type Row = { record: JsonRecord; place: number[] };
type Show = (record: JsonRecord) => JsonRecord;

function keysetPage(query: URLSearchParams, rows: Row[], perPage: number, show: Show, asked: Asked): Reply {
  const cursor = query.get("start_cursor");
  const after = cursor === null || cursor === "" ? null : readCursor(cursor, asked);
  if (after === undefined) return badParameter("start_cursor", "is not a cursor of this list");
  const remaining = after === null ? rows : rows.filter(({ place }) => comparePlaces(place, after) > 0);
  const page = remaining.slice(0, perPage);
  const last = page.at(-1);
  return {
    status: 200,
    body: {
      start_cursor: after === null ? null : cursor,
      next_cursor: last && remaining.length > perPage ? writeCursor(last.place, asked) : null,
      per_page: perPage,
      estimated_remaining_count: Math.min(remaining.length, MOST_COUNTED),
      filtered_by: asked.filters.map(({ field, operator, value }) => ({ [field]: { [operator]: value } })),
      sorted_by: asked.sorts.map(({ field, direction }) => ({ [field]: direction })),
      records: page.map(({ record }) => show(record)),
    },
  };
}

const sortWords = ({ sorts }: Asked): string => sorts.map(({ field, direction }) => `${field} ${direction}`).join(",");

/** A cursor names a place in one order, not a page: records that move behind it come again, none is left out going up. */
function writeCursor(place: number[], asked: Asked): string {
  return Buffer.from(JSON.stringify({ place, sort: sortWords(asked) })).toString("base64url");
}

function readCursor(cursor: string, asked: Asked): number[] | undefined {
  const content = parseJson(Buffer.from(cursor, "base64url").toString("utf8"));
  if (!isRecord(content) || content["sort"] !== sortWords(asked) || !Array.isArray(content["place"])) return undefined;
  return content["place"].map(Number);
}

function numberedPage(query: URLSearchParams, rows: Row[], perPage: number, show: Show): Reply {
  const page = Math.max(1, Math.trunc(Number(query.get("page") ?? 1)) || 1);
  const records = rows.slice((page - 1) * perPage, page * perPage).map(({ record }) => show(record));
  return {
    status: 200,
    body: records,
    headers: {
      "x-pagination-current-page": String(page),
      "x-pagination-limit": String(perPage),
      "x-pagination-total-count": String(rows.length),
      "x-pagination-total-pages": String(Math.ceil(rows.length / perPage)),
    },
  };
}
