import { parseRecordKey } from "#shared/domain/ids.ts";
import type { JobState, Link } from "#shared/domain/job.ts";
import { unitOf, unitsIn } from "#shared/domain/unit.ts";
import { viewOf } from "#shared/domain/view.ts";
import type { Branch } from "./branches.ts";
import type { Neighbour } from "./link.ts";
import { amountSaid, amountsSaid, isCrowded, isOnlyOurs } from "./people-and-day.ts";

/**
 * Which links by people and day have lost their ground. Such a link was right because each system had one call of these
 * people that day; when a second one comes, only an amount that is found nowhere else still holds it. Pure.
 */

/** The day sets in which a job's records stand, each with all who stand there. */
export type Days = ReadonlyMap<string, readonly Neighbour[]>;

export interface Doubt {
  /** The record whose link it is, and the job it was before. */
  readonly record: string;
  readonly job: string;
  readonly why: string;
}

export interface Grounds {
  /** Links that nothing holds any more, those of the smallest branches first. */
  readonly doubts: readonly Doubt[];
  /** Links that only an amount holds now, and what they should say of it. */
  readonly amounts: ReadonlyMap<string, string>;
}

export const isDay = (set: string): boolean => set.startsWith("day:");

/** Whether a person has to say whether the job's records belong together. */
export const isInDoubt = (state: JobState): boolean => state.links.some((link) => link.doubt !== undefined);

export const isSoft = (link: Link): boolean => link.rule === "people-and-day";
/** A link that a rule takes back where its ground is gone. */
export const isMovable = (link: Link): boolean => isSoft(link) || link.rule === "unit";

interface Pair {
  readonly a: string;
  readonly b: string;
  /** False: a system has several calls there, and no amount tells these two from them. */
  readonly holds: boolean;
  /** The amount that holds it, on a day of several calls. */
  readonly amount: number | null;
}

/** Whether the forwarding items are worth reading: something in the links may have to change. */
export function mayBeDoubted(state: JobState, days: Days): boolean {
  if (mayHaveLostUnits(state)) return true;
  if (!state.links.some(isSoft)) return false;
  return isInDoubt(state) || pairsOf(state, days).some((pair) => isNews(state, pair));
}

/** Parts of one unit stay together as long as they say so: does one of them say otherwise, or is it asked about already? */
function mayHaveLostUnits(state: JobState): boolean {
  const linked = new Set(state.links.flatMap(({ rule, evidence: [unit] }) => (rule === "unit" && unit ? [unit] : [])));
  if (linked.size === 0) return false;
  const systems = new Set([...linked].map((unit) => parseRecordKey(unit).connection));
  const others = viewOf(state).roots.filter((root) => systems.has(root.connection) && !linked.has(unitOf(root) ?? ""));
  return isInDoubt(state) || others.length > 0 || unitsIn(viewOf(state).roots).size > 1;
}

/** Links by a unit that nothing holds: what came by them has no unit in common any more with what it came to. */
function lostUnits(state: JobState, branches: readonly Branch[]): readonly Doubt[] {
  const together = groups();
  const ends = endsOf(state, branches, together);
  const { roots } = viewOf(state);
  const parts = Map.groupBy(roots, (root) => unitOf(root) ?? root.key);
  for (const [first, ...others] of parts.values())
    for (const one of others) together.join(first?.key ?? one.key, one.key);
  for (const { record, parent, link } of ends) if (link.rule !== "unit") together.join(record, parent);
  const lost = ends.filter(({ record, parent, link }) => link.rule === "unit" && !together.are(record, parent));
  return smallestFirst(lost).map(({ branch, record, link }) => {
    const now = [...unitsIn(roots.filter((root) => branch.roots.includes(root.key)))].toSorted().join(", ");
    return {
      record,
      job: branch.job,
      why: `linked as parts of ${link.evidence[0] ?? "a unit"}, which one of them is no more; it is of ${now || "none"}`,
    };
  });
}

/** A branch's link: the record that brought it, and one of the records it came to. */
interface End {
  readonly branch: Branch;
  readonly record: string;
  readonly parent: string;
  readonly link: Link;
}

/** The ends of all links that joined the job; records that were founded together hold together. */
function endsOf(state: JobState, branches: readonly Branch[], together: Groups): readonly End[] {
  const rootsAt = new Map(branches.map((branch) => [branch.job, branch.own]));
  const roots = state.links.filter((link) => link.rule !== "part").map((link) => link.record);
  const home = roots.filter((key) => !branches.some(({ own }) => own.includes(key)));
  for (const own of [home, ...rootsAt.values()]) for (const key of own) together.join(own[0] ?? key, key);
  return branches.flatMap((branch) => {
    const [record = "", parent = ""] = [branch.own[0], (rootsAt.get(branch.into) ?? home)[0]];
    const link = state.links.find((one) => one.record === record);
    return link && parent !== "" ? [{ branch, record, parent, link }] : [];
  });
}

const smallestFirst = (ends: readonly End[]): readonly End[] =>
  ends.toSorted((x, y) => x.branch.roots.length - y.branch.roots.length || (x.record < y.record ? -1 : 1));

function isNews(state: JobState, { a, b, holds, amount }: Pair): boolean {
  if (!holds) return true;
  return amount !== null && !amountsOf(state, a, b).includes(amount);
}

