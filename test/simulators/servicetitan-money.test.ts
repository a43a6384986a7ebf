import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cents, centsOfProduct, printedMoney } from "#local/vendors/servicetitan/money.ts";
import { ids, type Office, object, openOffice, rows } from "./servicetitan-office.ts";

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

const invoice = async (id: number) =>
  object(rows(await office.get(`accounting/invoices?ids=${id}&activeState=All`))[0]);
const payment = async (id: number) => object(rows(await office.get(`accounting/payments?ids=${id}`))[0]);
const customer = async () => object((await office.get("crm/customers/11")).body);

describe("amounts", () => {
  it("are counted in whole cents, rounded once and half away from zero", () => {
    expect([cents("524.88"), cents("-64"), cents(0.1), cents("1.005"), cents("-1.005"), cents(null)]).toEqual([
      52488, -6400, 10, 101, -101, 0,
    ]);
    expect(centsOfProduct("0.3", "0.1")).toBe(3);
    expect(centsOfProduct("1.5", "33.33")).toBe(5000);
    expect([printedMoney(-6405), printedMoney(7), printedMoney(0)]).toEqual(["-64.05", "0.07", "0.00"]);
  });
});

describe("payments", () => {
  it("change hands by splits: balances of both invoices and of the customer follow", async () => {
    const before = await invoice(72);
    const answer = await office.call("PATCH", "accounting/payments/81", {
      typeId: 2,
      splits: [{ invoiceId: 72, amount: 450 }],
    });
    expect(answer.body).toMatchObject({ id: 81, typeId: 2, splits: [{ invoiceId: 72, amount: 450 }] });
    expect(await payment(81)).toMatchObject({
      typeId: "2",
      total: "450.00",
      unappliedAmount: "0.00",
      appliedTo: [{ appliedTo: 72, appliedAmount: "450.00" }],
    });
    expect((await invoice(71))["balance"]).toBe("300.00");
    expect(await invoice(72)).toMatchObject({ balance: "0.00", modifiedOn: before["modifiedOn"] });
    expect(await customer()).toMatchObject({ balance: 364, modifiedOn: "2026-10-29T08:00:00.0000000Z" });
  });

  it("move the invoice's modifiedOn only if the dial says so", async () => {
    await office.dials({ paymentMovesInvoice: true });
    await office.call("PATCH", "accounting/payments/81", { typeId: 2, splits: [{ invoiceId: 72, amount: 450 }] });
    expect((await invoice(72))["modifiedOn"]).toBe("2026-10-29T08:00:00.0000000Z");
  });

  it("refuse splits above their total, a type id sent as the list prints it, and a change once exported", async () => {
    const path = "accounting/payments/81";
    expect((await office.call("PATCH", path, { typeId: 2, splits: [{ invoiceId: 72, amount: 450.01 }] })).status).toBe(
      400,
    );
    expect((await office.call("PATCH", path, { typeId: "2", splits: [] })).body).toMatchObject({
      errors: { typeId: [expect.any(String)] },
    });
    await office.call("PATCH", path, { typeId: 2, splits: [], status: "Exported" });
    expect((await office.call("PATCH", path, { typeId: 2, splits: [{ invoiceId: 72, amount: 1 }] })).status).toBe(400);
  });

  it("cannot be created: the endpoint is gone, unless the dial brings it back", async () => {
    const body = { typeId: 2, splits: [{ invoiceId: 72, amount: 100 }] };
    expect((await office.call("POST", "accounting/payments", body)).status).toBe(404);
    await office.dials({ createPaymentWorks: true });
    expect((await office.call("POST", "accounting/payments", body)).status).toBe(200);
    expect((await invoice(72))["balance"]).toBe("350.00");
  });

  it("recorded by people in the office move balances at their own instant", async () => {
    const fields = {
      id: 83,
      typeId: "1",
      date: "2026-11-02T00:00:00Z",
      total: "450.00",
      active: true,
      customer: { id: 11 },
      appliedTo: [{ appliedTo: 72, appliedAmount: "450.00" }],
    };
    await office.plant([{ at: "2026-11-02T09:00:00.000Z", collection: "payments", key: "83", op: "create", fields }]);
    await office.clock("2026-11-02T10:00:00.000Z");
    expect(await payment(83)).toMatchObject({ unappliedAmount: "0.00", modifiedOn: "2026-11-02T09:00:00.0000000Z" });
    expect(await invoice(72)).toMatchObject({ balance: "0.00", modifiedOn: "2026-10-28T11:00:00Z" });
    expect(await customer()).toMatchObject({ modifiedOn: "2026-11-02T09:00:00.0000000Z" });
  });

  it("and other accounting stay out of a customer's modified range when asked", async () => {
    await office.call("PATCH", "accounting/payments/81", { typeId: 2, splits: [] });
    const since = "crm/customers?modifiedOnOrAfter=2026-10-29T00:00:00Z";
    expect(ids(await office.get(since))).toEqual([11]);
    expect(ids(await office.get(`${since}&excludeAccountingChangesFromModifiedDateRange=true`))).toEqual([]);
    await office.call("PATCH", "crm/customers/11", { doNotMail: true });
    expect(ids(await office.get(`${since}&excludeAccountingChangesFromModifiedDateRange=true`))).toEqual([11]);
  });
});

