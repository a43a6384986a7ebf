import { sameJson } from "#shared/domain/ids.ts";
import type { JobState, Link } from "#shared/domain/job.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import { type Branch, branchesOf } from "./branches.ts";
import { type Days, type Doubt, type Grounds, groundsOf, isDay, isMovable, mayBeDoubted } from "./doubt.ts";
import { type Beside, loadJob } from "./join.ts";
import { membershipsOf } from "./link.ts";
import { isCrowded } from "./people-and-day.ts";
import type { StoredJob } from "./ports.ts";
import { nothingArrives } from "./reconcile.ts";
import { unlink } from "./unlink.ts";
import { type Surroundings, sendIntents, type TakeInPorts, updateJob } from "./update-job.ts";

/**
 * Looks again at the links that people and day made, or a unit. One that nothing holds any more is taken back, as if the second call
 * had been read first; where something was written, approved, accepted or said on the joined job, it stays, is marked,
 * and waits for a person. Answers the job as it is then, and whether anything was done.
 */
export async function questionLinks(
  ports: TakeInPorts,
  company: CompanyConfig,
  surroundings: Surroundings,
  stored: StoredJob,
  days: Days,
): Promise<{ readonly stored: StoredJob; readonly moved: boolean }> {
  if (!mayBeDoubted(stored.state, days)) return { stored, moved: false };
  const branches = await branchesOf(ports.jobs, stored.state);
  const grounds = groundsOf(stored.state, days, branches);
  if (grounds.doubts.length > 0 && !restsOn(stored.state, branches)) {
    const parted = await partAll(ports, company, stored.state, grounds.doubts, (state) => restsOn(state, branches));
    if (parted) return { stored: await ports.jobs.load(stored.state.id), moved: true };
  }
  const said = (state: JobState): JobState => withGrounds(state, grounds, surroundings.now);
  if (said(stored.state) === stored.state) return { stored, moved: false };
  const told = await updateJob(ports, company, surroundings, stored.state.id, nothingArrives, said);
  await sendIntents(ports, company, told.stored, told.send, surroundings.now);
  return { stored: told.stored, moved: true };
}

/** Sends the jobs that have to look at their links again because of who came to a day of this job, or left it. */
export async function askDoubted(
  ports: Pick<TakeInPorts, "claims" | "jobs" | "sets" | "queues">,
  company: CompanyConfig,
  job: JobState,
  beside: Omit<Beside, "twins">,
): Promise<void> {
  const asked = await doubtedBeside(ports, company, job, beside);
  if (asked.length > 0)
    await ports.queues.inbound(asked.map((id) => ({ v: 1, kind: "due", company: company.id, job: id }) as const));
}

/** Reads no more than the claims of a crowded day, and the jobs that hold two of its records. */
async function doubtedBeside(
  ports: Pick<TakeInPorts, "claims" | "jobs" | "sets">,
  company: CompanyConfig,
  job: JobState,
  { days, left, taken }: Omit<Beside, "twins">,
): Promise<readonly string[]> {
  const own = new Set(job.links.map((link) => link.record));
  const found = new Set<string>();
  const asked = new Set(taken);
  for (const [set, day] of days) {
    const others = day.filter((one) => !own.has(one.member));
    if (new Set(others.map((one) => one.data["connection"])).size < 2) continue;
    if (!left.includes(set) && !isCrowded(day, own)) continue;
    const claims = await ports.claims.load(others.map((one) => one.member));
    const holders = Map.groupBy(claims, (claim) => claim.jobs[0] ?? "");
    holders.delete("");
    holders.delete(job.id);
    for (const [id, held] of holders)
      if (left.includes(set)) found.add(id);
      else if (held.length > 1) asked.add(id);
  }
  for (const id of asked) if (!found.has(id) && (await wouldMove(ports, company, id))) found.add(id);
  return [...found];
}

