import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { firstScreen } from "#cli/screens/first-screen.ts";
import { card, crewJob, type DeskCompany, deskCompany } from "#test/support/desk-company.ts";
import { type DeskTerminal, deskTerminal } from "#test/support/desk-terminal.ts";

/** Money in no job as operate answers it and the terminal prints it. */
let desk: DeskCompany;
let terminal: DeskTerminal;
beforeEach(async () => {
  desk = await deskCompany();
  terminal = await deskTerminal(desk);
});
afterEach(() => terminal.close());

const paid = (uuid: string, amount: number, more: object = {}) =>
  desk.say("office", "payments", uuid, {
    ...{ uuid, customer_uuid: "c1", amount, status: "Completed", payment_date: "2026-11-01", updated_at: "x" },
    ...more,
  });
const billed = (uuid: string, total: number, more: object = {}) =>
  desk.say("office", "invoices", uuid, {
    ...{ uuid, invoice_number: `M-${uuid}`, customer_uuid: "c1", total_amount: total, balance_amount: total },
    ...{ issue_date: "2026-10-31", status: "Pending", updated_at: "x", ...more },
  });
const named = (uuid: string, last_name: string) =>
  desk.say("office", "customers", uuid, { uuid, first_name: "Dana", last_name, updated_at: "x" });
const asked = async (path = "unattached") => (await desk.ask("GET", path, { role: "viewer" })).json;

describe("unattached", () => {
  test("lists each customer's payments on no invoice and invoices without a job, widest first", async () => {
    await named("c1", "Vega");
    await paid("p1", 500);
    await billed("i1", 99, { balance_amount: 49 });
    await billed("i2", 700, { customer_uuid: null, status: "Draft", invoice_number: null, issue_date: null });
    await paid("p2", 20, { customer_uuid: "c2", payment_date: null });
    expect(await asked()).toEqual({
      customers: [
        {
          ...{ customer: null, name: null, payments: [] },
          invoices: [
            {
              ...{ record: "office/invoices/i2", connection: "office", number: null, day: null },
              ...{ totalMinor: 70000, balanceMinor: 70000, draft: true },
            },
          ],
        },
        {
          ...{ customer: "office/customers/c1", name: "Dana Vega" },
          payments: [
            {
              ...{ record: "office/payments/p1", connection: "office", day: "2026-11-01" },
              ...{ totalMinor: 50000, unappliedMinor: 50000 },
            },
          ],
          invoices: [
            {
              ...{ record: "office/invoices/i1", connection: "office", number: "M-i1", day: "2026-10-31" },
              ...{ totalMinor: 9900, balanceMinor: 4900, draft: false },
            },
          ],
        },
        {
          ...{ customer: "office/customers/c2", name: null, invoices: [] },
          payments: [
            {
              ...{ record: "office/payments/p2", connection: "office", day: null },
              ...{ totalMinor: 2000, unappliedMinor: 2000 },
            },
          ],
        },
      ],
      next: null,
    });
    expect(await asked("parked")).toEqual({ records: [] });
  });

  test("follows what is applied, moved, deleted, or comes to its job", async () => {
    await paid("p1", 500);
    await paid("p2", 20);
    await billed("i1", 99);
    await desk.say("office", "jobs", "o1", card("o1", "10263"));
    await billed("i1", 99, { job_uuid: "o1" });
    await paid("p1", 500, { invoice_uuid: "i1" });
    await paid("p2", 20, { customer_uuid: "c2" });
    expect(await asked()).toMatchObject({ customers: [{ customer: "office/customers/c2", payments: [{}] }] });
    await paid("p2", 20, { deleted_at: "2026-11-02" });
    expect(await asked()).toEqual({ customers: [], next: null });
  });

  test("is bounded: a customer of many records goes on on the next page, and the terminal gathers it", async () => {
    for (let n = 0; n < 130; n++) await paid(`p${n}`, 1);
    const first = await asked();
    expect(first).toMatchObject({ customers: [{ payments: { length: 100 } }], next: expect.any(String) });
    const { out } = await terminal.run("unattached", "--list", "--json");
    expect(JSON.parse(out)).toMatchObject({
      customers: [{ customer: "office/customers/c1", payments: { length: 130 } }],
      connections: [{ connection: "office", payments: 130, unappliedMinor: 13000, invoices: 0 }],
      all: { payments: 130, unappliedMinor: 13000, invoices: 0, totalMinor: 0, balanceMinor: 0 },
    });
  });

  test("is refused to a token of another company", async () => {
    expect(await desk.ask("GET", "unattached", { company: "second-company" })).toMatchObject({ status: 403 });
    expect(await desk.ask("GET", "unattached/counts", { role: "nobody" })).toMatchObject({ status: 403 });
    expect(await desk.ask("GET", "unattached/counts?next=99")).toMatchObject({ status: 400 });
  });
});

