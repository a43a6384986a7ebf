import { describe, expect, test } from "vitest";
import { connector } from "#shared/connectors/customtrades/index.ts";
import type { VendorClient } from "#shared/connectors/vendor-client.ts";
import type { Client } from "#test/simulators/support.ts";
import { invoice, job, normalised, shown, world } from "./customtrades-support.ts";
import { failureOf, intentTo } from "./support.ts";

const here = "customtrades-one";
const writer = connector.writers.payment!;
const marker = "plumbline:st/payments/88";
const given = { invoiceId: "i1", amountMinor: 45_010, day: "2026-10-31", method: "Check", marker };
const record = { stream: "payments", id: "new:st/payments/88" };
const intent = intentTo(here, "payment", record, "recorded 450.10", given);

const payment = (uuid: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  ...{ uuid, payment_number: `PAY-${uuid}`, invoice_uuid: "i1", customer_uuid: "cu1", payment_type: "check" },
  ...{ amount: 450.1, processing_fee: 0, net_amount: 450.1, payment_date: "2026-10-31", status: "Completed" },
  ...{ reference_number: null, created_at: "2026-10-31T10:00:00.000Z", updated_at: "2026-10-31T10:00:00.000Z" },
  ...{ deleted_at: null, ...more },
});

const books = (payments: readonly Record<string, unknown>[] = [], of = invoice("i1")) =>
  world({ jobs: [job("j1")], invoices: [of, invoice("i2")], payments });

async function shows(client: VendorClient): Promise<string> {
  return writer.shows(shown(here, (await writer.read(client, intent)).records), intent);
}

async function sent(client: VendorClient, asked = intent): Promise<void> {
  const before = await writer.read(client, asked);
  expect(writer.refuse?.(asked, before) ?? null).toBe(null);
  await writer.send(client, asked, before);
}

type Logged = { kind: string; method?: string; body?: unknown; effect: boolean };
const writes = async (control: Client): Promise<Logged[]> =>
  (await control.get("/log?account=boulder&from=0")).body.entries.filter((entry: Logged) => entry.kind === "write");