/** Exactly what the job will find itself: else two jobs of one day would ask each other for ever. */
async function wouldMove(
  ports: Pick<TakeInPorts, "jobs" | "sets">,
  company: CompanyConfig,
  id: string,
): Promise<boolean> {
  const { state } = await loadJob(ports.jobs, id);
  const names = new Set(membershipsOf(state, company).flatMap(({ set }) => (isDay(set) ? [set] : [])));
  const listed = await Promise.all(
    [...names].map(async (set) => [set, (await ports.sets.list(set)).map((one) => ({ set, ...one }))] as const),
  );
  const days = new Map(listed);
  if (!mayBeDoubted(state, days)) return false;
  const branches = await branchesOf(ports.jobs, state);
  const grounds = groundsOf(state, days, branches);
  return (grounds.doubts.length > 0 && !restsOn(state, branches)) || withGrounds(state, grounds, "") !== state;
}

/** Smallest branches first, so that none takes along what leaves by itself. False when a write or another hand came between. */
async function partAll(
  ports: TakeInPorts,
  company: CompanyConfig,
  state: JobState,
  doubts: readonly Doubt[],
  unless: (state: JobState) => boolean,
): Promise<boolean> {
  let parted = false;
  for (const { record, job, why } of doubts) {
    const by = state.links.find((link) => link.record === record)?.rule ?? "people-and-day";
    const asked = { record, from: job, by, why, apart: false, cause: "rule" as const, unless };
    const undone = await unlink(ports, company, asked);
    parted ||= undone.unlinked;
  }
  return parted;
}

/**
 * Whether money or a person's word rests on the job as it was joined: a write that went out, an approval, an accepted
 * difference, a break that somebody marked, another link that a person made since, a call said to be entered twice.
 */
function restsOn(state: JobState, branches: readonly Branch[]): boolean {
  if (state.attempts.length > 0) return true;
  const known = branches.flatMap(({ past }) => [past, ...(past.before?.into ? [past.before.into] : [])]);
  const isKnown = (name: "receipts" | "links" | "breaks", act: unknown): boolean =>
    known.some((one) => one[name].some((before) => sameJson(before, act)));
  const sent = state.receipts.filter(({ outcome }) => outcome !== "superseded" && outcome !== "void");
  const decided = state.intents.filter((intent) => intent.approved !== null || intent.rejected !== null);
  const marked = state.breaks.filter((one) => one.assignedTo !== null || one.note !== null);
  const byHand = state.links.filter(
    ({ rule, sameAs }) => rule === "person" || rule === "accepted" || rule === "marker" || sameAs !== undefined,
  );
  return (
    sent.some((act) => !isKnown("receipts", act)) ||
    decided.length > 0 ||
    marked.some((act) => !isKnown("breaks", act)) ||
    byHand.some((act) => !isKnown("links", act)) ||
    Object.entries(state.accepted).some(([line, minor]) => !known.some((one) => one.accepted[line] === minor))
  );
}

/** The job with its links as their grounds are now; the job itself when nothing is new. */
function withGrounds(state: JobState, { doubts, amounts }: Grounds, now: string): JobState {
  const links = state.links.map((link): Link => {
    if (!isMovable(link)) return link;
    const why = doubts.find((one) => one.record === link.record)?.why;
    const amount = amounts.get(link.record);
    const evidence =
      amount === undefined || link.evidence.includes(amount) ? link.evidence : [...link.evidence, amount];
    const { doubt: _, ...held } = link;
    return { ...held, evidence, ...(why === undefined ? {} : { doubt: why }) };
  });
  if (sameJson(links, state.links)) return state;
  const news = links.filter((link, index) => link.doubt !== state.links[index]?.doubt);
  const lines = news.map(({ record, doubt }) =>
    doubt === undefined ? `the link of ${record} is no longer in doubt` : `the link of ${record} is in doubt: ${doubt}`,
  );
  const lastChange = { version: 0, at: now, cause: "rule", records: news.map((link) => link.record), lines };
  return { ...state, links, ...(lines.length > 0 ? { lastChange } : {}) };
}
