import { inboundSchema } from "#shared/messages/inbound.ts";
import { takeIn } from "#shared/pipeline/take-in.ts";
import { sqsBatch } from "#shared/runtime/sqs-batch.ts";
import { liveDeps } from "./deps.ts";

const deps = liveDeps();

export const handler = sqsBatch({
  name: "reconcile-job",
  schema: inboundSchema,
  work: async (message, run) => {
    const { company, ports } = await deps.companyOf(message.company);
    const taken = await takeIn(ports, company, message);
    run.log.write("PL050", { company: company.id, kind: message.kind, ...taken });
  },
});
