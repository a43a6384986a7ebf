import { isRecord } from "../kit/json.ts";
import { openStore } from "../kit/store.ts";
import { type CollectionSheet, defineVendor, type OpenRoute, type Route } from "../kit/vendor.ts";
import { admit, authenticate, tokenRoute } from "./access.ts";
import { invoiceRoutes } from "./accounting-invoices.ts";
import { paymentRoutes } from "./accounting-payments.ts";
import { onChange } from "./consequences.ts";
import { bookingRoutes } from "./crm-bookings.ts";
import { contactRoutes } from "./crm-contacts.ts";
import { customerRoutes } from "./crm-customers.ts";
import { dials } from "./dials.ts";
import { dispatchRoutes } from "./dispatch.ts";
import { DELETED } from "./endpoints.ts";
import { equipmentRoutes } from "./equipment.ts";
import { exportRoutes, feedOnly } from "./export-feeds.ts";
import { printedInstant } from "./instants.ts";
import { appointmentRoutes } from "./jpm-appointments.ts";
import { jobRoutes } from "./jpm-jobs.ts";
import { projectRoutes } from "./jpm-projects.ts";
import { problem, refused } from "./problems.ts";
import { settingsRoutes } from "./settings.ts";
import { webhookRules } from "./webhook-rules.ts";

const usual: CollectionSheet = { key: "id", created: "createdOn", modified: "modifiedOn", softDelete: DELETED };

const names = [
  "customers",
  "contacts",
  "locations",
  "technicians",
  "businessUnits",
  "jobCancelReasons",
  "jobs",
  "appointments",
  "assignments",
  "invoices",
  "payments",
  "bookings",
  "creditMemos",
  "projects",
  "installedEquipment",
  "equipmentFiles",
  ...feedOnly,
];

const collections: Record<string, CollectionSheet> = {
  ...Object.fromEntries(names.map((name) => [name, usual])),
  userRoles: { key: "id", created: "createdOn" },
};

/**
 * A write that the dial `silentNoOps` names runs against a store that nobody keeps: it is checked and answered as if
 * done, and nothing changes.
 */
function withSilentNoOps(route: Route): Route {
  if (route.method === "GET") return route;
  return {
    ...route,
    handle: (context) => {
      const named = context.dials.value("silentNoOps");
      const id = context.request.params["id"];
      const silent = (Array.isArray(named) ? named.filter(isRecord) : []).some(
        (one) => one["operation"] === route.operation && (one["id"] === undefined || String(one["id"]) === id),
      );
      if (!silent) return route.handle(context);
      const unkept = openStore(vendor, context.account, { now: context.now, seed: context.seed, seq: 0 });
      return route.handle({ ...context, store: unkept });
    },
  };
}

const routes: (Route | OpenRoute)[] = [
  tokenRoute,
  ...[
    ...exportRoutes,
    ...jobRoutes,
    ...appointmentRoutes,
    ...projectRoutes,
    ...dispatchRoutes,
    ...contactRoutes,
    ...customerRoutes,
    ...bookingRoutes,
    ...invoiceRoutes,
    ...paymentRoutes,
    ...settingsRoutes,
    ...equipmentRoutes,
  ].map(withSilentNoOps),
];

/** ServiceTitan, as its documents and live findings describe it. */
export const vendor = defineVendor({
  id: "servicetitan",
  base: "",
  collections,
  dials,
  routes,
  authenticate,
  admit,
  onChange,
  webhooks: webhookRules,
  stamp: printedInstant,
  replies: {
    notFound: ({ path }) => problem(404, `No resource at ${path}.`),
    badBody: () => refused("The request cannot be processed, check validation errors or request format"),
    serverError: (message) => problem(500, message),
  },
});
