import type { Connector, Writer } from "../connector.ts";
import { pathText } from "../query.ts";
import { reader } from "./reader.ts";
import { jobReplySchema } from "./schemas.ts";

/** One target, one request. Attempt, order and outcome are the write-back stage's; here stands only what is sent. */
const status: Writer = {
  target: "status",
  requests: 3,
  guarded: false,
  read: (client, intent) => reader.byIds(client, "jobs", [intent.record.id]),
  shows: (records) => {
    const facts = records[0]?.facts;
    return facts?.kind === "job" ? (facts.work.word ?? "") : "";
  },
  send: async (client, intent) => {
    const { requestId } = await client.request({
      operation: "updateJob",
      method: "PATCH",
      path: pathText("/jobs/{id}", { id: intent.record.id }),
      json: { status: intent.wanted },
      schema: jobReplySchema,
      writes: true,
    });
    return { requestId };
  },
};

export const writers: Connector["writers"] = { status };
