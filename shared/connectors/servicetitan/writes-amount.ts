import { formatMinor, stated } from "#shared/domain/money.ts";
import * as z from "#shared/domain/schema.ts";
import type { Writer } from "../connector.ts";
import { checkedInput } from "../problems.ts";
import { reader } from "./reader.ts";
import { pathIn } from "./settings.ts";

const addArguments = z.looseObject({ addMinor: z.int(), description: z.string().check(z.minLength(1)) });

/**
 * Puts what was never billed on the job's own invoice, as one item (updateInvoiceItems takes one a call). Its text is
 * the invoice's total. What is posted or exported is locked there: it takes an adjustment invoice, by a person.
 */
export const amount: Writer = {
  target: "amount",
  requests: 3,
  guarded: false,
  read: (client, intent) => reader.byIds(client, "invoices", [intent.record.id]),
  shows(records) {
    const facts = records.find((one) => one.facts.kind === "invoice")?.facts;
    const total = facts?.kind === "invoice" ? stated(facts.total) : null;
    return total === null ? "" : formatMinor(total);
  },
  refuse(_intent, before) {
    const raw = z.looseObject({ syncStatus: z.nullish(z.string()) }).safeParse(before.records[0]?.raw);
    const locked = raw.success && (raw.data.syncStatus === "Posted" || raw.data.syncStatus === "Exported");
    return locked ? "the invoice is in the books: add an adjustment invoice by hand in ServiceTitan" : null;
  },
  async send(client, intent) {
    const { addMinor, description } = checkedInput("updateInvoiceItems", addArguments, intent.arguments);
    const { requestId } = await client.request({
      operation: "updateInvoiceItems",
      method: "PATCH",
      path: pathIn(client.connection, "accounting", `/invoices/${encodeURIComponent(intent.record.id)}/items`),
      // The API takes a JSON number; the text of the cents is exact and so is its nearest number as printed.
      json: { description, quantity: 1, unitPrice: Number(formatMinor(addMinor)) },
      schema: z.unknown(),
      writes: true,
    });
    return { requestId };
  },
};
