import type { PersonFacts } from "#shared/domain/facts.ts";
import { canonicalJson, personIdOf, recordKey, shortHash } from "#shared/domain/ids.ts";
import { likeness } from "#shared/domain/likeness.ts";
import { compareVersions, type Observation, type Version } from "#shared/domain/observation.ts";
import { sets } from "./link.ts";
import { enterPerson } from "./namesakes.ts";
import { claimOf, keepAs, nothing, type Placed, type PlacePorts } from "./place.ts";
import type { Claim, ClaimStore, StoredClaim } from "./ports.ts";

/** Stands among a claim's sets when a person said who this record is (links file): no likeness changes that. */
export const pinnedByPerson = "crosswalk";

/**
 * Customers are the same person by a phone or e-mail that one record of each system has; technicians by e-mail.
 * Names alone never link. Returns the roots that wait to be looked at again when the person became known or changed.
 */
export async function placePerson(
  ports: PlacePorts,
  key: string,
  facts: PersonFacts,
  { digest, version }: Pick<Observation, "digest" | "version">,
): Promise<Placed> {
  const claim = await claimOf(ports, key);
  const withNamed = (standing: Claim): Claim => {
    const named = namedBy(standing, facts, version);
    return named ? { ...standing, named } : standing;
  };
  const [email] = facts.emails;
  const pinned = claim.sets[pinnedByPerson] === undefined ? null : claim.person;
  const found =
    facts.role === "technician"
      ? {
          person: pinned ?? personIdOf(email ? `technician:${email}` : key),
          same: [],
          joined: false,
        }
      : await customerOf(ports, claim, key, facts);
  const { person, same, joined } = found;
  const told = shortHash(canonicalJson([person, same]));
  const isTold = claim.told === told && !joined;
  // The same text again says the same name: a customer that is read once more, and no other, writes nothing.
  const isNamed = facts.role === "technician" || claim.named !== undefined;
  const isKept = claim.person === person && claim.digest === digest && isNamed;
  if (isKept && isTold) return nothing;
  // Before the claim is kept, which would let the message that comes again after a crash end at the line above.
  await enterPerson(ports.sets, key, facts);
  if (claim.person !== person) {
    await ports.sets.add(sets.person(person), key, {});
    if (claim.person !== null) await ports.sets.remove(sets.person(claim.person), key);
  }
  const kept = isKept
    ? claim
    : (await keepAs(ports, claim, (standing) => withNamed({ ...standing, jobs: [], parked: null, person, digest })))
        .kept;
  if (isTold) return nothing;
  // Listed after the claim is kept: a job that names this person meanwhile sees it there, and need not be told.
  const waiting = await rootsOf(ports, key, facts, same.length > 0);
  // Also where nobody waits: else each reading with another balance would look at the customer's jobs once more.
  return { ...nothing, waiting, after: [{ told: { stored: kept, next: { ...kept, told } } }] };
}

/** What a customer is called and into whom it was merged, by the latest of its readings. */
function namedBy({ named }: Claim, facts: PersonFacts, version: Version): Claim["named"] {
  if (facts.role !== "customer" || (named && compareVersions(named.version, version) >= 0)) return named;
  return { name: facts.name, mergedTo: facts.mergedTo ? recordKey(facts.mergedTo) : null, version };
}

/** Roots to look at again: this customer's, and those of everybody who turned out to be the same person. */
async function rootsOf(
  ports: PlacePorts,
  key: string,
  facts: PersonFacts,
  shares: boolean,
): Promise<readonly string[]> {
  const customers = new Set([key]);
  if (shares) {
    const contacts = [
      ...facts.phones.map((value) => sets.contact("phone", value)),
      ...facts.emails.map((value) => sets.contact("email", value)),
    ];
    for (const set of contacts) for (const one of await ports.sets.list(set)) customers.add(one.member);
    if (facts.mergedTo) customers.add(recordKey(facts.mergedTo));
  }
  const roots: string[] = [];
  for (const customer of customers)
    roots.push(...(await ports.sets.list(sets.names(customer))).map((one) => one.member));
  return roots;
}

