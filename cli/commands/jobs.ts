import * as z from "#shared/domain/schema.ts";
import { plainAmount } from "#shared/replies/amounts.ts";
import { lineSchema } from "#shared/replies/board.ts";
import { type Command, queryOf } from "../command.ts";
import { tableOf } from "../screens/table.ts";

const pageSchema = z.object({ jobs: z.array(lineSchema), next: z.nullable(z.string()) });

export const jobs: Command = {
  name: "jobs",
  about: "every job and how it stands",
  takes: "",
  options: [
    { name: "standing", value: "S", about: "only agree, disagree, waiting or not-comparable" },
    { name: "connection", value: "ID", about: "only jobs with a record there" },
  ],
  async run(call) {
    const api = await call.api();
    const { standing, connection } = call.values;
    const found: z.infer<typeof lineSchema>[] = [];
    let next: string | undefined;
    do {
      const page = z.parse(pageSchema, await api.get(`jobs${queryOf({ standing, connection, next })}`));
      found.push(...page.jobs);
      next = page.next ?? undefined;
    } while (next !== undefined);
    const rows = found.map((line) => [
      line.number ?? line.job,
      line.day ?? "-",
      line.standing,
      line.gapMinor === 0 ? "" : plainAmount(line.gapMinor),
      line.connections.join(" "),
      line.customer ?? "-",
    ]);
    const columns = [
      { title: "job" },
      { title: "day" },
      { title: "stands" },
      { title: "apart", right: true as const },
      { title: "in" },
      { title: "customer" },
    ];
    return { json: { jobs: found }, text: `${tableOf(columns, rows, "no such job")}\n${found.length} jobs` };
  },
};
