import type { InvoiceFacts, JobFacts } from "./facts.ts";
import { recordKey } from "./ids.ts";
import { type Work, works } from "./status.ts";
import type { Seen, View } from "./view.ts";

/**
 * Several records of one system that are reconciled as one unit: the jobs of a project. Their amounts are summed, and
 * the work is done when all of it is; each keeps its own day, crew and reference, which no other system can know of. Pure.
 */

/** The key of the unit a root says it is a part of; null when it stands for itself. */
export function unitOf({ facts }: Pick<Seen<JobFacts>, "facts">): string | null {
  return facts.unit ? recordKey(facts.unit) : null;
}

/** The units that a job's records are parts of, whether they still stand or not. */
export function unitsIn(roots: View["roots"]): ReadonlySet<string> {
  return new Set(roots.flatMap((root) => unitOf(root) ?? []));
}

/** The live roots of one unit, the given one among them; itself where it stands alone. */
export function partsOf(view: View, root: Seen<JobFacts>): readonly Seen<JobFacts>[] {
  const unit = unitOf(root);
  if (unit === null || !root.live) return [root];
  return view.roots.filter((one) => one.live && unitOf(one) === unit);
}

/** The job as if of a unit's parts this one alone were there; the job itself where the root is no part among several. */
export function ownPart(view: View, root: Seen<JobFacts>): View {
  if (partsOf(view, root).length < 2) return view;
  const own = new Set([root.key]);
  for (const { key, observation } of view.invoices) if (observation.hangsOn.includes(root.key)) own.add(key);
  const isOwn = ({ key, observation }: View["invoices"][number]): boolean =>
    own.has(key) || observation.hangsOn.some((parent) => own.has(parent));
  return { ...view, roots: [root], invoices: view.invoices.filter(isOwn) };
}

const isSurely = (set: readonly string[], state: Work): boolean => set.length > 0 && set.every((one) => one === state);

/**
 * What several parts mean together: completed when all are that were not canceled, and under way as soon as one has begun.
 * One set alone means what it says.
 */
export function workTogether(sets: readonly (readonly string[])[]): readonly string[] {
  const [first = [], ...others] = sets;
  const going = sets.filter((set) => !isSurely(set, "canceled"));
  const open = going.filter((set) => !isSurely(set, "completed"));
  if (others.length === 0 || going.length === 0) return first;
  if (open.length === 0) return ["completed"];
  const could = new Set(open.flat());
  if (open.length < going.length) could.add("working");
  if (open.some((set) => !set.includes("completed"))) could.delete("completed");
  return works.filter((state) => could.has(state));
}

/** An invoice of a unit of which no record of the job is a part: it is of another job, or of none. */
export function isOfOthers({ facts }: Pick<Seen<InvoiceFacts>, "facts">, units: ReadonlySet<string>): boolean {
  return facts.unit !== undefined && !units.has(recordKey(facts.unit));
}
