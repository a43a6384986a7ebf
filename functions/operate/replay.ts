import type { CompanyConfig } from "#shared/domain/policy.ts";
import * as z from "#shared/domain/schema.ts";
import { compareInstants, instantNanos, printedDay, wallToInstant } from "#shared/domain/time.ts";
import type { Period } from "#shared/pipeline/replay.ts";
import { replayPage } from "#shared/pipeline/replay-period.ts";
import { companyIn } from "./configuration.ts";
import { type Asked, bodyOf, type Desk, Refused } from "./request.ts";
import type { OperateDeps } from "./work.ts";

const replaySchema = z.strictObject({
  /** A configuration document that holds the company: its policy is tried, and its connections' modes. */
  document: z.looseObject({}),
  from: z.string(),
  to: z.string(),
  next: z.optional(z.nullable(z.string())),
});

/** A page of jobs, and how their plans in a period differ between the policy in force and another one. Writes nothing. */
export async function replay({ company, ports }: Desk, asked: Asked, deps: OperateDeps): Promise<object> {
  const body = bodyOf(asked, replaySchema);
  const tried = companyIn(deps, asked, body.document);
  const period = periodOf(company, body.from, body.to);
  return { ...period, ...(await replayPage(ports, { company, tried, period }, body.next ?? null)) };
}

/** A period of two instants, or of days, which stand for their beginning in the company's zone. Throws Refused 400. */
export function periodOf(company: CompanyConfig, from: string, to: string): Period {
  const period = { from: instantOf(company, "from", from), to: instantOf(company, "to", to) };
  if (compareInstants(period.from, period.to) < 0) return period;
  throw new Refused(400, "to: expected an instant after from", {
    problems: [{ path: "to", expected: "an instant after from" }],
  });
}

function instantOf(company: CompanyConfig, path: string, text: string): string {
  if (instantNanos(text) !== null) return text;
  const day = text.length === 10 ? printedDay(text) : null;
  if (day !== null && !Number.isNaN(Date.parse(day))) return wallToInstant(day, "00:00", company.zone).instant;
  const expected = "a day (2026-11-01) or an instant with its offset (2026-11-01T06:00:00Z)";
  throw new Refused(400, `${path}: expected ${expected}`, { problems: [{ path, expected }] });
}
