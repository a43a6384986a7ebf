import type { Intent } from "#shared/domain/intent.ts";
import * as z from "#shared/domain/schema.ts";
import type { Page, Writer } from "../connector.ts";
import { checkedInput } from "../problems.ts";
import type { VendorClient } from "../vendor-client.ts";
import { createJob } from "./operations-jobs.ts";
import { listPage } from "./reader.ts";
import { jobSchema, recordReplySchema } from "./schemas.ts";

/**
 * A job that is not there at all. The intent's arguments are the body of a create, with `marker` as an option: a text
 * that stands as a line of internal_notes. The vendor takes no id of ours, so the job is found again by customer and
 * title, and by the marker's line when there is one; found, it shows what is wanted, else "none".
 */
export const jobWriter: Writer = {
  target: "job",
  requests: 3,
  guarded: false,
  read,
  shows: (records, intent) => (records.some((one) => one.facts.kind === "job") ? intent.wanted : "none"),
  send: async (client, intent) => {
    const { requestId } = await client.request({
      operation: "createJob",
      method: "POST",
      path: "/jobs",
      json: bodyOf(intent).body,
      schema: recordReplySchema,
      writes: true,
    });
    return { requestId };
  },
};

const argumentsSchema = z.looseObject({ marker: z.optional(z.string()) });

function bodyOf(intent: Intent) {
  const { marker, ...body } = z.parse(argumentsSchema, intent.arguments);
  const input = checkedInput("createJob", createJob.input, body);
  if (marker === undefined) return { marker, body: input };
  return { marker, body: { ...input, internal_notes: withMarker(input.internal_notes ?? "", marker) } };
}

async function read(client: VendorClient, intent: Intent): Promise<Page> {
  const { marker, body } = bodyOf(intent);
  const filter = { include_deleted: false, customer_uuid: body.customer_uuid, search: body.title, page: 1, limit: 100 };
  const page = (await listPage(client, "jobs", filter)).read;
  const records = page.records.filter((record) => {
    const job = z.safeParse(jobSchema, record.raw);
    if (!job.success || job.data.title !== body.title) return false;
    return marker === undefined || linesOf(job.data.internal_notes).includes(marker);
  });
  return { ...page, records };
}

/**
 * Notes with our marker as one last line; everything before it stays byte for byte, and notes that have the line
 * already are returned as they are.
 */
export function withMarker(notes: string, marker: string): string {
  if (linesOf(notes).includes(marker)) return notes;
  return notes === "" || notes.endsWith("\n") ? `${notes}${marker}` : `${notes}\n${marker}`;
}

function linesOf(notes: string | null | undefined): readonly string[] {
  return (notes ?? "").split(/\r?\n/);
}
