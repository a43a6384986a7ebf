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
      evidence: z.optional(
        z.array(z.object({ record: z.string(), page: z.nullable(z.string()), readsSame: z.nullable(z.boolean()) })),
      ),
      explained: z.unknown(),
    }),
  ),
});

export const at: Command = {
  name: "at",
  about:
    "a job as it was stored at an instant (2026-11-02T17:00:00Z), rebuilt byte for byte; --json has the whole of it",
  takes: "JOB INSTANT",
  options: [{ name: "evidence", about: "also finds each record's payload, as its vendor sent it, in the archive" }],
  async run(call) {
    const [name, instant] = [wanted(call, 0, "JOB"), wanted(call, 1, "INSTANT")];
    const evidence = call.flags.has("evidence") ? "yes" : undefined;
    const reply = await (await call.api()).get(`at${queryOf({ name, instant, evidence })}`);
    const { jobs } = z.parse(thenSchema, reply);
    return { json: reply, text: jobs.map(thenText).join("\n\n") };
  },
};

type Then = z.infer<typeof thenSchema>["jobs"][number];

function thenText(then: Then): string {
  const since = then.at === null ? "" : `, stored ${then.at}`;
  const until = then.until === null ? "still so" : `until ${then.until}`;
  return [
    `Version ${then.version}${since}, ${until}. Digest ${then.digest}. Read under the policy of today.`,
    explainScreen({ jobs: [then.explained] }),
    ...(then.evidence ? ["", "Archive:", ...then.evidence.map(evidenceText)] : []),
  ].join("\n");
}

function evidenceText({ record, page, readsSame }: NonNullable<Then["evidence"]>[number]): string {
  if (page === null) return `  ${record}: no payload kept`;
  const reads = readsSame === null ? "" : readsSame ? ", reads the same today" : ", READS OTHERWISE TODAY";
  return `  ${record}: ${page}${reads}`;
}
