import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OperationRow } from "#shared/connectors/connector.ts";
import { prepare, prepareCall } from "#shared/connectors/prepare.ts";
import { operations } from "#shared/connectors/registry.ts";
import type { VendorClient } from "#shared/connectors/vendor-client.ts";
import { Failure } from "#shared/domain/failure.ts";
import * as z from "#shared/domain/schema.ts";
import type { CallLook } from "#shared/messages/call.ts";
import { type Looked, sightOf } from "#shared/pipeline/sight.ts";
import { customtrades } from "./cases/customtrades.ts";
import { fleetio } from "./cases/fleetio.ts";
import { rotor } from "./cases/rotor.ts";
import type { Row, VendorCase } from "./connector/case.ts";
import { openWorld } from "./connector/world.ts";
import { fixture, openTenant } from "./servicetitan-support.ts";

/** What a write's look says at the vendor's simulator before it was sent and after, and whether that was all of it. */
async function looked(rows: readonly OperationRow[], client: VendorClient, now: string, key: string, input: Row) {
  const row = rows.find((one) => one.key === key);
  if (!row?.run) throw new Error(`no operation ${key}`);
  const preparing = { connection: client.connection, rows, now };
  const { request } = await prepare(row, input, preparing);
  const { look } = await prepareCall(row, input, { request }, preparing);
  if (look === null) throw new Error(`${key} has no look`);
  const before = sightOf(look, await ask(client, look), null);
  await row.run(client, input);
  const after = sightOf(look, await ask(client, look), before.seen);
  // A record without the member says as little of it as it can.
  return { key, before: before.says === "shown", after: after.says };
}

async function ask(client: VendorClient, { operation, request }: CallLook): Promise<Looked> {
  const { method, path, query = {} } = request;
  try {
    return {
      value: (await client.request({ operation, method, path, query, schema: z.unknown(), writes: false })).value,
    };
  } catch (cause) {
    if (cause instanceof Failure && cause.kind === "missing") return { missing: true };
    throw cause;
  }
}

const found = (key: string) => ({ key, before: false, after: "shown" });

describe("a look tells a write that happened from one that did not", () => {
  const stamped = { created_at: "2026-10-01T00:00:00.000Z", updated_at: "2026-10-01T00:00:00.000Z", deleted_at: null };
  const branch: VendorCase = {
    ...customtrades,
    company: {
      ...customtrades.company,
      invoices: [
        { uuid: "i-1", customer_uuid: "c-1", job_uuid: "j-1", total_amount: 108, status: "Pending", ...stamped },
      ],
      payments: [
        { uuid: "p-1", invoice_uuid: "i-1", amount: 50, status: "Completed", payment_type: "check", ...stamped },
      ],
    },
  };
  const named: VendorCase = { ...branch, dials: { ...branch.dials, recordShape: "named", deletedByGet: "shown" } };
  const calls: readonly (readonly [string, Row])[] = [
    ["createJob", { customer_uuid: "c-1", title: "Boiler" }],
    ["updateJob", { uuid: "j-1", title: "Leak in the yard", actual_amount: 130.5, is_urgent: true }],
    ["createInvoice", { customer_uuid: "c-1", job_uuid: "j-1", subtotal: 200, total_amount: 216 }],
    ["updateInvoice", { uuid: "i-1", notes: "twice" }],
    ["createPayment", { invoice_uuid: "i-1", amount: 58 }],
    ["updatePayment", { uuid: "p-1", notes: "by mail", amount: 51 }],
    ["deletePayment", { uuid: "p-1" }],
    ["deleteInvoice", { uuid: "i-1" }],
    ["deleteJob", { uuid: "j-1" }],
    ["createCustomer", { first_name: "Ben", last_name: "Vega", email: "ben@vega.example" }],
    ["updateCustomer", { uuid: "c-1", phone: "206-555-9999" }],
    ["deleteCustomer", { uuid: "c-1" }],
  ];
  const worlds: readonly (readonly [VendorCase, readonly (readonly [string, Row])[]])[] = [
    [branch, calls],
    [named, calls],
    [
      rotor,
      [
        ["upsertCustomer", { phone: "303-555-0188", first_name: "Ben", last_name: "Vega" }],
        ["upsertLead", { email: "ben@vega.example", name: "Ben Vega" }],
      ],
    ],
    [
      {
        ...fleetio,
        company: {
          ...fleetio.company,
          vehicles: [{ id: 7, name: "Van 7" }],
          vendors: [{ id: 412, name: "Ridgeline" }],
        },
      },
      [
        [
          "createServiceEntry",
          {
            completed_at: "2026-10-29T14:10:00-06:00",
            meter_entry_attributes: { value: 84_300 },
            vehicle_id: 7,
            reference: "10299",
          },
        ],
        ["updateServiceEntry", { id: fleetio.company["serviceEntries"]?.[0]?.["id"], general_notes: "brakes too" }],
      ],
    ],
  ];

  test.each(worlds)("%#", async (subject, calls) => {
    const world = await openWorld(subject, subject.company);
    try {
      for (const [key, input] of calls)
        expect(await looked(subject.operations, world.client(), subject.now, key, input)).toEqual(found(key));
      expect(world.complaints).toEqual([]);
    } finally {
      await world.close();
    }
  });
});

