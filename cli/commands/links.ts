import { readFileSync, writeFileSync } from "node:fs";
import * as z from "#shared/domain/schema.ts";
import { crosswalkRowSchema } from "#shared/pipeline/crosswalk.ts";
import { type Command, needed, wanted } from "../command.ts";
import { readLinks, writeLinks } from "../links-file.ts";

const importedSchema = z.object({
  batch: z.nullable(z.string()),
  dryRun: z.boolean(),
  new: z.number(),
  same: z.number(),
  confirmed: z.number(),
  conflicting: z.number(),
  unknown: z.number(),
  left: z.array(z.object({ row: z.number(), record: z.string(), why: z.string() })),
});
const listedSchema = z.object({ rows: z.array(crosswalkRowSchema), batches: z.array(z.string()) });
const undoneSchema = z.object({
  batch: z.string(),
  undone: z.number(),
  left: z.array(z.object({ record: z.string(), why: z.string() })),
});

export const linksImport: Command = {
  name: "links import",
  about: "links the records that a file calls one thing; one import is one batch",
  takes: "FILE",
  options: [{ name: "dry-run", about: "only counts new, same, confirmed, conflicting and unknown rows" }],
  async run(call) {
    const file = wanted(call, 0, "FILE");
    const { rows, misfits } = readLinks(readFileSync(file, "utf8"));
    if (misfits.length > 0) {
      const lines = misfits.map(({ line, column, expected }) => `${file}: line ${line}, ${column}: ${expected}`);
      return { json: { file, misfits }, text: lines.join("\n"), code: 2 };
    }
    const reply = await (await call.api()).post("links/import", { rows, dryRun: call.flags.has("dry-run") });
    const said = z.parse(importedSchema, reply);
    const confirmed = said.confirmed > 0 ? `, ${said.confirmed} that a rule had linked and you confirm` : "";
    const counts = `${said.new} new, ${said.same} same, ${said.conflicting} conflicting, ${said.unknown} not seen yet${confirmed}`;
    const end = said.dryRun
      ? "Nothing was changed."
      : `Batch ${said.batch ?? "-"}; plumbline links undo --batch ${said.batch ?? "-"} takes it back.`;
    const left = said.left.map(({ row, record, why }) => `  row ${row}, ${record}: ${why}`);
    return { json: reply, text: [counts, ...left, end].join("\n"), code: said.left.length > 0 ? 1 : 0 };
  },
};

export const linksExport: Command = {
  name: "links export",
  about: "writes the links as they stand, in the form in which they can be imported",
  takes: "[FILE]",
  options: [],
  async run(call) {
    const reply = z.parse(listedSchema, await (await call.api()).get("links"));
    const [file] = call.positionals;
    const text = writeLinks(reply.rows);
    if (file === undefined) return { json: reply, text: text.trimEnd() };
    writeFileSync(file, text);
    return { json: { file, rows: reply.rows.length }, text: `${reply.rows.length} rows in ${file}` };
  },
};

export const linksUndo: Command = {
  name: "links undo",
  about: "takes an import back whole",
  takes: "",
  options: [{ name: "batch", value: "B", about: "the batch that the import named" }],
  async run(call) {
    const reply = await (await call.api()).post("links/undo", { batch: needed(call, "batch") });
    const { undone, left } = z.parse(undoneSchema, reply);
    const lines = left.map(({ record, why }) => `  ${record} stays linked: ${why}`);
    return { json: reply, text: [`${undone} rows taken back`, ...lines].join("\n"), code: left.length > 0 ? 1 : 0 };
  },
};
