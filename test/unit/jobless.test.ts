import { beforeEach, describe, expect, test } from "vitest";
import type { InvoiceFacts } from "#shared/domain/facts.ts";
import { jobIdOf } from "#shared/domain/ids.ts";
import { knownFrom } from "#shared/domain/observation.ts";
import { arriveAbsent } from "#shared/pipeline/arrive.ts";
import { type PlacePorts, placePart } from "#shared/pipeline/place.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";
import { invoice } from "#test/support/money-view.ts";

/** What a claim keeps of an invoice that stood without a job. */
let ports: PlacePorts;
beforeEach(() => {
  ports = memoryWorld().company("ridgeline");
});

const key = "st/invoices/9";
const customer = { connection: "st", stream: "customers", id: "c1" };
const plain = { customer, number: "M-9", day: "2026-11-01", total: 9900, balance: 4900 };
const jobOne = { key: "st/jobs/1", root: true };
const [one, two] = [jobIdOf("st/jobs/1"), jobIdOf("st/jobs/2")];
const claim = async () => (await ports.claims.load([key]))[0];

/** It is read with this number, on these, saying this. */
async function comes(read: number, on: readonly { key: string; root: boolean }[], more: Partial<InvoiceFacts> = {}) {
  const { facts } = invoice({ ...plain, ...more });
  const record = { connection: "st", stream: "invoices", id: "9" };
  const hangsOn = on.map((parent) => parent.key);
  const said = { record, version: { modified: null, read }, digest: `d${read}`, at: "2026-11-02", hangsOn, facts };
  return placePart(ports, key, on, knownFrom(said));
}
const gone = (read: number) =>
  arriveAbsent(ports, {
    ...({ v: 1, kind: "absent", company: "ridgeline", connection: "st", stream: "invoices" } as const),
    ...({ ids: ["9"], read, at: "2026-11-02", how: "deleted" } as const),
  });

describe("an invoice without a job", () => {
  test("is its customer's, with what it said and by which reading", async () => {
    expect(await comes(5, [])).toEqual({ jobs: [], founds: null, waiting: [], after: [] });
    expect(await claim()).toEqual({
      ...{ record: key, jobs: [], person: null, sets: {}, parked: null, digest: "d5", version: 1 },
      unattached: "st/customers/c1",
      jobless: {
        ...{
          attached: false,
          customer: "st/customers/c1",
          number: "M-9",
          day: "2026-11-01",
          total: 9900,
          balance: 4900,
        },
        ...{ draft: false, over: false, version: { modified: null, read: 5 }, seenRead: 5, goneRead: 0 },
      },
    });
  });

  test.each([
    ["nobody's where it names no customer", { customer: null }, "", { customer: null }],
    ["a draft", { stage: "draft" as const }, "st/customers/c1", { draft: true, over: false }],
    ["over when it is void", { stage: "void" as const }, undefined, { over: true }],
    ["over when it is inactive", { presence: "inactive" as const }, undefined, { over: true }],
    ["of no amount where it cannot be read", { total: { unreadable: "x" } }, "st/customers/c1", { total: null }],
  ])("is %s", async (_name, facts, unattached, jobless) => {
    await comes(5, [], facts);
    const kept = await claim();
    expect(kept?.unattached).toBe(unattached);
    expect(kept?.jobless).toMatchObject(jobless);
    expect(kept?.parked).toBe(unattached === undefined ? "no job wants it" : null);
  });

  test("says nothing of this while it always had one", async () => {
    await comes(5, [jobOne]);
    expect(await claim()).toMatchObject({ jobs: [one] });
    expect((await claim())?.jobless).toBeUndefined();
  });

  test("leaves the list when it gets its job, and an earlier reading does not bring it back", async () => {
    await comes(5, []);
    expect((await comes(7, [jobOne])).jobs).toEqual([one]);
    expect(await claim()).toMatchObject({ jobs: [one], jobless: { attached: true } });
    expect((await claim())?.unattached).toBeUndefined();
    expect((await comes(6, [])).jobs).toEqual([one]);
    expect(await claim()).toMatchObject({
      jobs: [one],
      parked: null,
      jobless: { attached: true, version: { read: 7 } },
    });
    expect((await claim())?.unattached).toBeUndefined();
    expect((await comes(8, [{ key: "st/jobs/2", root: true }])).jobs.toSorted()).toEqual([one, two].toSorted());
    expect((await claim())?.jobs).toEqual([two]);
  });

  test("is told to no job that an earlier reading names", async () => {
    await comes(7, []);
    expect((await comes(5, [jobOne])).jobs).toEqual([]);
    expect(await claim()).toMatchObject({ jobs: [], unattached: "st/customers/c1", digest: "d7" });
  });

  test("that leaves its job stays told to it, so that it counts there no more", async () => {
    await comes(5, [jobOne]);
    expect((await comes(6, [])).jobs).toEqual([one]);
    expect(await claim()).toMatchObject({ jobs: [one], unattached: "st/customers/c1" });
    expect((await comes(7, [])).jobs).toEqual([one]);
  });

  test("is gone once a later read proves it, and there again by a still later one", async () => {
    await comes(5, []);
    await gone(5);
    expect((await claim())?.unattached).toBe("st/customers/c1");
    await gone(6);
    expect((await claim())?.unattached).toBeUndefined();
    expect((await claim())?.jobless?.goneRead).toBe(6);
    await gone(4);
    expect((await claim())?.jobless?.goneRead).toBe(6);
    await comes(7, []);
    expect((await claim())?.unattached).toBe("st/customers/c1");
  });

  test("that waits for another invoice is parked, and unattached money all the same", async () => {
    await comes(5, [{ key: "st/invoices/8", root: false }]);
    expect(await claim()).toMatchObject({ parked: "waits for st/invoices/8", unattached: "st/customers/c1" });
  });

  test("by the very same reading is on its job as soon as one delivery finds that", async () => {
    const parent = { key: "st/invoices/8", root: false };
    await comes(5, [parent]);
    const [stored] = await ports.claims.load(["st/invoices/8"]);
    await ports.claims.save({ stored: stored!, next: { ...stored!, jobs: [one] } });
    await comes(5, [parent]);
    expect(await claim()).toMatchObject({ jobs: [one], jobless: { attached: true }, parked: null });
    expect((await claim())?.unattached).toBeUndefined();
  });
});
