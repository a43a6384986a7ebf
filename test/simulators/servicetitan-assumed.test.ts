import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { ids, type Office, object, openOffice, rows } from "./servicetitan-office.ts";

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

const record = async (path: string) => object((await office.get(path)).body);
const only = async (path: string) => object(rows(await office.get(path))[0]);

describe("refusalBodies", () => {
  const refusals = async () => {
    await office.dials({ deniedResources: ["accounting/payments"] });
    const token = String(object((await office.askToken()).body)["access_token"]);
    const headers = { authorization: `Bearer ${token}`, "st-app-key": "ak1.test" };
    return [
      await office.send("GET", "/jpm/v2/tenant/4242/jobs"),
      await office.send("GET", "/jpm/v2/tenant/4242/jobs", undefined, { ...headers, "st-app-key": "ak1.other" }),
      await office.send("GET", "/jpm/v2/tenant/1/jobs", undefined, headers),
      await office.get("accounting/payments"),
    ];
  };
  const statuses = [401, 401, 403, 403];

  it("by default 401 and 403 have the keys of every other error", async () => {
    const answers = await refusals();
    expect(answers.map(({ status }) => status)).toEqual(statuses);
    for (const { status, body } of answers) {
      expect(Object.keys(object(body)).sort()).toEqual(["data", "errors", "status", "title", "traceId", "type"]);
      expect(object(body)).toMatchObject({ status, title: expect.any(String) });
    }
  });

  it("empty: none", async () => {
    await office.dials({ refusalBodies: "empty" });
    expect((await refusals()).map(({ status, text }) => [status, text])).toEqual(statuses.map((one) => [one, ""]));
  });

  it("text: the sentence, and no JSON", async () => {
    await office.dials({ refusalBodies: "text" });
    const answers = await refusals();
    expect(answers.map(({ status, body }) => [status, body])).toEqual(statuses.map((one) => [one, undefined]));
    expect(answers.at(-1)?.text).toBe("Scope validation failed");
  });
});

describe("unsortedOrder", () => {
  test.each([
    ["by default: by id", {}, [71, 72, 73]],
    ["newest", { unsortedOrder: "newest" }, [73, 72, 71]],
    ["unordered", { unsortedOrder: "unordered" }, [71, 73, 72]],
  ])("%s, page by page, and a sort is a sort", async (_name, dials, expected) => {
    await office.dials(dials);
    const pages = ["pageSize=2", "pageSize=2&page=2"].map((query) => office.get(`accounting/invoices?${query}`));
    expect((await Promise.all(pages)).flatMap(ids)).toEqual(expected);
    expect(ids(await office.get("accounting/invoices?sort=%2BId"))).toEqual([71, 72, 73]);
  });

  it("keeps the inactive ones before the others", async () => {
    await office.dials({ unsortedOrder: "newest" });
    expect(ids(await office.get("settings/technicians?active=Any"))).toEqual([33, 32, 31]);
    expect(ids(await office.get("crm/customers?active=Any"))).toEqual([12, 11]);
    await office.call("PATCH", "crm/customers/12", { active: true });
    await office.call("PATCH", "crm/customers/11", { active: false });
    expect(ids(await office.get("crm/customers?active=Any"))).toEqual([11, 12]);
  });
});

describe("externalDataSearched", () => {
  const found = async (more = "") => ids(await office.get(`jpm/jobs?externalDataKey=rotor${more}`));
  const guid = "&externalDataApplicationGuid=g-1";
  beforeEach(async () => {
    const externalData = { applicationGuid: "g-1", externalData: [{ key: "rotor", value: "j-9" }] };
    await office.call("PATCH", "jpm/jobs/10291", { externalData });
  });

  it("by default the filters search every application's pairs, with and without a guid", async () => {
    expect([await found(), await found(guid), await found("&externalDataValues=j-8")]).toEqual([[10291], [10291], []]);
  });

  it("shown: only pairs that the request would be shown", async () => {
    await office.dials({ externalDataSearched: "shown" });
    expect([await found(), await found(guid), await found(`${guid}x`)]).toEqual([[], [10291], []]);
    expect(ids(await office.get("jpm/jobs?externalDataKey=ctc"))).toEqual([10290]);
    await office.dials({ externalDataWithoutGuid: false });
    expect(ids(await office.get("jpm/jobs?externalDataKey=ctc"))).toEqual([]);
  });
});

describe("itemTax", () => {
  test.each([
    ["by default an item leaves salesTax", {}, "36.00", "936.00"],
    ["by-rate: salesTax follows the subtotal", { itemTax: "by-rate" }, "72.00", "972.00"],
  ])("%s", async (_name, dials, salesTax, total) => {
    await office.dials(dials);
    await office.call("PATCH", "accounting/invoices/72", { subtotal: 450, tax: 36 });
    const path = "accounting/invoices/72/items";
    await office.call("PATCH", path, { description: "Pump", quantity: 1, unitPrice: 450 });
    const after = { subTotal: "900.00", salesTax, total, balance: total };
    expect(await only("accounting/invoices?ids=72")).toMatchObject(after);
  });

  it("by-rate: an invoice of nothing has no rate to follow", async () => {
    await office.dials({ itemTax: "by-rate" });
    await office.call("PATCH", "accounting/invoices/72", { subtotal: 0, tax: 5 });
    await office.call("PATCH", "accounting/invoices/72/items", { description: "Pump", quantity: 1, unitPrice: 10 });
    expect(await only("accounting/invoices?ids=72")).toMatchObject({ subTotal: "10.00", salesTax: "5.00" });
  });
});

