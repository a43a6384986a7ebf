import { afterAll, beforeAll, expect, test } from "vitest";
import { servicetitan as st } from "#shared/connectors/servicetitan/index.ts";
import { fixture, openTenant, type Tenant } from "./servicetitan-support.ts";

let tenant: Tenant;
beforeAll(async () => {
  tenant = await openTenant(fixture("office"));
});
afterAll(() => tenant.close());

const row = (key: keyof typeof st) => st[key].row;
const run = (key: keyof typeof st, input: unknown) => row(key).run?.(tenant.client, input);
const address = { street: "1 Pearl St", city: "Denver", state: "CO", zip: "80203", country: "USA" };
const at = "2026-11-05T16:00:00Z";
const guid = "6B29FC40-CA47-1067-B31D-00DD010662DA";

test("customers, contacts and locations are made, read, changed, listed and removed", async () => {
  const made = await st.createCustomer(tenant.client, {
    name: "Pena",
    type: "Residential",
    address,
    locations: [{ name: "Home", address }],
    contacts: [{ type: "Phone", value: "3035550100" }],
  });
  await st.updateCustomer(tenant.client, { customerId: made.id, doNotMail: true });
  expect(await st.getCustomer(tenant.client, { customerId: made.id })).toMatchObject({ name: "Pena", doNotMail: true });
  const mail = await st.createCustomerContact(tenant.client, {
    customerId: made.id,
    type: "Email",
    value: "p@pena.example",
  });
  await st.updateCustomerContact(tenant.client, { customerId: made.id, customerContactId: mail.id, memo: "home" });
  const values = async () => {
    const { data } = await st.listCustomersContact(tenant.client, { customerId: made.id });
    return data.map(({ value, memo }) => [value, memo]);
  };
  expect(await values()).toContainEqual(["p@pena.example", "home"]);
  await st.deletCustomersContact(tenant.client, { customerId: made.id, customerContactId: mail.id });
  expect(await values()).not.toContainEqual(["p@pena.example", "home"]);
  const ofAll = await st.listCustomersContact(tenant.client, {
    modifiedOnOrAfter: "2026-01-01T00:00:00Z",
    customerIds: [11],
  });
  expect(new Set(ofAll.data.map(({ customerId }) => customerId))).toEqual(new Set([11]));
  const home = await st.createLocation(tenant.client, { customerId: made.id, name: "Shop", address });
  await st.updateLocation(tenant.client, { locationId: home.id, name: "Workshop" });
  expect(await st.getLocation(tenant.client, { locationId: home.id })).toMatchObject({ name: "Workshop" });
  const { data } = await st.listLocations(tenant.client, { customerId: made.id, fetchAll: true });
  expect(data.length).toBe(2);
});

test("jobs and appointments are booked, changed, canceled and removed", async () => {
  const job = await st.createJob(tenant.client, {
    customerId: 11,
    locationId: 21,
    businessUnitId: 41,
    jobTypeId: 5,
    priority: "Normal",
    campaignId: 3,
    appointments: [{ start: at, end: "2026-11-05T18:00:00Z" }],
    externalData: { applicationGuid: guid, externalData: [{ key: "ctc", value: "JOB-1" }] },
  });
  await st.updateJob(tenant.client, { jobId: job.id, customerPo: "PO-7" });
  const seen = await st.getJob(tenant.client, { jobId: job.id, externalDataApplicationGuid: guid });
  expect(seen).toMatchObject({ customerPo: "PO-7", externalData: [{ key: "ctc", value: "JOB-1" }] });
  const second = await st.createAppointment(tenant.client, { jobId: job.id, start: at, end: at, technicianIds: [31] });
  expect(await st.getAppointment(tenant.client, { appointmentId: second.id })).toMatchObject({ jobId: job.id });
  const crew = { jobAppointmentId: second.id, technicianIds: [32] };
  await st.assignTechnicians(tenant.client, crew);
  const listed = async () => {
    const { data } = await st.listAppointmentsAssignment(tenant.client, { appointmentIds: [second.id] });
    return data.map(({ technicianId }) => technicianId).sort();
  };
  expect(await listed()).toEqual([31, 32]);
  await st.unassignTechnicians(tenant.client, crew);
  expect(await listed()).toEqual([31]);
  await st.rescheduleAppointment(tenant.client, {
    appointmentId: second.id,
    start: "2026-11-06T16:00:00Z",
    end: "2026-11-06T17:00:00Z",
  });
  await st.deleteAppointment(tenant.client, { appointmentId: second.id });
  await expect(st.getAppointment(tenant.client, { appointmentId: second.id })).rejects.toMatchObject({
    kind: "missing",
  });
  await st.cancelJob(tenant.client, { jobId: job.id, reasonId: 1088, memo: "called off" });
  const { data } = await st.listJobs(tenant.client, { jobStatus: "Canceled", sort: "-ModifiedOn" });
  expect(data[0]).toMatchObject({ id: job.id });
  expect((await st.listAppointments(tenant.client, { jobId: job.id })).data.length).toBe(1);
  expect((await st.listJobCancelReasons(tenant.client, {})).data.length).toBe(1);
});

