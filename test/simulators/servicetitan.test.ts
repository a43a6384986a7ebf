import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ids, type Office, object, openOffice, rows } from "./servicetitan-office.ts";

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

describe("access", () => {
  it("gives a token of 900 seconds for a form with the client's credentials", async () => {
    const answer = await office.askToken();
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ token_type: "Bearer", expires_in: 900 });
  });

  it("refuses a wrong secret with 400 invalid_client and a JSON body with 400", async () => {
    expect(await office.askToken("wrong")).toMatchObject({ status: 400, body: { error: "invalid_client" } });
    expect(await office.send("POST", "/connect/token", { grant_type: "client_credentials" })).toMatchObject({
      status: 400,
    });
  });

  it("answers 401 without token, with another application key, and once the simulated clock has passed 900 s", async () => {
    expect(await office.send("GET", "/jpm/v2/tenant/4242/jobs")).toMatchObject({ status: 401 });
    expect(await office.call("GET", "jpm/jobs", undefined, { "st-app-key": "ak1.other" })).toMatchObject({
      status: 401,
    });
    expect(await office.get("jpm/jobs")).toMatchObject({ status: 200 });
    await office.control("PUT", "clock", { now: "2026-10-29T08:15:01.000Z" });
    expect(await office.get("jpm/jobs")).toMatchObject({ status: 401 });
  });

  it("keeps a token good over a restart", async () => {
    expect((await office.get("jpm/jobs")).status).toBe(200);
    await office.restart();
    expect((await office.get("jpm/jobs")).status).toBe(200);
  });

  it("refuses another tenant, and a resource without scope", async () => {
    const token = String(object((await office.askToken()).body)["access_token"]);
    const headers = { authorization: `Bearer ${token}`, "st-app-key": "ak1.test" };
    expect(await office.send("GET", "/jpm/v2/tenant/1/jobs", undefined, headers)).toMatchObject({ status: 403 });
    await office.dials({ deniedResources: ["accounting/payments"] });
    expect(await office.get("accounting/payments")).toMatchObject({
      status: 403,
      body: { title: "Scope validation failed" },
    });
    expect(await office.get("accounting/invoices")).toMatchObject({ status: 200 });
  });
});

