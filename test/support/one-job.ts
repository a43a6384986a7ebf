import type { Facts, JobFacts } from "#shared/domain/facts.ts";
import { parseRecordKey } from "#shared/domain/ids.ts";
import { emptyJob, type JobState, type Link } from "#shared/domain/job.ts";
import { type Known, knownFrom } from "#shared/domain/observation.ts";
import type { Policy } from "#shared/domain/policy.ts";
import { addHours } from "#shared/domain/time.ts";
import type { Context } from "#shared/pipeline/context.ts";
import { companyOf, contextOf, plainWords, type SystemClass } from "./model-systems.ts";
import { root } from "./money-view.ts";

/** One job of an office (s1) and a branch (s2), told by the facts of its records and the hours since a start. */
export const start = "2026-11-02T08:00:00.000Z";
export const at = (hours: number): string => addHours(start, hours);

/** What is known beside the job so many hours after the start. */
export function contextAt(hours: number, classes: readonly SystemClass[], policy: Partial<Policy> = {}): Context {
  return contextOf(companyOf(classes, policy), classes, at(hours));
}
/** A reading of a record of `s1` and so on, under its key. */
export function read(key: string, facts: Facts, version = 1, more: Partial<Known["said"]> = {}): Record<string, Known> {
  const { observation } = root({});
  const of = { record: parseRecordKey(key), version: { modified: at(version), read: version }, digest: `d${version}` };
  return { [key]: knownFrom({ ...observation, ...of, facts, ...more }) };
}
export const office = (facts: Partial<JobFacts> = {}, version = 1) =>
  read("s1/jobs/1", { ...root({ works: ["scheduled"] }).facts, ...facts }, version);
export const branch = (facts: Partial<JobFacts> = {}, version = 1) =>
  read("s2/jobs/1", { ...root({ works: ["scheduled"] }).facts, ...facts }, version);
export const says = (word: string): Partial<JobFacts> => ({
  work: { word, set: plainWords.find((one) => one.word === word)?.work ?? [] },
});
export const job = (observations: JobState["observations"] = {}, more: Partial<JobState> = {}): JobState => ({
  ...emptyJob("j"),
  observations,
  ...more,
});
export const link = (record: string, more: Partial<Link> = {}): Link => ({
  ...{ record, rule: "first", evidence: [], at: start, batch: null, ...more },
});
