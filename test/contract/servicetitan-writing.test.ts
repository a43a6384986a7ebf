import { afterEach, beforeEach, expect, test } from "vitest";
import { connector } from "#shared/connectors/servicetitan/index.ts";
import type { Intent } from "#shared/domain/intent.ts";
import { fixture, intent, openTenant, type Row, shown, type Tenant } from "./servicetitan-support.ts";

let tenant: Tenant;
beforeEach(async () => {
  tenant = await openTenant(fixture("office"));
});
afterEach(() => tenant.close());

/** Read, send, read back, as write-back does: what was shown before and after. */
async function written(wanted: Intent): Promise<{ before: string; after: string }> {
  const writer = connector.writers[wanted.target];
  if (!writer) throw new Error(`no writer of ${wanted.target}`);
  const read = await writer.read(tenant.client, wanted);
  expect(writer.refuse?.(wanted, read) ?? null).toBeNull();
  await writer.send(tenant.client, wanted, read);
  return { before: shown(read, wanted), after: shown(await writer.read(tenant.client, wanted), wanted) };
}

test("a technician is put on an appointment, and another one taken off", async () => {
  const put = { technicianId: "32", appointmentId: "52", action: "assign" };
  const off = { technicianId: "31", appointmentId: "52", action: "unassign" };
  expect(await written(intent("assignees", "jobs", "10291", "assigned", put))).toEqual({
    before: "not assigned",
    after: "assigned",
  });
  expect(await written(intent("assignees", "jobs", "10291", "not assigned", off))).toEqual({
    before: "assigned",
    after: "not assigned",
  });
  expect((await tenant.writes()).map(({ body }) => body)).toEqual([
    { jobAppointmentId: 52, technicianIds: [32] },
    { jobAppointmentId: 52, technicianIds: [31] },
  ]);
});

test("the customer's purchase order number is written on the job, and nothing else of it", async () => {
  expect(await written(intent("reference", "jobs", "10290", "FRC-2291"))).toEqual({ before: "", after: "FRC-2291" });
  expect((await tenant.writes()).map(({ body }) => body)).toEqual([{ customerPo: "FRC-2291" }]);
});

test("a payment is applied to the right invoice to the cent", async () => {
  const splits = [{ invoiceId: "72", amountMinor: 45_000 }];
  expect(await written(intent("payment", "payments", "81", "72:450.00", { splits }))).toEqual({
    before: "71:300.00",
    after: "72:450.00",
  });
  expect((await tenant.writes()).map(({ body }) => body)).toEqual([
    { typeId: 2, splits: [{ invoiceId: 72, amount: 450 }] },
  ]);
});

const split = { splits: [{ invoiceId: "72", amountMinor: 45_000 }] };

async function paymentOf(typeId: unknown, args: Row = split) {
  const office = fixture("office");
  const payments = [{ ...office["payments"]?.[0], typeId }];
  await tenant.control("POST", "load", { account: "st-main", collections: { ...office, payments } });
  const writer = connector.writers.payment;
  if (!writer) throw new Error("no writer");
  const wanted = intent("payment", "payments", "81", "72:450.00", args);
  const read = await writer.read(tenant.client, wanted);
  return { refused: writer.refuse?.(wanted, read) ?? null, send: () => writer.send(tenant.client, wanted, read) };
}

test.each([null, undefined, "", "Check", "0", 0, "-2", -2, "2.5", 2.5, "99999999999999999999"])(
  "a payment that prints %j as its type is a person's to apply",
  async (typeId) => {
    expect((await paymentOf(typeId)).refused).toContain("prints no type");
  },
);

test.each([
  ["text", "7", split, 7],
  ["a number", 7, split, 7],
  ["none, where the change names one", null, { ...split, typeId: "9" }, 9],
])("the type of a payment goes along as a number, printed as %s", async (_printed, typeId, args, sent) => {
  const { refused, send } = await paymentOf(typeId, args);
  expect(refused).toBeNull();
  await send();
  expect((await tenant.writes()).map(({ body }) => body)).toEqual([
    { typeId: sent, splits: [{ invoiceId: 72, amount: 450 }] },
  ]);
});

