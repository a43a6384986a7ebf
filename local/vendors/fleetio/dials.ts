import type { DialSheet } from "../kit/dials.ts";

/** What Fleetio's documents leave open, or what a test wants to turn. */
export const dials: DialSheet = {
  topLevelTimes: {
    default: true,
    from: "assumed",
    about: "Records carry created_at and updated_at at the top level; the reference page leaves them out.",
  },
  keyVersion: {
    default: "2023-03-01",
    from: "simulator",
    about: "The API version of a request without X-Api-Version, unless the account's setting apiVersion names one.",
  },
  twoBounds: {
    default: false,
    from: "assumed",
    about:
      "Two operators on one filter field are taken together; the reference's form is one, and two are refused with 400.",
  },
  meterNeeded: {
    default: "to-complete",
    values: ["always", "to-complete", "when-missing"],
    from: "assumed",
    about:
      "Which PATCH needs meter_entry_attributes.value: every one, one that completes, or only where the entry has no value.",
  },
  writeReplies: {
    default: "record",
    values: ["record", "empty"],
    from: "documented",
    about: "Whether writes answer the record or 204 without a body.",
  },
  requestsPerMinute: {
    default: null,
    from: "documented",
    about:
      "Requests per account token in one minute of the vendor's clock; null for no limit. Plans differ: 20 and 50 were seen.",
  },
  deniedOperations: {
    default: [],
    from: "simulator",
    about: "Operations this key may not call: 403 with an empty body.",
  },
  debounceMs: { default: 60_000, from: "documented", about: "How long updates of one entry are held back and merged." },
  webhookDelayMs: { default: 0, from: "simulator", about: "Further delay of every event: webhooks may be late." },
  disableAfterFailures: {
    default: 3,
    from: "documented",
    about: "Consecutive failures after which a webhook is switched off; 0 never switches it off.",
  },
};
