import { Failure } from "#shared/domain/failure.ts";
import { digestOf } from "#shared/domain/ids.ts";
import { type Printed, printedOf, textsIn } from "#shared/domain/printed.ts";
import * as z from "#shared/domain/schema.ts";
import { type ReadRecord, readRecordSchema } from "#shared/messages/inbound.ts";
import { pageKey, placeOf } from "./place-of-page.ts";
import type { Archive } from "./ports.ts";

/** Payloads on their way through the archive: there as the vendor printed them, while messages carry what was parsed. */
const archivedSchema = z.array(
  z.strictObject({ ...readRecordSchema.shape, form: z.enum(["as-printed", "reprinted"]) }),
);
export type ArchivedRecord = z.infer<typeof archivedSchema>[number];

/** The text of an archived page: the records handed on, each payload in the vendor's own characters where they are known. */
export function archivedText(records: readonly ReadRecord[]): string {
  const entries = records.map(({ raw, ...record }) => {
    const { text, form } = printedOf(raw);
    return `${JSON.stringify({ ...record, form }).slice(0, -1)},"raw":${text}}`;
  });
  return `[${entries.join(",")}]`;
}

export interface ArchivedPage {
  readonly records: readonly ArchivedRecord[];
  readonly text: string;
}

/** The page of this key; null when there is none. Throws what the archive throws otherwise. */
export async function archivedPage(archive: Archive, key: string): Promise<ArchivedPage | null> {
  try {
    const text = await archive.get(key);
    return { text, records: archivedSchema.parse(JSON.parse(text)) };
  } catch (error) {
    if (error instanceof Failure && error.kind === "missing") return null;
    throw error;
  }
}

/** Where the page of a read may lie: under its own stream, or under another of its vendor that brought the record too. */
export function pagesOfRead(
  company: string,
  { connection, stream, read, at }: Parameters<typeof placeOf>[1],
  streams: readonly string[],
): readonly string[] {
  const all = [...new Set([stream, ...streams])];
  return all.map((one) => pageKey(placeOf(company, { connection, stream: one, read, at })));
}

/** The payload of a record that was handed on, as it was printed where its page holds it, else as it came with the message. */
export async function payloadOf(
  archive: Archive,
  company: string,
  connection: string,
  streams: readonly string[],
  record: ReadRecord,
): Promise<Printed> {
  for (const key of pagesOfRead(company, { ...record, connection }, streams)) {
    const page = await archivedPage(archive, key);
    const found = page?.records.find(
      (one) => one.stream === record.stream && one.id === record.id && digestOf(one.raw) === record.digest,
    );
    if (!page || !found || typeof found.raw !== "object" || found.raw === null) continue;
    const text = textsIn(page.text, page.records, 2).get(found.raw);
    if (text !== undefined) return { text, form: found.form };
  }
  return { text: JSON.stringify(record.raw), form: "reprinted" };
}
