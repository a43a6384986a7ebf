import { beforeEach, describe, expect, test } from "vitest";
import { knownFrom } from "#shared/domain/observation.ts";
import type { ReadRecord } from "#shared/messages/inbound.ts";
import { type ArrivePorts, arrive, arriveAbsent } from "#shared/pipeline/arrive.ts";
import { arrivingWorld, at, company, describer, jobOf, observed, read, ref, said } from "#test/support/arriving.ts";
import { customer } from "#test/support/linking-world.ts";
import { invoice, payment, root } from "#test/support/money-view.ts";

/** What one message of readings means for jobs. */
const job = said(root({}).facts);
const first = jobOf("1");
let ports: ArrivePorts;
const arrived = (...records: readonly ReadRecord[]) => arrive(ports, company, observed("s1", []), records, 4);

beforeEach(() => {
  ({ ports } = arrivingWorld());
});

describe("a record that fits", () => {
  test("founds its job, with what it says and the number of its reading", async () => {
    const found = await arrived(read("jobs", "1", job, { modified: "2026-11-02T07:00:00Z" }));
    expect(found).toMatchObject({ again: [], after: [], hints: [], quarantined: 0 });
    expect([...found.jobs]).toEqual([
      [
        first,
        {
          observations: {
            "s1/jobs/1": knownFrom({
              record: ref("jobs", "1"),
              version: { modified: "2026-11-02T07:00:00Z", read: 7 },
              digest: "d-1",
              at,
              hangsOn: [],
              facts: job.facts,
            }),
          },
          links: [{ record: "s1/jobs/1", rule: "first", evidence: ["its own"], at, batch: null }],
        },
      ],
    ]);
  });

  test("is read in the zone of its connection, else of the company", async () => {
    const zones: string[] = [];
    const normalise: typeof describer.normalise = (_stream, raw, { zone }) => {
      zones.push(zone);
      return describer.normalise("", raw, { zone } as never);
    };
    ports = { ...ports, describer: () => ({ ...describer, normalise }) };
    await arrived(read("jobs", "1", job));
    await arrive(ports, company, observed("s2", []), [read("jobs", "1", job)], 1);
    expect(zones).toEqual(["America/Boise", "America/Denver"]);
  });

  test("comes to the same job again without founding it", async () => {
    await arrived(read("jobs", "1", job));
    const found = await arrived(read("jobs", "1", job, { read: 8 }));
    expect(found.jobs.get(first)?.links).toMatchObject([{ rule: "first", evidence: [] }]);
  });

  test("as a part comes to the job of what it hangs on, with what could not be understood", async () => {
    const part = said(invoice({}).facts, { parents: [ref("jobs", "1")], notices: ["unknown-word: Misc"] });
    const found = await arrived(read("invoices", "5", part));
    const arrival = found.jobs.get(first);
    expect(arrival?.observations["s1/invoices/5"]?.said).toMatchObject({
      hangsOn: ["s1/jobs/1"],
      notices: ["unknown-word: Misc"],
    });
    expect(arrival?.links).toEqual([{ record: "s1/invoices/5", rule: "part", evidence: [], at, batch: null }]);
    const quiet = await arrived(read("invoices", "5", { ...part, notices: [] }));
    expect(Object.keys(quiet.jobs.get(first)?.observations["s1/invoices/5"]?.said ?? {})).not.toContain("notices");
  });

  test("as a visit or as somebody put on the job likewise; on what nobody knows it waits", async () => {
    const visit = {
      kind: "visit",
      presence: "present",
      state: "done",
      word: "Done",
      schedule: null,
      start: null,
    } as const;
    const technician = { record: null, email: "ana@example.com", name: null };
    const put = { kind: "assignment", presence: "present", technician, visit: null } as const;
    const parents = [ref("jobs", "1")];
    const found = await arrived(
      read("invoices", "5", said(visit, { parents })),
      read("invoices", "6", said(put, { parents })),
    );
    expect(Object.keys(found.jobs.get(first)?.observations ?? {})).toEqual(["s1/invoices/5", "s1/invoices/6"]);
    const lost = await arrived(read("invoices", "7", said(put, { parents: [ref("fleet", "1")] })));
    expect([lost.jobs.size, lost.quarantined]).toEqual([0, 0]);
    expect(await ports.claims.load(["s1/invoices/7"])).toMatchObject([{ parked: "waits for s1/fleet/1" }]);
  });

  test("and its parts in one message come to one job together", async () => {
    const part = said(invoice({}).facts, { parents: [ref("jobs", "1")] });
    const found = await arrived(read("jobs", "1", job), read("invoices", "5", part), read("invoices", "6", part));
    expect(Object.keys(found.jobs.get(first)?.observations ?? {})).toEqual([
      "s1/jobs/1",
      "s1/invoices/5",
      "s1/invoices/6",
    ]);
    expect(found.jobs.get(first)?.links?.map(({ record }) => record)).toEqual([
      "s1/jobs/1",
      "s1/invoices/5",
      "s1/invoices/6",
    ]);
  });

  test("said twice counts as it was read last, whichever stands first", async () => {
    const [early, late] = [read("jobs", "1", job, { digest: "a" }), read("jobs", "1", job, { digest: "b", read: 9 })];
    for (const order of [
      [early, late],
      [late, early],
    ])
      expect((await arrived(...order)).jobs.get(first)?.observations["s1/jobs/1"]?.said?.digest).toBe("b");
  });

  test("asks for what it touches to be read too", async () => {
    const found = await arrived(
      read("jobs", "1", { ...job, alsoRead: [ref("invoices", "5"), ref("jobs", "2", "s2")] }),
    );
    const hint = { v: 1, kind: "records", company: "model", why: "also-read", purpose: "live" };
    expect(found.hints).toEqual([
      { ...hint, connection: "s1", stream: "invoices", ids: ["5"] },
      { ...hint, connection: "s2", stream: "jobs", ids: ["2"] },
    ]);
  });

  test("of a customer sends the jobs that name them round, once they are entered", async () => {
    await ports.sets.add("of:s1/customers/c1", "s1/jobs/1", {});
    const found = await arrived(
      read("customers", "c1", said(customer("s1", "c1", "Dana", { phones: ["3035550101"] }).facts)),
    );
    expect(found).toMatchObject({ again: ["s1/jobs/1"], after: [{ told: { next: { record: "s1/customers/c1" } } }] });
    expect(found.jobs.size).toBe(0);
  });

  test("that is kept for its name only touches no job, and its digest is kept where the sweep looks", async () => {
    const place = said({ kind: "reference", presence: "present", name: "North", values: {} });
    const claim = async () => (await ports.claims.load(["s1/places/1"]))[0];
    expect((await arrived(read("places", "1", place))).jobs.size).toBe(0);
    expect(await claim()).toMatchObject({ digest: "d-1", version: 1 });
    await arrived(read("places", "1", place));
    expect(await claim()).toMatchObject({ version: 1 });
    await arrived(read("places", "1", place, { digest: "d-2" }));
    expect(await claim()).toMatchObject({ digest: "d-2", version: 2 });
  });
});

