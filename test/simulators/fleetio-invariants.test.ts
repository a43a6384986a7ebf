import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { percentOf, totalsOf } from "#local/vendors/fleetio/totals.ts";
import { instantOf, localTime } from "#local/vendors/fleetio/zone.ts";
import { openYard } from "./fleetio-yard.ts";

const list = "/v2/service_entries";

describe("times", () => {
  it("printed in any zone are the same instant to the second, also across a clock change", () => {
    const zones = fc.constantFrom("America/Denver", "Europe/Vienna", "Asia/Kolkata", "UTC", "Australia/Lord_Howe");
    const seconds = fc.integer({ min: Date.parse("2025-01-01") / 1000, max: Date.parse("2027-12-31") / 1000 });
    fc.assert(
      fc.property(zones, seconds, (zone, second) => {
        const printed = localTime(new Date(second * 1000).toISOString(), zone);
        expect(printed).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);
        expect(instantOf(printed, zone)).toBe(second * 1000);
      }),
    );
  });
});

describe("sums", () => {
  it("of an entry are its parts: labor and parts, less the discount, plus fees and taxes", () => {
    const cents = fc.integer({ min: 0, max: 10_000_000 });
    const percent = fc.integer({ min: 0, max: 9999 }).map((hundredths) => (hundredths / 100).toFixed(2));
    fc.assert(
      fc.property(cents, cents, cents, percent, percent, (labor, parts, fee, discount, tax) => {
        const lines = [
          { labor_cost: labor / 100, parts_cost: parts / 100 },
          { type: "ServiceEntryFeeLineItem", subtotal: fee / 100 },
        ];
        const sums = totalsOf(
          { discount_type: "percentage", discount_percentage: discount, tax_1_percentage: tax },
          lines,
        );
        const taxed = labor + parts - Number(sums["discount_cents"]);
        expect(sums["total_amount_cents"]).toBe(taxed + fee + Number(sums["tax_1_cents"]));
        expect(Math.abs(Number(sums["tax_1_cents"]) - (taxed * Number(tax)) / 100)).toBeLessThanOrEqual(0.5001);
      }),
    );
  });

  it("round half a cent away from zero", () => {
    expect([percentOf(50, "1"), percentOf(-50, "1"), percentOf(1150_00, "8.0"), percentOf(100, null)]).toEqual([
      1, -1, 9200, 0,
    ]);
  });
});

describe("keyset pages", () => {
  it.each(["asc", "desc"])("show every entry once in any order of any field, %s", async (direction) => {
    const { api } = await openYard();
    for (const field of ["id", "completed_at", "updated_at", "created_at"]) {
      const seen: number[] = [];
      const query = `${list}?per_page=2&sort[${field}]=${direction}`;
      let cursor: string | null = "";
      while (cursor !== null) {
        const page: { body: { records: { id: number }[]; next_cursor: string | null } } = await api.get(
          `${query}&start_cursor=${cursor}`,
        );
        seen.push(...page.body.records.map(({ id }) => id));
        cursor = page.body.next_cursor;
      }
      expect([...seen].sort()).toEqual([1, 2, 3, 4, 5]);
    }
  });

  it("refuse a cursor of another order and one that is none", async () => {
    const { api } = await openYard();
    const { body } = await api.get(`${list}?per_page=2`);
    expect((await api.get(`${list}?per_page=2&sort[id]=asc&start_cursor=${body.next_cursor}`)).status).toBe(400);
    expect((await api.get(`${list}?start_cursor=nonsense`)).body).toEqual({
      errors: { start_cursor: [expect.any(String)] },
    });
  });
});
