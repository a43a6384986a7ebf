import { Failure } from "#shared/domain/failure.ts";
import { canonicalJson, parseRecordKey, type RecordRef } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import { type CompanyConfig, connectionOf } from "#shared/domain/policy.ts";
import { addHours, compareInstants, earlier } from "#shared/domain/time.ts";
import { viewOf } from "#shared/domain/view.ts";
import type { Inbound, ReadRecord } from "#shared/messages/inbound.ts";
import { inboundSchema } from "#shared/messages/inbound.ts";
import {
  type Arrived,
  alsoReadHints,
  arrive,
  arriveAbsent,
  gatherHints,
  hintsForParked,
  invoicesBeside,
  partsLeftBehind,
} from "./arrive.ts";
import { inTheirOrder } from "./batch-order.ts";
import type { Context } from "./context.ts";
import { findTwins, joinJobs, loadJob } from "./join.ts";
import { besideKeys, membershipsOf, namesStrangers } from "./link.ts";
import { settlePlaced } from "./place.ts";
import type { StoredJob } from "./ports.ts";
import { askDoubted, questionLinks } from "./question.ts";
import { type Arrivals, hoursAlone, mergeObservations, nothingArrives } from "./reconcile.ts";
import { eachAtOnce } from "./side-by-side.ts";
import { heldOf, peopleOf, remembering, surroundingsOf } from "./surroundings.ts";
import { settleUnits, unitsAway } from "./unit-home.ts";
import { type Surroundings, sendIntents, type TakeInPorts, updateJob } from "./update-job.ts";

export { sendIntents, type TakeInPorts, tellJobs, updateJob } from "./update-job.ts";

export interface TakenIn {
  readonly jobs: number;
  readonly changed: number;
  readonly joined: number;
  readonly quarantined: number;
  readonly sent: number;
}

/** What messages bring to one job, and which of them brought it. */
interface JobWork {
  readonly arrivals: Arrivals;
  readonly due: boolean;
  readonly messages: readonly number[];
}

/** Takes in one message. Throws what kept it from being taken in; taking it in again is harmless. */
export async function takeIn(ports: TakeInPorts, company: CompanyConfig, message: Inbound): Promise<TakenIn> {
  const { failed, ...taken } = await takeInAll(ports, company, [message], 1);
  for (const cause of failed.values()) throw cause;
  return taken;
}

/**
 * Takes in the messages of a batch together: what several of them say of one job is one change of it, not several.
 * `failed` holds the positions of messages to keep, with the cause; `width` jobs are worked on side by side.
 */
export async function takeInAll(
  live: TakeInPorts,
  company: CompanyConfig,
  messages: readonly Inbound[],
  width: number,
): Promise<TakenIn & { readonly failed: ReadonlyMap<number, unknown> }> {
  const ports: TakeInPorts = { ...live, sets: remembering(live.sets) };
  const surroundings = await surroundingsOf(ports, company);
  const failed = new Map<number, unknown>();
  const arrived: Arrived[] = [];
  const works = new Map<string, JobWork>();
  for (const together of inTheirOrder(ports, company, messages)) {
    await eachAtOnce(together, width, async ([position, message]) => {
      try {
        const one = await arrivalsOf(ports, company, message, width);
        arrived.push(one);
        for (const [job, arrivals] of one.jobs) works.set(job, joinWork(works.get(job), arrivals, message, position));
      } catch (cause) {
        failed.set(position, cause);
      }
    });
  }
  const sums = { changed: 0, joined: 0, sent: 0 };
  const beside: RecordRef[] = [];
  await eachAtOnce([...works], width, async ([job, work]) => {
    try {
      beside.push(...(await takeInJob(ports, company, surroundings, job, work, sums)));
    } catch (cause) {
      for (const position of work.messages) failed.set(position, cause);
    }
  });
  const again = [...new Set(arrived.flatMap((one) => one.again))];
  const hints = [...arrived.flatMap((one) => one.hints), ...alsoReadHints(company, beside)];
  await lookAgain(ports, company, { again, hints });
  await settlePlaced(
    ports,
    arrived.flatMap((one) => one.after),
  );
  const quarantined = arrived.reduce((sum, one) => sum + one.quarantined, 0);
  return { jobs: works.size, ...sums, quarantined, failed };
}

