import { recordKey } from "#shared/domain/ids.ts";
import type { Intent } from "#shared/domain/intent.ts";
import * as z from "#shared/domain/schema.ts";
import type { Page, Writer } from "../connector.ts";
import { pathText } from "../query.ts";
import type { VendorClient } from "../vendor-client.ts";
import { listPage, reader } from "./reader.ts";
import { doneSchema } from "./schemas.ts";

const deletedSchema = z.looseObject({ deleted_at: z.nullish(z.string()) });

/**
 * A soft delete, only of a job that nobody was billed for: the read before it brings the job and its invoices, and one
 * invoice that stands is enough to refuse. Payments hang on invoices, so they need no look of their own.
 */
export const presenceWriter: Writer = {
  target: "presence",
  requests: 5,
  guarded: false,
  read,
  shows: (records, intent) => {
    const found = records.find((one) => recordKey(one.record) === recordKey(intent.record));
    return found?.facts.kind === "job" ? found.facts.presence : "deleted";
  },
  refuse: (intent, before) => {
    if (intent.wanted !== "deleted") return "A deleted job can be brought back only in Custom Trades CRM itself.";
    const billed = before.records.some((record) => record.stream === "invoices" && stands(record.raw));
    const unreadable = before.unfit.some((record) => record.stream === "invoices");
    return billed || unreadable ? "There is an invoice on this job: settle it in Custom Trades CRM first." : null;
  },
  send: async (client, intent) => {
    const { requestId } = await client.request({
      operation: "deleteJob",
      method: "DELETE",
      path: pathText("/jobs/{uuid}", { uuid: intent.record.id }),
      schema: z.optional(doneSchema),
      writes: true,
    });
    return { requestId };
  },
};

async function read(client: VendorClient, intent: Intent): Promise<Page> {
  const job = await reader.byIds(client, "jobs", [intent.record.id]);
  const filter = { include_deleted: true, job_uuid: intent.record.id, page: 1, limit: 100 };
  const invoices = (await listPage(client, "invoices", filter)).read;
  return { ...job, records: [...job.records, ...invoices.records], unfit: [...job.unfit, ...invoices.unfit] };
}

function stands(raw: unknown): boolean {
  const parsed = z.safeParse(deletedSchema, raw);
  return !parsed.success || !parsed.data.deleted_at;
}
