import { describe, expect, test } from "vitest";
import { customer, ids, job, noon, technician, world } from "./rotor-crews.ts";
import { clientOf } from "./support.ts";

describe("GET /serviced-jobs", () => {
  test("a job is printed with its customer, first visit, technicians and dollars as they stand", async () => {
    const visits = [{ start: "2026-10-05T15:00:00Z" }, { start: "2026-10-02T15:00:00Z" }];
    const drift = { visits, total_received: 0.30000000000000004, service_plan_id: "p1" };
    const { api } = await world({ customers: [customer], jobs: [job("j1", "2026-10-01", drift)] });
    expect((await api.get("/serviced-jobs")).body).toEqual({
      data: [
        {
          id: "j1",
          customer: { id: "c1", company_name: "Pena LLC", first_name: "Ana", last_name: "Pena" },
          service_date: "2026-10-02T15:00:00Z",
          service_plan_id: "p1",
          technicians: [technician],
          total_outstanding: 0,
          total_received: 0.30000000000000004,
        },
      ],
      pagination: { has_more: false, limit: 50, page: 1, total: 1 },
      status: "success",
    });
  });

  test("newest created come first, page by page, with the total of all", async () => {
    const days = ["2026-10-02", "2026-10-05", "2026-10-01", "2026-10-04", "2026-10-03"];
    const { api } = await world({ jobs: days.map((day) => job(day, day)) });
    const first = await api.get("/serviced-jobs?limit=2");
    expect(ids(first)).toEqual(["2026-10-05", "2026-10-04"]);
    expect(first.body.pagination).toEqual({ has_more: true, limit: 2, page: 1, total: 5 });
    const last = await api.get("/serviced-jobs?limit=2&page=3");
    expect(ids(last)).toEqual(["2026-10-01"]);
    expect(last.body.pagination).toEqual({ has_more: false, limit: 2, page: 3, total: 5 });
    expect((await api.get("/serviced-jobs?limit=2&page=9")).body.data).toEqual([]);
  });

  test("without a limit a page has 50 jobs, as in the example, or as many as the dial says; a limit asked for wins", async () => {
    const { control, api } = await world({ jobs: Array.from({ length: 51 }, (_, n) => job(`j${n}`, "2026-10-01")) });
    const pageOf = async (query = "") => {
      const { data, pagination } = (await api.get(`/serviced-jobs${query}`)).body;
      return [data.length, pagination.limit, pagination.has_more];
    };
    expect(await pageOf()).toEqual([50, 50, true]);
    await control.send("POST", "/dials", { dials: { defaultLimit: 100 } });
    expect(await pageOf()).toEqual([51, 100, false]);
    expect(await pageOf("?limit=3")).toEqual([3, 3, true]);
  });

  test("a job created between two pages shifts the second: one is seen twice; an archived one hides another", async () => {
    const { control, api } = await world({
      jobs: ["2026-10-01", "2026-10-02", "2026-10-03"].map((day) => job(day, day)),
    });
    expect(ids(await api.get("/serviced-jobs?limit=2"))).toEqual(["2026-10-03", "2026-10-02"]);
    const create = { at: noon, collection: "jobs", key: "new", op: "create", fields: job("new", "2026-10-29") };
    await control.send("POST", "/plant", { account: "crews", edits: [create] });
    await control.send("PUT", "/clock", { now: noon });
    expect(ids(await api.get("/serviced-jobs?limit=2&page=2"))).toEqual(["2026-10-02", "2026-10-01"]);
    const archive = (key: string) => ({ at: noon, collection: "jobs", key, op: "update", fields: { archived: true } });
    await control.send("POST", "/plant", { account: "crews", edits: [archive("new"), archive("2026-10-03")] });
    await control.send("PUT", "/clock", { now: noon });
    expect(ids(await api.get("/serviced-jobs?limit=2&page=2"))).toEqual([]);
  });

  test("only completed jobs by default; otherwise all that are neither archived nor quotes", async () => {
    const jobs = [
      job("done", "2026-10-06"),
      job("open", "2026-10-05", { completed: false }),
      job("quote", "2026-10-04", { completed: false, quote: true }),
      job("archived", "2026-10-03", { archived: true }),
    ];
    const { control, api } = await world({ jobs });
    expect(ids(await api.get("/serviced-jobs"))).toEqual(["done"]);
    expect(ids(await api.get("/serviced-jobs?only_completed=true"))).toEqual(["done"]);
    expect(ids(await api.get("/serviced-jobs?only_completed=false"))).toEqual(["done", "open"]);
    await control.send("POST", "/dials", { dials: { archivedCompletedShown: true } });
    expect(ids(await api.get("/serviced-jobs"))).toEqual(["done", "archived"]);
  });

  test("the window counts both ends of the first visit; a job without a visit is in no window", async () => {
    const jobs = [
      job("late", "2026-10-03"),
      job("edge", "2026-10-02"),
      job("early", "2026-10-01"),
      job("none", "2026-10-02", { visits: [] }),
    ];
    const { api } = await world({ jobs });
    const from = "service_date_range_start=2026-10-02T15:00:00Z";
    const until = "service_date_range_end=2026-10-02T15:00:00Z";
    expect(ids(await api.get(`/serviced-jobs?${from}`))).toEqual(["late", "edge"]);
    expect(ids(await api.get(`/serviced-jobs?${until}`))).toEqual(["edge", "early"]);
    const both = await api.get(`/serviced-jobs?${from}&${until}`);
    expect(ids(both)).toEqual(["edge"]);
    expect(both.body.pagination.total).toBe(1);
    const { data } = (await api.get("/serviced-jobs")).body;
    expect(data.find(({ id }: { id: string }) => id === "none")).not.toHaveProperty("service_date");
  });

  test("fields without a value are left out or null, and any field can be made missing", async () => {
    const { control, api } = await world({ jobs: [job("j", "2026-10-01", { total_received: null })] });
    const bare = (await api.get("/serviced-jobs")).body.data[0];
    expect(bare).not.toHaveProperty("total_received");
    expect(bare).not.toHaveProperty("customer");
    await control.send("POST", "/dials", { dials: { noValue: "null", leftOut: "technicians,total_outstanding" } });
    expect((await api.get("/serviced-jobs")).body.data[0]).toEqual({
      id: "j",
      customer: null,
      service_date: "2026-10-01T15:00:00Z",
      service_plan_id: null,
      total_received: null,
    });
  });

  test("parameters out of range are a validation error that names each field", async () => {
    const { api } = await world();
    const refused = await api.get("/serviced-jobs?limit=1001&page=0");
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({ status: "error", message: "Validation failed" });
    expect(refused.body.errors.map(({ field }: { field: string }) => field)).toEqual(["limit", "page"]);
    for (const bad of ["limit=0", "limit=2.5", "limit=", "only_completed=yes", "service_date_range_start=yesterday"]) {
      expect((await api.get(`/serviced-jobs?${bad}`)).status, bad).toBe(400);
    }
    expect((await api.get("/serviced-jobs?limit=1000")).status).toBe(200);
  });
});

