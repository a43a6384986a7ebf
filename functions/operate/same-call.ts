import * as z from "#shared/domain/schema.ts";
import { type SameCallDecided, sayNotTheSame, sayTheSame } from "#shared/pipeline/same-call.ts";
import { type Asked, bodyOf, type Desk, Refused } from "./request.ts";
import { record } from "./review.ts";

const sameSchema = z.strictObject({
  keep: record,
  records: z.array(record).check(z.minLength(1, "expected at least one record beside the one that is kept")),
  why: z._default(z.string(), ""),
});
const notSameSchema = z.strictObject({ record, why: z.string().check(z.minLength(1, "expected a reason")) });

/** Records of one job and connection are one call entered twice. Refused 400 with path and expectation. */
export async function sameCall({ company, ports }: Desk, asked: Asked): Promise<object> {
  return orRefused(await sayTheSame(ports, company, { ...bodyOf(asked, sameSchema), by: asked.person.sub }));
}

/** Takes that back for one record. Refused 400 with path and expectation. */
export async function notSameCall({ company, ports }: Desk, asked: Asked): Promise<object> {
  return orRefused(await sayNotTheSame(ports, company, { ...bodyOf(asked, notSameSchema), by: asked.person.sub }));
}

function orRefused(decided: SameCallDecided): object {
  if (decided.done) return decided;
  const said = decided.problems.map(({ path, expected }) => `${path}: expected ${expected}`).join("; ");
  throw new Refused(400, `it does not fit: ${said}`, { problems: decided.problems });
}
