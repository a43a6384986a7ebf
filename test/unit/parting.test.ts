import { describe, expect, test } from "vitest";
import type { JobState } from "#shared/domain/job.ts";
import { partingOf } from "#shared/pipeline/parting.ts";
import { intentOf, receiptOf, refusalOf } from "#test/support/acts.ts";
import { s1, s2 } from "#test/support/compared.ts";
import { jobWith, linkTo, on } from "#test/support/job-with.ts";
import { invoice, payment, root } from "#test/support/money-view.ts";

const [office, crew] = ["s1/jobs/1", "s2/jobs/1"];
const ref = (connection: string) => ({ connection, stream: "jobs", id: "1" });
const customer = (connection: string) => ({ connection, stream: "customers", id: "c1" });
const people = { "s1/customers/c1": "dana", "s2/customers/c1": "luis" };
const mine = root({ customer: customer("s1") }, s1);
const other = root({ customer: customer("s2") }, s2);
const waits = intentOf();

/** The office's job before it absorbed the crews', and what the crews' was and gave up. */
const before = jobWith([mine], { id: "into", people: { "s1/customers/c1": "dana" } });
const own = jobWith([other], { id: "past", people: { "s2/customers/c1": "luis" }, intents: [waits], dueAt: "then" });
const past: JobState = {
  ...own,
  ...{ forwardTo: "into", intents: [], dueAt: null, before: { into: before, intents: [waits], dueAt: "then" } },
};
const joined = (more: Partial<JobState> = {}, ...since: Parameters<typeof jobWith>[0]): JobState => ({
  ...jobWith([mine, other, ...since], { id: "into", people }),
  ...more,
});
const part = (into: JobState, from: JobState = past, was: JobState | null = before) =>
  partingOf(into, from, [crew], was);

test("each side starts from exactly what it was, a forwarding item that forwards no more", () => {
  const { remaining, returned, leaving, staying } = part(joined());
  expect(remaining.start).toEqual(before);
  expect(returned.start).toEqual(own);
  expect("before" in returned.start).toBe(false);
  expect([[...leaving], [...staying]]).toEqual([[crew], [office]]);
});

test("a job too large to be kept starts from what it holds now, and so does one that held what leaves", () => {
  const plain = { ...joined(), links: [linkTo(office, "first")], people: { "s1/customers/c1": "dana" } };
  const now = { ...plain, observations: { [office]: joined().observations[office] } };
  expect(part(joined(), past, null).remaining.start).toEqual(now);
  expect(part(joined(), past, { ...before, id: "another" }).remaining.start).toEqual(now);
  const held = { ...before, links: [...before.links, linkTo(crew, "person")] };
  expect(part(joined(), past, held).remaining.start).toEqual(now);
});

test("a forwarding item that kept nothing gives back a job without intents", () => {
  const { before: _, ...bare } = past;
  expect(part(joined(), bare).returned.start).toMatchObject({ intents: [], dueAt: null, forwardTo: null });
});

describe("what was read since", () => {
  const since = [on(invoice({}, s1), office), on(invoice({}, s2), crew)];

  test("arrives on the side whose record it hangs on", () => {
    const { remaining, returned } = part(joined({}, ...since));
    expect(Object.keys(remaining.arrivals.observations)).toEqual([office, "s1/invoices/1"]);
    expect(Object.keys(returned.arrivals.observations)).toEqual([crew, "s2/invoices/1"]);
    expect(remaining.arrivals.links?.map(({ record }) => record)).toEqual([office, "s1/invoices/1"]);
    expect(returned.arrivals.links?.map(({ record }) => record)).toEqual([crew, "s2/invoices/1"]);
  });

  test("belongs to no batch, unless a batch linked it", () => {
    const links = [
      ...[linkTo(office, "first", { batch: "b1" }), linkTo("s1/invoices/1", "part", { batch: "b1" })],
      ...[linkTo(crew, "person", { batch: "b1" }), linkTo("s2/invoices/1", "part", { batch: "b1" })],
    ];
    const { remaining, returned } = part(joined({ links }, ...since));
    expect(remaining.arrivals.links?.map(({ batch }) => batch)).toEqual([null, null]);
    expect(returned.arrivals.links?.map(({ batch }) => batch)).toEqual(["b1", null]);
  });

  test("brings along whom it names, and nobody for what was there before", () => {
    const newcomer = root({ customer: customer("s3") }, { ...s2, id: "2" });
    const known = { ...people, "s3/customers/c1": "vega" };
    const { remaining, returned } = partingOf(joined({ people: known }, newcomer), past, [crew, newcomer.key], before);
    expect([remaining.arrivals.people, returned.arrivals.people]).toEqual([{}, { "s3/customers/c1": "vega" }]);
  });

  test("and lies on both stays in both, but what was done with it leaves", () => {
    const shared = on(payment([["1", 5]], {}, { ...s2, id: "7" }), "s1/invoices/1", "s2/invoices/1");
    const receipts = [receiptOf({ record: { connection: "s2", stream: "payments", id: "7" } })];
    const { remaining, returned } = part(joined({ receipts }, ...since, shared));
    expect(Object.keys(remaining.arrivals.observations)).toContain(shared.key);
    expect(Object.keys(returned.arrivals.observations)).toContain(shared.key);
    expect([remaining.start.receipts, returned.start.receipts]).toEqual([[], receipts]);
  });
});

