import { canonicalJson, digestOf } from "#shared/domain/ids.ts";
import type { JobState, Link } from "#shared/domain/job.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import { referenceOf } from "#shared/domain/policy.ts";
import { unitsIn } from "#shared/domain/unit.ts";
import { viewOf } from "#shared/domain/view.ts";
import { areApart } from "./apart.ts";
import type { Context } from "./context.ts";
import { type Days, isDay, isInDoubt } from "./doubt.ts";
import { numbered } from "./history.ts";
import {
  byKeyPair,
  byUnit,
  callOf,
  independentFact,
  isUnit,
  type Membership,
  mayJoin,
  membershipsOf,
  type Neighbour,
  type Proposal,
} from "./link.ts";
import { byDuplicate, byPeopleAndDay } from "./people-and-day.ts";
import type { ClaimChange, ClaimStore, JobStore, SetStore, StoredClaim, StoredJob } from "./ports.ts";
import { propose, reviewSet } from "./propose.ts";
import { reconcile } from "./reconcile.ts";
import { contradict, sidesOf } from "./score.ts";

export interface JoinPorts {
  readonly jobs: JobStore;
  readonly claims: ClaimStore;
  readonly sets: SetStore;
}

/** Follows forwarding items to the job that holds the records now. */
export async function loadJob(jobs: JobStore, id: string): Promise<StoredJob> {
  let stored = await jobs.load(id);
  for (let hops = 0; stored.state.forwardTo !== null; hops++) {
    if (hops > 16) throw new Error(`job ${id} forwards in a circle`);
    stored = await jobs.load(stored.state.forwardTo);
  }
  return stored;
}

/** What stands beside a job: those that by evidence are the same, and the days it shares with others. */
export interface Beside {
  readonly twins: readonly { readonly proposal: Proposal; readonly other: StoredJob }[];
  /** Who stands on the days of the job's records, and on those that one of them has left just now. */
  readonly days: Days;
  readonly left: readonly string[];
  /** Jobs that a rule would have joined, but that hold another record of a system of this one. */
  readonly taken: readonly string[];
}

/**
 * Brings the sets up to date with what the job's records say now, and returns the jobs that by evidence are the same.
 * A set is written only when what stands in it changed; each record's claim remembers that.
 */
export async function findTwins(
  ports: JoinPorts,
  job: JobState,
  company: CompanyConfig,
  /** Whether a job that no rule joins is put before a person: reads widely, so not for every record. */
  proposing = true,
): Promise<Beside> {
  const memberships = membershipsOf(job, company);
  const left = await enterSets(ports, job, memberships);
  const twins: { proposal: Proposal; other: StoredJob }[] = [];
  const days = new Map<string, readonly Neighbour[]>();
  const taken = new Set<string>();
  const linked = new Set(job.links.map((link) => link.record));
  const list = listedOnce(ports.sets);
  for (const mine of memberships) {
    if (!isDay(mine.set) && !mine.set.startsWith("pair:") && !isUnit(mine.set)) continue;
    const neighbours = (await list(mine.set)).map((one) => ({ set: mine.set, ...one }));
    if (isDay(mine.set)) days.set(mine.set, neighbours);
    const proposals = isDay(mine.set)
      ? [...byPeopleAndDay(mine, neighbours), ...byDuplicate(mine, neighbours)]
      : isUnit(mine.set)
        ? byUnit(mine, neighbours)
        : byKeyPair(mine, neighbours).map((one) => ({ ...one, mine: mine.member }));
    for (const proposal of proposals) {
      if (linked.has(proposal.other)) continue;
      // One of a unit's parts is enough: who is joined with it is looked at with all of them.
      if (twins.some((known) => known.proposal.rule === "unit") && isUnit(mine.set)) break;
      const other = await jobOfRecord(ports, proposal.other);
      if (!other || other.state.id === job.id) continue;
      const complete = "pair" in proposal ? withFact(proposal, mine, job, other.state, company) : proposal;
      if (!complete) continue;
      const by = { mine: complete.mine, other: complete.other, day: neighbours };
      if (!mayJoin(job, other.state, complete.rule, by)) {
        taken.add(other.state.id);
        continue;
      }
      if (complete.rule === "people-and-day" && speakAgainst(job, other.state, by)) continue;
      // What a person has taken apart no rule joins again.
      if (!(await areApart(ports.sets, job, other.state))) twins.push({ proposal: complete, other });
    }
  }
  if ((proposing || isInDoubt(job)) && twins.length === 0)
    await propose(ports, job, (record) => jobOfRecord(ports, record));
  for (const set of left)
    days.set(
      set,
      (await list(set)).map((one) => ({ set, ...one })),
    );
  return { twins, days, left, taken: [...taken] };
}

