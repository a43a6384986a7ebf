import type { Intent } from "#shared/domain/intent.ts";
import type { JobState } from "#shared/domain/job.ts";
import { connectionId, indexOf, keyOf, type Model } from "#test/support/model-run.ts";
import { factsOf, type SystemClass } from "#test/support/model-systems.ts";
import type { World } from "./world.ts";

/** What the checks make of a system's word by themselves, without asking the merge's own base and `ask`. */
export interface Understood {
  /** The last word that was read and is known to the vocabulary. */
  readonly word: string | null;
  /** Since it was read it has agreed with what was agreed at least once, or is our own write. */
  readonly stood: boolean;
}

/** The states a word means; none for one that the vocabulary does not know. */
export function statesOf(one: SystemClass | undefined, word: string): readonly string[] {
  if (!one?.words.some((row) => row.word === word)) return [];
  return factsOf(one, { word, reference: "", charge: null, payment: null, modified: 0 }).work.set;
}

export function agreedOn(job: JobState, field: "work" | "reference"): readonly string[] {
  const agreed = job.fields[field]?.agreed;
  if (typeof agreed === "string") return [agreed];
  return Array.isArray(agreed) ? agreed.map(String) : [];
}

export function wordRead(job: JobState, index: number): string | null {
  const facts = job.observations[keyOf(index)]?.said?.facts;
  return facts?.kind === "job" ? facts.work.word : null;
}

/**
 * A word stands once another system agrees with it too, or an edit has made what is agreed: at first sight nobody knows
 * who edited what, and a system that is seen alone agrees with itself alone. Each first sight opens the question again,
 * until somebody edits.
 */
export function understand(before: readonly Understood[], job: JobState, model: Model): readonly Understood[] {
  if (job === model.job) return before;
  const agreed = agreedOn(model.job, "work");
  // Who says what nobody understands still counts with the last word that was understood.
  const words = before.map((known, index) =>
    isBlind(model, index) ? known.word : (understoodWord(model, index) ?? known.word),
  );
  const agrees = words.map((word, index) =>
    statesOf(model.classes[index], word ?? "").some((state) => agreed.includes(state)),
  );
  const edited = (model.job.fields.work?.by ?? []).length > 0;
  const opens = !edited && before.some(({ word }, index) => word === null && words[index] !== null);
  const supported = edited || agrees.filter(Boolean).length > 1;
  return before.map((known, index) => {
    const word = words[index] ?? null;
    const keeps = !opens && known.word === word && known.stood;
    const stood = keeps || isOurs(job, model.job, index) || (supported && agrees[index] === true);
    return stood === known.stood && word === known.word ? known : { word, stood };
  });
}

/**
 * While a write is under way a word is not judged, and whether somebody set it and set it back is told by the version
 * alone; one that tells no more than days apart cannot (docs/merge.md, "What this does not promise").
 */
function isBlind({ job, classes }: Model, index: number): boolean {
  return classes[index]?.coarseVersion === true && job.attempts.some(({ intent }) => indexOf(intent) === index);
}

function understoodWord({ job, classes }: Model, index: number): string | null {
  const word = wordRead(job, index);
  return word !== null && statesOf(classes[index], word).length > 0 ? word : null;
}

/** The step saw a write of ours there. */
function isOurs(before: JobState, now: JobState, index: number): boolean {
  return now.receipts
    .slice(before.receipts.length)
    .some(
      ({ record, target, outcome }) =>
        record.connection === connectionId(index) && target === "status" && outcome === "applied",
    );
}

/** The promise that a write breaks by being begun; null when it may. What is asked here is asked of no rule. */
export function begunWrongly(world: World, intent: Intent): string | null {
  const index = indexOf(intent);
  const one = world.model.classes[index];
  if (!one || one.writes !== "api" || one.mode === "observe") return "written though nothing may be written there";
  if (intent.approved !== null) return null;
  if (one.mode !== "apply") return "written unasked where everything is proposed";
  if (intent.target !== "status") return null;
  if (statesOf(one, intent.read).length === 0) return "written over a word that nobody understands";
  return world.understood[index]?.stood ? null : "written unasked over a word that never stood";
}
