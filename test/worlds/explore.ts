import { createHash } from "node:crypto";
import { isOpen } from "#shared/domain/break.ts";
import { connectionId, keyOf } from "#test/support/model-run.ts";
import type { SystemClass } from "#test/support/model-systems.ts";
import { type Bounds, begin, ownSteps, statesOf, stepsOf, type World } from "./world.ts";

export interface Explored {
  readonly states: number;
  readonly rests: number;
  readonly longest: number;
  /** States that were found and not gone on from, because the limit was reached. */
  readonly left: number;
  /** The first way into a state that breaks a promise; null when none does. */
  readonly failure: { readonly why: string; readonly path: readonly string[] } | null;
}

interface Node {
  readonly world: World;
  readonly depth: number;
  readonly name: string;
  readonly from: Node | null;
}

/** Breadth first over distinct states, so that the first failure has the shortest story. */
export function explore(
  classes: readonly SystemClass[],
  words: readonly string[],
  bounds: Bounds,
  limit = Number.POSITIVE_INFINITY,
): Explored {
  const first: Node = { world: begin(classes, words, bounds), depth: 0, name: "", from: null };
  const seen = new Set([hashOf(first.world)]);
  let [frontier, rests, longest]: [Node[], number, number] = [[first], 0, 0];
  while (frontier.length > 0) {
    const next: Node[] = [];
    for (const node of frontier) {
      const why = broken(node.world);
      if (why !== null) return { states: seen.size, rests, longest, left: 0, failure: { why, path: pathOf(node) } };
      if (ownSteps(node.world).length === 0) rests++;
      for (const step of stepsOf(node.world, bounds)) {
        const hash = hashOf(step.next);
        if (seen.has(hash)) continue;
        seen.add(hash);
        next.push({ world: step.next, depth: node.depth + 1, name: step.name, from: node });
      }
    }
    if (next.length > 0) longest++;
    if (seen.size >= limit) return { states: seen.size, rests, longest, left: next.length, failure: null };
    frontier = next;
  }
  return { states: seen.size, rests, longest, left: 0, failure: null };
}

function pathOf(node: Node): readonly string[] {
  const path: string[] = [];
  for (let at: Node | null = node; at?.from; at = at.from) path.unshift(at.name);
  return path;
}

/** What is promised, in every state and at rest; null when all of it holds. */
export function broken(world: World): string | null {
  const { model } = world;
  const { job, classes } = model;
  if (world.writes > 2 * (world.people.length + 4)) return "writes go on and on";
  if (job.breaks.some((known) => known.kind === "frozen" && isOpen(known) && ownDoing(world)))
    return "frozen by itself";
  for (const attempt of job.attempts) {
    const planned = job.intents.some(
      (intent) =>
        intent.record.connection === attempt.intent.record.connection && intent.target === attempt.intent.target,
    );
    if (planned) return "planned beside an open attempt";
  }
  if (ownSteps(world).length > 0) return null;
  if (job.attempts.length > 0) return "at rest with an open attempt";
  if (job.breaks.some((known) => known.kind === "frozen" && isOpen(known))) return null;
  const agreed = agreedOf(world);
  if (agreed.length > 0 && !agreed.some((state) => world.held.includes(state))) return "agreed on what nobody held";
  for (const [index, one] of classes.entries()) {
    const why = sideAtRest(world, index, one, agreed);
    if (why) return `${connectionId(index)} (${one.name}): ${why}`;
  }
  return null;
}

/** More flips than people made edits: the system flipped something itself. */
const ownDoing = (world: World): boolean => (world.model.job.flips["work"] ?? []).length > 3;

function agreedOf({ model }: World): readonly string[] {
  const agreed = model.job.fields.work?.agreed;
  return Array.isArray(agreed) ? agreed.map(String) : [];
}

function sideAtRest(world: World, index: number, one: SystemClass, agreed: readonly string[]): string | null {
  const { job, vendors } = world.model;
  const word = vendors[index]?.word ?? "";
  const agrees = statesOf(one, word).some((state) => agreed.includes(state));
  const open = job.breaks.some((known) => isOpen(known) && known.evidence.includes(keyOf(index)));
  const people = world.people[index];
  if (people && people.word !== word && !people.replaced) return `its word ${people.word} went without a write`;
  if (people?.replaced && !job.receipts.some((receipt) => receipt.record.connection === connectionId(index)) && !open)
    return "a person's word was replaced and nothing tells of it";
  if (agrees || one.writes === "none") return null;
  if (one.writes === "task") return open ? null : "only a person can mend it and nothing says so";
  const writable = one.words.some((row) => row.write?.work.some((state) => agreed.includes(state)));
  const refused = job.refusals.some((known) => known.record === keyOf(index));
  return writable && !refused && one.mode !== "observe" ? `rests on ${word} against ${agreed.join(" or ")}` : null;
}

