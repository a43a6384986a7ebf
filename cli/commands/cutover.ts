import { readFileSync, writeFileSync } from "node:fs";
import * as z from "#shared/domain/schema.ts";
import { lineNames } from "#shared/pipeline/differences.ts";
import type { Api } from "#shared/replies/api.ts";
import { type Command, needed, wanted } from "../command.ts";
import { type CutoverRow, readCutover, sayOf, signedFor, writeCutover } from "../cutover-file.ts";

const listedSchema = z.object({
  currency: z.string(),
  rows: z.array(
    z.object({
      job: z.string(),
      number: z.nullable(z.string()),
      line: z.enum(lineNames),
      connection: z.string(),
      minor: z.number(),
      countedMinor: z.number(),
    }),
  ),
});
const acceptedSchema = z.object({
  accepted: z.number(),
  already: z.number(),
  jobs: z.number(),
  countedMinor: z.number(),
  at: z.string(),
});
const companySchema = z.object({ company: z.object({ currency: z.string() }) });

/** Rows of one request; a job's rows stay together. */
const rowsAtOnce = 300;

export const cutoverExport: Command = {
  name: "cutover export",
  about: "writes the differences that stand now into a file, for somebody to look at and sign for",
  takes: "FILE",
  options: [],
  async run(call) {
    const file = wanted(call, 0, "FILE");
    const reply = await (await call.api()).get("cutover");
    const { rows, currency } = z.parse(listedSchema, reply);
    writeFileSync(file, writeCutover(rows, currency));
    return { json: reply, text: `${sayOf(rows, currency)}: ${rows.length} rows in ${file}` };
  },
};

export const cutoverAccept: Command = {
  name: "cutover accept",
  about: "accepts the differences of a file as found: no break, never written back; what differs beyond them is news",
  takes: "FILE",
  options: [{ name: "by", value: "NAME", about: "who signs for them" }],
  async run(call) {
    const file = wanted(call, 0, "FILE");
    const by = needed(call, "by");
    const { says, rows, misfits } = readCutover(readFileSync(file, "utf8"));
    if (misfits.length > 0)
      return { json: { file, misfits }, text: misfits.map((one) => `${file}: ${one}`).join("\n"), code: 2 };
    const api = await call.api();
    const { company } = z.parse(companySchema, await api.get("config"));
    const comes = sayOf(rows, company.currency);
    if (says !== comes) {
      const misfit = `line 1: says ${says === "" ? "nothing" : says}; the rows come to ${comes}`;
      return { json: { file, misfits: [misfit] }, text: `${file}: ${misfit}`, code: 2 };
    }
    if (rows.length === 0) return { json: { accepted: 0, already: 0 }, text: "There is nothing to accept." };
    const replies = await accepted(api, rows, by);
    const total = (pick: (reply: z.infer<typeof acceptedSchema>) => number): number =>
      replies.reduce((sum, reply) => sum + pick(reply), 0);
    const sum = signedFor(
      total((one) => one.countedMinor),
      total((one) => one.jobs),
      company.currency,
    );
    const already = total((one) => one.already);
    const text = `${sum}, accepted by ${by} on ${(replies[0]?.at ?? "").slice(0, 10)}`;
    return {
      json: { by, replies },
      text: already === 0 ? text : `${text}; ${already} rows were accepted before`,
    };
  },
};

async function accepted(
  api: Api,
  rows: readonly CutoverRow[],
  by: string,
): Promise<readonly z.infer<typeof acceptedSchema>[]> {
  const replies: z.infer<typeof acceptedSchema>[] = [];
  for (const batch of batchesOf(rows)) {
    const named = batch.map(({ job, line, connection, minor }) => ({ job, line, connection, minor }));
    replies.push(z.parse(acceptedSchema, await api.post("cutover", { by, rows: named })));
  }
  return replies;
}

function batchesOf(rows: readonly CutoverRow[]): readonly (readonly CutoverRow[])[] {
  const batches: CutoverRow[][] = [];
  for (const its of Map.groupBy(rows, ({ job }) => job).values()) {
    const last = batches.at(-1);
    if (last && last.length + its.length <= rowsAtOnce) last.push(...its);
    else batches.push([...its]);
  }
  return batches;
}
