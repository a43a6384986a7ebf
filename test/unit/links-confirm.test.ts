import { beforeEach, describe, expect, test } from "vitest";
import type { Link } from "#shared/domain/job.ts";
import { entriesOf } from "#shared/pipeline/crosswalk-import.ts";
import { customer, job, type LinkingWorld, linkingWorld } from "#test/support/linking-world.ts";
import { imported, jobHolding, linkRowsOf, takenBack } from "#test/support/links-file.ts";

/** One call in three systems, linked because each had one that day; a file says the same. */
const [office, crew, branch] = ["s1/jobs/10", "s2/jobs/20", "s3/jobs/30"] as const;
const phone = { phones: ["3035550101"] };
const rows = linkRowsOf("Whitfield", [office, crew, branch]);
let world: LinkingWorld;
let byRule: readonly string[];
beforeEach(async () => {
  world = linkingWorld();
  for (const system of ["s1", "s2", "s3"]) await world.tell(customer(system, "c1", "Dana Whitfield", phone));
  for (const [system, id] of [
    ["s1", "10"],
    ["s2", "20"],
    ["s3", "30"],
  ] as const)
    await world.tell(job(system, id, { of: "c1", charge: null }));
  byRule = (await linkOf(crew)).evidence;
});
const linkOf = async (record: string): Promise<Link> => {
  const link = (await jobHolding(world, office)).links.find((one) => one.record === record);
  if (!link) throw new Error(`${record} is linked`);
  return link;
};
const lastChange = async () => (await world.ports.jobs.history((await jobHolding(world, office)).id)).at(-1);

describe("a links file that says what a rule had found", () => {
  test("makes the links a person's, with the file's key beside what the rule went by; the first record stays as it was", async () => {
    const first = await linkOf(office);
    const { batch, ...counts } = await imported(world, rows);
    expect(counts).toMatchObject({ new: 0, same: 1, confirmed: 2, unknown: 0, left: [] });
    const its = ["links file: Whitfield"];
    expect(await linkOf(crew)).toMatchObject({ rule: "person", batch, evidence: [...its, ...byRule] });
    expect(await linkOf(branch)).toMatchObject({ rule: "person", batch, evidence: expect.arrayContaining(its) });
    expect(await linkOf(office)).toEqual(first);
    const entries = await entriesOf(world.ports);
    expect([...entries.keys()]).toEqual([crew, branch]);
    expect(entries.get(crew)).toMatchObject({
      from: null,
      person: null,
      was: { rule: "people-and-day", evidence: byRule },
    });
  });
  test("is told in the job's history, and the job is looked at again", async () => {
    const sent = world.queues.sent.inbound.length;
    await imported(world, linkRowsOf("Whitfield", [crew], { note: "asked" }).concat(rows.slice(0, 1), rows.slice(2)));
    const history = await world.ports.jobs.history((await jobHolding(world, office)).id);
    const lines = history.flatMap((change) => change.lines).filter((line) => line.includes("is linked by person now"));
    expect(lines[0]).toBe(
      `${crew} is linked by person now, by ana (links file: Whitfield, asked, ${byRule.join(", ")})`,
    );
    expect(lines).toHaveLength(2);
    expect(await lastChange()).toMatchObject({ cause: "person", records: [branch], at: await world.clock.now() });
    const { id } = await jobHolding(world, office);
    const due = { v: 1, kind: "due", company: "model", job: id };
    expect(world.queues.sent.inbound.slice(sent)).toEqual([due, due]);
  });
  test("takes a doubt away, from the link it is about alone", async () => {
    const stored = await world.ports.jobs.load((await jobHolding(world, office)).id);
    const links = stored.state.links.map((link) => ({ ...link, doubt: "the day moved" }));
    await world.ports.jobs.commit(stored, { ...stored.state, links }, await world.clock.now());
    await imported(world, rows);
    const doubts = [await linkOf(office), await linkOf(crew), await linkOf(branch)].map(({ doubt }) => doubt);
    expect(doubts).toEqual(["the day moved", undefined, undefined]);
  });
  test("imported again says nothing new, and is no new batch of it", async () => {
    await imported(world, rows);
    const before = await entriesOf(world.ports);
    expect(await imported(world, rows)).toMatchObject({ same: 3, confirmed: 0 });
    expect(await entriesOf(world.ports)).toEqual(before);
  });
  test("taken back, each link is its rule's again, and says so", async () => {
    const before = [await linkOf(crew), await linkOf(branch)];
    await takenBack(world, await imported(world, rows));
    expect([await linkOf(crew), await linkOf(branch)]).toEqual(before);
    expect((await lastChange())?.lines[0]).toContain(`${branch} is linked by people-and-day now, by ben (`);
    expect((await entriesOf(world.ports)).size).toBe(0);
  });
});
