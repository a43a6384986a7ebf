import * as z from "#shared/domain/schema.ts";
import { type Command, queryOf, wanted } from "../command.ts";
import { explainScreen } from "../screens/explain.ts";

const thenSchema = z.object({
  jobs: z.array(
    z.object({
      version: z.number(),
      at: z.nullable(z.string()),
      until: z.nullable(z.string()),
      digest: z.string(),
      explained: z.unknown(),
    }),
  ),
});

export const at: Command = {
  name: "at",
  about:
    "a job as it was stored at an instant (2026-11-02T17:00:00Z), rebuilt byte for byte; --json has the whole of it",
  takes: "JOB INSTANT",
  options: [],
  async run(call) {
    const [name, instant] = [wanted(call, 0, "JOB"), wanted(call, 1, "INSTANT")];
    const reply = await (await call.api()).get(`at${queryOf({ name, instant })}`);
    const { jobs } = z.parse(thenSchema, reply);
    return { json: reply, text: jobs.map(thenText).join("\n\n") };
  },
};

function thenText(then: z.infer<typeof thenSchema>["jobs"][number]): string {
  const since = then.at === null ? "" : `, stored ${then.at}`;
  const until = then.until === null ? "still so" : `until ${then.until}`;
  return `Version ${then.version}${since}, ${until}. Digest ${then.digest}. Read under the policy of today.\n${explainScreen({ jobs: [then.explained] })}`;
}
