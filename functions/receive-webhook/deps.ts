import { webhooks } from "#shared/connectors/registry.ts";
import type { WebhookPorts } from "#shared/pipeline/accept-webhook.ts";
import { readAws, readEnv } from "#shared/runtime/env.ts";
import { dynamoClient } from "#shared/store/client.ts";
import { openCell } from "#shared/store/open.ts";
import { secretsManager } from "#shared/store/secrets.ts";
import { signedCalls } from "#shared/store/signed-call.ts";
import { sqsClient, sqsQueues } from "#shared/store/sqs-queues.ts";
import { envSchema } from "./env.ts";

/** The live adapters: the only place of this function that makes clients. */
export function liveDeps(): WebhookPorts {
  const env = readEnv(envSchema);
  const access = readAws();
  const aws = signedCalls(access);
  const { config } = openCell({ client: dynamoClient(access), tableName: env.TABLE_NAME });
  return {
    company: (id) => config.company(id),
    secrets: secretsManager(aws),
    queues: sqsQueues(sqsClient(access), { hints: env.HINT_QUEUES }),
    webhookOf: (vendor) => webhooks[vendor] ?? null,
  };
}
