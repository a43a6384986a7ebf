import { beforeEach, describe, expect, test } from "vitest";
import { jobIdOf } from "#shared/domain/ids.ts";
import { entriesOf } from "#shared/pipeline/crosswalk-import.ts";
import { linkRecords } from "#shared/pipeline/review.ts";
import { customer, job, type LinkingWorld, linkingWorld } from "#test/support/linking-world.ts";
import { claimMoves, imported, jobHolding, linkRowsOf, together, underWay } from "#test/support/links-file.ts";

/** Three systems have a job each that nothing links; a fourth one's is not seen yet. */
const [a, b, c, late] = ["s1/jobs/1", "s2/jobs/2", "s3/jobs/3", "s4/jobs/4"] as const;
let world: LinkingWorld;
const said = (record: string) => {
  const [connection = "", , id = ""] = record.split("/");
  return job(connection, id, { technicians: [], serviceDay: `2026-11-0${id}` });
};
beforeEach(async () => {
  world = linkingWorld();
  for (const record of [a, b, c]) await world.read(said(record));
});

const linesOf = async (record: string) =>
  (await world.ports.jobs.history((await jobHolding(world, record)).id)).flatMap((change) => change.lines);
const entered = async () =>
  Object.fromEntries([...(await entriesOf(world.ports))].map(([record, { from, batch }]) => [record, { from, batch }]));

describe("jobs of one key become one", () => {
  test("the reference system's job stays, and each row keeps where its record was before", async () => {
    const { batch, ...counts } = await imported(world, linkRowsOf("Pena", [c, b, a]));
    expect(counts).toEqual({ dryRun: false, new: 3, same: 0, confirmed: 0, conflicting: 0, unknown: 0, left: [] });
    expect(await together(world)).toEqual([`${a} ${b} ${c}`]);
    expect((await jobHolding(world, c)).id).toBe(jobIdOf(a));
    const entries = { [a]: { from: null, batch }, [b]: { from: jobIdOf(b), batch }, [c]: { from: jobIdOf(c), batch } };
    expect(await entered()).toEqual(entries);
  });
  test("each with its own key: what one key brings together is nobody else's", async () => {
    await world.read(said(late));
    await imported(world, [...linkRowsOf("Pena", [a, c]), ...linkRowsOf("Marsh", [b, late])]);
    expect(await together(world)).toEqual([`${a} ${c}`, `${b} ${late}`]);
  });
  test("a row's note stands beside the key as what speaks for it, an empty one does not", async () => {
    const { batch } = await imported(world, [
      ...linkRowsOf("Pena", [a, b]),
      ...linkRowsOf("Pena", [c], { note: "asked" }),
    ]);
    const { links } = await jobHolding(world, a);
    expect(links.map(({ record, rule, evidence, batch: its }) => [record, rule, evidence, its])).toEqual([
      [a, "first", ["its own"], null],
      [b, "person", ["links file: Pena, by ana"], batch],
      [c, "person", ["links file: Pena, by ana", "asked"], batch],
    ]);
    expect((await entriesOf(world.ports)).get(c)).toMatchObject({ kind: "job", key: "Pena", note: "asked", by: "ana" });
  });
  test("what a dry run leaves out is told with its reason, as an import tells it", async () => {
    const rows = [...linkRowsOf("Pena", [a, b]), ...linkRowsOf("Marsh", [b])];
    const { left, batch, dryRun } = await imported(world, rows, true);
    expect([batch, dryRun, left.map((one) => [one.row, one.record])]).toEqual([
      null,
      true,
      [
        [2, b],
        [3, b],
      ],
    ]);
    expect((await entriesOf(world.ports)).size).toBe(0);
    expect((await imported(world, rows)).left).toEqual(left);
  });
  test("imports at one instant are two batches when their rows differ", async () => {
    const [one, two] = [
      await imported(world, linkRowsOf("Pena", [a, b])),
      await imported(world, linkRowsOf("Marsh", [late])),
    ];
    expect(one.batch).toMatch(/^b[0-9a-f]{20}$/);
    expect(two.batch).not.toBe(one.batch);
  });
  test("what stood already is not entered again under the new batch", async () => {
    const first = await imported(world, linkRowsOf("Pena", [a, b]));
    const second = await imported(world, linkRowsOf("Pena", [a, b, c]));
    expect(await entered()).toMatchObject({
      ...{ [a]: { batch: first.batch }, [b]: { batch: first.batch, from: jobIdOf(b) } },
      [c]: { batch: second.batch, from: jobIdOf(c) },
    });
    expect(await together(world)).toEqual([`${a} ${b} ${c}`]);
  });
  test("a job of several records comes with all of them, each remembering its job", async () => {
    const first = await imported(world, linkRowsOf("Marsh", [b, c]));
    const was = (await jobHolding(world, b)).id;
    await imported(world, linkRowsOf("Pena", [a, b, c]));
    expect(await together(world)).toEqual([`${a} ${b} ${c}`]);
    expect(await entered()).toMatchObject({ [b]: { from: was }, [c]: { from: was } });
    expect(first.batch).not.toBe((await entered())[b]?.batch);
  });
});

