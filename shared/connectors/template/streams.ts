import type { StreamSpec } from "../connector.ts";

/** What the vendor yields, and how each kind of record is asked for. */
export const streams = {
  jobs: {
    name: "jobs",
    role: "root",
    everyMinutes: 10,
    incremental: "changed",
    byId: 1,
    versioned: true,
    absence: "by-id",
    overlapMinutes: 10,
  },
} as const satisfies Record<string, StreamSpec>;
