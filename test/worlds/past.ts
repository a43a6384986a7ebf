import { recordKey } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import { keyOf } from "#test/support/model-run.ts";
import type { SystemClass } from "#test/support/model-systems.ts";
import { statesOf } from "./understood.ts";

/**
 * What the checks remember of how a world came to be, and no rule looks at: kept apart, because worlds that differ in it
 * alone go on alike and are stepped through once.
 */
export interface Past {
  /** Every state of work any system's people or its beginning really gave it, and every reference. */
  readonly held: readonly string[];
  /** What became of the value each system's people set last, by `index target`; not there: it stands. */
  readonly replaced: Readonly<Record<string, "untold" | "told">>;
  /** Who set the work since all agreed: nobody, one system whose word must win (law 6), or more than can be told. */
  readonly editor: number | "nobody" | "several";
}

type Target = string;

/** What a step does to the past. */
export interface Effect {
  readonly edited: { readonly index: number; readonly target: Target; readonly to: string } | null;
  readonly replaced: { readonly index: number; readonly target: Target } | null;
  /** Records and targets of new receipts. */
  readonly told: readonly string[];
}

export const nothingHappened: Effect = { edited: null, replaced: null, told: [] };

const placeOf = (record: string, target: Target): string => `${record} ${target}`;

/** The receipts that a step gave. */
export function toldBy(before: JobState, now: JobState): readonly string[] {
  const fresh = now.receipts.slice(before.receipts.length);
  return [...new Set(fresh.map(({ record, target }) => placeOf(recordKey(record), target)))].sort();
}

export function beginning(classes: readonly SystemClass[], words: readonly string[]): Past {
  const states = words.flatMap((word, index) => statesOf(classes[index], word));
  return { held: [...new Set(["", ...states])].sort(), replaced: {}, editor: "several" };
}

/** Pure: the past where all systems agree and nothing is under way. */
export function settledPast(past: Past): Past {
  return past.editor === "nobody" ? past : { ...past, editor: "nobody" };
}

/** Pure: the past after a step. */
export function remember(past: Past, effect: Effect, classes: readonly SystemClass[]): Past {
  if (effect === nothingHappened) return past;
  const replaced: Record<string, "untold" | "told"> = { ...past.replaced };
  let { held, editor } = past;
  if (effect.edited) {
    if (effect.edited.target === "status") editor = editorAfter(editor, effect.edited, classes);
    const { index, target, to } = effect.edited;
    delete replaced[placeOf(keyOf(index), target)];
    held = [...new Set([...held, ...(target === "status" ? statesOf(classes[index], to) : [to])])].sort();
  }
  if (effect.replaced) replaced[placeOf(keyOf(effect.replaced.index), effect.replaced.target)] = "untold";
  for (const place of effect.told) if (replaced[place]) replaced[place] = "told";
  const sorted = Object.entries(replaced).sort(([a], [b]) => (a < b ? -1 : 1));
  return { held, replaced: Object.fromEntries(sorted), editor };
}

/** A word that nobody understands, or of a system that may not edit, leaves more than one thing that may be agreed. */
function editorAfter(
  editor: Past["editor"],
  { index, to }: { readonly index: number; readonly to: string },
  classes: readonly SystemClass[],
): Past["editor"] {
  const counts = classes[index]?.editor === true && statesOf(classes[index], to).length > 0;
  return counts && (editor === "nobody" || editor === index) ? index : "several";
}

/** True when the word that this system's people set last is not there any more. */
export function isReplaced(past: Past, index: number): boolean {
  return past.replaced[placeOf(keyOf(index), "status")] !== undefined;
}

/** Records whose people's value was replaced, and no receipt tells of it. */
export function untold(past: Past): readonly string[] {
  return Object.entries(past.replaced).flatMap(([place, how]) => (how === "untold" ? [place.split(" ")[0] ?? ""] : []));
}
