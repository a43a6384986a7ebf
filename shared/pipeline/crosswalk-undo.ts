import { recordKey } from "#shared/domain/ids.ts";
import { emptyJob, type JobState, type Link } from "#shared/domain/job.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import { type CrosswalkEntry, crosswalkSet } from "./crosswalk.ts";
import { relinked } from "./crosswalk-confirm.ts";
import { entriesOf, jobOf, lookAgainAt, pinPerson } from "./crosswalk-import.ts";
import { recordsBelow, recordsStaying, withOnly } from "./leaving.ts";
import { claimOf } from "./place.ts";
import type { ClaimChange, StoredClaim, StoredJob } from "./ports.ts";
import { nothingArrives, reconcile } from "./reconcile.ts";
import { heldOf, surroundingsOf } from "./surroundings.ts";
import { type TakeInPorts, tellJobs } from "./take-in.ts";
import { unlink } from "./unlink.ts";

export interface Undone {
  readonly batch: string;
  /** Rows taken back. */
  readonly undone: number;
  readonly left: readonly { readonly record: string; readonly why: string }[];
}

/**
 * Takes an import back whole: joined jobs part again, each with the latest that is known of its records; people are
 * who they were; records that never came lose their claim. A job that parts again is seen as if for the first time, so
 * nothing is written to a vendor by itself because of it. A row that cannot be taken back now stays, with the reason.
 */
export async function undoCrosswalk(
  ports: TakeInPorts,
  company: CompanyConfig,
  batch: string,
  by: string,
): Promise<Undone> {
  const rows = [...(await entriesOf(ports))].filter(([, entry]) => entry.batch === batch);
  const left: { record: string; why: string }[] = [];
  const people: string[] = [];
  for (const [record, entry] of rows) {
    if (entry.kind !== "job") {
      await pinPerson(ports, record, entry.person, false);
      people.push(record);
    } else {
      const why = await partAgain(ports, company, record, entry, by);
      if (why !== null) {
        left.push({ record, why });
        continue;
      }
    }
    await ports.sets.remove(crosswalkSet, record);
  }
  await lookAgainAt(ports, company, people);
  return { batch, undone: rows.length - left.length, left };
}

/** Null when the record stands alone again, else why it does not. */
async function partAgain(
  ports: TakeInPorts,
  company: CompanyConfig,
  record: string,
  entry: CrosswalkEntry,
  by: string,
): Promise<string | null> {
  for (let tries = 0; tries < 8; tries++) {
    const claim = await claimOf(ports, record);
    const into = await jobOf(ports, claim);
    if (into === null) return null;
    const isSeen = into.state.observations[record] !== undefined;
    if (!isSeen) {
      if ((await ports.claims.save({ stored: claim, next: { ...claim, jobs: [] } })) !== "committed") continue;
      const line = `${record} no longer belongs here: batch ${entry.batch} taken back by ${by}`;
      await tellJobs(ports, company, [into.state.id], [record], line);
      return null;
    }
    if (entry.was) {
      const surroundings = await surroundingsOf(ports, company);
      await relinked(ports, company, surroundings, into.state.id, record, { ...entry.was, batch: null }, by);
      return null;
    }
    const home = entry.from;
    if (home === null || home === into.state.id) return null;
    const past = await ports.jobs.load(home);
    if (!isJoinedBy(entry.batch, past.state, into.state)) return null;
    if (into.state.attempts.length > 0) return "a write to its job is under way; undo again when it is done";
    if (past.state.forwardTo !== null) {
      // The forwarding item keeps what both jobs were: they are that again.
      const why = `batch ${entry.batch} taken back by ${by}`;
      const undone = await unlink(ports, company, { record, from: home, by, why, apart: false });
      return undone.unlinked ? null : undone.why;
    }
    if ((await split(ports, company, { into, past, record, batch: entry.batch, by })) === "committed") return null;
  }
  return "its job keeps moving; undo again";
}

/** False when a person took the job apart since and it was joined anew: that link is nobody's to undo with the batch. */
function isJoinedBy(batch: string, past: JobState, into: JobState): boolean {
  const own = past.links.filter((link) => link.rule === "first");
  return own.every(({ record }) => into.links.find((link) => link.record === record)?.batch === batch);
}

/** A record that came to a job by its claim has no job of its own yet: one is made, and the record moves there. */
async function split(
  ports: TakeInPorts,
  company: CompanyConfig,
  act: {
    readonly into: StoredJob;
    readonly past: StoredJob;
    readonly record: string;
    readonly batch: string;
    readonly by: string;
  },
): Promise<"committed" | "conflict"> {
  const { into, past, record, batch, by } = act;
  const surroundings = await surroundingsOf(ports, company);
  const home = past.state.id;
  const going = recordsBelow(into.state, [record]);
  const staying = recordsStaying(into.state, going);
  const parted = { by, at: surroundings.now, batch };
  const context = async (state: JobState) => ({ ...surroundings, held: await heldOf(ports, state, company) });
  const remaining = withOnly(into.state, (key) => staying.has(key) || !going.has(key));
  const returned = reborn(home, into.state, going, parted);
  const next = [
    { stored: into, next: told(reconcile(remaining, nothingArrives, await context(remaining)).state, going, parted) },
    { stored: past, next: told(reconcile(returned, nothingArrives, await context(returned)).state, going, parted) },
  ];
  const claims = (await ports.claims.load([...going])).map((claim) => movedBack(claim, into.state.id, home, staying));
  // A transaction holds 100 items: the roots' claims first, the rest of a very large job one by one after it.
  const [together, after] = [claims.slice(0, 90), claims.slice(90)];
  if ((await ports.jobs.commitTogether(next, together, surroundings.now)) === "conflict") return "conflict";
  for (const change of after) await ports.claims.save(change);
  return "committed";
}

interface Parted {
  readonly by: string;
  readonly at: string;
  readonly batch: string;
}

/** A job of the latest of these records, with no memory of who agreed on what: first sight again. */
function reborn(home: string, into: JobState, going: ReadonlySet<string>, parted: Parted): JobState {
  const records = Object.entries(into.observations).filter(([key]) => going.has(key));
  const links = records.map(
    ([record, { said }]): Link => ({
      record,
      rule: said?.facts.kind === "job" ? "first" : "part",
      evidence: [`batch ${parted.batch} taken back by ${parted.by}`],
      at: parted.at,
      batch: null,
    }),
  );
  return {
    ...emptyJob(home),
    observations: Object.fromEntries(records),
    links,
    people: into.people,
    receipts: into.receipts.filter((receipt) => going.has(recordKey(receipt.record))),
    refusals: into.refusals.filter((refusal) => going.has(refusal.record)),
  };
}

function told(state: JobState, going: ReadonlySet<string>, { by, at, batch }: Parted): JobState {
  const records = [...going].sort();
  const lines = [
    `unlinked ${records.join(", ")}: batch ${batch} taken back by ${by}`,
    // What followed from it: an older change has its number already.
    ...(state.lastChange?.version === 0 ? state.lastChange.lines : []),
  ];
  return { ...state, lastChange: { version: 0, at, cause: "person", records, lines } };
}

function movedBack(claim: StoredClaim, from: string, to: string, staying: ReadonlySet<string>): ClaimChange {
  const kept = staying.has(claim.record) ? claim.jobs : claim.jobs.filter((job) => job !== from);
  return { stored: claim, next: { ...claim, jobs: [...new Set([...kept, to])].sort() } };
}
