import { type Intent, withheldOf } from "#shared/domain/intent.ts";
import { compareInstants } from "#shared/domain/time.ts";

/** A write that nobody has to agree to any more, that lacks nothing a person has to give, and whose time has come. */
export function mayGo(intent: Intent, { now }: { readonly now: string }): boolean {
  if (!isAgreed(intent) || withheldOf(intent).length > 0) return false;
  return intent.dueAt === null || compareInstants(intent.dueAt, now) <= 0;
}

/** A write that nobody has to agree to any more. */
export function isAgreed(intent: Intent): boolean {
  if (intent.kind !== "write" || intent.rejected !== null) return false;
  return !intent.needsApproval || intent.approved !== null;
}
