import { acceptWebhook } from "#shared/pipeline/accept-webhook.ts";
import { httpApi } from "#shared/runtime/http-api.ts";
import { liveDeps } from "./deps.ts";

const deps = liveDeps();

export const handler = httpApi({
  name: "receive-webhook",
  work: async ({ parameters, headers, body }, run) => {
    const call = { company: parameters["company"] ?? "", connection: parameters["connection"] ?? "", headers, body };
    const { status, ids, vendor } = await acceptWebhook(deps, call);
    // Who is not configured is not written into the log: anybody may send anything here.
    if (vendor === null) run.log.write("PL041", { status });
    else run.log.write("PL040", { company: call.company, connection: call.connection, ids });
    return { status, json: status === 200 ? { hints: ids } : { error: status } };
  },
});
