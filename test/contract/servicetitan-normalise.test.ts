import { expect, test } from "vitest";
import { connector } from "#shared/connectors/servicetitan/index.ts";
import type { Facts } from "#shared/domain/facts.ts";
import { billings, works } from "#shared/domain/status.ts";
import { context, fixture, type Row } from "./servicetitan-support.ts";

const office = fixture("office");
const zoned = { ...context, connection: { ...context.connection, zones: { "businessUnit:77": "America/Phoenix" } } };

function made(stream: string, raw: unknown) {
  const found = connector.normalise(stream, raw, zoned);
  if ("unfit" in found) throw new Error(found.unfit);
  return found;
}

function facts(stream: string, raw: unknown): Facts {
  return made(stream, raw).facts;
}

function row(collection: string, id: number, changes: Row = {}): Row {
  const found = office[collection]?.find((one) => one["id"] === id);
  if (!found) throw new Error(`no ${collection} ${id}`);
  return { ...found, ...changes };
}

test("a job says its word, its number, its keys, and the local day of its completion", () => {
  const { facts, keys } = made("jobs", row("jobs", 10290));
  expect(facts).toMatchObject({
    kind: "job",
    number: "10290",
    work: { word: "Completed", set: ["completed"] },
    billing: "by-money",
    completedAt: "2026-10-28T05:30:00Z",
    serviceDay: "2026-10-27",
    charge: null,
    reference: "",
  });
  expect(keys).toContainEqual({ kind: "externalData.ctc", value: "JOB-0871" });
});

test("a job's day is that of its business unit's zone", () => {
  // 2026-11-01T06:30Z is 00:30 in Denver and 23:30 of the day before in Phoenix.
  expect(facts("jobs", row("jobs", 10293))).toMatchObject({
    ...{ serviceDay: "2026-10-31", noCharge: true, zone: "America/Phoenix" },
  });
  expect(facts("jobs", row("jobs", 10290))).not.toHaveProperty("zone");
});

test("a job is a part of its project where its job type says so, and nothing else of it changes", () => {
  const units = { "jobType:5": "project", "jobType:6": "job" };
  const told = (id: number, changes: Row, settings: object | null = units) => {
    const found = connector.normalise("jobs", row("jobs", id, changes), {
      ...zoned,
      connection: { ...zoned.connection, ...(settings ? { units: settings } : {}) },
    });
    if ("unfit" in found) throw new Error(found.unfit);
    return found.facts;
  };
  const project = { connection: "st-main", stream: "projects", id: "77" };
  expect(told(10290, { projectId: 77 })).toEqual({ ...told(10290, { projectId: 77 }, null), unit: project });
  for (const changes of [
    {},
    { projectId: null },
    { projectId: 0 },
    { projectId: 77, jobTypeId: 6 },
    { projectId: 77, jobTypeId: 7 },
  ])
    expect(told(10290, changes)).not.toHaveProperty("unit");
  expect(told(10290, { projectId: 77 }, null)).not.toHaveProperty("unit");
  expect(told(10290, { projectId: 77 }, { "jobType:5": "projects" })).not.toHaveProperty("unit");
});

test("an invoice of a project that names no job hangs on the project, where projects are units", () => {
  const [first] = office["invoices"] ?? [];
  const told = (changes: Row, units?: object) => {
    const connection = { ...zoned.connection, ...(units ? { units } : {}) };
    const found = connector.normalise(
      "invoices",
      { ...first, job: null, projectId: 77, ...changes },
      { ...zoned, connection },
    );
    if ("unfit" in found) throw new Error(found.unfit);
    return [found.parents.map(({ stream, id }) => `${stream}/${id}`), "unit" in found.facts];
  };
  const units = { "jobType:5": "project" };
  expect(told({}, units)).toEqual([["projects/77"], true]);
  expect(told({ projectId: null }, units)).toEqual([[], false]);
  expect(told({ job: { id: 10290 } }, units)).toEqual([["jobs/10290"], false]);
  expect(told({ adjustmentToId: 9 }, units)).toEqual([["invoices/9"], true]);
  expect(told({}, { "jobType:5": "job" })).toEqual([[], false]);
  expect(told({})).toEqual([[], false]);
});

test("a canceled job may still carry completedOn: the word wins", () => {
  expect(facts("jobs", row("jobs", 10292))).toMatchObject({ work: { set: ["canceled"] }, completedAt: null });
});

test("every documented job word is understood, and an unknown one means anything and is reported", () => {
  for (const word of ["Scheduled", "Dispatched", "InProgress", "Hold", "Completed", "Canceled"]) {
    expect(made("jobs", row("jobs", 10291, { jobStatus: word })).notices).toEqual([]);
  }
  const odd = made("jobs", row("jobs", 10291, { jobStatus: "Parked" }));
  expect(odd.facts).toMatchObject({ work: { word: "Parked", set: works, unknown: true } });
  expect(odd.notices).toEqual(["unknown-word: jobStatus Parked"]);
});

test("every canonical state lies in a word's set or is said to have none", () => {
  const { statusWords, noWord } = connector.vocabulary;
  for (const state of works)
    expect(statusWords.some((one) => one.work.includes(state)) || noWord.includes(state)).toBe(true);
  for (const state of billings) expect(statusWords.some((one) => one.billing.includes(state))).toBe(true);
});

