import type { JsonRecord } from "../kit/json.ts";
import { type Context, Refusal, type Reply, type Route } from "../kit/vendor.ts";
import { DELETED, type Module, pathOf, printed } from "./endpoints.ts";
import { laterBy, sortableInstant } from "./instants.ts";
import { itemsOf } from "./invoice.ts";
import { invalid } from "./problems.ts";

/** Feed by feed: module, path below `/export`, and where its records stand. */
const FEEDS: readonly (readonly [Module, string, string])[] = [
  ["jpm", "jobs", "jobs"],
  ["accounting", "invoices", "invoices"],
  ["accounting", "payments", "payments"],
  ["jpm", "appointments", "appointments"],
  ["accounting", "invoice-items", "invoices"],
  ["jpm", "projects", "projects"],
  ["jpm", "job-notes", "jobNotes"],
  ["jpm", "project-notes", "projectNotes"],
  ["jpm", "job-canceled-logs", "canceledLogs"],
  ["jpm", "job-history", "jobHistory"],
  ["accounting", "inventory-bills", "inventoryBills"],
  ["crm", "customers", "customers"],
  ["crm", "customers/contacts", "contacts"],
  ["crm", "locations", "locations"],
  ["crm", "locations/contacts", "locationContacts"],
  ["crm", "leads", "leads"],
  ["crm", "bookings", "bookings"],
  ["dispatch", "appointment-assignments", "assignments"],
  ["equipmentsystems", "installed-equipment", "installedEquipment"],
  ["settings", "employees", "employees"],
  ["settings", "technicians", "technicians"],
  ["settings", "business-units", "businessUnits"],
  ["settings", "tag-types", "tagTypes"],
];

/** A place in a feed: after this change time and id. */
type Place = string;

const START: Place = "";

const placeOf = (record: JsonRecord): Place =>
  `${sortableInstant(record["modifiedOn"] ?? record["createdOn"]) ?? ""}|${String(record["id"]).padStart(20, "0")}`;

function placeAfter(text: string | null): Place {
  if (text === null || text === "") return START;
  const plain = Buffer.from(text, "base64url").toString("utf8");
  if (plain.startsWith("place:")) return plain.slice("place:".length);
  const date = sortableInstant(text);
  if (date === null) throw new Refusal(invalid({ from: [`The value '${text}' is not valid for from.`] }));
  return date;
}

const tokenOf = (place: Place): string => Buffer.from(`place:${place}`).toString("base64url");

/** Every record, active, inactive or deleted, each with `active`; items of invoices come one by one. */
function shown(record: JsonRecord, path: string, context: Context): JsonRecord[] {
  const active = record["active"] !== false && record[DELETED] === undefined;
  if (path !== "invoice-items") return [{ ...printed(record, context), active }];
  return itemsOf(record).map((item) => ({ ...item, invoiceId: record["id"] ?? null, active }));
}

/**
 * One page of a feed. `continueFrom` is given even at the end. With `includeRecentChanges` the newest records come too,
 * but the last page's token stays behind them, so they come again: duplicates by design.
 */
function feedPage(path: string, collection: string, context: Context): Reply {
  const { query } = context.request;
  const from = placeAfter(query.get("from"));
  const settled = laterBy(context.now, -context.dials.number("exportLagSeconds"));
  const recent = query.get("includeRecentChanges")?.toLowerCase() === "true";
  const size = context.dials.number("exportPageSize");
  const due = context.store
    .seen(collection, context.dials.number("readLagMs"))
    .map((record) => ({ record, place: placeOf(record) }))
    .filter(({ place }) => place > from && (recent || place.slice(0, settled.length) <= settled))
    .sort((a, b) => (a.place < b.place ? -1 : 1));
  const page = due.slice(0, size);
  const hasMore = due.length > size;
  const reached = hasMore ? page : page.filter(({ place }) => place.slice(0, settled.length) <= settled);
  return {
    status: 200,
    body: {
      hasMore,
      continueFrom: tokenOf(reached.at(-1)?.place ?? from),
      data: page.flatMap(({ record }) => shown(record, path, context)),
    },
  };
}

export const exportRoutes: Route[] = FEEDS.map(([module, path, collection]) => ({
  method: "GET",
  path: pathOf(module, `/export/${path}`),
  operation: `export ${path}`,
  handle: (context) => feedPage(path, collection, context),
}));

/** Collections that only feeds show. */
export const feedOnly = FEEDS.map(([, , collection]) => collection);
