import { describe, expect, test } from "vitest";
import { type Client, clientOf, type Running, run, stateOf } from "./support.ts";

const noon = "2026-10-29T12:00:00.000Z";
type World = { running: Running; control: Client; api: Client };

const key = "ctc_live_aBc123";
const apiOf = (running: Running) =>
  clientOf(`${running.urls["customtrades"]}/api/v1`, { authorization: `Bearer ${key}` });

const stamps = { created_at: "2026-10-01T00:00:00.000Z", updated_at: "2026-10-01T00:00:00.000Z", deleted_at: null };
const ana = {
  uuid: "cu1",
  first_name: "Ana",
  last_name: "Pena",
  company_name: null,
  customer_type: "Residential",
  is_vip: true,
  ...stamps,
};
const job = (uuid: string, more: object = {}) => ({
  uuid,
  job_number: `JOB-${uuid}`,
  customer_uuid: "cu1",
  location_uuid: "l1",
  assigned_to_user_id: "u1",
  title: "Leak",
  description: null,
  status: "Scheduled",
  priority: "Normal",
  actual_amount: null,
  paid_at: null,
  ...stamps,
  ...more,
});
const invoice = (uuid: string, more: object = {}) => ({
  uuid,
  invoice_number: "INV-0007",
  customer_uuid: "cu1",
  job_uuid: "j1",
  invoice_type: "Full",
  status: "Pending",
  subtotal: 500,
  tax_amount: 40,
  discount_amount: 0,
  total_amount: 540,
  paid_amount: 0,
  balance_amount: 540,
  ...stamps,
  ...more,
});
const base = {
  customers: [
    ana,
    { ...ana, uuid: "cu2", first_name: "Ben", email: "ben@x.test", customer_type: "Commercial", is_vip: false },
  ],
  locations: [{ uuid: "l1", name: "Home", ...stamps }],
  users: [{ uuid: "u1", name: "Marcus", created_at: noon, updated_at: noon }],
  jobs: [job("j1")],
  invoices: [invoice("i1")],
};

async function world(collections: Record<string, object[]> = {}): Promise<World> {
  const running = await run({ vendors: ["customtrades"] });
  const control = running.control("customtrades");
  await control.send("PUT", "/clock", { now: noon });
  await control.send("POST", "/accounts", { id: "boulder", credentials: { apiKey: key } });
  await control.send("POST", "/load", { account: "boulder", collections: { ...base, ...collections } });
  return { running, control, api: apiOf(running) };
}

const uuids = (answer: { body: { data: Record<string, { uuid: string }[]> } }, name = "jobs") =>
  answer.body.data[name]?.map(({ uuid }) => uuid);

