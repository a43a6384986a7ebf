import type { Facts, PaymentFacts } from "#shared/domain/facts.ts";
import { Failure } from "#shared/domain/failure.ts";
import type { RecordRef } from "#shared/domain/ids.ts";
import type { Intent } from "#shared/domain/intent.ts";
import { formatMinor, stated } from "#shared/domain/money.ts";
import * as z from "#shared/domain/schema.ts";
import type { IntentSubject, Page, RawRecord, Unfit, Writer } from "../connector.ts";
import { checkedInput } from "../problems.ts";
import type { VendorClient } from "../vendor-client.ts";
import { listPage, reader } from "./reader.ts";
import { invoiceSchema, paymentSchema, recordReplySchema } from "./schemas.ts";

const operation = "createPayment";
const newPayment = z.looseObject({
  invoiceId: z.string().check(z.minLength(1)),
  amountMinor: z.int().check(z.positive()),
  day: z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/, "expected YYYY-MM-DD")),
  /** As the other system calls it; null when it does not say. */
  method: z.nullish(z.string()),
  marker: z.string().check(z.startsWith("plumbline:")),
});

/**
 * A payment of an invoice that another system has and this one lacks. Its reference number is our marker, by which it is
 * found again; until it is there, the text is what all other payments of the invoice come to, so that one which somebody
 * typed meanwhile is seen and nothing is sent. It adds a record and overwrites nobody's edit.
 */
export const paymentWriter: Writer = {
  target: "payment",
  requests: 4,
  guarded: true,
  read,
  shows: (records, intent) => {
    const wanted = givenOf(intent);
    const here = paymentsOn(records, wanted.invoiceId);
    if (here.some((payment) => isOurs(payment, wanted))) return intent.wanted;
    return here.length === 0 ? "none" : here.map(textOf).toSorted().join(", ");
  },
  refuse: (_intent, before) =>
    before.unfit.length > 0 ? "A payment of this invoice cannot be read: record the missing one by hand." : null,
  send: async (client, intent) => {
    const { invoiceId, amountMinor, day, method, marker } = givenOf(intent);
    await mustStand(client, invoiceId);
    const word = typeOf(method);
    const { requestId } = await client.request({
      operation,
      method: "POST",
      path: "/payments",
      json: {
        invoice_uuid: invoiceId,
        // The text of the cents is exact, and so is its nearest number as printed.
        amount: Number(formatMinor(amountMinor)),
        ...(word === null ? {} : { payment_type: word }),
        payment_date: day,
        reference_number: marker,
        status: "Completed",
      },
      schema: recordReplySchema,
      writes: true,
    });
    return { requestId };
  },
};

type Given = z.output<typeof newPayment>;

const givenOf = (intent: IntentSubject): Given => checkedInput(operation, newPayment, intent.arguments);

/** All payments of the invoice, deleted ones with them. */
async function read(client: VendorClient, intent: Intent): Promise<Page> {
  const { invoiceId } = givenOf(intent);
  const records: RawRecord[] = [];
  const unfit: Unfit[] = [];
  let pages = 1;
  for (let page = 1; page <= pages; page++) {
    const filter = { include_deleted: true, invoice_uuid: invoiceId, page, limit: 100 };
    const listed = await listPage(client, "payments", filter);
    pages = listed.pages;
    records.push(...listed.read.records.filter(({ raw }) => isOn(raw, invoiceId)));
    unfit.push(...listed.read.unfit);
  }
  return { records, unfit, dropped: 0, next: null, total: null, mark: null };
}

/** A list that knows no such filter would answer with everybody's payments. */
function isOn(raw: unknown, invoiceId: string): boolean {
  const parsed = z.safeParse(paymentSchema, raw);
  return parsed.success && (parsed.data.invoice_uuid ?? parsed.data.invoice?.uuid) === invoiceId;
}

function paymentsOn(
  records: readonly { readonly record: RecordRef; readonly facts: Facts }[],
  invoiceId: string,
): readonly PaymentFacts[] {
  return records.flatMap(({ facts }) =>
    facts.kind === "payment" &&
    facts.presence === "present" &&
    facts.shares.some(({ invoice }) => invoice.id === invoiceId)
      ? [facts]
      : [],
  );
}

function isOurs({ marker, state, total }: PaymentFacts, wanted: Given): boolean {
  return marker === wanted.marker && state === "received" && stated(total) === wanted.amountMinor;
}

/** `450.00`; with its state when nothing has come in. */
function textOf({ total, state }: PaymentFacts): string {
  const minor = stated(total);
  const amount = minor === null ? "an unread amount" : formatMinor(minor);
  return state === "received" ? amount : `${amount} ${state}`;
}

const types: readonly string[] = ["credit_card", "ach", "check", "cash"];

/** The other system's word where it is one of the document's own; any other is left out, and not guessed at. */
function typeOf(method: string | null | undefined): string | null {
  const word = (method ?? "").trim().toLowerCase().replaceAll(" ", "_");
  return types.includes(word) ? word : null;
}

/** An invoice that has gone since, or is a draft again, takes no payment. */
async function mustStand(client: VendorClient, invoiceId: string): Promise<void> {
  const [found] = (await reader.byIds(client, "invoices", [invoiceId])).records;
  const invoice = z.safeParse(invoiceSchema, found?.raw);
  if (invoice.success && !invoice.data.deleted_at && invoice.data.status !== "Draft") return;
  throw new Failure("rejected", `invoice ${invoiceId} is gone or a draft: nothing was sent`, { operation });
}
