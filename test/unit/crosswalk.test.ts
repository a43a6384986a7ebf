import { beforeEach, describe, expect, test } from "vitest";
import { jobIdOf } from "#shared/domain/ids.ts";
import type { CrosswalkRow } from "#shared/pipeline/crosswalk.ts";
import { entriesOf, type Imported, importCrosswalk } from "#shared/pipeline/crosswalk-import.ts";
import { undoCrosswalk } from "#shared/pipeline/crosswalk-undo.ts";
import { everyJob } from "#shared/pipeline/every-job.ts";
import { card, crewJob, type DeskCompany, deskCompany } from "#test/support/desk-company.ts";
import { customer, job, type LinkingWorld, linkingWorld } from "#test/support/linking-world.ts";

let desk: DeskCompany;
beforeEach(async () => {
  desk = await deskCompany();
});

const row = (key: string, connection: string, stream: string, id: string, kind: CrosswalkRow["kind"] = "job") => ({
  kind,
  key,
  connection,
  stream,
  id,
  note: "",
});
const officeRow = row("1", "office", "jobs", "o1");
const crewRow = row("1", "crews", "serviced-jobs", "r1");
const branchRow = row("1", "branch", "jobs", "b1");

const load = (rows: readonly CrosswalkRow[], dryRun = false): Promise<Imported> =>
  importCrosswalk(desk.ports, desk.company, { rows, dryRun, by: "ana" });
/** The records of every job, a list for each. */
const jobs = async (): Promise<string[][]> =>
  (await everyJob(desk.ports.jobs, "all"))
    .map((state) => Object.keys(state.observations).sort())
    .sort((a, b) => ((a[0] ?? "") < (b[0] ?? "") ? -1 : 1));

describe("importing a links file", () => {
  test("a dry run counts what an import would do, and changes nothing", async () => {
    await desk.say("office", "jobs", "o1", card("o1", "10263"));
    await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 450, 0));
    const counts = { new: 2, same: 0, conflicting: 0, unknown: 1 };
    const dry = await load([officeRow, crewRow, branchRow], true);
    expect(dry).toMatchObject({ batch: null, ...counts });
    expect(await jobs()).toEqual([["crews/serviced-jobs/r1"], ["office/jobs/o1"]]);
    expect(await load([officeRow, crewRow, branchRow])).toMatchObject(counts);
    expect(await jobs()).toEqual([["crews/serviced-jobs/r1", "office/jobs/o1"]]);
  });

  test("records not seen yet meet when they come, in whatever order", async () => {
    expect(await load([officeRow, crewRow, branchRow])).toMatchObject({ unknown: 3 });
    await desk.say("branch", "jobs", "b1", card("b1", "JOB-1"));
    await desk.say("office", "jobs", "o1", card("o1", "10263"));
    await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 450, 0));
    expect(await jobs()).toEqual([["branch/jobs/b1", "crews/serviced-jobs/r1", "office/jobs/o1"]]);
  });

  test("a record that comes later meets the job that its seen fellows have become", async () => {
    await desk.say("office", "jobs", "o1", card("o1", "10263"));
    await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 450, 0));
    await load([crewRow, officeRow, branchRow]);
    await desk.say("branch", "jobs", "b1", card("b1", "JOB-1"));
    expect(await jobs()).toEqual([["branch/jobs/b1", "crews/serviced-jobs/r1", "office/jobs/o1"]]);
  });

  test("importing a file twice equals once", async () => {
    await desk.say("office", "jobs", "o1", card("o1", "10263"));
    await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 450, 0));
    await load([officeRow, crewRow, branchRow]);
    const before = await entriesOf(desk.ports);
    expect(await load([officeRow, crewRow, branchRow])).toMatchObject({ new: 0, same: 3, conflicting: 0, unknown: 0 });
    expect(await entriesOf(desk.ports)).toEqual(before);
  });

  test("a record under two keys is a conflict and is left as it stands, the others are linked", async () => {
    await desk.say("office", "jobs", "o1", card("o1", "10263"));
    await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 450, 0));
    const result = await load([officeRow, crewRow, row("2", "crews", "serviced-jobs", "r1")]);
    expect(result).toMatchObject({ same: 1, conflicting: 2 });
    expect(result.left.map(({ row: line, why }) => [line, why])).toEqual([
      [2, "it also stands under job:2 in this file"],
      [3, "it also stands under job:1 in this file"],
    ]);
    expect(await jobs()).toHaveLength(2);
  });

  test("what an earlier import linked elsewhere is a conflict that names the batch", async () => {
    const first = await load([officeRow, crewRow]);
    const second = await load([row("2", "crews", "serviced-jobs", "r1"), row("2", "branch", "jobs", "b1")]);
    expect(second).toMatchObject({ conflicting: 1, unknown: 1 });
    expect(second.left[0]?.why).toBe(`batch ${first.batch} linked it with office/jobs/o1`);
  });

  test("the link says that a person made it, in which batch, on which line of the file", async () => {
    await desk.say("office", "jobs", "o1", card("o1", "10263"));
    await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 450, 0));
    const { batch } = await load([officeRow, { ...crewRow, note: "told by the dispatcher" }]);
    const [job] = await everyJob(desk.ports.jobs, "all");
    expect(job?.links.find(({ record }) => record === "crews/serviced-jobs/r1")).toMatchObject({
      rule: "person",
      batch,
      evidence: ["links file: 1, by ana", "told by the dispatcher"],
    });
  });

  test("customers that a person calls one stay one when their records are read", async () => {
    const people = [
      row("pena", "office", "customers", "c1", "customer"),
      row("pena", "crews", "customers", "c2", "customer"),
    ];
    await load(people);
    await desk.say("crews", "customers", "c2", {
      id: "c2",
      first_name: "Octavio",
      last_name: "Pena",
      phone: "303-555-0100",
    });
    const [a, b] = await desk.ports.claims.load(["office/customers/c1", "crews/customers/c2"]);
    expect(a?.person).toBe(b?.person);
    expect(a?.person).not.toBeNull();
  });
});

