import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Writer } from "#shared/connectors/connector.ts";
import { connector, customtrades } from "#shared/connectors/customtrades/index.ts";
import { withMarker } from "#shared/connectors/customtrades/new-job.ts";
import type { VendorClient } from "#shared/connectors/vendor-client.ts";
import type { Intent } from "#shared/domain/intent.ts";
import type { WriteTarget } from "#shared/domain/policy.ts";
import type { Client } from "#test/simulators/support.ts";
import { invoice, job, shown, world } from "./customtrades-support.ts";
import { failureOf, intentTo } from "./support.ts";

const { operations } = customtrades;
const here = "customtrades-one";
const jobs = (id: string) => ({ stream: "jobs", id });

function writerOf(target: WriteTarget): Writer {
  const writer = connector.writers[target];
  if (!writer) throw new Error(`no writer of ${target}`);
  return writer;
}

async function shows(client: VendorClient, intent: Intent): Promise<string> {
  const writer = writerOf(intent.target);
  return writer.shows(shown(here, (await writer.read(client, intent)).records), intent);
}

/** Read, send, read back: what write-back does, without its bookkeeping. */
async function carryOut(client: VendorClient, intent: Intent): Promise<{ before: string; after: string }> {
  const writer = writerOf(intent.target);
  const before = await writer.read(client, intent);
  expect(writer.refuse?.(intent, before) ?? null).toBe(null);
  await writer.send(client, intent, before);
  return { before: writer.shows(shown(here, before.records), intent), after: await shows(client, intent) };
}

type Logged = { kind: string; method?: string; body?: unknown; effect: boolean };
const writes = async (control: Client): Promise<Logged[]> =>
  (await control.get("/log?account=boulder&from=0")).body.entries.filter((entry: Logged) => entry.kind === "write");

