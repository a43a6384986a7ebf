import type { DialSheet } from "../kit/dials.ts";

export const customtradesDials: DialSheet = {
  monthlyLimit: {
    default: 50_000,
    from: "documented",
    about: "Requests a calendar month (UTC); one more is answered 403.",
  },
  addOn: {
    default: true,
    from: "documented",
    about: "Whether the company has the Developer API add-on; without it all is 403.",
  },
  ipAllowed: {
    default: true,
    from: "documented",
    about: "Whether the caller's address is allowed for the key; else all is 403.",
  },
  forbiddenText: {
    default: "same",
    values: ["same", "spoken"],
    from: "assumed",
    about: "Whether the three kinds of 403 have one text, so that only the usage headers tell them apart, or one each.",
  },
  order: {
    default: "created-desc",
    values: ["created-desc", "created-asc", "updated-desc", "unordered"],
    from: "assumed",
    about: "Order of every list.",
  },
  overLimit: {
    default: "clamp",
    values: ["clamp", "refuse"],
    from: "assumed",
    about: "A limit over 100: 100 are given, or 400.",
  },
  recordShape: {
    default: "bare",
    values: ["bare", "named"],
    from: "assumed",
    about:
      "Replies of get, create, update and delete: data is the record, or data.job (invoice, payment, customer) is.",
  },
  jobListShape: {
    default: "full",
    values: ["full", "customer-object-only", "sample"],
    from: "assumed",
    about: "Jobs in lists: all attributes and the customer; without customer_uuid; or only what the sample shows.",
  },
  deletedByGet: {
    default: "404",
    values: ["404", "shown"],
    from: "assumed",
    about: "Reading a soft-deleted record by its uuid.",
  },
  recalculate: {
    default: "writes",
    values: ["writes", "always", "never"],
    from: "assumed",
    about:
      "When payments move an invoice's paid and balance amounts and its status: API writes only, planted edits too, never.",
  },
  newPaymentStatus: {
    default: "Completed",
    values: ["Pending", "Completed"],
    from: "assumed",
    about: "Status of a payment that is created without one.",
  },
  stampsByPut: {
    default: "ignore",
    values: ["ignore", "take", "refuse"],
    from: "assumed",
    about: "started_at, completed_at, invoiced_at and paid_at in an update of a job.",
  },
  statusSetsStamps: {
    default: false,
    from: "assumed",
    about: "Whether a new job status sets the time stamp that goes with it.",
  },
};