describe("taking an import back", () => {
  test("jobs part again, each with the latest of its records", async () => {
    await desk.say("office", "jobs", "o1", card("o1", "10263"));
    await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 300, 0));
    const { batch } = await load([officeRow, crewRow]);
    await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 310, 0));
    expect(await undoCrosswalk(desk.ports, desk.company, batch ?? "", "ana")).toEqual({ batch, undone: 2, left: [] });
    expect(await jobs()).toEqual([["crews/serviced-jobs/r1"], ["office/jobs/o1"]]);
    const states = await everyJob(desk.ports.jobs, "all");
    const crew = states.find((state) => state.observations["crews/serviced-jobs/r1"]);
    expect(crew?.money).toMatchObject([{ connection: "crews", payment: 31000 }]);
    expect(states.flatMap((state) => state.breaks.filter(({ state: its }) => its !== "resolved"))).toEqual([]);
    await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 320, 0));
    expect(await jobs()).toHaveLength(2);
  });

  test("the history of both jobs says who took it back", async () => {
    await desk.say("office", "jobs", "o1", card("o1", "10263"));
    await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 300, 0));
    const { batch } = await load([officeRow, crewRow]);
    await undoCrosswalk(desk.ports, desk.company, batch ?? "", "ana");
    for (const { id } of await everyJob(desk.ports.jobs, "all")) {
      const told = (await desk.ports.jobs.history(id)).flatMap((change) => change.lines);
      expect(told.filter((line) => line.includes(`batch ${batch} taken back by ana`))).toHaveLength(1);
    }
  });

  test("records that met in one job by their claims part too", async () => {
    const { batch } = await load([officeRow, crewRow, branchRow]);
    await desk.say("office", "jobs", "o1", card("o1", "10263"));
    await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 450, 0));
    expect(await undoCrosswalk(desk.ports, desk.company, batch ?? "", "ana")).toMatchObject({ undone: 3, left: [] });
    await desk.say("branch", "jobs", "b1", card("b1", "JOB-1"));
    expect(await jobs()).toEqual([["branch/jobs/b1"], ["crews/serviced-jobs/r1"], ["office/jobs/o1"]]);
  });

  test("only its own batch goes", async () => {
    await desk.say("office", "jobs", "o1", card("o1", "10263"));
    await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 450, 0));
    await desk.say("branch", "jobs", "b1", card("b1", "JOB-1"));
    await load([officeRow, crewRow]);
    const { batch } = await load([officeRow, crewRow, branchRow]);
    await undoCrosswalk(desk.ports, desk.company, batch ?? "", "ana");
    expect(await jobs()).toEqual([["branch/jobs/b1"], ["crews/serviced-jobs/r1", "office/jobs/o1"]]);
  });

  test("imported again after that, it links again", async () => {
    await desk.say("office", "jobs", "o1", card("o1", "10263"));
    await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 450, 0));
    const { batch } = await load([officeRow, crewRow]);
    await undoCrosswalk(desk.ports, desk.company, batch ?? "", "ana");
    expect(await load([officeRow, crewRow])).toMatchObject({ new: 2 });
    expect(await jobs()).toHaveLength(1);
  });
});

