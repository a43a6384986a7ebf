import { type Context, defineVendor, type OpenContext, type Reply, type Route } from "../kit/vendor.ts";
import { getCustomer, listCustomers, upsertCustomer } from "./customers.ts";
import { rotorDials } from "./dials.ts";
import { listLeads, upsertLead } from "./leads.ts";
import { listPins, listServicePlans } from "./plans-and-pins.ts";
import {
  authenticationRequired,
  limitExceeded,
  notFound,
  scopeMissing,
  serverError,
  validationFailed,
} from "./replies.ts";
import { listServicedJobs } from "./serviced-jobs.ts";

/** The scope a call needs; Rotor's reference names some scopes and not which call needs which, so this table is assumed. */
const scopes: Record<string, string> = {
  listServicedJobs: "jobs:read",
  listCustomers: "customers:read",
  getCustomer: "customers:read",
  upsertCustomer: "customers:write",
  listLeads: "leads:read",
  upsertLead: "leads:write",
  listServicePlans: "service_plans:read",
  listPins: "pins:read",
};

export const vendor = defineVendor({
  id: "rotor",
  base: "/open-api",
  collections: {
    jobs: { key: "id", created: "created_at" },
    customers: { key: "id", created: "created_at" },
    leads: { key: "id", created: "created_at" },
    servicePlans: { key: "id", created: "created_at" },
    pins: { key: "id", created: "created_at" },
  },
  dials: rotorDials,
  authenticate,
  admit,
  routes: [
    { method: "GET", path: "/auth/test", operation: "testAuthentication", handle: testAuthentication },
    { method: "GET", path: "/serviced-jobs", operation: "listServicedJobs", handle: listServicedJobs },
    { method: "GET", path: "/customers", operation: "listCustomers", handle: listCustomers },
    { method: "GET", path: "/customers/{id}", operation: "getCustomer", handle: getCustomer },
    { method: "POST", path: "/customers", operation: "upsertCustomer", handle: upsertCustomer },
    { method: "GET", path: "/leads", operation: "listLeads", handle: listLeads },
    { method: "POST", path: "/leads", operation: "upsertLead", handle: upsertLead },
    { method: "GET", path: "/service-plans", operation: "listServicePlans", handle: listServicePlans },
    { method: "GET", path: "/pins", operation: "listPins", handle: listPins },
  ],
  replies: {
    notFound: () => notFound,
    badBody: () => validationFailed([{ field: "body", message: "must be JSON" }]),
    serverError: () => serverError,
  },
});

function authenticate({ request, accounts }: OpenContext) {
  const key = request.headers["x-api-key"];
  const account = [...accounts.values()].find(({ credentials }) => key !== undefined && credentials["apiKey"] === key);
  return account ? { account } : { reply: authenticationRequired };
}

/** Limit, version header and scope, in this order; every authenticated request counts against the day. */
function admit(context: Context, route: Route | undefined): Reply | undefined {
  const { dials, request } = context;
  const limit = dials.number("dailyLimit");
  if (context.meter("requests", dayOf(context.now, dials.number("dayResetHour"))) > limit) return limitExceeded(limit);
  const version = request.headers["rotor-api-version"];
  const wrongVersion = version === undefined ? dials.text("versionHeader") === "required" : version !== "1.1.0";
  if (wrongVersion) return validationFailed([{ field: "rotor-api-version", message: "must be 1.1.0" }]);
  const scope = scopes[route?.operation ?? ""];
  return scope === undefined || scopesOf(context).includes(scope) ? undefined : scopeMissing(scope);
}

/** The limit's day of an instant: it starts at the given UTC hour. */
function dayOf(now: string, resetHour: number): string {
  return new Date(Date.parse(now) - resetHour * 3_600_000).toISOString().slice(0, 10);
}

/** The account's setting `scopes`, or all of them. */
function scopesOf({ account }: Context): string[] {
  const granted = account.settings["scopes"];
  return Array.isArray(granted) ? granted.map(String) : [...new Set(Object.values(scopes))];
}

function testAuthentication(context: Context): Reply {
  return {
    status: 200,
    body: {
      status: "success",
      message: "Authentication successful",
      authenticated: true,
      company_id: context.account.settings["companyId"] ?? context.account.id,
      user_id: null,
      auth_method: "api_key",
      scopes: scopesOf(context),
      timestamp: context.now,
    },
  };
}