test("bookings of a provider and of the tenant are made, read, changed and listed", async () => {
  const made = await st.createBookingByProvider(tenant.client, {
    source: "Web",
    name: "Pena",
    summary: "No hot water",
    isFirstTimeClient: true,
    externalId: "x-1",
    address,
  });
  await st.updateBooking(tenant.client, { bookingId: made.id, summary: "No water at all" });
  const named = { bookingProvider: "77", bookingId: made.id };
  expect(await st.getBookingByProvider(tenant.client, named)).toMatchObject({ summary: "No water at all" });
  expect(await st.getBookingByTenant(tenant.client, { bookingId: made.id })).toMatchObject({ externalId: "x-1" });
  expect((await st.listBookingByProvider(tenant.client, { externalId: "x-1" })).data.length).toBe(1);
  expect((await st.listBookingByTenant(tenant.client, { includeTotal: true })).totalCount).toBe(2);
});

test("projects and installed equipment are made, read, changed and listed", async () => {
  const project = await st.createProject(tenant.client, { locationId: 21, name: "Repipe", startDate: at });
  await st.updateProject(tenant.client, { projectId: project.id, jobIds: [10291] });
  expect(await st.getProject(tenant.client, { projectId: project.id })).toMatchObject({ jobIds: [10291] });
  expect((await st.listProjects(tenant.client, { sort: "+Name" })).data.length).toBe(1);
  const heater = await st.createInstalledEquipment(tenant.client, { locationId: 21, name: "Heater", cost: 100.5 });
  await st.updateInstalledEquipment(tenant.client, { installedEquipmentId: heater.id, memo: "left side" });
  const read = await st.getInstalledEquipment(tenant.client, { installedEquipmentId: heater.id });
  expect(read).toMatchObject({ memo: "left side", cost: 100.5 });
  expect((await st.listInstalledEquipment(tenant.client, { locationIds: [21] })).data.length).toBe(1);
});

test("a file is stored as multipart and comes back byte for byte, printed as the document prints it", async () => {
  const { path } = await st.createInstalledEquipmentAttachment(tenant.client, {
    file: new TextEncoder().encode("ExampleFile"),
    fileName: 'photo "1".csv',
  });
  expect(path).toMatch(/^InstalledEquipment\/Documents\/.+\.csv/);
  const file = await st.listInstalledEquipmentAttachments(tenant.client, { path });
  expect(JSON.parse(JSON.stringify(file))).toEqual({
    type: "Buffer",
    data: [69, 120, 97, 109, 112, 108, 101, 70, 105, 108, 101],
  });
});

test("an adjustment invoice answers its bare id; lines, fields and payments are changed with an empty answer", async () => {
  const id = await st.createInvoices(tenant.client, {
    adjustmentToId: 71,
    items: [{ description: "goodwill", quantity: 1, unitPrice: -10 }],
  });
  expect(id).toBeTypeOf("number");
  await st.updateInvoice(tenant.client, { invoiceId: 72, summary: "valve" });
  await st.updateInvoiceItems(tenant.client, { invoiceId: 72, description: "Valve", quantity: 1, unitPrice: 450 });
  const field = { operations: [{ objectId: 72, customFields: [{ name: "po", value: "9" }] }] };
  await st.updateInvoiceCustomFields(tenant.client, field);
  const [invoice] = (await st.listInvoices(tenant.client, { ids: [72], activeState: "All" })).data;
  expect(invoice).toMatchObject({ summary: "valve", customFields: [{ name: "po", value: "9" }] });
  const item = invoice?.items?.[0]?.id ?? 0;
  await st.deleteInvoiceItem(tenant.client, { invoiceId: 72, itemId: item });
  const [after] = (await st.listInvoices(tenant.client, { ids: [72] })).data;
  expect(after?.items).toEqual([]);
  await st.updatePayment(tenant.client, {
    paymentId: 81,
    typeId: 2,
    splits: [{ invoiceId: 71, amount: 300 }],
    memo: "m",
  });
  await st.updatePaymentCustomFields(tenant.client, { operations: [{ objectId: 81, customFields: [] }] });
  const paid = await st.listPayments(tenant.client, { ids: [81], activeState: "All" });
  expect(paid.data[0]).toMatchObject({ memo: "m", typeId: expect.anything() });
});

