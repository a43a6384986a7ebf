import type { Intent } from "#shared/domain/intent.ts";
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
  observe,
  plannedWrites,
  read,
  readBack,
  setVendor,
} from "#test/support/model-run.ts";
import { factsOf, type ModelRecord, type SystemClass } from "#test/support/model-systems.ts";

/**
 * A small world: one job in two or three systems, people who still have some edits to make, and one thing that may go
 * wrong. The system's own steps (read, write, approve, look) may come in any order between them.
 */
export interface World {
  readonly model: Model;
  /** What may still come from outside: an edit, or a fault as long as there are any left. */
  readonly events: number;
  readonly faults: number;
  /** A reading that was taken and is delivered later: a stale one, if the system is read again meanwhile. */
  readonly late: { readonly index: number; readonly known: Readonly<Record<string, Known>> } | null;
  /** Where the write of an attempt stands; a crashed one waits for the look after the lag. */
  readonly stages: Readonly<Record<string, "committed" | "over">>;
  /** What each system's people set last, and whether one of our writes has replaced it since. */
  readonly people: readonly { readonly word: string; readonly replaced: boolean }[];
  /** Every word any system's people or its beginning really gave it, in states. */
  readonly held: readonly string[];
  readonly writes: number;
}

export interface Step {
  readonly name: string;
  readonly next: World;
}

export interface Bounds {
  /** Events from outside, faults among them. */
  readonly events: number;
  readonly faults: number;
  /** Values people choose from in the second field; none leaves it alone. */
  readonly references: readonly string[];
}

export function begin(classes: readonly SystemClass[], words: readonly string[], bounds: Bounds): World {
  const vendors = words.map((word): ModelRecord => ({ word, reference: "", charge: null, payment: null, modified: 0 }));
  const seen = classes.reduce((model, _, index) => observe(model, index), modelOf(classes, vendors));
  return {
    model: seen,
    events: bounds.events,
    faults: bounds.faults,
    late: null,
    stages: {},
    people: words.map((word) => ({ word, replaced: false })),
    held: [...new Set(words.flatMap((word, index) => statesOf(classes[index], word)))],
    writes: 0,
  };
}

export function statesOf(one: SystemClass | undefined, word: string): readonly string[] {
  if (!one) return [];
  return factsOf(one, { word, reference: "", charge: null, payment: null, modified: 0 }).work.set;
}

/** Everything that may happen next. */
export function stepsOf(world: World, bounds: Bounds): readonly Step[] {
  return [...edits(world, bounds), ...readings(world), ...approvals(world), ...writes(world)];
}

/** What the system still has to do by itself; none: it is at rest. */
export function ownSteps(world: World): readonly Step[] {
  return [...readings(world), ...approvals(world), ...writes(world)].filter(
    (step) => step.next.faults === world.faults,
  );
}

function edits(world: World, bounds: Bounds): readonly Step[] {
  if (world.events === 0) return [];
  return world.model.classes.flatMap((one, index): readonly Step[] => {
    const record = world.model.vendors[index];
    if (!record) return [];
    const words = one.words.filter((row) => row.word !== record.word).map((row) => ({ word: row.word }));
    const texts = one.reference ? bounds.references.filter((text) => text !== record.reference) : [];
    const changes: readonly Partial<ModelRecord>[] = [...words, ...texts.map((reference) => ({ reference }))];
    return changes.map((change) => ({
      name: `s${index + 1} sets ${JSON.stringify(change)}`,
      next: edited(world, index, { ...record, ...change, modified: record.modified + 1 }),
    }));
  });
}

function edited(world: World, index: number, record: ModelRecord): World {
  const one = world.model.classes[index];
  // Half an hour lies between two edits, so that what law 9 freezes is our own doing.
  const now = new Date(Date.parse(world.model.now) + 31 * 60_000).toISOString();
  return {
    ...world,
    model: setVendor({ ...world.model, now }, index, record),
    events: world.events - 1,
    people: world.people.map((known, at) => (at === index ? { word: record.word, replaced: false } : known)),
    held: [...new Set([...world.held, ...statesOf(one, record.word)])],
  };
}