describe("a record that was not seen yet", () => {
  test("is waited for by the job of its fellows, which says so in its history", async () => {
    await imported(world, linkRowsOf("Pena", [a, late]));
    expect(await linesOf(a)).toContain(`links file: Pena, by ana: ${late} belongs here when it comes`);
    const change = (await world.ports.jobs.history(jobIdOf(a))).at(-1);
    expect(change).toMatchObject({ cause: "person", records: [late], at: await world.clock.now() });
    expect(await entered()).toEqual({
      [a]: { from: null, batch: expect.any(String) },
      [late]: { from: jobIdOf(late), batch: expect.any(String) },
    });
    await world.read(said(late));
    expect(await together(world)).toEqual([`${a} ${late}`, b, c]);
  });
  test("is named with the others that are waited for", async () => {
    await imported(world, linkRowsOf("Pena", [a, late, "s4/jobs/5"]));
    expect(await linesOf(a)).toContain(`links file: Pena, by ana: ${late}, s4/jobs/5 belongs here when it comes`);
  });
  test("is not spoken of where all were seen", async () => {
    await imported(world, linkRowsOf("Pena", [a, b]));
    expect((await linesOf(a)).filter((line) => line.includes("when it comes"))).toEqual([]);
  });
  test("meets its fellows at the first of them when none was seen; that one was nowhere else", async () => {
    const other = "s3/jobs/9";
    await imported(world, linkRowsOf("Pena", [late, other]));
    const claims = await world.ports.claims.load([late, other]);
    expect(claims.map(({ jobs, parked }) => [jobs, parked])).toEqual([
      [[jobIdOf(late)], null],
      [[jobIdOf(late)], null],
    ]);
    expect(await entered()).toMatchObject({ [late]: { from: null }, [other]: { from: jobIdOf(other) } });
    expect((await world.ports.jobs.load(jobIdOf(late))).version).toBe(0);
  });
  test("is wanted now, when it had been set aside", async () => {
    const [claim] = await world.ports.claims.load([late]);
    if (!claim) throw new Error("a claim");
    await world.ports.claims.save({ stored: claim, next: { ...claim, parked: "nobody wants it" } });
    await imported(world, linkRowsOf("Pena", [a, late]));
    expect(await world.ports.claims.load([late])).toMatchObject([{ jobs: [jobIdOf(a)], parked: null }]);
  });
  test("is claimed although its claim moves meanwhile, and the import says when it never stands still", async () => {
    await imported({ ...world, ports: claimMoves(world, late, 7) }, linkRowsOf("Pena", [a, late]));
    expect(await world.ports.claims.load([late])).toMatchObject([{ jobs: [jobIdOf(a)] }]);
    const never = { ...world, ports: claimMoves(world, "s4/jobs/5", 8) };
    await expect(imported(never, linkRowsOf("Marsh", [b, "s4/jobs/5"]))).rejects.toThrow(
      "the claim of s4/jobs/5 keeps moving",
    );
  });
});

test("records of one job under two keys are left as they stand, with the reason", async () => {
  await linkRecords(world.ports, world.company, { records: [a, b], by: "ana", why: "the crew says so" });
  const rows = [...linkRowsOf("Marsh", [a, c]), ...linkRowsOf("Roe", [b])];
  const { conflicting, left } = await imported(world, rows);
  expect([conflicting, left.map((one) => [one.row, one.why])]).toEqual([
    2,
    [
      [1, `it is one job with ${b}, which this file puts under another key`],
      [3, `it is one job with ${a}, which this file puts under another key`],
    ],
  ]);
  expect(await together(world)).toEqual([`${a} ${b}`, c]);
});

describe("a write under way", () => {
  test("puts off its own row alone, which the file brings in later", async () => {
    await underWay(world, b, true);
    const rows = linkRowsOf("Pena", [a, b, c]);
    const why = "a write to one of the two jobs is under way; import again when it is done";
    expect(await imported(world, rows)).toMatchObject({ new: 3, left: [{ row: 2, record: b, why }] });
    expect(await together(world)).toEqual([`${a} ${c}`, b]);
    expect(Object.keys(await entered())).toEqual([a, c]);
    await underWay(world, b, false);
    expect(await imported(world, rows)).toMatchObject({ left: [] });
    expect(await together(world)).toEqual([`${a} ${b} ${c}`]);
  });
});