test("a visit is read in local time on both sides of the clock change", () => {
  const at = (start: string) => facts("appointments", row("appointments", 52, { start, end: null }));
  expect(at("2026-11-01T07:30:00Z")).toMatchObject({ schedule: { day: "2026-11-01", start: "01:30" } });
  expect(at("2026-11-01T08:30:00Z")).toMatchObject({
    schedule: { day: "2026-11-01", start: "01:30 (second)", end: null, from: "2026-11-01T08:30:00Z" },
  });
  expect(facts("appointments", row("appointments", 52))).toMatchObject({
    state: "scheduled",
    start: "2026-11-03T16:00:00Z",
    schedule: {
      ...{ day: "2026-11-03", start: "09:00", end: "11:00" },
      ...{ from: "2026-11-03T16:00:00Z", to: "2026-11-03T18:00:00Z" },
    },
  });
  expect(facts("appointments", row("appointments", 52, { unused: true }))).toMatchObject({ state: "unused" });
  expect(facts("appointments", row("appointments", 52, { start: null }))).toMatchObject({
    schedule: null,
    start: null,
  });
});

test("an invoice is provisional until it is posted, exported or with the customer", () => {
  const stage = (changes: Row) => facts("invoices", row("invoices", 72, changes));
  expect(stage({})).toMatchObject({ stage: "pending", total: 45_000, balance: 45_000, day: "2026-10-31" });
  for (const syncStatus of ["Posted", "Exported"]) expect(stage({ syncStatus })).toMatchObject({ stage: "posted" });
  for (const sentStatus of ["Sent", "Opened"]) expect(stage({ sentStatus })).toMatchObject({ stage: "posted" });
});

test("an adjustment hangs on its job and has its original read again", () => {
  const found = made("invoices", row("invoices", 73));
  expect(found.facts).toMatchObject({ total: -6_400, adjusts: { stream: "invoices", id: "71" } });
  expect(found.parents).toEqual([{ connection: "st-main", stream: "jobs", id: "10290" }]);
  expect(found.alsoRead).toEqual([{ connection: "st-main", stream: "invoices", id: "71" }]);
});

test("a payment is split into its shares and what is not applied, and has its invoices read again", () => {
  const found = made("payments", row("payments", 81));
  const invoice = { connection: "st-main", stream: "invoices", id: "71" };
  expect(found.facts).toMatchObject({
    total: 45_000,
    unapplied: 15_000,
    shares: [{ invoice, amount: 30_000 }],
    day: "2026-10-27",
    method: "Check",
    credit: false,
  });
  expect(found.parents).toEqual([invoice]);
  expect(found.alsoRead).toEqual([invoice]);
});

test("a credit memo reduces the charge of the invoices it is split on; nothing of it is held as money", () => {
  const found = made("credit-memos", row("creditMemos", 87));
  const invoice = { connection: "st-main", stream: "invoices", id: "71" };
  expect(found.facts).toMatchObject({ kind: "payment", credit: true, unapplied: null, day: "2026-10-27" });
  expect(found.facts).toMatchObject({ total: 4_000, shares: [{ invoice, amount: 2_500 }] });
  expect([found.parents, found.alsoRead]).toEqual([[invoice], [invoice]]);
  expect(facts("credit-memos", row("creditMemos", 87, { active: false }))).toMatchObject({ presence: "inactive" });
});

test("amounts are exact from text, from numbers and from float noise; what cannot be read stays said", () => {
  const total = (printed: unknown) => facts("invoices", row("invoices", 72, { total: printed }));
  expect(total("1216.00")).toMatchObject({ total: 121_600 });
  expect(total(0.1 + 0.2)).toMatchObject({ total: 30 });
  expect(total(null)).toMatchObject({ total: null });
  expect(total("12.345")).toMatchObject({ total: { unreadable: "12.345" } });
  expect(made("invoices", row("invoices", 72, { total: "12.345" })).notices).toEqual([
    "unreadable amount in total: 12.345",
  ]);
});

test("a booking is no job: it hangs on the job it was converted to and brings the other system's id", () => {
  const found = made("bookings", row("bookings", 95));
  expect(found.facts).toMatchObject({ kind: "reference", values: { status: "Converted" } });
  expect(found.parents).toEqual([{ connection: "st-main", stream: "jobs", id: "10291" }]);
  expect(found.keys).toEqual([{ kind: "externalId", value: "rotor-crews/serviced-jobs/r7" }]);
});

test("a technician is known by e-mail, and a record of another shape is refused with its path", () => {
  expect(facts("technicians", row("technicians", 31))).toMatchObject({
    role: "technician",
    emails: ["ana@ridgeline.example"],
  });
  expect(connector.normalise("jobs", { id: "x" }, zoned)).toEqual({ unfit: "id: invalid_type" });
  expect(connector.normalise("invoices", row("invoices", 72, { job: "10291" }), zoned)).toEqual({
    unfit: "job: invalid_type",
  });
});

test("equal records give equal facts, whatever the order of their keys", () => {
  const one = row("jobs", 10290);
  const other = Object.fromEntries(Object.entries(one).reverse());
  expect(made("jobs", other)).toEqual(made("jobs", one));
});
