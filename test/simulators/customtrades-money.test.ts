import { describe, expect, test } from "vitest";
import { type Client, clientOf, type Running, run, stateOf } from "./support.ts";

const noon = "2026-10-29T12:00:00.000Z";
type World = { running: Running; control: Client; api: Client };
const key = "ctc_live_aBc123";
const apiOf = (running: Running) => clientOf(`${running.urls["customtrades"]}/api/v1`, { "x-api-key": key });

const stamps = { created_at: "2026-10-01T00:00:00.000Z", updated_at: "2026-10-01T00:00:00.000Z", deleted_at: null };
const customer = {
  uuid: "cu1",
  first_name: "Ana",
  last_name: "Pena",
  customer_type: "Residential",
  is_vip: false,
  ...stamps,
};
const job = { uuid: "j1", job_number: "JOB-0001", customer_uuid: "cu1", title: "Leak", status: "Invoiced", ...stamps };
const invoice = {
  uuid: "i1",
  invoice_number: "INV-0007",
  customer_uuid: "cu1",
  job_uuid: "j1",
  invoice_type: "Full",
  status: "Pending",
  subtotal: 500,
  tax_amount: 40.3,
  discount_amount: 0,
  total_amount: 540.3,
  paid_amount: 0,
  balance_amount: 540.3,
  ...stamps,
};

async function world(): Promise<World> {
  const running = await run({ vendors: ["customtrades"] });
  const control = running.control("customtrades");
  await control.send("PUT", "/clock", { now: noon });
  await control.send("POST", "/accounts", { id: "boulder", credentials: { apiKey: key } });
  const collections = { customers: [customer], jobs: [job], invoices: [invoice] };
  await control.send("POST", "/load", { account: "boulder", collections });
  return { running, control, api: apiOf(running) };
}

const moneyOf = async (api: Client) => {
  const { paid_amount, balance_amount, status } = (await api.get("/invoices/i1")).body.data;
  return { paid_amount, balance_amount, status };
};

