import * as z from "#shared/domain/schema.ts";
import type { Api } from "#shared/replies/api.ts";
import { boardSchema } from "#shared/replies/board.ts";
import { jobReplySchema } from "#shared/replies/explained.ts";
import { breaksSchema, feedsSchema, receiptsSchema, resultsSchema, switchSchema } from "#shared/replies/lists.ts";
import { planSchema } from "#shared/replies/plan.ts";
import { unattachedSchema } from "#shared/replies/unattached.ts";
import type { Role } from "./session.ts";

interface Call<Reply> {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** The least that may, so that nobody is shown a button that would be refused. */
  readonly role: Role;
  readonly reply: z.ZodMiniType<Reply>;
}

/** Everything the page asks of the HTTP API: the terminal's own routes and no other. A test holds them to operate's table. */
export const calls = {
  status: { method: "GET", path: "status", role: "viewer", reply: boardSchema },
  job: { method: "GET", path: "job", role: "viewer", reply: jobReplySchema },
  breaks: { method: "GET", path: "breaks", role: "viewer", reply: breaksSchema },
  unattached: { method: "GET", path: "unattached", role: "viewer", reply: unattachedSchema },
  plan: { method: "GET", path: "plan", role: "viewer", reply: planSchema },
  receipts: { method: "GET", path: "receipts", role: "viewer", reply: receiptsSchema },
  feeds: { method: "GET", path: "feeds", role: "viewer", reply: feedsSchema },
  approve: { method: "POST", path: "plan/approve", role: "bookkeeper", reply: resultsSchema },
  reject: { method: "POST", path: "plan/reject", role: "bookkeeper", reply: resultsSchema },
  stop: { method: "POST", path: "stop", role: "engineer", reply: switchSchema },
  resume: { method: "POST", path: "resume", role: "engineer", reply: switchSchema },
} as const satisfies Record<string, Call<unknown>>;

/** Asks, and checks the answer's shape. `said` is the query of a GET and the body of a POST. */
export async function ask<Reply>(
  api: Api,
  { method, path, reply }: Call<Reply>,
  said: Readonly<Record<string, unknown>> = {},
): Promise<Reply> {
  if (method === "POST") return z.parse(reply, await api.post(path, said));
  const query = Object.entries(said).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return z.parse(reply, await api.get(query.length === 0 ? path : `${path}?${query.join("&")}`));
}
