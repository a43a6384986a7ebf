import { webhooks } from "#shared/connectors/registry.ts";
import { sqsQueues } from "#shared/messages/sqs-queues.ts";
import type { WebhookPorts } from "#shared/pipeline/accept-webhook.ts";
import { readAws, readEnv } from "#shared/runtime/env.ts";
import { openCell } from "#shared/store/open.ts";
import { secretsManager } from "#shared/store/secrets.ts";
import { signedCalls } from "#shared/store/signed-call.ts";
import { envSchema } from "./env.ts";

/** The live adapters: the only place of this function that makes clients. */
export function liveDeps(): WebhookPorts {
  const env = readEnv(envSchema);
  const aws = signedCalls(readAws());
  const { config } = openCell({ client: aws, tableName: env.TABLE_NAME });
  return {
    company: (id) => config.company(id),
    secrets: secretsManager(aws),
    queues: sqsQueues(aws, { hints: env.HINT_QUEUES }),
    webhookOf: (vendor) => webhooks[vendor] ?? null,
  };
}
