import { jobIdOf, parseRecordKey } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { CrosswalkRow } from "#shared/pipeline/crosswalk.ts";
import { type Imported, importCrosswalk } from "#shared/pipeline/crosswalk-import.ts";
import { type Undone, undoCrosswalk } from "#shared/pipeline/crosswalk-undo.ts";
import type { TakeInPorts } from "#shared/pipeline/take-in.ts";
import type { LinkingWorld } from "./linking-world.ts";
import { standingIntent } from "./standing-job.ts";

/** What a test of a links file does to the company of linking-world.ts. */

/** Rows of one key, one for each record. */
export function linkRowsOf(key: string, records: readonly string[], more: Partial<CrosswalkRow> = {}): CrosswalkRow[] {
  return records.map((record) => ({ kind: "job", key, note: "", ...parseRecordKey(record), ...more }));
}

export const imported = (
  { ports, company }: Pick<LinkingWorld, "ports" | "company">,
  rows: readonly CrosswalkRow[],
  dryRun = false,
): Promise<Imported> => importCrosswalk(ports, company, { rows, by: "ana", dryRun });

export const takenBack = (
  { ports, company }: Pick<LinkingWorld, "ports" | "company">,
  { batch }: Pick<Imported, "batch">,
): Promise<Undone> => undoCrosswalk(ports, company, batch ?? "", "ben");

/** The job that holds a record now. */
export async function jobHolding({ ports }: Pick<LinkingWorld, "ports">, record: string): Promise<JobState> {
  const [claim] = await ports.claims.load([record]);
  return (await ports.jobs.load(claim?.jobs[0] ?? jobIdOf(record))).state;
}

/** The records of every job, those of one job beside each other. */
export async function together(world: Pick<LinkingWorld, "jobs">): Promise<readonly string[]> {
  return (await world.jobs()).map((state) => Object.keys(state.observations).sort().join(" ")).sort();
}

/** A write to the job that holds this record is under way, or is so no more. */
export async function underWay(world: LinkingWorld, record: string, is: boolean): Promise<void> {
  const state = await jobHolding(world, record);
  const at = await world.clock.now();
  const before = { modified: null, read: 1, shown: "" };
  const attempt = {
    ...{ intent: standingIntent("i1"), number: 1, startedAt: at, state: "sent" as const, dueAt: at },
    ...{ before, lagRead: null, requestId: null },
  };
  const stored = await world.ports.jobs.load(state.id);
  await world.ports.jobs.commit(stored, { ...state, attempts: is ? [attempt] : [] }, at);
}

/** The ports where the claim of a record moves under whoever writes it, this many times. */
export function claimMoves({ ports }: LinkingWorld, record: string, times: number): TakeInPorts {
  let left = times;
  const save: TakeInPorts["claims"]["save"] = async (change) =>
    change.next.record === record && left-- > 0 ? "conflict" : ports.claims.save(change);
  return { ...ports, claims: { ...ports.claims, save } };
}
