import * as z from "#shared/domain/schema.ts";
import { crosswalkRowSchema, linkRows, misfits } from "#shared/pipeline/crosswalk.ts";
import { entriesOf, importCrosswalk } from "#shared/pipeline/crosswalk-import.ts";
import { undoCrosswalk } from "#shared/pipeline/crosswalk-undo.ts";
import { everyJob } from "#shared/pipeline/every-job.ts";
import { type Asked, bodyOf, type Desk, Refused } from "./request.ts";

const importSchema = z.strictObject({
  rows: z.array(crosswalkRowSchema).check(z.minLength(1, "expected at least one row")),
  dryRun: z._default(z.boolean(), false),
});
const undoSchema = z.strictObject({ batch: z.string().check(z.minLength(1, "expected a batch")) });

/** The crosswalk as it stands, in the form in which it can be imported. */
export async function listLinks({ ports }: Desk): Promise<object> {
  const [states, entries] = await Promise.all([everyJob(ports.jobs, "all"), entriesOf(ports)]);
  const batches = [...new Set([...entries.values()].map(({ batch }) => batch))].sort();
  return { rows: linkRows(states, entries), batches };
}

export async function importLinks({ company, ports }: Desk, asked: Asked): Promise<object> {
  const { rows, dryRun } = bodyOf(asked, importSchema);
  const problems = misfits(rows, company, ports.describer);
  if (problems.length > 0)
    throw new Refused(
      400,
      `rows do not fit: ${problems.map((one) => `${one.path}: expected ${one.expected}`).join("; ")}`,
      {
        problems,
      },
    );
  return importCrosswalk(ports, company, { rows, by: asked.person.sub, dryRun });
}

/** Takes one import back whole. Refused 404 for a batch nobody imported, or that is taken back already. */
export async function undoLinks({ company, ports }: Desk, asked: Asked): Promise<object> {
  const { batch } = bodyOf(asked, undoSchema);
  const undone = await undoCrosswalk(ports, company, batch, asked.person.sub);
  if (undone.undone === 0 && undone.left.length === 0) throw new Refused(404, `no batch ${batch} stands`);
  return undone;
}
