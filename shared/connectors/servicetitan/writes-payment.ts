import { formatMinor, stated } from "#shared/domain/money.ts";
import * as z from "#shared/domain/schema.ts";
import type { Page, Writer } from "../connector.ts";
import { checkedInput } from "../problems.ts";
import { reader } from "./reader.ts";
import { payment as paymentRecord, writtenPayment } from "./schemas-accounting.ts";
import { pathIn } from "./settings.ts";

const splitArguments = z.looseObject({
  /** The vendor's id of the type of payment; taken from the payment itself when left out. */
  typeId: z.optional(z.union([z.int(), z.string()])),
  splits: z.array(z.strictObject({ invoiceId: z.union([z.int(), z.string()]), amountMinor: z.int() })),
});

/**
 * Applies a payment that is already there to other invoices. Its text is `invoice:amount` by invoice, as in
 * `10290:300.00 10291:150.00`, and `unapplied` for none; the rest of the total stays with the customer.
 */
export const payment: Writer = {
  target: "payment",
  requests: 3,
  guarded: false,
  read: (client, intent) => reader.byIds(client, "payments", [intent.record.id]),
  shows(records) {
    const facts = records[0]?.facts;
    if (facts?.kind !== "payment") return "";
    return splitText(facts.shares.map(({ invoice, amount }) => [invoice.id, stated(amount) ?? 0] as const));
  },
  refuse(intent, before) {
    if (!splitArguments.safeParse(intent.arguments).success) {
      return "ServiceTitan's API takes no new payment: record it there by hand";
    }
    const raw = rawOf(before);
    if (typeOf(intent.arguments["typeId"] ?? raw?.typeId) === null) {
      return "the payment prints no type, and the API wants one with every change: apply it by hand in ServiceTitan";
    }
    if (raw?.syncStatus !== "Exported") return null;
    return "the payment is exported to accounting: apply it by hand in ServiceTitan, and correct the export";
  },
  async send(client, intent, before) {
    const { typeId, splits } = checkedInput("updatePayment", splitArguments, intent.arguments);
    const { requestId } = await client.request({
      operation: "updatePayment",
      method: "PATCH",
      path: pathIn(client.connection, "accounting", `/payments/${encodeURIComponent(intent.record.id)}`),
      json: {
        typeId: typeOf(typeId ?? rawOf(before)?.typeId),
        // The API takes JSON numbers; the text of the cents is exact and so is its nearest number as printed.
        splits: splits.map((split) => ({
          invoiceId: Number(split.invoiceId),
          amount: Number(formatMinor(split.amountMinor)),
        })),
      },
      schema: writtenPayment,
      writes: true,
    });
    return { requestId };
  },
};

/** The id of a type, text in lists; null for what names none. */
function typeOf(printed: unknown): number | null {
  const id = typeof printed === "string" && /^\d+$/.test(printed) ? Number(printed) : printed;
  return typeof id === "number" && Number.isSafeInteger(id) && id > 0 ? id : null;
}

/** The canonical text of shares: summed by invoice, in order of the invoices' ids. */
export function splitText(shares: readonly (readonly [invoice: string, minor: number])[]): string {
  const byInvoice = new Map<string, number>();
  for (const [invoice, minor] of shares) byInvoice.set(invoice, (byInvoice.get(invoice) ?? 0) + minor);
  const texts = [...byInvoice]
    .filter(([, minor]) => minor !== 0)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([invoice, minor]) => `${invoice}:${formatMinor(minor)}`);
  return texts.length === 0 ? "unapplied" : texts.join(" ");
}

function rawOf(before: Page): z.infer<typeof paymentRecord> | null {
  const parsed = paymentRecord.safeParse(before.records[0]?.raw);
  return parsed.success ? parsed.data : null;
}
