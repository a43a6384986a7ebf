import * as z from "#shared/domain/schema.ts";

const minor = z.nullable(z.number());

const paymentSchema = z.object({
  record: z.string(),
  connection: z.string(),
  day: z.nullable(z.string()),
  totalMinor: z.number(),
  unappliedMinor: z.number(),
});
const invoiceSchema = z.object({
  record: z.string(),
  connection: z.string(),
  number: z.nullable(z.string()),
  day: z.nullable(z.string()),
  totalMinor: minor,
  balanceMinor: minor,
  draft: z.boolean(),
});
const customerSchema = z.object({
  customer: z.nullable(z.string()),
  name: z.nullable(z.string()),
  payments: z.array(paymentSchema),
  invoices: z.array(invoiceSchema),
});
export type UnattachedCustomer = z.infer<typeof customerSchema>;

/** The reply of `unattached`: one page. */
export const unattachedSchema = z.object({ customers: z.array(customerSchema), next: z.nullable(z.string()) });

const fates = {
  attached: z.number(),
  unattached: z.number(),
  onUnattached: z.number(),
  gone: z.number(),
  notOurs: z.number(),
  quarantined: z.number(),
  waiting: z.number(),
  missing: z.number(),
};
const countsSchema = z.object({ connection: z.string(), stream: z.string(), read: z.number(), ...fates });
export type CountsShown = z.infer<typeof countsSchema>;

/** The reply of `unattached/counts`: one page of one stream. */
export const countsPageSchema = z.object({ counts: z.array(countsSchema), next: z.nullable(z.string()) });

/** Sums of a connection, or of all; minor units. */
export interface UnattachedSums {
  readonly payments: number;
  /** What of them lies on no invoice. */
  readonly unappliedMinor: number;
  readonly invoices: number;
  /** Of the invoices that are a charge and say so. */
  readonly totalMinor: number;
  readonly balanceMinor: number;
}

const nothing: UnattachedSums = { payments: 0, unappliedMinor: 0, invoices: 0, totalMinor: 0, balanceMinor: 0 };

/** Each customer once, whatever pages they stood on; in the order they came. */
export function gathered(pages: readonly (readonly UnattachedCustomer[])[]): readonly UnattachedCustomer[] {
  const byCustomer = Map.groupBy(pages.flat(), ({ customer }) => customer);
  return [...byCustomer.values()].flatMap(([first, ...more]) => {
    if (!first) return [];
    const all = [first, ...more];
    const payments = all.flatMap((one) => one.payments);
    return [{ ...first, payments, invoices: all.flatMap(({ invoices }) => invoices) }];
  });
}

export function sumsOf(customers: readonly Pick<UnattachedCustomer, "payments" | "invoices">[]): UnattachedSums {
  const payments = customers.flatMap((one) => one.payments);
  const invoices = customers.flatMap((one) => one.invoices);
  const charges = invoices.filter(({ draft }) => !draft);
  return {
    payments: payments.length,
    unappliedMinor: payments.reduce((sum, one) => sum + one.unappliedMinor, 0),
    invoices: invoices.length,
    totalMinor: charges.reduce((sum, one) => sum + (one.totalMinor ?? 0), 0),
    balanceMinor: charges.reduce((sum, one) => sum + (one.balanceMinor ?? 0), 0),
  };
}

/** The sums of every connection that has any, by its id; they add up to `sumsOf` of all. */
export function sumsByConnection(
  customers: readonly UnattachedCustomer[],
): readonly ({ readonly connection: string } & UnattachedSums)[] {
  const records = customers.flatMap(({ payments, invoices }) => [...payments, ...invoices]);
  const connections = [...new Set(records.map(({ connection }) => connection))].toSorted();
  return connections.map((connection) => {
    const here = (one: { readonly connection: string }): boolean => one.connection === connection;
    const own = customers.map((one) => ({
      payments: one.payments.filter(here),
      invoices: one.invoices.filter(here),
    }));
    return { connection, ...nothing, ...sumsOf(own) };
  });
}

/** The counts of each stream added up over its pages. */
export function countsInAll(pages: readonly CountsShown[]): readonly CountsShown[] {
  const byStream = Map.groupBy(pages, ({ connection, stream }) => `${connection}/${stream}`);
  return [...byStream.values()].flatMap((parts) => {
    const [first] = parts;
    const sum = (name: keyof typeof fates | "read"): number => parts.reduce((all, one) => all + one[name], 0);
    return first ? [addedUp(first, sum)] : [];
  });
}

function addedUp({ connection, stream }: CountsShown, sum: (name: keyof typeof fates | "read") => number): CountsShown {
  return {
    ...{ connection, stream, read: sum("read"), attached: sum("attached"), unattached: sum("unattached") },
    ...{ onUnattached: sum("onUnattached"), gone: sum("gone"), notOurs: sum("notOurs") },
    ...{ quarantined: sum("quarantined"), waiting: sum("waiting"), missing: sum("missing") },
  };
}
