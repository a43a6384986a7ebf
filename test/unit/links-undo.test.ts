import { beforeEach, describe, expect, test } from "vitest";
import { jobIdOf } from "#shared/domain/ids.ts";
import { emptyJob } from "#shared/domain/job.ts";
import { entriesOf } from "#shared/pipeline/crosswalk-import.ts";
import { linkRecords } from "#shared/pipeline/review.ts";
import { unlink } from "#shared/pipeline/unlink.ts";
import { customer, invoice, job, type LinkingWorld, linkingWorld, payment } from "#test/support/linking-world.ts";
import {
  claimMoves,
  imported,
  jobHolding,
  linkRowsOf,
  takenBack,
  together,
  underWay,
} from "#test/support/links-file.ts";
import { standingReceipt } from "#test/support/standing-job.ts";

/** Three systems have a job each that nothing links; a fourth one's is not seen yet. */
const [a, b, c, late] = ["s1/jobs/1", "s2/jobs/2", "s3/jobs/3", "s4/jobs/4"] as const;
let world: LinkingWorld;
const said = (record: string, charge = 45_000) => {
  const [connection = "", , id = ""] = record.split("/");
  return job(connection, id, { technicians: [], serviceDay: `2026-11-0${id}`, charge });
};
beforeEach(async () => {
  world = linkingWorld();
  for (const record of [a, b, c]) await world.read(said(record));
});
const entered = async () => [...(await entriesOf(world.ports)).keys()];
const historyOf = async (record: string) => world.ports.jobs.history((await jobHolding(world, record)).id);

describe("jobs that a file had made one", () => {
  test("part again, all of them, and only those of that batch", async () => {
    const first = await imported(world, linkRowsOf("Pena", [a, b]));
    const second = await imported(world, linkRowsOf("Pena", [a, b, c]));
    expect(await takenBack(world, first)).toEqual({ batch: first.batch, undone: 2, left: [] });
    expect(await together(world)).toEqual([`${a} ${c}`, b]);
    expect(await entered()).toEqual([c]);
    expect(await takenBack(world, second)).toEqual({ batch: second.batch, undone: 1, left: [] });
    expect(await together(world)).toEqual([a, b, c]);
    expect(await entered()).toEqual([]);
  });
  test("part with all that hung on them", async () => {
    await world.read(invoice("s2", "70", "2", 500));
    const { batch } = await imported(world, linkRowsOf("Pena", [a, b]));
    expect(await together(world)).toEqual([`${a} s2/invoices/70 ${b}`, c]);
    expect(await takenBack(world, { batch })).toMatchObject({ undone: 2, left: [] });
    expect(await together(world)).toEqual([a, `s2/invoices/70 ${b}`, c]);
  });
  test("are told apart in the history of both, with the batch and who took it back", async () => {
    const { batch } = await imported(world, linkRowsOf("Pena", [a, b]));
    await takenBack(world, { batch });
    for (const record of [a, b])
      expect((await historyOf(record)).at(-1)?.lines[0]).toBe(`unlinked ${b} by ben: batch ${batch} taken back by ben`);
  });
  test("stay one where a person had linked them before the file came", async () => {
    await linkRecords(world.ports, world.company, { records: [a, b], by: "ana", why: "the crew says so" });
    const { batch } = await imported(world, linkRowsOf("Pena", [a, b, c]));
    expect(await together(world)).toEqual([`${a} ${b} ${c}`]);
    expect(await takenBack(world, { batch })).toMatchObject({ undone: 3, left: [] });
    expect(await together(world)).toEqual([`${a} ${b}`, c]);
    expect((await jobHolding(world, b)).links.find(({ record }) => record === b)?.rule).toBe("person");
  });
  test("wait for a write that is under way, and part when it is done", async () => {
    const { batch } = await imported(world, linkRowsOf("Pena", [a, b]));
    await underWay(world, a, true);
    const why = "a write to its job is under way; undo again when it is done";
    expect(await takenBack(world, { batch })).toEqual({ batch, undone: 1, left: [{ record: b, why }] });
    expect([await together(world), await entered()]).toEqual([[`${a} ${b}`, c], [b]]);
    await underWay(world, a, false);
    expect(await takenBack(world, { batch })).toEqual({ batch, undone: 1, left: [] });
    expect([await together(world), await entered()]).toEqual([[a, b, c], []]);
  });
  test("leave alone what a person has taken apart since", async () => {
    const { batch } = await imported(world, linkRowsOf("Pena", [a, b, c]));
    await unlink(world.ports, world.company, { record: b, by: "ana", why: "another call", apart: true });
    expect(await takenBack(world, { batch })).toMatchObject({ undone: 3, left: [] });
    expect(await together(world)).toEqual([a, b, c]);
    expect((await historyOf(b)).at(-1)?.lines[0]).toBe(`unlinked ${b} by ana: another call`);
  });
  test("stay where a person has linked them since", async () => {
    const { batch } = await imported(world, linkRowsOf("Pena", [a, b, c]));
    for (const record of [b, c])
      await unlink(world.ports, world.company, { record, by: "ana", why: "another call", apart: true });
    await linkRecords(world.ports, world.company, { records: [b, c], by: "ana", why: "the crew says so" });
    expect(await together(world)).toEqual([a, `${b} ${c}`]);
    expect(await takenBack(world, { batch })).toMatchObject({ undone: 3, left: [] });
    expect(await together(world)).toEqual([a, `${b} ${c}`]);
  });
  test("may be found to be one again by a rule: only a person holds records apart", async () => {
    const phones = ["3035550101"];
    const { batch } = await imported(world, linkRowsOf("Pena", [a, b]));
    await takenBack(world, { batch });
    await world.tell(customer("s1", "c1", "Ana Roe", { phones }), customer("s2", "c1", "Ana Roe", { phones }));
    await world.tell(job("s1", "1", { of: "c1", charge: null }), job("s2", "2", { of: "c1", charge: null }));
    expect(await together(world)).toEqual([`${a} ${b}`, c]);
  });
  test("of no batch there is nothing to take back", async () => {
    await imported(world, linkRowsOf("Pena", [a, b]));
    expect(await takenBack(world, { batch: "b0" })).toEqual({ batch: "b0", undone: 0, left: [] });
    expect(await together(world)).toEqual([`${a} ${b}`, c]);
  });
});

