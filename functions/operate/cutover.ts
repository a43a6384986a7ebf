import * as z from "#shared/domain/schema.ts";
import { acceptOpenings, listOpenings } from "#shared/pipeline/accept-openings.ts";
import { lineNames } from "#shared/pipeline/differences.ts";
import { type Asked, bodyOf, type Desk, Refused } from "./request.ts";

/** As many rows as one request does within its time. */
const mostRows = 500;

const acceptSchema = z.strictObject({
  /** Who signs for it; the token's own person is recorded beside the name. */
  by: z.string().check(z.minLength(1, "expected the name of who accepts them")),
  rows: z
    .array(z.strictObject({ job: z.string(), line: z.enum(lineNames), connection: z.string(), minor: z.int() }))
    .check(
      z.minLength(1, "expected at least one row"),
      z.maxLength(mostRows, `expected at most ${mostRows} rows in one request`),
    ),
});

/** The differences that stand now, by job and line, in the form in which they can be accepted. */
export async function listCutover({ company, ports }: Desk): Promise<object> {
  return { currency: company.currency, ...(await listOpenings(ports, company)) };
}

/** Accepts differences as found. Refused 409 with the rows that are no longer so; then none was accepted. */
export async function acceptCutover({ company, ports }: Desk, asked: Asked): Promise<object> {
  const { by, rows } = bodyOf(asked, acceptSchema);
  const { sub } = asked.person;
  const came = await acceptOpenings(ports, company, { rows, by: by === sub ? by : `${by} (${sub})` });
  if (came.refused.length === 0) return { currency: company.currency, by, ...came };
  const shown = came.refused
    .slice(0, 5)
    .map(({ job, number, line, connection, why }) => `${number ?? job} ${line} at ${connection}: ${why}`);
  const more = came.refused.length > shown.length ? `; and ${came.refused.length - shown.length} more` : "";
  const rest = came.accepted > 0 ? `${came.accepted} rows were accepted` : "nothing was accepted";
  throw new Refused(409, `refused, ${rest}: ${shown.join("; ")}${more}`, { ...came });
}
