import { companies, connectors } from "./company.ts";
import type { Message } from "./queue.ts";

/**
 * What comes once the day's work is at rest: every stream is swept, or swept while the crews' vendor does not answer
 * whole, or after rows were removed, or nobody works until the week begins.
 */
export type Ending = "sweep" | "sweep of short lists" | "removal" | "weekend";

/** Whether a message may be forgotten in this seed; a sweep must heal it. */
export const mayForget = (seed: number): boolean => seed % 3 === 0;

/** Without faults only time passes, so that what time alone changes is the same in both, and rows are removed as well. */
export function endingsOf(seed: number, faultless: boolean): readonly Ending[] {
  const overWeekend: readonly Ending[] = ["sweep of short lists", "weekend", "sweep of short lists"];
  if (seed % 3 === 1) return overWeekend.filter((ending) => ending === "weekend" || !faultless);
  if (seed % 3 === 2) return ["removal", "weekend", "sweep"];
  return mayForget(seed) && !faultless ? ["sweep"] : [];
}

/** The same minute in every run of a script: more than the half day between two sweeps after any that rests before it. */
export const weekendEndsAfter = 40 * 60;

export function sweepOrders(): readonly Message[] {
  return companies.flatMap((company) =>
    company.connections.flatMap(({ id, vendor }) =>
      Object.keys(connectors[vendor]?.streams ?? {}).map((stream): Message => {
        return { to: "sweep", body: { v: 1, company: company.id, connection: id, stream } };
      }),
    ),
  );
}
