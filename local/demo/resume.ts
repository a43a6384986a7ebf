import { existsSync } from "node:fs";
import { join } from "node:path";
import { connectors } from "#shared/connectors/registry.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import { scheduleOf } from "#shared/pipeline/schedules.ts";
import type { CellStore } from "#shared/store/open.ts";

/** In the simulators' folder once the demo company's records are all in them. */
export const filledMarker = "filled";

export function wasFilled(vendorsDir: string): boolean {
  return existsSync(join(vendorsDir, filledMarker));
}

/**
 * A local queue forgets what it held when its process is killed, as SQS would not. So a stack that goes on where
 * another one ended sweeps every stream at its first tick, and does not wait for the night to find what was forgotten.
 */
export async function sweepAtOnce(cell: CellStore, company: CompanyConfig, now: string): Promise<void> {
  const streamsOf = (vendor: string) => connectors[vendor]?.streams ?? {};
  for (const item of scheduleOf(company, streamsOf, now))
    if (item.kind === "sweep") await cell.due.schedule({ ...item, dueAt: now });
}
