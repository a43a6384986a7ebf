import { describe, expect, test } from "vitest";
import { connector } from "#shared/connectors/customtrades/index.ts";
import { statusFacts, statusWords } from "#shared/connectors/customtrades/status.ts";
import type { JobFacts } from "#shared/domain/facts.ts";
import { billings, works } from "#shared/domain/status.ts";
import { fixture, invoice, job, jobFacts, key, normalised, readAll, world } from "./customtrades-support.ts";
import { clientFor, failureOf, noon } from "./support.ts";

const stamps = { started: false, completed: false, invoiced: false, paid: false };

describe("reading", () => {
  test("250 jobs come in three pages of a hundred, deleted ones with them, each with its version", async () => {
    const { client, control } = await world({
      jobs: Array.from({ length: 250 }, (_, n) => job(`j${n}`, n === 7 ? { deleted_at: noon } : {})),
    });
    const pages = await readAll(client, "jobs");
    const records = pages.flatMap((page) => page.records);
    expect(pages.map((page) => page.records.length)).toEqual([100, 100, 50]);
    expect(new Set(records.map((record) => record.id)).size).toBe(250);
    expect(records.every((record) => record.modified === "2026-10-01T00:00:00.000Z")).toBe(true);
    expect(pages.at(-1)).toMatchObject({ next: null, total: 250 });
    expect((await control.get("/requests")).body.boulder.total).toBe(3);
  });

  test("a list that grows while it is paged is read again from its start", async () => {
    const { client, control } = await world({ jobs: Array.from({ length: 150 }, (_, n) => job(`j${n}`)) });
    const first = await connector.reader.page(client, { stream: "jobs", next: null, since: null });
    await control.send("POST", "/plant", {
      account: "boulder",
      edits: [{ at: noon, collection: "jobs", key: "new", op: "create", fields: job("new") }],
    });
    await control.send("PUT", "/clock", { now: noon });
    const seen = new Set(first.records.map((record) => record.id));
    for (let next = first.next; next !== null; ) {
      const page = await connector.reader.page(client, { stream: "jobs", next, since: null });
      for (const record of page.records) seen.add(record.id);
      next = page.next;
    }
    expect(seen.size).toBe(151);
  });

  test("a record is the same whether it was listed or read by its uuid, bare or under its name", async () => {
    const { client, control } = await world({ jobs: [job("j1", { location_uuid: null, assigned_to_user_id: null })] });
    const [listed] = (await readAll(client, "jobs"))[0]?.records ?? [];
    for (const recordShape of ["bare", "named"]) {
      await control.send("POST", "/dials", { dials: { recordShape } });
      expect((await connector.reader.byIds(client, "jobs", ["j1", "none"])).records).toEqual([listed]);
    }
  });

  test("a record without updated_at, which the reference states, is unfit, and the rest of its page goes on", async () => {
    const { client, control } = await world({ jobs: [job("j1"), job("j2")] });
    await control.send("POST", "/dials", { dials: { jobListShape: "sample" } });
    const [page] = await readAll(client, "jobs");
    expect(page).toMatchObject({ records: [], unfit: [{ reason: expect.stringContaining("updated_at") }, {}] });
  });

  test("the three meanings of 403 are told apart by the usage headers alone", async () => {
    const { client, control } = await world({ jobs: [job("j1")] });
    const refusal = async () => {
      const { kind, message, detail } = await failureOf(connector.reader.byIds(client, "jobs", ["j1"]));
      return { kind, message, ...detail };
    };
    await control.send("POST", "/dials", { dials: { addOn: false } });
    expect(await refusal()).toMatchObject({ kind: "unauthorised", message: expect.stringContaining("add-on") });
    await control.send("POST", "/dials", { dials: { addOn: true, ipAllowed: false } });
    expect(await refusal()).toMatchObject({ kind: "unauthorised", message: expect.stringContaining("address") });
    await control.send("POST", "/dials", { dials: { ipAllowed: true, monthlyLimit: 1 } });
    expect(await refusal()).toMatchObject({
      kind: "rate-limited",
      limit: "others",
      retryAt: "2026-11-01T00:00:00.000Z",
    });
  });

  test("the usage the vendor states counts in the budget: what others used is not ours to use", async () => {
    const { client, control, connection } = await world({ jobs: [job("j1")] });
    const tight = clientFor(connector, {
      connection: { ...connection, budget: { perMonth: 12, reserve: 2 } },
      secret: { apiKey: key },
    });
    for (let n = 0; n < 9; n++) await connector.reader.byIds(client, "jobs", ["j1"]);
    await connector.reader.byIds(tight, "jobs", ["j1"]);
    const failure = await failureOf(connector.reader.byIds(tight, "jobs", ["j1"]));
    expect(failure).toMatchObject({ kind: "rate-limited", detail: { limit: "month" } });
    expect((await control.get("/requests")).body.boulder.total).toBe(10);
  });

  test("a wrong key asks a person", async () => {
    const { connection } = await world({});
    const wrong = clientFor(connector, { connection, secret: { apiKey: "ctc_live_wrong" } });
    expect((await failureOf(readAll(wrong, "jobs"))).kind).toBe("unauthorised");
  });
});

