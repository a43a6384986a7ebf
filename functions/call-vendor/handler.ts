import { httpApi } from "#shared/runtime/http-api.ts";
import { liveDeps } from "./deps.ts";
import { callVendor } from "./work.ts";

const deps = liveDeps();

export const handler = httpApi({
  name: "call-vendor",
  work: async (request, run) => {
    const reply = await callVendor(deps, request);
    run.log.write(reply.status < 400 ? "PL060" : "PL061", {
      route: `${request.method} ${request.path}`,
      status: reply.status,
      person: String(request.claims["sub"]),
    });
    return reply;
  },
});