test("a missing job is booked once under the other system's id and found again by it", async () => {
  const args = { externalId: "rotor-crews/serviced-jobs/r9", name: "Pena", summary: "No hot water", day: "2026-10-30" };
  expect(await written(intent("job", "bookings", "new:r9", "booked", args))).toEqual({
    before: "none",
    after: "booked",
  });
  const other = intent("job", "bookings", "new:r7", "booked", { ...args, externalId: "rotor-crews/serviced-jobs/r8" });
  const writer = connector.writers.job;
  expect(writer && shown(await writer.read(tenant.client, other), other)).toBe("none");
  expect((await tenant.writes()).map(({ body }) => body)).toMatchObject([{ isSendConfirmationEmail: false }]);
});

test("an appointment is moved in the connection's zone, over the clock change", async () => {
  expect(await written(intent("schedule", "jobs", "10291", "2026-10-30 09:00-11:00"))).toEqual({
    before: "2026-11-03 09:00-11:00",
    after: "2026-10-30 09:00-11:00",
  });
  expect((await tenant.writes()).map(({ body }) => body)).toEqual([
    { start: "2026-10-30T15:00:00.000Z", end: "2026-10-30T17:00:00.000Z" },
  ]);
});

test.each([
  ["2026-10-30 09:00-11:00", "2026-10-30T16:00:00.000Z", "2026-10-30T18:00:00.000Z"],
  ["2026-07-01 23:00-01:00", "2026-07-02T06:00:00.000Z", "2026-07-02T08:00:00.000Z"],
  ["2026-03-08 02:30-03:30", "2026-03-08T09:30:00.000Z", "2026-03-08T10:30:00.000Z"],
])("an appointment of a business unit is moved on the unit's clock: %s", async (wanted, start, end) => {
  const zone = "America/Phoenix";
  expect(await written(intent("schedule", "jobs", "10291", wanted, { zone }))).toEqual({
    ...{ before: "2026-11-03 09:00-11:00", after: wanted },
  });
  expect((await tenant.writes()).map(({ body }) => body)).toEqual([{ start, end }]);
});

test("on another clock an appointment shows that clock's time", async () => {
  const wanted = intent("schedule", "jobs", "10291", "", { zone: "America/New_York" });
  const read = await connector.writers.schedule?.read(tenant.client, wanted);
  expect(read && shown(read, wanted)).toBe("2026-11-03 11:00-13:00");
});

test.each([
  ["2026-11-01 01:15-01:15 (second)", "2026-11-01T07:15:00.000Z", "2026-11-01T08:15:00.000Z"],
  ["2026-11-01 01:30 (second)-02:30", "2026-11-01T08:30:00.000Z", "2026-11-01T09:30:00.000Z"],
])("of an hour that comes twice the one that is wanted is written: %s", async (wanted, start, end) => {
  expect((await written(intent("schedule", "jobs", "10291", wanted))).after).toBe(wanted);
  expect((await tenant.writes()).map(({ body }) => body)).toEqual([{ start, end }]);
});

test.each([
  ["2026-11-03 09:00-12:30", "2026-11-03T16:00:31Z", "2026-11-03T19:30:00.000Z"],
  ["2026-11-03 08:59-11:00", "2026-11-03T15:59:00.000Z", "2026-11-03T18:00:59.5Z"],
  ["2026-11-03 09:01-11:01", "2026-11-03T16:01:00.000Z", "2026-11-03T18:01:00.000Z"],
])("what stands to the minute keeps its seconds: %s", async (wanted, start, end) => {
  const office = fixture("office");
  const appointments = (office["appointments"] ?? []).map((one) =>
    one["id"] === 52 ? { ...one, start: "2026-11-03T16:00:31Z", end: "2026-11-03T18:00:59.5Z" } : one,
  );
  await tenant.control("POST", "load", { account: "st-main", collections: { ...office, appointments } });
  expect((await written(intent("schedule", "jobs", "10291", wanted))).after).toBe(wanted);
  expect((await tenant.writes()).map(({ body }) => body)).toEqual([{ start, end }]);
});

test.each(["2026-11-04", "some day", "2026-11-04 25:00", "2026-11-04 09:00-31:00"])(
  "what is no day with hours is not written: %s",
  async (text) => {
    const wanted = intent("schedule", "jobs", "10291", text);
    const read = await connector.writers.schedule?.read(tenant.client, wanted);
    await expect(read && connector.writers.schedule?.send(tenant.client, wanted, read)).rejects.toMatchObject({
      ...{ kind: "bad-input", message: `st-main: expected a day with hours, and a zone to read them in: ${text}` },
    });
    expect(await tenant.writes()).toEqual([]);
  },
);

