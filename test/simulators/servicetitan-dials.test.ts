import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { ids, type Office, object, openOffice, rows } from "./servicetitan-office.ts";

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

const now = "2026-10-29T08:00:00.0000000Z";
const invoice = async (id: number) =>
  object(rows(await office.get(`accounting/invoices?ids=${id}&activeState=All`))[0]);

describe("inactiveFirst", () => {
  const unsorted = "crm/customers?active=Any";

  it("by default the inactive rows come first with active=Any, as they did on a large pricebook", async () => {
    expect(ids(await office.get(unsorted))).toEqual([12, 11]);
    expect(ids(await office.get(`${unsorted}&sort=%2BId`))).toEqual([11, 12]);
  });

  it("false leaves them among the others", async () => {
    await office.dials({ inactiveFirst: false });
    expect(ids(await office.get(unsorted))).toEqual([11, 12]);
  });
});

describe("externalDataWithoutGuid", () => {
  const pairs = async (query = "") => object((await office.get(`jpm/jobs/10290${query}`)).body)["externalData"];
  const bare = { key: "ctc", value: "JOB-0871" };
  const ours = { key: "rotor", value: "j-9" };

  test.each([
    [true, [bare]],
    [false, []],
  ])("%s: a reader that names no application is shown %j, and never another's pairs", async (shown, expected) => {
    await office.dials({ externalDataWithoutGuid: shown });
    const externalData = { patchMode: "Merge", applicationGuid: "g-1", externalData: [ours] };
    await office.call("PATCH", "jpm/jobs/10290", { externalData });
    expect(await pairs()).toEqual(expected);
    expect(await pairs("?externalDataApplicationGuid=G-1")).toEqual([bare, ours]);
    expect(await pairs("?externalDataApplicationGuid=g-2")).toEqual([bare]);
  });

  it("is on by default", async () => {
    expect(await pairs()).toEqual([bare]);
  });
});

describe("adjustmentMovesInvoice", () => {
  const adjust = () => office.call("POST", "accounting/invoices", { adjustmentToId: 73, subtotal: -64 });

  it("by default an adjustment leaves the original's modifiedOn, so that a read of changes misses its balance", async () => {
    await adjust();
    expect(await invoice(73)).toMatchObject({ balance: "0.00", modifiedOn: "2026-10-28T12:00:00Z" });
  });

  it("true moves it", async () => {
    await office.dials({ adjustmentMovesInvoice: true });
    await adjust();
    expect(await invoice(73)).toMatchObject({ balance: "0.00", modifiedOn: now });
  });
});

describe("editedBalances", () => {
  const at = "2026-10-29T09:00:00.000Z";
  const applied = {
    ...{ id: 83, typeId: "1", date: "2026-10-29T00:00:00Z", total: "450.00", active: true, customer: { id: 11 } },
    appliedTo: [{ appliedTo: 72, appliedAmount: "450.00" }],
  };
  const customerBalance = async () => object((await office.get("crm/customers/11")).body)["balance"];

  test.each([
    ["by default paid", {}, ["0.00", -86]],
    ["as-stated as they were planted", { editedBalances: "as-stated" }, ["450.00", 812.5]],
  ])("a payment that people record leaves invoice and customer %s", async (_name, dials, expected) => {
    await office.dials(dials);
    await office.plant([{ at, collection: "payments", key: "83", op: "create", fields: applied }]);
    await office.clock(at);
    expect([(await invoice(72))["balance"], await customerBalance()]).toEqual(expected);
  });

  it("as-stated is for planted work alone: what the API writes moves balances all the same", async () => {
    await office.dials({ editedBalances: "as-stated" });
    await office.call("PATCH", "accounting/payments/81", { typeId: 2, splits: [{ invoiceId: 72, amount: 450 }] });
    expect((await invoice(72))["balance"]).toBe("0.00");
  });
});

