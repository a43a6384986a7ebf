import type { Intent } from "#shared/domain/intent.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { Known } from "#shared/domain/observation.ts";
import {
  approveIntent,
  arrive,
  beginWrite,
  indexOf,
  keyOf,
  land,
  lookAfterLag,
  type Model,
  modelOf,
  observe as observeAnew,
  plannedWrites,
  read,
  readBack,
  setVendor,
} from "#test/support/model-run.ts";
import { type ModelRecord, type SystemClass, written } from "#test/support/model-systems.ts";
import { type Effect, nothingHappened, toldBy } from "./past.ts";
import { begunWrongly, type Understood, understand } from "./understood.ts";

/**
 * A small world: one job in two or three systems. People may edit any of them, one thing may go wrong, and the system's
 * own steps (read, write, approve, look) may come in any order between them.
 */
export interface World {
  readonly model: Model;
  /** A reading that was taken and is delivered later: a stale one, if the system is read again meanwhile. */
  readonly late: { readonly index: number; readonly known: Readonly<Record<string, Known>> } | null;
  /** Where the write of an attempt stands; a crashed one waits for the look after the lag. */
  readonly stages: Readonly<Record<string, "committed" | "over">>;
  /** What a system with a lag holds already while its readings still show what it held before. */
  readonly hidden: readonly (ModelRecord | null)[];
  readonly understood: readonly Understood[];
  /** A promise that the step into this state broke. */
  readonly wrong: string | null;
}

export interface Step {
  readonly name: string;
  readonly next: World;
  /** What it does to what the checks remember. */
  readonly effect: Effect;
  readonly fault: boolean;
}

/** What may come from outside, beside edits of the words. */
export interface Bounds {
  /** Events from outside, faults among them. */
  readonly events: number;
  readonly faults: number;
  /** Of the events, so many may come to worlds in which nothing was read yet. */
  readonly openings: number;
  /** Values people choose from in the second field; none leaves it alone. */
  readonly references: readonly string[];
  /** Minutes between two events: more than an hour, and law 9 sees each alone. */
  readonly minutesApart: number;
  /** Hours a break waits before it opens. */
  readonly graceHours: number;
}

export const usual: Omit<Bounds, "events" | "openings"> = {
  faults: 1,
  references: [],
  minutesApart: 61,
  graceHours: 0,
};

/** Nothing was read yet: what the systems hold is seen for the first time. */
export function unseen(classes: readonly SystemClass[], words: readonly string[], bounds: Bounds): World {
  const vendors = words.map((word): ModelRecord => ({ word, reference: "", charge: null, payment: null, modified: 0 }));
  return {
    model: modelOf(classes, vendors, { graceHours: { default: bounds.graceHours } }),
    late: null,
    stages: {},
    hidden: words.map(() => null),
    understood: words.map(() => ({ word: null, stood: false })),
    wrong: null,
  };
}

/** Every system was read once. */
export function seen(world: World): World {
  return world.model.classes.reduce((known, _, index) => after(known, observe(known.model, index)), world);
}

/** The world with another model, and what its checks understand of it. */
function after(world: World, model: Model, more: Partial<World> = {}): World {
  return { ...world, wrong: null, ...more, model, understood: understand(world.understood, world.model.job, model) };
}

function own(world: World, name: string, model: Model, more: Partial<World> = {}, effect: Partial<Effect> = {}): Step {
  const told = toldBy(world.model.job, model.job);
  return { name, next: after(world, model, more), effect: { ...nothingHappened, ...effect, told }, fault: false };
}

/** An event from outside: time has passed since the one before. */
function event(step: Step, minutes: number, fault: boolean): Step {
  return { ...step, fault, next: { ...step.next, model: passed(step.next.model, minutes) } };
}

function passed(model: Model, minutes: number): Model {
  return { ...model, now: new Date(Date.parse(model.now) + minutes * 60_000).toISOString() };
}

