import type { DialSheet } from "../kit/dials.ts";

/** What ServiceTitan's documents leave open, or what a test wants to turn. */
export const dials: DialSheet = {
  rowsPerPage: {
    default: null,
    from: "assumed",
    about:
      "The server gives at most so many rows a page, whatever pageSize says, and hasMore stays true. Null: as asked.",
  },
  inactiveFirst: {
    default: true,
    from: "documented",
    about: "An unsorted list with active=Any shows the inactive records first (seen on a large pricebook).",
  },
  customersModifiedAfter: {
    default: true,
    from: "documented",
    about:
      "The customers list's modifiedOnOrAfter leaves out the instant itself: its own words are 'modified after', as of no other list.",
  },
  externalDataWithoutGuid: {
    default: true,
    from: "assumed",
    about: "Pairs stored without an application's guid are shown to a reader that names no guid either.",
  },
  adjustmentBalance: {
    default: "on-original",
    values: ["on-original", "separate"],
    from: "assumed",
    about: "Whether the original's balance holds its adjustments, or each invoice shows its own.",
  },
  paymentMovesInvoice: {
    default: false,
    from: "assumed",
    about: "Whether applying a payment or a credit memo moves the invoice's modifiedOn.",
  },
  adjustmentMovesInvoice: {
    default: false,
    from: "assumed",
    about: "Whether an adjustment moves the original's modifiedOn.",
  },
  editedBalances: {
    default: "worked-out",
    values: ["worked-out", "as-stated"],
    from: "simulator",
    about: "Whether planted edits of payments and invoices move balances by themselves, as people's work does.",
  },
  exportedLocked: {
    default: true,
    from: "documented",
    about:
      "Exported invoices and payments refuse changes with 400 (a rule of the office; the API's answer is assumed).",
  },
  adjustsPendingJobs: {
    default: false,
    from: "documented",
    about: "Whether the invoice of a job that is neither completed nor canceled can be adjusted.",
  },
  cancelHidesInvoice: {
    default: true,
    from: "documented",
    about: "Canceling a job makes its invoice inactive unless it is exported.",
  },
  createPaymentWorks: {
    default: false,
    from: "documented",
    about: "The removed POST /payments works again, as in 2022.",
  },
  createPaymentStatus: { default: 404, from: "assumed", about: "What the removed POST /payments answers." },
  olderJobRoutes: {
    default: false,
    from: "assumed",
    about:
      "PUT /jobs/{id}/hold and /complete stand in older copies of the documents and not in the newest: 404 unless set.",
  },
  silentNoOps: {
    default: [],
    from: "documented",
    about: "Writes that answer as if done and change nothing: [{operation, id?}], the id being the one in the path.",
  },
  requestsPerSecond: {
    default: 60,
    from: "documented",
    about: "Requests per second and tenant, while the clock is real.",
  },
  tooManyRequests: {
    default: "header",
    values: ["header", "text"],
    from: "assumed",
    about: "Whether a 429 carries Retry-After or says the seconds only in its title.",
  },
  deniedResources: {
    default: [],
    from: "documented",
    about: "Resources without scope, e.g. accounting/payments: 403 'Scope validation failed'.",
  },
  exportPageSize: { default: 500, from: "assumed", about: "Records a page of an export feed." },
  exportLagSeconds: {
    default: 300,
    from: "assumed",
    about: "How far a feed stays behind now unless includeRecentChanges=true asks for what may come again.",
  },
  webhookRetries: {
    default: true,
    from: "documented",
    about: "An event that is not taken is sent again after 10, 30, 60 and 300 s, and then lost; else lost at once.",
  },
  bookingExternalIdUnique: {
    default: false,
    from: "assumed",
    about: "Whether a provider's second booking with the same externalId is refused with 409.",
  },
};
