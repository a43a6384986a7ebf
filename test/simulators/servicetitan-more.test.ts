import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ids, type Office, object, openOffice, rows } from "./servicetitan-office.ts";

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

const address = { street: "2 Pearl St", city: "Denver", state: "CO", zip: "80202", country: "USA" };

describe("customers", () => {
  it("are made with a location and contacts, all in the reply", async () => {
    const body = {
      name: "Bo Vega",
      address,
      locations: [{ name: "Shop", address, contacts: [{ type: "Phone", value: "303" }] }],
      contacts: [{ type: "Email", value: "bo@vega.example", memo: "boss" }],
    };
    const made = object((await office.call("POST", "crm/customers", body)).body);
    expect(made).toMatchObject({
      balance: 0,
      locations: [{ name: "Shop", contacts: [{ type: "Phone" }] }],
      contacts: [{ type: "Email" }],
    });
    expect(object((await office.get(`crm/customers/${made["id"]}`)).body)).not.toHaveProperty("contacts");
    expect(ids(await office.get(`crm/locations?customerId=${made["id"]}`))).toHaveLength(1);
    expect((await office.call("POST", "crm/customers", { ...body, locations: [] })).status).toBe(400);
  });

  it("are listed as modified after an instant, without those of that very instant", async () => {
    const since = (flags = "") => `crm/customers?modifiedOnOrAfter=2026-10-01T00:00:00Z${flags}`;
    const plain = "&excludeAccountingChangesFromModifiedDateRange=true";
    expect(ids(await office.get(since()))).toEqual([]);
    expect(ids(await office.get(since(plain)))).toEqual([]);
    expect(ids(await office.get("crm/customers?modifiedOnOrAfter=2026-09-30T23:59:59.9999999Z"))).toEqual([11]);
    await office.dials({ customersModifiedAfter: false });
    expect(ids(await office.get(since()))).toEqual([11]);
    expect(ids(await office.get(since(plain)))).toEqual([11]);
  });

  it("have contacts that are added, changed and deleted, but not on an inactive customer", async () => {
    const made = object(
      (await office.call("POST", "crm/customers/11/contacts", { type: "MobilePhone", value: "(303) 555-0101" })).body,
    );
    expect(made).toMatchObject({ type: "MobilePhone", phoneSettings: { doNotText: false } });
    expect(ids(await office.get("crm/customers?phone=3035550101"))).toEqual([11]);
    const path = `crm/customers/11/contacts/${made["id"]}`;
    expect((await office.call("PATCH", path, { memo: "work" })).body).toMatchObject({ memo: "work" });
    expect(rows(await office.get("crm/customers/11/contacts"))).toMatchObject([{ memo: "work" }]);
    expect(rows(await office.get("crm/customers/contacts?modifiedOnOrAfter=2026-10-29T00:00:00Z"))).toMatchObject([
      { customerId: 11 },
    ]);
    expect((await office.get("crm/customers/contacts")).status).toBe(400);
    expect(await office.call("DELETE", path)).toMatchObject({ status: 200, text: "" });
    expect(ids(await office.get("crm/customers/11/contacts"))).toEqual([]);
    const refused = await office.call("POST", "crm/customers/12/contacts", { type: "Email", value: "x" });
    expect(refused.body).toMatchObject({ status: 409, title: "Customer ID = 12 is not active" });
  });

  it("and locations leave default lists when they are made inactive", async () => {
    expect((await office.call("PATCH", "crm/locations/21", { active: false })).status).toBe(200);
    expect(ids(await office.get("crm/locations"))).toEqual([]);
    expect(ids(await office.get("crm/locations?active=Any"))).toEqual([21]);
    await office.call("PATCH", "crm/customers/11", { active: false });
    expect(ids(await office.get("crm/customers?active=False"))).toEqual([11, 12]);
    const made = await office.call("POST", "crm/locations", { customerId: 11, name: "Barn", address, contacts: [] });
    expect(made.body).toMatchObject({ name: "Barn", contacts: [] });
  });
});

