import type { Demo, DemoEdit, Truth } from "#local/demo/demo.ts";
import { carryOut, copyOf, instantsOf, openingOf, type Standing } from "./fold.ts";
import { stepOf } from "./writes.ts";

/**
 * A quiet job must stay quiet whoever reads first: at every instant, whichever of the records that changed then is seen
 * and whichever is not yet, nothing is to be written and nothing disagrees.
 */
export function readingProblems(demo: Demo): string[] {
  const quiet = demo.truth.filter((truth) => truth.story === null && truth.records.length > 1);
  const standing = openingOf(demo);
  const problems: string[] = [];
  for (const truth of quiet) problems.push(...disturbed(demo, truth, demo.start, standing, standing));
  for (const [now, edits] of instantsOf(demo)) {
    const before = copyOf(standing);
    for (const edit of edits) carryOut(standing, edit);
    const touched = quiet.filter(
      (truth) => truth.number !== null && edits.some((edit) => edit.label.startsWith(truth.number ?? "-")),
    );
    for (const truth of touched)
      for (const partly of partialReadings(truth, before, edits))
        problems.push(...disturbed(demo, truth, now, partly, before));
    for (const truth of touched) problems.push(...disturbed(demo, truth, now, standing, before));
  }
  return [...new Set(problems)];
}

function disturbed(demo: Demo, truth: Truth, now: string, standing: Standing, before: Standing): string[] {
  const { writes, breaks } = stepOf({ demo, truth, now, standing, before });
  const said = [...writes.map((write) => `would write ${JSON.stringify(write.fields)}`), ...breaks];
  return said.map((what) => `${truth.number} at ${now}: ${what}`);
}

/** The states a reader may see between two instants: each account's edits seen or not yet. */
function partialReadings(truth: Truth, before: Standing, edits: readonly DemoEdit[]): Standing[] {
  const mine = edits.filter(
    (edit) => edit.label.startsWith(truth.number ?? "-") || truth.records.some((record) => record.id === edit.key),
  );
  const kinds = [...new Set(mine.map((edit) => `${edit.account} ${edit.collection}`))];
  // A job that is only just entered has nothing to be changed from: first sight is never an edit.
  if (mine.some((edit) => edit.op === "create" && truth.records.some((record) => record.id === edit.key))) return [];
  const readings: Standing[] = [];
  for (let seen = 1; seen < 2 ** kinds.length - 1; seen++) {
    const state = copyOf(before);
    for (const edit of mine) {
      if ((seen >> kinds.indexOf(`${edit.account} ${edit.collection}`)) & 1) carryOut(state, edit);
    }
    readings.push(state);
  }
  return readings;
}