test("createPayment says clearly that the vendor removed it", async () => {
  const call = st.createPayment(tenant.client, { typeId: 2, splits: [{ invoiceId: 72, amount: 450 }] });
  const said = expect.stringContaining("removed");
  // A receipt keeps what was answered, and so it is there too.
  await expect(call).rejects.toMatchObject({ kind: "rejected", message: said, detail: { body: said } });
});

test("technicians, business units and roles are listed, read and changed; passwords are shown to nobody", async () => {
  const outcome = await run("createTechnician", {
    name: "Lee",
    accountCreationMethod: "AssignLoginAndPassword",
    roleId: 7,
    positions: ["Service"],
    licenseType: "ManagedTech",
    password: "@an1pwd123",
    debugRequest: true,
  });
  expect(JSON.stringify(outcome)).not.toContain("@an1pwd123");
  expect(outcome).toMatchObject({ request: { method: "POST", body: { name: "Lee", password: "[redacted]" } } });
  await st.updateTechnician(tenant.client, { technicianId: 31, team: "North" });
  expect(await st.getTechnician(tenant.client, { technicianId: 31 })).toMatchObject({ team: "North" });
  expect((await st.listBusinessUnits(tenant.client, { active: "Any" })).data.length).toBe(1);
  expect((await st.listUserRoles(tenant.client, { employeeType: "All" })).data).toEqual([]);
});

test("where the API has no sort, rows are sorted here and it is said; without fetchAll it is refused", async () => {
  const sorted = await run("listTechnicians", { fetchAll: true, sort: "-Name", active: "Any" });
  expect(sorted).toMatchObject({ notices: [expect.stringContaining("sorted here")] });
  expect(JSON.stringify(sorted)).toMatch(/Marcus.*Lee.*Gone.*Ana/s);
  await expect(run("listTechnicians", { sort: "-Name" })).rejects.toMatchObject({ kind: "bad-input" });
});

test("fetchAll follows hasMore over short pages", async () => {
  await tenant.dials({ rowsPerPage: 2 });
  const { data, hasMore } = await st.listJobs(tenant.client, { fetchAll: true });
  await tenant.dials({ rowsPerPage: null });
  expect(data.length).toBeGreaterThanOrEqual(4);
  expect(hasMore).toBe(false);
});

test("export feeds go on from where they stopped", async () => {
  const first = await st.exportJobs(tenant.client, { includeRecentChanges: true });
  expect(first.data.length).toBeGreaterThanOrEqual(4);
  const next = await st.exportJobs(tenant.client, { from: first.continueFrom ?? "" });
  expect(next).toMatchObject({ hasMore: false, data: [] });
  for (const feed of [st.exportAppointments, st.exportInvoices, st.exportPayments]) {
    await expect(feed(tenant.client, {})).resolves.toHaveProperty("continueFrom");
  }
});

test("pick lists give keys and labels as the document prints them", async () => {
  expect((await st.selectJob(tenant.client)).result).toContainEqual({ key: "10290", label: "#10290" });
  expect((await st.selectAppointment(tenant.client)).result).toContainEqual({ key: "52", label: "#10291-1 (ID: 52)" });
  expect((await st.selectCustomers(tenant.client)).result).toContainEqual({ key: "11", label: "Ana Harlan (ID: 11)" });
  expect((await st.selectInvoice(tenant.client)).result).toContainEqual({ key: "71", label: "#10290" });
  for (const key of [
    "selectBooking",
    "selectInstalledEquipment",
    "selectLocation",
    "selectProject",
    "selectTechnician",
  ] as const) {
    expect((await st[key](tenant.client)).result.length, key).toBeGreaterThan(0);
  }
});
