import { afterAll, beforeAll, expect, test } from "vitest";
import { servicetitan as st } from "#shared/connectors/servicetitan/index.ts";
import { operations } from "#shared/connectors/servicetitan/operations.ts";
import { fixture, openTenant, type Row, type Tenant } from "./servicetitan-support.ts";

let tenant: Tenant;
beforeAll(async () => {
  tenant = await openTenant(fixture("office"));
});
afterAll(() => tenant.close());

const row = (key: keyof typeof st) => st[key].row;
const run = (key: keyof typeof st, input: unknown) => row(key).run?.(tenant.client, input);
const at = "2026-11-05T16:00:00Z";

test("a pick list of more than ten pages says that it was cut short", async () => {
  await tenant.dials({ rowsPerPage: 1 });
  const jobs = Array.from({ length: 12 }, (_, n): Row => ({ ...fixture("office")["jobs"]?.[0], id: 30_000 + n }));
  const other = await openTenant({ jobs });
  await other.dials({ rowsPerPage: 1 });
  const picked = await st.selectJob(other.client);
  await other.close();
  await tenant.dials({ rowsPerPage: null });
  expect(picked.result.length).toBe(10);
  expect(picked.notices).toEqual(["cut short: the first 10 of 12"]);
});

test("rawRequest takes a path only, keeps the client's host and credentials, and writes only with its effect named", async () => {
  const get = { urlType: "jpm", url: "/jobs/10290", method: "GET" };
  expect(await run("rawRequest", get)).toMatchObject({ id: 10290 });
  expect(await run("rawRequest", { ...get, responseType: "text" })).toContain('"jobNumber"');
  for (const url of [
    "//evil.example/jobs",
    "https://evil.example",
    "jobs",
    "/../../jobs",
    "/jobs?x=1",
    "/jobs/..",
    "/a@b",
  ]) {
    await expect(run("rawRequest", { ...get, url })).rejects.toMatchObject({ kind: "bad-input" });
  }
  const header = [{ key: "Authorization", value: "Bearer x" }];
  await expect(run("rawRequest", { ...get, header })).rejects.toMatchObject({ kind: "bad-input" });
  const patch = { urlType: "jpm", url: "/jobs/10290", method: "PATCH", data: { summary: "raw" } };
  await expect(run("rawRequest", patch)).rejects.toMatchObject({ message: expect.stringContaining("effect") });
  expect(await run("rawRequest", { ...patch, effect: "sets the summary" })).toMatchObject({ summary: "raw" });
});

test("rawRequest repeats reads, and never a write that may have been taken", async () => {
  const flaky = { kind: "status", status: 500, body: {} };
  await tenant.faults({ method: "GET", path: "/jobs/10290" }, flaky, { times: 2 });
  const get = { urlType: "jpm", url: "/jobs/10290", method: "GET", maxRetryCount: 2, retryDelayMS: 1 };
  expect(await run("rawRequest", get)).toMatchObject({ id: 10290 });
  const before = (await tenant.writes()).length;
  await tenant.faults({ method: "PATCH", path: "/jobs/10290" }, { kind: "reset-after" }, { times: 1 });
  const patch = {
    ...get,
    method: "PATCH",
    data: { summary: "once" },
    effect: "sets the summary",
    retryOnAllErrors: true,
  };
  await expect(run("rawRequest", patch)).rejects.toMatchObject({ kind: "ambiguous" });
  expect((await tenant.writes()).length).toBe(before + 1);
});

test("inputs that are missing, mistyped or unknown are refused with path and expectation, and nothing is sent", async () => {
  const before = tenant.requests();
  const bad: [keyof typeof st, unknown, string][] = [
    ["getJob", {}, "jobId"],
    ["getJob", { jobId: "10290" }, "jobId"],
    ["createAppointment", { jobId: 1, start: at, end: at, technicianId: 31 }, "technicianId"],
    ["createAppointment", { jobId: 1, start: "tomorrow", end: at }, "start"],
    ["listJobs", { status: "Completed" }, "status"],
    ["listJobs", { ids: Array.from({ length: 51 }, (_, n) => n + 1) }, "ids"],
    ["listJobs", { sort: "+CompletedOn" }, "sort"],
    ["listJobs", { fetchAll: true, page: 2 }, "page"],
    ["listJobs", { customQueryParams: { status: "Completed" } }, "customQueryParams.status"],
    ["cancelJob", { jobId: 1, reasonId: 2 }, "memo"],
    ["updateCustomer", { customerId: 11, address: { stret: "x" } }, "address"],
    ["createPayment", { typeId: 1, splits: [{ amount: 1 }] }, "splits.0.invoiceId"],
    ["listCustomersContact", {}, "customerId"],
    ["listCustomersContact", { customerId: 11, createdBefore: at }, "createdBefore"],
    ["listCustomersContact", { customerIds: [11] }, "customerIds"],
    ["rawRequest", { urlType: "jpm", url: "/jobs", method: "GET", data: {} }, "data"],
    ["selectJob", { page: 1 }, "page"],
  ];
  for (const [key, input, path] of bad) {
    const failure = await run(key, input)?.catch((cause: unknown) => cause);
    expect(failure, `${key} ${path}`).toMatchObject({ kind: "bad-input", message: expect.stringContaining(path) });
  }
  expect(tenant.requests()).toBe(before);
});

test("documented filters may come as custom parameters, others only when that is allowed", async () => {
  const { data } = await st.listJobs(tenant.client, { customQueryParams: { jobStatus: "Completed" } });
  expect(new Set(data.map(({ jobStatus }) => jobStatus))).toEqual(new Set(["Completed"]));
  const allowed = { customQueryParams: { newFilter: "1" }, allowUnknown: true };
  await expect(st.listJobs(tenant.client, allowed)).resolves.toHaveProperty("data");
});

test("an answer of another shape is a failure with the operation, never a crash", async () => {
  await tenant.faults({ path: "/jobs/10290" }, { kind: "status", status: 200, body: { id: "ten" } }, { times: 1 });
  await expect(st.getJob(tenant.client, { jobId: 10290 })).rejects.toMatchObject({
    kind: "malformed",
    detail: { operation: "getJob", status: 200 },
  });
  const page = { page: 1, pageSize: 500, hasMore: false, totalCount: null, data: [{ id: 1 }, { id: "two" }] };
  await tenant.faults({ path: "/jobs$" }, { kind: "status", status: 200, body: page }, { times: 1 });
  await expect(st.listJobs(tenant.client, { fetchAll: true })).rejects.toMatchObject({
    kind: "malformed",
    detail: { operation: "listJobs", status: 200, body: expect.stringContaining('"id":"two"') },
  });
  await tenant.faults({ path: "/jobs/10290" }, { kind: "html" }, { times: 1 });
  await expect(st.getJob(tenant.client, { jobId: 10290 })).rejects.toMatchObject({ detail: { operation: "getJob" } });
});

test("every write says how to find out whether it happened and whom it notifies", () => {
  for (const one of operations) {
    expect(one.notifies, one.key).toBeDefined();
    if (one.writes) expect(one.happened, one.key).toBeTruthy();
    expect(one.repeatable, one.key).toBeTypeOf("boolean");
  }
  const money = operations.filter((one) => one.money).map((one) => one.key);
  expect(money.sort()).toEqual([
    "createInvoices",
    "createPayment",
    "deleteInvoiceItem",
    "rawRequest",
    "updateInvoice",
    "updateInvoiceItems",
    "updatePayment",
  ]);
});
