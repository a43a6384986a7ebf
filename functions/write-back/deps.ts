import type { TokenSource } from "#shared/connectors/connector.ts";
import { createVendorClient } from "#shared/connectors/http-client.ts";
import { connectors, normalisers } from "#shared/connectors/registry.ts";
import { tokenSource } from "#shared/connectors/tokens.ts";
import { Failure } from "#shared/domain/failure.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import { sqsQueues } from "#shared/messages/sqs-queues.ts";
import type { WriteBackPorts } from "#shared/pipeline/write-back.ts";
import { clockAt } from "#shared/runtime/clock.ts";
import { readAws, readEnv } from "#shared/runtime/env.ts";
import { s3Archive } from "#shared/store/archive.ts";
import { dynamoClient } from "#shared/store/client.ts";
import { openCell, openStore } from "#shared/store/open.ts";
import { secretsManager } from "#shared/store/secrets.ts";
import { signedCalls } from "#shared/store/signed-call.ts";
import { envSchema } from "./env.ts";

export interface Deps {
  /** The company's configuration and its ports. Throws Failure `bad-input` for a company nobody configured. */
  companyOf(id: string): Promise<{ readonly company: CompanyConfig; readonly ports: WriteBackPorts }>;
}

/** The live adapters: the only place of this function that makes clients. */
export function liveDeps(): Deps {
  const env = readEnv(envSchema);
  const access = readAws();
  const aws = signedCalls(access);
  const clock = clockAt(env.PLUMBLINE_CLOCK_URL);
  const archive = s3Archive(aws, env.ARCHIVE_BUCKET);
  const secrets = secretsManager(aws);
  const queues = sqsQueues(aws, { inbound: env.INBOUND_QUEUE_URL, outbound: { [env.VENDOR]: env.OUTBOUND_QUEUE_URL } });
  const table = { client: dynamoClient(access), tableName: env.TABLE_NAME };
  const { config, controlAll } = openCell(table);
  const tokens = new Map<string, TokenSource>();
  return {
    async companyOf(id) {
      const company = await config.company(id);
      if (!company) throw new Failure("bad-input", `no company ${id} is configured`);
      const store = openStore({ ...table, company: company.id, config, archive });
      const client: WriteBackPorts["client"] = async (connection) => {
        const connector = connectors[connection.vendor];
        if (!connector) throw new Failure("bad-input", `no connector for ${connection.vendor}`);
        const key = `${company.id}/${connection.id}`;
        const source = tokens.get(key) ?? tokenSource(clock);
        tokens.set(key, source);
        const secret = connector.secret.parse(await secrets.get(connection.secret));
        return createVendorClient({
          connection,
          secret,
          http: connector.http,
          purpose: "write",
          clock,
          budget: store.budget,
          tokens: source,
        });
      };
      const ports = {
        ...store,
        clock,
        archive,
        queues,
        controlAll,
        client,
        describer: (vendor: string) => normalisers[vendor],
        connector: (vendor: string) => connectors[vendor],
      };
      return { company, ports };
    },
  };
}
