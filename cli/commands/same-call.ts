import * as z from "#shared/domain/schema.ts";
import { type Command, needed, Usage, wanted } from "../command.ts";

const decidedSchema = z.object({ done: z.literal(true), job: z.string(), records: z.array(z.string()) });
const why = { name: "why", value: "TEXT", about: "the reason, kept with what you say" };

export const linksSame: Command = {
  name: "links same",
  about: "calls entered twice in one system: the first is kept, the others count no more while it stands",
  takes: "KEPT RECORD [RECORD ...]",
  options: [why],
  async run(call) {
    const [keep = wanted(call, 0, "KEPT"), ...records] = call.positionals;
    if (records.length === 0) throw new Usage("RECORD is missing");
    const body = { keep, records, why: call.values["why"] ?? "" };
    const reply = await (await call.api()).post("links/same", body);
    const { job } = z.parse(decidedSchema, reply);
    const are = records.length === 1 ? "is" : "are";
    return { json: reply, text: `${records.join(", ")} ${are} the same call as ${keep}, on ${job}: counted once.` };
  },
};

export const linksNotSame: Command = {
  name: "links not-same",
  about: "takes that back for one record: it counts again",
  takes: "RECORD",
  options: [why],
  async run(call) {
    const body = { record: wanted(call, 0, "RECORD"), why: needed(call, "why") };
    const reply = await (await call.api()).post("links/same/undo", body);
    const { job } = z.parse(decidedSchema, reply);
    return { json: reply, text: `${body.record} counts again, on ${job}.` };
  },
};