describe("keys, limits and versions", () => {
  test("without a known key the body is the documented one", async () => {
    const { api } = await world();
    const refused = await api.get("/serviced-jobs", { "x-api-key": "other" });
    expect(refused.status).toBe(401);
    expect(refused.body).toEqual({
      status: "error",
      message: "Authentication required. Provide x-api-key header.",
      error_code: "AUTHENTICATION_REQUIRED",
    });
  });

  test("a key without the scope is refused by name, and GET /auth/test says what it has", async () => {
    const { api } = await world({}, { scopes: ["customers:read"], companyId: "company-1" });
    const refused = await api.get("/leads");
    expect(refused.status).toBe(403);
    expect(refused.body).toEqual({
      status: "error",
      message: "Forbidden: required scope 'leads:read' not granted for this API key",
      error_code: "INSUFFICIENT_SCOPE",
    });
    expect((await api.get("/auth/test")).body).toEqual({
      status: "success",
      message: "Authentication successful",
      authenticated: true,
      company_id: "company-1",
      user_id: null,
      auth_method: "api_key",
      scopes: ["customers:read"],
      timestamp: noon,
    });
  });

  test("1000 requests a day by the simulated clock; the day starts at the dial's hour", async () => {
    const { control, api } = await world();
    for (let nth = 0; nth < 1000; nth++) await api.get("/serviced-jobs?limit=1");
    const refused = await api.get("/serviced-jobs");
    expect(refused.status).toBe(429);
    expect(refused.body).toEqual({
      status: "error",
      message: "Daily API key request limit of 1000 exceeded",
      error_code: "RATE_LIMIT_EXCEEDED",
    });
    await control.send("PUT", "/clock", { now: "2026-10-29T23:59:59Z" });
    expect((await api.get("/auth/test")).status).toBe(429);
    await control.send("PUT", "/clock", { now: "2026-10-30T00:00:00Z" });
    expect((await api.get("/auth/test")).status).toBe(200);
  });

  test("with a reset at six o'clock midnight changes nothing", async () => {
    const { control, api } = await world();
    await control.send("POST", "/dials", { dials: { dailyLimit: 1, dayResetHour: 6 } });
    const seen = [];
    for (const now of ["2026-10-29T23:00:00Z", "2026-10-30T01:00:00Z", "2026-10-30T06:00:00Z"]) {
      await control.send("PUT", "/clock", { now });
      seen.push((await api.get("/auth/test")).status);
    }
    expect(seen).toEqual([200, 429, 200]);
  });

  test("a wrong version is refused, a missing one only if the dial says so", async () => {
    const { control, running } = await world();
    const bare = clientOf(`${running.urls["rotor"]}/open-api`, { "x-api-key": "rotor_1_secret" });
    expect((await bare.get("/auth/test", { "rotor-api-version": "2.0.0" })).status).toBe(400);
    expect((await bare.get("/auth/test")).status).toBe(200);
    await control.send("POST", "/dials", { dials: { versionHeader: "required" } });
    expect((await bare.get("/auth/test")).status).toBe(400);
  });

  test("there is no way to read or write one job", async () => {
    const { api } = await world({ jobs: [job("j", "2026-10-01")] });
    for (const method of ["GET", "PUT", "PATCH", "DELETE", "POST"]) {
      expect(await api.send(method, "/serviced-jobs/j")).toMatchObject({ status: 404, body: { message: "Not found" } });
    }
  });
});
