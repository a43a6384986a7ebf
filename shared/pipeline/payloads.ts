import { Failure } from "#shared/domain/failure.ts";
import { digestOf } from "#shared/domain/ids.ts";
import { type Printed, textsIn } from "#shared/domain/printed.ts";
import type * as z from "#shared/domain/schema.ts";
import type { ReadRecord } from "#shared/messages/inbound.ts";
import { archivedSchema, pageKey, placeOf } from "./archived-page.ts";
import type { Archive } from "./ports.ts";

export interface ArchivedPage {
  readonly records: z.infer<typeof archivedSchema>;
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
