import * as z from "#shared/domain/schema.ts";
import { plainAmount } from "#shared/replies/amounts.ts";
import type { Api } from "#shared/replies/api.ts";
import {
  type CountsShown,
  countsInAll,
  countsPageSchema,
  gathered,
  sumsByConnection,
  sumsOf,
  type UnattachedCustomer,
  unattachedSchema,
} from "#shared/replies/unattached.ts";
import { type Command, queryOf } from "../command.ts";
import { counted } from "../counted.ts";
import { tableOf } from "../screens/table.ts";

export const unattached: Command = {
  name: "unattached",
  about: "money in no job, by customer: payments on no invoice, invoices without a job; and the counts in and out",
  takes: "",
  options: [{ name: "list", about: "without the counts, which read one claim for every record" }],
  async run(call) {
    const api = await call.api();
    const customers = gathered(await pagesOf(api, "unattached", unattachedSchema, (page) => page.customers));
    const connections = sumsByConnection(customers);
    const all = sumsOf(customers);
    const listed = { customers, connections, all };
    const list = [listOf(customers), "", ...sumLines(customers.length, connections, all)].join("\n");
    if (call.flags.has("list")) return { json: listed, text: list };
    const pages = await pagesOf(api, "unattached/counts", countsPageSchema, (page) => page.counts);
    const counts = countsInAll(pages.flat());
    return { json: { ...listed, counts }, text: `${list}\n\n${countsText(counts)}` };
  },
};

async function pagesOf<Page extends { readonly next: string | null }, Row>(
  api: Api,
  path: string,
  schema: z.ZodMiniType<Page>,
  rowsOf: (page: Page) => readonly Row[],
): Promise<readonly (readonly Row[])[]> {
  const pages: (readonly Row[])[] = [];
  let next: string | undefined;
  do {
    const page: Page = z.parse(schema, await api.get(`${path}${queryOf({ next })}`));
    pages.push(rowsOf(page));
    next = page.next ?? undefined;
  } while (next !== undefined);
  return pages;
}

const right = true as const;

function listOf(customers: readonly UnattachedCustomer[]): string {
  const columns = [
    { title: "customer" },
    { title: "record" },
    { title: "number" },
    { title: "day" },
    { title: "total", right },
    { title: "on no invoice", right },
    { title: "balance", right },
  ];
  const rows = customers.flatMap(({ customer, name, payments, invoices }) => {
    const who = customer === null ? "nobody named" : name === null ? customer : `${name} (${customer})`;
    const of = [
      ...payments.map((one) => [
        ...[one.record, "-", one.day ?? "-"],
        ...[plainAmount(one.totalMinor), plainAmount(one.unappliedMinor), ""],
      ]),
      ...invoices.map((one) => [
        ...[one.draft ? `${one.record}, draft` : one.record, one.number ?? "-", one.day ?? "-"],
        ...[stated(one.totalMinor), "", stated(one.balanceMinor)],
      ]),
    ];
    return of.map((row, index) => [index === 0 ? who : "", ...row]);
  });
  return tableOf(columns, rows, "no money is unattached");
}

const stated = (minor: number | null): string => (minor === null ? "not stated" : plainAmount(minor));

function sumLines(
  customers: number,
  connections: ReturnType<typeof sumsByConnection>,
  all: ReturnType<typeof sumsOf>,
): readonly string[] {
  const said = (sums: typeof all): string =>
    `${counted(sums.payments, "payment")} with ${plainAmount(sums.unappliedMinor)} on no invoice, ` +
    `${counted(sums.invoices, "invoice")} of ${plainAmount(sums.totalMinor)} without a job, ${plainAmount(sums.balanceMinor)} of it unpaid`;
  return [
    ...connections.map(({ connection, ...sums }) => `${connection}: ${said(sums)}`),
    `In all, ${counted(customers, "customer")}: ${said(all)}.`,
  ];
}

/** Counts in equal counts out, line by line; what arrived nowhere is said in words. */
function countsText(counts: readonly CountsShown[]): string {
  const columns = [
    { title: "connection" },
    { title: "stream" },
    ...["read", "attached", "unattached", "on those", "gone", "not ours", "quarantined", "waiting", "missing"].map(
      (title) => ({ title, right }),
    ),
  ];
  const rows = counts.map((one) => [
    ...[one.connection, one.stream],
    ...[one.read, one.attached, one.unattached, one.onUnattached, one.gone, one.notOurs].map(String),
    ...[one.quarantined, one.waiting, one.missing].map(String),
  ]);
  const sum = (name: "read" | "missing"): number => counts.reduce((all, one) => all + one[name], 0);
  const words =
    sum("missing") === 0
      ? `Counts in equal counts out: all ${counted(sum("read"), "record")} that were read are accounted for.`
      : `${counted(sum("missing"), "record")} of ${sum("read")} arrived nowhere: on the way, or lost until the next sweep.`;
  return `${tableOf(columns, rows, "nothing was read yet")}\n${words}`;
}
