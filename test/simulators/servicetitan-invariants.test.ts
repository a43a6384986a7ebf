import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { balancesOf, type Ledger } from "#local/vendors/servicetitan/balances.ts";
import { printedMoney } from "#local/vendors/servicetitan/money.ts";
import { type Office, object, openOffice, rows } from "./servicetitan-office.ts";

const amount = fc.integer({ min: -100_000, max: 100_000 });

/** Three originals, any adjustments of them, any payments and credit memos on any of these. */
const ledger: fc.Arbitrary<Ledger> = fc
  .record({
    totals: fc.array(amount, { minLength: 3, maxLength: 3 }),
    adjustments: fc.array(fc.record({ to: fc.integer({ min: 1, max: 3 }), total: amount, active: fc.boolean() }), {
      maxLength: 4,
    }),
    parts: fc.array(fc.record({ on: fc.integer({ min: 1, max: 7 }), amount, active: fc.boolean() }), { maxLength: 6 }),
    credits: fc.array(fc.record({ on: fc.integer({ min: 1, max: 7 }), amount }), { maxLength: 2 }),
  })
  .map(({ totals, adjustments, parts, credits }) => ({
    invoices: [
      ...totals.map((total, at) => ({ id: at + 1, total: printedMoney(total), adjustmentToId: null })),
      ...adjustments.map((one, at) => ({
        id: at + 4,
        total: printedMoney(one.total),
        adjustmentToId: one.to,
        active: one.active,
      })),
    ],
    payments: parts.map((part) => ({
      active: part.active,
      appliedTo: [{ appliedTo: part.on, appliedAmount: printedMoney(part.amount) }],
    })),
    creditMemos: credits.map((memo) => ({ splits: [{ invoiceId: memo.on, amount: printedMoney(memo.amount) }] })),
  }));

const sum = (balances: ReadonlyMap<number, number>) => [...balances.values()].reduce((total, one) => total + one, 0);

describe("balances", () => {
  it("add up to the same cents under both counting rules", () => {
    fc.assert(
      fc.property(ledger, (books) => {
        const ids = books.invoices.map(({ id }) => Number(id));
        expect(sum(balancesOf(ids, books, "on-original"))).toBe(sum(balancesOf(ids, books, "separate")));
      }),
    );
  });

  it("of one invoice move no invoice of another family", () => {
    fc.assert(
      fc.property(ledger, fc.integer({ min: 1, max: 3 }), (books, id) => {
        const whole = balancesOf([1, 2, 3], books, "on-original");
        for (const [one, balance] of balancesOf([id], books, "on-original")) {
          const invoice = books.invoices.find((candidate) => candidate["id"] === one);
          expect(invoice?.["adjustmentToId"] ?? one).toBe(id);
          expect(balance).toBe(whole.get(one));
        }
      }),
    );
  });
});

describe("an office", () => {
  let office: Office;
  afterEach(() => office.close());

  it("is the same after a restart, with dials, lags, lies and planted work", async () => {
    office = await openOffice();
    await office.dials({ readLagMs: 60_000, silentNoOps: [{ operation: "updateJob", id: "10291" }] });
    await office.call("PATCH", "accounting/payments/81", { typeId: 2, splits: [{ invoiceId: 72, amount: 450 }] });
    await office.call("PATCH", "jpm/jobs/10291", { customerPo: "lost" });
    await office.call("PATCH", "jpm/jobs/10290", { customerPo: "kept" });
    await office.plant([{ at: "2026-10-30T08:00:00.000Z", collection: "payments", key: "82", op: "remove" }]);
    const before = [await office.control("GET", "state?account=st-main"), (await office.get("jpm/jobs")).body];
    await office.restart();
    expect([await office.control("GET", "state?account=st-main"), (await office.get("jpm/jobs")).body]).toEqual(before);
    await office.clock("2026-10-30T09:00:00.000Z");
    expect(object(rows(await office.get("accounting/invoices?ids=73"))[0])["balance"]).toBe("1280.00");
  });

  it("is closed to a token of another account", async () => {
    office = await openOffice();
    const other = { tenant: "7", clientId: "cid.7", clientSecret: "cs.7", applicationKey: "ak1.test" };
    await office.control("POST", "accounts", { id: "st-other", credentials: other });
    const form = "grant_type=client_credentials&client_id=cid.7&client_secret=cs.7";
    const asked = await office.send("POST", "/connect/token", form, {
      "content-type": "application/x-www-form-urlencoded",
    });
    const headers = { authorization: `Bearer ${String(object(asked.body)["access_token"])}`, "st-app-key": "ak1.test" };
    expect(rows(await office.send("GET", "/jpm/v2/tenant/7/jobs", undefined, headers))).toEqual([]);
    expect((await office.send("GET", "/jpm/v2/tenant/4242/jobs", undefined, headers)).status).toBe(403);
    const token = headers.authorization.replace(/.$/, (last) => (last === "A" ? "B" : "A"));
    expect(
      (await office.send("GET", "/jpm/v2/tenant/7/jobs", undefined, { ...headers, authorization: token })).status,
    ).toBe(401);
  });

  it("counts a request for a token to the account whose client id asks, taken or refused", async () => {
    office = await openOffice();
    const ask = (id: string, secret: string) =>
      office.send("POST", "/connect/token", `grant_type=client_credentials&client_id=${id}&client_secret=${secret}`, {
        "content-type": "application/x-www-form-urlencoded",
      });
    const before = object(object(await office.control("GET", "requests"))["st-main"] ?? { byOperation: {} });
    expect((await ask("cid.1", "cs.1")).status).toBe(200);
    expect((await ask("cid.1", "wrong")).status).toBe(400);
    expect((await ask("cid.nobody", "cs.1")).status).toBe(400);
    const after = object(await office.control("GET", "requests"));
    const tokens = (usage: unknown): number => Number(object(object(usage)["byOperation"])["token"] ?? 0);
    expect(tokens(after["st-main"])).toBe(tokens(before) + 2);
    expect(tokens(after["-"])).toBe(1);
  });
});
