import { describe, expect, test } from "vitest";
import type { Inbound } from "#shared/messages/inbound.ts";
import { inTheirOrder } from "#shared/pipeline/batch-order.ts";
import { customer, job, linkingWorld, type Told, technician } from "#test/support/linking-world.ts";

/** One call in two systems, and the people both name: the worst order, everything before what it builds on. */
const told: readonly Told[] = [
  job("s1", "10", { of: "c1", technicians: [{ record: tech("s1", "t1"), email: null, name: "Ana" }] }),
  job("s2", "20", { of: "c9", technicians: [{ record: tech("s2", "t9"), email: null, name: "Ana" }] }),
  customer("s1", "c1", "Dana Whitfield", { phones: ["3035550101"] }),
  customer("s2", "c9", "Whitfield Dana", { phones: ["3035550101"] }),
  technician("s1", "t1", "Ana", "ana@example.com"),
  technician("s2", "t9", "Ana B.", "ana@example.com"),
];

function tech(connection: string, id: string) {
  return { connection, stream: "technicians", id };
}

test("a batch places people before the jobs that name them, so that no job asks for a second look", async () => {
  const world = linkingWorld();
  await world.readTogether(told);
  expect(await world.jobs()).toHaveLength(1);
  expect(world.queues.sent.inbound).toEqual([]);
});

test("message by message the same end takes second looks", async () => {
  const world = linkingWorld();
  for (const one of told) await world.read(one);
  expect(world.queues.sent.inbound.length).toBeGreaterThan(0);
  await world.drain();
  expect(await world.jobs()).toHaveLength(1);
});

describe("messages in the order in which their records build on each other", () => {
  const { company, ports } = linkingWorld();
  const observed = (connection: string, stream: string | null): Inbound => {
    const record = { ...{ id: "1", modified: null, read: 1, at: "2026-11-02T08:00:00.000Z", digest: "d", raw: {} } };
    const records = stream === null ? [] : [{ ...record, stream }];
    return { v: 1, kind: "observations", company: company.id, connection, records, archived: null };
  };
  const due: Inbound = { v: 1, kind: "due", company: company.id, job: "j1" };
  const gone: Inbound = {
    ...{ v: 1, kind: "absent", company: company.id, connection: "s1", stream: "jobs", ids: ["1"], read: 1 },
    ...{ at: "2026-11-02T08:00:00.000Z", how: "deleted" },
  };
  const named = (message: Inbound): string =>
    message.kind === "observations" ? (message.records[0]?.stream ?? "archived") : message.kind;
  const ordered = (messages: readonly Inbound[], describer = ports.describer) =>
    inTheirOrder({ describer }, company, messages).map((together) => together.map(([, message]) => named(message)));

  test("people, jobs, then the others as their vendor lists them; what says no record comes last", () => {
    const mixed = ["payments", null, "invoices", "jobs", "technicians", "customers", "unheard"];
    expect(ordered([due, gone, ...mixed.map((stream) => observed("s1", stream)), observed("s2", "jobs")])).toEqual([
      ["technicians", "customers"],
      ["jobs", "jobs"],
      ["invoices"],
      ["payments"],
      ["due", "absent", "archived", "unheard"],
    ]);
  });

  test("jobs come before the parts that a vendor lists first", () => {
    const describer = ports.describer("");
    if (!describer) throw new Error("nobody describes it");
    const { customers, payments, jobs, invoices } = describer.streams;
    const partsFirst = { payments: payments!, invoices: invoices!, jobs: jobs!, customers: customers! };
    const messages = ["invoices", "payments", "jobs", "customers"].map((stream) => observed("s1", stream));
    expect(ordered(messages, () => ({ ...describer, streams: partsFirst }))).toEqual([
      ["customers"],
      ["jobs"],
      ["payments"],
      ["invoices"],
    ]);
  });

  test("each keeps the place in which it came, by which it is answered", () => {
    const positions = inTheirOrder(ports, company, [observed("s1", "jobs"), due, observed("s1", "customers")]);
    expect(positions.map((together) => together.map(([position]) => position))).toEqual([[2], [0], [1]]);
  });

  test("those of a connection or a vendor that nobody knows come as they come", () => {
    expect(ordered([observed("s9", "jobs"), observed("s1", "jobs")])).toEqual([["jobs"], ["jobs"]]);
    expect(ordered([observed("s9", "payments"), observed("s1", "jobs")])).toEqual([["jobs"], ["payments"]]);
    expect(ordered([observed("s1", "payments"), observed("s1", "jobs")], () => undefined)).toEqual([
      ["payments", "jobs"],
    ]);
  });
});
