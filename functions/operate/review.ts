import * as z from "#shared/domain/schema.ts";
import { linkPersons, type PersonDecided, personReview, rejectPersons } from "#shared/pipeline/person-review.ts";
import { type Decided, jobReview, linkRecords, rejectPair } from "#shared/pipeline/review.ts";
import { unlink } from "#shared/pipeline/unlink.ts";
import { type Asked, bodyOf, type Desk, Refused } from "./request.ts";

export const record = z.string().check(z.regex(/^[^/]+\/[^/]+\/.+$/, "expected connection/stream/id"));
const pairSchema = z.strictObject({
  records: z.tuple([record, record]),
  /** Two customers or technicians instead of two jobs. */
  persons: z._default(z.boolean(), false),
  why: z._default(z.string(), ""),
});
const rejectionSchema = z.strictObject({
  records: z.tuple([record, record]),
  persons: z._default(z.boolean(), false),
  why: z.string().check(z.minLength(1, "expected a reason")),
});
const unlinkSchema = z.strictObject({ record, why: z.string().check(z.minLength(1, "expected a reason")) });

/** What may be one job, or one person, and waits for somebody to say so. */
export async function reviewLinks({ company, ports }: Desk): Promise<object> {
  const [jobs, persons] = [await jobReview(ports, company), await personReview(ports)];
  return { jobs, persons };
}

/** Links two records: what was proposed, or by hand. Refused 409 with the reason. */
export async function acceptLink({ company, ports }: Desk, asked: Asked): Promise<object> {
  const { records, persons, why } = bodyOf(asked, pairSchema);
  const act = { records, by: asked.person.sub, why };
  return orRefused(await (persons ? linkPersons(ports, company, act) : linkRecords(ports, company, act)));
}

/** Remembers that two records are not one; they are not proposed again. Refused 409 with the reason. */
export async function rejectLink({ company, ports }: Desk, asked: Asked): Promise<object> {
  const { records, persons, why } = bodyOf(asked, rejectionSchema);
  const act = { records, by: asked.person.sub, why };
  return orRefused(await (persons ? rejectPersons(ports, company, act) : rejectPair(ports, company, act)));
}

/** Takes one link back. Refused 409 with the reason. */
export async function undoLink({ company, ports }: Desk, asked: Asked): Promise<object> {
  const { record: linked, why } = bodyOf(asked, unlinkSchema);
  const undone = await unlink(ports, company, { record: linked, by: asked.person.sub, why, apart: true });
  if (!undone.unlinked) throw new Refused(409, `refused: ${undone.why}`);
  return undone;
}

function orRefused(decided: Decided | PersonDecided): object {
  if (!decided.done) throw new Refused(409, `refused: ${decided.why}`);
  return decided;
}
