import { describe, expect, test } from "vitest";
import { jobIdOf } from "#shared/domain/ids.ts";
import { holdApart } from "#shared/pipeline/apart.ts";
import { findTwins } from "#shared/pipeline/join.ts";
import { reviewSet } from "#shared/pipeline/propose.ts";
import { jobReview, linkRecords, rejectPair } from "#shared/pipeline/review.ts";
import { proposedFrom } from "#shared/pipeline/score.ts";
import { attemptOf, intentOf } from "#test/support/acts.ts";
import { customer, job, type LinkingWorld, linkingWorld } from "#test/support/linking-world.ts";

const phone = { phones: ["3035550101"] };
const records = ["s1/jobs/10", "s2/jobs/20"] as const;
const [office, crew] = records;
const said = (why = "", of: readonly [string, string] = records) => ({ records: of, by: "ana", why });

const ben = [{ record: null, email: "ben@example.com", name: "Ben" }];

/** The same customer's calls, a day apart: no rule links them. */
async function proposed(more: Parameters<typeof job>[2] = {}): Promise<LinkingWorld> {
  const world = linkingWorld();
  await world.tell(
    ...["s1", "s2", "s3"].map((system) => customer(system, "c1", "Dana Whitfield", phone)),
    job("s1", "10", { of: "c1", number: "A-10" }),
    job("s2", "20", { of: "c1", number: "B-20", serviceDay: "2026-11-03", ...more }),
  );
  expect(await world.jobs()).toHaveLength(2);
  return world;
}
const shown = async ({ ports, company }: LinkingWorld) =>
  (await jobReview(ports, company)).map(({ left, right }) => [left.record, right.record]);
/** A write to the office's job is under way. */
async function busy({ ports }: LinkingWorld, record: string = office): Promise<void> {
  const stored = await ports.jobs.load(jobIdOf(record));
  await ports.jobs.commit(
    stored,
    { ...stored.state, attempts: [attemptOf({ dueAt: "2027-01-01T00:00:00.000Z" })] },
    "",
  );
}
const linkOf = async ({ ports }: LinkingWorld) =>
  (await ports.jobs.load(jobIdOf(office))).state.links.find(({ record }) => record === crew);

describe("the list of pairs", () => {
  test("names each record once with its job and the number its own system prints, whoever proposed it", async () => {
    const world = await proposed();
    expect(await world.ports.sets.list(reviewSet)).toHaveLength(2);
    expect(await jobReview(world.ports, world.company)).toMatchObject([
      {
        ...{ left: { record: office, job: jobIdOf(office), number: "A-10" }, score: 98 },
        right: { record: crew, job: jobIdOf(crew), number: "B-20" },
      },
    ]);
  });

  test.each(records)("names the same record first, whoever of the two proposed it: not %s", async (record) => {
    const world = await proposed();
    await world.ports.sets.remove(reviewSet, record);
    expect(await shown(world)).toEqual([[office, crew]]);
  });

  test("shows a pair that has just enough, and two jobs once, by the two records that are most alike", async () => {
    const enough = await proposed({ serviceDay: "2026-11-02", charge: null, technicians: ben });
    expect((await jobReview(enough.ports, enough.company))[0]?.score).toBe(proposedFrom);
    await linkRecords(enough.ports, enough.company, said());
    expect(await linkOf(enough)).toMatchObject({ rule: "accepted" });
    await enough.tell(job("s3", "30", { of: "c1", serviceDay: "2026-11-05", technicians: ben }));
    expect(await shown(enough)).toEqual([[crew, "s3/jobs/30"]]);
    const both = [...ben, { record: null, email: "ana@example.com", name: "Ana" }];
    await enough.tell(job("s3", "30", { of: "c1", serviceDay: "2026-11-03", technicians: both, charge: null }));
    expect(await shown(enough)).toEqual([[office, "s3/jobs/30"]]);
  });

  test("scores a pair as the two stand now, and leaves it out below the mark", async () => {
    const world = await proposed();
    await world.read(job("s2", "20", { of: "c1", serviceDay: "2026-11-03", charge: 9_900, technicians: [] }));
    expect(await shown(world)).toEqual([]);
    await world.read(job("s2", "20", { of: "c1", serviceDay: "2026-11-03", technicians: [] }));
    expect((await jobReview(world.ports, world.company))[0]?.score).toBe(78);
  });

  test.each([
    [
      "one is held apart",
      ({ ports }: LinkingWorld) => holdApart(ports.sets, [office], [crew], { by: "", at: "", why: "" }),
    ],
    ["one is gone", (world: LinkingWorld) => world.read(job("s2", "20", { of: "c1", presence: "deleted" }))],
    ["the other is gone", (world: LinkingWorld) => world.read(job("s1", "10", { of: "c1", presence: "deleted" }))],
    [
      "something speaks against it outright",
      (world: LinkingWorld) => world.read(job("s2", "20", { of: "c1", serviceDay: "2026-11-20" })),
    ],
    [
      "nobody holds one of them any more",
      async ({ ports }: LinkingWorld) => {
        const [claim] = await ports.claims.load([crew]);
        await ports.claims.save({ stored: claim!, next: { ...claim!, jobs: [] } });
      },
    ],
    [
      "one's job has a record of the other's system by now",
      async ({ ports, read }: LinkingWorld) => {
        const [claim] = await ports.claims.load(["s1/jobs/99"]);
        await ports.claims.save({ stored: claim!, next: { ...claim!, jobs: [jobIdOf(crew)] } });
        await read(job("s1", "99", {}));
      },
    ],
  ])("leaves it out when %s", async (_name, change) => {
    const world = await proposed();
    await change(world);
    expect(await shown(world)).toEqual([]);
  });
});

