import { afterEach, describe, expect, test } from "vitest";
import type { Page } from "#shared/connectors/connector.ts";
import { connector } from "#shared/connectors/servicetitan/index.ts";
import { compareInstants } from "#shared/domain/time.ts";
import { fixture, openTenant, type Row, readAll, type Tenant } from "./servicetitan-support.ts";

let tenant: Tenant | undefined;
afterEach(async () => {
  await tenant?.close();
  tenant = undefined;
});

const tie = "2026-10-05T00:00:00.1234567Z";
const before = (n: number) => `2026-10-04T00:00:0${n}.0000001Z`;
const later = (n: number) => `2026-10-06T00:00:0${n}.0000001Z`;
/** Two rows, then twelve of one time, then two more: with five rows a page the twelve begin and end within pages. */
const run = [before(1), before(2), ...Array.from({ length: 12 }, () => tie), later(1), later(2)];

async function openWith(collection: "jobs" | "customers" | "technicians", times: readonly string[]): Promise<Tenant> {
  const [first] = fixture("office")[collection] ?? [];
  const rows = times.map((modifiedOn, n): Row => ({ ...first, id: 20_000 + n, modifiedOn }));
  tenant = await openTenant({ [collection]: rows });
  await tenant.dials({ rowsPerPage: 5 });
  return tenant;
}

const idsOf = (pages: readonly Page[]) => new Set(pages.flatMap(({ records }) => records.map(({ id }) => id)));
const idsFrom = (first: number, count: number) =>
  new Set(Array.from({ length: count - first }, (_, n) => String(20_000 + first + n)));

describe("customers of one modified time over a page's end are read whole", () => {
  const worlds: readonly (readonly [string, readonly string[]])[] = [
    ["a few", [before(1), before(2), before(3), tie, tie, tie, tie, later(1)]],
    ["more than a page", run],
    ["many in one second", Array.from({ length: 13 }, (_, n) => `2026-10-05T00:00:00.${10 + Math.floor(n / 3)}Z`)],
  ];
  const cases = worlds.flatMap(([what, times]) => [true, false].map((after) => ({ what, times, after })));

  test.each(cases)("$what, where the bound leaves its instant out: $after", async ({ times, after }) => {
    const { dials } = await openWith("customers", times);
    await dials({ customersModifiedAfter: after });
    const whole = await readAll(opened(), "customers", null);
    expect(idsOf(whole)).toEqual(idsFrom(0, times.length));
    expect(whole.at(-1)).toMatchObject({ mark: times.at(-1), total: times.length });
  });

  test.each(cases)(
    "$what since that time, where the bound leaves its instant out: $after",
    async ({ times, after }) => {
      const { dials } = await openWith("customers", times);
      await dials({ customersModifiedAfter: after });
      const at = times[4] ?? "";
      // The overlap of ten minutes goes back to the very instant.
      const pages = await readAll(opened(), "customers", at.replace("T00:00", "T00:10"));
      expect([...idsFrom(times.indexOf(at), times.length)].filter((id) => !idsOf(pages).has(id))).toEqual([]);
      expect(pages.flatMap(({ mark }) => mark ?? []).at(-1)).toBe(times.at(-1));
    },
  );
});

describe("a run of equal times longer than a page, of which rows that were read are edited meanwhile, is read whole", () => {
  /** After which pages a row is edited, and how many pages are then found to have drifted. */
  const turns: readonly (readonly [edited: readonly number[], drifts: number])[] = [
    [[1], 0],
    [[2], 1],
    [[3], 1],
    [[2, 3], 1],
    [[3, 4], 1],
    [[2, 4], 2],
    [[2, 3, 4], 2],
    [[3, 5, 6], 2],
  ];
  const streams = ["jobs", "customers"] as const;
  const cases = streams.flatMap((stream) => turns.map(([edited, drifts]) => ({ stream, edited, drifts })));

  test.each(cases)("$stream, edited after pages $edited", async ({ stream, edited, drifts }) => {
    const { plant, clock } = await openWith(stream, run);
    const stand = new Map(run.map((time, n) => [String(20_000 + n), time]));
    const seen = new Set<string>();
    let drifted = 0;
    for (let [turn, next]: [number, string | null] = [1, null]; ; turn += 1) {
      const page: Page = await connector.reader.page(opened().client, { stream, next, since: null });
      for (const { id } of page.records) seen.add(id);
      const { mark } = page;
      const passed = (time: string) => mark !== null && compareInstants(time, mark) < 0;
      expect([...stand].filter(([id, time]) => passed(time) && !seen.has(id))).toEqual([]);
      if (page.next === null) break;
      if (next !== null && pageOf(next) > 1 && pageOf(page.next) === 1 && fromOf(page.next) === fromOf(next)) {
        drifted += 1;
        expect(mark).toBeNull();
      }
      next = page.next;
      expect(turn).toBeLessThan(40);
      if (!edited.includes(turn)) continue;
      const at = `2026-10-29T08:0${turn}:00.0000000Z`;
      const read = [...stand].find(([id, time]) => time === tie && seen.has(id))?.[0] ?? "";
      stand.set(read, at);
      await plant([{ at, collection: stream, key: read, op: "update", fields: { summary: at } }]);
      await clock(at);
    }
    expect([...stand.keys()].filter((id) => !seen.has(id))).toEqual([]);
    expect(drifted).toBe(drifts);
  });
});

describe("what stands still is asked for as seldom as its pages demand", () => {
  const apart = Array.from({ length: 12 }, (_, n) => `2026-10-05T00:00:${10 + n}.0000001Z`);
  const alike = Array.from({ length: 12 }, () => tie);
  test.each([
    { what: "times apart", stream: "jobs", times: apart, since: null, pages: 3, besides: 1 },
    { what: "times apart", stream: "jobs", times: apart, since: "2026-10-05T00:00:00Z", pages: 3, besides: 0 },
    // The first page tells the time; of the three that are asked for by it, each after the first is looked at again.
    { what: "one time", stream: "jobs", times: alike, since: null, pages: 4, besides: 1 + 2 },
    { what: "one time", stream: "jobs", times: alike, since: "2026-10-05T00:00:00Z", pages: 4, besides: 2 },
    { what: "a list without a sort", stream: "technicians", times: alike, since: null, pages: 3, besides: 1 },
  ] as const)("$stream with $what since $since", async ({ stream, times, since, pages, besides }) => {
    const { requests } = await openWith(stream, times);
    expect((await readAll(opened(), stream, since)).length).toBe(pages);
    expect(requests()).toBe(pages + besides);
  });
});

const pageOf = (next: string): number => JSON.parse(next).page;
const fromOf = (next: string): string => JSON.parse(next).from;

function opened(): Tenant {
  if (!tenant) throw new Error("no tenant is open");
  return tenant;
}