describe("payments and balances", () => {
  test("payments move the invoice's paid and balance amounts, to the cent, and its status", async () => {
    const { api } = await world();
    const paid = await api.send("POST", "/payments", {
      invoice_uuid: "i1",
      amount: 500.1,
      payment_type: "check",
      processing_fee: 0.2,
    });
    expect(paid.body.data).toMatchObject({
      payment_number: "PAY-0001",
      status: "Completed",
      customer_uuid: "cu1",
      net_amount: 499.9,
    });
    expect(paid.body.data).toMatchObject({
      payment_date: "2026-10-29",
      processed_at: noon,
      invoice: { invoice_number: "INV-0007" },
    });
    expect(await moneyOf(api)).toEqual({ paid_amount: 500.1, balance_amount: 40.2, status: "Pending" });
    const rest = await api.send("POST", "/payments", { invoice_uuid: "i1", amount: 40.2 });
    expect(await moneyOf(api)).toEqual({ paid_amount: 540.3, balance_amount: 0, status: "Paid" });
    await api.send("PUT", `/payments/${rest.body.data.uuid}`, { status: "Refunded" });
    expect(await moneyOf(api)).toEqual({ paid_amount: 500.1, balance_amount: 40.2, status: "Pending" });
    await api.send("DELETE", `/payments/${paid.body.data.uuid}`);
    expect(await moneyOf(api)).toEqual({ paid_amount: 0, balance_amount: 540.3, status: "Pending" });
  });

  test("the log entry of a payment holds the invoice it moved as well", async () => {
    const { control, api } = await world();
    await api.send("POST", "/payments", { invoice_uuid: "i1", amount: 540.3 });
    const entry = (await control.get("/log?account=boulder")).body.entries.at(-1);
    expect(entry).toMatchObject({
      operation: "createPayment",
      collection: "payments",
      before: null,
      after: { amount: 540.3 },
    });
    expect(entry.also).toMatchObject([
      { collection: "invoices", key: "i1", before: { balance_amount: 540.3 }, after: { balance_amount: 0 } },
    ]);
  });

  test("pending and failed payments move nothing; the dial can keep every payment from moving anything", async () => {
    const { control, api } = await world();
    for (const status of ["Pending", "Failed", "Refunded"])
      await api.send("POST", "/payments", { invoice_uuid: "i1", amount: 5, status });
    await control.send("POST", "/dials", { dials: { recalculate: "never" } });
    await api.send("POST", "/payments", { invoice_uuid: "i1", amount: 5 });
    expect(await moneyOf(api)).toEqual({ paid_amount: 0, balance_amount: 540.3, status: "Pending" });
  });

  test.each([
    ["by default Completed", {}, "Completed", noon, 5],
    ["as the dial says, Pending", { newPaymentStatus: "Pending" }, "Pending", null, 0],
  ])("a payment without a status is %s, and one with a status has that", async (_name, dials, status, at, paid) => {
    const { control, api } = await world();
    await control.send("POST", "/dials", { dials });
    const made = await api.send("POST", "/payments", { invoice_uuid: "i1", amount: 5 });
    expect(made.body.data).toMatchObject({ status, processed_at: at });
    expect((await moneyOf(api)).paid_amount).toBe(paid);
    for (const sent of ["Pending", "Completed"]) {
      const answer = await api.send("POST", "/payments", { invoice_uuid: "i1", amount: 1, status: sent });
      expect(answer.body.data.status).toBe(sent);
    }
  });

  test("a planted payment leaves the invoice as planted, unless the dial says always", async () => {
    const { control, api } = await world();
    const fields = { invoice_uuid: "i1", amount: 100, status: "Completed" };
    const planted = (key: string) => ({
      account: "boulder",
      edits: [{ at: noon, collection: "payments", key, op: "create", fields }],
    });
    await control.send("POST", "/plant", planted("p1"));
    await control.send("PUT", "/clock", { now: noon });
    expect((await moneyOf(api)).paid_amount).toBe(0);
    await control.send("POST", "/dials", { dials: { recalculate: "always" } });
    await control.send("POST", "/plant", planted("p2"));
    await control.send("PUT", "/clock", { now: noon });
    expect(await moneyOf(api)).toEqual({ paid_amount: 100, balance_amount: 440.3, status: "Pending" });
  });

  test("a payment needs an invoice that is there, an amount and a known type", async () => {
    const { api } = await world();
    for (const body of [
      { amount: 1 },
      { invoice_uuid: "i1" },
      { invoice_uuid: "no", amount: 1 },
      { invoice_uuid: "i1", amount: 1, payment_type: "gold" },
    ]) {
      expect((await api.send("POST", "/payments", body)).status).toBe(400);
    }
  });

  test("payments are filtered by invoice, customer, type and status", async () => {
    const { api } = await world();
    await api.send("POST", "/payments", { invoice_uuid: "i1", amount: 1, payment_type: "cash" });
    await api.send("POST", "/payments", { invoice_uuid: "i1", amount: 2, payment_type: "check", status: "Pending" });
    const amounts = async (query: string) =>
      (await api.get(`/payments?${query}`)).body.data.payments.map(({ amount }: { amount: number }) => amount);
    expect(await amounts("invoice_uuid=i1&customer_uuid=cu1")).toEqual([1, 2]);
    expect(await amounts("payment_type=cash")).toEqual([1]);
    expect(await amounts("status=Pending")).toEqual([2]);
    expect(await amounts("invoice_uuid=other")).toEqual([]);
  });
});

describe("invoices", () => {
  test("the server gives number, total and balance; a preview gives the amounts and stores nothing", async () => {
    const { control, api } = await world();
    const sent = {
      customer_uuid: "cu1",
      job_uuid: "j1",
      subtotal: 100.1,
      tax_amount: 0.2,
      discount_amount: 10,
      invoice_number: "X",
      paid_amount: 9,
    };
    const entries = (await control.get("/log")).body.entries.length;
    expect((await api.send("POST", "/invoices/preview", sent)).body.data).toMatchObject({
      total_amount: 90.3,
      balance_amount: 90.3,
    });
    expect((await control.get("/log")).body.entries).toHaveLength(entries);
    const { data } = (await api.send("POST", "/invoices", sent)).body;
    expect(data).toMatchObject({
      invoice_number: "INV-0008",
      total_amount: 90.3,
      paid_amount: 0,
      balance_amount: 90.3,
      status: "Draft",
    });
    expect(data.issue_date).toBe("2026-10-29");
  });

  test("a later discount lowers total and balance", async () => {
    const { api } = await world();
    await api.send("POST", "/payments", { invoice_uuid: "i1", amount: 500 });
    const { data } = (await api.send("PUT", "/invoices/i1", { discount_amount: 40.3 })).body;
    expect(data).toMatchObject({ total_amount: 500, paid_amount: 500, balance_amount: 0 });
  });

  test("invoices are filtered by status, customer, job and number", async () => {
    const { api } = await world();
    await api.send("POST", "/invoices", { customer_uuid: "cu1", subtotal: 1 });
    const numbers = async (query: string) =>
      (await api.get(`/invoices?${query}`)).body.data.invoices.map(
        (one: { invoice_number: string }) => one.invoice_number,
      );
    expect(await numbers("status=All")).toEqual(["INV-0008", "INV-0007"]);
    expect(await numbers("status=Draft")).toEqual(["INV-0008"]);
    expect(await numbers("job_uuid=j1&customer_uuid=cu1")).toEqual(["INV-0007"]);
    expect(await numbers("search=0007")).toEqual(["INV-0007"]);
  });
});

