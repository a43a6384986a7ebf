import { describe, expect, it } from "vitest";
import { localTime } from "#local/vendors/fleetio/zone.ts";
import { openYard } from "./fleetio-yard.ts";
import { clientOf } from "./support.ts";

const list = "/v2/service_entries";
const ids = (answer: { body: { records: { id: number }[] } }) => answer.body.records.map(({ id }) => id);

describe("access", () => {
  it("wants the word Token, the account's token and nothing else", async () => {
    const { base, api } = await openYard();
    expect((await api.get(list)).status).toBe(200);
    const bearer = clientOf(base, { authorization: "Bearer key-1", "account-token": "acc-1" });
    expect((await bearer.get(list)).body).toMatchObject({
      status: 401,
      title: "Unauthorized",
      instance: expect.any(String),
    });
    expect((await api.get(list, { "account-token": "other" })).status).toBe(401);
  });

  it("answers 403 empty, 404 with a problem, and 429 with the seconds that are left of the minute", async () => {
    const { api, dials, clock } = await openYard("2026-10-29T12:00:40.000Z");
    expect((await api.get(`${list}/999`)).body).toMatchObject({ status: 404 });
    await dials({ deniedOperations: ["listServiceEntries"], requestsPerMinute: 2 });
    expect(await api.get(list)).toMatchObject({ status: 403, text: "" });
    await dials({ deniedOperations: [] });
    await api.get(list);
    await api.get(list);
    const refused = await api.get(list);
    expect(refused).toMatchObject({ status: 429, body: { error: expect.stringContaining("Too many requests") } });
    expect(refused.headers.get("retry-after")).toBe("20");
    await clock("2026-10-29T12:01:00.000Z");
    expect((await api.get(list)).status).toBe(200);
  });
});

describe("the list", () => {
  it("goes by keyset, newest id first, and echoes filter and sort", async () => {
    const { api } = await openYard();
    const first = await api.get(`${list}?per_page=2`);
    expect(first.body).toMatchObject({
      start_cursor: null,
      per_page: 2,
      estimated_remaining_count: 5,
      sorted_by: [{ id: "desc" }],
      filtered_by: [],
    });
    expect(ids(first)).toEqual([5, 4]);
    const second = await api.get(`${list}?per_page=2&start_cursor=${first.body.next_cursor}`);
    expect(second.body).toMatchObject({ start_cursor: first.body.next_cursor, estimated_remaining_count: 3 });
    const third = await api.get(`${list}?per_page=2&start_cursor=${second.body.next_cursor}`);
    expect([...ids(second), ...ids(third)]).toEqual([3, 2, 1]);
    expect(third.body.next_cursor).toBeNull();
  });

  it("shows a record that changed while paging again, and loses none, in ascending order of change", async () => {
    const { api, plant, clock } = await openYard();
    const query = `${list}?per_page=2&sort[updated_at]=asc`;
    const first = await api.get(query);
    expect(ids(first)).toEqual([1, 2]);
    await plant([
      {
        at: "2026-10-29T12:30:00.000Z",
        collection: "serviceEntries",
        key: "1",
        op: "update",
        fields: { reference: "new" },
      },
    ]);
    await clock("2026-10-29T13:00:00.000Z");
    const second = await api.get(`${query}&start_cursor=${first.body.next_cursor}`);
    const third = await api.get(`${query}&start_cursor=${second.body.next_cursor}`);
    expect([...ids(second), ...ids(third)]).toEqual([3, 4, 5, 1]);
    expect(third.body.records[1].updated_at).toBe("2026-10-29T06:30:00-06:00");
  });

  it("filters by instants in any offset, words and references, one operator a field", async () => {
    const { api } = await openYard();
    expect(ids(await api.get(`${list}?filter[updated_at][gte]=2026-10-27T19:00:00Z`))).toEqual([5, 4]);
    expect(ids(await api.get(`${list}?filter[status][include]=completed`))).toEqual([2, 1]);
    expect(ids(await api.get(`${list}?filter[labels][include]=urgent,other`))).toEqual([2]);
    expect(ids(await api.get(`${list}?filter[reference][like]=r-`))).toEqual([5, 4, 3, 2, 1]);
    const one = await api.get(`${list}?filter[reference][eq]=R-3`);
    expect(one.body.filtered_by).toEqual([{ reference: { eq: "R-3" } }]);
    const two = await api.get(`${list}?filter[updated_at][gte]=2026-10-27&filter[updated_at][lt]=2026-10-28`);
    expect(two).toMatchObject({ status: 400, body: { errors: { "filter[updated_at][lt]": [expect.any(String)] } } });
  });

  it("refuses a page of 1 or 101, an unknown field, and a time whose plus was not encoded", async () => {
    const { api } = await openYard();
    for (const query of [
      "per_page=1",
      "per_page=101",
      "sort[reference]=asc",
      "filter[vendor_id][eq]=1",
      "filter[updated_at][gte]=2026-10-27T00:00:00+06:00",
    ]) {
      expect((await api.get(`${list}?${query}`)).status).toBe(400);
    }
    expect((await api.get(`${list}?q[updated_at_gteq]=2026-10-29`)).body.records).toHaveLength(5);
  });

  it("goes by page numbers and headers with a version before 2024-01-01", async () => {
    const { api } = await openYard();
    const old = await api.get(`${list}?per_page=2&page=2`, { "x-api-version": "2023-03-01" });
    expect(old.body.map(({ id }: { id: number }) => id)).toEqual([3, 2]);
    expect(old.headers.get("x-pagination-total-pages")).toBe("3");
  });

  it("never shows the lock, and can leave out the top-level times", async () => {
    const { api, dials } = await openYard();
    expect((await api.get(`${list}/4`)).body).not.toHaveProperty("locked");
    expect((await api.get(`${list}/4`)).body).toHaveProperty("updated_at");
    await dials({ topLevelTimes: false });
    expect((await api.get(`${list}/4`)).body).not.toHaveProperty("updated_at");
  });
});