/** Two records of different systems on one day, all such pairs of the job. */
function pairsOf(state: JobState, days: Days): readonly Pair[] {
  const mates = new Set(state.links.map((link) => link.record));
  return [...days].flatMap(([set, day]) => {
    const ours = day.filter((one) => mates.has(one.member));
    const crowded = isCrowded(day, mates);
    const replaced = pairsLeft(state, set, day, mates);
    const standing = ours.flatMap((a, index) =>
      ours.slice(index + 1).flatMap((b): Pair[] => {
        const systems = [a.data["connection"], b.data["connection"]];
        if (systems[0] === systems[1]) return [];
        const ends = { a: a.member, b: b.member };
        if (!crowded) return [{ ...ends, holds: true, amount: null }];
        const charge = a.data["charge"] === b.data["charge"] ? a.data["charge"] : null;
        const amount = [...amountsOf(state, a.member, b.member), charge].find((one) =>
          isOnlyOurs(day, systems, one, mates),
        );
        return [{ ...ends, holds: amount !== undefined, amount: typeof amount === "number" ? amount : null }];
      }),
    );
    return [...standing, ...replaced];
  });
}

/**
 * Records that have gone to another day since this day linked them: no doubt by itself, but a second call of their system
 * that stands on the day now may be the one that was meant.
 */
function pairsLeft(
  state: JobState,
  set: string,
  day: readonly Neighbour[],
  mates: ReadonlySet<string>,
): readonly Pair[] {
  const made = state.links.filter((link) => isSoft(link) && link.evidence.includes(set));
  if (made.length === 0) return [];
  const standing = day.filter((one) => mates.has(one.member));
  return state.links.flatMap(({ rule, record }) => {
    const system = parseRecordKey(record).connection;
    const others = day.filter((one) => one.data["connection"] === system);
    // Where one of its system stands here and is of the job, be it the record itself, nothing has gone.
    if (rule === "part" || others.length === 0 || others.some((one) => mates.has(one.member))) return [];
    return standing.map(({ member }): Pair => {
      const amount = amountsOf(state, member, record).find((one) => isOnlyOurs(day, [system], one, mates));
      return { a: member, b: record, holds: amount !== undefined, amount: amount ?? null };
    });
  });
}

/** Amounts that the link of two records has rested on: what was billed otherwise since is a difference, and no doubt. */
function amountsOf(state: JobState, a: string, b: string): readonly number[] {
  return state.links.flatMap((link) => amountsSaid(link.evidence, a, b));
}

/**
 * What still holds each link by people and day. Two sides of a link that stand on no day together are left alone: one
 * system has moved its call, which is a difference to be shown and says nothing of the link.
 */
export function groundsOf(state: JobState, days: Days, branches: readonly Branch[]): Grounds {
  // What is no part any more goes first: the days are looked at again without it.
  const lost = lostUnits(state, branches);
  if (lost.length > 0) return { doubts: lost, amounts: new Map() };
  const pairs = pairsOf(state, days);
  const together = groups();
  const ends = endsOf(state, branches, together);
  for (const { a, b, holds } of pairs) if (holds) together.join(a, b);
  for (const { branch, record, parent, link } of ends) {
    const meets = pairs.some(({ a, b }) => branch.roots.includes(a) !== branch.roots.includes(b));
    if (!isSoft(link) || !meets) together.join(record, parent);
  }
  const doubtful = ends.filter(({ record, parent }) => !together.are(record, parent));
  const amounts = ends.flatMap(({ branch, record, parent, link }): [string, string][] => {
    const crossing = pairs.filter(({ a, b }) => branch.roots.includes(a) !== branch.roots.includes(b));
    const amount = crossing.some((pair) => pair.holds && pair.amount === null)
      ? null
      : crossing.find((pair) => pair.amount);
    if (!isSoft(link) || !amount?.amount || !together.are(record, parent)) return [];
    return [[record, amountSaid(amount.amount, amount.a, amount.b)]];
  });
  return {
    doubts: smallestFirst(doubtful).map(({ branch, record }) => {
      return { record, job: branch.job, why: whyOf(branch, state, days) };
    }),
    amounts: new Map(amounts),
  };
}

/** "s1 has s1/jobs/10 and s1/jobs/11 of day:p1:2026-11-02", the systems that have several. */
function whyOf({ roots }: Branch, state: JobState, days: Days): string {
  const mates = new Set(state.links.map((link) => link.record));
  const said = [...days].flatMap(([set, day]) => {
    if (!day.some((one) => roots.includes(one.member)) || !isCrowded(day, mates)) return [];
    const systems = Map.groupBy(day, (one) => String(one.data["connection"]));
    return [...systems]
      .filter(([, own]) => own.length > 1)
      .map(
        ([system, own]) =>
          `${system} has ${own
            .map((one) => one.member)
            .toSorted()
            .join(" and ")} of ${set}`,
      );
  });
  return said.toSorted().join("; ");
}

interface Groups {
  join(a: string, b: string): void;
  are(a: string, b: string): boolean;
}

/** Records that hold together, grown pair by pair. */
function groups(): Groups {
  const up = new Map<string, string>();
  const find = (key: string): string => {
    let at = key;
    for (let next = up.get(at); next !== undefined; next = up.get(at)) at = next;
    return at;
  };
  return {
    join(a, b) {
      if (find(a) !== find(b)) up.set(find(b), find(a));
    },
    are: (a, b) => find(a) === find(b),
  };
}