describe("a payment that an invoice lacks", () => {
  test("is recorded with its amount, its day, its kind and our marker, and seen there", async () => {
    const { client, control } = await books();
    expect(await shows(client)).toBe("none");
    await sent(client);
    expect(await shows(client)).toBe("recorded 450.10");
    const body = {
      ...{ invoice_uuid: "i1", amount: 450.1, payment_type: "check", payment_date: "2026-10-31" },
      ...{ reference_number: marker, status: "Completed" },
    };
    const [entry, ...more] = await writes(control);
    expect([entry?.method, entry?.body, more]).toEqual(["POST", body, []]);
  });

  test.each([
    ["Check", "check"],
    ["cash", "cash"],
    [" ACH ", "ach"],
    ["Credit Card", "credit_card"],
    ["credit_card", "credit_card"],
    ["Visa", undefined],
    ["Other", undefined],
    ["", undefined],
    [null, undefined],
    [undefined, undefined],
  ])("paid by %j it is of the type %s: what the document does not name is left out", async (method, type) => {
    const { client, control } = await books();
    await sent(client, intentTo(here, "payment", record, "recorded 450.10", { ...given, method }));
    expect((await writes(control)).map(({ body }) => Reflect.get(Object(body), "payment_type"))).toEqual([type]);
  });

  test("shows what stands on its invoice until it is there: nothing of another's, nothing deleted", async () => {
    const { client } = await books([
      payment("p1", { amount: 90 }),
      payment("p2", { amount: 20.5, status: "Pending" }),
      payment("p3", { amount: 7, status: "Failed" }),
      payment("p4", { invoice_uuid: "i2", reference_number: marker }),
      payment("p5", { amount: 1, deleted_at: "2026-10-31T11:00:00.000Z" }),
      payment("p6", { amount: "many" }),
    ]);
    expect(await shows(client)).toBe("20.50 expected, 7.00 failed, 90.00, an unread amount");
  });

  test.each([
    ["somebody typed it, without our marker", {}, "450.10"],
    ["it bears the marker of another payment", { reference_number: "plumbline:st/payments/89" }, "450.10"],
    ["ours has another amount now", { reference_number: marker, amount: 450 }, "450.00"],
    ["ours was not taken", { reference_number: marker, status: "Failed" }, "450.10 failed"],
    ["ours was deleted", { reference_number: marker, deleted_at: "2026-11-01T00:00:00.000Z" }, "none"],
    ["it is ours", { reference_number: marker }, "recorded 450.10"],
  ])("%s: it shows %s", async (_name, more, text) => {
    const { client } = await books([payment("p1", more)]);
    expect(await shows(client)).toBe(text);
  });

  test("is looked for on every page of the invoice's payments", async () => {
    const many = Array.from({ length: 130 }, (_, at) => payment(`p${at}`, { amount: 1 }));
    const { client } = await books([payment("ours", { reference_number: marker }), ...many]);
    expect((await writer.read(client, intent)).records).toHaveLength(131);
    expect(await shows(client)).toBe("recorded 450.10");
  });

  test("is left to a person where a payment of the invoice cannot be read", async () => {
    const { client } = await books([payment("p1", { updated_at: null })]);
    const before = await writer.read(client, intent);
    expect(writer.refuse?.(intent, before)).toBe(
      "A payment of this invoice cannot be read: record the missing one by hand.",
    );
  });

  test.each([
    ["deleted", invoice("i1", { deleted_at: "2026-11-01T00:00:00.000Z" })],
    ["a draft again", invoice("i1", { status: "Draft" })],
    ["not there", invoice("i9")],
  ])("is not sent to an invoice that is %s", async (_name, of) => {
    const { client, control } = await books([], of);
    const failure = await failureOf(writer.send(client, intent, await writer.read(client, intent)));
    expect([failure.kind, failure.message]).toEqual(["rejected", "invoice i1 is gone or a draft: nothing was sent"]);
    expect(await writes(control)).toEqual([]);
  });

  test.each([
    ["took effect and was never answered", "reset-after", "recorded 450.10", 1],
    ["never arrived", "reset-before", "none", 0],
  ])("a request that %s is ambiguous, and reading tells", async (_name, kind, text, effects) => {
    const { client, control } = await books();
    await control.send("POST", "/faults", { match: { method: "POST" }, fault: { kind }, times: 1 });
    expect((await failureOf(writer.send(client, intent, await writer.read(client, intent)))).kind).toBe("ambiguous");
    expect(await shows(client)).toBe(text);
    expect((await writes(control)).filter(({ effect }) => effect)).toHaveLength(effects);
  });

  test.each([
    ["without an invoice", { ...given, invoiceId: "" }],
    ["of nothing", { ...given, amountMinor: 0 }],
    ["of half a cent", { ...given, amountMinor: 0.5 }],
    ["of no day", { ...given, day: "31 Oct" }],
    ["without our marker", { ...given, marker: "88" }],
  ])("one %s is never sent", async (_name, wrong) => {
    const { client, control } = await books();
    const odd = intentTo(here, "payment", record, "recorded 450.10", wrong);
    const failure = await failureOf(writer.send(client, odd, await writer.read(client, intent)));
    expect(failure.kind).toBe("bad-input");
    expect(await writes(control)).toEqual([]);
  });
});

describe("a payment's reference number", () => {
  test.each([
    [marker, marker],
    ["check 1042", undefined],
    ["not plumbline:1", undefined],
    ["", undefined],
    [null, undefined],
  ])("%j says of our marker: %s", (reference_number, said) => {
    const found = normalised("payments", payment("p1", { reference_number }));
    expect("facts" in found && found.facts.kind === "payment" && found.facts.marker).toBe(said);
  });
});
