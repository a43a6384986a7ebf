import type { ExactKey } from "#shared/domain/keys.ts";

/** Digits only, the last ten; fewer than seven digits name nobody. */
export function phonesOf(values: readonly unknown[]): readonly string[] {
  const digits = values.flatMap((value) => (typeof value === "string" ? [value.replace(/\D/g, "").slice(-10)] : []));
  return sortedOnce(digits.filter((text) => text.length >= 7));
}

/** Lower case, without surrounding blanks; what holds no @ is no address. */
export function emailsOf(values: readonly unknown[]): readonly string[] {
  const texts = values.flatMap((value) => (typeof value === "string" ? [value.trim().toLowerCase()] : []));
  return sortedOnce(texts.filter((text) => text.includes("@")));
}

/** The keys under which a person may be found in another system. */
export function personKeys(phones: readonly string[], emails: readonly string[]): readonly ExactKey[] {
  return [...phones.map((value) => ({ kind: "phone", value })), ...emails.map((value) => ({ kind: "email", value }))];
}

/** First and last name, else the company's; null when nothing is printed. */
export function nameOf(person: {
  readonly first_name?: unknown;
  readonly last_name?: unknown;
  readonly company_name?: unknown;
}): string | null {
  const text = (value: unknown): string => (typeof value === "string" ? value.trim() : "");
  const own = [text(person.first_name), text(person.last_name)].filter((part) => part !== "").join(" ");
  return own || text(person.company_name) || null;
}

function sortedOnce(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}