describe("writing a job", () => {
  test("a status is sent alone and seen", async () => {
    const { client, control } = await world({ jobs: [job("j1", { internal_notes: "gate 4" })] });
    const intent = intentTo(here, "status", jobs("j1"), "Ready to Invoice");
    expect(await carryOut(client, intent)).toEqual({ before: "In Progress", after: "Ready to Invoice" });
    expect(await writes(control)).toMatchObject([{ method: "PUT", body: { status: "Ready to Invoice" } }]);
  });

  test("Scheduled goes with its day and times, and is refused when nobody says when", async () => {
    const { client, control } = await world({ jobs: [job("j1", { status: "New" })] });
    const bare = intentTo(here, "status", jobs("j1"), "Scheduled");
    const before = await writerOf("status").read(client, bare);
    expect(writerOf("status").refuse?.(bare, before)).toContain("Nobody says when");
    const schedule = { day: "2026-11-04", start: "09:00", end: "11:00" };
    await carryOut(client, intentTo(here, "status", jobs("j1"), "Scheduled", { schedule }));
    expect(await writes(control)).toMatchObject([
      {
        body: {
          status: "Scheduled",
          scheduled_date: "2026-11-04T12:00:00Z",
          scheduled_time_start: "09:00",
          scheduled_time_end: "11:00",
        },
      },
    ]);
  });

  test("a schedule moves the day and keeps the time part that the vendor printed beside it", async () => {
    const { client, control } = await world({
      jobs: [job("j1", { scheduled_date: "2026-11-03T10:00:00Z", scheduled_time_start: "09:00" })],
    });
    const intent = intentTo(here, "schedule", jobs("j1"), "2026-11-04 10:00-12:00");
    expect(await carryOut(client, intent)).toEqual({ before: "2026-11-03 09:00", after: "2026-11-04 10:00-12:00" });
    expect(await writes(control)).toMatchObject([{ body: { scheduled_date: "2026-11-04T10:00:00Z" } }]);
  });

  test.each([
    [
      "keeps its length",
      "2026-11-04 13:00",
      "09:00",
      "11:00",
      { scheduled_time_start: "13:00", scheduled_time_end: "15:00" },
    ],
    [
      "keeps its length where its times are printed otherwise",
      "2026-11-04 13:00",
      "9:00",
      "11:00:00",
      { scheduled_time_start: "13:00", scheduled_time_end: "15:00" },
    ],
    [
      "would pass midnight",
      "2026-11-04 23:00",
      "09:00",
      "11:00",
      { scheduled_time_start: "23:00", scheduled_time_end: null },
    ],
    ["had no end", "2026-11-04 13:00", "09:00", null, { scheduled_time_start: "13:00" }],
    ["had no hours", "2026-11-04 13:00", null, null, { scheduled_time_start: "13:00" }],
    ["moves by its day alone", "2026-11-04", "09:00", "11:00", {}],
  ])("a visit that is moved without an end %s, and is seen to be moved", async (_name, wanted, from, to, hours) => {
    const held = { scheduled_date: "2026-11-03T10:00:00Z", scheduled_time_start: from, scheduled_time_end: to };
    const { client, control } = await world({ jobs: [job("j1", held)] });
    expect(await carryOut(client, intentTo(here, "schedule", jobs("j1"), wanted))).toMatchObject({ after: wanted });
    const [sent, ...more] = await writes(control);
    expect([sent?.body, more]).toEqual([{ scheduled_date: "2026-11-04T10:00:00Z", ...hours }, []]);
  });

  test.each([
    ["2026-11-01 01:30-01:30 (second)", "01:30", "01:30"],
    ["2026-11-01 01:30 (second)-02:30", "01:30", "02:30"],
    ["2026-11-01 22:00-00:30", "22:00", "00:30"],
  ])("a time is sent as a clock shows it, whichever of two it is: %s", async (wanted, start, end) => {
    const held = { scheduled_date: "2026-11-01T10:00:00Z", scheduled_time_start: "09:00", scheduled_time_end: "11:00" };
    const { client, control } = await world({ jobs: [job("j1", held)] });
    expect((await carryOut(client, intentTo(here, "schedule", jobs("j1"), wanted))).after).toBe(wanted);
    const hours = { scheduled_time_start: start, scheduled_time_end: end };
    expect(await writes(control)).toMatchObject([{ body: { scheduled_date: "2026-11-01T10:00:00Z", ...hours } }]);
  });

  test("an amount is a JSON number to the cent", async () => {
    const { client, control } = await world({ jobs: [job("j1")] });
    const intent = intentTo(here, "amount", jobs("j1"), "1150.10");
    expect(await carryOut(client, intent)).toEqual({ before: "", after: "1150.10" });
    expect(await writes(control)).toMatchObject([{ body: { actual_amount: 1150.1 } }]);
    const odd = intentTo(here, "amount", jobs("j1"), "about 12");
    const before = await writerOf("amount").read(client, odd);
    expect(() => writerOf("amount").send(client, odd, before)).toThrow("not an amount");
  });

  test("a job is deleted only when no invoice stands on it, and a repeated delete changes nothing", async () => {
    const { client, control } = await world({ jobs: [job("j1"), job("j2")], invoices: [invoice("i1")] });
    const billed = intentTo(here, "presence", jobs("j1"), "deleted");
    const page = await writerOf("presence").read(client, billed);
    expect(writerOf("presence").refuse?.(billed, page)).toContain("There is an invoice on this job");
    const free = intentTo(here, "presence", jobs("j2"), "deleted");
    expect(await carryOut(client, free)).toEqual({ before: "present", after: "deleted" });
    expect((await failureOf(writerOf("presence").send(client, free, page))).kind).toBe("rejected");
    expect((await writes(control)).filter((entry) => entry.effect).length).toBe(1);
  });

  test("a new job is found again by customer, title and marker before and after it is made", async () => {
    const { client, control } = await world({ jobs: [job("j1", { title: "Water heater" })] });
    const body = { customer_uuid: "cu1", title: "Water heater", marker: "plumbline:j0a1" };
    const intent = intentTo(here, "job", jobs("new:1"), "booked", body);
    expect(await carryOut(client, intent)).toEqual({ before: "none", after: "booked" });
    expect(await writes(control)).toMatchObject([{ method: "POST", body: { internal_notes: "plumbline:j0a1" } }]);
  });

  test("a write that took effect and was never answered is ambiguous, and reading finds it", async () => {
    const { client, control } = await world({ jobs: [job("j1")] });
    await control.send("POST", "/faults", { match: { method: "PUT" }, fault: { kind: "reset-after" }, times: 1 });
    const intent = intentTo(here, "status", jobs("j1"), "Ready to Invoice");
    const before = await writerOf("status").read(client, intent);
    expect((await failureOf(writerOf("status").send(client, intent, before))).kind).toBe("ambiguous");
    expect(await shows(client, intent)).toBe("Ready to Invoice");
    expect((await writes(control)).length).toBe(1);
  });

  test("a word the vendor does not know is refused by it", async () => {
    const { client } = await world({ jobs: [job("j1")] });
    const intent = intentTo(here, "status", jobs("j1"), "Canceled");
    const before = await writerOf("status").read(client, intent);
    expect(await failureOf(writerOf("status").send(client, intent, before))).toMatchObject({
      kind: "rejected",
      detail: { status: 400 },
    });
  });
});

