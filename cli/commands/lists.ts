import * as z from "#shared/domain/schema.ts";
import { plainAmount } from "#shared/replies/amounts.ts";
import { receiptsSchema } from "#shared/replies/lists.ts";
import { type Command, queryOf } from "../command.ts";
import { tableOf } from "../screens/table.ts";

/** Records that stand aside, and what came of writes: plain lists. */
const quarantineSchema = z.object({
  records: z.array(
    z.object({
      connection: z.string(),
      stream: z.string(),
      id: z.nullable(z.string()),
      reason: z.string(),
      at: z.string(),
    }),
  ),
});
const parkedSchema = z.object({ records: z.array(z.object({ record: z.string(), why: z.nullable(z.string()) })) });
export const quarantine: Command = {
  name: "quarantine",
  about: "records that could not be read, and why",
  takes: "",
  options: [],
  async run(call) {
    const reply = z.parse(quarantineSchema, await (await call.api()).get("quarantine"));
    const rows = reply.records.map((one) => [
      one.at.slice(0, 16),
      one.connection,
      one.stream,
      one.id ?? "-",
      one.reason,
    ]);
    const columns = [
      { title: "at (UTC)" },
      { title: "connection" },
      { title: "stream" },
      { title: "id" },
      { title: "why" },
    ];
    return { json: reply, text: tableOf(columns, rows, "nothing is in quarantine") };
  },
};

export const parked: Command = {
  name: "parked",
  about: "records that no job wants yet, and what they wait for",
  takes: "",
  options: [],
  async run(call) {
    const reply = z.parse(parkedSchema, await (await call.api()).get("parked"));
    const rows = reply.records.map((one) => [one.record, one.why ?? ""]);
    return { json: reply, text: tableOf([{ title: "record" }, { title: "why" }], rows, "nothing is parked") };
  },
};

export const receipts: Command = {
  name: "receipts",
  about: "what came of every write, newest first",
  takes: "",
  options: [{ name: "connection", value: "ID", about: "only writes there" }],
  async run(call) {
    const { connection } = call.values;
    const reply = z.parse(receiptsSchema, await (await call.api()).get(`receipts${queryOf({ connection })}`));
    const rows = reply.receipts.map((one) => [
      one.at.slice(0, 16),
      one.outcome,
      one.number ?? one.job,
      one.record.connection,
      one.target,
      one.moneyMinor === 0 ? "" : plainAmount(one.moneyMinor),
      one.approvedBy ?? "by policy",
      `${one.before || "nothing"} -> ${one.wanted}${one.note ? ` (${one.note})` : ""}`,
    ]);
    const columns = [
      { title: "at (UTC)" },
      { title: "outcome" },
      { title: "job" },
      { title: "at" },
      { title: "target" },
      { title: "money", right: true as const },
      { title: "approved" },
      { title: "what" },
    ];
    return { json: reply, text: tableOf(columns, rows, "nothing was written yet") };
  },
};