describe("a record that met the others when it came", () => {
  const others = [a, late];
  test("stands alone, as if for the first time, with all that hangs on it; both histories say so", async () => {
    const { batch } = await imported(world, linkRowsOf("Pena", others));
    for (const one of [said(late, 50_000), invoice("s4", "70", "4", 50_000), payment("s4", "80", { 70: 10_000 })])
      await world.read(one);
    const at = await world.clock.now();
    expect(await takenBack(world, { batch })).toMatchObject({ undone: 2, left: [] });
    const own = `s4/invoices/70 ${late} s4/payments/80`;
    expect(await together(world)).toEqual([a, b, c, own]);
    const state = await jobHolding(world, late);
    expect(state.id).toBe(jobIdOf(late));
    const evidence = [`batch ${batch} taken back by ben`];
    expect(state.links).toEqual([
      { record: "s4/invoices/70", rule: "part", evidence, at, batch: null },
      { record: late, rule: "first", evidence, at, batch: null },
      { record: "s4/payments/80", rule: "part", evidence, at, batch: null },
    ]);
    expect(state.money).toMatchObject([{ connection: "s4", charge: 50_000, payment: 10_000 }]);
    for (const record of [a, late]) {
      const line = `unlinked ${own.replaceAll(" ", ", ")}: batch ${batch} taken back by ben`;
      expect((await historyOf(record)).at(-1)).toMatchObject({ at, cause: "person", records: own.split(" ") });
      const followed = record === a ? [] : ["s4 charge 500.00", "s4 payment 100.00"];
      expect((await historyOf(record)).at(-1)?.lines).toEqual([line, ...followed]);
    }
    const claims = await world.ports.claims.load([late, "s4/invoices/70", a]);
    expect(claims.map(({ jobs }) => jobs)).toEqual([[jobIdOf(late)], [jobIdOf(late)], [jobIdOf(a)]]);
    await world.read(said(late, 60_000));
    expect(await together(world)).toEqual([a, b, c, own]);
  });
  test("leaves nothing of itself behind: no base, no money, no break of its system", async () => {
    const alone = await jobHolding(world, a);
    const { batch } = await imported(world, linkRowsOf("Pena", others));
    await world.read(said(late, 50_000));
    await takenBack(world, { batch });
    const state = await jobHolding(world, a);
    expect([state.money, state.bases, state.links]).toEqual([alone.money, alone.bases, alone.links]);
    expect(state.breaks.filter(({ state: its }) => its !== "resolved")).toEqual([]);
  });
  test("keeps a payment that lies on invoices of both jobs in both", async () => {
    const { batch } = await imported(world, linkRowsOf("Pena", ["s1/jobs/8", "s1/jobs/9", late]));
    for (const one of [
      said("s1/jobs/8"),
      said("s1/jobs/9"),
      invoice("s1", "78", "8", 500),
      invoice("s1", "79", "9", 700),
    ])
      await world.read(one);
    await world.read(payment("s1", "80", { 78: 500, 79: 700 }));
    const hung = ["s1/invoices/78", "s1/invoices/79", "s1/jobs/8", "s1/jobs/9", "s1/payments/80"].join(" ");
    expect(await together(world)).toContain(hung);
    await takenBack(world, { batch });
    expect(await together(world)).toEqual([
      "s1/invoices/78 s1/jobs/8 s1/payments/80",
      "s1/invoices/79 s1/jobs/9 s1/payments/80",
      ...[a, b, c],
    ]);
    expect((await world.ports.claims.load(["s1/payments/80"]))[0]?.jobs).toEqual(
      [jobIdOf("s1/jobs/8"), jobIdOf("s1/jobs/9")].sort(),
    );
  });
  test("goes with all that hangs on it, however much: no transaction holds more than a hundred items", async () => {
    const { batch } = await imported(world, linkRowsOf("Pena", others));
    const bills = Array.from({ length: 95 }, (_, n) => invoice("s4", `${100 + n}`, "4", 100));
    await world.readTogether([said(late), ...bills]);
    const { jobs } = world.ports;
    const sizes: number[] = [];
    const commitTogether: typeof jobs.commitTogether = async (changes, claims, at) => {
      sizes.push(changes.length + claims.length);
      return jobs.commitTogether(changes, claims, at);
    };
    await takenBack({ ...world, ports: { ...world.ports, jobs: { ...jobs, commitTogether } } }, { batch });
    expect(sizes).toEqual([92]);
    const moved = await world.ports.claims.load([late, ...bills.map(({ id }) => `s4/invoices/${id}`)]);
    expect(new Set(moved.flatMap((claim) => claim.jobs))).toEqual(new Set([jobIdOf(late)]));
  });
  test("takes along what was written to it and refused by it", async () => {
    const { batch } = await imported(world, linkRowsOf("Pena", others));
    await world.read(said(late));
    const stored = await world.ports.jobs.load(jobIdOf(a));
    const record = { connection: "s4", stream: "jobs", id: "4" };
    const refusal = {
      target: "status" as const,
      read: "x",
      wanted: "y",
      outcome: "ignored" as const,
      at: "",
      note: null,
    };
    const receipts = [standingReceipt("i1", { record }), standingReceipt("i2")];
    const refusals = [a, late].map((one) => ({ ...refusal, record: one }));
    await world.ports.jobs.commit(stored, { ...stored.state, receipts, refusals }, await world.clock.now());
    await takenBack(world, { batch });
    const [stays, gone] = [await jobHolding(world, a), await jobHolding(world, late)];
    expect([stays, gone].map((one) => one.receipts.map(({ intent }) => intent))).toEqual([["i2"], ["i1"]]);
    expect([stays, gone].map((one) => one.refusals.map((its) => its.record))).toEqual([[a], [late]]);
  });
  test("that never came lose their claim, told where they were waited for", async () => {
    const { batch } = await imported(world, linkRowsOf("Pena", others));
    expect(await takenBack({ ...world, ports: claimMoves(world, late, 7) }, { batch })).toMatchObject({
      undone: 2,
      left: [],
    });
    expect((await world.ports.claims.load([late]))[0]?.jobs).toEqual([]);
    const line = `${late} no longer belongs here: batch ${batch} taken back by ben`;
    expect((await historyOf(a)).at(-1)).toMatchObject({ cause: "person", records: [late], lines: [line] });
    await world.read(said(late));
    expect(await together(world)).toEqual([a, b, c, late]);
  });
  test("stays when its claim never stands still, and says so", async () => {
    const { batch } = await imported(world, linkRowsOf("Pena", others));
    const moving = { ...world, ports: claimMoves(world, late, 8) };
    expect(await takenBack(moving, { batch })).toEqual({
      ...{ batch, undone: 1 },
      left: [{ record: late, why: "its job keeps moving; undo again" }],
    });
    expect(await takenBack(world, { batch })).toMatchObject({ undone: 1, left: [] });
  });
  test("parts although its job moves once meanwhile", async () => {
    const { batch } = await imported(world, linkRowsOf("Pena", others));
    await world.read(said(late));
    const { jobs } = world.ports;
    let moves = 1;
    const commitTogether: typeof jobs.commitTogether = async (...all) =>
      moves-- > 0 ? "conflict" : jobs.commitTogether(...all);
    const moving = { ...world, ports: { ...world.ports, jobs: { ...jobs, commitTogether } } };
    expect(await takenBack(moving, { batch })).toMatchObject({ undone: 2, left: [] });
    expect(await together(world)).toEqual([a, b, c, late]);
  });
});

