import { describe, expect, test } from "vitest";
import { jobIdOf } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import { importCrosswalk } from "#shared/pipeline/crosswalk-import.ts";
import { undoCrosswalk } from "#shared/pipeline/crosswalk-undo.ts";
import { joinJobs } from "#shared/pipeline/join.ts";
import { heldOf, surroundingsOf } from "#shared/pipeline/surroundings.ts";
import { unlink } from "#shared/pipeline/unlink.ts";
import { customer, job, type LinkingWorld, linkingWorld } from "#test/support/linking-world.ts";

const phone = { phones: ["3035550101"] };
const office = "s1/jobs/10";
const crew = "s2/jobs/20";

/** The state as it is kept, but for its last history line: taking back is itself told. */
const bytes = (state: JobState): string => JSON.stringify({ ...state, lastChange: null });
const stateOf = async (world: LinkingWorld, record: string): Promise<JobState> =>
  (await world.ports.jobs.load(jobIdOf(record))).state;

async function joinByHand(world: LinkingWorld, a: string, b: string): Promise<void> {
  const { ports, company } = world;
  const surroundings = await surroundingsOf(ports, company);
  const [left, right] = await ports.jobs.loadMany([jobIdOf(a), jobIdOf(b)]);
  const joined = await joinJobs(
    ports,
    left!,
    right!,
    { rule: "person", evidence: ["by hand"], batch: null },
    company,
    async (s) => ({
      ...surroundings,
      held: await heldOf(ports, s, company),
    }),
  );
  expect(joined).not.toBeNull();
}

/** Two jobs that nothing links, with money and a disagreement each of its own kind. */
async function twoJobs(): Promise<LinkingWorld> {
  const world = linkingWorld();
  await world.tell(
    customer("s1", "c1", "Dana Whitfield", phone),
    customer("s2", "c9", "Okafor Daniel"),
    job("s1", "10", { of: "c1", charge: 45_000, payment: 45_000 }),
    job("s2", "20", { of: "c9", charge: 31_250, technicians: [] }),
  );
  expect(await world.jobs()).toHaveLength(2);
  return world;
}

const asked = (record: string) => ({ record, by: "ana", why: "two different calls", apart: true });

describe("a wrong link taken back", () => {
  test("gives both jobs back byte for byte", async () => {
    const world = await twoJobs();
    const before = [bytes(await stateOf(world, office)), bytes(await stateOf(world, crew))];
    const claims = await world.ports.claims.load([office, crew]);
    await joinByHand(world, office, crew);
    expect(await world.jobs()).toHaveLength(1);
    expect((await world.jobs())[0]?.breaks.length).toBeGreaterThan(0);
    expect(await unlink(world.ports, world.company, asked(crew))).toMatchObject({ unlinked: true, records: [crew] });
    expect([bytes(await stateOf(world, office)), bytes(await stateOf(world, crew))]).toEqual(before);
    const after = await world.ports.claims.load([office, crew]);
    expect(after.map((one) => one.jobs)).toEqual(claims.map((one) => one.jobs));
    await world.drain();
    expect([bytes(await stateOf(world, office)), bytes(await stateOf(world, crew))]).toEqual(before);
  });

  test("is told in the history of both", async () => {
    const world = await twoJobs();
    await joinByHand(world, office, crew);
    await unlink(world.ports, world.company, asked(office));
    for (const record of [office, crew]) {
      const history = await world.ports.jobs.history(jobIdOf(record));
      expect(history.at(-1)?.lines[0]).toBe(`unlinked ${crew} by ana: two different calls`);
      expect(new Set(history.map((change) => change.version)).size).toBe(history.length);
    }
  });

  test("keeps on each side what was read of its records since", async () => {
    const world = await twoJobs();
    await joinByHand(world, office, crew);
    await world.tell(job("s1", "10", { of: "c1", charge: 46_000 }), job("s2", "20", { of: "c9", charge: 30_000 }));
    await unlink(world.ports, world.company, asked(crew));
    await world.drain();
    const apart = await twoJobs();
    await apart.tell(job("s1", "10", { of: "c1", charge: 46_000 }), job("s2", "20", { of: "c9", charge: 30_000 }));
    for (const record of [office, crew]) {
      const [one, other] = [await stateOf(world, record), await stateOf(apart, record)];
      expect([one.money, one.links, one.breaks, one.fields, one.bases]).toEqual([
        other.money,
        other.links,
        other.breaks,
        other.fields,
        other.bases,
      ]);
    }
  });

  test("stays taken back, though the rule that made it still holds", async () => {
    const world = linkingWorld();
    await world.tell(
      customer("s1", "c1", "Dana Whitfield", phone),
      customer("s2", "c9", "Dana Whitfield", phone),
      job("s1", "10", { of: "c1" }),
      job("s2", "20", { of: "c9" }),
    );
    expect((await world.jobs()).map((one) => one.links.map((link) => link.rule))).toEqual([
      ["first", "people-and-day"],
    ]);
    await unlink(world.ports, world.company, asked(crew));
    await world.drain();
    expect(await world.jobs()).toHaveLength(2);
    await world.tell(job("s2", "20", { of: "c9", charge: 45_001 }));
    expect(await world.jobs()).toHaveLength(2);
  });

  test("of three leaves the other two linked, in whatever order links are taken back", async () => {
    for (const order of [
      [crew, "s3/jobs/30"],
      ["s3/jobs/30", crew],
    ]) {
      const world = await twoJobs();
      await world.tell(
        customer("s3", "c3", "Vega Luis"),
        job("s3", "30", { of: "c3", charge: 9_900, technicians: [] }),
      );
      const records = [office, crew, "s3/jobs/30"];
      const before = await Promise.all(records.map(async (record) => bytes(await stateOf(world, record))));
      await joinByHand(world, office, crew);
      await joinByHand(world, office, "s3/jobs/30");
      expect(await world.jobs()).toHaveLength(1);
      await unlink(world.ports, world.company, asked(order[0]!));
      await world.drain();
      expect((await world.jobs()).map((one) => Object.keys(one.observations).length).sort()).toEqual([1, 2]);
      await unlink(world.ports, world.company, asked(order[1]!));
      await world.drain();
      expect(await Promise.all(records.map(async (record) => bytes(await stateOf(world, record))))).toEqual(before);
    }
  });

  test("with a whole batch: all of its jobs are byte for byte what they were", async () => {
    const world = await twoJobs();
    await world.tell(customer("s3", "c3", "Vega Luis"), job("s3", "30", { of: "c3", charge: 9_900, technicians: [] }));
    const records = [office, crew, "s3/jobs/30"];
    const before = await Promise.all(records.map(async (record) => bytes(await stateOf(world, record))));
    const rows = records.map((record) => {
      const [connection = "", stream = "", id = ""] = record.split("/");
      return { kind: "job" as const, key: "one", connection, stream, id, note: "" };
    });
    const { batch } = await importCrosswalk(world.ports, world.company, { rows, by: "ana", dryRun: false });
    await world.drain();
    expect(await world.jobs()).toHaveLength(1);
    expect(await undoCrosswalk(world.ports, world.company, batch ?? "", "ana")).toMatchObject({ undone: 3, left: [] });
    await world.drain();
    expect(await Promise.all(records.map(async (record) => bytes(await stateOf(world, record))))).toEqual(before);
  });

  test("is refused for a record that nothing is linked with", async () => {
    const world = await twoJobs();
    expect(await unlink(world.ports, world.company, asked(crew))).toEqual({
      unlinked: false,
      why: `${crew} is linked with nothing`,
    });
  });
});