describe("two records that a person links", () => {
  test("though nothing speaks for it are linked by that person's word, and by nothing else", async () => {
    const world = await proposed({ serviceDay: "2026-12-24" });
    const { ports, company } = world;
    expect(await linkRecords(ports, company, said("the crew says so"))).toEqual({ done: true, job: jobIdOf(office) });
    expect(await linkOf(world)).toMatchObject({ rule: "person", evidence: ["by ana: the crew says so"], batch: null });
    const [told] = (await ports.jobs.history(jobIdOf(office))).slice(-1);
    expect(told?.cause).toBe("person");
  });

  test("with enough that speaks for it are linked by what was proposed, with the evidence of the day", async () => {
    const world = await proposed();
    const sent = world.queues.sent.inbound.length;
    expect(await linkRecords(world.ports, world.company, said())).toEqual({ done: true, job: jobIdOf(office) });
    const evidence = ["by ana", "98 points", "the same customer", "days 2026-11-02 and 2026-11-03"];
    expect(await linkOf(world)).toMatchObject({
      rule: "accepted",
      evidence: expect.arrayContaining(evidence),
      batch: null,
    });
    // Its other candidates are looked at anew.
    expect(world.queues.sent.inbound.slice(sent)).toEqual([
      { v: 1, kind: "due", company: "model", job: jobIdOf(office) },
    ]);
  });

  test("with too little that speaks for it are linked by that person's word", async () => {
    const world = await proposed({ charge: 9_900, technicians: [] });
    await linkRecords(world.ports, world.company, said());
    expect(await linkOf(world)).toMatchObject({ rule: "person", evidence: ["by ana"] });
  });

  test("of which one is gone are linked by that person's word", async () => {
    const world = await proposed();
    await world.read(job("s2", "20", { of: "c1", presence: "deleted" }));
    await linkRecords(world.ports, world.company, said());
    expect(await linkOf(world)).toMatchObject({ rule: "person", evidence: ["by ana"] });
  });

  test.each([
    [[office, "s3/jobs/7"], "no job holds s3/jobs/7"],
    [["s3/jobs/7", crew], "no job holds s3/jobs/7"],
  ] as const)("are not when %j is not there", async (pair, why) => {
    const { ports, company } = await proposed();
    expect(await linkRecords(ports, company, said("", pair))).toEqual({ done: false, why });
    expect(await rejectPair(ports, company, said("", pair))).toEqual({ done: false, why });
  });

  test.each([office, crew])("are not while a write to one of the two jobs is under way: %s", async (record) => {
    const world = await proposed();
    await busy(world, record);
    const refused = { done: false, why: "a write to one of the two jobs is under way; link again when it is done" };
    expect(await linkRecords(world.ports, world.company, said())).toEqual(refused);
  });

  test("are not when one of the jobs keeps moving", async () => {
    const { ports, company } = await proposed();
    let tries = 0;
    const moving = { ...ports, jobs: { ...ports.jobs, commitTogether: async () => (tries++, "conflict" as const) } };
    expect(await linkRecords(moving, company, said())).toEqual({
      ...{ done: false, why: "one of the two jobs keeps moving; link again" },
    });
    expect(tries).toBe(6);
  });

  test("and had held apart are apart no longer", async () => {
    const { ports, company } = await proposed();
    await rejectPair(ports, company, said("two calls"));
    await linkRecords(ports, company, said());
    expect(await ports.sets.list(`apart:${office}`)).toEqual([]);
    expect(await ports.sets.list(`apart:${crew}`)).toEqual([]);
  });
});

