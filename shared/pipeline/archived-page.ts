import { printedOf } from "#shared/domain/printed.ts";
import * as z from "#shared/domain/schema.ts";
import { type ReadRecord, readRecordSchema } from "#shared/messages/inbound.ts";

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

/** The archived page at a place: the records of it that were handed on. */
export function pageKey(place: string): string {
  return `pages/${place}.json`;
}

/** What an archived page holds: its payloads as the vendor printed them, while messages carry what was parsed. */
export const archivedSchema = z.array(
  z.strictObject({ ...readRecordSchema.shape, form: z.enum(["as-printed", "reprinted"]) }),
);

/** The text of an archived page: the records handed on, each payload in the vendor's own characters where they are known. */
export function archivedText(records: readonly ReadRecord[]): string {
  const entries = records.map(({ raw, ...record }) => {
    const { text, form } = printedOf(raw);
    return `${JSON.stringify({ ...record, form }).slice(0, -1)},"raw":${text}}`;
  });
  return `[${entries.join(",")}]`;
}
