import { normalisers } from "#shared/connectors/registry.ts";
import { canonicalJson } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import { countsPage } from "#shared/pipeline/in-and-out.ts";
import { sets } from "#shared/pipeline/link.ts";
import { jobLine, totalsOf } from "#shared/pipeline/overview.ts";
import { unattachedPage } from "#shared/pipeline/unattached.ts";
import type { Played } from "./played.ts";
import type { Ran } from "./ran.ts";
import type { Row } from "./vendors.ts";

/** Cents: every total is the sum of its jobs, by whichever way one adds. */
export function uncounted({ company, books }: Played, jobs: readonly JobState[]): readonly string[] {
  const now = new Date(Date.parse("2026-11-02T15:00:00.000Z")).toISOString();
  const lines = jobs.map((state) => ({ state, line: jobLine(state, company, {}, now) }));
  const totals = totalsOf(lines);
  const wrong: string[] = [];
  if (totals.agree + totals.disagree + totals.waiting + totals.notComparable !== totals.jobs)
    wrong.push("jobs do not add up");
  if (totals.chargeMinor + totals.paymentMinor + totals.missingTwinMinor !== totals.gapMinor)
    wrong.push("lines do not add up to the gap");
  if (lines.reduce((sum, { line }) => sum + line.gapMinor, 0) !== totals.gapMinor)
    wrong.push("jobs' gaps do not add up");
  const invoiced = books.list("st.invoices").reduce((sum, row) => sum + cents(row["total"]), 0);
  const counted = jobs
    .flatMap((state) => state.money)
    .filter((line) => line.connection === "st")
    .reduce((sum, line) => sum + (line.charge ?? 0), 0);
  if (invoiced !== counted) wrong.push(`the office charged ${invoiced} cents, jobs count ${counted}`);
  return wrong;
}

const cents = (text: unknown): number => Math.round(Number(text) * 100);

/** Whatever we recorded in the branch is there once, and for what the office had of it when a person agreed. */
export function paidTwice({ books }: Played): readonly string[] {
  const ours = books.list("ctc.payments").filter((row) => String(row["reference_number"]).startsWith("plumbline:"));
  const byMarker = Map.groupBy(ours, (row) => row["reference_number"]);
  return [...byMarker].flatMap(([marker, rows]) =>
    rows.length > 1 ? [`${String(marker)} is recorded ${rows.length} times in the branch`] : [],
  );
}

/** Money that lies on no invoice is held for the customer whose it is, each payment once and to the cent. */
export async function unheld(ran: Ran, { company, books }: Played): Promise<readonly string[]> {
  const store = ran.world.company(company.id).sets;
  const held: (readonly [payment: string, customer: unknown, minor: unknown])[] = [];
  for (const customer of [41, 42, 43])
    for (const { member, data } of await store.list(sets.held(`st/customers/${customer}`)))
      held.push([member, customer, data["unapplied"]]);
  const wanted = books
    .list("st.payments")
    .filter((row) => row["active"] === true && cents(row["unappliedAmount"]) > 0)
    .map((row) => [`st/payments/${String(row["id"])}`, customerOf(row), cents(row["unappliedAmount"])] as const);
  const listed = await unattachedIn(ran, company);
  const [found, expected, list] = [held, wanted, listed].map((rows) => canonicalJson(rows.toSorted(byPayment)));
  return [
    ...(found === expected ? [] : [`unapplied money is held as ${found}, and the office has ${expected}`]),
    ...(list === expected ? [] : [`unattached money is listed as ${list}, and the office has ${expected}`]),
  ];
}

async function unattachedIn(ran: Ran, company: CompanyConfig): Promise<(readonly [string, unknown, unknown])[]> {
  const { customers } = await unattachedPage(ran.world.company(company.id), null);
  return customers.flatMap(({ customer, payments }) =>
    payments.map(({ record, unappliedMinor }) => [record, Number(customer?.split("/")[2]), unappliedMinor] as const),
  );
}

/** Counts in equal counts out: nothing that was ever handed on arrived nowhere. */
export async function missing(ran: Ran, { company }: Played): Promise<readonly string[]> {
  const ports = { ...ran.world.company(company.id), describer: (vendor: string) => normalisers[vendor] };
  const wrong: string[] = [];
  let next: string | null = null;
  do {
    const page = await countsPage(ports, company, next);
    if (!page) return ["nothing is counted"];
    const { connection, stream, read, ...fates } = page.counts;
    const out = Object.values(fates).reduce((sum, count) => sum + count, 0);
    if (out !== read || fates.missing > 0 || fates.waiting > 0)
      wrong.push(`of ${read} ${stream} of ${connection}, ${fates.missing} arrived nowhere: ${canonicalJson(fates)}`);
    next = page.next;
  } while (next !== null);
  return wrong;
}

const byPayment = (a: readonly [string, ...unknown[]], b: readonly [string, ...unknown[]]): number =>
  a[0].localeCompare(b[0]);

function customerOf(row: Row): unknown {
  const { customer } = row;
  return typeof customer === "object" && customer !== null ? Reflect.get(customer, "id") : null;
}
