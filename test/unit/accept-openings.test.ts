import { describe, expect, test } from "vitest";
import { jobIdOf } from "#shared/domain/ids.ts";
import { acceptOpenings, listOpenings } from "#shared/pipeline/accept-openings.ts";
import type { OpeningRow } from "#shared/pipeline/cutover.ts";
import type { TakeInPorts } from "#shared/pipeline/take-in.ts";
import { newFeed } from "#shared/store/feed-store.ts";
import { invoice, job, type LinkingWorld, linkingWorld } from "#test/support/linking-world.ts";
import { imported, linkRowsOf } from "#test/support/links-file.ts";

const office = (n: number): string => `s1/jobs/1${n}`;

/** Jobs numbered 10, 11, ... of the office (s1), of which another system bills 1.00, 2.00, ... less. All was read. */
async function jobs(count: number): Promise<LinkingWorld> {
  const world = linkingWorld();
  const { ports, company } = world;
  await world.cell.applyConfiguration({ cells: [{ id: "main", companies: [company.id] }], companies: [company] });
  const completeAt = await world.clock.now();
  for (const { id, vendor } of company.connections)
    for (const stream of Object.keys(ports.describer(vendor)?.streams ?? {}))
      await ports.feeds.save({ ...newFeed(id, stream), completeAt });
  for (let n = 0; n < count; n++) {
    await world.read(job("s1", `1${n}`));
    await world.read(invoice("s1", `i${n}`, `1${n}`, 45_000));
    await world.read(job("s2", `2${n}`, { charge: 45_000 - 100 * (n + 1) }));
  }
  const rows = Array.from({ length: count }, (_, n) => linkRowsOf(`${n}`, [office(n), `s2/jobs/2${n}`]));
  await imported(world, rows.flat());
  return world;
}

const list = async ({ ports, company }: LinkingWorld, under = company) => listOpenings(ports, under);
const rowsOf = async (world: LinkingWorld): Promise<readonly OpeningRow[]> =>
  (await list(world)).rows.map(({ job: of, line, connection, minor }) => ({ job: of, line, connection, minor }));
const accept = (world: LinkingWorld, rows: readonly OpeningRow[], ports: TakeInPorts = world.ports) =>
  acceptOpenings(ports, world.company, { rows, by: "Ana Ortiz" });

describe("the differences of all jobs", () => {
  test("are listed by job, and summed by what they count", async () => {
    const found = await list(await jobs(3));
    expect(found).toMatchObject({ jobs: 3, countedMinor: 600 });
    expect(found.rows.map(({ number, minor }) => [number, minor]).sort()).toEqual([
      ["10", -100],
      ["11", -200],
      ["12", -300],
    ]);
  });
  test("leave out what counts as no job", async () => {
    const world = await jobs(1);
    const { company } = world;
    const cost = { ...company, connections: company.connections.map((one) => ({ ...one, book: "cost" as const })) };
    expect(await list(world, cost)).toEqual({ rows: [], jobs: 0, countedMinor: 0 });
  });
});

describe("accepting", () => {
  test("of more jobs than are worked on at once takes every one, once", async () => {
    const world = await jobs(10);
    const rows = await rowsOf(world);
    expect(await accept(world, rows)).toEqual({
      ...{ accepted: 10, already: 0, jobs: 10, countedMinor: 5_500, refused: [] },
      at: await world.clock.now(),
    });
    expect(await list(world)).toEqual({ rows: [], jobs: 0, countedMinor: 0 });
    expect(await accept(world, rows)).toMatchObject({
      accepted: 0,
      already: 10,
      jobs: 0,
      countedMinor: 0,
      refused: [],
    });
  });
  test("takes what is new beside what was accepted before, and tells both", async () => {
    const world = await jobs(3);
    const rows = await rowsOf(world);
    await accept(world, rows.slice(0, 1));
    expect(await accept(world, rows)).toMatchObject({ accepted: 2, already: 1, jobs: 2 });
    const told = await world.ports.jobs.history(rows[0]?.job ?? "");
    expect(told.flatMap(({ lines }) => lines).filter((line) => line.startsWith("opening difference"))).toHaveLength(1);
  });
  test("takes none when one of them is no longer so; each refusal names its job, and is not counted as accepted", async () => {
    const world = await jobs(3);
    const [first, second, third] = await rowsOf(world);
    if (!first || !second || !third) throw new Error("three rows");
    await accept(world, [first]);
    const nobody = { ...third, job: "jnobody" };
    expect(await accept(world, [first, second, { ...third, minor: 7 }, nobody])).toEqual({
      ...{ accepted: 0, already: 1, jobs: 0, countedMinor: 0, at: await world.clock.now() },
      refused: [
        {
          ...third,
          minor: 7,
          number: expect.stringMatching(/^1\d$/),
          why: expect.stringMatching(/^it is -\d\.00 now$/),
        },
        { ...nobody, number: null, why: "there is no such job" },
      ],
    });
    expect((await list(world)).rows).toHaveLength(2);
  });
  test("takes nothing in a company that has nothing to compare with", async () => {
    const world = await jobs(1);
    const { ports, company } = world;
    const connections = company.connections.map((one) => ({ ...one, reference: false, book: "payable" as const }));
    const asked = { rows: await rowsOf(world), by: "Ana Ortiz" };
    expect(await acceptOpenings(ports, { ...company, connections }, asked)).toMatchObject({
      ...{ accepted: 0, already: 0 },
      refused: [{ number: "10", why: "it is not compared now" }],
    });
  });
  test("finds a row whose job was joined into another since", async () => {
    const world = await jobs(1);
    const [row] = await rowsOf(world);
    if (!row) throw new Error("a row");
    await world.read(job("s3", "30", { charge: null }));
    await imported(world, linkRowsOf("0", [office(0), "s2/jobs/20", "s3/jobs/30"]));
    const forwarded = { ...row, job: jobIdOf("s3/jobs/30") };
    expect((await world.ports.jobs.load(forwarded.job)).state.forwardTo).toBe(row.job);
    expect(await accept(world, [forwarded])).toMatchObject({ accepted: 1, jobs: 1, countedMinor: 100, refused: [] });
    expect(await accept(world, [forwarded, row])).toMatchObject({ accepted: 0, already: 2 });
  });
  test("says so when a difference moves while it is being accepted, and takes the others", async () => {
    const world = await jobs(2);
    const rows = await rowsOf(world);
    const moving = rows.find(({ job: of }) => of === jobIdOf(office(0)));
    if (!moving) throw new Error("the first job's row");
    const { jobs: store } = world.ports;
    let moved = false;
    const commit: typeof store.commit = async (stored, next, at) => {
      if (stored.state.id !== moving.job || moved) return store.commit(stored, next, at);
      moved = true;
      await world.read(job("s2", "20", { charge: 40_000 }));
      return "conflict";
    };
    const found = await accept(world, rows, { ...world.ports, jobs: { ...store, commit } });
    expect(found).toMatchObject({
      ...{ accepted: 1, jobs: 1, countedMinor: 200 },
      refused: [{ ...moving, number: "10", why: "it changed while it was being accepted" }],
    });
    expect((await list(world)).rows).toMatchObject([{ number: "10", minor: -5_000 }]);
  });
});
