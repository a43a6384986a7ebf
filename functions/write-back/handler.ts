import { outboundSchema } from "#shared/messages/outbound.ts";
import { writeBack } from "#shared/pipeline/write-back.ts";
import { sqsBatch } from "#shared/runtime/sqs-batch.ts";
import { liveDeps } from "./deps.ts";

const deps = liveDeps();

export const handler = sqsBatch({
  name: "write-back",
  schema: outboundSchema,
  groupOf: (message) => message.job,
  work: async (message, run) => {
    const { company, ports } = await deps.companyOf(message.company);
    const wrote = await writeBack(ports, company, message);
    run.log.write("PL051", { company: company.id, job: message.job, intent: message.intent, ...wrote });
  },
});
