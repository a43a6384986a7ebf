import type { JobState, Link } from "#shared/domain/job.ts";
import { type CompanyConfig, referenceOf } from "#shared/domain/policy.ts";
import { numberOf, viewOf } from "#shared/domain/view.ts";
import { areApart, holdApart, holdTogether } from "./apart.ts";
import { isMovable } from "./doubt.ts";
import { joinJobs, loadJob } from "./join.ts";
import { mayJoin } from "./link.ts";
import type { StoredJob } from "./ports.ts";
import { proposedOf, reviewSet, scoreInDoubt } from "./propose.ts";
import { nothingArrives } from "./reconcile.ts";
import { proposedFrom, type Side, scoreOf, sidesOf } from "./score.ts";
import { heldOf, surroundingsOf } from "./surroundings.ts";
import { sendIntents, type TakeInPorts, tellJobs, updateJob } from "./take-in.ts";
import { unlink } from "./unlink.ts";
import type { Surroundings } from "./update-job.ts";

/** One of the two records of a proposal, as a person needs it to decide. */
export interface ReviewedSide extends Side {
  readonly job: string;
  /** As its own system prints it. */
  readonly number: string | null;
}

export interface ReviewedPair {
  readonly left: ReviewedSide;
  readonly right: ReviewedSide;
  readonly score: number;
  readonly evidence: readonly string[];
}

export type Decided = { readonly done: true; readonly job: string } | { readonly done: false; readonly why: string };

/**
 * What waits for a person: pairs of records that may be one job, best first. Each is scored again as the two stand now;
 * what has been linked, rejected or changed since is left out, and so is what another pair of the same record beats.
 */
export async function jobReview(ports: TakeInPorts, company: CompanyConfig): Promise<readonly ReviewedPair[]> {
  const pairs = new Map<string, readonly [string, string]>();
  for (const { member, data } of await ports.sets.list(reviewSet)) {
    for (const { record } of proposedOf(data)) {
      const [left, right] = member < record ? [member, record] : [record, member];
      pairs.set(`${left} ${right}`, [left, right]);
    }
  }
  const jobs = await jobsOf(ports, [...new Set([...pairs.values()].flat())]);
  const standing: ReviewedPair[] = [];
  for (const [left, right] of pairs.values()) {
    const pair = await pairOf(ports, company, left, right, jobs);
    if (pair !== null && pair.score >= proposedFrom) standing.push(pair);
  }
  return bestOf(standing, (record) => jobs.get(record)?.id ?? record);
}

async function jobsOf(ports: TakeInPorts, records: readonly string[]): Promise<ReadonlyMap<string, JobState>> {
  const jobs = new Map<string, JobState>();
  for (const claim of await ports.claims.load(records)) {
    const [id] = claim.jobs;
    if (id !== undefined) jobs.set(claim.record, (await loadJob(ports.jobs, id)).state);
  }
  return jobs;
}

async function pairOf(
  ports: TakeInPorts,
  company: CompanyConfig,
  left: string,
  right: string,
  jobs: ReadonlyMap<string, JobState>,
): Promise<ReviewedPair | null> {
  const [mine, other] = [jobs.get(left), jobs.get(right)];
  if (!mine || !other) return null;
  const a = sidesOf(mine).find((side) => side.record === left);
  const b = sidesOf(other).find((side) => side.record === right);
  if (!a || !b) return null;
  const doubt = mine.id === other.id ? doubtOf(mine, left, right) : null;
  if (doubt === null && (mine.id === other.id || !mayJoin(mine, other, "people-and-day"))) return null;
  const scored = doubt === null ? scoreOf(a, b) : scoreInDoubt(a, b, doubt);
  if (!scored || (doubt === null && (await areApart(ports.sets, mine, other)))) return null;
  const number = (state: JobState): string | null => numberOf(viewOf(state), referenceOf(company)?.id);
  return {
    left: { ...a, job: mine.id, number: number(mine) },
    right: { ...b, job: other.id, number: number(other) },
    ...scored,
  };
}

/** Why the link between two records of one job waits for a person; null when it does not. */
function doubtOf(state: JobState, ...records: readonly string[]): string | null {
  return state.links.find((link) => records.includes(link.record) && link.doubt !== undefined)?.doubt ?? null;
}

/**
 * Best first, one pair for two jobs, leaving out each pair one of whose records has a clearly better one in the other's
 * system. Pure; `jobOf` says which job a record belongs to.
 */
export function bestOf<Pair extends { readonly left: PairEnd; readonly right: PairEnd; readonly score: number }>(
  pairs: readonly Pair[],
  jobOf: (record: string) => string,
): readonly Pair[] {
  const best = new Map<string, number>();
  const places = ({ left, right }: Pair): readonly string[] => [
    `${left.record} ${right.connection}`,
    `${right.record} ${left.connection}`,
  ];
  for (const pair of pairs)
    for (const place of places(pair)) best.set(place, Math.max(best.get(place) ?? 0, pair.score));
  const shown = new Map<string, Pair>();
  const sorted = pairs
    .filter((pair) => places(pair).every((place) => pair.score + 10 > (best.get(place) ?? 0)))
    .toSorted((a, b) => b.score - a.score || (a.left.record < b.left.record ? -1 : 1));
  for (const pair of sorted) {
    const jobs = [jobOf(pair.left.record), jobOf(pair.right.record)].sort().join(" ");
    if (!shown.has(jobs)) shown.set(jobs, pair);
  }
  return [...shown.values()];
}

interface PairEnd {
  readonly record: string;
  readonly connection: string;
}

