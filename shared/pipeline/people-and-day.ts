import type { Membership, Neighbour, Proposal } from "./link.ts";

/**
 * What stands in the set of one customer and one day says which records are one call. Pure. A set is read by every system
 * as calls, not as records: a call that was entered twice in one system is one call of it.
 */

/**
 * People and day, one to one: every system that has a call of this customer that day has exactly one, and the two share
 * a technician. Where any system has several, a link also needs its amount, equal and found once in each of the two.
 */
export function byPeopleAndDay(mine: Membership, neighbours: readonly Neighbour[]): readonly Proposal[] {
  const { connection, charge } = mine.data;
  const crew = texts(mine.data["crew"]);
  const day = [mine, ...neighbours.filter((one) => one.member !== mine.member)];
  const oneEach = !isCrowded(day, nobody);
  return day.flatMap((other): Proposal[] => {
    const system = other.data["connection"];
    const shared = texts(other.data["crew"]).filter((person) => crew.includes(person));
    if (system === connection || shared.length === 0) return [];
    const paired = oneEach || (other.data["charge"] === charge && isOneEach(day, [connection, system], charge));
    if (!paired) return [];
    const evidence = [
      mine.set,
      `technicians ${shared.join(", ")}`,
      ...(oneEach ? [] : [amountSaid(Number(charge), mine.member, other.member)]),
    ];
    return [{ mine: mine.member, other: other.member, rule: "people-and-day", evidence }];
  });
}

/** The same call entered twice in one system: same customer, day, title and amount. */
export function byDuplicate(mine: Membership, neighbours: readonly Neighbour[]): readonly Proposal[] {
  const { title, charge } = mine.data;
  const call = enteredAs(mine);
  if (call === null) return [];
  return neighbours
    .filter((one) => one.member !== mine.member && enteredAs(one) === call)
    .map((other) => ({
      mine: mine.member,
      other: other.member,
      rule: "duplicate" as const,
      evidence: [mine.set, `title ${String(title)}`, `amount ${String(charge)}`],
    }));
}

/** Whether a system has more than one call here. `mates` are records of one job: what one system has of them is one call. */
export function isCrowded(day: readonly Neighbour[], mates: ReadonlySet<string>): boolean {
  const systems = new Set(day.map((one) => one.data["connection"]));
  return [...systems].some((system) => callsOf(day, system, mates).size > 1);
}

/** Whether each of these systems has exactly one call of this amount here; an amount of zero or none tells nothing apart. */
function isOneEach(day: readonly Neighbour[], systems: readonly unknown[], charge: unknown): boolean {
  return tellsApart(charge) && systems.every((one) => callsOf(billedAt(day, charge), one, nobody).size === 1);
}

/** Whether nobody in these systems has this amount here but records of one job. */
export function isOnlyOurs(
  day: readonly Neighbour[],
  systems: readonly unknown[],
  charge: unknown,
  mates: ReadonlySet<string>,
): boolean {
  const calls = systems.flatMap((one) => [...callsOf(billedAt(day, charge), one, mates)]);
  return tellsApart(charge) && calls.every((call) => call === ours);
}

const tellsApart = (charge: unknown): boolean => typeof charge === "number" && charge !== 0;
const billedAt = (day: readonly Neighbour[], charge: unknown): readonly Neighbour[] =>
  day.filter((one) => one.data["charge"] === charge);

/** The amount a link on a crowded day rests on, as its evidence says it: of these two records and no others. */
export function amountSaid(charge: number, a: string, b: string): string {
  return `amount ${charge} of ${[a, b].toSorted().join(" and ")}`;
}

/** The inverse: the amounts that a link's evidence says of these two records. */
export function amountsSaid(evidence: readonly string[], a: string, b: string): readonly number[] {
  const [start, end] = ["amount ", amountSaid(0, a, b).slice("amount 0".length)];
  return evidence
    .filter((text) => text.startsWith(start) && text.endsWith(end))
    .map((text) => Number(text.slice(start.length, -end.length)));
}

/** Whether a link rests on an amount, and on none of these two records. */
export function namesAnother(evidence: readonly string[], a: string, b: string): boolean {
  return evidence.some((text) => /^amount \S+ of /.test(text)) && amountsSaid(evidence, a, b).length === 0;
}

const nobody: ReadonlySet<string> = new Set();
/** What a system has of the job itself, as one call. */
const ours = "ours";

function callsOf(day: readonly Neighbour[], system: unknown, mates: ReadonlySet<string>): ReadonlySet<string> {
  const own = day.filter((one) => one.data["connection"] === system);
  const known = new Set(own.filter((one) => mates.has(one.member)).map(callOf));
  return new Set(own.map((one) => (mates.has(one.member) || known.has(callOf(one)) ? ours : callOf(one))));
}

const callOf = (one: Neighbour): string => enteredAs(one) ?? one.member;

/** What two records of one system must have in common to be one call entered twice; null when one says too little. */
function enteredAs({ data: { connection, title, charge } }: Neighbour): string | null {
  if (typeof charge !== "number" || charge <= 0 || typeof title !== "string" || title === "") return null;
  return JSON.stringify([connection, title, charge]);
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}
