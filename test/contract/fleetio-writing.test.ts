import { afterEach, beforeEach, expect, test } from "vitest";
import { connector, fleetio } from "#shared/connectors/fleetio/index.ts";
import type { Intent } from "#shared/domain/intent.ts";
import { type Account, fixture, intent, openAccount, type Row, shown } from "./fleetio-support.ts";

let account: Account;
beforeEach(async () => {
  account = await openAccount();
});
afterEach(() => account.close());

function writerOf(wanted: Intent) {
  const writer = connector.writers[wanted.target];
  if (!writer) throw new Error(`no writer of ${wanted.target}`);
  return writer;
}

const done = { completedAt: "2026-10-29T20:10:00.0000001Z" };

test("an entry is completed by completed_at in the client's offset, with its meter value as it stands", async () => {
  const wanted = intent("status", "88123", "completed", done);
  const writer = writerOf(wanted);
  const before = await writer.read(account.client, wanted);
  expect(shown(before, wanted)).toBe("pending");
  await writer.send(account.client, wanted, before);
  expect(shown(await writer.read(account.client, wanted), wanted)).toBe("completed");
  expect((await account.writes()).map(({ body }) => body)).toEqual([
    { completed_at: "2026-10-29T14:10:00-06:00", meter_entry_attributes: { value: 84210 } },
  ]);
});

test("without a meter value, or without a known completion, nothing is sent and a person is asked", async () => {
  const bare = intent("status", "88130", "completed", done);
  expect(writerOf(bare).refuse?.(bare, await writerOf(bare).read(account.client, bare))).toContain("meter value");
  const unknown = intent("status", "88123", "completed");
  expect(writerOf(unknown).refuse?.(unknown, await writerOf(unknown).read(account.client, unknown))).toContain(
    "ask the client",
  );
  expect(await account.writes()).toEqual([]);
});

test.each(["84,210", "unknown", " "])(
  "a meter value %j is no number: nothing is sent and a person is asked",
  async (value) => {
    const entries = fixture("account")["serviceEntries"]?.map((one) => ({ ...one, primary_meter_entry: { value } }));
    await account.control("POST", "load", { account: "fleetio-frontrange", collections: { serviceEntries: entries } });
    for (const wanted of [intent("status", "88123", "completed", done), intent("reference", "88123", "10252")]) {
      const before = await writerOf(wanted).read(account.client, wanted);
      expect(writerOf(wanted).refuse?.(wanted, before)).toContain("ask the client to enter it");
      await expect(writerOf(wanted).send(account.client, wanted, before)).rejects.toMatchObject({ kind: "rejected" });
    }
    expect(await account.writes()).toEqual([]);
  },
);

test("an entry of the shop network refuses: the write is rejected", async () => {
  const wanted = intent("status", "88127", "completed", done);
  const before = await writerOf(wanted).read(account.client, wanted);
  await expect(writerOf(wanted).send(account.client, wanted, before)).rejects.toMatchObject({
    kind: "rejected",
    detail: { status: 422 },
  });
});

test("a reference is filled when it is empty and never written over", async () => {
  const empty = intent("reference", "88123", "10252");
  const before = await writerOf(empty).read(account.client, empty);
  expect(writerOf(empty).refuse?.(empty, before)).toBeNull();
  await writerOf(empty).send(account.client, empty, before);
  expect(shown(await writerOf(empty).read(account.client, empty), empty)).toBe("10252");
  const taken = intent("reference", "88124", "10252");
  const held = await writerOf(taken).read(account.client, taken);
  expect(writerOf(taken).refuse?.(taken, held)).toContain("own reference");
});

test("an answer without a body is as good as one with the entry", async () => {
  await account.dials({ writeReplies: "empty" });
  const wanted = intent("status", "88123", "completed", done);
  const before = await writerOf(wanted).read(account.client, wanted);
  await writerOf(wanted).send(account.client, wanted, before);
  expect(shown(await writerOf(wanted).read(account.client, wanted), wanted)).toBe("completed");
});

test("a write whose answer never comes is ambiguous", async () => {
  await account.faults({ method: "PATCH" }, { kind: "reset-after" }, { times: 1 });
  const wanted = intent("status", "88123", "completed", done);
  const before = await writerOf(wanted).read(account.client, wanted);
  await expect(writerOf(wanted).send(account.client, wanted, before)).rejects.toMatchObject({ kind: "ambiguous" });
});

test("every documented filter and sort is sent and taken", async () => {
  const { filters, sorts } = fixture<{ filters: Record<string, string[]>; sorts: string[] }>("example");
  const values: Row = { reference: "10241", status: "completed", labels: "fleet" };
  for (const [field, operators] of Object.entries(filters)) {
    for (const operator of operators) {
      const filter = { [field]: { [operator]: values[field] ?? "2026-10-30T00:00:00Z" } };
      await expect(fleetio.listServiceEntries(account.client, { filter })).resolves.toHaveProperty("records");
    }
  }
  for (const field of sorts) {
    for (const direction of ["asc", "desc"]) {
      await expect(
        fleetio.listServiceEntries(account.client, { sort: { [field]: direction } }),
      ).resolves.toHaveProperty("records");
    }
  }
});