describe("bookings", () => {
  it("can be changed by their provider until the office has dealt with them", async () => {
    const body = {
      source: "Plumbline",
      name: "Pena",
      summary: "Leak",
      isFirstTimeClient: false,
      externalId: "rotor-9",
    };
    const made = object((await office.call("POST", "crm/booking-provider/77/bookings", body)).body);
    const path = `crm/booking-provider/77/bookings/${made["id"]}`;
    expect((await office.call("PATCH", path, { summary: "Two leaks" })).body).toMatchObject({ summary: "Two leaks" });
    expect((await office.get(`crm/booking-provider/78/bookings/${made["id"]}`)).status).toBe(404);
    await office.plant([
      { collection: "bookings", key: String(made["id"]), op: "update", fields: { status: "Converted", jobId: 10290 } },
    ]);
    await office.clock("2026-10-29T09:00:00.000Z");
    expect((await office.call("PATCH", path, { summary: "x" })).status).toBe(409);
    expect((await office.get(path)).body).toMatchObject({ status: "Converted", jobId: 10290 });
  });
});

describe("projects, people and equipment", () => {
  it("a project's jobIds are the whole list", async () => {
    const made = object((await office.call("POST", "jpm/projects", { locationId: 21, name: "Remodel" })).body);
    await office.call("PATCH", `jpm/projects/${made["id"]}`, { jobIds: [10290, 10291] });
    expect(ids(await office.get(`jpm/jobs?projectId=${made["id"]}`))).toEqual([10290, 10291]);
    await office.call("PATCH", `jpm/projects/${made["id"]}`, { jobIds: [10291] });
    expect(ids(await office.get(`jpm/jobs?projectId=${made["id"]}`))).toEqual([10291]);
    expect((await office.get(`jpm/projects/${made["id"]}`)).body).toMatchObject({ name: "Remodel", jobIds: [10291] });
    expect(ids(await office.get("jpm/projects?status=None&sort=%2BName"))).toEqual([made["id"]]);
  });

  it("a technician is made and changed with a reply of nothing but the id", async () => {
    const body = {
      name: "Lu",
      accountCreationMethod: "CreateLater",
      roleId: 7,
      positions: ["Service"],
      licenseType: "ManagedTech",
      login: "lu",
    };
    const made = await office.call("POST", "settings/technicians", body);
    const id = Number(object(made.body)["id"]);
    expect(made.body).toEqual({ id });
    expect((await office.call("PATCH", `settings/technicians/${id}`, { team: "North" })).body).toEqual({ id });
    expect((await office.get(`settings/technicians/${id}`)).body).toMatchObject({
      name: "Lu",
      loginName: "lu",
      roleIds: [7],
      isManagedTech: true,
      team: "North",
    });
    expect(ids(await office.get("settings/business-units?name=plumb"))).toEqual([41]);
    expect(ids(await office.get("settings/user-roles?employeeType=All"))).toEqual([]);
    expect(ids(await office.get("jpm/job-cancel-reasons"))).toEqual([1088]);
  });

  it("equipment ignores typeId, keeps custom fields out of its list, and takes files", async () => {
    const made = object(
      (await office.call("POST", "equipmentsystems/installed-equipment", { locationId: 21, name: "Boiler", cost: 100 }))
        .body,
    );
    const path = `equipmentsystems/installed-equipment/${made["id"]}`;
    const changed = await office.call("PATCH", path, { typeId: 5, memo: "north wall" });
    expect(changed.body).toMatchObject({ memo: "north wall" });
    expect(object(changed.body)).not.toHaveProperty("typeId");
    expect(object((await office.get(path)).body)).toHaveProperty("customFields");
    expect(rows(await office.get("equipmentsystems/installed-equipment?locationIds=21"))[0]).not.toHaveProperty(
      "customFields",
    );
    const part = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n1,2\r\n--b--\r\n';
    const files = "equipmentsystems/installed-equipment/attachments";
    const kept = await office.call("POST", files, part, { "content-type": "multipart/form-data; boundary=b" });
    const stored = String(object(kept.body)["path"]);
    expect(stored).toMatch(/^InstalledEquipment\/Documents\/.+\.csv$/);
    expect((await office.get(`${files}?path=${stored}`)).text).toBe("1,2");
  });
});

