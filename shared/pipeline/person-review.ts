import type { CompanyConfig } from "#shared/domain/policy.ts";
import { jobsNaming, lookAgainAt, pinPerson } from "./crosswalk-import.ts";
import { sets } from "./link.ts";
import { type PersonSide, personReviewSet, personScore, personSideOf } from "./namesakes.ts";
import { resolvePeople } from "./place-person.ts";
import type { ClaimStore, SetStore } from "./ports.ts";
import { type TakeInPorts, tellJobs } from "./take-in.ts";

/** The review list of customers and technicians: one person in two systems, which a person has to say. */
export interface PersonPair {
  readonly left: PersonSide;
  readonly right: PersonSide;
  readonly score: number;
  readonly evidence: readonly string[];
}

/** What waits for a person, best first; those known to be one, or held apart, are left out. */
export async function personReview(ports: {
  readonly sets: SetStore;
  readonly claims: ClaimStore;
}): Promise<readonly PersonPair[]> {
  const pairs: PersonPair[] = [];
  for (const { member: set } of await ports.sets.list(personReviewSet)) {
    const sides = (await ports.sets.list(set)).map(({ data }) => personSideOf(data));
    const persons = await personsOf(ports, sides);
    for (const [at, left] of sides.entries()) {
      const apart = new Set((await ports.sets.list(sets.apart(left.record))).map((one) => one.member));
      for (const right of sides.slice(at + 1)) {
        if (persons.get(left.record) === persons.get(right.record) || apart.has(right.record)) continue;
        const scored = personScore(left, right);
        if (scored) pairs.push({ left, right, ...scored });
      }
    }
  }
  return pairs.toSorted((a, b) => b.score - a.score || (a.left.record < b.left.record ? -1 : 1));
}

async function personsOf(
  ports: { readonly claims: ClaimStore },
  sides: readonly PersonSide[],
): Promise<ReadonlyMap<string, string>> {
  const claims = await ports.claims.load(sides.map((side) => side.record));
  const persons = await resolvePeople(
    ports.claims,
    claims.map((claim) => claim.person ?? claim.record),
  );
  return new Map(claims.map((claim, at) => [claim.record, persons[at] ?? ""]));
}

export type PersonDecided =
  | { readonly done: true; readonly person: string }
  | { readonly done: false; readonly why: string };

interface Said {
  readonly records: readonly [string, string];
  readonly by: string;
  readonly why: string;
}

/** A person says these two are one customer or technician: both are marked so, and their jobs are looked at again. */
export async function linkPersons(ports: TakeInPorts, company: CompanyConfig, asked: Said): Promise<PersonDecided> {
  const claims = await ports.claims.load(asked.records);
  const unknown = claims.find((claim) => claim.person === null);
  if (unknown) return { done: false, why: `${unknown.record} is no customer or technician that was seen` };
  const [person = ""] = await resolvePeople(ports.claims, [claims[0]?.person ?? ""]);
  for (const record of asked.records) await pinPerson(ports, record, person, true);
  await ports.sets.remove(sets.apart(asked.records[0]), asked.records[1]);
  await ports.sets.remove(sets.apart(asked.records[1]), asked.records[0]);
  await tell(ports, company, asked, "are one person");
  await lookAgainAt(ports, company, asked.records);
  return { done: true, person };
}

/** A person says these two are different people: they are not proposed again, and their jobs know who said so. */
export async function rejectPersons(ports: TakeInPorts, company: CompanyConfig, asked: Said): Promise<PersonDecided> {
  const [a, b] = asked.records;
  const said = { by: asked.by, at: await ports.clock.now(), why: asked.why };
  await ports.sets.add(sets.apart(a), b, said);
  await ports.sets.add(sets.apart(b), a, said);
  await tell(ports, company, asked, "are different people");
  return { done: true, person: a };
}

async function tell(
  ports: TakeInPorts,
  company: CompanyConfig,
  { records, by, why }: Said,
  what: string,
): Promise<void> {
  const line = `${records.join(" and ")} ${what}, says ${by}${why === "" ? "" : `: ${why}`}`;
  await tellJobs(ports, company, await jobsNaming(ports, records), records, line);
}
