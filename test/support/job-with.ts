import type { AssignmentFacts, Facts, TechnicianName, VisitFacts } from "#shared/domain/facts.ts";
import { recordKey } from "#shared/domain/ids.ts";
import { emptyJob, type JobState, type Link } from "#shared/domain/job.ts";
import { knownFrom } from "#shared/domain/observation.ts";
import type { Seen } from "#shared/domain/view.ts";
import type { Placed } from "./money-view.ts";

/** A job that holds these records, each invoice on it, and nothing that was worked out from them, unless `more` says so. */
export function jobWith(records: readonly Seen[], more: Partial<JobState> = {}): JobState {
  return {
    ...emptyJob("j"),
    observations: Object.fromEntries(records.map(billed).map(({ key, observation }) => [key, knownFrom(observation)])),
    links: records.map(({ key, facts }) => linkTo(key, facts.kind === "job" ? "first" : "part")),
    ...more,
  };
}

/** An invoice that hangs on nothing would be in no job. */
function billed(seen: Seen): Seen {
  const isLoose = seen.facts.kind === "invoice" && seen.observation.hangsOn.length === 0;
  return isLoose ? on(seen, `${seen.connection}/jobs/1`) : seen;
}

/** A link without evidence, unless said otherwise. */
export function linkTo(record: string, rule: Link["rule"], more: Partial<Link> = {}): Link {
  return { record, rule, evidence: [], at: "2026-11-02T10:00:00.000Z", batch: null, ...more };
}

/** The record hanging on these. */
export function on<F extends Facts>(seen: Seen<F>, ...parents: readonly string[]): Seen<F> {
  return { ...seen, observation: { ...seen.observation, hangsOn: parents } };
}

function part<F extends Facts>(stream: string, facts: F, { connection = "office", id = "1" }: Placed): Seen<F> {
  const record = { connection, stream, id };
  const version = { modified: null, read: 1 };
  const observation = { record, version, digest: "d", at: "2026-11-02T10:00:00Z", hangsOn: [], facts };
  return { key: recordKey(record), connection, observation, facts, live: true };
}

/** A scheduled visit, unless said otherwise. */
export function visit(facts: Partial<VisitFacts>, placed: Placed = {}): Seen<VisitFacts> {
  const plain = { kind: "visit", presence: "present", state: "scheduled", word: "Scheduled" } as const;
  return part("visits", { ...plain, schedule: null, start: null, ...facts }, placed);
}

/** A technician put on what it hangs on. */
export function assignment(
  technician: Partial<TechnicianName>,
  placed: Placed = {},
  more: Partial<AssignmentFacts> = {},
): Seen<AssignmentFacts> {
  const plain = { kind: "assignment", presence: "present", visit: null } as const;
  return part(
    "assignments",
    { ...plain, technician: { record: null, email: null, name: null, ...technician }, ...more },
    placed,
  );
}
