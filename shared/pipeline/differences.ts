import type { JobState, MoneyLine } from "#shared/domain/job.ts";
import type { Minor } from "#shared/domain/money.ts";
import { type CompanyConfig, referenceOf } from "#shared/domain/policy.ts";

/** The two independent lines of a job's money. */
export const lineNames = ["charge", "payment"] as const;
export type LineName = (typeof lineNames)[number];

/** One system beside the reference on one line, where the two can be compared. Minor units. */
export interface Difference {
  readonly line: LineName;
  readonly reference: MoneyLine;
  readonly other: MoneyLine;
  /** The whole difference: the other system less the reference. */
  readonly minor: Minor;
  /** What of it is news: less what was accepted at cutover. */
  readonly newsMinor: Minor;
}

/**
 * Every comparable pair of a job (law 5: a star around the reference), also those that agree. A charge is compared once
 * it is no estimate any more; what a system does not state has no difference.
 */
export function differencesOf(
  accepted: JobState["accepted"],
  lines: readonly MoneyLine[],
  company: CompanyConfig,
): readonly Difference[] {
  const reference = lines.find((line) => line.connection === referenceOf(company)?.id);
  if (!reference) return [];
  const comparable = { charge: !reference.provisional, payment: true };
  return lineNames.flatMap((line) => {
    const stands = reference[line];
    if (!comparable[line] || stands === null) return [];
    return lines.flatMap((other): Difference[] => {
      const says = other[line];
      if (other === reference || says === null || (line === "charge" && other.estimate)) return [];
      const minor = says + (line === "charge" ? (other.withoutTax ?? 0) : 0) - stands;
      const newsMinor = minor - (accepted[acceptedKey(line, other.connection)] ?? 0);
      return [{ line, reference, other, minor, newsMinor }];
    });
  });
}

/** Differences that make a break: news beyond the tolerance, the widest of its line first. */
export function gapsOf(differences: readonly Difference[], line: LineName, company: CompanyConfig): Difference[] {
  return differences
    .filter((one) => one.line === line && Math.abs(one.newsMinor) > (company.policy.toleranceMinor ?? 0))
    .sort((a, b) => Math.abs(b.newsMinor) - Math.abs(a.newsMinor));
}

/** Under which name a job keeps what was accepted. */
export function acceptedKey(line: LineName, connection: string): string {
  return `${line}:${connection}`;
}
