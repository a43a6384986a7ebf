import { Failure } from "#shared/domain/failure.ts";
import * as z from "#shared/domain/schema.ts";
import { addSeconds, compareInstants, instantNanos } from "#shared/domain/time.ts";
import type { Page, RawRecord, Reader, Unfit } from "../connector.ts";
import { pathText } from "../query.ts";
import { jobReplySchema, listSchema } from "./schemas.ts";
import { streams } from "./streams.ts";

const LIMIT = 50;

/** What makes a row a record: an id, and the version that the reference states. */
const identity = z.looseObject({
  id: z.string().check(z.minLength(1)),
  changed_at: z.string().check(z.refine((text: string) => instantNanos(text) !== null, "expected an instant")),
});

/** Where a list goes on: the vendor's cursor, and the bound it was begun with, which is sent again with every page. */
const nextSchema = z.strictObject({ after: z.string(), since: z.nullable(z.string()) });

/**
 * The list goes by changed_at and its cursor names the last record shown, so a record that is edited meanwhile moves to
 * the end: it may come twice and is never lost.
 */
export const reader: Reader = {
  page: async (client, { stream, next, since }) => {
    const at = next === null ? { after: undefined, since: overlapped(since) } : z.parse(nextSchema, JSON.parse(next));
    const { value } = await client.request({
      operation: "listJobs",
      method: "GET",
      path: "/jobs",
      query: { limit: LIMIT, after: at.after, changed_since: at.since ?? undefined },
      schema: listSchema,
      writes: false,
    });
    const page = sorted(stream, value.jobs);
    const mark = newest(page.records);
    return { ...page, mark, next: value.next && JSON.stringify({ after: value.next, since: at.since }) };
  },
  byIds: async (client, stream, ids) => {
    const rows: unknown[] = [];
    for (const id of ids) {
      try {
        const path = pathText("/jobs/{id}", { id });
        const schema = jobReplySchema;
        const { value } = await client.request({ operation: "getJob", method: "GET", path, schema, writes: false });
        rows.push(value.job);
      } catch (cause) {
        // Not in the result: proven absent.
        if (!(cause instanceof Failure) || cause.kind !== "missing") throw cause;
      }
    }
    return sorted(stream, rows);
  },
};

function overlapped(since: string | null): string | null {
  return since === null ? null : addSeconds(since, -streams.jobs.overlapMinutes * 60);
}

function sorted(stream: string, rows: readonly unknown[]): Page {
  const records: RawRecord[] = [];
  const unfit: Unfit[] = [];
  for (const raw of rows) {
    const parsed = z.safeParse(identity, raw);
    if (parsed.success) records.push({ stream, id: parsed.data.id, modified: parsed.data.changed_at, raw });
    else unfit.push({ stream, raw, reason: "no id, or no changed_at, which the reference states" });
  }
  return { records, unfit, dropped: 0, next: null, total: null, mark: null };
}

function newest(records: readonly RawRecord[]): string | null {
  let mark: string | null = null;
  for (const { modified } of records) {
    if (modified !== null && (mark === null || compareInstants(modified, mark) > 0)) mark = modified;
  }
  return mark;
}
