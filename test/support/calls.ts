import type { Neighbour } from "#shared/pipeline/link.ts";

/** Where the calls of one customer and day stand. */
export const daySet = "day:dana:2026-11-02";

/** What one record says there, Ana's leak without an amount unless said otherwise: `s1/10` is job 10 of system s1. */
export function call(name: string, more: Readonly<Record<string, unknown>> = {}, set: string = daySet): Neighbour {
  const [connection = "", id = ""] = name.split("/");
  const data = { connection, crew: ["ana"], title: "Leak", charge: null, ...more };
  return { set, member: `${connection}/jobs/${id}`, data };
}