/** What the system does by itself; none: it is at rest. */
export function ownSteps(world: World): readonly Step[] {
  return [
    ...readings(world),
    ...approvals(world),
    ...starts(world),
    ...goesOn(world),
    ...shows(world),
    ...waits(world),
  ];
}

/** What people do, and what goes wrong. */
export function outerSteps(world: World, bounds: Bounds): readonly Step[] {
  const minutes = bounds.minutesApart;
  const edited = edits(world, bounds).map((step) => event(step, minutes, false));
  if (bounds.faults === 0) return edited;
  return [...edited, ...[...lateReadings(world), ...crashes(world)].map((step) => event(step, minutes, true))];
}

function edits(world: World, bounds: Bounds): readonly Step[] {
  return world.model.classes.flatMap((one, index): readonly Step[] => {
    const held = world.hidden[index] ?? world.model.vendors[index];
    if (!held) return [];
    const words = [...one.words.map((row) => row.word), ...(one.unlisted ?? [])].filter((word) => word !== held.word);
    const texts = one.reference ? bounds.references.filter((text) => text !== held.reference) : [];
    return [
      ...words.map((word) => edit(world, index, { ...held, word, modified: held.modified + 1 }, "status")),
      ...texts.map((text) =>
        edit(world, index, { ...held, reference: text, modified: held.modified + 1 }, "reference"),
      ),
    ];
  });
}

function edit(world: World, index: number, record: ModelRecord, target: "status" | "reference"): Step {
  const to = target === "status" ? record.word : record.reference;
  const isHidden = Boolean(world.hidden[index]);
  const model = isHidden ? world.model : setVendor(world.model, index, record);
  const hidden = isHidden ? world.hidden.map((known, at) => (at === index ? record : known)) : world.hidden;
  const effect = { edited: { index, target, to } };
  return own(world, `s${index + 1} sets ${target} to ${JSON.stringify(to)}`, model, { hidden }, effect);
}

/** True when what is known of a system is not what it shows. */
export function unread(world: World, index: number): boolean {
  const said = world.model.job.observations[keyOf(index)]?.said;
  const record = world.model.vendors[index];
  if (!said || said.facts.kind !== "job" || !record) return true;
  const reference = world.model.classes[index]?.reference ? record.reference : null;
  return said.facts.work.word !== record.word || said.facts.reference !== reference;
}

/** Of a job and a reading, what comes of them: edits elsewhere leave the job as it is, and the same is read again there. */
const observed = new WeakMap<JobState, Map<string, JobState>>();

function observe(model: Model, index: number): Model {
  const record = model.vendors[index];
  const text = `${index} ${model.reads} ${model.now} ${record?.word} ${record?.reference} ${record?.modified}`;
  const known = observed.get(model.job) ?? new Map<string, JobState>();
  const job = known.get(text);
  if (job) return { ...model, job, reads: model.reads + 1 };
  const next = observeAnew(model, index);
  observed.set(model.job, known.set(text, next.job));
  return next;
}

const unreadSystems = (world: World): readonly number[] =>
  world.model.classes.flatMap((_, index) => (unread(world, index) ? [index] : []));

function readings(world: World): readonly Step[] {
  const now = unreadSystems(world).map((index) => own(world, `s${index + 1} is read`, observe(world.model, index)));
  if (!world.late) return now;
  const { index, known } = world.late;
  const arrives = own(world, `the late reading of s${index + 1} arrives`, arrive(world.model, known), { late: null });
  return [...now, arrives];
}

function lateReadings(world: World): readonly Step[] {
  if (world.late !== null) return [];
  return unreadSystems(world).map((index) => {
    const { model, known } = read(world.model, index);
    return own(world, `s${index + 1} is read, delivered late`, model, { late: { index, known } });
  });
}

function approvals(world: World): readonly Step[] {
  return plannedWrites(world.model)
    .filter((intent) => intent.needsApproval && intent.approved === null)
    .map((intent) => own(world, `a person approves: ${intent.sentence}`, approveIntent(world.model, intent.id)));
}

