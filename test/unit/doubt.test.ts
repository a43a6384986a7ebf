import { describe, expect, test } from "vitest";
import { jobIdOf } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import { planIntents } from "#shared/pipeline/intents.ts";
import type { Wanted } from "#shared/pipeline/plan.ts";
import { nothingArrives } from "#shared/pipeline/reconcile.ts";
import { jobReview, linkRecords, rejectPair } from "#shared/pipeline/review.ts";
import { surroundingsOf } from "#shared/pipeline/surroundings.ts";
import { updateJob } from "#shared/pipeline/take-in.ts";
import { customer, job, type LinkingWorld, linkingWorld, type Told } from "#test/support/linking-world.ts";
import { companyOf, contextOf, systemClasses } from "#test/support/model-systems.ts";

const phone = { phones: ["3035550101"] };
const call = (system: string, id: string, charge: number | null = null): Told => job(system, id, { of: "c1", charge });
const office = "s1/jobs/10";
const crew = "s2/jobs/20";
const said = { records: [office, crew], by: "ana", why: "the crew says so" } as const;

/** One call in office and crew app, linked because each had one that day. */
async function linked(...more: readonly Told[]): Promise<LinkingWorld> {
  const world = linkingWorld();
  const customers = ["s1", "s2", "s3"].map((system) => customer(system, "c1", "Dana Whitfield", phone));
  await world.tell(...customers, call("s1", "10"), call("s2", "20"), ...more);
  expect(await together(world)).toContain(`${office} ${crew}`);
  return world;
}

async function together(world: LinkingWorld): Promise<readonly string[]> {
  return (await world.jobs()).map((one) => one.links.map((link) => link.record).join(" ")).sort();
}

async function edit(world: LinkingWorld, change: (state: JobState) => JobState): Promise<void> {
  const surroundings = await surroundingsOf(world.ports, world.company);
  await updateJob(world.ports, world.company, surroundings, jobIdOf(office), nothingArrives, change);
}

const linkOf = async (world: LinkingWorld) =>
  (await world.ports.jobs.load(jobIdOf(office))).state.links.find((link) => link.record === crew);