describe("jobs", () => {
  test("a list is an envelope with jobs and pagination, 50 a page and at most 100", async () => {
    const jobs = Array.from({ length: 120 }, (_, nth) => job(`j${nth}`));
    const { control, api } = await world({ jobs });
    const first = await api.get("/jobs");
    expect(first.body.success).toBe(true);
    expect(first.body.data.pagination).toEqual({ page: 1, limit: 50, total: 120, total_pages: 3 });
    expect((await api.get("/jobs?page=3")).body.data.jobs).toHaveLength(20);
    expect((await api.get("/jobs?limit=500")).body.data.pagination).toMatchObject({ limit: 100, total_pages: 2 });
    await control.send("POST", "/dials", { dials: { overLimit: "refuse" } });
    expect((await api.get("/jobs?limit=500")).status).toBe(400);
    expect((await api.get("/jobs?page=0")).body).toMatchObject({ success: false });
  });

  test("filters by several statuses, location, customer, person, priority and search", async () => {
    const jobs = [
      job("a", { status: "In Progress", priority: "High", title: "Burst pipe" }),
      job("b", { status: "Ready to Invoice", customer_uuid: "cu2", description: "boiler PIPE" }),
      job("c", { status: "Complete", location_uuid: null, assigned_to_user_id: null }),
    ];
    const { api } = await world({ jobs });
    expect(uuids(await api.get("/jobs?status=In%20Progress,Ready%20to%20Invoice"))).toEqual(["a", "b"]);
    expect(uuids(await api.get("/jobs?location_uuid=l1"))).toEqual(["a", "b"]);
    expect(uuids(await api.get("/jobs?customer_uuid=cu2"))).toEqual(["b"]);
    expect(uuids(await api.get("/jobs?assigned_to_user_id=u1&priority=High"))).toEqual(["a"]);
    expect(uuids(await api.get("/jobs?search=pipe"))).toEqual(["a", "b"]);
    expect(uuids(await api.get("/jobs?search=job-c"))).toEqual(["c"]);
  });

  test("a filter on the modified time does not exist and is ignored", async () => {
    const { api } = await world();
    expect(uuids(await api.get("/jobs?updated_since=2030-01-01"))).toEqual(["j1"]);
  });

  test("the order of the list and its shape are dials", async () => {
    const at = (day: number, updated: number) => ({
      created_at: `2026-10-0${day}T00:00:00Z`,
      updated_at: `2026-10-0${updated}T00:00:00Z`,
    });
    const { control, api } = await world({ jobs: [job("a", at(1, 9)), job("b", at(3, 3)), job("c", at(2, 5))] });
    const seen: Record<string, unknown> = {};
    for (const order of ["created-desc", "created-asc", "updated-desc"]) {
      await control.send("POST", "/dials", { dials: { order } });
      seen[order] = uuids(await api.get("/jobs"))?.join("");
    }
    expect(seen).toEqual({ "created-desc": "bca", "created-asc": "acb", "updated-desc": "acb" });
    await control.send("POST", "/dials", { dials: { jobListShape: "sample" } });
    expect((await api.get("/jobs")).body.data.jobs[0]).toEqual({
      uuid: "a",
      job_number: "JOB-a",
      title: "Leak",
      status: "Scheduled",
      priority: "Normal",
      scheduled_date: null,
      customer: { uuid: "cu1", first_name: "Ana", last_name: "Pena", company_name: null },
    });
    await control.send("POST", "/dials", { dials: { jobListShape: "customer-object-only" } });
    expect((await api.get("/jobs")).body.data.jobs[0]).not.toHaveProperty("customer_uuid");
  });

  test("one job comes with customer, location and assigned user; data is the record, or names it", async () => {
    const { control, api } = await world();
    const { data } = (await api.get("/jobs/j1")).body;
    expect(data).toMatchObject({
      uuid: "j1",
      customer: { uuid: "cu1" },
      location: { name: "Home" },
      assigned_user: { name: "Marcus" },
    });
    await control.send("POST", "/dials", { dials: { recordShape: "named" } });
    expect((await api.get("/jobs/j1")).body.data.job.uuid).toBe("j1");
    expect(await api.get("/jobs/no")).toMatchObject({ status: 404, body: { success: false, error: "Job not found" } });
  });

  test("a created job gets its defaults, times and the next job number from the server", async () => {
    const { api } = await world({ jobs: [job("j1", { job_number: "JOB-0871" })] });
    const made = await api.send("POST", "/jobs", {
      customer_uuid: "cu1",
      title: "Leak",
      job_number: "JOB-1",
      estimated_amount: "99.5",
    });
    expect(made).toMatchObject({ status: 200, body: { success: true } });
    expect(made.body.data).toMatchObject({
      job_number: "JOB-0872",
      status: "New",
      priority: "Normal",
      is_urgent: false,
    });
    expect(made.body.data).toMatchObject({
      estimated_amount: 99.5,
      created_at: noon,
      updated_at: noon,
      deleted_at: null,
    });
    const next = await api.send("POST", "/jobs", { customer_uuid: "cu1", title: "Again" });
    expect(next.body.data.job_number).toBe("JOB-0873");
  });

  test("what a create or an update may not say is a 400, and nothing changes", async () => {
    const { running, api } = await world();
    const before = await stateOf(running, "customtrades");
    const good = { customer_uuid: "cu1", title: "Leak" };
    const bodies = [
      { title: "x" },
      { customer_uuid: "cu1" },
      { ...good, customer_uuid: "nobody" },
      { ...good, status: "Canceled" },
    ];
    for (const body of [...bodies, { ...good, priority: "Urgent" }, { ...good, scheduled_time_start: "9 am" }]) {
      expect(await api.send("POST", "/jobs", body)).toMatchObject({ status: 400, body: { success: false } });
    }
    for (const body of [
      { status: "Canceled" },
      { title: "" },
      { actual_amount: "much" },
      { location_uuid: "nowhere" },
    ]) {
      expect((await api.send("PUT", "/jobs/j1", body)).status).toBe(400);
    }
    expect((await api.send("PUT", "/jobs/j1", "{")).status).toBe(400);
    expect(await stateOf(running, "customtrades")).toEqual(before);
  });

  test("a PUT is partial: what was not sent stays, and the modified time moves", async () => {
    const { control, api } = await world();
    await control.send("PUT", "/clock", { now: "2026-10-29T13:00:00Z" });
    const { data } = (await api.send("PUT", "/jobs/j1", { status: "In Progress", actual_amount: 150 })).body;
    expect(data).toMatchObject({ status: "In Progress", actual_amount: 150, title: "Leak", customer_uuid: "cu1" });
    expect(data.updated_at).toBe("2026-10-29T13:00:00.000Z");
    const cleared = (await api.send("PUT", "/jobs/j1", { actual_amount: null })).body.data;
    expect(cleared).toMatchObject({ actual_amount: null, status: "In Progress" });
  });

  test("two writers overwrite each other unseen: there is no guard", async () => {
    const { api } = await world();
    await api.send("PUT", "/jobs/j1", { internal_notes: "first" }, { "if-match": "old" });
    expect((await api.send("PUT", "/jobs/j1", { internal_notes: "second" })).body.data.internal_notes).toBe("second");
  });

  test("time stamps in a PUT are ignored, taken or refused, as the dial says", async () => {
    const { control, api } = await world();
    const paid = { paid_at: "2026-10-29T10:00:00.000Z" };
    expect((await api.send("PUT", "/jobs/j1", paid)).body.data.paid_at).toBeNull();
    expect((await control.get("/log?account=boulder")).body.entries.at(-1)).toMatchObject({
      operation: "updateJob",
      effect: false,
    });
    await control.send("POST", "/dials", { dials: { stampsByPut: "refuse" } });
    expect((await api.send("PUT", "/jobs/j1", paid)).status).toBe(400);
    await control.send("POST", "/dials", { dials: { stampsByPut: "take", statusSetsStamps: true } });
    const { data } = (await api.send("PUT", "/jobs/j1", { ...paid, status: "Complete" })).body;
    expect(data).toMatchObject({ paid_at: paid.paid_at, completed_at: noon });
  });

  test("a delete is soft: gone from the list and from its uuid, there with include_deleted", async () => {
    const { control, api } = await world();
    expect((await api.send("DELETE", "/jobs/j1")).body.data.deleted_at).toBe(noon);
    expect(uuids(await api.get("/jobs"))).toEqual([]);
    const kept = (await api.get("/jobs?include_deleted=true")).body.data;
    expect(kept).toMatchObject({
      jobs: [{ uuid: "j1", deleted_at: noon, updated_at: noon }],
      pagination: { total: 1 },
    });
    expect((await api.get("/jobs/j1")).status).toBe(404);
    expect((await api.send("PUT", "/jobs/j1", { title: "x" })).status).toBe(404);
    expect((await api.send("DELETE", "/jobs/j1")).status).toBe(404);
    await control.send("POST", "/dials", { dials: { deletedByGet: "shown" } });
    expect((await api.get("/jobs/j1")).body.data.deleted_at).toBe(noon);
  });
});