describe("a link that a rule made", () => {
  const linked = async () => {
    const world = await proposed();
    await world.tell(job("s2", "20", { of: "c1", serviceDay: "2026-11-02" }));
    expect(await linkOf(world)).toMatchObject({ rule: "people-and-day" });
    return world;
  };

  test("is a person's once they confirm it, with what it was made by, told once", async () => {
    const world = await linked();
    const { ports, company } = world;
    const before = (await linkOf(world))?.evidence ?? [];
    const sent = world.queues.sent.inbound.length;
    expect(await linkRecords(ports, company, said("I asked"))).toEqual({ done: true, job: jobIdOf(office) });
    expect(await linkOf(world)).toMatchObject({ rule: "accepted", evidence: ["by ana: I asked", ...before] });
    const [told] = (await ports.jobs.history(jobIdOf(office))).slice(-1);
    expect(told).toMatchObject({
      cause: "person",
      records: [crew],
      lines: [`the link of ${crew} confirmed by ana: I asked`],
    });
    expect(world.queues.sent.inbound).toHaveLength(sent + 1);
    expect(await linkRecords(ports, company, said("again"))).toEqual({ done: true, job: jobIdOf(office) });
    expect((await linkOf(world))?.evidence).toHaveLength(before.length + 1);
    expect(world.queues.sent.inbound).toHaveLength(sent + 1);
  });

  test("is confirmed of the records that were named, and of no others", async () => {
    const world = await linked();
    await world.tell(job("s3", "30", { of: "c1" }));
    const { ports, company } = world;
    await linkRecords(ports, company, said("", [office, "s3/jobs/30"]));
    expect((await linkOf(world))?.rule).toBe("people-and-day");
    const [told] = (await ports.jobs.history(jobIdOf(office))).slice(-1);
    expect(told?.lines).toEqual(["the link of s3/jobs/30 confirmed by ana"]);
  });

  test("is confirmed beside another, both told", async () => {
    const world = await linked();
    await world.tell(job("s3", "30", { of: "c1" }));
    await linkRecords(world.ports, world.company, said("", [crew, "s3/jobs/30"]));
    const [told] = (await world.ports.jobs.history(jobIdOf(office))).slice(-1);
    expect(told?.lines).toEqual([`the link of ${crew}, s3/jobs/30 confirmed by ana`]);
  });

  test("in doubt shows neither of its records beside a third job", async () => {
    const world = await linked();
    await world.tell(job("s3", "30", { of: "c1", serviceDay: "2026-11-03", charge: null }));
    expect(await shown(world)).toHaveLength(1);
    const stored = await world.ports.jobs.load(jobIdOf(office));
    const links = stored.state.links.map((link) => (link.record === crew ? { ...link, doubt: "s1 has two" } : link));
    await world.ports.jobs.commit(stored, { ...stored.state, links }, "");
    expect(await shown(world)).toEqual([]);
    await findTwins(world.ports, { ...stored.state, links }, world.company);
    const [pair] = await jobReview(world.ports, world.company);
    expect([pair?.left.record, pair?.right.record, pair?.evidence[0]]).toEqual([
      office,
      crew,
      "linked, but s1 has two",
    ]);
  });

  test("and nobody doubts is not rejected, but unlinked", async () => {
    const { ports, company } = await linked();
    expect(await rejectPair(ports, company, said())).toEqual({
      done: false,
      why: "they are linked; unlink one of them",
    });
  });

  test("in doubt is not rejected while a write is under way", async () => {
    const world = await linked();
    const stored = await world.ports.jobs.load(jobIdOf(office));
    const links = stored.state.links.map((link) => (link.record === crew ? { ...link, doubt: "s1 has two" } : link));
    const attempts = [attemptOf({ intent: intentOf(), dueAt: "2027-01-01T00:00:00.000Z" })];
    await world.ports.jobs.commit(stored, { ...stored.state, links, attempts }, "");
    expect(await rejectPair(world.ports, world.company, said())).toEqual({
      ...{ done: false, why: "a write to its job is under way; unlink again when it is done" },
    });
  });
});

test("a rejection is told in the history of both jobs, with who said it and why", async () => {
  const world = await proposed();
  const { ports, company } = world;
  expect(await rejectPair(ports, company, said("two calls"))).toEqual({ done: true, job: jobIdOf(office) });
  for (const record of records) {
    const [told] = (await ports.jobs.history(jobIdOf(record))).slice(-1);
    expect(told).toMatchObject({
      ...{ cause: "person", records },
      lines: [`${office} and ${crew} are not one job, says ana: two calls`],
    });
  }
  const at = await ports.clock.now();
  expect(await ports.sets.list(`apart:${office}`)).toEqual([
    { member: crew, data: { by: "ana", at, why: "two calls" } },
  ]);
});