describe("the marker", () => {
  test("is one last line, everything before it stays byte for byte, and twice is once", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.stringMatching(/^plumbline:[a-z0-9]+$/), (notes, marker) => {
        const marked = withMarker(notes, marker);
        expect(marked.startsWith(notes)).toBe(true);
        expect(marked.split(/\r?\n/)).toContain(marker);
        expect(withMarker(marked, marker)).toBe(marked);
      }),
    );
  });
});

describe("operations", () => {
  const sample: Record<string, unknown> = { customer_uuid: "cu1", title: "Leak", first_name: "A", last_name: "B" };

  test("each of the four kinds of record is listed, read, made, changed and deleted", async () => {
    const { client } = await world({ jobs: [job("j1")], invoices: [invoice("i1")] });
    const bodies: Record<string, Record<string, unknown>> = {
      Job: { customer_uuid: "cu1", title: "Leak", status: "Scheduled", scheduled_date: "2025-01-20T10:00:00Z" },
      Invoice: { customer_uuid: "cu1", job_uuid: "j1", subtotal: 10, total_amount: 10 },
      Payment: { invoice_uuid: "i1", amount: 20.5, payment_type: "check" },
      Customer: { first_name: "Lou", last_name: "Vega", phone: "303-555-0102" },
    };
    const row = (key: string) => {
      const found = operations.find((one) => one.key === key)?.run;
      if (!found) throw new Error(key);
      return (input: unknown) => found(client, input) as Promise<{ data: { uuid: string } }>;
    };
    for (const [name, body] of Object.entries(bodies)) {
      const { uuid } = (await row(`create${name}`)(body)).data;
      await row(`update${name}`)({ uuid, ...body });
      expect((await row(`get${name}`)({ uuid })).data).toMatchObject({ uuid });
      await row(`list${name}s`)({ include_deleted: true, page: 1, limit: 10 });
      await row(`delete${name}`)({ uuid });
    }
    expect(
      await customtrades.previewInvoice(client, { customer_uuid: "cu1", subtotal: 5, tax_amount: 1 }),
    ).toMatchObject({
      data: { total_amount: 6 },
    });
    expect(await customtrades.getCompany(client, {})).toMatchObject({ success: true });
  });

  test("several statuses go with commas, as the document prints them", async () => {
    const { client } = await world({
      jobs: [job("j1", { status: "Scheduled" }), job("j2"), job("j3", { status: "New" })],
    });
    const page = await customtrades.listJobs(client, { status: ["Scheduled", "In Progress"] });
    expect(page.data["jobs"]).toHaveLength(2);
  });

  test("a missing, mistyped or extra input is refused with its path, and nothing is sent", async () => {
    const { client, control } = await world({});
    const refused = async (key: string, input: unknown): Promise<string> => {
      const call = operations.find((row) => row.key === key)?.run;
      return (await failureOf(call?.(client, input) ?? Promise.reject(new Error(key)))).message;
    };
    expect(await refused("createJob", { customer_uuid: "cu1" })).toContain("title: expected a text");
    expect(await refused("createJob", { ...sample, first_name: "x" })).toContain(
      "not an input here: first_name, last_name",
    );
    const made = { customer_uuid: "cu1", title: "Leak" };
    for (const extra of ["actual_amount", "service_address1", "service_address2", "service_city", "service_state"])
      expect(await refused("createJob", { ...made, [extra]: extra === "actual_amount" ? 150 : "x" })).toContain(
        `not an input here: ${extra}`,
      );
    expect(await refused("createJob", { ...made, service_zip: "80202" })).toContain("not an input here: service_zip");
    expect(await refused("updateJob", { uuid: "j1", actual_amount: "150" })).toContain(
      "actual_amount: expected a number",
    );
    expect(await refused("updateJob", { uuid: "j1", status: "Canceled" })).toContain('status: expected one of "New"');
    expect(await refused("listJobs", { limit: 101 })).toContain("limit: expected at most 100");
    expect(await refused("createPayment", { invoice_uuid: "i1" })).toContain("amount: expected a number");
    expect((await control.get("/requests")).body.boulder?.total ?? 0).toBe(0);
  });

  test("every write says how to find out whether it happened, and which ones move money", () => {
    const written = operations.filter((row) => row.writes);
    expect(written.filter((row) => !row.happened).map((row) => row.key)).toEqual([]);
    expect(written.filter((row) => row.money).map((row) => row.key)).toEqual([
      ...["deleteJob", "createInvoice", "updateInvoice", "deleteInvoice", "createPayment", "updatePayment"],
      "deletePayment",
    ]);
    const some = written.filter((row) => row.moneyInputs).map((row) => [row.key, row.moneyInputs]);
    expect(some).toEqual([["updateJob", ["actual_amount"]]]);
  });
});