/** Writes that nobody has to agree to any more: begun in any order, whatever quiet period they would wait. */
function starts(world: World): readonly Step[] {
  return plannedWrites(world.model)
    .filter((intent) => !intent.needsApproval || intent.approved !== null)
    .map((intent) => {
      const begun = beginWrite(world.model, intent);
      const name = `begins: ${intent.sentence}`;
      if (!begun.attempt) return own(world, name, begun.model);
      const stages = { ...world.stages, [intent.id]: "committed" as const };
      return own(world, name, begun.model, { stages, wrong: begunWrongly(world, intent) });
    });
}

/** The request, its answer and its read-back in one, and the look after the lag where that did not end the attempt. */
function goesOn(world: World): readonly Step[] {
  const { model, stages } = world;
  return model.job.attempts.flatMap(({ intent, lagRead }): readonly Step[] => {
    if (stages[intent.id] === "committed") {
      const sent = landed(world, intent);
      return [write(world, sent, `writes: ${intent.sentence}`, readBack(sent.model, intent), intent)];
    }
    // The lag is over when a lagging system shows what it holds.
    const waits = world.hidden[indexOf(intent)] ?? (lagRead !== null && !unread(world, indexOf(intent)));
    if (waits) return [];
    return [write(world, world, `looks after the lag: ${intent.sentence}`, lookAfterLag(model, intent), intent)];
  });
}

function crashes(world: World): readonly Step[] {
  return world.model.job.attempts.flatMap(({ intent }): readonly Step[] => {
    if (world.stages[intent.id] !== "committed") return [];
    const sent = landed(world, intent);
    return [
      write(world, world, `crashes before the request: ${intent.sentence}`, world.model, intent),
      write(world, sent, `crashes after the request: ${intent.sentence}`, sent.model, intent),
      write(world, world, `answers and changes nothing: ${intent.sentence}`, readBack(world.model, intent), intent),
    ];
  });
}

/** `sent`: the world with what the vendor has taken by then. */
function write(world: World, sent: World, name: string, model: Model, intent: Intent): Step {
  const open = model.job.attempts.some((attempt) => attempt.intent.id === intent.id);
  const others = Object.fromEntries(Object.entries(world.stages).filter(([id]) => id !== intent.id));
  const stages = open ? { ...others, [intent.id]: "over" as const } : others;
  const index = indexOf(intent);
  const replaced = holds(sent, index) === holds(world, index) ? null : { index, target: intent.target };
  return own(world, name, model, { stages, hidden: sent.hidden }, { replaced });
}

const holds = (world: World, index: number): ModelRecord | undefined =>
  world.hidden[index] ?? world.model.vendors[index];

function landed(world: World, intent: Intent): World {
  const index = indexOf(intent);
  const held = holds(world, index);
  const takes = world.model.classes[index]?.takes ?? "at-once";
  if (takes === "never" || !held) return world;
  if (takes === "at-once") return { ...world, model: land(world.model, intent) };
  return { ...world, hidden: world.hidden.map((known, at) => (at === index ? written(held, intent) : known)) };
}

/** A vendor's lag passes. */
function shows(world: World): readonly Step[] {
  return world.hidden.flatMap((record, index): readonly Step[] => {
    if (!record) return [];
    const hidden = world.hidden.map((known, at) => (at === index ? null : known));
    return [own(world, `s${index + 1} shows what it holds`, setVendor(world.model, index, record), { hidden })];
  });
}

/** What waits for time alone: a break in its grace, a field that is frozen. */
function waits(world: World): readonly Step[] {
  const { breaks } = world.model.job;
  const waiting = breaks.some(({ kind, state }) => state === "waiting" || (kind === "frozen" && state !== "resolved"));
  if (!waiting) return [];
  const later = passed(world.model, 61);
  return [own(world, "an hour passes", arrive(later, {}))];
}