describe("people that a file had made one", () => {
  const [one, other] = ["s1/customers/p", "s2/customers/q"] as const;
  const rows = linkRowsOf("pena", [one, other], { kind: "customer" });
  const persons = async () => (await world.ports.claims.load([one, other])).map(({ person }) => person);
  const members = async (person: string | null | undefined) =>
    (await world.ports.sets.list(`person:${person}`)).map(({ member }) => member);

  test("are who they were, and their jobs are looked at again", async () => {
    await world.read(customer("s1", "p", "Octavio Pena", { phones: ["3035550100"] }));
    await world.read(customer("s2", "q", "Maria Pena", { phones: ["3035550199"] }));
    await world.read(job("s2", "7", { of: "q", serviceDay: "2026-11-07", technicians: [] }));
    const before = await persons();
    const { batch } = await imported(world, rows);
    const sent = world.queues.sent.inbound.length;
    expect(await takenBack(world, { batch })).toEqual({ batch, undone: 2, left: [] });
    expect(await persons()).toEqual(before);
    expect([await members(before[0]), await members(before[1])]).toEqual([[one], [other]]);
    expect(world.queues.sent.inbound.slice(sent)).toMatchObject([{ kind: "due", job: jobIdOf("s2/jobs/7") }]);
    expect(await entered()).toEqual([]);
    const pinned = (await world.ports.claims.load([one, other])).filter(({ sets }) => sets["crosswalk"] !== undefined);
    expect(pinned).toEqual([]);
  });
  test("are nobody where they had not been seen; who comes is a person of its own again", async () => {
    const { batch } = await imported(world, rows);
    const [mine] = await persons();
    await takenBack(world, { batch });
    expect([await persons(), await members(mine), await members(null)]).toEqual([[null, null], [], []]);
    await world.tell(
      customer("s1", "p", "Octavio Pena", { phones: ["3035550100"] }),
      customer("s2", "q", "Maria Pena", { phones: ["3035550199"] }),
    );
    expect(new Set(await persons()).size).toBe(2);
  });
});

test("a job that nobody has is not looked for: what was read there is gone with its claim", async () => {
  const { batch } = await imported(world, linkRowsOf("Pena", [a, late]));
  const [claim] = await world.ports.claims.load([late]);
  if (!claim) throw new Error("a claim");
  await world.ports.claims.save({ stored: claim, next: { ...claim, jobs: [] } });
  expect(await takenBack(world, { batch })).toMatchObject({ undone: 2, left: [] });
  expect((await world.ports.jobs.load(jobIdOf(late))).state).toEqual(emptyJob(jobIdOf(late)));
});
