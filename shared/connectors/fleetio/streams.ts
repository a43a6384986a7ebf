import type { StreamSpec } from "../connector.ts";

export const STREAM = "service-entries";

export const streams: Readonly<Record<string, StreamSpec>> = {
  [STREAM]: {
    name: STREAM,
    role: "root",
    everyMinutes: 10,
    incremental: "changed",
    byId: 1,
    // The printed record has no updated_at; it is taken as the version where it is there, and not demanded.
    versioned: false,
    absence: "by-id",
    overlapMinutes: 10,
  },
};
