import type { StreamSpec } from "../connector.ts";

/** No modified time, no filter by it and no sort in Rotor's reference: every read lists all. */
export const streams = {
  "serviced-jobs": {
    name: "serviced-jobs",
    role: "root",
    everyMinutes: 60,
    incremental: "full",
    byId: 0,
    versioned: false,
    absence: "lists-only",
    overlapMinutes: 0,
  },
  customers: {
    name: "customers",
    role: "person",
    everyMinutes: 720,
    incremental: "full",
    byId: 1,
    versioned: false,
    absence: "by-id",
    overlapMinutes: 0,
  },
} as const satisfies Record<string, StreamSpec>;
