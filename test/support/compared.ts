import { emptyJob } from "#shared/domain/job.ts";
import type { ConnectionConfig, Policy } from "#shared/domain/policy.ts";
import type { Context } from "#shared/pipeline/context.ts";
import { companyOf, contextOf, systemClasses } from "./model-systems.ts";
import type { Placed } from "./money-view.ts";

/** Three systems beside one another, `s1` the reference: what comparing is tested on. */
export const now = "2026-11-02T08:00:00.000Z";
const classes = [systemClasses.readOnly, systemClasses.observed, systemClasses.observed];

export const empty = emptyJob("j");
export const s1: Placed = { connection: "s1" };
export const s2: Placed = { connection: "s2" };
export const s3: Placed = { connection: "s3" };

/** Their company under a policy, each connection with what is said of it by its id. */
export function contextWith(
  policy: Partial<Policy>,
  connections: Readonly<Record<string, Partial<ConnectionConfig>>> = {},
): Context {
  const company = companyOf(classes, policy);
  const changed = company.connections.map((one) => ({ ...one, ...connections[one.id] }));
  return contextOf({ ...company, connections: changed }, classes, now);
}