/** A person says these two are one job: what was proposed (`accepted`) or what nobody proposed (`person`). */
export async function linkRecords(
  ports: TakeInPorts,
  company: CompanyConfig,
  asked: { readonly records: readonly [string, string]; readonly by: string; readonly why: string },
): Promise<Decided> {
  const surroundings = await surroundingsOf(ports, company);
  for (let tries = 0; tries < 6; tries++) {
    const found = await twoJobs(ports, asked.records);
    if ("why" in found) return { done: false, why: found.why };
    const { left, right } = found;
    if (left.state.id === right.state.id) return confirmed(ports, company, surroundings, left.state, asked);
    if (left.state.attempts.length + right.state.attempts.length > 0)
      return { done: false, why: "a write to one of the two jobs is under way; link again when it is done" };
    const link = linkOf(left.state, right.state, asked);
    await holdTogether(ports.sets, rootsOf(left.state), rootsOf(right.state));
    const joined = await joinJobs(ports, left, right, link, company, async (state) => ({
      ...surroundings,
      held: await heldOf(ports, state, company),
    }));
    if (joined === null) continue;
    const settled = await updateJob(ports, company, surroundings, joined.state.id, nothingArrives);
    await sendIntents(ports, company, settled.stored, settled.send, surroundings.now);
    // Its other candidates are looked at anew.
    await ports.queues.inbound([{ v: 1, kind: "due", company: company.id, job: joined.state.id }]);
    return { done: true, job: joined.state.id };
  }
  return { done: false, why: "one of the two jobs keeps moving; link again" };
}

/** They are one job already: a link that a rule made is a person's from now on, and no second call of that day moves it. */
async function confirmed(
  ports: TakeInPorts,
  company: CompanyConfig,
  surroundings: Surroundings,
  { id }: JobState,
  asked: { readonly records: readonly [string, string]; readonly by: string; readonly why: string },
): Promise<Decided> {
  const { changed } = await updateJob(ports, company, surroundings, id, nothingArrives, (state) =>
    withConfirmed(state, asked, surroundings.now),
  );
  if (changed) await ports.queues.inbound([{ v: 1, kind: "due", company: company.id, job: id }]);
  return { done: true, job: id };
}

function withConfirmed(
  state: JobState,
  { records, by, why }: { readonly records: readonly [string, string]; readonly by: string; readonly why: string },
  now: string,
): JobState {
  const said = `by ${by}${why === "" ? "" : `: ${why}`}`;
  const links = state.links.map((link): Link => {
    if (!records.includes(link.record) || !isMovable(link)) return link;
    const { doubt: _, ...held } = link;
    return { ...held, rule: "accepted", evidence: [said, ...link.evidence] };
  });
  const confirmedLinks = links.filter((link, index) => link !== state.links[index]).map((link) => link.record);
  if (confirmedLinks.length === 0) return state;
  const lines = [`the link of ${confirmedLinks.join(", ")} confirmed ${said}`];
  return { ...state, links, lastChange: { version: 0, at: now, cause: "person", records: confirmedLinks, lines } };
}

/** The evidence of the day stays with the link, whatever the records say later. */
function linkOf(
  left: JobState,
  right: JobState,
  { records, by, why }: { readonly records: readonly [string, string]; readonly by: string; readonly why: string },
): Pick<Link, "rule" | "evidence" | "batch"> {
  const side = (state: JobState): Side | undefined => sidesOf(state).find((one) => records.includes(one.record));
  const [a, b] = [side(left), side(right)];
  const scored = a && b ? scoreOf(a, b) : null;
  const said = [`by ${by}${why === "" ? "" : `: ${why}`}`];
  return scored && scored.score >= proposedFrom
    ? { rule: "accepted", evidence: [...said, `${scored.score} points`, ...scored.evidence], batch: null }
    : { rule: "person", evidence: said, batch: null };
}

/**
 * A person says these two are not one job; they are remembered, and neither proposed nor joined by a rule again. Both
 * jobs tell it.
 */
export async function rejectPair(
  ports: TakeInPorts,
  company: CompanyConfig,
  asked: { readonly records: readonly [string, string]; readonly by: string; readonly why: string },
): Promise<Decided> {
  const found = await twoJobs(ports, asked.records);
  if ("why" in found) return { done: false, why: found.why };
  const { left, right } = found;
  if (left.state.id === right.state.id) {
    const record = asked.records.find((one) => doubtOf(left.state, one) !== null);
    if (record === undefined) return { done: false, why: "they are linked; unlink one of them" };
    const undone = await unlink(ports, company, { record, by: asked.by, why: asked.why, apart: true });
    return undone.unlinked ? { done: true, job: undone.job } : { done: false, why: undone.why };
  }
  const said = { by: asked.by, at: await ports.clock.now(), why: asked.why };
  await holdApart(ports.sets, rootsOf(left.state), rootsOf(right.state), said);
  const [a, b] = asked.records;
  const line = `${a} and ${b} are not one job, says ${asked.by}: ${asked.why}`;
  await tellJobs(ports, company, [left.state.id, right.state.id], asked.records, line);
  return { done: true, job: left.state.id };
}

const rootsOf = (state: JobState): readonly string[] => viewOf(state).roots.map((root) => root.key);

async function twoJobs(
  ports: TakeInPorts,
  records: readonly [string, string],
): Promise<{ readonly left: StoredJob; readonly right: StoredJob } | { readonly why: string }> {
  const [a, b] = await ports.claims.load(records);
  const [left, right] = [a?.jobs[0], b?.jobs[0]];
  if (left === undefined) return { why: `no job holds ${records[0]}` };
  if (right === undefined) return { why: `no job holds ${records[1]}` };
  return { left: await loadJob(ports.jobs, left), right: await loadJob(ports.jobs, right) };
}