/** True when what is known of a system is not what it holds. */
export function unread(world: World, index: number): boolean {
  const said = world.model.job.observations[keyOf(index)]?.said;
  const record = world.model.vendors[index];
  if (!said || said.facts.kind !== "job" || !record) return true;
  const reference = world.model.classes[index]?.reference ? record.reference : null;
  return said.facts.work.word !== record.word || said.facts.reference !== reference;
}

function readings(world: World): readonly Step[] {
  const steps: Step[] = [];
  world.model.classes.forEach((_, index) => {
    if (!unread(world, index)) return;
    steps.push({ name: `s${index + 1} is read`, next: { ...world, model: observe(world.model, index) } });
    if (!mayFail(world) || world.late !== null) return;
    const { model, known } = read(world.model, index);
    steps.push({
      name: `s${index + 1} is read, delivered late`,
      next: { ...failed(world), model, late: { index, known } },
    });
  });
  if (world.late) {
    const next = { ...world, model: arrive(world.model, world.late.known), late: null };
    steps.push({ name: `the late reading of s${world.late.index + 1} arrives`, next });
  }
  return steps;
}

const mayFail = (world: World): boolean => world.faults > 0 && world.events > 0;
const failed = (world: World): World => ({ ...world, faults: world.faults - 1, events: world.events - 1 });

function approvals(world: World): readonly Step[] {
  return plannedWrites(world.model)
    .filter((intent) => intent.needsApproval && intent.approved === null)
    .map((intent) => ({
      name: `a person approves: ${intent.sentence}`,
      next: { ...world, model: approveIntent(world.model, intent.id) },
    }));
}

function writes(world: World): readonly Step[] {
  const { model, stages } = world;
  const starts = plannedWrites(model)
    .filter((intent) => !intent.needsApproval || intent.approved !== null)
    .map((intent) => {
      const begun = beginWrite(model, intent);
      const next: World = begun.attempt
        ? { ...world, model: begun.model, stages: { ...stages, [intent.id]: "committed" } }
        : { ...world, model: begun.model };
      return { name: `begins: ${intent.sentence}`, next };
    });
  const goes = model.job.attempts.flatMap(({ intent, lagRead }): readonly Step[] => {
    if (stages[intent.id] !== "committed") {
      const looks = lagRead === null || unread(world, indexOf(intent));
      return looks ? [step(world, `looks after the lag: ${intent.sentence}`, lookAfterLag(model, intent), intent)] : [];
    }
    const sent = landed(world, intent);
    const lands = step(sent, `writes: ${intent.sentence}`, readBack(sent.model, intent), intent);
    if (!mayFail(world)) return [lands];
    const fault = failed(world);
    return [
      lands,
      step(fault, `crashes before the request: ${intent.sentence}`, model, intent),
      step(failed(sent), `crashes after the request: ${intent.sentence}`, sent.model, intent),
      step(fault, `answers and changes nothing: ${intent.sentence}`, readBack(model, intent), intent),
    ];
  });
  return [...starts, ...goes];
}

function step(world: World, name: string, model: Model, intent: Intent): Step {
  const open = model.job.attempts.some((attempt) => attempt.intent.id === intent.id);
  const stages = Object.fromEntries(Object.entries(world.stages).filter(([id]) => id !== intent.id));
  return { name, next: { ...world, model, stages: open ? { ...stages, [intent.id]: "over" as const } : stages } };
}

function landed(world: World, intent: Intent): World {
  const index = indexOf(intent);
  const before = world.model.vendors[index];
  const model = land(world.model, intent);
  const replaced = intent.target === "status" && before?.word !== model.vendors[index]?.word;
  return {
    ...world,
    model,
    writes: world.writes + 1,
    people: world.people.map((known, at) => (at === index && replaced ? { ...known, replaced: true } : known)),
  };
}
