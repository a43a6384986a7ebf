import { readFileSync } from "node:fs";
import type { Page, RawRecord } from "#shared/connectors/connector.ts";
import { connector } from "#shared/connectors/customtrades/index.ts";
import type { VendorClient } from "#shared/connectors/vendor-client.ts";
import type { Facts, JobFacts } from "#shared/domain/facts.ts";
import type { RecordRef } from "#shared/domain/ids.ts";
import { run } from "#test/simulators/support.ts";
import { pagesOf } from "./account.ts";
import { clientFor, connectionFor, noon } from "./support.ts";

export const key = "ctc_live_aBcDeF0123456789";
export const fixture = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`../fixtures/customtrades/${name}.json`, import.meta.url), "utf8"));

const stamps = { created_at: "2026-10-01T00:00:00.000Z", updated_at: "2026-10-01T00:00:00.000Z", deleted_at: null };
export const job = (uuid: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  uuid,
  job_number: `JOB-${uuid}`,
  customer_uuid: "cu1",
  title: "Leak",
  status: "In Progress",
  actual_amount: null,
  internal_notes: null,
  ...stamps,
  ...more,
});
export const invoice = (uuid: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  ...{ uuid, invoice_number: `INV-${uuid}`, customer_uuid: "cu1", job_uuid: "j1", invoice_type: "Full" },
  ...{ issue_date: "2026-10-31", subtotal: 500, tax_amount: 40.3, discount_amount: 0, total_amount: 540.3 },
  ...{ paid_amount: 0, balance_amount: 540.3, status: "Pending" },
  ...stamps,
  ...more,
});
const customer = { uuid: "cu1", first_name: "Ana", last_name: "Pena", phone: "303-555-0101", ...stamps };

/** The simulator with one account, its control, and a client of the connector. */
export async function world(collections: Record<string, readonly Record<string, unknown>[]>) {
  const running = await run({ vendors: ["customtrades"] });
  const control = running.control("customtrades");
  await control.send("PUT", "/clock", { now: noon });
  await control.send("POST", "/accounts", { id: "boulder", credentials: { apiKey: key } });
  await control.send("POST", "/load", { account: "boulder", collections: { customers: [customer], ...collections } });
  const connection = connectionFor("customtrades", `${running.urls["customtrades"]}/api/v1`);
  const client = clientFor(connector, { connection, secret: { apiKey: key }, fetchTimeoutMs: 2_000 });
  return { control, connection, client };
}

/** All pages of a stream, as a poller reads them. */
export const readAll = (client: VendorClient, stream: string): Promise<Page[]> =>
  pagesOf(connector, client, stream, null);

export function normalised(stream: string, raw: unknown, more: Record<string, unknown> = {}) {
  const connection = connectionFor("customtrades", "http://localhost", more);
  return connector.normalise(stream, raw, { connection, zone: "America/Denver" });
}

export function jobFacts(raw: unknown, more: Record<string, unknown> = {}): JobFacts {
  const result = normalised("jobs", raw, more);
  if ("unfit" in result || result.facts.kind !== "job") throw new Error(JSON.stringify(result));
  return result.facts;
}

/** What a page shows, as write-back hands it to `shows`. */
export function shown(connection: string, records: readonly RawRecord[]): { record: RecordRef; facts: Facts }[] {
  return records.map(({ stream, id, raw }) => {
    const result = normalised(stream, raw);
    if ("unfit" in result) throw new Error(result.unfit);
    return { record: { connection, stream, id }, facts: result.facts };
  });
}