function joinWork(known: JobWork | undefined, arrivals: Arrivals, message: Inbound, position: number): JobWork {
  const due = message.kind === "due";
  if (!known) return { arrivals, due, messages: [position] };
  return {
    arrivals: {
      observations: mergeObservations(known.arrivals.observations, arrivals.observations),
      links: [...(known.arrivals.links ?? []), ...(arrivals.links ?? [])],
    },
    due: known.due || due,
    messages: [...known.messages, position],
  };
}

/** One job: reconcile and commit what arrived, look for its twins, send what may go. Returns what to read besides. */
async function takeInJob(
  ports: TakeInPorts,
  company: CompanyConfig,
  surroundings: Surroundings,
  job: string,
  { arrivals, due }: JobWork,
  sums: { changed: number; joined: number; sent: number },
): Promise<readonly RecordRef[]> {
  const arrives = Object.keys(arrivals.observations).length > 0;
  const first = await updateJob(ports, company, surroundings, job, arrives ? arrivals : nothingArrives);
  // Whatever message finds that the job's time has come, takes that time away: so it does what was due.
  const isDue = due || hasCome(first.before.dueAt, surroundings.now);
  // Who people are is asked again only for a job whose time has come.
  const result = isDue && arrives ? await updateJob(ports, company, surroundings, job, nothingArrives) : first;
  const proposing = isDue && aloneLong(result.stored.state, surroundings.now);
  const linked =
    isDue || mayHaveTwins(first, company)
      ? await linkTo(ports, company, surroundings, result, proposing)
      : { ...result, joined: 0 };
  sums.changed += Number(first.changed);
  sums.joined += linked.joined;
  sums.sent += await sendIntents(ports, company, linked.stored, linked.send, surroundings.now);
  const { state } = first.stored;
  return [...invoicesBeside(state, arrivals), ...partsLeftBehind(state, arrivals)];
}

const hasCome = (dueAt: string | null, now: string): boolean => dueAt !== null && compareInstants(dueAt, now) <= 0;

/** Long enough alone to be put before a person: until then its twin may be on the way. */
function aloneLong(state: JobState, now: string): boolean {
  const first = state.links.reduce<string | null>((earliest, link) => earlier(earliest, link.at), null);
  return first !== null && compareInstants(addHours(first, hoursAlone), now) <= 0;
}

/**
 * Whether the job's records stand elsewhere than before, or what is known beside their keys has changed; who came to
 * stand beside them looks for twins itself. A message that changed nothing may be one whose first delivery ended
 * between the commit and the look: it looks again.
 */
function mayHaveTwins(
  { before, stored, changed }: Awaited<ReturnType<typeof updateJob>>,
  company: CompanyConfig,
): boolean {
  if (!changed || unitsAway(stored.state).length > 0) return true;
  const standing = (state: JobState): string => canonicalJson([membershipsOf(state, company), besideKeys(state)]);
  return standing(before) !== standing(stored.state);
}

async function arrivalsOf(
  ports: TakeInPorts,
  company: CompanyConfig,
  message: Inbound,
  width: number,
): Promise<Arrived> {
  const none = { again: [], after: [], hints: [], quarantined: 0 };
  switch (message.kind) {
    case "due":
      return { jobs: new Map([[message.job, nothingArrives]]), ...none };
    case "absent":
      return { ...none, ...(await arriveAbsent(ports, message)) };
    case "observations":
      return arrive(
        ports,
        company,
        message,
        message.archived === null ? message.records : await archivedRecords(ports, message.archived),
        width,
      );
  }
}

async function archivedRecords(ports: TakeInPorts, key: string): Promise<readonly ReadRecord[]> {
  const parsed = inboundSchema.parse(JSON.parse(await ports.archive.get(key)));
  if (parsed.kind !== "observations")
    throw new Failure("malformed", `the archived object ${key} holds no observations`);
  return parsed.records;
}

