import type { Connector } from "#shared/connectors/connector.ts";
import type { VendorClient } from "#shared/connectors/vendor-client.ts";
import { hmacHex } from "#shared/connectors/webhook-signature.ts";
import { Failure } from "#shared/domain/failure.ts";
import { type CompanyConfig, type ConnectionConfig, connectionOf } from "#shared/domain/policy.ts";
import { acceptWebhook, type WebhookPorts } from "#shared/pipeline/accept-webhook.ts";
import { dispatch } from "#shared/pipeline/dispatch.ts";
import { readStream } from "#shared/pipeline/ingest.ts";
import { readRecords } from "#shared/pipeline/ingest-records.ts";
import { sweepStream } from "#shared/pipeline/sweep.ts";
import { takeIn } from "#shared/pipeline/take-in.ts";
import { type WriteBackPorts, writeBack } from "#shared/pipeline/write-back.ts";
import { connectors } from "./company.ts";
import type { SimulatedPorts } from "./ports.ts";
import type { Message, WebhookEvent } from "./queue.ts";

/** How an invocation gets a client of a vendor. */
export type ClientOf = (
  connection: ConnectionConfig,
  purpose: VendorClient["purpose"],
  about: { readonly job: string; readonly intent: string } | null,
) => VendorClient;

/** Both companies' fleet software signs with the same secret: no signature may be what keeps them apart. */
const fleetSecret = { apiKey: "key", accountToken: "token", webhookSecret: "told to nobody" } as const;

const timeLeftMs = (): number => 1_000_000;

/** What each function does with its message, as its handler does. */
export async function handle(
  ports: SimulatedPorts,
  company: CompanyConfig,
  message: Message,
  clientOf: ClientOf,
  connectorOf: (vendor: string) => Connector | undefined,
): Promise<void> {
  switch (message.to) {
    case "webhook":
      await receive(ports, message.body);
      return;
    case "reconcile":
      await takeIn({ ...ports, describer: (vendor) => connectors[vendor] }, company, message.body);
      return;
    case "write": {
      const about = { job: message.body.job, intent: message.body.intent };
      const writing: WriteBackPorts = {
        ...ports,
        describer: (vendor) => connectors[vendor],
        connector: connectorOf,
        client: async (connection) => clientOf(connection, "write", about),
      };
      await writeBack(writing, company, message.body);
      return;
    }
    case "poll": {
      const hint = message.body;
      const readable = readableOf(company, hint.connection, hint.stream, clientOf);
      const reading = { ...ports, timeLeftMs };
      if (hint.kind === "stream") await readStream(reading, readable, hint.purpose);
      else await readRecords(reading, readable, hint);
      return;
    }
    case "sweep": {
      const { connection, stream } = message.body;
      const { reader, ...readable } = readableOf(company, connection, stream, clientOf);
      const vendor = connectorOf(readable.connection.vendor);
      await sweepStream({ ...ports, timeLeftMs }, { ...readable, reader: vendor?.reader ?? reader });
    }
  }
}

/** One tick for all companies of the cell. */
export async function tick(ports: SimulatedPorts, jobsOf: (company: string) => SimulatedPorts["jobs"]): Promise<void> {
  await dispatch({
    ...ports,
    streamsOf: (vendor) => connectors[vendor]?.streams ?? {},
    vendorOfIntent: async (id, job, intent) => {
      const company = await ports.config.company(id);
      const { state } = await jobsOf(id).load(job);
      const found = state.intents.find((one) => one.id === intent);
      return (company && found && connectionOf(company, found.record.connection)?.vendor) ?? null;
    },
    timeLeftMs,
  });
}

/** Signed as its vendor signs; whom it is for stands in the path that the vendor was given. */
async function receive(ports: SimulatedPorts, { company, connection, payload }: WebhookEvent): Promise<void> {
  const body = Buffer.from(JSON.stringify({ event: "service_entry_updated", payload }));
  const headers = { "x-fleetio-webhook-signature": hmacHex("sha256", fleetSecret.webhookSecret, body) };
  const webhookPorts: WebhookPorts = {
    company: ports.config.company,
    secrets: { get: async () => fleetSecret },
    queues: ports.queues,
    webhookOf: (vendor) => connectors[vendor]?.webhook ?? null,
  };
  const { status } = await acceptWebhook(webhookPorts, { company, connection, headers, body });
  if (status !== 200) throw new Failure("bad-input", `a webhook of ${company}/${connection} was answered ${status}`);
}

function readableOf(company: CompanyConfig, id: string, stream: string, clientOf: ClientOf) {
  const connection = connectionOf(company, id);
  const connector = connection ? connectors[connection.vendor] : undefined;
  const spec = connector?.streams[stream];
  if (!connection || !connector || !spec) throw new Failure("bad-input", `no stream ${id}/${stream}`);
  return {
    company: company.id,
    connection,
    spec,
    reader: connector.reader,
    client: async (purpose: VendorClient["purpose"]) => clientOf(connection, purpose, null),
  };
}