/** A state without what only says how it came to be: absolute times and numbers count by their order alone. */
export function hashOf(world: World): string {
  const { job, vendors, classes, now } = world.model;
  const rank = ranks(world);
  const keys = classes.map((_, index) => keyOf(index));
  const parts = [
    vendors.map((record, index) => [record.word, record.reference, rank.version(index, record.modified)]),
    keys.map((key, index) => {
      const said = job.observations[key]?.said;
      const facts = said?.facts.kind === "job" ? [said.facts.work.word, said.facts.reference] : [];
      return [facts, rank.text(index, said?.version.modified ?? null), rank.read(said?.version.read ?? 0)];
    }),
    job.fields,
    job.bases,
    job.intents.map((one) => [
      one.record.connection,
      one.target,
      one.kind,
      one.read,
      one.wanted,
      one.needsApproval,
      one.approved !== null,
    ]),
    job.attempts.map((one) => [
      [one.intent.record.connection, one.intent.target, one.intent.read, one.intent.wanted],
      [one.state, one.before.shown, one.lagRead === null ? -1 : rank.read(one.lagRead), rank.read(one.before.read)],
      rank.text(Number(one.intent.record.connection.slice(1)) - 1, one.before.modified),
      world.stages[one.intent.id],
    ]),
    job.refusals.map((one) => [one.record, one.target, one.read, one.wanted, one.outcome]),
    job.breaks.map((one) => [one.key, isOpen(one)]),
    Object.values(job.flips).map((flips) =>
      flips
        .map(({ at, from, to }) => ({ age: Date.parse(now) - Date.parse(at), from, to }))
        .filter(({ age }) => age < 3_600_000),
    ),
    world.late && [world.late.index, Object.values(world.late.known).map((known) => rank.read(known.seenRead))],
    world.late &&
      Object.values(world.late.known).map(
        (known) => known.said && [known.said.facts, rank.text(world.late?.index ?? 0, known.said.version.modified)],
      ),
    [world.events, world.faults, world.people, world.held, Math.min(world.writes, 9)],
    receiptsMatter(world),
  ];
  return createHash("sha1").update(JSON.stringify(parts)).digest("base64");
}

const receiptsMatter = (world: World): readonly boolean[] =>
  world.model.classes.map((_, index) =>
    world.model.job.receipts.some((receipt) => receipt.record.connection === connectionId(index)),
  );

/** Versions of a record and numbers of reads by their order: no rule looks at more. */
function ranks(world: World): {
  readonly version: (index: number, modified: number) => number;
  readonly text: (index: number, modified: string | null) => number;
  readonly read: (read: number) => number;
} {
  const { job, vendors } = world.model;
  const late = world.late ? Object.values(world.late.known) : [];
  const reads = new Set<number>([0]);
  const versions = vendors.map((record) => new Set([record.modified]));
  const count = (text: string | null): number => (text === null ? -1 : Number(text.slice(20, 27)));
  const note = (index: number, text: string | null): void => {
    if (text !== null) versions[index]?.add(count(text));
  };
  vendors.forEach((_, index) => {
    const known = job.observations[keyOf(index)];
    reads.add(known?.said?.version.read ?? 0);
    note(index, known?.said?.version.modified ?? null);
  });
  for (const attempt of job.attempts) {
    reads.add(attempt.before.read);
    if (attempt.lagRead !== null) reads.add(attempt.lagRead);
    note(Number(attempt.intent.record.connection.slice(1)) - 1, attempt.before.modified);
  }
  for (const known of late) {
    reads.add(known.seenRead);
    note(world.late?.index ?? 0, known.said?.version.modified ?? null);
  }
  const order = (all: ReadonlySet<number>, value: number): number => [...all].filter((other) => other < value).length;
  return {
    version: (index, modified) => order(versions[index] ?? new Set(), modified),
    text: (index, modified) => (modified === null ? -1 : order(versions[index] ?? new Set(), count(modified))),
    read: (read) => order(reads, read),
  };
}