/** The job's records stand in the same sets: each is listed once, after all of them were entered. */
function listedOnce(store: SetStore): SetStore["list"] {
  const listed = new Map<string, ReturnType<SetStore["list"]>>();
  return (set) => {
    const known = listed.get(set) ?? store.list(set);
    listed.set(set, known);
    return known;
  };
}

function speakAgainst(job: JobState, other: JobState, by: NonNullable<Parameters<typeof mayJoin>[3]>): boolean {
  const ofCall = (state: JobState, record: string): ReturnType<typeof sidesOf> => {
    const call = new Set(callOf(state, record, by.day).map((root) => root.key));
    return sidesOf(state).filter((side) => call.has(side.record));
  };
  const others = ofCall(other, by.other);
  return ofCall(job, by.mine).some((mine) => others.some((side) => contradict(mine, side)));
}

function withFact(
  found: { other: string; pair: number; mine: string },
  mine: Membership,
  job: JobState,
  other: JobState,
  company: CompanyConfig,
): Proposal | null {
  const pair = company.policy.keyPairs?.[found.pair];
  if (!pair) return null;
  const fact = independentFact(pair, job, other);
  const value = mine.set.split(":").slice(2).join(":");
  return fact
    ? {
        mine: found.mine,
        other: found.other,
        rule: "key-pair",
        evidence: [`${pair.left} = ${pair.right} = ${value}`, fact],
      }
    : null;
}

async function jobOfRecord(ports: JoinPorts, record: string): Promise<StoredJob | null> {
  const [claim] = await ports.claims.load([record]);
  const [id] = claim?.jobs ?? [];
  return id === undefined ? null : loadJob(ports.jobs, id);
}

/** Returns the days that a record of the job stood in and has left. */
async function enterSets(
  ports: JoinPorts,
  job: JobState,
  memberships: readonly Membership[],
): Promise<readonly string[]> {
  const members = [...new Set([...memberships.map((one) => one.member), ...viewOf(job).roots.map((root) => root.key)])];
  const claims = await ports.claims.load(members);
  const left = new Set<string>();
  for (const claim of claims) {
    const wanted = memberships.filter((one) => one.member === claim.record);
    const proposed = claim.sets[reviewSet];
    const next: Record<string, string> = {
      ...Object.fromEntries(wanted.map((one) => [one.set, digestOf(one.data)])),
      ...(proposed === undefined ? {} : { [reviewSet]: proposed }),
    };
    if (canonicalJson(next) === canonicalJson(claim.sets)) continue;
    const moved = wanted.filter((one) => claim.sets[one.set] !== next[one.set]);
    await Promise.all(moved.map((one) => ports.sets.add(one.set, one.member, one.data)));
    const gone = Object.keys(claim.sets).filter((set) => next[set] === undefined);
    for (const set of gone) await ports.sets.remove(set, claim.record);
    for (const set of gone.filter(isDay)) left.add(set);
    // Sets first, claim last: a crash between leaves the claim old, and the next message enters them again.
    await ports.claims.save({ stored: claim, next: { ...claim, sets: next } });
  }
  return [...left];
}

