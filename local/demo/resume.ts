import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connectors } from "#shared/connectors/registry.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import * as z from "#shared/domain/schema.ts";
import { scheduleOf } from "#shared/pipeline/schedules.ts";
import type { CellStore } from "#shared/store/open.ts";
import type { Demo } from "./demo.ts";

/** In the simulators' folder once the demo company's records are all in them. */
export const filledMarker = "filled";

export function wasFilled(vendorsDir: string): boolean {
  return existsSync(join(vendorsDir, filledMarker));
}

const companySchema = z.object({ seed: z.number(), days: z.number() });

/**
 * Notes in the simulators' folder, before anything is put into it, which demo company it is for. Answers null, or what
 * another company the folder holds: its records and those of this one would be mixed without a word.
 */
export function takeFolder(vendorsDir: string, demo: Pick<Demo, "seed" | "days">): string | null {
  const file = join(vendorsDir, "company.json");
  const mine = { seed: demo.seed, days: demo.days.length };
  if (!existsSync(file)) {
    // Filled by a version that noted nothing.
    if (wasFilled(vendorsDir)) return "another demo company";
    mkdirSync(vendorsDir, { recursive: true });
    writeFileSync(file, JSON.stringify(mine));
    return null;
  }
  const held = companySchema.safeParse(jsonOf(readFileSync(file, "utf8")));
  if (!held.success) return "another demo company";
  const { seed, days } = held.data;
  if (seed !== mine.seed) return `seed ${seed}`;
  return days === mine.days ? null : `the demo's first ${days} days`;
}

/** A note that was cut short is none. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    throw cause;
  }
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
