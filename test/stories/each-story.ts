import { expect, test } from "vitest";
import type { Demo, ExpectedBreak, StoryJob } from "#local/demo/demo.ts";
import { type AskedJob, keyOf } from "./asked.ts";
import { promises } from "./promises.ts";
import type { Run } from "./run.ts";

/**
 * One test a story, by its name: what the demo expects of its jobs against what the stack says of them, and what the
 * story promises beyond. A story of which nothing was looked at fails.
 */
export function eachStory(demo: Demo, run: () => Run): void {
  const beyond = promises(demo, run);
  for (const story of demo.stories)
    test(`${story.name}: ${story.expect}`, async () => {
      expect.hasAssertions();
      for (const wanted of story.jobs) {
        const job = run().jobOf(wanted.find);
        const whole = together(demo, wanted);
        expect(shownOf(job, whole)).toEqual(wantedOf(whole));
      }
      await beyond.get(story.name)?.();
    });
  test("every promise belongs to a story", () => {
    const names = demo.stories.map(({ name }) => name);
    expect([...beyond.keys()].filter((name) => !names.includes(name))).toEqual([]);
  });
}

/** A job that two stories are about is expected once: what each of them says of it, together. */
function together(demo: Demo, wanted: StoryJob): StoryJob {
  const tellings = demo.stories.flatMap(({ jobs }) => jobs.filter(({ find }) => keyOf(find) === keyOf(wanted.find)));
  return {
    ...wanted,
    agree: tellings.every(({ agree }) => agree),
    breaks: tellings.flatMap(({ breaks }) => breaks),
    receipts: tellings.flatMap(({ receipts }) => receipts),
    approvals: tellings.flatMap(({ approvals }) => approvals),
    tasks: tellings.flatMap(({ tasks }) => tasks),
    notices: tellings.flatMap(({ notices }) => notices),
  };
}

function wantedOf(wanted: StoryJob): object {
  const at = ({ connection, target }: { connection: string; target: string }): string => `${connection} ${target}`;
  return {
    number: wanted.number,
    standing: wanted.agree ? "agree" : "apart",
    records: wanted.records.map(keyOf).toSorted(),
    breaks: wanted.breaks.map(breakText).toSorted(),
    receipts: wanted.receipts.map((one) => `${at(one)} ${one.outcome}`).toSorted(),
    approvals: wanted.approvals.map(at).toSorted(),
    tasks: wanted.tasks.map(at).toSorted(),
    notices: wanted.notices.toSorted(),
  };
}

function shownOf(job: AskedJob, wanted: StoryJob): object {
  const at = (one: { record: { connection: string }; target: string }): string =>
    `${one.record.connection} ${one.target}`;
  return {
    number: job.number,
    standing: job.standing === "agree" ? "agree" : "apart",
    records: job.records
      .filter(({ kind }) => kind === "job")
      .map(({ record }) => record)
      .toSorted(),
    breaks: job.breaks.map((found) => breakText(asCertainAsWanted(found, wanted))).toSorted(),
    receipts: job.receipts.map((one) => `${at(one)} ${one.outcome}`).toSorted(),
    approvals: job.intents
      .filter(({ kind, needsApproval }) => kind === "write" && needsApproval)
      .map(at)
      .toSorted(),
    tasks: job.intents
      .filter(({ kind }) => kind === "task")
      .map(at)
      .toSorted(),
    notices: job.notices.map((notice) => notice.split(":")[0] ?? notice).toSorted(),
  };
}

type Told = Pick<ExpectedBreak, "kind" | "gapMinor"> & {
  readonly state: string;
  readonly causes: readonly { readonly kind: string; readonly certainty: string; readonly minor: number }[];
};

function breakText({ kind, state, gapMinor, causes }: Told): string {
  const parts = causes.map((cause) => `${cause.kind} ${cause.certainty} ${cause.minor}`).toSorted();
  return `${kind} ${state} ${gapMinor} [${parts.join(", ")}]`;
}

/** Where a story leaves open how sure the cause is, any answer will do. */
function asCertainAsWanted(found: Told, wanted: StoryJob): Told {
  const causes = found.causes.map((cause) => {
    const free = wanted.breaks.some(
      (one) =>
        one.kind === found.kind && one.causes.some(({ kind, certainty }) => kind === cause.kind && certainty === "any"),
    );
    return free ? { ...cause, certainty: "any" } : cause;
  });
  return { ...found, causes };
}