describe("status words", () => {
  test.each(statusWords.map((row) => [row.word, row] as const))("%s is read as its set", (word, row) => {
    const { work, billing } = statusFacts(word, stamps, "work-done");
    expect(work).toEqual({ word, set: row.work, ...(row.partly ? { partly: row.partly } : {}) });
    expect(billing.set).toEqual(word === "Invoiced" ? ["invoiced", "part-paid"] : row.billing);
  });

  test("every state lies in some word's set or has no word", () => {
    const sets = statusWords.flatMap((row) => [...row.work, ...row.billing, ...(row.write?.work ?? [])]);
    const covered = new Set<string>([...sets, ...connector.vocabulary.noWord]);
    expect([...works, ...billings].filter((state) => !covered.has(state))).toEqual([]);
  });

  test("time stamps narrow a word; when nothing is left the word wins and says the contradiction", () => {
    expect(statusFacts("Scheduled", { ...stamps, started: true }, "work-done").work.set).toEqual([
      "dispatched",
      "held",
    ]);
    expect(statusFacts("Needs Approval", { ...stamps, completed: true }, "work-done").work.set).toEqual(["completed"]);
    const invoiced = (more: object) => statusFacts("Invoiced", { ...stamps, ...more }, "work-done").work.partly;
    expect(invoiced({ started: true })).toEqual(["working", "held"]);
    expect(invoiced({ completed: true })).toBeUndefined();
    expect(statusFacts("Invoiced", { ...stamps, invoiced: true, paid: true }, "work-done").billing.set).toEqual([
      "paid",
    ]);
    expect(statusFacts("Complete", { ...stamps, invoiced: true }, "work-done").billing.set).toEqual([
      ...["invoiced", "part-paid", "paid"],
    ]);
    expect(statusFacts("New", { ...stamps, completed: true }, "work-done").work).toEqual({
      word: "New",
      set: ["proposed", "open"],
      contradiction: "status is New, yet completed_at is set",
    });
  });

  test("what Complete means is the company's to say", () => {
    const states = (more: Record<string, unknown>): unknown => jobFacts(job("1", { status: "Complete" }), more).billing;
    expect(states({})).toEqual({ word: "Complete", set: billings.filter((state) => state !== "void") });
    expect(states({ completeMeans: "closed" })).toEqual({ word: "Complete", set: ["paid", "no-charge"] });
  });

  test("an unknown word is every state and one notice, and the money still counts", () => {
    const result = normalised("jobs", job("1", { status: "On Hold", actual_amount: 260 }));
    expect(result).toMatchObject({
      notices: ['unknown-word: status "On Hold"'],
      facts: { charge: 26000, work: { word: "On Hold", unknown: true, set: works }, billing: { set: billings } },
    });
  });

  test("a completion that is no instant says that the work is done, and not when", () => {
    for (const completed_at of ["2026-10-31", "2026-10-31T20:00:00"]) {
      const { facts } = normalised("jobs", job("1", { status: "Complete", completed_at })) as { facts: JobFacts };
      expect(facts).toMatchObject({ work: { set: ["completed"] }, completedAt: null });
    }
  });

  test("a deleted job is deleted, not canceled", () => {
    expect(jobFacts(job("1", { deleted_at: noon }))).toMatchObject({ presence: "deleted", work: { set: works } });
  });
});