describe("customers and the company", () => {
  test("customers are made, changed, filtered, searched and softly deleted", async () => {
    const { api } = await world();
    const made = await api.send("POST", "/customers", {
      first_name: "Ben",
      last_name: "Ode",
      customer_type: "Commercial",
      is_vip: true,
      email: "b@x.test",
    });
    expect(made.status).toBe(200);
    const names = async (query: string) =>
      (await api.get(`/customers?${query}`)).body.data.customers.map((one: { first_name: string }) => one.first_name);
    expect(await names("filter=residential")).toEqual(["Ana"]);
    expect(await names("filter=commercial")).toEqual(["Ben"]);
    expect(await names("filter=vip")).toEqual(["Ben"]);
    expect(await names("search=B@X")).toEqual(["Ben"]);
    expect((await api.get("/customers?filter=best")).status).toBe(400);
    const path = `/customers/${made.body.data.uuid}`;
    expect((await api.send("PUT", path, { phone: "303-555-0101" })).body.data).toMatchObject({
      first_name: "Ben",
      phone: "303-555-0101",
    });
    expect((await api.send("DELETE", path)).status).toBe(200);
    expect(await names("filter=all")).toEqual(["Ana"]);
    expect((await api.get("/companies/me")).body.data.uuid).toBe("boulder");
  });
});

describe("keys and usage", () => {
  test("both forms of the key are taken, an unknown one is 401 without usage headers", async () => {
    const { running } = await world();
    const url = `${running.urls["customtrades"]}/api/v1`;
    expect((await clientOf(url, { authorization: `Bearer ${key}` }).get("/jobs")).status).toBe(200);
    expect((await clientOf(url, { "x-api-key": key }).get("/jobs")).status).toBe(200);
    const refused = await clientOf(url, { authorization: "Bearer ctc_live_other" }).get("/jobs");
    expect(refused).toMatchObject({ status: 401, body: { success: false } });
    expect(refused.headers.get("x-usage-count")).toBeNull();
  });

  test("every reply says how much of the month is used and when it begins anew", async () => {
    const { api } = await world();
    await api.get("/jobs");
    const { headers } = await api.get("/jobs/no");
    expect(headers.get("x-usage-count")).toBe("2");
    expect(headers.get("x-usage-limit")).toBe("50000");
    expect(headers.get("x-usage-resets")).toBe("2026-11-01T00:00:00.000Z");
  });

  test("three reasons for one 403 are told apart by the usage headers alone", async () => {
    const { control, api } = await world();
    const turn = (dials: object) => control.send("POST", "/dials", { dials });
    await turn({ ipAllowed: false });
    const address = await api.get("/jobs");
    await turn({ ipAllowed: true, addOn: false });
    const addOn = await api.get("/jobs");
    await turn({ addOn: true, monthlyLimit: 1 });
    const usage = await api.get("/jobs");
    for (const refused of [address, addOn, usage])
      expect(refused).toMatchObject({ status: 403, body: { success: false, error: "Forbidden" } });
    const seen = [address, addOn, usage].map(({ headers }) => [
      headers.get("x-usage-count"),
      headers.get("x-usage-limit"),
    ]);
    expect(seen).toEqual([
      ["1", "50000"],
      [null, null],
      ["2", "1"],
    ]);
    await turn({ forbiddenText: "spoken" });
    expect((await api.get("/jobs")).body.error).toBe("Usage limit exceeded");
    await control.send("PUT", "/clock", { now: "2026-11-01T00:00:00Z" });
    expect((await api.get("/jobs")).status).toBe(200);
  });

  test("writes survive a restart, and the numbers go on", async () => {
    const { running, api } = await world();
    await api.send("POST", "/payments", { invoice_uuid: "i1", amount: 40 });
    await api.send("DELETE", "/jobs/j1");
    const before = await stateOf(running, "customtrades");
    const again = await running.restart();
    expect(await stateOf(again, "customtrades")).toEqual(before);
    const next = await apiOf(again).send("POST", "/payments", { invoice_uuid: "i1", amount: 1 });
    expect(next.body.data.payment_number).toBe("PAY-0002");
    expect((await moneyOf(apiOf(again))).balance_amount).toBe(499.3);
  });
});
