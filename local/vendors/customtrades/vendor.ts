import { type Context, defineVendor, type OpenContext, type Reply } from "../kit/vendor.ts";
import { customers } from "./customers.ts";
import { customtradesDials } from "./dials.ts";
import { invoices, previewInvoice } from "./invoices.ts";
import { jobs } from "./jobs.ts";
import { payments, recalculateInvoices } from "./payments.ts";
import { failed, succeeded } from "./replies.ts";
import { routesOf } from "./resource.ts";

const sheet = { key: "uuid", created: "created_at", modified: "updated_at", softDelete: "deleted_at" };

export const vendor = defineVendor({
  id: "customtrades",
  base: "/api/v1",
  collections: {
    jobs: sheet,
    invoices: sheet,
    payments: sheet,
    customers: sheet,
    locations: sheet,
    users: { key: "uuid", created: "created_at", modified: "updated_at" },
  },
  dials: customtradesDials,
  authenticate,
  admit,
  headers: (context) => (context.dials.flag("addOn") ? usageHeaders(context) : {}),
  routes: [
    ...routesOf(jobs),
    previewInvoice,
    ...routesOf(invoices),
    ...routesOf(payments),
    ...routesOf(customers),
    { method: "GET", path: "/companies/me", operation: "getCompany", handle: getCompany },
  ],
  onChange: (change, store, how) => recalculateInvoices(change, store, how),
  replies: {
    notFound: () => failed(404, "Not found"),
    badBody: () => failed(400, "Invalid JSON"),
    serverError: () => failed(500, "Internal server error"),
  },
});

/** `Authorization: Bearer KEY`, or `X-API-Key: KEY`. */
function authenticate({ request, accounts }: OpenContext) {
  const bearer = /^Bearer (.+)$/.exec(request.headers["authorization"] ?? "")?.[1];
  const key = bearer ?? request.headers["x-api-key"];
  const account = [...accounts.values()].find(({ credentials }) => key !== undefined && credentials["apiKey"] === key);
  return account ? { account } : { reply: failed(401, "Invalid API key") };
}

/** Three reasons for one 403. Without the add-on there are no usage headers; otherwise they say whether the limit is passed. */
function admit(context: Context): Reply | undefined {
  const { dials } = context;
  if (!dials.flag("addOn")) return forbidden(context, "Developer API add-on required");
  const count = context.meter("requests", monthOf(context.now));
  if (!dials.flag("ipAllowed")) return forbidden(context, "IP address not allowed");
  return count > dials.number("monthlyLimit") ? forbidden(context, "Usage limit exceeded") : undefined;
}

function forbidden({ dials }: Context, reason: string): Reply {
  return failed(403, dials.text("forbiddenText") === "same" ? "Forbidden" : reason);
}

/** All requests of a company share one pool; it begins anew on the first of the month, UTC. */
function usageHeaders(context: Context): Record<string, string> {
  const month = monthOf(context.now);
  const resets = new Date(`${month}-01T00:00:00.000Z`);
  resets.setUTCMonth(resets.getUTCMonth() + 1);
  return {
    "X-Usage-Count": String(context.meter("requests", month, 0)),
    "X-Usage-Limit": String(context.dials.number("monthlyLimit")),
    "X-Usage-Resets": resets.toISOString(),
  };
}

function monthOf(now: string): string {
  return now.slice(0, 7);
}

function getCompany({ account }: Context): Reply {
  return succeeded(account.settings["company"] ?? { uuid: account.id, name: account.id });
}