/**
 * Two customers are one person when a contact names both (`contactsOf`): what two records of a system share names a
 * household or an office. Every record keeps the person it began as; persons found to be one forward to
 * the smallest, so that it does not matter who came first.
 */
async function customerOf(
  ports: PlacePorts,
  claim: StoredClaim,
  key: string,
  facts: PersonFacts,
): Promise<{ readonly person: string; readonly same: readonly string[]; readonly joined: boolean }> {
  const connection = key.slice(0, key.indexOf("/"));
  const own = claim.person ?? personIdOf(key);
  const same = new Set<string>();
  if (facts.mergedTo) {
    const [into] = await ports.claims.load([recordKey(facts.mergedTo)]);
    if (into?.person) same.add(into.person);
  }
  const contacts = [
    ...facts.phones.map((value) => sets.contact("phone", value)),
    ...facts.emails.map((value) => sets.contact("email", value)),
  ];
  // Entered first and listed after: of two that come together at least one sees the other.
  await Promise.all(contacts.map((set) => ports.sets.add(set, key, { connection, person: own, name: facts.name })));
  for (const set of contacts) {
    const others = contactsOf(
      { connection, name: facts.name },
      (await ports.sets.list(set)).filter((one) => one.member !== key),
    );
    for (const one of others) if (typeof one.data["person"] === "string") same.add(one.data["person"]);
  }
  return { person: own, same: [...same].sort(), joined: await unite(ports, [own, ...same]) };
}

/**
 * Who of those that share a contact is this customer. A contact that one record of each system has names one person;
 * one that several records of a system share names each of them only together with the name. A name alone names nobody.
 */
function contactsOf<Other extends { readonly data: Readonly<Record<string, unknown>> }>(
  mine: { readonly connection: string; readonly name: string | null },
  others: readonly Other[],
): readonly Other[] {
  const oneEach = (some: readonly Other[]): boolean => {
    const systems = [mine.connection, ...some.map((one) => one.data["connection"])];
    return new Set(systems).size === systems.length;
  };
  if (oneEach(others)) return others;
  const { name } = mine;
  const named = others.filter(
    ({ data }) => typeof data["name"] === "string" && likeness(name ?? "", data["name"]) >= 0.9,
  );
  return oneEach(named) ? named : [];
}

/**
 * Makes these persons one: all forward to the smallest. False when they already were. A person that somebody else
 * forwards meanwhile is not forwarded anew, which would forget whom it stood for: the next round finds both.
 */
async function unite(ports: PlacePorts, people: readonly string[]): Promise<boolean> {
  for (let rounds = 0; rounds < 8; rounds++) {
    const [best, ...others] = [...new Set(await resolvePeople(ports.claims, people))].sort();
    if (best === undefined || others.length === 0) return rounds > 0;
    for (const stored of await ports.claims.load(others.map(forwardKey)))
      if (stored.person === null) await ports.claims.save({ stored, next: { ...stored, person: best } });
  }
  throw new Error(`the persons ${people.join(", ")} keep moving`);
}

const forwardKey = (person: string): string => `people/forward/${person}`;

/** Follows forwarded persons to whom they are now; same order as asked. */
export async function resolvePeople(claims: ClaimStore, people: readonly string[]): Promise<readonly string[]> {
  const now = new Map(people.map((person) => [person, person]));
  for (let hops = 0; hops < 8; hops++) {
    const asked = [...new Set(now.values())];
    const forwards = new Map(
      (await claims.load(asked.map(forwardKey))).flatMap((claim, index) =>
        claim.person ? [[asked[index] ?? "", claim.person]] : [],
      ),
    );
    if (forwards.size === 0) break;
    for (const [person, at] of now) now.set(person, forwards.get(at) ?? at);
  }
  return people.map((person) => now.get(person) ?? person);
}
