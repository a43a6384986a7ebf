import type { Page } from "#shared/connectors/connector.ts";
import { Failure } from "#shared/domain/failure.ts";
import { digestOf, recordKey } from "#shared/domain/ids.ts";
import { isGone } from "#shared/domain/observation.ts";
import type { Hint } from "#shared/messages/hint.ts";
import { nextRead, sweepHours, tryAgainAt } from "./due-times.ts";
import { fitting } from "./forward.ts";
import { unattachedTo } from "./jobless.ts";
import type { ClaimStore, JobStore, SweepStore } from "./ports.ts";
import { answerOf, changeFeed, failing, isOfJobs, leastTimeMs, type Readable, type ReadingPorts } from "./reading.ts";
import { type Absence, judgeMissing, provenBy } from "./sweep-absence.ts";

/**
 * What finds anything a message, a webhook or a poll has lost: a whole stream listed and compared with what the job
 * items hold, never with the manifest, which says what was handed on and not what arrived. Differences become hints;
 * absence is concluded by law 4.
 */
export interface SweepPorts extends ReadingPorts {
  readonly jobs: Pick<JobStore, "list">;
  readonly claims: Pick<ClaimStore, "load">;
  readonly sweeps: SweepStore;
}

export interface SweepResult {
  readonly outcome: "done" | "asks" | "failed";
  readonly listed: number;
  readonly known: number;
  /** Records the job items do not hold, or hold otherwise. */
  readonly differing: number;
  readonly missing: number;
  readonly concluded: number;
  readonly proven: boolean;
  readonly failure: Failure | null;
  readonly dueAt: string;
}

/** Ids in one hint; the poller reads them in the vendor's own portions. */
const hintIds = 200;
const claimsAtOnce = 100;

/**
 * Sweeps one stream. Known records are gathered before the list is asked for, so that one made meanwhile is never
 * missed from it. A vendor's failure is said on the feed and the sweep is due again; our own failures throw.
 */
export async function sweepStream(ports: SweepPorts, readable: Readable): Promise<SweepResult> {
  const { connection, spec } = readable;
  const known = isOfJobs(spec) ? await knownRecords(ports, readable) : new Map<string, string | null>();
  const read = await ports.reads.take(connection.id, spec.name);
  const startedAt = await ports.clock.now();
  const listed = await answerOf(() => listAll(ports, readable));
  if (listed instanceof Failure) return failedSweep(ports, readable, listed, known.size);
  const differing = await differingRecords(ports, readable, listed, known);
  await hint(ports, readable, differing);
  const before = await ports.sweeps.load(connection.id, spec.name);
  const held = await heldOutside(ports, readable, listed, known);
  const knowing = known.size + held.length;
  const judged = judgeMissing({
    absence: spec.absence,
    missing: [...[...known.keys()].filter((id) => !listed.ids.has(id)), ...held],
    known: knowing,
    proven: listed.proven,
    scope: listed.scope,
    now: startedAt,
    before,
  });
  await conclude(ports, readable, judged, read, startedAt);
  return ended(ports, readable, startedAt, judged, {
    listed: listed.ids.size,
    known: knowing,
    differing: differing.length,
    proven: listed.proven,
  });
}

/** Digests of the stream's records as the job items hold them, but for those known to be gone. */
async function knownRecords(ports: SweepPorts, readable: Readable): Promise<ReadonlyMap<string, string | null>> {
  const { connection, spec } = readable;
  const prefix = recordKey({ connection: connection.id, stream: spec.name, id: "" });
  const known = new Map<string, string | null>();
  let next: string | null = null;
  do {
    const page: Awaited<ReturnType<JobStore["list"]>> = await ports.jobs.list(next);
    for (const { state } of page.jobs) {
      for (const [key, record] of Object.entries(state.observations)) {
        const ours = key.startsWith(prefix) && !isGone(record);
        if (ours) known.set(key.slice(prefix.length), record.said?.digest ?? null);
      }
    }
    next = page.next;
  } while (next !== null);
  return known;
}

interface Listed {
  /** Digest by id; null for a record that is there and does not fit. */
  readonly ids: ReadonlyMap<string, string | null>;
  readonly proven: boolean;
  readonly scope: string;
}

async function listAll(ports: SweepPorts, readable: Readable): Promise<Listed> {
  const { connection, reader, spec } = readable;
  const client = await readable.client("sweep");
  const ids = new Map<string, string | null>();
  const pages: Pick<Page, "total" | "unfit" | "dropped">[] = [];
  let next: string | null = null;
  do {
    if (ports.timeLeftMs() < leastTimeMs) throw new Failure("transient", "the sweep's time was over before its list");
    const page: Page = await reader.page(client, { stream: spec.name, next, since: null });
    const { records, unfit } = fitting(page, spec);
    for (const record of records) ids.set(record.id, digestOf(record.raw));
    for (const one of unfit) if (one.id !== null) ids.set(one.id, null);
    pages.push({ total: page.total, unfit: page.unfit, dropped: page.dropped });
    next = page.next;
  } while (next !== null);
  return { ids, proven: provenBy(pages, ids.size), scope: digestOf([connection, client.secret]) };
}