describe("lists", () => {
  it("pages with hasMore, and states no total unless asked", async () => {
    const first = await office.get("accounting/invoices?pageSize=2");
    expect(first.body).toMatchObject({ page: 1, pageSize: 2, hasMore: true, totalCount: null });
    const second = await office.get("accounting/invoices?pageSize=2&page=2&includeTotal=true");
    expect(second.body).toMatchObject({ page: 2, hasMore: false, totalCount: 3 });
    expect([...ids(first), ...ids(second)]).toEqual([71, 72, 73]);
    expect((await office.get("jpm/jobs")).body).toMatchObject({ pageSize: 50 });
    expect((await office.get("jpm/jobs?pageSize=5001")).status).toBe(400);
  });

  it("can give short pages while there is more", async () => {
    await office.dials({ rowsPerPage: 1 });
    expect((await office.get("accounting/invoices?pageSize=500")).body).toMatchObject({ hasMore: true, pageSize: 500 });
    expect(ids(await office.get("accounting/invoices?pageSize=500&page=3"))).toEqual([73]);
  });

  it("sorts by an encoded plus and refuses a bare one and unknown fields by name", async () => {
    expect(ids(await office.get("jpm/jobs?sort=%2BModifiedOn"))).toEqual([10290, 10291]);
    expect(ids(await office.get("jpm/jobs?sort=-ModifiedOn"))).toEqual([10291, 10290]);
    expect((await office.get("jpm/jobs?sort=-completedOn")).body).toMatchObject({
      status: 400,
      errors: { sort: ["The value '-completedOn' is not valid for Sort."] },
    });
    expect((await office.get("jpm/jobs?sort=+ModifiedOn")).status).toBe(400);
    expect((await office.get("settings/technicians?sort=nonsense")).status).toBe(200);
  });

  it("compares seven fraction digits: on or after is inclusive, before is exclusive", async () => {
    const at = "2026-10-28T16:28:55.8446003Z";
    expect(ids(await office.get(`jpm/jobs?modifiedOnOrAfter=${at}`))).toEqual([10290, 10291]);
    expect(ids(await office.get("jpm/jobs?modifiedOnOrAfter=2026-10-28T16:28:55.8446004Z"))).toEqual([10291]);
    expect(ids(await office.get(`jpm/jobs?modifiedBefore=${at}`))).toEqual([]);
  });

  it("ignores a parameter it does not know and gives the whole list", async () => {
    expect(ids(await office.get("jpm/jobs?status=Completed"))).toEqual([10290, 10291]);
    expect(ids(await office.get("jpm/jobs?jobStatus=Completed"))).toEqual([10290]);
    expect((await office.get("jpm/jobs?customerId=abc")).body).toMatchObject({
      status: 400,
      errors: { customerId: [expect.any(String)] },
    });
  });

  it("takes at most 50 ids", async () => {
    expect(ids(await office.get("accounting/invoices?ids=71,73"))).toEqual([71, 73]);
    const many = Array.from({ length: 51 }, (_, n) => n + 1).join(",");
    expect((await office.get(`accounting/invoices?ids=${many}`)).status).toBe(400);
  });

  it("hides inactive records unless asked, and then lists them first", async () => {
    expect(ids(await office.get("crm/customers"))).toEqual([11]);
    expect(ids(await office.get("crm/customers?active=Any"))).toEqual([12, 11]);
    expect(ids(await office.get("settings/technicians?active=False"))).toEqual([33]);
    expect((await office.get("crm/customers/12")).body).toMatchObject({ active: false, mergedToId: 11 });
  });

  it("filters payments by invoice and invoices by balance", async () => {
    expect(ids(await office.get("accounting/payments?appliedToInvoiceIds=73"))).toEqual([82]);
    expect(
      ids(await office.get("accounting/invoices?balanceFilter.Balance=0&balanceFilter.Comparer=NotEquals")),
    ).toEqual([72, 73]);
  });

  it("finds jobs by external data, by their first visit and by crew", async () => {
    const key = "jpm/jobs?externalDataKey=ctc";
    expect(ids(await office.get(`${key}&externalDataValues=JOB-0871,JOB-1`))).toEqual([10290]);
    expect(ids(await office.get(`${key}&externalDataValues=JOB-1`))).toEqual([]);
    expect(ids(await office.get("jpm/jobs?firstAppointmentStartsOnOrAfter=2026-11-01T00:00:00Z"))).toEqual([10291]);
    expect(ids(await office.get("jpm/jobs?technicianId=31"))).toEqual([10291]);
    expect(ids(await office.get("jpm/jobs?invoiceId=71"))).toEqual([10290]);
    expect(ids(await office.get("jpm/appointments?technicianId=31&unused=false"))).toEqual([52]);
    expect(ids(await office.get("accounting/invoices?orderBy=Id&orderByDirection=desc"))).toEqual([73, 72, 71]);
  });

  it("has no read of one invoice and no record that is not there", async () => {
    expect((await office.get("accounting/invoices/71")).status).toBe(404);
    expect((await office.get("jpm/jobs/5")).body).toMatchObject({ status: 404, traceId: expect.any(String), data: {} });
  });
});