describe("what records say", () => {
  test("the document's own job", () => {
    expect(jobFacts(fixture("the-job-object"))).toMatchObject({
      number: "JOB-001",
      title: "Plumbing Repair",
      customerName: "John Doe",
      work: { word: "Scheduled" },
      schedule: { day: "2025-01-20", start: null, end: null },
      serviceDay: "2025-01-20",
      charge: null,
      payment: null,
      technicians: null,
      keys: { job_number: "JOB-001" },
    });
  });

  test("a printed day stays that day whatever the time beside it, with the wall clock of its own fields", () => {
    const printed = {
      scheduled_date: "2026-10-31T23:30:00Z",
      scheduled_time_start: "9:00",
      scheduled_time_end: "11:00",
    };
    expect(jobFacts(job("1", printed)).schedule).toEqual({ day: "2026-10-31", start: "09:00", end: "11:00" });
  });

  test.each([
    ["skips", "2026-03-08", "02:30", "04:00", ["wall-clock-skipped: 2026-03-08 02:30"]],
    ["repeats", "2026-11-01", "00:30", "01:15", ["wall-clock-repeated: 2026-11-01 01:15"]],
    ["repeats after midnight", "2026-10-31", "23:00", "01:15", ["wall-clock-repeated: 2026-11-01 01:15"]],
    ["leaves alone", "2026-11-01", "03:00", "04:00", []],
  ])("a wall clock that a clock change %s is said on the job, or is not", (_what, day, from, to, notices) => {
    const printed = { scheduled_date: `${day}T10:00:00Z`, scheduled_time_start: from, scheduled_time_end: to };
    expect(normalised("jobs", job("1", printed))).toMatchObject({
      notices,
      facts: { schedule: { day, start: from, end: to } },
    });
  });

  test.each(["24:00", "31:00", "12:75", "noon", "9:59 PM"])("what is no time of day is none: %s", (time) => {
    const printed = {
      scheduled_date: "2026-11-03T10:00:00Z",
      scheduled_time_start: time,
      scheduled_time_end: "9:59:00",
    };
    expect(jobFacts(job("1", printed)).schedule).toEqual({ day: "2026-11-03", start: null, end: "09:59" });
  });

  test("without a scheduled day the work's own instant gives the local day", () => {
    expect(jobFacts(job("1", { completed_at: "2026-11-01T02:00:00.000Z" })).serviceDay).toBe("2026-10-31");
  });

  test("an invoice hangs on its job, a draft is no charge yet, a partial one says so", () => {
    expect(normalised("invoices", invoice("i1", { invoice_type: "Progress" }))).toMatchObject({
      parents: [{ connection: "customtrades-one", stream: "jobs", id: "j1" }],
      facts: {
        kind: "invoice",
        total: 54030,
        tax: 4030,
        balance: 54030,
        stage: "posted",
        partial: true,
        day: "2026-10-31",
      },
    });
    expect(normalised("invoices", invoice("i1", { status: "Draft" }))).toMatchObject({ facts: { stage: "draft" } });
    expect(normalised("invoices", fixture("the-invoice-object"))).toMatchObject({
      parents: [],
      facts: { total: 50000 },
    });
    expect(normalised("invoices", invoice("i1", { total_amount: "1.005" }))).toMatchObject({
      facts: { total: { unreadable: "1.005" } },
    });
  });

  test("a payment counts its amount, never its net amount; the difference is the fee", () => {
    const payment = { uuid: "p1", invoice_uuid: "i1", amount: 820, net_amount: 795.92, status: "Completed" };
    const share = { invoice: { connection: "customtrades-one", stream: "invoices", id: "i1" }, amount: 82000 };
    expect(normalised("payments", payment)).toMatchObject({
      parents: [share.invoice],
      facts: { kind: "payment", state: "received", total: 82000, fee: 2408, shares: [share], unapplied: 0 },
    });
    expect(normalised("payments", fixture("the-payment-object"))).toMatchObject({
      facts: { shares: [{ amount: 50000 }] },
    });
    for (const [status, state] of [
      ["Pending", "expected"],
      ["Failed", "failed"],
      ["Refunded", "refunded"],
      ["Chargeback", "expected"],
    ]) {
      expect(normalised("payments", { ...payment, status })).toMatchObject({ facts: { state } });
    }
  });

  test("a customer is found by digits and lower case", () => {
    expect(normalised("customers", fixture("the-customer-object"))).toMatchObject({
      facts: { name: "John Doe", phones: ["2065551234"], emails: ["john@example.com"] },
      keys: [
        { kind: "phone", value: "2065551234" },
        { kind: "email", value: "john@example.com" },
      ],
    });
  });

  test("what has no uuid does not fit, and says what is expected where", () => {
    expect(normalised("jobs", { title: "x" })).toEqual({ unfit: expect.stringContaining("uuid: expected a text") });
    expect(normalised("estimates", {})).toEqual({ unfit: "no stream estimates" });
  });

  test("equal records give equal facts", () => {
    const raw = job("1", { scheduled_date: "2026-10-31", actual_amount: 12.34 });
    expect(normalised("jobs", structuredClone(raw))).toEqual(normalised("jobs", raw));
  });
});