/** Ids whose record no job item holds as the vendor shows it, and none else accounts for. */
async function differingRecords(
  ports: SweepPorts,
  readable: Readable,
  listed: Listed,
  known: ReadonlyMap<string, string | null>,
): Promise<readonly string[]> {
  const fits = [...listed.ids].filter((entry): entry is [string, string] => entry[1] !== null);
  const differing = fits.filter(([id, digest]) => known.has(id) && known.get(id) !== digest).map(([id]) => id);
  const elsewhere = fits.filter(([id]) => !known.has(id));
  for (let start = 0; start < elsewhere.length; start += claimsAtOnce) {
    const some = elsewhere.slice(start, start + claimsAtOnce);
    const claims = await ports.claims.load(some.map(([id]) => keyOf(readable, id)));
    for (const [index, [id, digest]] of some.entries()) {
      // A person, a parked record: no job holds it, its claim has the digest of what was taken in.
      if (claims[index]?.digest !== digest) differing.push(id);
    }
  }
  return differing;
}

/**
 * Missing payments and invoices that no job holds and that are still listed as unattached. What was ever handed on
 * names those to ask for; their claims, which say what arrived, decide.
 */
async function heldOutside(
  ports: SweepPorts,
  readable: Readable,
  listed: Listed,
  known: ReadonlyMap<string, string | null>,
): Promise<readonly string[]> {
  const { connection, spec } = readable;
  if (spec.role !== "part" || spec.absence !== "by-id" || !listed.proven) return [];
  const handedOn = await ports.manifest.load(connection.id, spec.name);
  const unlisted = [...handedOn.keys()].filter((id) => !listed.ids.has(id) && !known.has(id));
  const held: string[] = [];
  for (let start = 0; start < unlisted.length; start += claimsAtOnce) {
    const some = unlisted.slice(start, start + claimsAtOnce);
    const claims = await ports.claims.load(some.map((id) => keyOf(readable, id)));
    held.push(...some.filter((_id, index) => unattachedTo(claims[index] ?? {}) !== undefined));
  }
  return held;
}

function keyOf({ connection, spec }: Readable, id: string): string {
  return recordKey({ connection: connection.id, stream: spec.name, id });
}

async function hint(ports: SweepPorts, readable: Readable, ids: readonly string[]): Promise<void> {
  const { company, connection, spec } = readable;
  const hints: Hint[] = [];
  for (let start = 0; start < ids.length; start += hintIds) {
    const some = ids.slice(start, start + hintIds);
    const named = { v: 1 as const, company, connection: connection.id, stream: spec.name };
    hints.push({ ...named, kind: "records", ids: some, why: "sweep", purpose: "sweep" });
  }
  if (hints.length > 0) await ports.queues.hints(connection.vendor, hints);
}

async function conclude(
  ports: SweepPorts,
  readable: Readable,
  judged: Absence,
  read: number,
  at: string,
): Promise<void> {
  const { company, connection, spec } = readable;
  await hint(ports, readable, judged.readById);
  if (judged.unseen.length > 0) {
    const said = { v: 1 as const, kind: "absent" as const, company, connection: connection.id, stream: spec.name };
    await ports.queues.inbound([{ ...said, ids: [...judged.unseen], read, at, how: "unseen" }]);
  }
  // After the queue has it: a crash in between concludes once more, which changes nothing.
  if (judged.next !== null) await ports.sweeps.save(connection.id, spec.name, judged.next);
}

async function ended(
  ports: SweepPorts,
  readable: Readable,
  startedAt: string,
  judged: Absence,
  counts: Pick<SweepResult, "listed" | "known" | "differing" | "proven">,
): Promise<SweepResult> {
  const { connection, spec } = readable;
  const now = await ports.clock.now();
  const feed = await ports.feeds.load(connection.id, spec.name);
  if ((feed.question ?? null) !== judged.question) {
    await changeFeed(ports, readable, (before) => ({ ...before, question: judged.question }));
  }
  const dueAt = nextRead(startedAt, now, sweepHours(connection) * 60);
  await schedule(ports, readable, dueAt);
  const concluded = judged.unseen.length + judged.readById.length;
  const outcome = judged.question === null ? "done" : "asks";
  return { ...counts, outcome, missing: judged.missing, concluded, failure: null, dueAt };
}

async function failedSweep(
  ports: SweepPorts,
  readable: Readable,
  failure: Failure,
  known: number,
): Promise<SweepResult> {
  const now = await ports.clock.now();
  const feed = await changeFeed(ports, readable, (before) => failing(before, failure, now));
  const dueAt = tryAgainAt(failure, now, feed.failingSince ?? now);
  await schedule(ports, readable, dueAt);
  const none = { listed: 0, differing: 0, missing: 0, concluded: 0, proven: false };
  return { ...none, outcome: "failed", known, failure, dueAt };
}

async function schedule(ports: SweepPorts, { company, connection, spec }: Readable, dueAt: string): Promise<void> {
  await ports.due.schedule({ company, kind: "sweep", name: `${connection.id}/${spec.name}`, dueAt });
}
