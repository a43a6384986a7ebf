import type { PersonFacts } from "#shared/domain/facts.ts";
import { editsBetween, likeness, wordsOf } from "#shared/domain/likeness.ts";
import * as z from "#shared/domain/schema.ts";
import type { SetStore } from "./ports.ts";

/**
 * Customers and technicians of different systems that may be one person, though no contact names both: a slip in a
 * phone number, a household's phone, another mailbox. A name alone proposes nobody.
 */
export interface PersonSide {
  readonly record: string;
  readonly connection: string;
  readonly role: "customer" | "technician";
  readonly name: string;
  readonly phones: readonly string[];
  readonly emails: readonly string[];
}

/** Persons whose names begin alike stand in one set, which is all that is ever compared with each other. */
export function namesakes(role: PersonSide["role"], name: string): string {
  return `named:${role}:${wordsOf(name)
    .map((word) => word.slice(0, 2))
    .join("-")}`;
}

/** Every set of namesakes in which two systems meet. */
export const personReviewSet = "review-persons";

const sideSchema = z.object({
  record: z.string(),
  connection: z.string(),
  role: z.enum(["customer", "technician"]),
  name: z.string(),
  phones: z.array(z.string()),
  emails: z.array(z.string()),
});

/** Puts a person among their namesakes; where another system has one too, the set is put on the review list. */
export async function enterPerson(store: SetStore, record: string, facts: PersonFacts): Promise<void> {
  if (facts.name === null || facts.presence !== "present") return;
  const { role, name, phones, emails } = facts;
  const side: PersonSide = { record, connection: record.slice(0, record.indexOf("/")), role, name, phones, emails };
  const set = namesakes(role, name);
  await store.add(set, record, { ...side });
  const others = (await store.list(set)).map(({ data }) => personSideOf(data));
  if (others.some((other) => personScore(side, other) !== null)) await store.add(personReviewSet, set, {});
}

/** Points from 60 on, and what they are for; null when names are unlike or nothing but the name speaks for it. */
export function personScore(
  a: PersonSide,
  b: PersonSide,
): { readonly score: number; readonly evidence: readonly string[] } | null {
  if (a.connection === b.connection || a.role !== b.role) return null;
  const name = likeness(a.name, b.name);
  if (name < 0.8) return null;
  const named = `names ${a.name} and ${b.name}`;
  const found = [...contact(a.phones, b.phones, "phone"), ...contact(a.emails, b.emails, "e-mail")];
  const points = found.reduce((sum, one) => sum + one.points, name >= 0.92 ? 40 : 25);
  return points < 60 ? null : { score: points, evidence: [named, ...found.map((one) => one.because)] };
}

/** The same contact, or one slip away from it. */
function contact(
  mine: readonly string[],
  others: readonly string[],
  what: string,
): readonly { readonly points: number; readonly because: string }[] {
  const same = mine.find((one) => others.includes(one));
  if (same !== undefined) return [{ points: 40, because: `the same ${what} ${same}` }];
  for (const one of mine) {
    const near = others.find((other) => editsBetween(one, other) <= 1);
    if (near !== undefined) return [{ points: 30, because: `${what} ${one} and ${near}` }];
  }
  return [];
}

/** What a member of a set of namesakes says. Throws on one that `enterPerson` did not write. */
export function personSideOf(data: Readonly<Record<string, unknown>>): PersonSide {
  return z.parse(sideSchema, data);
}
