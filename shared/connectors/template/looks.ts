import type { LookOf } from "../connector.ts";

/** How each write is found again; the words for it stand in its row. */
export const looks: Readonly<Record<string, LookOf>> = {
  updateJob: ({ id, ...sent }) => ({
    read: "getJob",
    input: { id },
    rows: "job",
    wants: [{ shows: sent }],
    expect: "there",
  }),
};
