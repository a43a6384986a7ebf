import { recordKey } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import { type CompanyConfig, connectionOf } from "#shared/domain/policy.ts";
import { unitsIn } from "#shared/domain/unit.ts";
import { viewOf } from "#shared/domain/view.ts";
import { hintsForParked } from "./arrive.ts";
import { loadJob } from "./join.ts";
import { recordsBelow, recordsStaying, withOnly } from "./leaving.ts";
import { sets } from "./link.ts";
import { claimOf, keep } from "./place.ts";
import type { StoredJob } from "./ports.ts";
import { nothingArrives } from "./reconcile.ts";
import { type Surroundings, type TakeInPorts, updateJob } from "./update-job.ts";

/**
 * Where a record lies that bills a unit as a whole and names none of its parts: on the job of the parts. The unit's key
 * has a claim like a record's, which says which job that is; who comes before any part waits for it.
 */

/** The units billed on this job of which no record here is a part (any more). */
export function unitsAway(state: JobState): readonly string[] {
  const here = unitsIn(viewOf(state).roots);
  const billed = Object.values(state.observations).flatMap(({ said }) =>
    said?.facts.kind === "invoice" && said.facts.unit ? [recordKey(said.facts.unit)] : [],
  );
  return [...new Set(billed)].filter((unit) => !here.has(unit)).sort();
}

/**
 * The job holds the units that its records are parts of, as far as no other job does, and gives away what bills a unit
 * that its records have left. Answers the job as it is then.
 */
export async function settleUnits(
  ports: TakeInPorts,
  company: CompanyConfig,
  surroundings: Surroundings,
  stored: StoredJob,
): Promise<StoredJob> {
  const { state } = stored;
  for (const unit of unitsIn(viewOf(state).roots)) {
    const claim = await claimOf(ports, unit);
    if (claim.jobs.length === 0) await keep(ports, claim, { jobs: [state.id], parked: null });
    await release(ports, company, unit);
  }
  const away = unitsAway(state);
  if (away.length === 0) return stored;
  const below = recordsBelow(state, away);
  const staying = recordsStaying(state, below);
  const leaving = Object.keys(state.observations).filter((key) => !staying.has(key));
  for (const unit of away) await passOn(ports, unit, state);
  // They wait for what they hang on before they leave: a crash in between must not lose them.
  for (const claim of await ports.claims.load(leaving)) {
    const parents = state.observations[claim.record]?.said?.hangsOn ?? [];
    for (const parent of parents) await ports.sets.add(sets.waits(parent), claim.record, {});
    const jobs = claim.jobs.filter((job) => job !== state.id);
    await keep(ports, claim, { jobs, parked: `waits for ${parents.join(", ")}` });
  }
  const gone = new Set(leaving);
  const line = `${leaving.join(", ")} left: no record here is a part of ${away.join(", ")} any more`;
  const told = await updateJob(ports, company, surroundings, state.id, nothingArrives, (now) => ({
    ...withOnly(now, (key) => !gone.has(key)),
    lastChange: { version: 0, at: surroundings.now, cause: "rule", records: leaving, lines: [line] },
  }));
  for (const unit of away) await release(ports, company, unit);
  return told.stored;
}

/** The unit is held by another job that has a part of it, or by none; looked for once more after it was let go. */
async function passOn(ports: TakeInPorts, unit: string, state: JobState): Promise<void> {
  const own = new Set(state.links.map((link) => link.record));
  for (let times = 0; times < 2; times++) {
    const claim = await claimOf(ports, unit);
    const [held] = claim.jobs;
    // It may name a job that this one has absorbed since.
    if (held !== undefined && (await loadJob(ports.jobs, held)).state.id !== state.id) return;
    const others = (await ports.sets.list(sets.unit(unit))).filter(({ member }) => !own.has(member));
    const [first] = others.length === 0 ? [] : await ports.claims.load([others[0]?.member ?? ""]);
    await keep(ports, claim, { jobs: first?.jobs.slice(0, 1) ?? [] });
  }
}

/** What waited for the unit is read again, once a job holds it. */
async function release(ports: TakeInPorts, company: CompanyConfig, unit: string): Promise<void> {
  const waiting = (await ports.sets.list(sets.waits(unit))).map((one) => one.member);
  if (waiting.length === 0 || (await claimOf(ports, unit)).jobs.length === 0) return;
  for (const hint of hintsForParked(company.id, waiting)) {
    const vendor = connectionOf(company, hint.connection)?.vendor;
    if (vendor) await ports.queues.hints(vendor, [hint]);
  }
  for (const record of waiting) await ports.sets.remove(sets.waits(unit), record);
}
