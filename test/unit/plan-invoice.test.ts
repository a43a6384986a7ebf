import { describe, expect, test } from "vitest";
import { causeKinds } from "#shared/domain/break.ts";
import type { InvoiceFacts } from "#shared/domain/facts.ts";
import { invoicesAsked } from "#shared/pipeline/plan-invoice.ts";
import { nothingArrives, reconcile } from "#shared/pipeline/reconcile.ts";
import { linkTo, on } from "#test/support/job-with.ts";
import { invoice, root } from "#test/support/money-view.ts";
import { type AskedBooks, booksOf, cause } from "#test/support/planned-books.ts";

const roots = [root({}, { connection: "s1" }), root({ number: "B-7" }, { connection: "s2" })];
const billed = (connection: string, total: number, facts: Partial<InvoiceFacts> = {}, id = "1") =>
  on(invoice({ total, ...facts }, { connection, id }), `${connection}/jobs/1`);
const extra = (facts: Partial<InvoiceFacts> = {}) => billed("s1", 12_000, facts, "2");

/** The office has two invoices, and the branch only the first, unless said otherwise. */
const asked = (more: Partial<AskedBooks> = {}): AskedBooks => ({
  records: [...roots, billed("s1", 50_000), billed("s2", 50_000), extra()],
  causes: [cause("missing-charge", -12_000)],
  ...more,
});
const planned = (more: Partial<AskedBooks> = {}) => invoicesAsked(booksOf(asked(more)));
const tasks = (...records: AskedBooks["records"]) => planned({ records: [...roots, ...records] }).length;

describe("an invoice that the branch lacks", () => {
  test.each<readonly [Partial<InvoiceFacts>, string]>([
    [{}, "an invoice of 120.00, as s1 has it (s1/invoices/2)"],
    [{ tax: 0, number: "10263-2" }, "an invoice of 120.00, as s1 has it (10263-2)"],
    [
      { tax: 800, day: "2026-11-01", number: "10263-2" },
      "an invoice of 120.00, 8.00 of it tax, of 2026-11-01, as s1 has it (10263-2)",
    ],
  ])("is entered by a person, who is told what to type: %j", (facts, words) =>
    expect(planned({ records: [...roots, billed("s1", 50_000), billed("s2", 50_000), extra(facts)] })).toEqual([
      {
        ...{ kind: "task", target: "amount", record: { connection: "s2", stream: "jobs", id: "1" }, requests: 0 },
        ...{ ask: true, arguments: {}, read: "", wanted: "invoice 120.00", moneyMinor: 12_000 },
        sentence: `s2 B-7: enter ${words}`,
      },
    ]),
  );
  test.each(causeKinds)("by the cause %s", (kind) => {
    const does = kind === "missing-charge" || kind === "unexplained" ? 1 : 0;
    expect(planned({ causes: [cause(kind, -12_000)] })).toHaveLength(does);
    expect(planned({ causes: [cause(kind, 12_000)] })).toEqual([]);
  });
  test("is one part of the gap to the cent", () => {
    expect(planned({ causes: [cause("missing-charge", -12_000), cause("discount", -500)] })).toHaveLength(1);
    expect(planned({ causes: [cause("missing-charge", -11_999), cause("rounding", -1)] })).toEqual([]);
  });
});

describe("none is asked for", () => {
  test("where the branch has billed nothing: its amount is on the job, or not stated", () => {
    expect(tasks(billed("s1", 50_000), extra())).toBe(0);
    for (const stage of ["draft", "pending", "void"] as const)
      expect(tasks(billed("s1", 50_000), billed("s2", 50_000, { stage }), extra())).toBe(0);
    expect(tasks(billed("s1", 50_000), billed("s2", 50_000, { presence: "deleted" }), extra())).toBe(0);
  });
  test.each(["draft", "pending", "void"] as const)("of the office's that is %s", (stage) =>
    expect(tasks(billed("s1", 50_000), billed("s2", 50_000), extra({ stage }))).toBe(0),
  );
  test("of one that takes back", () => {
    const records = [...roots, billed("s1", 50_000), billed("s2", 50_000), billed("s1", -12_000, {}, "2")];
    expect(planned({ records, causes: [cause("missing-charge", 12_000)] })).toEqual([]);
  });
  test("where two of the office's are of that total, or one is gone", () => {
    expect(tasks(billed("s2", 50_000), extra(), billed("s1", 12_000, {}, "3"))).toBe(0);
    expect(tasks(billed("s2", 50_000), extra({ presence: "deleted" }))).toBe(0);
  });
  test.each<readonly [string, Partial<InvoiceFacts>]>([
    ["a draft", { stage: "draft" }],
    ["deleted", { presence: "deleted" }],
  ])("where one of that total is there already and is %s", (_name, facts) =>
    expect(tasks(billed("s1", 50_000), billed("s2", 50_000), extra(), billed("s2", 12_000, facts, "2"))).toBe(0),
  );
  test("where it is not sure which record of the branch it belongs to, or whether any does", () => {
    expect(tasks(root({}, { connection: "s2", id: "2" }), billed("s2", 50_000), extra())).toBe(0);
    const gone = [root({}, { connection: "s1" }), billed("s2", 50_000), extra()];
    expect(planned({ records: gone })).toEqual([]);
    const doubt = { links: [linkTo("s2/jobs/1", "people-and-day", { doubt: "two of that day" })] };
    expect(planned({ state: doubt })).toEqual([]);
  });
});

test("reconciling asks for it where the branch only observes, too: no write is made of it", () => {
  const books = booksOf(asked({ branch: { mode: { default: "observe" } } }));
  const first = reconcile({ ...books.state, breaks: [] }, nothingArrives, books.context).state;
  const { state } = reconcile(first, nothingArrives, { ...books.context, now: "2026-11-02T12:00:00.000Z" });
  expect(state.intents.map((one) => [one.kind, one.target, one.wanted])).toEqual([
    ["task", "amount", "invoice 120.00"],
  ]);
});