describe("jobs", () => {
  it("replaces custom fields and tags whole, ignores unknown fields, and stamps seven digits", async () => {
    const answer = await office.call("PATCH", "jpm/jobs/10290", { tagTypeIds: [3], customFields: [], costumerPo: "x" });
    expect(answer.body).toMatchObject({
      tagTypeIds: [3],
      customFields: [],
      modifiedOn: "2026-10-29T08:00:00.0000000Z",
    });
    expect(object(answer.body)).not.toHaveProperty("costumerPo");
  });

  it("names a field of the wrong type", async () => {
    const answer = await office.call("PATCH", "jpm/jobs/10290", { priority: 3 });
    expect(answer.body).toMatchObject({ status: 400, errors: { priority: [expect.any(String)] } });
  });

  it("merges external data only when told to", async () => {
    const merged = await office.call("PATCH", "jpm/jobs/10290", {
      externalData: { patchMode: "Merge", externalData: [{ key: "a", value: "1" }] },
    });
    expect(merged.body).toMatchObject({
      externalData: [
        { key: "ctc", value: "JOB-0871" },
        { key: "a", value: "1" },
      ],
    });
    const replaced = await office.call("PATCH", "jpm/jobs/10290", {
      externalData: { externalData: [{ key: "b", value: "2" }] },
    });
    expect(object(replaced.body)["externalData"]).toEqual([{ key: "b", value: "2" }]);
  });

  it("cancels with reason and memo once, answers nothing, and hides the open invoice", async () => {
    expect((await office.call("PUT", "jpm/jobs/10291/cancel", { reasonId: 1088 })).status).toBe(400);
    expect(await office.call("PUT", "jpm/jobs/10291/cancel", { reasonId: 1088, memo: "moved" })).toMatchObject({
      status: 200,
      text: "",
    });
    expect((await office.get("jpm/jobs/10291")).body).toMatchObject({ jobStatus: "Canceled" });
    expect(ids(await office.get("accounting/invoices?jobId=10291"))).toEqual([]);
    expect(ids(await office.get("accounting/invoices?jobId=10291&activeState=All"))).toEqual([72]);
    expect((await office.call("PUT", "jpm/jobs/10291/cancel", { reasonId: 1088, memo: "again" })).body).toMatchObject({
      status: 400,
      title: expect.stringContaining("already canceled"),
    });
  });

  it("books a job with its appointment, its crew and an invoice of 0.00", async () => {
    const appointments = [{ start: "2026-11-05T15:00:00Z", end: "2026-11-05T17:00:00Z", technicianIds: [32] }];
    const body = {
      customerId: 11,
      locationId: 21,
      businessUnitId: 41,
      jobTypeId: 5,
      priority: "Normal",
      campaignId: 1,
      appointments,
    };
    const { campaignId: _, ...without } = body;
    expect((await office.call("POST", "jpm/jobs", without)).status).toBe(422);
    const job = object((await office.call("POST", "jpm/jobs", body)).body);
    expect(job).toMatchObject({ jobStatus: "Scheduled", appointmentCount: 1 });
    expect(rows(await office.get(`accounting/invoices?jobId=${job["id"]}`))).toMatchObject([
      { total: "0.00", balance: "0.00" },
    ]);
    expect(rows(await office.get(`dispatch/appointment-assignments?jobId=${job["id"]}`))).toMatchObject([
      { technicianId: 32 },
    ]);
  });

  it("answers a named write with 200 and changes nothing, and the log says so", async () => {
    await office.dials({ silentNoOps: [{ operation: "updateJob", id: "10290" }] });
    expect((await office.call("PATCH", "jpm/jobs/10290", { customerPo: "FRC-2291" })).status).toBe(200);
    expect(object((await office.get("jpm/jobs/10290")).body)["customerPo"]).toBeUndefined();
    expect((await office.log()).at(-1)).toMatchObject({ kind: "write", operation: "updateJob", effect: false });
  });

  it("shows the old record until the lag has passed", async () => {
    await office.dials({ readLagMs: 60_000 });
    await office.call("PATCH", "jpm/jobs/10290", { customerPo: "FRC-2291" });
    expect(object((await office.get("jpm/jobs/10290")).body)["customerPo"]).toBeUndefined();
    expect(object(rows(await office.get("jpm/jobs?ids=10290"))[0])["customerPo"]).toBeUndefined();
    await office.clock("2026-10-29T08:01:00.000Z");
    expect(object((await office.get("jpm/jobs/10290")).body)["customerPo"]).toBe("FRC-2291");
  });
});

