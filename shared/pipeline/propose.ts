import { digestOf } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import { likeness } from "#shared/domain/likeness.ts";
import * as z from "#shared/domain/schema.ts";
import { viewOf } from "#shared/domain/view.ts";
import { areApart } from "./apart.ts";
import { sets } from "./link.ts";
import type { ClaimStore, SetStore, StoredJob } from "./ports.ts";
import { alike, type Candidate, candidatesOf, proposedFrom, type Side, scoreOf, sidesOf, widestDays } from "./score.ts";

/** The review list of jobs: a root and those of other systems that may be the same job. One member a root. */
export const reviewSet = "review";

const candidateSchema = z.object({
  record: z.string(),
  connection: z.string(),
  score: z.number(),
  evidence: z.array(z.string()),
});
const proposedSchema = z.object({ candidates: z.array(candidateSchema) });

/** What a member of the review set says. Throws on a member that `propose` did not write. */
export function proposedOf(data: Readonly<Record<string, unknown>>): readonly Candidate[] {
  return z.parse(proposedSchema, data).candidates;
}

/** Where a root's candidates stand: its customer's days around, and its technicians' day. Never all pairs. */
export function placesOf(side: Side): readonly string[] {
  const { person, day, crew } = side;
  if (day === null) return [];
  const days = Array.from({ length: widestDays * 2 + 1 }, (_, index) => dayAfter(day, index - widestDays));
  return [
    ...(person === null ? [] : days.map((one) => sets.day(person, one))),
    ...crew.map((technician) => sets.crew(technician, day)),
  ];
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Whether who stands beside a root in a set is worth looking at: of a system the job has no record of, and not named otherwise. */
export function mayBeCandidate(
  side: Side,
  held: readonly string[],
  neighbour: { readonly data: Readonly<Record<string, unknown>> },
): boolean {
  const { connection, person, name } = neighbour.data;
  if (typeof connection !== "string" || held.includes(connection)) return false;
  if (typeof name !== "string" || side.name === null) return true;
  return (person !== null && person === side.person) || likeness(side.name, name) >= alike;
}

/**
 * Puts a job that no rule joins before a person, with those that may be the same work. The list of a root is written
 * only when it changed; its claim remembers that.
 */
export async function propose(
  ports: { readonly sets: SetStore; readonly claims: ClaimStore },
  job: JobState,
  jobOfRecord: (record: string) => Promise<StoredJob | null>,
): Promise<void> {
  const sides = sidesOf(job);
  const held = [...new Set(sides.map((side) => side.connection))];
  const found = new Map<string, readonly Candidate[]>();
  for (const side of sides) {
    const members = new Set<string>();
    for (const one of await ports.sets.listAll(placesOf(side)))
      if (mayBeCandidate(side, held, one)) members.add(one.member);
    const others: Side[] = [];
    for (const member of members) {
      const other = await jobOfRecord(member);
      // The job itself shares its systems.
      if (!other || sharesSystem(other.state, held)) continue;
      if (await areApart(ports.sets, job, other.state)) continue;
      others.push(...sidesOf(other.state).filter((one) => one.record === member));
    }
    found.set(side.record, [...inDoubt(job, side, sides), ...candidatesOf(side, others)]);
  }
  await enterReview(
    ports,
    viewOf(job).roots.map((root) => root.key),
    found,
  );
}

/** A link in doubt is put before a person with the record it is held to: the job's first of another system. */
function inDoubt(job: JobState, side: Side, sides: readonly Side[]): readonly Candidate[] {
  const link = job.links.find((one) => one.record === side.record);
  const doubt = link?.doubt;
  if (doubt === undefined) return [];
  const first = (record: string): number =>
    job.links.some((one) => one.record === record && one.rule === "first") ? 0 : 1;
  const [other] = sides
    // Parts of a unit are of one system.
    .filter((one) => one.connection !== side.connection || (link?.rule === "unit" && one !== side))
    .toSorted((a, b) => first(a.record) - first(b.record));
  return other ? [{ record: other.record, connection: other.connection, ...scoreInDoubt(side, other, doubt) }] : [];
}

/** What speaks for two linked records, below what speaks against them; they are shown however little that is. */
export function scoreInDoubt(a: Side, b: Side, doubt: string): Pick<Candidate, "score" | "evidence"> {
  const scored = scoreOf(a, b);
  return {
    score: Math.max(proposedFrom, scored?.score ?? 0),
    evidence: [`linked, but ${doubt}`, ...(scored?.evidence ?? [])],
  };
}

function sharesSystem(other: JobState, held: readonly string[]): boolean {
  return sidesOf(other).some((side) => held.includes(side.connection));
}

/** Sets first, claim last: a crash between leaves the claim old, and the next message enters them again. */
async function enterReview(
  ports: { readonly sets: SetStore; readonly claims: ClaimStore },
  roots: readonly string[],
  found: ReadonlyMap<string, readonly Candidate[]>,
): Promise<void> {
  for (const claim of await ports.claims.load(roots)) {
    const candidates = found.get(claim.record) ?? [];
    const digest = candidates.length === 0 ? undefined : digestOf(candidates);
    if (claim.sets[reviewSet] === digest) continue;
    if (digest === undefined) await ports.sets.remove(reviewSet, claim.record);
    else await ports.sets.add(reviewSet, claim.record, { candidates });
    const { [reviewSet]: _, ...others } = claim.sets;
    const next = digest === undefined ? others : { ...others, [reviewSet]: digest };
    await ports.claims.save({ stored: claim, next: { ...claim, sets: next } });
  }
}
