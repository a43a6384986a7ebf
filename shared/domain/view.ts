import { ofThisJob } from "./belongs.ts";
import type { AssignmentFacts, Facts, InvoiceFacts, JobFacts, PaymentFacts, VisitFacts } from "./facts.ts";
import type { JobState, SameAs } from "./job.ts";
import { isGone, type Observation } from "./observation.ts";
import { notCounted } from "./same-call.ts";
import type { Work } from "./status.ts";

/** A record of the job with its latest facts. */
export interface Seen<F extends Facts = Facts> {
  readonly key: string;
  readonly connection: string;
  readonly observation: Observation;
  readonly facts: F;
  /** Still there, and counted: neither deleted, archived, inactive nor proven absent, nor a call entered twice. */
  readonly live: boolean;
  /** Why it is not counted though it is still there: a person has said that it is the same call as another. */
  readonly sameAs?: SameAs;
}

/** A job's records by what they speak of; everything below reads the job through this. */
export interface View {
  readonly roots: readonly Seen<JobFacts>[];
  readonly visits: readonly Seen<VisitFacts>[];
  readonly assignments: readonly Seen<AssignmentFacts>[];
  readonly invoices: readonly Seen<InvoiceFacts>[];
  readonly payments: readonly Seen<PaymentFacts>[];
}

export function viewOf(state: JobState): View {
  const view = { roots: [], visits: [], assignments: [], invoices: [], payments: [] } as {
    roots: Seen<JobFacts>[];
    visits: Seen<VisitFacts>[];
    assignments: Seen<AssignmentFacts>[];
    invoices: Seen<InvoiceFacts>[];
    payments: Seen<PaymentFacts>[];
  };
  const twice = notCounted(state);
  const inOrder = Object.entries(state.observations).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [key, known] of inOrder) {
    const observation = known.said;
    if (!observation) continue;
    const { facts } = observation;
    const there =
      !isGone(known) && facts.presence === "present" && !(facts.kind === "invoice" && facts.stage === "void");
    const sameAs = there ? twice.get(key) : undefined;
    const live = there && sameAs === undefined;
    const common = { key, connection: observation.record.connection, observation, ...(sameAs ? { sameAs } : {}) };
    switch (facts.kind) {
      case "job":
        view.roots.push({ ...common, facts, live });
        break;
      case "visit":
        view.visits.push({ ...common, facts, live });
        break;
      case "assignment":
        view.assignments.push({ ...common, facts, live });
        break;
      case "invoice":
        view.invoices.push({ ...common, facts, live });
        break;
      case "payment":
        view.payments.push({ ...common, facts, live });
        break;
      case "person":
      case "reference":
        break;
    }
  }
  return { ...view, invoices: ofThisJob(view) };
}

/** What a root's word means of the work: more while the invoice that stands on it is for a part of it only. */
export function worksOf(root: Seen<JobFacts>, view: View): readonly Work[] {
  const { set, partly } = root.facts.work;
  const isPart = (invoice: Seen<InvoiceFacts>): boolean =>
    invoice.live &&
    invoice.facts.partial &&
    invoice.facts.stage !== "draft" &&
    invoice.observation.hangsOn.includes(root.key);
  return partly !== undefined && view.invoices.some(isPart) ? [...set, ...partly] : set;
}

/** Live visits of a root that say something: neither cancelled nor unused. */
export function visitsOf(view: View, root: string): readonly Seen<VisitFacts>[] {
  return view.visits
    .filter(
      (visit) =>
        visit.live &&
        visit.observation.hangsOn.includes(root) &&
        visit.facts.state !== "unused" &&
        visit.facts.state !== "canceled",
    )
    .sort((a, b) => ((a.facts.start ?? "") < (b.facts.start ?? "") ? -1 : 1));
}

export function assignmentsOf(view: View, root: string): readonly Seen<AssignmentFacts>[] {
  return view.assignments.filter((assignment) => assignment.live && assignment.observation.hangsOn.includes(root));
}

/** The job's number as people know it: the reference connection's first, else any other's. */
export function numberOf(view: View, reference: string | undefined): string | null {
  const numbered = view.roots.filter((root) => root.facts.number);
  const first = numbered.find((root) => root.connection === reference) ?? numbered[0];
  return first?.facts.number ?? null;
}