describe("the terminal", () => {
  const handedOn = (stream: string, ...ids: readonly string[]) =>
    desk.world.company("ridgeline").manifest.merge("office", stream, new Map(ids.map((id) => [id, "d"])), 1);

  test("prints the list, its sums by connection and in all, and that counts in equal counts out", async () => {
    await named("c1", "Vega");
    await desk.say("office", "jobs", "o1", card("o1", "10263"));
    await billed("i0", 10, { job_uuid: "o1" });
    await billed("i1", 99);
    await billed("i2", 5, { deleted_at: "2026-11-02" });
    await paid("p1", 500);
    await paid("p2", 40, { invoice_uuid: "i1" });
    await paid("p3", 41, { invoice_uuid: "i7" });
    await paid("p4", 42, { status: "Failed" });
    await handedOn("jobs", "o1");
    await handedOn("invoices", "i0", "i1", "i2", "dropped:i3", "unfit:x");
    await handedOn("payments", "p1", "p2", "p3", "p4");
    const { out, code } = await terminal.run("unattached");
    expect(code).toBe(0);
    expect(out.split("\n")).toEqual([
      "customer                         record              number  day          total  on no invoice  balance",
      "Dana Vega (office/customers/c1)  office/payments/p1  -       2026-11-01  500.00         500.00",
      "                                 office/invoices/i1  M-i1    2026-10-31   99.00                   99.00",
      "",
      "office: 1 payment with 500.00 on no invoice, 1 invoice of 99.00 without a job, 99.00 of it unpaid",
      "In all, 1 customer: 1 payment with 500.00 on no invoice, 1 invoice of 99.00 without a job, 99.00 of it unpaid.",
      "",
      "connection  stream         read  attached  unattached  on those  gone  not ours  quarantined  waiting  missing",
      "office      jobs              1         1           0         0     0         0            0        0        0",
      "office      invoices          4         1           1         0     1         1            0        0        0",
      "office      payments          4         0           1         1     1         0            0        1        0",
      "crews       serviced-jobs     0         0           0         0     0         0            0        0        0",
      "branch      jobs              0         0           0         0     0         0            0        0        0",
      "branch      invoices          0         0           0         0     0         0            0        0        0",
      "branch      payments          0         0           0         0     0         0            0        0        0",
      "Counts in equal counts out: all 9 records that were read are accounted for.",
      "",
    ]);
  });

  test("says what was read and arrived nowhere, which is no record in quarantine", async () => {
    await handedOn("payments", "p1", "p2", "p3");
    await paid("p1", 500);
    const fit = { stream: "payments", id: "p2", modified: "2026-11-02", read: 2, at: "2026-11-02", digest: "d" };
    const raw = { text: "{}", form: "as-printed" } as const;
    const entry = { connection: "office", stream: fit.stream, id: fit.id, reason: "no shape", at: fit.at };
    await desk.ports.quarantine.put({ ...entry, raw });
    const { out } = await terminal.run("unattached");
    expect(out).toContain("1 record of 3 arrived nowhere: on the way, or lost until the next sweep.");
    const { counts } = JSON.parse((await terminal.run("unattached", "--json")).out);
    expect(counts.find((one: { stream: string }) => one.stream === "payments")).toEqual({
      ...{ connection: "office", stream: "payments", read: 3, attached: 0, unattached: 1, onUnattached: 0 },
      ...{ gone: 0, notOurs: 0, quarantined: 1, waiting: 0, missing: 1 },
    });
  });

  test("adds the pages of a stream up", async () => {
    const ids = Array.from({ length: 300 }, (_, n) => `p${n}`);
    await handedOn("payments", ...ids);
    const { counts } = JSON.parse((await terminal.run("unattached", "--json")).out);
    expect(counts).toHaveLength(7);
    expect(counts[2]).toMatchObject({ stream: "payments", read: 300, missing: 300 });
  });

  test("says so where there is none", async () => {
    const { out } = await terminal.run("unattached", "--list");
    expect(out).toContain("no money is unattached\n\nIn all, 0 customers: 0 payments with 0.00 on no invoice");
  });
});

describe("one deposit and two jobs that lack it", () => {
  const rows = (n: number) => [
    { kind: "job", key: String(n), connection: "office", stream: "jobs", id: `o${n}` },
    { kind: "job", key: String(n), connection: "crews", stream: "serviced-jobs", id: `r${n}` },
  ];
  const job = async (n: number) => {
    const open = { status: "Scheduled", completed_at: null, actual_amount: null, customer_uuid: "c1" };
    await desk.say("office", "jobs", `o${n}`, card(`o${n}`, `1030${n}`, open));
    await billed(`i${n}`, 900, { job_uuid: `o${n}` });
    await desk.say("crews", "serviced-jobs", `r${n}`, crewJob(`r${n}`, 500, 400));
    await desk.ask("POST", "links/import", { body: { rows: rows(n) } });
    await desk.pass(3);
  };
  const other = (n: number): string => `job 1030${3 - n}`;

  beforeEach(async () => {
    await paid("p1", 500);
    await job(1);
    await job(2);
  });

  test("clears by itself once: the totals, the lists and the first screen count the other as open", async () => {
    const status = await asked("status");
    expect(status).toMatchObject({
      jobs: 2,
      waiting: 1,
      disagree: 1,
      waitingMinor: 50000,
      gapMinor: 50000,
      moneyJobs: 1,
    });
    const screen = firstScreen(status);
    expect(screen).toContain("2 jobs: 1 disagrees about money, $500.00 in all");
    expect(screen).toContain("$500.00  one deposit, two jobs         10302  job 10301 rests on the same payment");
    expect(screen).toContain("Will clear by itself: $500.00 (1 deposit).");
    expect(await asked("breaks?kind=payment")).toMatchObject({
      breaks: [
        {
          number: "10301",
          state: "waiting",
          sentence: expect.stringContaining(`${other(1)} rests on the same payment`),
        },
        { number: "10302", state: "open", sentence: expect.stringContaining(`${other(2)} rests on the same payment`) },
      ],
    });
    expect(await asked("breaks?state=open")).toMatchObject({ breaks: [{ number: "10302" }] });
    expect(await asked("jobs?standing=disagree")).toMatchObject({ jobs: [{ number: "10302", gapMinor: 50000 }] });
  });

  test.each([1, 2])("explain of 1030%d names the other", async (n) => {
    const { out } = await terminal.run("explain", `1030${n}`);
    expect(out).toContain(`${other(n)} rests on the same payment office/payments/p1`);
    expect(await asked(`job?name=1030${n}`)).toMatchObject({ jobs: [{ gapMinor: n === 1 ? 0 : 50000 }] });
  });
});
