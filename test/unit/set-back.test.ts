import { describe, expect, test } from "vitest";
import type { Attempt } from "#shared/domain/intent.ts";
import type { JobState } from "#shared/domain/job.ts";
import { nothingArrives, reconcile } from "#shared/pipeline/reconcile.ts";
import { systemClasses } from "#test/support/model-systems.ts";
import { root } from "#test/support/money-view.ts";
import { at, contextAt, job, link, office, read, says } from "#test/support/one-job.ts";

/** The office completed a job, and the branch was told: what its records show after the vendor's lag. */
const classes = [systemClasses.writable, systemClasses.writable];
const branchSays = (word: string, modified: string | null, number: number) =>
  read("s2/jobs/1", { ...root({}).facts, ...says(word) }, 1, { version: { modified, read: number } });

/** Where the one answered write stands that was planned from "Working", before anything of it was read. */
function written(modified: string | null): JobState {
  const observations = { ...office(says("Working")), ...branchSays("Working", modified, 1) };
  const agreed = reconcile(
    job({}, { links: [link("s1/jobs/1"), link("s2/jobs/1")] }),
    { observations },
    contextAt(0, classes),
  ).state;
  const { state } = reconcile(agreed, { observations: office(says("Completed"), 2) }, contextAt(1, classes));
  const [intent, ...more] = state.intents;
  if (!intent || more.length > 0) throw new Error("not one write is planned");
  const attempt: Attempt = {
    ...{ intent, number: 1, startedAt: at(1), before: { modified, read: 3, shown: "Working" }, state: "unverified" },
    ...{ dueAt: at(1), lagRead: 9, requestId: "r" },
  };
  return { ...state, intents: [], attempts: [attempt] };
}

/** What came of it, and what is planned then, at once and days later. */
function after(before: string | null, modified: string | null) {
  const context = (hours: number) => contextAt(hours, classes);
  const { state } = reconcile(written(before), { observations: branchSays("Working", modified, 9) }, context(2));
  const planned = (of: JobState) => of.intents.map((one) => [one.read, one.wanted, one.needsApproval]);
  return {
    outcomes: state.receipts.map((one) => one.outcome),
    planned: planned(state),
    later: planned(reconcile(state, nothingArrives, context(100)).state),
    open: state.breaks.map((one) => one.key),
  };
}

describe("a write that was answered and does not show", () => {
  const asked = [["Working", "Completed", true]];
  test("under the version that stood did not take: it is not planned again, and its break stays", () =>
    expect(after(at(1), at(1))).toEqual({
      ...{ outcomes: ["ignored"], planned: [], later: [], open: ["status:s2/jobs/1"] },
    }));
  test.each([
    ["a newer version was set back: a person is asked whether to set it once more", at(1), at(8)],
    ["no version may have been set back: so too", null, null],
  ])("under %s", (_name, before, modified) =>
    expect(after(before, modified)).toEqual({
      ...{ outcomes: ["ignored"], planned: asked, later: asked, open: ["status:s2/jobs/1"] },
    }),
  );
});