describe("crews", () => {
  it("adds on assign, takes off on unassign, and answers the appointment both times", async () => {
    const path = "dispatch/appointment-assignments";
    const assigned = await office.call("POST", `${path}/assign-technicians`, {
      jobAppointmentId: 52,
      technicianIds: [32],
    });
    expect(assigned.body).toMatchObject({ id: 52, jobId: 10291 });
    expect(rows(await office.get(`${path}?appointmentIds=52`)).map((row) => row["technicianId"])).toEqual([31, 32]);
    const removed = await office.call("POST", `${path}/unassign-technicians`, {
      jobAppointmentId: 52,
      technicianIds: [31],
    });
    expect(removed.body).toMatchObject({ id: 52 });
    expect(rows(await office.get(`${path}?appointmentIds=52`)).map((row) => row["technicianId"])).toEqual([32]);
    expect(
      (await office.call("POST", `${path}/assign-technicians`, { jobAppointmentId: 52, technicianIds: [999] })).status,
    ).toBe(400);
  });

  it("drops a misspelt technicianId and makes the appointment without a crew", async () => {
    const body = { jobId: 10291, start: "2026-11-06T15:00:00Z", end: "2026-11-06T16:00:00Z", technicianId: 31 };
    const made = object((await office.call("POST", "jpm/appointments", body)).body);
    expect(rows(await office.get(`dispatch/appointment-assignments?appointmentIds=${made["id"]}`))).toEqual([]);
    expect((await office.call("DELETE", `jpm/appointments/${made["id"]}`)).text).toBe("");
    expect((await office.get(`jpm/appointments/${made["id"]}`)).status).toBe(404);
    expect((await office.call("DELETE", "jpm/appointments/51")).status).toBe(409);
  });
});

describe("visits and jobs beyond the document's actions", () => {
  it("move and are held by appointment; the older routes of a job are gone unless the dial brings them back", async () => {
    const path = "jpm/appointments/52";
    const start = "2026-11-04T15:00:00Z";
    expect((await office.call("PATCH", `${path}/reschedule`, { start })).body).toMatchObject({ id: 52, start });
    expect((await office.call("PUT", `${path}/hold`, { reasonId: 1, memo: "parts" })).text).toBe("");
    expect((await office.get(path)).body).toMatchObject({ status: "Hold" });
    expect((await office.call("DELETE", `${path}/hold`)).status).toBe(200);
    expect((await office.call("DELETE", `${path}/hold`)).status).toBe(409);
    expect((await office.call("PATCH", "jpm/appointments/51/reschedule", { start })).status).toBe(409);
    expect((await office.call("PUT", "jpm/jobs/10291/complete")).status).toBe(404);
    await office.dials({ olderJobRoutes: true });
    expect((await office.call("PUT", "jpm/jobs/10291/complete")).status).toBe(200);
    expect((await office.get("jpm/jobs/10291")).body).toMatchObject({ jobStatus: "Completed" });
  });
});

describe("bookings", () => {
  const booking = {
    source: "Plumbline",
    name: "Pena",
    summary: "Leak",
    isFirstTimeClient: false,
    externalId: "rotor-9",
  };

  it("are made and found by provider and by tenant, and twice if nobody looks first", async () => {
    const made = object((await office.call("POST", "crm/booking-provider/77/bookings", booking)).body);
    expect(made).toMatchObject({ status: "New", bookingProviderId: 77 });
    expect(ids(await office.get("crm/booking-provider/77/bookings?externalId=rotor-9"))).toEqual([made["id"]]);
    expect(ids(await office.get("crm/booking-provider/78/bookings"))).toEqual([]);
    expect((await office.get(`crm/bookings/${made["id"]}`)).status).toBe(200);
    await office.call("POST", "crm/booking-provider/77/bookings", booking);
    expect(ids(await office.get("crm/bookings"))).toHaveLength(2);
    expect((await office.call("POST", "crm/booking-provider/77/bookings", { ...booking, externalId: 9 })).status).toBe(
      400,
    );
  });
});
