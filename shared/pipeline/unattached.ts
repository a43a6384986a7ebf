import { parseRecordKey } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { Minor } from "#shared/domain/money.ts";
import { compareVersions, isGone } from "#shared/domain/observation.ts";
import type { Jobless } from "./jobless.ts";
import type { Claim, ClaimStore, JobStore, StoredClaim } from "./ports.ts";

/** Money that belongs to no job: what of payments lies on no invoice, and invoices without a job, by customer. */
export interface UnattachedPage {
  /** The widest first. A customer may stand on several pages. */
  readonly customers: readonly UnattachedOf[];
  readonly next: string | null;
}

export interface UnattachedOf {
  /** Record key, of the customer it was merged into where it was; null for what names no customer. */
  readonly customer: string | null;
  /** Null while the customer's own record was not read. */
  readonly name: string | null;
  readonly payments: readonly UnattachedPayment[];
  readonly invoices: readonly UnattachedInvoice[];
}

export interface UnattachedPayment {
  readonly record: string;
  readonly connection: string;
  readonly day: string | null;
  readonly totalMinor: Minor;
  /** What of it lies on no invoice. */
  readonly unappliedMinor: Minor;
}

export interface UnattachedInvoice {
  readonly record: string;
  readonly connection: string;
  readonly number: string | null;
  readonly day: string | null;
  /** Null when it is not stated or cannot be read. */
  readonly totalMinor: Minor | null;
  readonly balanceMinor: Minor | null;
  /** Not a charge yet. */
  readonly draft: boolean;
}

export interface UnattachedPorts {
  readonly claims: Pick<ClaimStore, "unattached" | "load">;
  readonly jobs: Pick<JobStore, "loadMany">;
}

/**
 * One page, from the claims alone. It costs an index query of a hundred keys, a read unit for each of at most a hundred
 * claims, one for each of their customers, and a job's for an invoice that has left its job: some 200 units, however many
 * jobs the company has. Throws Failure `bad-input` on a cursor that no page gave.
 */
export async function unattachedPage(ports: UnattachedPorts, next: string | null): Promise<UnattachedPage> {
  const page = await ports.claims.unattached(next);
  const claims = await withoutJob(ports, page.claims);
  const customers = await customersNow(ports.claims, [
    ...new Set(claims.flatMap(({ unattached }) => (unattached ? [unattached] : []))),
  ]);
  const byCustomer = Map.groupBy(claims, ({ unattached }) => customers.get(unattached ?? "")?.record ?? "");
  const found = [...byCustomer].map(([record, own]): UnattachedOf => {
    const name = [...customers.values()].find((known) => known.record === record)?.name ?? null;
    return { customer: record === "" ? null : record, name, ...recordsOf(own) };
  });
  return { customers: found.toSorted(widestFirst), next: page.next };
}

/** Those that no job holds by a later reading: an invoice told to the jobs it left may have come back meanwhile. */
export async function withoutJob(
  ports: Pick<UnattachedPorts, "jobs">,
  claims: readonly StoredClaim[],
): Promise<readonly StoredClaim[]> {
  const left = claims.filter(({ jobless, jobs }) => jobless !== undefined && jobs.length > 0);
  const states = await ports.jobs.loadMany([...new Set(left.flatMap(({ jobs }) => jobs))]);
  return claims.filter(
    ({ record, jobless }) => !jobless || !states.some(({ state }) => knowsBetter(state, record, jobless)),
  );
}

/** Whether the job has read the invoice later than its claim, on a job or gone. */
function knowsBetter({ observations }: JobState, record: string, jobless: Jobless): boolean {
  const known = observations[record];
  if (!known?.said) return false;
  const isLater = compareVersions(known.said.version, jobless.version) > 0;
  return isGone(known) || (isLater && known.said.hangsOn.length > 0);
}

/** Follows merged customers to whom their system made of them; by the record that the claims name. */
async function customersNow(
  claims: Pick<ClaimStore, "load">,
  records: readonly string[],
): Promise<ReadonlyMap<string, { readonly record: string; readonly name: string | null }>> {
  const known = new Map<string, Claim["named"]>();
  for (let unread = records; unread.length > 0; ) {
    const named = (await claims.load(unread)).map((claim) => [claim.record, claim.named] as const);
    for (const [record, its] of named) known.set(record, its);
    unread = [...new Set(named.flatMap(([, its]) => its?.mergedTo ?? []))].filter((record) => !known.has(record));
  }
  return new Map(
    records.map((record) => {
      const now = mergedInto(record, known);
      // Where the one it was merged into has not been read, its own name is the best there is.
      return [record, { record: now, name: known.get(now)?.name ?? known.get(record)?.name ?? null }];
    }),
  );
}

/** The last it was merged into; of customers that name each other in a ring, the smallest, wherever one comes from. */
function mergedInto(record: string, known: ReadonlyMap<string, Claim["named"]>): string {
  const way: string[] = [];
  let at = record;
  for (let next: string | null | undefined = at; next; next = known.get(at)?.mergedTo) {
    if (way.includes(next)) return way.slice(way.indexOf(next)).toSorted()[0] ?? next;
    way.push(next);
    at = next;
  }
  return at;
}

function recordsOf(claims: readonly Claim[]): Pick<UnattachedOf, "payments" | "invoices"> {
  const inOrder = claims.toSorted((a, b) => (a.record < b.record ? -1 : 1));
  return {
    payments: inOrder.flatMap(({ record, unapplied }) => {
      if (!unapplied) return [];
      const { day = null, total, rest } = unapplied;
      return [{ record, connection: parseRecordKey(record).connection, day, totalMinor: total, unappliedMinor: rest }];
    }),
    invoices: inOrder.flatMap(({ record, jobless }) => {
      if (!jobless) return [];
      const { number, day, total, balance, draft } = jobless;
      const { connection } = parseRecordKey(record);
      return [{ record, connection, number, day, totalMinor: total, balanceMinor: balance, draft }];
    }),
  };
}

function widestFirst(a: UnattachedOf, b: UnattachedOf): number {
  return widthOf(b) - widthOf(a) || ((a.customer ?? "") < (b.customer ?? "") ? -1 : 1);
}

function widthOf({ payments, invoices }: UnattachedOf): Minor {
  const rests = payments.map(({ unappliedMinor }) => Math.abs(unappliedMinor));
  return [...rests, ...invoices.map(({ balanceMinor }) => Math.abs(balanceMinor ?? 0))].reduce((a, b) => a + b, 0);
}