/** Roots that waited for a person are looked at again; parked parts are read again. */
async function lookAgain(
  ports: TakeInPorts,
  company: CompanyConfig,
  arrived: Pick<Arrived, "again" | "hints">,
): Promise<void> {
  const due: Inbound[] = [];
  const parked: string[] = [];
  for (const claim of await ports.claims.load(arrived.again)) {
    // A payment that counts in one job and waited for another's invoice has to come there too: it is read again.
    if (claim.jobs.length === 0 || !isRoot(ports, company, claim.record)) parked.push(claim.record);
    else for (const job of claim.jobs) due.push({ v: 1, kind: "due", company: company.id, job });
  }
  const unique = [...new Map(due.map((message) => [canonicalJson(message), message])).values()];
  if (unique.length > 0) await ports.queues.inbound(unique);
  const hints = [...gatherHints(arrived.hints), ...hintsForParked(company.id, parked)];
  for (const hint of hints) {
    const vendor = connectionOf(company, hint.connection)?.vendor;
    if (vendor) await ports.queues.hints(vendor, [hint]);
  }
}

function isRoot(ports: Pick<TakeInPorts, "describer">, company: CompanyConfig, record: string): boolean {
  const { connection, stream } = parseRecordKey(record);
  const vendor = connectionOf(company, connection)?.vendor;
  return vendor !== undefined && ports.describer(vendor)?.streams[stream]?.role === "root";
}

interface Linked {
  readonly stored: StoredJob;
  readonly joined: number;
  readonly send: readonly string[];
}

/**
 * Looks for the job's twins, and once more when a person it names became known while it looked: whoever reads a person
 * afterwards finds the job among those who name them, because that was entered before this asks.
 */
async function linkTo(
  ports: TakeInPorts,
  company: CompanyConfig,
  surroundings: Surroundings,
  job: Pick<Linked, "stored" | "send">,
  proposing: boolean,
): Promise<Linked> {
  const first = await relink(ports, company, surroundings, job.stored, proposing);
  const linked = first.joined > 0 ? first : { ...first, send: job.send };
  const { state } = linked.stored;
  if (!namesStrangers(state)) return linked;
  const people = await peopleOf(ports, state, company, false);
  if (Object.keys(people).every((key) => state.people[key] !== undefined)) return linked;
  const known = await updateJob(ports, company, surroundings, state.id, nothingArrives);
  const second = await relink(ports, company, surroundings, known.stored, proposing);
  return { ...second, joined: first.joined + second.joined, send: second.joined > 0 ? second.send : known.send };
}

/** Both jobs knew whom their records name: nobody is asked about again. */
const nobodyNew: Arrivals = { observations: {} };

/** Joins the job with those that by evidence are the same work, as long as there are any. */
async function relink(
  ports: TakeInPorts,
  company: CompanyConfig,
  surroundings: Surroundings,
  job: StoredJob,
  proposing: boolean,
): Promise<Linked> {
  let stored = job;
  let joined = 0;
  if (viewOf(stored.state).roots.length === 0) return { stored, joined, send: [] };
  for (let rounds = 0; rounds < 8; rounds++) {
    stored = await settleUnits(ports, company, surroundings, stored);
    const beside = await findTwins(ports, stored.state, company, proposing);
    await askDoubted(ports, company, stored.state, beside);
    const questioned = await questionLinks(ports, company, surroundings, stored, beside.days);
    stored = questioned.stored;
    if (questioned.moved) continue;
    const [twin] = beside.twins;
    if (!twin) break;
    const link = { rule: twin.proposal.rule, evidence: twin.proposal.evidence, batch: null };
    const result = await joinJobs(ports, stored, twin.other, link, company, (state) =>
      contextOf(ports, company, surroundings, state),
    );
    if (result) joined++;
    // Someone else moved one of the two: read again and see whether the wish still stands.
    stored = result ?? (await loadJob(ports.jobs, stored.state.id));
  }
  if (joined === 0) return { stored, joined, send: [] };
  const settled = await updateJob(ports, company, surroundings, stored.state.id, nobodyNew);
  return { stored: settled.stored, joined, send: settled.send };
}

async function contextOf(
  ports: TakeInPorts,
  company: CompanyConfig,
  surroundings: Surroundings,
  state: JobState,
): Promise<Context> {
  return { ...surroundings, held: await heldOf(ports, state, company) };
}