describe("adjustments", () => {
  const adjustment = { adjustmentToId: 73, subtotal: -64, tax: 0, summary: "Late discount" };

  it("answer a bare integer and leave the original's total and modifiedOn", async () => {
    const answer = await office.call("POST", "accounting/invoices", adjustment);
    expect(Number.isInteger(answer.body)).toBe(true);
    expect(await invoice(Number(answer.body))).toMatchObject({
      adjustmentToId: 73,
      total: "-64.00",
      balance: "0.00",
      job: { id: 10290 },
    });
    expect(await invoice(73)).toMatchObject({ total: "1280.00", balance: "0.00", modifiedOn: "2026-10-28T12:00:00Z" });
  });

  it("keep their own balance under the other counting rule", async () => {
    await office.dials({ adjustmentBalance: "separate" });
    const answer = await office.call("POST", "accounting/invoices", adjustment);
    expect(await invoice(Number(answer.body))).toMatchObject({ balance: "-64.00" });
    expect(await invoice(73)).toMatchObject({ balance: "64.00" });
  });

  it("need an invoice that is posted, of a job that is done, by its right name", async () => {
    expect((await office.call("POST", "accounting/invoices", { ...adjustment, adjustmentToId: 72 })).status).toBe(400);
    expect((await office.call("POST", "accounting/invoices", { subtotal: 5 })).body).toMatchObject({
      errors: { adjustmentToId: [expect.any(String)] },
    });
  });
});

describe("invoices", () => {
  it("take one flat item: the subtotal moves by the difference, the reply is empty", async () => {
    const path = "accounting/invoices/72/items";
    expect(await office.call("PATCH", path, { description: "Pipe", quantity: 3, unitPrice: 0.1 })).toMatchObject({
      status: 200,
      text: "",
    });
    expect(await invoice(72)).toMatchObject({
      subTotal: "450.30",
      total: "450.30",
      balance: "450.30",
      items: [{ id: 1 }, { description: "Pipe", total: "0.30" }],
    });
    await office.call("PATCH", path, { id: 1, description: "Valve", quantity: 1, unitPrice: 400 });
    expect(await invoice(72)).toMatchObject({ total: "400.30", balance: "400.30" });
    expect((await office.call("DELETE", `${path}/1`)).text).toBe("");
    expect(await invoice(72)).toMatchObject({ total: "0.30" });
    expect((await office.call("PATCH", path, [{ description: "Pipe", quantity: 1 }])).status).toBe(400);
  });

  it("refuse changes once exported, and take a stated subtotal before", async () => {
    expect(
      (await office.call("PATCH", "accounting/invoices/73/items", { description: "x", quantity: 1, unitPrice: 1 }))
        .status,
    ).toBe(400);
    expect(
      await office.call("PATCH", "accounting/invoices/72", { subtotal: 500, tax: "40.00", total: 9 }),
    ).toMatchObject({ status: 200, text: "" });
    expect(await invoice(72)).toMatchObject({
      subTotal: "500.00",
      salesTax: "40.00",
      total: "540.00",
      balance: "540.00",
    });
  });

  it("and payments take custom fields in bulk", async () => {
    const operations = [{ objectId: 72, customFields: [{ name: "PO", value: "7" }] }];
    expect(await office.call("PATCH", "accounting/invoices/custom-fields", { operations })).toMatchObject({
      status: 200,
      text: "",
    });
    expect(await invoice(72)).toMatchObject({ customFields: [{ name: "PO", value: "7" }] });
    const paid = [{ objectId: 81, customFields: [{ name: "Slip", value: "3" }] }];
    await office.call("PATCH", "accounting/payments/custom-fields", { operations: paid });
    expect(await payment(81)).toMatchObject({ customFields: [{ name: "Slip", value: "3" }] });
  });

  it("are settled by credit memos that no payment list shows", async () => {
    const memo = { id: 91, total: "64.00", active: true, splits: [], customer: { id: 11 } };
    await office.plant([{ collection: "creditMemos", key: "91", op: "create", fields: memo }]);
    await office.clock("2026-10-29T09:00:00.000Z");
    await office.call("POST", "accounting/credit-memos/91/splits", [{ invoiceId: 73, amount: 64 }]);
    expect((await invoice(73))["balance"]).toBe("0.00");
    expect(ids(await office.get("accounting/payments"))).toEqual([81, 82]);
  });

  it("keep a balance that an edit states, and everything over a restart", async () => {
    const at = "2026-10-29T09:00:00.000Z";
    await office.plant([
      {
        at,
        collection: "invoices",
        key: "72",
        op: "update",
        fields: { total: "500.00", balance: "1.23" },
        touch: false,
      },
    ]);
    await office.clock(at);
    const before = await invoice(72);
    expect(before).toMatchObject({ balance: "1.23", modifiedOn: "2026-10-28T11:00:00Z" });
    await office.restart();
    expect(await invoice(72)).toEqual(before);
  });
});