describe("a link by people and day, when a second call of that day comes", () => {
  test("is taken back, told in the history of both jobs, and proposed with its evidence", async () => {
    const world = await linked();
    await world.tell(call("s1", "11"));
    expect(await together(world)).toEqual([office, "s1/jobs/11", crew]);
    for (const record of [office, crew]) {
      const history = await world.ports.jobs.history(jobIdOf(record));
      const lines = history.filter(({ cause }) => cause === "rule").flatMap((change) => change.lines);
      expect(lines.filter((line) => line.startsWith("unlinked"))).toEqual([
        expect.stringMatching(/^unlinked s2\/jobs\/20 by people-and-day: s1 has s1\/jobs\/10 and s1\/jobs\/11 of day:/),
      ]);
    }
    const review = await jobReview(world.ports, world.company);
    expect(review.map(({ left, right }) => [left.record, right.record])).toEqual([
      [office, crew],
      ["s1/jobs/11", crew],
    ]);
  });

  test("is held by an amount that nobody else has, also when that amount is billed otherwise later", async () => {
    const world = await linked(call("s1", "10", 45_000), call("s2", "20", 45_000));
    await world.tell(call("s1", "11", 9_900));
    expect(await together(world)).toContain(`${office} ${crew}`);
    await world.tell(call("s1", "10", 47_000));
    expect(await together(world)).toContain(`${office} ${crew}`);
    await world.tell(call("s1", "12", 45_000));
    expect(await together(world)).not.toContain(`${office} ${crew}`);
  });

  test.each([
    ["a difference that was accepted", (state: JobState) => ({ ...state, accepted: { "charge:s2": 500 } })],
    [
      "another link that a person made",
      (state: JobState) => ({
        ...state,
        links: [...state.links, { record: "s4/jobs/1", rule: "person" as const, evidence: [], at: "", batch: null }],
      }),
    ],
  ])("stays, and waits for a person, when something rests on it: %s", async (_what, change) => {
    const world = await linked();
    await edit(world, change);
    await world.tell(call("s1", "11"));
    expect((await linkOf(world))?.doubt).toMatch(/^s1 has s1\/jobs\/10 and s1\/jobs\/11 of day:/);
    const review = await jobReview(world.ports, world.company);
    expect(review.map(({ left, right }) => [left.record, right.record])).toEqual([[office, crew]]);
    expect(review[0]?.evidence.slice(0, 2)).toEqual([
      expect.stringMatching(/^linked, but s1 has /),
      "the same customer",
    ]);
  });

  test("in doubt is a person's once they say so: no call of that day moves it, and it waits no longer", async () => {
    const world = await linked();
    await edit(world, (state) => ({ ...state, accepted: { "charge:s2": 500 } }));
    await world.tell(call("s1", "11"));
    expect((await linkOf(world))?.doubt).toBeDefined();
    expect(await linkRecords(world.ports, world.company, said)).toMatchObject({ done: true });
    await world.tell(call("s1", "12"));
    const link = await linkOf(world);
    expect([link?.rule, link?.evidence[0], link?.doubt]).toEqual(["accepted", "by ana: the crew says so", undefined]);
    expect(await jobReview(world.ports, world.company)).toEqual([]);
  });

  test("in doubt is undone when a person rejects it, and no rule makes it again", async () => {
    const world = await linked();
    await edit(world, (state) => ({ ...state, accepted: { "charge:s2": 500 } }));
    await world.tell(call("s1", "11"));
    expect(await rejectPair(world.ports, world.company, said)).toMatchObject({ done: true });
    await world.tell();
    expect(await together(world)).not.toContain(`${office} ${crew}`);
    const review = await jobReview(world.ports, world.company);
    expect(review.map(({ left, right }) => [left.record, right.record])).toEqual([["s1/jobs/11", crew]]);
  });

  test("in doubt is doubted no longer when the second call goes to another day", async () => {
    const world = await linked();
    await edit(world, (state) => ({ ...state, accepted: { "charge:s2": 500 } }));
    await world.tell(call("s1", "11"));
    expect((await linkOf(world))?.doubt).toBeDefined();
    await world.tell(job("s1", "11", { of: "c1", charge: null, serviceDay: "2026-11-20" }));
    expect((await linkOf(world))?.doubt).toBeUndefined();
    expect(await jobReview(world.ports, world.company)).toEqual([]);
  });

  test("in doubt lets no write go that nobody approved", async () => {
    const world = await linked();
    const company = companyOf([systemClasses.writable, systemClasses.writable]);
    const context = contextOf(company, [systemClasses.writable, systemClasses.writable], "2026-11-02T12:00:00.000Z");
    const { state } = await world.ports.jobs.load(jobIdOf(office));
    const wanted: Wanted = {
      kind: "write",
      target: "status",
      record: { connection: "s2", stream: "jobs", id: "20" },
      read: "Scheduled",
      wanted: "Completed",
      arguments: {},
      moneyMinor: 0,
      requests: 3,
      ask: false,
      sentence: "sets s2/jobs/20 to Completed",
    };
    const asks = (of: JobState) => planIntents(of, [wanted], new Set(), context).map((intent) => intent.needsApproval);
    expect(asks(state)).toEqual([false]);
    expect(asks({ ...state, links: state.links.map((link) => ({ ...link, doubt: "s1 has two" })) })).toEqual([true]);
  });

  test("is no reason to doubt what a person linked, before or after", async () => {
    const world = await linked();
    expect(await linkRecords(world.ports, world.company, said)).toMatchObject({ done: true });
    await world.tell(call("s1", "11"));
    expect(await together(world)).toContain(`${office} ${crew}`);
    expect(await linkOf(world)).toMatchObject({ rule: "accepted" });
  });

  test("a call that only moves to another day in one system keeps its link: that is a difference, and shown as one", async () => {
    const world = await linked();
    await world.tell(job("s1", "10", { of: "c1", charge: null, serviceDay: "2026-11-04" }));
    await world.tell(job("s1", "11", { of: "c1", charge: null, serviceDay: "2026-11-04" }));
    expect(await together(world)).toContain(`${office} ${crew}`);
  });
});
