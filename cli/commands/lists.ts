import * as z from "#shared/domain/schema.ts";
import { plainAmount } from "#shared/replies/amounts.ts";
import { receiptsSchema } from "#shared/replies/lists.ts";
import { type Call, type Command, queryOf, type Shown, Usage } from "../command.ts";
import { tableOf } from "../screens/table.ts";

/** Records that stand aside, and what came of writes: plain lists. */
const quarantinedSchema = z.object({
  key: z.string(),
  connection: z.string(),
  stream: z.string(),
  id: z.nullable(z.string()),
  reason: z.string(),
  at: z.string(),
  archived: z.string(),
  form: z.enum(["as-printed", "reprinted", "cut"]),
});
const quarantineSchema = z.object({ records: z.array(quarantinedSchema) });
const withPayloadSchema = z.extend(quarantinedSchema, { raw: z.string() });
const parkedSchema = z.object({ records: z.array(z.object({ record: z.string(), why: z.nullable(z.string()) })) });
export const quarantine: Command = {
  name: "quarantine",
  about: "records that could not be read, and why; with a KEY of the list, what the vendor sent",
  takes: "[KEY]",
  options: [{ name: "raw", about: "of a KEY the payload alone" }],
  async run(call) {
    const [key] = call.positionals;
    if (key !== undefined) return payload(call, key);
    if (call.flags.has("raw")) throw new Usage("--raw needs a KEY of the list");
    const reply = z.parse(quarantineSchema, await (await call.api()).get("quarantine"));
    const rows = reply.records.map((one) => [
      one.at.slice(0, 16),
      one.connection,
      one.stream,
      one.id ?? "-",
      one.key,
      one.reason,
      one.archived,
    ]);
    const columns = [
      { title: "at (UTC)" },
      { title: "connection" },
      { title: "stream" },
      { title: "id" },
      { title: "key" },
      { title: "why" },
      { title: "in the archive" },
    ];
    return { json: reply, text: tableOf(columns, rows, "nothing is in quarantine") };
  },
};

const forms: Readonly<Record<z.infer<typeof quarantinedSchema>["form"], string>> = {
  "as-printed": "as the vendor printed it",
  reprinted: "printed again from what was parsed: numbers and the order of keys may differ from what the vendor sent",
  cut: "the beginning of the vendor's answer, without credentials",
};

async function payload(call: Call, key: string): Promise<Shown> {
  const reply = z.parse(withPayloadSchema, await (await call.api()).get(`quarantine/record${queryOf({ key })}`));
  if (call.flags.has("raw")) return { json: reply, text: reply.raw };
  const lines = [
    `${reply.connection} ${reply.stream} ${reply.id ?? "without an id"}, read ${reply.at.slice(0, 16)} UTC`,
    `why: ${reply.reason}`,
    `in the archive: ${reply.archived}`,
    `below: ${forms[reply.form]}`,
    "",
    reply.raw,
  ];
  return { json: reply, text: lines.join("\n") };
}

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
