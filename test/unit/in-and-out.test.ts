import { expect, test } from "vitest";
import { normalisers } from "#shared/connectors/registry.ts";
import { countsPage } from "#shared/pipeline/in-and-out.ts";
import type { Claim } from "#shared/pipeline/ports.ts";
import { deskCompany } from "#test/support/desk-company.ts";

/** What became of each record that was handed on, by its claim. */
const read = { version: { modified: null, read: 1 }, seenRead: 1, goneRead: 0 };
const lies = (...invoices: readonly string[]) => ({
  ...{ customer: null, rest: 0, total: 5, day: null, over: false, ...read },
  shares: invoices.map((id) => [`office/invoices/${id}`, 5] as const),
});
const jobless = {
  ...{ attached: false, customer: null, number: null, day: null, total: 1, balance: 1, draft: false, over: false },
  ...read,
};

test.each<[string, Partial<Claim>, string]>([
  ["in a job", { jobs: ["j"] }, "attached"],
  ["in a job, though it waits for another invoice", { jobs: ["j"], parked: "waits for office/invoices/9" }, "attached"],
  ["with money on no invoice", { unapplied: { ...lies(), rest: 1 }, unattached: "" }, "unattached"],
  ["with such money and in a job", { jobs: ["j"], unapplied: { ...lies("9"), rest: 1 }, unattached: "" }, "unattached"],
  ["on an unattached invoice", { parked: "waits", unapplied: lies("loose") }, "onUnattached"],
  ["on two, of which one has not come", { parked: "waits", unapplied: lies("loose", "9") }, "waiting"],
  ["on one that has not come", { parked: "waits", unapplied: lies("9") }, "waiting"],
  ["of no money", { parked: "no job wants it", unapplied: lies() }, "waiting"],
  ["a part of another kind that waits", { parked: "waits for office/jobs/1" }, "waiting"],
  ["that failed", { parked: "no job wants it", unapplied: { ...lies(), over: true } }, "gone"],
  ["that a read proved gone", { unapplied: { ...lies(), goneRead: 2 } }, "gone"],
  ["that was gone before it was read again", { unapplied: { ...lies(), goneRead: 1 } }, "waiting"],
  ["an invoice that is void", { jobless: { ...jobless, over: true } }, "gone"],
])("one %s", async (_name, claim, fate) => {
  const { ports, company } = await deskCompany();
  const stands = async (record: string, more: Partial<Claim>): Promise<void> => {
    const [stored] = await ports.claims.load([record]);
    if (!stored) throw new Error(`no claim of ${record}`);
    await ports.claims.save({ stored, next: { record, jobs: [], person: null, sets: {}, parked: null, ...more } });
  };
  await stands("office/invoices/loose", { jobless, unattached: "" });
  await stands("office/payments/1", claim);
  const entries = (connection: string, stream: string) => connection === "office" && stream === "payments";
  const manifest = {
    page: async (connection: string, stream: string) => ({ ids: entries(connection, stream) ? ["1"] : [], next: null }),
  };
  const counting = { ...ports, manifest, describer: (vendor: string) => normalisers[vendor] };
  const none = {
    attached: 0,
    unattached: 0,
    onUnattached: 0,
    gone: 0,
    notOurs: 0,
    quarantined: 0,
    waiting: 0,
    missing: 0,
  };
  expect(await countsPage(counting, company, "2")).toEqual({
    counts: { connection: "office", stream: "payments", read: 1, ...none, [fate]: 1 },
    next: "3",
  });
  expect(await countsPage(counting, { ...company, connections: [] }, null)).toBeNull();
  await expect(countsPage(counting, company, "7")).rejects.toThrow("next: 7 is no page of the counts");
});
