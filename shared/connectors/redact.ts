/** Members whose value is never kept, whatever it is. */
const NAMED =
  /("(?:[a-z_-]*token|password|[a-z_]*secret|api[_-]?key|authorization|signature)"\s*:\s*")(?:[^"\\]|\\.)*/gi;

/** Every text of some length inside a secret, however deep. */
export function secretTexts(secret: unknown): readonly string[] {
  if (typeof secret === "string") return secret.length >= 4 ? [secret] : [];
  if (typeof secret !== "object" || secret === null) return [];
  return Object.values(secret).flatMap(secretTexts);
}

/** A text without these secrets, plain, as JSON prints them or percent-encoded, and without members that are secret by name. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text.replace(NAMED, "$1[redacted]");
  // The longest first, so that a secret inside another leaves no remainder.
  for (const secret of secrets.toSorted((a, b) => b.length - a.length)) {
    const printed = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret.toWellFormed())];
    clean = printed.reduce((text, one) => text.replaceAll(one, "[redacted]"), clean);
  }
  return clean;
}

/** The start of a text, as much as a receipt or a log line needs. Redact before cutting. */
export function cut(text: string, length = 500): string {
  return text.length <= length ? text : `${text.slice(0, length)}... (${text.length} characters)`;
}
