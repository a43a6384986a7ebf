import { describe, expect, test } from "vitest";
import { apiOf, customer, ids, noon, world } from "./rotor-crews.ts";
import { stateOf } from "./support.ts";

describe("customers and leads", () => {
  test("an upsert finds by id, then phone, then e-mail, and creates otherwise", async () => {
    const { api } = await world({ customers: [customer] });
    const byPhone = await api.send("POST", "/customers", { phone: "303-555-0101", notes: "gate 4" });
    expect(byPhone).toMatchObject({
      status: 200,
      body: { id: "c1", notes: "gate 4", message: "Customer updated successfully" },
    });
    const byEmail = await api.send("POST", "/customers", { phone: "1", email: "ANA@pena.test" });
    expect(byEmail).toMatchObject({ status: 200, body: { id: "c1", phone: "1" } });
    const byId = await api.send("POST", "/customers", { id: "c1", first_name: "Anna" });
    expect(byId).toMatchObject({ status: 200, body: { first_name: "Anna", last_name: "Pena" } });
    const made = await api.send("POST", "/customers", { first_name: "Ben", property_city: "Denver" });
    expect(made).toMatchObject({
      status: 201,
      body: { first_name: "Ben", created_at: noon, message: "Customer created successfully" },
    });
    expect((await api.get(`/customers/${made.body.id}`)).body.data).toMatchObject({ address: { city: "Denver" } });
    expect((await api.get("/customers")).body.pagination.total).toBe(2);
    expect((await api.send("POST", "/customers", { id: "no" })).status).toBe(404);
  });

  test("tags are merged, never replaced", async () => {
    const { api } = await world({ customers: [{ ...customer, tags: ["vip"] }] });
    const merged = await api.send("POST", "/customers", { id: "c1", tags: ["vip", "gate"] });
    expect(merged.body.tags).toEqual(["vip", "gate"]);
  });

  test("a bad e-mail, a wrong type or a word outside the list is a validation error, and nothing is kept", async () => {
    const { running, api } = await world({ customers: [customer] });
    const before = await stateOf(running, "rotor");
    const refused = await api.send("POST", "/customers", { id: "c1", email: "nope", status: "gone", tags: "vip" });
    expect(refused.status).toBe(400);
    expect(refused.body.message).toBe("Validation failed");
    expect(refused.body.errors).toContainEqual({ field: "email", message: "Invalid email format" });
    expect(await stateOf(running, "rotor")).toEqual(before);
  });

  test("a lead is made once and shows its address and source as the list names them", async () => {
    const { api } = await world();
    const sent = { name: "Dee", phone: "720 555 0102", address_city: "Boulder", source: "web", priority: "high" };
    expect((await api.send("POST", "/leads", sent)).status).toBe(201);
    expect((await api.send("POST", "/leads", sent)).status).toBe(200);
    const { data } = (await api.get("/leads")).body;
    expect(data).toMatchObject([{ name: "Dee", property_city: "Boulder", lead_source: "web", priority: "high" }]);
  });

  test("upserts survive a restart", async () => {
    const { running, api } = await world({ customers: [customer] });
    await api.send("POST", "/customers", { id: "c1", tags: ["vip"] });
    await api.send("POST", "/leads", { name: "Dee" });
    const before = await stateOf(running, "rotor");
    const again = await running.restart();
    expect(await stateOf(again, "rotor")).toEqual(before);
    expect((await apiOf(again).get("/customers/c1")).body.data.tags).toEqual(["vip"]);
  });
});

describe("plans and pins", () => {
  test("plans are listed newest first with their filters", async () => {
    const plan = (id: string, created: string, more: object) => ({
      id,
      created_at: created,
      customer_id: "c1",
      sale_value: 1200,
      ...more,
    });
    const servicePlans = [
      plan("old", "2026-01-01T00:00:00Z", { active: false, service_frequency: "Monthly", sold_by: { user_id: "u1" } }),
      plan("new", "2026-06-01T00:00:00Z", { active: true, service_frequency: "Quarterly", sold_by: { user_id: "u2" } }),
    ];
    const { api } = await world({ customers: [customer], servicePlans });
    expect(ids(await api.get("/service-plans"))).toEqual(["new", "old"]);
    expect(ids(await api.get("/service-plans?status=active"))).toEqual(["new"]);
    expect(ids(await api.get("/service-plans?frequency=Monthly"))).toEqual(["old"]);
    expect(ids(await api.get("/service-plans?sold_by_user_id=u2"))).toEqual(["new"]);
    expect(ids(await api.get("/service-plans?created_at_range_end=2026-02-01T00:00:00Z"))).toEqual(["old"]);
    expect((await api.get("/service-plans?status=maybe")).status).toBe(400);
    expect((await api.get("/service-plans")).body.data[0].customer.company_name).toBe("Pena LLC");
  });

  test("pins are listed", async () => {
    const pin = {
      id: "p",
      created_at: noon,
      created_by: { user_id: "u1" },
      location: [40.7, -74],
      pin_type: { id: "t1" },
    };
    const { api } = await world({ pins: [pin] });
    expect((await api.get("/pins?pin_type_id=t1&user_id=u1")).body.data).toEqual([pin]);
    expect((await api.get("/pins?pin_type_id=t2")).body.data).toEqual([]);
  });
});