describe("a record that does not fit is set aside, never its message", () => {
  test.each([
    ["of a stream its vendor has not", read("fleet", "1", job), "no stream fleet"],
    ["that its vendor's folder cannot read", read("jobs", "1", { unfit: "no id" }), "no id"],
    ["that its folder cannot read, nor when it was changed", read("dated", "1", { unfit: "no id" }), "no id"],
    [
      "without the version its document states",
      read("dated", "1", job),
      "no modified time, though its document states one",
    ],
  ])("%s", async (_name, record, reason) => {
    const found = await arrived(record, read("jobs", "2", job));
    expect(found.quarantined).toBe(1);
    expect([...found.jobs.keys()]).toEqual([jobOf("2")]);
    expect(await ports.quarantine.list()).toMatchObject([
      { connection: "s1", stream: record.stream, id: "1", reason, at },
    ]);
  });
  test("with its version it fits, and without one where none is stated", async () => {
    const found = await arrived(read("dated", "1", job, { modified: at }), read("jobs", "1", job));
    expect([found.quarantined, found.jobs.size]).toEqual([0, 2]);
  });
  test("a connection that is not configured, or whose vendor nobody knows, is refused whole", async () => {
    await expect(arrive(ports, company, observed("s9", []), [], 1)).rejects.toMatchObject({ kind: "bad-input" });
    const nobody = { ...ports, describer: () => undefined };
    await expect(arrive(nobody, company, observed("s1", []), [], 1)).rejects.toThrow(
      "no connection s1 in company model",
    );
  });
});

describe("records proven gone", () => {
  test("arrive at every job they touch", async () => {
    const split = said(payment([]).facts, { parents: [ref("jobs", "1"), ref("jobs", "2")] });
    await arrived(read("payments", "9", split), read("jobs", "3", job));
    const gone = await arriveAbsent(ports, {
      ...{ v: 1, kind: "absent", company: "model", connection: "s1", stream: "payments" },
      ...{ ids: ["9", "never seen"], read: 12, at, how: "deleted" },
    });
    const known = { said: null, seenRead: 0, absent: { read: 12, at, how: "deleted" } };
    expect(Object.fromEntries(gone.jobs)).toEqual({
      [first]: { observations: { "s1/payments/9": known } },
      [jobOf("2")]: { observations: { "s1/payments/9": known } },
    });
  });
  test("of one job arrive there together", async () => {
    const part = said(invoice({}).facts, { parents: [ref("jobs", "1")] });
    await arrived(read("invoices", "5", part), read("invoices", "6", part));
    const gone = await arriveAbsent(ports, {
      ...{ v: 1, kind: "absent", company: "model", connection: "s1", stream: "invoices" },
      ...{ ids: ["5", "6"], read: 12, at, how: "unseen" },
    });
    expect(Object.keys(gone.jobs.get(first)?.observations ?? {})).toEqual(["s1/invoices/5", "s1/invoices/6"]);
  });
});
