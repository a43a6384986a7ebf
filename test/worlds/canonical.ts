import { isOpen } from "#shared/domain/break.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { Word } from "#shared/domain/status.ts";
import { beginningOfTime, keyOf } from "#test/support/model-run.ts";
import { versionOf } from "#test/support/model-systems.ts";
import type { World } from "./world.ts";

/**
 * A world as the rules can tell it from others. Two with the same text go on alike, so that one of them is gone on from.
 * What is left out, and why it cannot matter (test/worlds/reduction.test.ts holds each against worlds that leave out nothing):
 *
 * - Versions and numbers of reads count by their order, record by record: `mergeKnown` compares two readings of one
 *   record, `settleAttempts` a reading with the read before of the same record, and nothing else looks at either.
 * - Instants count as ages: flips leave after an hour, breaks open after their grace. Between two events all is one instant.
 * - An intent's `bound` is made anew at every reconcile from the record's version and what is planned, and its id from
 *   what is planned: both follow from the rest. So does a task, which keeps nothing from one reconcile to the next.
 * - Receipts and the count of what was planned are asked by no rule (but for records yet to be made, of which there are
 *   none here); a resolved break that comes back is open like a new one; the order of refusals and of attempts is that of
 *   their making, and each is looked for by its record.
 */
export function textOf(world: World): string {
  const { job, vendors } = world.model;
  const parts = vendors.map((_, index) => systemText(world, index));
  const rest = [
    [job.fields.work?.agreed ?? null, job.fields.work?.by ?? null],
    [job.fields.reference?.agreed ?? null, job.fields.reference?.by ?? null],
    job.breaks.filter((one) => isOpen(one) || one.state === "waiting").map((one) => [one.key, waitingFor(world, one)]),
    agesOf(world),
    world.wrong,
  ];
  return JSON.stringify([parts, rest]);
}

/** All of one system: what it holds, what is known of it, what is planned and under way there. */
function systemText(world: World, index: number): unknown {
  const { job, vendors, classes } = world.model;
  const [record, one, key] = [vendors[index], classes[index], keyOf(index)];
  if (!record || !one) return null;
  const known = job.observations[key] ?? null;
  const late = world.late?.index === index ? (world.late.known[key] ?? null) : null;
  const attempts = job.attempts.filter(({ intent }) => keyOf(index) === keyFrom(intent.record.connection));
  const versions = new Set([versionOf(one, record), ...attempts.map(({ before }) => before.modified)]);
  const reads = new Set([0]);
  for (const reading of [known, late]) {
    versions.add(reading?.said?.version.modified ?? null);
    reads.add(reading?.seenRead ?? 0);
    reads.add(reading?.said?.version.read ?? 0);
  }
  for (const { before, lagRead } of attempts) reads.add(before.read).add(lagRead ?? 0);
  const hidden = world.hidden[index] ?? null;
  const [version, read] = [places(versions, compareText), places(reads, (a, b) => a - b)];
  const reading = (of: typeof known): unknown =>
    of?.said?.facts.kind === "job"
      ? [
          of.said.facts.work.word,
          of.said.facts.reference,
          version(of.said.version.modified),
          read(of.said.version.read),
          read(of.seenRead),
        ]
      : null;
  return [
    [record.word, record.reference, version(versionOf(one, record))],
    hidden && [hidden.word, hidden.reference, hidden.modified - record.modified],
    reading(known),
    reading(late),
    [wordOf(job.bases.work?.[key]), job.bases.work?.[key]?.ask],
    [job.bases.reference?.[key]?.word, job.bases.reference?.[key]?.ask],
    job.intents
      .filter(({ kind, record: { connection } }) => kind === "write" && keyFrom(connection) === key)
      .map((intent) => [intent.target, intent.read, intent.wanted, intent.needsApproval, intent.approved !== null]),
    attempts
      .map((attempt) => [
        [attempt.intent.target, attempt.intent.read, attempt.intent.wanted, attempt.state, attempt.before.shown],
        [attempt.lagRead === null ? -1 : read(attempt.lagRead), read(attempt.before.read)],
        [version(attempt.before.modified), world.stages[attempt.intent.id]],
      ])
      .sort(byText),
    job.refusals
      .filter((refusal) => refusal.record === key)
      .map(({ target, read: from, wanted, outcome }) => [target, from, wanted, outcome])
      .sort(byText),
    [world.understood[index]?.word, world.understood[index]?.stood],
  ];
}

const keyFrom = (connection: string): string => keyOf(Number(connection.slice(1)) - 1);
const wordOf = (base: { readonly word: unknown } | undefined): unknown =>
  (base?.word as Word<string> | undefined)?.word;
const byText = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
const compareText = (a: string | null, b: string | null): number => ((a ?? "") < (b ?? "") ? -1 : 1);

/** The place of each value among the others. */
function places<Value>(values: ReadonlySet<Value>, compare: (a: Value, b: Value) => number): (value: Value) => number {
  if (values.size === 1) return () => 0;
  const sorted = [...values].sort(compare);
  return (value) => sorted.indexOf(value);
}

const minutesSince = (world: World, instant: string): number =>
  Math.round((Date.parse(world.model.now) - Date.parse(instant)) / 60_000);

function waitingFor(world: World, found: World["model"]["job"]["breaks"][number]): number {
  return found.state === "waiting" && found.opensAt !== null ? Math.max(0, -minutesSince(world, found.opensAt)) : -1;
}

/** Flips of the last hour, field by field: how old each is, and between which values; by whom is only told. */
function agesOf(world: World): readonly unknown[] {
  return Object.entries(world.model.job.flips).flatMap(([field, flips]) => {
    const aged = flips.map(({ at, from, to }) => ({ age: minutesSince(world, at), from, to }));
    const young = aged.filter(({ age }) => age < 60);
    return young.length > 0 ? [[field, young]] : [];
  });
}

/**
 * The same world without what only grows: receipts, resolved breaks, and, where no instant is young enough to count, the
 * hours that have passed. More worlds then stand on one and the same job, and what comes of a reading is worked out once.
 */
export function withoutTraces(world: World): World {
  const waits = world.model.job.breaks.some(({ state }) => state === "waiting");
  const ageless = !waits && agesOf(world).length === 0;
  const job = keptOf(world.model.job, ageless);
  return { ...world, model: { ...world.model, job, now: ageless ? beginningOfTime : world.model.now } };
}

const kept = { ageless: new WeakMap<JobState, JobState>(), aged: new WeakMap<JobState, JobState>() };

function keptOf(job: JobState, ageless: boolean): JobState {
  const known = kept[ageless ? "ageless" : "aged"];
  const found = known.get(job);
  if (found) return found;
  const breaks = job.breaks.filter(({ state }) => state !== "resolved");
  const less: JobState = { ...job, receipts: [], lastChange: null, breaks, ...(ageless ? { flips: {} } : {}) };
  known.set(job, less);
  known.set(less, less);
  return less;
}