test("inputs that do not fit are refused with their path and nothing is sent", async () => {
  const before = account.requests();
  const made = { completed_at: "2026-10-30T10:00:00-06:00", meter_entry_attributes: { value: 84_300 } };
  const bad: [Promise<unknown>, string][] = [
    [fleetio.listServiceEntries(account.client, { per_page: 1 }), "per_page"],
    [
      fleetio.listServiceEntries(account.client, { filter: { updated_at: { gte: "2026-10-30", lt: "2026-10-31" } } }),
      "filter.updated_at",
    ],
    [runOf("listServiceEntries", { filter: { vendor_id: { eq: "1" } } }), "vendor_id"],
    [runOf("updateServiceEntry", { id: 88123, status: "completed" }), "status"],
    [runOf("createServiceEntry", { vehicle_id: 7 }), "completed_at"],
    [runOf("createServiceEntry", made), "vehicle_id"],
    [runOf("createServiceEntry", { ...made, vehicle_id: 7, meter_entry_attributes: { value: "84300" } }), "value"],
    [runOf("updateServiceEntry", { id: 88123, discount_cents: 500 }), "discount_cents"],
    [runOf("updateServiceEntry", { id: 88123, discount: "5" }), "discount"],
    [runOf("updateServiceEntry", { id: 88123, tax_1: "5" }), "tax_1"],
    [runOf("updateServiceEntry", { id: 88123, tax_2: null }), "tax_2"],
    [runOf("updateServiceEntry", { id: 88123, label_list: ["fleet"] }), "label_list"],
    [runOf("updateServiceEntry", { id: 88123, label_list: "x".repeat(256) }), "label_list"],
    [runOf("getServiceEntry", {}), "id"],
  ];
  for (const [call, path] of bad) {
    const failure = await call.catch((cause: unknown) => cause);
    expect(failure).toMatchObject({ kind: "bad-input", message: expect.stringContaining(path) });
  }
  expect(account.requests()).toBe(before);
});

function runOf(key: string, input: unknown): Promise<unknown> {
  const row = fleetio.operations.find((one) => one.key === key);
  if (!row?.run) throw new Error(`no operation ${key}`);
  return row.run(account.client, input);
}

test("entries are made, read, changed and listed to the end", async () => {
  const made = await fleetio.createServiceEntry(account.client, {
    vehicle_id: 7,
    vendor_id: 412,
    completed_at: "2026-10-30T10:00:00-06:00",
    reference: "10300",
    meter_entry_attributes: { value: 84_300 },
  });
  const id = made?.id ?? 0;
  expect(await fleetio.getServiceEntry(account.client, { id })).toMatchObject({
    reference: "10300",
    status: "completed",
  });
  await fleetio.updateServiceEntry(account.client, {
    id,
    general_notes: "front brakes",
    meter_entry_attributes: { value: 84_300 },
  });
  expect(await fleetio.getServiceEntry(account.client, { id })).toMatchObject({ general_notes: "front brakes" });
  const all = await fleetio.listServiceEntries(account.client, { fetchAll: true, per_page: 3, sort: { id: "asc" } });
  expect(all.records.length).toBe(8);
  expect(all.next_cursor).toBeNull();
});

test("labels go as one text, discount and taxes as dollars, and the vehicle by both its names", async () => {
  const vehicles = [{ id: 7, name: "Van 7", vin: "1FTBW2CM5HKA00001" }];
  await account.control("POST", "load", { account: "fleetio-frontrange", collections: { vehicles } });
  const body = {
    ...{ vehicle_id: 7, vehicle_vin: "1FTBW2CM5HKA00001", completed_at: "2026-10-30T10:00:00-06:00" },
    ...{ meter_entry_attributes: { value: 84_300.5 }, label_list: "fleet,brakes", custom_fields: null },
    ...{
      discount_type: "fixed" as const,
      discount: 12.5,
      tax_1_type: "fixed",
      tax_1: 3.33,
      tax_2_type: "fixed",
      tax_2: 1,
    },
    service_entry_line_items_attributes: [{ labor_cost: 100 }],
  };
  const made = await fleetio.createServiceEntry(account.client, body);
  expect((await account.writes()).map((one) => one["body"])).toEqual([body]);
  expect(await fleetio.getServiceEntry(account.client, { id: made?.id ?? 0 })).toMatchObject({
    ...{ vehicle_id: 7, labels: [{ name: "fleet" }, { name: "brakes" }], custom_fields: {} },
    ...{ discount_cents: 1250, tax_1_cents: 333, tax_2_cents: 100, total_amount_cents: 9183 },
  });
});

test("the webhook's check says what is missing", async () => {
  const url = "https://plumbline.example/webhooks/ridgeline/fleetio-frontrange";
  expect(await fleetio.checkWebhookSubscription(account.client, { url })).toMatchObject({ subscribed: false });
  await account.control("POST", "webhooks", {
    account: "fleetio-frontrange",
    url,
    secret: "s",
    events: ["service_entry_updated"],
  });
  expect((await fleetio.checkWebhookSubscription(account.client, { url })).problems).toContain(
    "it does not send service_entry_deleted",
  );
});
