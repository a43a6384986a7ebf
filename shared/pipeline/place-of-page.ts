/** A numbered read, as the archive names it. */
export interface NumberedRead {
  readonly connection: string;
  readonly stream: string;
  readonly read: number;
  readonly at: string;
}

/** Where what a numbered read brought lies in the archive; told by every observation that came of it. */
export function placeOf(company: string, { connection, stream, read, at }: NumberedRead): string {
  return [company, at.slice(0, 10), connection, stream, String(read)].join("/");
}

/** The archived page at a place: the records of it that were handed on (payloads.ts). */
export function pageKey(place: string): string {
  return `pages/${place}.json`;
}