describe("the office's writes", () => {
  const now = "2026-10-29T08:00:00.000Z";
  const place = { street: "2 Pearl St", city: "Denver", state: "CO", zip: "80202" };
  let tenant: Awaited<ReturnType<typeof openTenant>>;
  beforeAll(async () => {
    const office = fixture("office");
    const open = (office["bookings"] ?? []).map((one) => ({ ...one, id: 96, status: "New", jobId: null }));
    const projects = [{ id: 61, locationId: 21, name: "Repipe", externalData: [] }];
    tenant = await openTenant({ ...office, projects, bookings: [...(office["bookings"] ?? []), ...open] }, now);
  });
  afterAll(() => tenant.close());

  const guid = "6B29FC40-CA47-1067-B31D-00DD010662DA";
  const pairs = { applicationGuid: guid, externalData: [{ key: "crew", value: "north" }] };

  test.each<[string, Row]>([
    ["updateJob", { jobId: 10290, externalData: pairs }],
    ["updateJob", { jobId: 10290, externalData: { ...pairs, externalData: [{ key: "van", value: "7" }] } }],
    ["updateProject", { projectId: 61, externalData: pairs }],
    ["updateCustomer", { customerId: 11, externalData: pairs }],
    ["updateLocation", { locationId: 21, externalData: { ...pairs, patchMode: "Merge" } }],
  ])("the pairs of an application are looked for in its name: %s %j", async (key, input) => {
    const rows = operations["servicetitan"] ?? [];
    expect(await looked(rows, tenant.client, now, key, input)).toEqual(found(key));
    const row = rows.find((one) => one.key === key);
    const preparing = { connection: tenant.connection, rows, now };
    const prepared = row && (await prepareCall(row, input, await prepare(row, input, preparing), preparing));
    expect(prepared?.look?.request.query).toEqual({ externalDataApplicationGuid: guid });
  });

  test.each<[string, Row]>([
    ["assignTechnicians", { jobAppointmentId: 52, technicianIds: [32] }],
    ["unassignTechnicians", { jobAppointmentId: 52, technicianIds: [32] }],
    ["updateJob", { jobId: 10291, summary: "No hot water", customerPo: "PO-9" }],
    ["createAppointment", { jobId: 10291, start: "2026-11-05T15:00:00Z", end: "2026-11-05T17:00:00Z" }],
    ["rescheduleAppointment", { appointmentId: 52, start: "2026-11-04T15:00:00Z", end: "2026-11-04T17:00:00Z" }],
    ["cancelJob", { jobId: 10291, reasonId: 1088, memo: "called off" }],
    [
      "createJob",
      {
        ...{ customerId: 11, locationId: 21, businessUnitId: 41, jobTypeId: 5, priority: "Normal", campaignId: 1 },
        appointments: [{ start: "2026-11-06T15:00:00Z", end: "2026-11-06T17:00:00Z" }],
      },
    ],
    ["createProject", { locationId: 21, name: "Repipe" }],
    ["createInstalledEquipment", { locationId: 21, name: "Boiler", serialNumber: "B-1" }],
    [
      "createBookingByProvider",
      { source: "Web", name: "Vega", summary: "Leak", isFirstTimeClient: true, externalId: "r10" },
    ],
    ["updateBooking", { bookingId: 96, summary: "No hot water at all" }],
    ["createCustomer", { name: "Ben Vega", address: place, locations: [{ name: "Home", address: place }] }],
    ["updateCustomer", { customerId: 11, name: "Ana Harlan-Vega", doNotMail: true }],
    ["createCustomerContact", { customerId: 11, type: "Phone", value: "303-555-0177" }],
    ["updateCustomerContact", { customerId: 11, customerContactId: 91, value: "303-555-0143" }],
    ["deleteCustomersContact", { customerId: 11, customerContactId: 91 }],
    ["createLocation", { customerId: 11, name: "Shop", address: place }],
    ["updateLocation", { locationId: 21, name: "Home, back door" }],
    ["createInvoices", { adjustmentToId: 71, summary: "credit" }],
    ["updateInvoice", { invoiceId: 72, summary: "thank you" }],
    ["updateInvoiceItems", { invoiceId: 72, description: "Valve", quantity: 1, unitPrice: 20, skuId: 3 }],
    ["updateInvoiceCustomFields", { operations: [{ objectId: 72, customFields: [{ name: "po", value: "7" }] }] }],
    ["updatePayment", { paymentId: 81, typeId: 2, splits: [{ invoiceId: 72, amount: 450 }] }],
    ["updatePaymentCustomFields", { operations: [{ objectId: 81, customFields: [{ name: "po", value: "7" }] }] }],
    [
      "createTechnician",
      {
        ...{ name: "Rosa", accountCreationMethod: "CreateLater", roleId: 1, positions: ["Service"] },
        licenseType: "ManagedTech",
      },
    ],
    ["updateTechnician", { technicianId: 32, memo: "on call" }],
  ])("%s", async (key, input) => {
    const rows = operations["servicetitan"] ?? [];
    expect(await looked(rows, tenant.client, now, key, input)).toEqual(found(key));
  });
});