/**
 * Two jobs become one: the job of the reference system stays (else the smaller id), the other remains as a forwarding
 * item that keeps what it was, so that the link can be undone. One transaction over both jobs and all claims.
 */
export async function joinJobs(
  ports: JoinPorts,
  a: StoredJob,
  b: StoredJob,
  link: Pick<Link, "rule" | "evidence" | "batch">,
  company: CompanyConfig,
  contextOf: (state: JobState) => Promise<Context>,
): Promise<StoredJob | null> {
  const [into, from] = inOrder(a, b, company);
  if (from.state.attempts.length > 0 || into.state.attempts.length > 0) return null;
  const context = await contextOf({
    ...into.state,
    observations: { ...into.state.observations, ...from.state.observations },
  });
  const absorbed = viewOf(from.state).roots.map((root) => root.key);
  // What it had absorbed itself stays linked as it was: by a person, by a key.
  const links: readonly Link[] = from.state.links.map((known) =>
    absorbed.includes(known.record) && known.rule === "first"
      ? { ...known, rule: link.rule, evidence: link.evidence, batch: link.batch, at: context.now }
      : known,
  );
  const arrivals = { observations: from.state.observations, links, people: from.state.people };
  const { state: joined } = reconcile(withItsPast(into.state, from.state), arrivals, context);
  const byPerson = link.rule === "person" || link.rule === "accepted";
  const change = joined.lastChange;
  const told = byPerson && change?.version === 0 ? { ...joined, lastChange: { ...change, cause: "person" } } : joined;
  const state = numbered(into, told);
  const forwarding: JobState = {
    ...from.state,
    forwardTo: into.state.id,
    dueAt: null,
    intents: [],
    before: {
      into: Object.keys(into.state.observations).length > mostRecordsKept ? null : into.state,
      intents: from.state.intents,
      dueAt: from.state.dueAt,
    },
  };
  // What bills a unit as a whole comes to where its parts are.
  const units = unitsIn(viewOf(from.state).roots);
  const claims = await ports.claims.load([...units, ...from.state.links.map((known) => known.record)]);
  const changes = claims
    .filter((claim) => claim.jobs.includes(from.state.id))
    .map((claim) => ({ stored: claim, next: movedClaim(claim, from.state.id, into.state.id) }));
  // A transaction holds 100 items; claims beyond that follow the forwarding item until their next message moves them.
  const outcome = await ports.jobs.commitTogether(
    [
      { stored: into, next: state },
      { stored: from, next: forwarding },
    ],
    changes.slice(0, 90) satisfies readonly ClaimChange[],
    context.now,
  );
  return outcome === "committed" ? { state, version: into.version + 1 } : null;
}

/** A forwarding item keeps what both jobs were; beyond this many records it keeps its own part only. */
const mostRecordsKept = 400;

/** What was written, refused and accepted while the other was a job of its own goes on counting. */
function withItsPast(into: JobState, from: JobState): JobState {
  return {
    ...into,
    receipts: [...into.receipts, ...from.receipts],
    refusals: [...into.refusals, ...from.refusals],
    accepted: { ...from.accepted, ...into.accepted },
    planned: into.planned + from.planned,
  };
}

function movedClaim(claim: StoredClaim, from: string, into: string): StoredClaim {
  return { ...claim, jobs: [...new Set(claim.jobs.map((job) => (job === from ? into : job)))] };
}

function inOrder(a: StoredJob, b: StoredJob, company: CompanyConfig): readonly [StoredJob, StoredJob] {
  const reference = referenceOf(company)?.id;
  const holds = (stored: StoredJob): boolean =>
    viewOf(stored.state).roots.some((root) => root.live && root.connection === reference);
  const first = holds(a) !== holds(b) ? holds(a) : a.state.id < b.state.id;
  return first ? [a, b] : [b, a];
}