describe("what was done since", () => {
  const [first, second] = [receiptOf({ record: ref("s1") }), receiptOf({ record: ref("s2") })];
  const [refused, declined] = [refusalOf(office), refusalOf(crew)];

  test("stays on the side whose record it was about", () => {
    const { remaining, returned } = part(joined({ receipts: [first, second], refusals: [declined, refused] }));
    expect([remaining.start.receipts, remaining.start.refusals]).toEqual([[first], [refused]]);
    expect([returned.start.receipts, returned.start.refusals]).toEqual([[second], [declined]]);
  });

  test("comes after what either had before the join, which is not told twice", () => {
    const old = receiptOf({ record: ref("s2"), intent: "i0" });
    const was = { ...before, receipts: [first], refusals: [refused] };
    const from = { ...past, receipts: [old], refusals: [declined] };
    const again = refusalOf(crew, { wanted: "Canceled" });
    const into = joined({ receipts: [first, old, second], refusals: [refused, declined, again] });
    const { remaining, returned } = part(into, from, was);
    expect([remaining.start.receipts, remaining.start.refusals]).toEqual([[first], [refused]]);
    expect([returned.start.receipts, returned.start.refusals]).toEqual([
      [old, second],
      [declined, again],
    ]);
  });

  test("and accepted, is on the side that has a record of that system, with what it had accepted before", () => {
    const accepted = { "charge:s1": 100, "payment:s2": 200, "charge:s": 300, "payment:s1": 400 };
    const was = { ...before, accepted: { "charge:s1": 100, "payment:s1": 1 } };
    const { remaining, returned } = part(joined({ accepted }), { ...past, accepted: { "charge:s2": 5 } }, was);
    expect(remaining.start.accepted).toEqual({ "charge:s1": 100, "payment:s1": 400 });
    expect(returned.start.accepted).toEqual({ "charge:s2": 5, "payment:s2": 200 });
  });

  test("and accepted, stays with one of several records of the side", () => {
    const third = root({}, { connection: "s3" });
    const was = { ...before, ...jobWith([mine, third], { id: "into" }) };
    const into = joined({ accepted: { "charge:s3": 100 } }, third);
    expect(part(into, past, was).remaining.start.accepted).toEqual({ "charge:s3": 100 });
  });

  test("and accepted, is on the side of a record that the start did not hold: what came along with another job", () => {
    const third = root({}, { connection: "s3" });
    const into = joined({ accepted: { "charge:s3": 100 } }, third);
    expect(part(into).remaining.start.accepted).toEqual({ "charge:s3": 100 });
    expect(part(into).returned.start.accepted).toEqual({});
  });

  test("but not what the other had accepted before it came, though both have records of that system", () => {
    const two = root({}, { ...s1, id: "2" });
    const from = {
      ...past,
      ...jobWith([other, two], { id: "past" }),
      forwardTo: "into",
      accepted: { "charge:s1": 100 },
    };
    const into = joined({ accepted: { "charge:s1": 100 } }, two);
    expect(partingOf(into, from, [crew, two.key], before).remaining.start.accepted).toEqual({});
  });
});