describe("writes", () => {
  const meter = { value: "84210.0", void: false };

  it("complete an entry by completed_at, printed in the account's zone of that day", async () => {
    const { api, clock } = await openYard();
    await clock("2026-11-02T12:00:00.000Z");
    const answer = await api.send("PATCH", `${list}/3`, {
      completed_at: "2026-10-29T18:00:00Z",
      status: "pending",
      meter_entry_attributes: meter,
    });
    expect(answer).toMatchObject({
      status: 200,
      body: { status: "completed", completed_at: "2026-10-29T12:00:00-06:00", updated_at: "2026-11-02T05:00:00-07:00" },
    });
    expect(answer.body.primary_meter_entry).toMatchObject({ id: 903, value: "84210.0", void: false });
  });

  it("print both times of the hour that the clock change repeats", () => {
    expect(localTime("2026-11-01T07:30:00Z", "America/Denver")).toBe("2026-11-01T01:30:00-06:00");
    expect(localTime("2026-11-01T08:30:00Z", "America/Denver")).toBe("2026-11-01T01:30:00-07:00");
  });

  it("are refused with 422 for a locked entry, a missing meter value and bad values", async () => {
    const { api } = await openYard();
    const locked = await api.send("PATCH", `${list}/4`, {
      completed_at: "2026-10-29T12:00:00-06:00",
      meter_entry_attributes: meter,
    });
    expect(locked).toMatchObject({ status: 422, body: { errors: { base: [expect.stringContaining("locked")] } } });
    const unmetered = await api.send("PATCH", `${list}/5`, { completed_at: "2026-10-29T12:00:00-06:00" });
    expect(unmetered).toMatchObject({
      status: 422,
      body: { errors: { "meter_entry_attributes.value": ["can't be blank"] } },
    });
    expect((await api.send("PATCH", `${list}/3`, { reference: 7 })).body.errors).toHaveProperty("reference");
    expect((await api.send("PATCH", `${list}/3`, { reference: "PO 7" })).body.reference).toBe("PO 7");
  });

  it("create with 201, a location and sums that the server works out", async () => {
    const { api, base } = await openYard();
    const body = {
      completed_at: "2026-10-29T06:00:00-06:00",
      vehicle_vin: "1FTBW2CM5HKA00001",
      vendor_id: 412,
      reference: "10241",
      meter_entry_attributes: meter,
      total_amount_cents: 1,
      tax_1_percentage: "8.0",
      service_entry_line_items_attributes: [
        { labor_cost: 300, parts_cost: 186 },
        { type: "ServiceEntryFeeLineItem", subtotal: 5 },
      ],
    };
    const made = await api.send("POST", list, body);
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      status: "completed",
      subtotal_cents: 48600,
      tax_1_percentage: "8.0",
      tax_1_cents: 3888,
      fees_cents: 500,
      total_amount_cents: 52988,
      vehicle: { name: "Van 5" },
    });
    expect(made.headers.get("location")).toBe(`${base}${list}/${made.body.id}`);
    const { meter_entry_attributes: _, ...without } = body;
    expect((await api.send("POST", list, without)).status).toBe(422);
  });

  it("take a discount and taxes as amounts in dollars where their type is fixed, else as percentages", async () => {
    const { api } = await openYard();
    const taxes = { tax_1_type: "fixed", tax_1: 3.33, tax_1_percentage: 50, tax_2_type: "percentage", tax_2: 99 };
    const made = await api.send("POST", list, {
      completed_at: "2026-10-29T06:00:00-06:00",
      vehicle_id: 5,
      vehicle_vin: "1FTBW2CM5HKA00001",
      meter_entry_attributes: meter,
      discount_type: "fixed",
      discount: 12.5,
      ...{ ...taxes, tax_2_percentage: 10 },
      service_entry_line_items_attributes: [{ labor_cost: 80, parts_cost: 32.5 }, { subtotal: 20 }],
    });
    expect(made.body).toMatchObject({
      ...{ labor_subtotal_cents: 8000, parts_subtotal_cents: 3250, subtotal_cents: 13_250, discount_cents: 1250 },
      ...{ tax_1_cents: 333, tax_2_cents: 1200, tax_2_percentage: "10", total_amount_cents: 13_533 },
    });
    for (const name of ["discount", "tax_1", "tax_2", "label_list"]) expect(made.body).not.toHaveProperty(name);
    const path = `${list}/${made.body.id}`;
    const percent = { discount_type: "percentage", discount_percentage: 20, discount_cents: 1, tax_1: 0 };
    expect((await api.send("PATCH", path, percent)).body).toMatchObject({
      ...{ subtotal_cents: 13_250, discount_cents: 2650, discount_percentage: "20", tax_1_cents: 0 },
      ...{ tax_2_cents: 1060, total_amount_cents: 11_660 },
    });
    expect((await api.send("PATCH", path, { discount_cents: 1, general_notes: "x" })).body).toMatchObject({
      ...{ discount_cents: 2650, total_amount_cents: 11_660 },
    });
  });

  it.each([
    ["label_list", "urgent, brakes,", { labels: [{ name: "urgent" }, { name: "brakes" }] }],
    ["label_list", "", { labels: [] }],
    ["custom_fields", null, { custom_fields: { plumbline: null } }],
    ["custom_fields", { po: "7" }, { custom_fields: { plumbline: null, po: "7" } }],
  ])("take %s %j", async (name, value, shown) => {
    const { api } = await openYard();
    expect(await api.send("PATCH", `${list}/2`, { [name]: value })).toMatchObject({ status: 200, body: shown });
  });

  it.each([
    ["label_list", ["urgent", "brakes"]],
    ["label_list", "x".repeat(256)],
    ["discount", "twelve"],
    ["tax_1", -1],
    ["tax_2", "1,5"],
    ["custom_fields", "none"],
  ])("refuse %s %j with 422", async (name, value) => {
    const { api } = await openYard();
    const { status, body } = await api.send("PATCH", `${list}/2`, { [name]: value });
    expect([status, Object.keys(body.errors)]).toEqual([422, [name]]);
    expect((await api.get(`${list}/2`)).body.labels).toEqual([{ id: 1, name: "urgent" }]);
  });

  it("delete for good, and may answer nothing at all", async () => {
    const { api, dials } = await openYard();
    expect(await api.send("DELETE", `${list}/1`)).toMatchObject({ status: 204, text: "" });
    expect((await api.get(`${list}/1`)).status).toBe(404);
    await dials({ writeReplies: "empty" });
    expect(await api.send("PATCH", `${list}/3`, { reference: "x" })).toMatchObject({ status: 204, text: "" });
  });
});
