import type { Connector } from "#shared/connectors/connector.ts";
import type { VendorClient } from "#shared/connectors/vendor-client.ts";
import { Failure } from "#shared/domain/failure.ts";
import { type ConnectionConfig, connectionOf } from "#shared/domain/policy.ts";
import { dispatch } from "#shared/pipeline/dispatch.ts";
import { readStream } from "#shared/pipeline/ingest.ts";
import { readRecords } from "#shared/pipeline/ingest-records.ts";
import { sweepStream } from "#shared/pipeline/sweep.ts";
import { takeIn } from "#shared/pipeline/take-in.ts";
import { type WriteBackPorts, writeBack } from "#shared/pipeline/write-back.ts";
import { company, connectors } from "./company.ts";
import type { SimulatedPorts } from "./ports.ts";
import type { Message } from "./queue.ts";

/** How an invocation gets a client of a vendor. */
export type ClientOf = (
  connection: ConnectionConfig,
  purpose: VendorClient["purpose"],
  about: { readonly job: string; readonly intent: string } | null,
) => VendorClient;

const timeLeftMs = (): number => 1_000_000;

/** What each function does with its message, as its handler does. */
export async function handle(
  ports: SimulatedPorts,
  message: Message,
  clientOf: ClientOf,
  connectorOf: (vendor: string) => Connector | undefined,
): Promise<void> {
  switch (message.to) {
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
      const readable = readableOf(hint.connection, hint.stream, clientOf);
      const reading = { ...ports, timeLeftMs };
      if (hint.kind === "stream") await readStream(reading, readable, hint.purpose);
      else await readRecords(reading, readable, hint);
      return;
    }
    case "sweep": {
      const { connection, stream } = message.body;
      await sweepStream({ ...ports, timeLeftMs }, readableOf(connection, stream, clientOf));
    }
  }
}

export async function tick(ports: SimulatedPorts): Promise<void> {
  await dispatch({
    ...ports,
    streamsOf: (vendor) => connectors[vendor]?.streams ?? {},
    vendorOfIntent: async (_company, job, intent) => {
      const { state } = await ports.jobs.load(job);
      const found = state.intents.find((one) => one.id === intent);
      return (found && connectionOf(company, found.record.connection)?.vendor) ?? null;
    },
    timeLeftMs,
  });
}

function readableOf(id: string, stream: string, clientOf: ClientOf) {
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
