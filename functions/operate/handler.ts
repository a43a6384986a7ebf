import { httpApi } from "#shared/runtime/http-api.ts";
import { liveDeps } from "./deps.ts";
import { operate } from "./work.ts";

const deps = liveDeps();

export const handler = httpApi({
  name: "operate",
  work: async (request, run) => {
    const reply = await operate(deps, request);
    run.log.write(reply.status < 400 ? "PL060" : "PL061", {
      route: `${request.method} ${request.path}`,
      status: reply.status,
      person: String(request.claims["sub"]),
    });
    return reply;
  },
});