test("nor what nobody says the clock of", async () => {
  const wanted = intent("schedule", "jobs", "10291", "2026-11-04 09:00");
  const read = await connector.writers.schedule?.read(tenant.client, wanted);
  const nowhere = tenant.clientWith({ zone: undefined });
  await expect(read && connector.writers.schedule?.send(nowhere, wanted, read)).rejects.toMatchObject({
    kind: "bad-input",
  });
});

test.each([
  ["2026-10-30 09:00", "2026-10-30T15:00:00.000Z", "2026-10-30T17:00:00.000Z"],
  ["2026-11-03 23:00", "2026-11-04T06:00:00.000Z", "2026-11-04T08:00:00.000Z"],
])(
  "an appointment that is moved to %s without an end keeps its length and is seen to be there",
  async (wanted, start, end) => {
    expect(await written(intent("schedule", "jobs", "10291", wanted))).toEqual({
      before: "2026-11-03 09:00-11:00",
      after: wanted,
    });
    expect((await tenant.writes()).map(({ body }) => body)).toEqual([{ start, end }]);
  },
);

test("without the tenant's capability nothing is rescheduled", async () => {
  const wanted = intent("schedule", "jobs", "10291", "2026-10-30 09:00-11:00");
  const read = await connector.writers.schedule?.read(tenant.client, wanted);
  const plain = tenant.clientWith({ capabilities: {} });
  await expect(read && connector.writers.schedule?.send(plain, wanted, read)).rejects.toMatchObject({
    kind: "bad-input",
  });
  expect(await tenant.writes()).toEqual([]);
});

test("a job is canceled with reason and memo, and not while money applies to its invoice", async () => {
  const args = { reasonId: 1088, memo: "Customer called off on the phone" };
  const paid = intent("status", "jobs", "10290", "Canceled", args);
  const read = await connector.writers.status?.read(tenant.client, paid);
  expect(read && connector.writers.status?.refuse?.(paid, read)).toContain("money applies");
  expect(await written(intent("status", "jobs", "10291", "Canceled", args))).toEqual({
    before: "Scheduled",
    after: "Canceled",
  });
});

test("completing a job and recording a payment are refused with what a person is to do", async () => {
  const done = intent("status", "jobs", "10291", "Completed");
  const read = await connector.writers.status?.read(tenant.client, done);
  expect(read && connector.writers.status?.refuse?.(done, read)).toContain("no endpoint");
  const pay = intent("payment", "payments", "81", "missing-payment 450.00");
  const before = await connector.writers.payment?.read(tenant.client, pay);
  expect(before && connector.writers.payment?.refuse?.(pay, before)).toContain("takes no new payment");
  expect(connector.vocabulary.task("status", "completed")).toContain("Complete Job");
  expect(connector.vocabulary.task("status", "working")).toBe("");
});

test("a write that answers 200 and changes nothing is shown as it was", async () => {
  await tenant.dials({ silentNoOps: [{ operation: "updateJob" }] });
  expect(await written(intent("reference", "jobs", "10290", "FRC-2291"))).toEqual({ before: "", after: "" });
});

test("a refused write is rejected, one without an answer is ambiguous, and neither is sent twice", async () => {
  const wanted = intent("reference", "jobs", "10290", "FRC-1");
  const writer = connector.writers.reference;
  if (!writer) throw new Error("no writer");
  const read = await writer.read(tenant.client, wanted);
  const tries: Row[] = [
    { fault: { kind: "status", status: 400, body: { title: "no" } }, gives: "rejected" },
    { fault: { kind: "status", status: 409, body: { title: "no" } }, gives: "rejected" },
    { fault: { kind: "status", status: 500, body: { title: "no" } }, gives: "ambiguous" },
    { fault: { kind: "reset-after" }, gives: "ambiguous" },
  ];
  for (const { fault, gives } of tries) {
    await tenant.faults({ method: "PATCH" }, Object(fault), { times: 1 });
    await expect(writer.send(tenant.client, wanted, read)).rejects.toMatchObject({ kind: gives });
  }
  expect((await tenant.writes()).length).toBe(1);
});