describe("export feeds", () => {
  const feed = async (path: string, from?: unknown, more = "") =>
    object((await office.get(`${path}?${from === undefined ? "" : `from=${from}`}${more}`)).body);
  const idsOf = (page: Record<string, unknown>) =>
    Array.isArray(page["data"]) ? page["data"].map((row) => object(row)["id"]) : [];

  it("give everything once, inactive and deleted too, and a place to go on from even at the end", async () => {
    await office.dials({ exportPageSize: 1 });
    const first = await feed("accounting/export/payments");
    expect(first).toMatchObject({ hasMore: true, data: [{ id: 82, active: true }] });
    const second = await feed("accounting/export/payments", first["continueFrom"]);
    expect(second).toMatchObject({ hasMore: false, data: [{ id: 81 }] });
    const third = await feed("accounting/export/payments", second["continueFrom"]);
    expect(third).toMatchObject({ hasMore: false, data: [], continueFrom: expect.any(String) });
    await office.plant([{ collection: "payments", key: "82", op: "remove" }]);
    await office.clock("2026-10-29T09:00:00.000Z");
    expect(ids(await office.get("accounting/payments"))).toEqual([81]);
    expect(await feed("accounting/export/payments", third["continueFrom"])).toMatchObject({
      data: [{ id: 82, active: false }],
    });
    // Customer 11's balance moved with the payment, so the merged customer 12 is now the older change.
    expect(await feed("crm/export/customers")).toMatchObject({
      hasMore: true,
      data: [{ id: 12, active: false, mergedToId: 11 }],
    });
    expect((await office.get("crm/export/customers?from=!!")).status).toBe(400);
  });

  it("stay behind now, and with includeRecentChanges give the newest records again and again", async () => {
    await office.call("PATCH", "jpm/jobs/10291", { summary: "x" });
    expect(idsOf(await feed("jpm/export/jobs"))).toEqual([10290]);
    const recent = await feed("jpm/export/jobs", undefined, "&includeRecentChanges=true");
    expect(idsOf(recent)).toEqual([10290, 10291]);
    expect(idsOf(await feed("jpm/export/jobs", recent["continueFrom"], "&includeRecentChanges=true"))).toEqual([10291]);
    await office.clock("2026-10-29T08:10:00.000Z");
    const settled = await feed("jpm/export/jobs", recent["continueFrom"]);
    expect(idsOf(settled)).toEqual([10291]);
    expect(idsOf(await feed("jpm/export/jobs", settled["continueFrom"]))).toEqual([]);
  });

  it("exist for every module, from a date as well as from a token", async () => {
    for (const path of [
      "jpm/export/appointments",
      "accounting/export/invoices",
      "dispatch/export/appointment-assignments",
      "settings/export/technicians",
      "crm/export/locations/contacts",
    ]) {
      expect((await office.get(`${path}?from=2020-01-01`)).status).toBe(200);
    }
    expect(await feed("accounting/export/invoice-items", "2020-01-01")).toMatchObject({
      data: [{ id: 1, invoiceId: 72, active: true }],
    });
  });
});

describe("limits and money that is gone", () => {
  it("count requests per second only while the clock is the real one, and may say the wait in words alone", async () => {
    await office.dials({ requestsPerSecond: 0 });
    expect((await office.get("jpm/jobs")).status).toBe(200);
    await office.close();
    office = await openOffice(null);
    await office.dials({ requestsPerSecond: 0 });
    const refused = await office.get("jpm/jobs");
    expect(refused).toMatchObject({
      status: 429,
      body: { title: expect.stringMatching(/Try again in \d+ seconds\.$/) },
    });
    expect(refused.headers.get("retry-after")).toBe("1");
    await office.dials({ tooManyRequests: "text" });
    expect((await office.get("jpm/jobs")).headers.get("retry-after")).toBeNull();
  });

  it("an invoice of an unfinished job cannot be adjusted even when posted", async () => {
    await office.plant([{ collection: "invoices", key: "72", op: "update", fields: { syncStatus: "Posted" } }]);
    await office.clock("2026-10-29T09:00:00.000Z");
    expect((await office.call("POST", "accounting/invoices", { adjustmentToId: 72, subtotal: -5 })).status).toBe(400);
    await office.dials({ adjustsPendingJobs: true });
    expect((await office.call("POST", "accounting/invoices", { adjustmentToId: 72, subtotal: -5 })).status).toBe(200);
  });
});