describe("people of one key are one person", () => {
  const [one, other] = ["s1/customers/p", "s2/customers/q"] as const;
  const rows = linkRowsOf("pena", [one, other], { kind: "customer", note: "his wife" });
  const persons = async () => (await world.ports.claims.load([one, other])).map(({ person }) => person);
  const members = async (person: string | null | undefined) =>
    (await world.ports.sets.list(`person:${person}`)).map(({ member }) => member);
  const seen = async (phone = "3035550199") => {
    await world.read(customer("s1", "p", "Octavio Pena", { phones: ["3035550100"] }));
    await world.read(customer("s2", "q", "Maria Pena", { phones: [phone] }));
  };

  test("the one that was known, for every row; who they were is kept, and their jobs are looked at again", async () => {
    await seen();
    await world.read(job("s2", "7", { of: "q", serviceDay: "2026-11-07", technicians: [] }));
    const [mine, its] = await persons();
    expect(mine).not.toBe(its);
    const before = world.queues.sent.inbound.length;
    const { batch, ...counts } = await imported(world, rows);
    expect(counts).toMatchObject({ new: 2, unknown: 0, left: [] });
    expect(await persons()).toEqual([mine, mine]);
    expect([await members(mine), await members(its)]).toEqual([[one, other], []]);
    const entry = { kind: "customer", key: "pena", note: "his wife", batch, by: "ana", from: null };
    expect(await entriesOf(world.ports)).toMatchObject(
      new Map([
        [one, { ...entry, person: mine }],
        [other, { ...entry, person: its }],
      ]),
    );
    expect(world.queues.sent.inbound.slice(before)).toEqual([
      { v: 1, kind: "due", company: "model", job: jobIdOf("s2/jobs/7") },
    ]);
  });
  test("imported again they are so already: nothing is written, and no job is asked for", async () => {
    await seen();
    await world.read(job("s2", "7", { of: "q", serviceDay: "2026-11-07", technicians: [] }));
    await imported(world, rows);
    const [claims, sent] = [await world.ports.claims.load([one, other]), world.queues.sent.inbound.length];
    expect(await imported(world, rows)).toMatchObject({ new: 0, same: 2 });
    expect(await world.ports.claims.load([one, other])).toEqual(claims);
    expect(world.queues.sent.inbound).toHaveLength(sent);
  });
  test("a customer that keeps its person keeps what else is known of it", async () => {
    const [claim] = await world.ports.claims.load([one]);
    if (!claim) throw new Error("a claim");
    await world.ports.claims.save({ stored: claim, next: { ...claim, sets: { "a set": "d" } } });
    await imported(world, rows);
    expect((await world.ports.claims.load([one]))[0]?.sets).toEqual({ "a set": "d", crosswalk: expect.any(String) });
  });
  test("although a claim moves meanwhile; one that never stands still is told", async () => {
    await imported({ ...world, ports: claimMoves(world, one, 7) }, rows);
    expect((await persons())[0]).not.toBeNull();
    const never = linkRowsOf("roe", ["s3/customers/z"], { kind: "customer" });
    await expect(imported({ ...world, ports: claimMoves(world, "s3/customers/z", 8) }, never)).rejects.toThrow(
      "the claim of s3/customers/z keeps moving",
    );
  });
  test("a new one where nobody was seen, which they are when they come; no job is asked for", async () => {
    const before = world.queues.sent.inbound.length;
    expect(await imported(world, rows)).toMatchObject({ unknown: 2 });
    const [mine, its] = await persons();
    expect(mine).toMatch(/^p[0-9a-f]{20}$/);
    expect(its).toBe(mine);
    expect(world.queues.sent.inbound).toHaveLength(before);
    await imported(world, linkRowsOf("marsh", ["s3/customers/z"], { kind: "customer" }));
    expect((await world.ports.claims.load(["s3/customers/z"]))[0]?.person).not.toBe(mine);
    await seen();
    expect(await persons()).toEqual([mine, mine]);
  });
  test("the one that is known, though it stands in a later row", async () => {
    await world.read(customer("s2", "q", "Maria Pena", { phones: ["3035550199"] }));
    const [, its] = await persons();
    await imported(world, rows);
    expect(await persons()).toEqual([its, its]);
  });
});
