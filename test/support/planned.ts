import type { Vocabulary } from "#shared/connectors/connector.ts";
import type { JobFacts } from "#shared/domain/facts.ts";
import { emptyJob } from "#shared/domain/job.ts";
import type { MergeField, Mode } from "#shared/domain/policy.ts";
import type { Seen, View } from "#shared/domain/view.ts";
import type { MergedSide } from "#shared/pipeline/merge.ts";
import { type Standing, wantedChanges } from "#shared/pipeline/plan.ts";
import { companyOf, contextOf, systemClasses } from "#test/support/model-systems.ts";
import { root, viewWith } from "#test/support/money-view.ts";

export const now = "2026-11-02T08:00:00.000Z";
export const classes = [systemClasses.writable, systemClasses.writable];
export const key = "s2/jobs/1";

export interface Asked {
  readonly targets?: Vocabulary["targets"];
  readonly vocabulary?: Partial<Vocabulary>;
  readonly mode?: Mode;
  readonly roots?: View["roots"];
  readonly view?: Partial<View>;
  readonly people?: Readonly<Record<string, string>>;
  readonly standing?: Partial<Standing>;
}

/** What is planned for the branch's (s2) one record, which stands so to its fields; the office (s1) agrees. */
export function plan(
  sides: Partial<Record<MergeField, Partial<MergedSide>>>,
  agreed: Standing["agreed"],
  more: Asked = {},
) {
  const company = companyOf(classes);
  const plain = contextOf(company, classes, now);
  const branch = { ...(plain.vocabularies["s2"] as Vocabulary), ...more.vocabulary };
  const targets = more.targets ?? { status: "api", reference: "api", schedule: "api", assignees: "api" };
  const mode = { default: more.mode ?? "apply" };
  const context = {
    ...plain,
    company: { ...company, connections: company.connections.map((one) => ({ ...one, mode })) },
    vocabularies: { ...plain.vocabularies, s2: { ...branch, targets } },
    shows: () => "as it shows",
  };
  const side = (one: Partial<MergedSide>): MergedSide => ({
    ...{ record: key, rebase: false, ask: false, agrees: false, silent: false, held: false, ...one },
  });
  const merged = Object.entries(sides).map(([field, one]) => [field, [side({ record: "s1/jobs/1" }), side(one)]]);
  const standing: Standing = {
    ...{ agreed, moneyOpen: false, frozen: [], ...more.standing },
    sides: Object.fromEntries(merged) as Standing["sides"],
  };
  const roots = more.roots ?? [branchRoot()];
  const state = { ...emptyJob("j"), people: more.people ?? {} };
  return wantedChanges(state, viewWith({ roots, ...more.view }), standing, context);
}

export const branchRoot = (facts: Partial<JobFacts> = {}, live = true): Seen<JobFacts> =>
  root({ number: "B-7", work: { word: "Working", set: ["working"] }, ...facts }, { connection: "s2", live });
export const done = { work: ["completed"] };
export const record = { connection: "s2", stream: "jobs", id: "1" };