describe("a file that says what a rule had found", () => {
  const phone = { phones: ["3035550101"] };
  const call = (system: string, id: string) => job(system, id, { of: "c1", charge: null });
  const rows = ["s1/jobs/10", "s2/jobs/20"].map((key) => {
    const [connection = "", stream = "", id = ""] = key.split("/");
    return { kind: "job" as const, key: "Whitfield 2 Nov", connection, stream, id, note: "asked the crew" };
  });
  async function linked(): Promise<LinkingWorld> {
    const world = linkingWorld();
    await world.tell(customer("s1", "c1", "Dana Whitfield", phone), customer("s2", "c1", "Dana Whitfield", phone));
    await world.tell(call("s1", "10"), call("s2", "20"));
    return world;
  }
  const linkOf = async (world: LinkingWorld) =>
    (await world.ports.jobs.load(jobIdOf("s1/jobs/10"))).state.links.find((link) => link.record === "s2/jobs/20");
  const said = (world: LinkingWorld, dryRun: boolean) =>
    importCrosswalk(world.ports, world.company, { rows, by: "ana", dryRun });

  test("confirms the link: it is a person's, in a batch, and a second call of that day does not move it", async () => {
    const world = await linked();
    expect(await said(world, true)).toMatchObject({ new: 0, same: 1, confirmed: 1, conflicting: 0, left: [] });
    expect(await linkOf(world)).toMatchObject({ rule: "people-and-day", batch: null });
    const { batch } = await said(world, false);
    expect(await linkOf(world)).toMatchObject({ rule: "person", batch });
    expect((await linkOf(world))?.evidence.slice(0, 2)).toEqual(["links file: Whitfield 2 Nov", "asked the crew"]);
    await world.tell(call("s1", "11"));
    expect(await linkOf(world)).toMatchObject({ rule: "person", batch });
    expect(await said(world, false)).toMatchObject({ new: 0, same: 2, confirmed: 0 });
  });

  test("taken back, the link is the rule's again, and falls if the rule would not make it any more", async () => {
    const world = await linked();
    const before = await linkOf(world);
    const { batch } = await said(world, false);
    expect(await undoCrosswalk(world.ports, world.company, batch ?? "", "ana")).toMatchObject({ undone: 1, left: [] });
    await world.drain();
    expect(await linkOf(world)).toEqual(before);
    const again = await said(world, false);
    await world.tell(call("s1", "11"));
    expect(await linkOf(world)).toBeDefined();
    await undoCrosswalk(world.ports, world.company, again.batch ?? "", "ana");
    await world.drain();
    expect(await linkOf(world)).toBeUndefined();
  });
});

describe("the file that is written", () => {
  test("imported again it changes nothing", async () => {
    await desk.say("office", "jobs", "o1", card("o1", "10263"));
    await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 450, 0));
    await desk.ask("POST", "links/import", { body: { rows: [officeRow, crewRow, branchRow] } });
    const { json } = await desk.ask("GET", "links");
    const { rows } = json as { rows: CrosswalkRow[] };
    expect(rows).toHaveLength(3);
    expect((await desk.ask("POST", "links/import", { body: { rows } })).json).toMatchObject({
      same: 3,
      new: 0,
      conflicting: 0,
    });
  });

  test("a row that names no connection or stream of the company is refused with its place", async () => {
    const rows = [officeRow, { ...crewRow, connection: "depot" }, { ...branchRow, stream: "invoices" }];
    expect(await desk.ask("POST", "links/import", { body: { rows } })).toMatchObject({
      status: 400,
      json: { problems: [{ path: "rows.1.connection" }, { path: "rows.2.stream" }] },
    });
  });
});
