import { afterAll, beforeAll, expect, test } from "vitest";
import { servicetitan as st } from "#shared/connectors/servicetitan/index.ts";
import { fixture, openTenant, type Row, type Tenant } from "./servicetitan-support.ts";

let tenant: Tenant;
beforeAll(async () => {
  tenant = await openTenant(fixture("office"));
});
afterAll(() => tenant.close());

type Key = keyof typeof st;
const run = (key: Key, input: unknown) => st[key].row.run?.(tenant.client, input);
const since = "2026-01-01T00:00:00Z";

async function isRefused(key: Key, input: Row, path: string): Promise<void> {
  const asked = tenant.requests();
  await expect(run(key, input)).rejects.toMatchObject({ kind: "bad-input", message: expect.stringContaining(path) });
  expect(tenant.requests()).toBe(asked);
}

const place = { street: "1 Pearl St" };
const made = { name: "Pena", address: place, locations: [{ name: "Home", address: place }] };
const named = { customFields: [{ name: "po", value: "7" }] };
const typed = { customFields: [{ typeId: 4, value: "7" }] };

test.each<[Key, Row]>([
  ["updateJob", { jobId: 10290 }],
  ["updateCustomer", { customerId: 11 }],
  ["createCustomer", made],
  ["updateLocation", { locationId: 21 }],
  ["createProject", { locationId: 21 }],
  ["createInstalledEquipment", { locationId: 21 }],
  ["updateTechnician", { technicianId: 32 }],
])("%s takes custom fields by their type: a name alone would be ignored, and the list replaced", async (key, input) => {
  await isRefused(key, { ...input, ...named }, "customFields.0");
  await isRefused(key, { ...input, customFields: [{ typeId: 4, name: "po", value: "7" }] }, "customFields.0");
  await expect(run(key, { ...input, ...typed })).resolves.toBeDefined();
});

test("updateTechnician has no input that makes a technician inactive", async () => {
  await isRefused("updateTechnician", { technicianId: 32, active: false }, "active");
});

test.each<[what: string, Key, Row, string]>([
  ["of a routed list", "listCustomersContact", { customerId: 11, customQueryParams: { page: "2" } }, "page"],
  [
    "that decides the route",
    "listCustomersContact",
    { modifiedOnOrAfter: since, customQueryParams: { customerId: "11" } },
    "customerId",
  ],
  [
    "that belongs to the other route",
    "listCustomersContact",
    { customerId: 11, customQueryParams: { customerIds: "12" } },
    "customerIds",
  ],
  [
    "that stands in the path",
    "listBookingByProvider",
    { customQueryParams: { bookingProvider: "88" } },
    "bookingProvider",
  ],
  ["of another list", "listPayments", { customQueryParams: { jobStatus: "Completed" } }, "jobStatus"],
  ["without a value", "listJobs", { customQueryParams: { jobStatus: "" } }, "jobStatus"],
])("a custom parameter %s is refused", async (_what, key, input, name) => {
  await isRefused(key, input, `customQueryParams.${name}`);
});

test("a documented filter of a list with a place in its path may still come as a custom parameter", async () => {
  expect(await run("listBookingByProvider", { customQueryParams: { externalId: "none" } })).toMatchObject({ data: [] });
});

test.each<[Key, Row, string]>([
  ["listInvoices", { statuses: [] }, "statuses"],
  ["listInvoices", { assignedToIds: [], fetchAll: true }, "assignedToIds"],
  ["listPayments", { appliedToInvoiceIds: [] }, "appliedToInvoiceIds"],
  ["listJobs", { externalDataValues: [] }, "externalDataValues"],
  ["listJobs", { tagTypeIds: [] }, "tagTypeIds"],
  ["listJobs", { number: "" }, "number"],
  ["listAppointmentsAssignment", { appointmentIds: [] }, "appointmentIds"],
  ["listInstalledEquipment", { locationIds: [] }, "locationIds"],
  ["listCustomersContact", { modifiedOnOrAfter: since, customerIds: [] }, "customerIds"],
  ["listCustomers", { name: "" }, "name"],
])("%s %j: an empty filter would list everything and is refused", async (key, input, path) => {
  await isRefused(key, input, path);
});

test("an empty list in a write empties the record's list", async () => {
  await st.updateJob(tenant.client, { jobId: 10290, tagTypeIds: [3] });
  expect(await st.updateJob(tenant.client, { jobId: 10290, tagTypeIds: [] })).toMatchObject({ tagTypeIds: [] });
});