describe("exportedLocked", () => {
  const writes = async () => [
    (await office.call("PATCH", "accounting/invoices/73", { summary: "Late" })).status,
    (await office.call("PATCH", "accounting/invoices/73/items", { description: "x", quantity: 1, unitPrice: 1 }))
      .status,
    (await office.call("DELETE", "accounting/invoices/72/items/1")).status,
    (await office.call("PATCH", "accounting/payments/81", { typeId: 2, splits: [] })).status,
  ];
  beforeEach(async () => {
    const fields = { syncStatus: "Exported" };
    await office.plant([
      { collection: "invoices", key: "72", op: "update", fields },
      { collection: "payments", key: "81", op: "update", fields },
    ]);
    await office.clock("2026-10-29T09:00:00.000Z");
  });

  it("by default exported invoices are locked, and payments with them: 400, and an adjustment is the way", async () => {
    expect(await writes()).toEqual([400, 400, 400, 400]);
    expect(await invoice(73)).toMatchObject({ total: "1280.00", items: [] });
    const adjusted = await office.call("POST", "accounting/invoices", { adjustmentToId: 73, subtotal: -1 });
    expect(adjusted.status).toBe(200);
  });

  it("false lets them be changed", async () => {
    await office.dials({ exportedLocked: false });
    expect(await writes()).toEqual([200, 200, 200, 200]);
    expect(await invoice(73)).toMatchObject({ summary: "Late", total: "1281.00" });
  });
});

describe("cancelHidesInvoice", () => {
  const cancel = () => office.call("PUT", "jpm/jobs/10291/cancel", { reasonId: 1088, memo: "moved away" });
  const listed = async () => ids(await office.get("accounting/invoices?jobId=10291"));

  it("by default canceling a job whose invoice is not exported hides the invoice", async () => {
    await cancel();
    expect(await listed()).toEqual([]);
    expect(await invoice(72)).toMatchObject({ active: false });
  });

  it("an exported invoice stays to be seen", async () => {
    await office.plant([{ collection: "invoices", key: "72", op: "update", fields: { syncStatus: "Exported" } }]);
    await office.clock("2026-10-29T09:00:00.000Z");
    await cancel();
    expect(await listed()).toEqual([72]);
  });

  it("false hides none", async () => {
    await office.dials({ cancelHidesInvoice: false });
    expect((await cancel()).status).toBe(200);
    expect(await listed()).toEqual([72]);
  });
});

describe("createPaymentStatus", () => {
  const body = { typeId: 2, splits: [{ invoiceId: 72, amount: 100 }] };
  test.each([[undefined, 404] as const, [405, 405] as const, [410, 410] as const])(
    "%s: the removed POST /payments answers %i and takes nothing",
    async (set, status) => {
      if (set !== undefined) await office.dials({ createPaymentStatus: set });
      expect(await office.call("POST", "accounting/payments", body)).toMatchObject({ status, body: { status } });
      expect(ids(await office.get("accounting/payments?appliedToInvoiceIds=72"))).toEqual([]);
    },
  );
});

describe("exportLagSeconds", () => {
  const fed = async (instant: string) => {
    await office.clock(instant);
    return ids(await office.get("jpm/export/jobs")).includes(10291);
  };
  test.each([
    ["300 by default", {}, [false, false, true]],
    ["none", { exportLagSeconds: 0 }, [true, true, true]],
    ["an hour", { exportLagSeconds: 3600 }, [false, false, false]],
  ])("%s: when a change is in the feed, at once, after 4:59 or after 5:00", async (_name, dials, expected) => {
    await office.dials(dials);
    await office.call("PATCH", "jpm/jobs/10291", { summary: "Leak" });
    const seen = [];
    for (const instant of ["08:00:00", "08:04:59", "08:05:00"]) seen.push(await fed(`2026-10-29T${instant}.000Z`));
    expect(seen).toEqual(expected);
  });
});

describe("bookingExternalIdUnique", () => {
  const booking = { source: "Plumbline", name: "Pena", summary: "Leak", isFirstTimeClient: false, externalId: "r-9" };
  const book = async (provider: number, externalId = "r-9") =>
    (await office.call("POST", `crm/booking-provider/${provider}/bookings`, { ...booking, externalId })).status;

  test.each([
    ["by default nothing makes it unique", {}, 200],
    ["true refuses a provider's second", { bookingExternalIdUnique: true }, 409],
  ])("%s, and another provider or another id is another booking", async (_name, dials, second) => {
    await office.dials(dials);
    expect([await book(77), await book(77), await book(78), await book(77, "r-10")]).toEqual([200, second, 200, 200]);
    const twins = await office.get("crm/booking-provider/77/bookings?externalId=r-9");
    expect(ids(twins)).toHaveLength(second === 200 ? 2 : 1);
  });
});
