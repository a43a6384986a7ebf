import { type Context, defineVendor, type OpenContext, type Reply, type Route } from "../kit/vendor.ts";
import type { Account } from "../kit/world.ts";
import { dials } from "./dials.ts";
import { listEntries, versionOf } from "./entry-list.ts";
import { createEntry, deleteEntry, updateEntry } from "./entry-writes.ts";
import { badParameter, notFound, printedEntry, problem } from "./replies.ts";
import { webhookRoutes } from "./webhook-routes.ts";
import { onChange, webhookRules } from "./webhook-rules.ts";
import { localTime, zoneOf } from "./zone.ts";

/** `Authorization: Token <api key>` and `Account-Token`; both must be of one account. */
function authenticate({ request, accounts }: OpenContext): { account: Account } | { reply: Reply } {
  const key = /^Token (.+)$/.exec(request.headers["authorization"] ?? "")?.[1];
  const account = [...accounts.values()].find(
    ({ credentials }) =>
      credentials["apiKey"] === key && credentials["accountToken"] === request.headers["account-token"],
  );
  return account ? { account } : { reply: problem(401, "Unauthorized", "HTTP Token: Access denied.", request.path) };
}

/** Permission, then a version that can be read, then the limit of the clock minute. */
function admit(context: Context, route: Route | undefined): Reply | undefined {
  const denied = context.dials.value("deniedOperations");
  if (route && Array.isArray(denied) && denied.includes(route.operation)) return { status: 403 };
  if (!/^\d{4}-\d{2}-\d{2}$/.test(versionOf(context))) return badParameter("X-Api-Version", "is not a known version");
  const limit = context.dials.value("requestsPerMinute");
  if (typeof limit !== "number" || context.meter("requests", context.now.slice(0, 16)) <= limit) return undefined;
  const wait = 60 - new Date(context.now).getUTCSeconds();
  return {
    status: 429,
    body: { error: "Too many requests detected from your account token. Please wait and try again later." },
    headers: { "retry-after": String(wait) },
  };
}

function getEntry(context: Context): Reply {
  const { request, dials } = context;
  const entries = context.store.seen("serviceEntries", dials.number("readLagMs"));
  const record = entries.find((entry) => String(entry["id"]) === request.params["id"]);
  return record ? { status: 200, body: printedEntry(record, dials.flag("topLevelTimes")) } : notFound(request.path);
}

const entries = "/v2/service_entries";

/** Fleetio: service entries, and webhooks about them. */
export const vendor = defineVendor({
  id: "fleetio",
  base: "/api",
  collections: {
    serviceEntries: { key: "id", created: "created_at", modified: "updated_at" },
    vehicles: { key: "id", created: "created_at", modified: "updated_at" },
    vendors: { key: "id", created: "created_at", modified: "updated_at" },
    imports: { key: "id" },
    webhookDetails: { key: "id" },
  },
  dials,
  routes: [
    { method: "GET", path: entries, operation: "listServiceEntries", handle: listEntries },
    { method: "POST", path: entries, operation: "createServiceEntry", handle: createEntry },
    { method: "GET", path: `${entries}/{id}`, operation: "getServiceEntry", handle: getEntry },
    { method: "PATCH", path: `${entries}/{id}`, operation: "updateServiceEntry", handle: updateEntry },
    { method: "DELETE", path: `${entries}/{id}`, operation: "deleteServiceEntry", handle: deleteEntry },
    ...webhookRoutes,
  ],
  authenticate,
  admit,
  onChange,
  webhooks: webhookRules,
  stamp: (iso, _sequence, account) => localTime(iso, zoneOf(account)),
  replies: {
    notFound: ({ path }) => notFound(path),
    badBody: () => badParameter("body", "is not valid JSON"),
    serverError: (message) => problem(500, "Internal Server Error", message),
  },
});