describe("splitsAboveTotal", () => {
  const above = { typeId: 2, splits: [{ invoiceId: 72, amount: 450.01 }] };

  it("by default they are refused with 400 and nothing moves", async () => {
    expect((await office.call("PATCH", "accounting/payments/81", above)).status).toBe(400);
    expect(await only("accounting/payments?ids=81")).toMatchObject({ unappliedAmount: "150.00" });
  });

  it("take: what is not applied goes below zero", async () => {
    await office.dials({ splitsAboveTotal: "take" });
    expect((await office.call("PATCH", "accounting/payments/81", above)).status).toBe(200);
    expect(await only("accounting/payments?ids=81")).toMatchObject({ total: "450.00", unappliedAmount: "-0.01" });
    expect(await only("accounting/invoices?ids=72")).toMatchObject({ balance: "-0.01" });
  });
});

describe("visitMovesJob", () => {
  const hold = () => office.call("PUT", "jpm/appointments/52/hold", { reasonId: 1, memo: "parts" });
  const status = async () => (await record("jpm/jobs/10291"))["jobStatus"];
  const moved = async () => {
    await hold();
    const held = await status();
    await office.call("DELETE", "jpm/appointments/52/hold");
    return [held, await status()];
  };

  it("by default a job's status moves only by people and by cancel", async () => {
    expect(await moved()).toEqual(["Scheduled", "Scheduled"]);
  });

  it("true: the job goes with its only open visit", async () => {
    await office.dials({ visitMovesJob: true });
    expect(await moved()).toEqual(["Hold", "Scheduled"]);
  });

  it("true: a job with another open visit stays", async () => {
    await office.dials({ visitMovesJob: true });
    const visit = { jobId: 10291, start: "2026-11-06T15:00:00Z", end: "2026-11-06T16:00:00Z" };
    await office.call("POST", "jpm/appointments", visit);
    expect(await moved()).toEqual(["Scheduled", "Scheduled"]);
  });
});

describe("assignedAgain", () => {
  const path = "dispatch/appointment-assignments";
  const assign = async () =>
    (await office.call("POST", `${path}/assign-technicians`, { jobAppointmentId: 52, technicianIds: [31, 32] })).status;
  const crew = async () => rows(await office.get(`${path}?appointmentIds=52`)).map((one) => one["technicianId"]);

  it("by default who is already there is passed over, and the others are added", async () => {
    expect([await assign(), await crew()]).toEqual([200, [31, 32]]);
  });

  it("refuse: 409, and nobody is added", async () => {
    await office.dials({ assignedAgain: "refuse" });
    expect([await assign(), await crew()]).toEqual([409, [31]]);
  });
});

describe("deletableStatuses and lastVisitDeletable", () => {
  const statuses = ["Scheduled", "Dispatched", "Working", "Hold", "Done", "Canceled"];
  /** Deletes visit 52 in each state, on a job that keeps another one or on one that does not. */
  const deleted = async (status: string, keepsAnother: boolean) => {
    const other = { id: 59, jobId: 10291, status: "Scheduled", start: "2026-11-06T15:00:00Z", active: true };
    const edits = [{ label: status, collection: "appointments", key: "52", op: "update", fields: { status } }];
    const another = { label: "another", collection: "appointments", key: "59", op: "create", fields: other };
    await office.plant(keepsAnother ? [...edits, another] : edits);
    await office.clock("2026-10-29T09:00:00.000Z");
    return (await office.call("DELETE", "jpm/appointments/52")).status;
  };

  test.each(statuses)("by default a visit that is %s goes only while it has not begun", async (status) => {
    expect(await deleted(status, true)).toBe(status === "Scheduled" || status === "Hold" ? 200 : 409);
  });

  test.each(statuses)("deletableStatuses says whether one that is %s can be deleted", async (status) => {
    await office.dials({ deletableStatuses: ["Dispatched", "Canceled"] });
    expect(await deleted(status, true)).toBe(status === "Dispatched" || status === "Canceled" ? 200 : 409);
  });

  test.each([
    ["by default stays", {}, 409],
    ["goes where lastVisitDeletable is true", { lastVisitDeletable: true }, 200],
  ])("a job's only visit %s", async (_name, dials, status) => {
    await office.dials(dials);
    expect(await deleted("Scheduled", false)).toBe(status);
    expect(await record("jpm/jobs/10291")).toMatchObject({ appointmentCount: status === 200 ? 0 : 1 });
  });
});
