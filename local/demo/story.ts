import type { ExpectedBreak, RecordName, Story, StoryJob } from "./demo.ts";
import type { Job } from "./job.ts";
import type { World } from "./world.ts";

/** What must stand at the end about a story's job; what is not said is none. */
export type Outcome = Partial<Omit<StoryJob, "number" | "find" | "records" | "agree">>;

const quiet = { breaks: [], receipts: [], approvals: [], tasks: [], notices: [] };

/** Whether it agrees follows from its breaks: any that is not resolved speaks against it. */
export function outcome(job: Job, what: Outcome = {}): StoryJob {
  return outcomeOf(job.number, job.truth.records, what);
}

export function outcomeOf(number: string | null, records: readonly RecordName[], what: Outcome = {}): StoryJob {
  const [find] = records;
  if (!find) throw new Error(`${number ?? "a job"} has no records`);
  const agree = (what.breaks ?? []).every((one) => one.state === "resolved");
  return { number, find, records: [...records], agree, ...quiet, ...what };
}

export function tell(world: World, number: number, name: string, expect: string, jobs: StoryJob[]): Story {
  const story = { number, name, expect, jobs };
  world.stories.push(story);
  return story;
}

type Certainty = "proven" | "likely" | "any";

/** A money break of one cause that makes the whole gap. */
export function gap(
  kind: "charge" | "payment" | "missing-twin",
  minor: number,
  cause: string,
  how: { state?: ExpectedBreak["state"]; certainty?: Certainty } = {},
): ExpectedBreak {
  const causes = [{ kind: cause, certainty: how.certainty ?? "any", minor }];
  return { kind, state: how.state ?? "open", gapMinor: minor, causes };
}

/** A break without money. */
export function apart(kind: string): ExpectedBreak {
  return { kind, state: "open", gapMinor: 0, causes: [] };
}

export const applied = (connection: string, target: string) => ({ connection, target, outcome: "applied" }) as const;
