import { type Break, isOpen } from "#shared/domain/break.ts";
import { connectionId, keyOf } from "#test/support/model-run.ts";
import type { SystemClass } from "#test/support/model-systems.ts";
import { isReplaced, type Past, untold } from "./past.ts";
import { agreedOn, statesOf, wordRead } from "./understood.ts";
import type { World } from "./world.ts";

/** What is promised of every state; the promises of rest hold where the system has nothing left to do. */
export interface Held {
  readonly broken: readonly string[];
  readonly rest: boolean;
  /** At rest: what is agreed, field by field, which somebody must have held. */
  readonly agreed: readonly (readonly string[])[];
  /** At rest: the systems whose word agrees. */
  readonly agree: readonly number[];
  /** At rest: all of them do. */
  readonly settled: boolean;
  /** At rest: records that an open break speaks of. */
  readonly shown: readonly string[];
  /** Flips of the field that flipped most within the hour. */
  readonly flips: number;
}

/** What the world alone shows, whatever happened before. */
export function promisesOf(world: World, rest: boolean): Held {
  const { job, classes } = world.model;
  const broken: string[] = world.wrong === null ? [] : [world.wrong];
  for (const { intent } of job.attempts) {
    const beside = job.intents.some(
      (one) => one.record.connection === intent.record.connection && one.target === intent.target,
    );
    if (beside) broken.push("planned beside an open attempt");
  }
  const flips = Math.max(0, ...Object.values(job.flips).map((known) => known.length));
  if (!rest) return { broken, rest, agreed: [], agree: [], settled: false, shown: [], flips };
  if (job.attempts.length > 0) broken.push("at rest with an open attempt");
  classes.forEach((one, index) => {
    const wrong = [...workAtRest(world, index, one), ...referenceAtRest(world, index, one)];
    broken.push(...wrong.map((why) => `${connectionId(index)} (${one.name}): ${why}`));
  });
  const shown = job.breaks
    .filter((known) => isOpen(known) && known.kind !== "frozen")
    .flatMap((known) => known.evidence);
  const agreed = [agreedOn(job, "work"), agreedOn(job, "reference")].filter((states) => states.length > 0);
  const agree = classes.flatMap((one, index) => (agreesAt(world, index, one) ? [index] : []));
  return { broken, rest, agreed, agree, settled: agree.length === classes.length, shown, flips };
}

function agreesAt({ model }: World, index: number, one: SystemClass): boolean {
  const agreed = agreedOn(model.job, "work");
  return statesOf(one, wordRead(model.job, index) ?? "").some((state) => agreed.includes(state));
}

/** What is broken in the light of what happened: `events` came from outside by then. */
export function brokenBy(held: Held, past: Past, events: number): readonly string[] {
  const broken = [...held.broken];
  if (held.flips > events) broken.push("a field flipped more often than anybody set it");
  if (!held.rest) return broken;
  for (const states of held.agreed)
    if (!states.some((state) => past.held.includes(state))) broken.push("agreed on what nobody held");
  const { editor } = past;
  if (typeof editor === "number" && (!held.agree.includes(editor) || isReplaced(past, editor)))
    broken.push("the only edit did not win");
  for (const record of untold(past))
    if (!held.shown.includes(record)) broken.push("a person's value was replaced and nothing tells of it");
  return broken;
}

const breakAt = (world: World, index: number, target: string): Break | undefined =>
  world.model.job.breaks.find((known) => known.key === `${target}:${keyOf(index)}` && isOpen(known));

function workAtRest(world: World, index: number, one: SystemClass): readonly string[] {
  const { job } = world.model;
  const word = wordRead(job, index) ?? "";
  const [states, agreed] = [statesOf(one, word), agreedOn(job, "work")];
  if (states.length === 0 || agreed.length === 0 || agreesAt(world, index, one)) return [];
  const open = breakAt(world, index, "status");
  const broken: string[] = [];
  if (!world.understood[index]?.stood && !open) broken.push("its word never stood and nothing says so");
  if (one.writes === "task" && !open) broken.push("only a person can mend it and nothing says so");
  const writable = one.words.some((row) => row.write?.work.some((state) => agreed.includes(state)));
  if (!writable || one.writes !== "api" || one.mode === "observe") return broken;
  if (!isRefused(world, index, "status")) broken.push(`rests on ${word} against ${agreed.join(" or ")}`);
  else if (!open) broken.push("a write did not take and nothing says so");
  return broken;
}

/** An empty text is never written over another one: it may be filled, not emptied. */
function referenceAtRest(world: World, index: number, one: SystemClass): readonly string[] {
  if (!one.reference || one.writes !== "api" || one.mode === "observe") return [];
  const text = world.model.vendors[index]?.reference ?? "";
  const [agreed = ""] = agreedOn(world.model.job, "reference");
  if (agreed === "" || agreed === text || isRefused(world, index, "reference")) return [];
  return [`rests on reference ${text || "none"} against ${agreed}`];
}

const isRefused = (world: World, index: number, target: string): boolean =>
  world.model.job.refusals.some((known) => known.record === keyOf(index) && known.target === target);
