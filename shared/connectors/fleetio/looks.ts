import { addHours } from "#shared/domain/time.ts";
import type { LookOf } from "../connector.ts";

/** How each write is found again; the words for it stand in its row. */
export const looks: Readonly<Record<string, LookOf>> = {
  /** Without a reference, by what was made lately for that vehicle; clocks may be apart. */
  createServiceEntry: ({ reference, vehicle_id, completed_at }, at) => ({
    read: "listServiceEntries",
    input: {
      per_page: 100,
      filter: reference === undefined ? { created_at: { gte: addHours(at, -1) } } : { reference: { eq: reference } },
    },
    rows: "records",
    wants: [
      {
        of: {
          completed_at,
          ...(reference === undefined ? {} : { reference }),
          ...(vehicle_id === undefined ? {} : { vehicle_id }),
        },
      },
    ],
    expect: "new",
  }),
  updateServiceEntry: ({ id, ...sent }) => ({
    read: "getServiceEntry",
    input: { id },
    rows: "",
    wants: [{ shows: sent }],
    expect: "there",
  }),
};
