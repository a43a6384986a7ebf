import * as z from "#shared/domain/schema.ts";
import { type Command, queryOf } from "../command.ts";
import { breakSchema } from "../screens/board-schema.ts";
import { plainAmount } from "../screens/money.ts";
import { tableOf } from "../screens/table.ts";

const replySchema = z.object({
  breaks: z.array(z.object({ job: z.string(), number: z.nullable(z.string()), ...breakSchema.shape })),
});

export const breaks: Command = {
  name: "breaks",
  about: "every disagreement that stands, widest first",
  takes: "",
  options: [
    { name: "state", value: "S", about: "waiting, open, explained, assigned, reopened or resolved" },
    { name: "kind", value: "K", about: "charge, payment, missing-twin, status, ..." },
  ],
  async run(call) {
    const { state, kind } = call.values;
    const reply = z.parse(replySchema, await (await call.api()).get(`breaks${queryOf({ state, kind })}`));
    const rows = reply.breaks.map((found) => [
      found.gapMinor === 0 ? "" : plainAmount(found.gapMinor),
      found.number ?? found.job,
      found.state,
      found.kind,
      found.causes.map(({ kind: why, certainty }) => `${why} (${certainty})`).join(", "),
      found.since.slice(0, 16),
      found.sentence,
    ]);
    const columns = [
      { title: "gap", right: true as const },
      { title: "job" },
      { title: "state" },
      { title: "kind" },
      { title: "cause" },
      { title: "since (UTC)" },
      { title: "what" },
    ];
    return { json: reply, text: tableOf(columns, rows, "no break stands") };
  },
};
