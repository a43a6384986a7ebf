import type { DialSheet } from "../kit/dials.ts";

/** What ServiceTitan's documents leave open, or what a test wants to turn. */
export const dials: DialSheet = {
  refusalBodies: {
    default: "problem",
    values: ["problem", "empty", "text"],
    from: "assumed",
    about: "What 401 and 403 carry: the usual error body, nothing, or the sentence alone. No document shows either.",
  },
  unsortedOrder: {
    default: "id",
    values: ["id", "newest", "unordered"],
    from: "assumed",
    about: "Order of a list that is asked without a sort: by id, the highest id first, or none that means anything.",
  },
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
  externalDataSearched: {
    default: "all",
    values: ["all", "shown"],
    from: "assumed",
    about:
      "Whether externalDataKey and externalDataValues search the pairs of every application, or those that the same request is shown.",
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
  itemTax: {
    default: "kept",
    values: ["kept", "by-rate"],
    from: "assumed",
    about: "Whether a write of an item leaves salesTax, or salesTax follows the subtotal at the rate that it had.",
  },
  splitsAboveTotal: {
    default: "refuse",
    values: ["refuse", "take"],
    from: "assumed",
    about: "Splits above a payment's total: 400, or taken with a negative unappliedAmount.",
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
  visitMovesJob: {
    default: false,
    from: "assumed",
    about: "Whether the hold of a job's only open appointment, and its release, moves the job's status with it.",
  },
  assignedAgain: {
    default: "skip",
    values: ["skip", "refuse"],
    from: "assumed",
    about: "Assigning a technician who is already on the appointment: passed over, or 409.",
  },
  deletableStatuses: {
    default: ["Scheduled", "Hold"],
    from: "assumed",
    about: "The states in which an appointment can be deleted; in the others it is 409.",
  },
  lastVisitDeletable: {
    default: false,
    from: "assumed",
    about: "Whether a job's only appointment can be deleted.",
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
