import { beforeEach, describe, expect, test } from "vitest";
import type { JobFacts } from "#shared/domain/facts.ts";
import { jobIdOf } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import { nothingArrives } from "#shared/pipeline/reconcile.ts";
import { jobReview, linkRecords, rejectPair } from "#shared/pipeline/review.ts";
import { surroundingsOf } from "#shared/pipeline/surroundings.ts";
import { updateJob } from "#shared/pipeline/take-in.ts";
import { unlink } from "#shared/pipeline/unlink.ts";
import { type DeskCompany, deskCompany, deskConfig } from "#test/support/desk-company.ts";
import { invoice, job, type LinkingWorld, linkingWorld, payment, type Told } from "#test/support/linking-world.ts";

const project = (id: string) => ({ connection: "s1", stream: "projects", id });
const part = (id: string, of: string | null, more: Partial<JobFacts> = {}): Told => {
  const unit = of === null ? {} : { unit: project(of) };
  return job("s1", id, { charge: null, payment: null, billing: "by-money", ...unit, ...more });
};
const billing = (id: string, of: string, total: number): Told => ({
  ...invoice("s1", id, null, total, { unit: project(of) }),
  parents: [project(of)],
});
const held = async (world: LinkingWorld) =>
  (await world.jobs()).map(({ links }) => links.map((link) => link.record).join(" ")).sort();
const hinted = (world: LinkingWorld) =>
  [...world.queues.sent.hints.values()].flat().flatMap((hint) => (hint.kind === "records" ? hint.ids : []));
const history = async (world: LinkingWorld, record: string) =>
  (await world.ports.jobs.history(jobIdOf(record))).flatMap((change) => change.lines);

describe("jobs of one unit", () => {
  test("are joined by a rule of its own, told in the history, and parted for good by a person", async () => {
    const world = linkingWorld();
    await world.tell(part("10", "7"), part("11", "7"), invoice("s1", "90", "11", 5_000));
    const [joined, ...others] = await world.jobs();
    expect(others).toEqual([]);
    expect(joined?.links.map(({ record, rule, evidence }) => [record, rule, evidence])).toContainEqual([
      joined?.links.find(({ rule }) => rule === "unit")?.record,
      "unit",
      ["s1/projects/7"],
    ]);
    const record = joined?.links.find(({ rule }) => rule === "unit")?.record ?? "";
    expect(await history(world, joined?.id === jobIdOf("s1/jobs/10") ? "s1/jobs/10" : "s1/jobs/11")).toContain(
      `linked ${record} by unit (s1/projects/7)`,
    );
    const apart = { record, by: "ana", why: "a job of its own", apart: true };
    expect(await unlink(world.ports, world.company, apart)).toMatchObject({ unlinked: true });
    await world.tell(part("10", "7", { title: "again" }), part("11", "7", { title: "again" }));
    expect(await world.jobs()).toHaveLength(2);
  });

  test("wait with what bills all of it for one that is a part, and take it in", async () => {
    const world = linkingWorld();
    await world.tell(billing("92", "7", 12_500), payment("s1", "95", { 92: 2_500 }));
    const [claim] = await world.ports.claims.load(["s1/invoices/92"]);
    expect(claim).toMatchObject({ jobs: [], parked: "waits for s1/projects/7" });
    expect(await world.jobs()).toEqual([]);
    await world.tell(part("10", "8"));
    expect(hinted(world)).toEqual([]);
    await world.tell(part("11", "7"));
    expect(hinted(world)).toEqual(["92"]);
    await world.tell(billing("92", "7", 12_500), payment("s1", "95", { 92: 2_500 }));
    expect(await held(world)).toEqual(["s1/invoices/92 s1/jobs/11 s1/payments/95", "s1/jobs/10"]);
    expect(await world.ports.sets.list("waits:s1/projects/7")).toEqual([]);
  });

  test("give away what bills a unit that the last of them has left: it waits again, payments with it", async () => {
    const world = linkingWorld();
    await world.tell(part("10", "7"), billing("92", "7", 12_500), payment("s1", "95", { 92: 2_500 }));
    await world.tell(part("10", null));
    expect(await held(world)).toEqual(["s1/jobs/10"]);
    expect((await world.jobs())[0]?.money).toMatchObject([{ charge: null, payment: null }]);
    expect(await history(world, "s1/jobs/10")).toContain(
      "s1/invoices/92, s1/payments/95 left: no record here is a part of s1/projects/7 any more",
    );
    const [unit, bill, paid] = await world.ports.claims.load(["s1/projects/7", "s1/invoices/92", "s1/payments/95"]);
    expect([unit, bill, paid].map((claim) => [claim?.jobs, claim?.parked])).toEqual([
      [[], null],
      [[], "waits for s1/projects/7"],
      [[], "waits for s1/invoices/92"],
    ]);
    world.queues.sent.hints.clear();
    await world.tell(part("11", "7"));
    expect(hinted(world)).toEqual(["92"]);
    await world.tell(billing("92", "7", 12_500));
    expect(hinted(world)).toEqual(["92", "95"]);
  });
});

describe("a part that is of another unit now", () => {
  const records = ["s1/jobs/10", "s1/jobs/11"] as const;
  const note = (state: JobState): JobState => ({
    ...state,
    accepted: { "charge:s2": 500 },
    lastChange: { version: 0, at: "2026-11-02T10:00:00.000Z", cause: "person", records: [], lines: ["accepted"] },
  });
  let world: LinkingWorld;
  beforeEach(async () => {
    world = linkingWorld();
    await world.tell(part("10", "7"), part("11", "7"));
  });
  const accept = async (): Promise<void> => {
    const [one] = await world.jobs();
    await updateJob(
      world.ports,
      world.company,
      await surroundingsOf(world.ports, world.company),
      one?.id ?? "",
      nothingArrives,
      note,
    );
  };

  test("is parted by the rule, and comes to that one's job", async () => {
    await world.tell(part("12", "8"), part("11", "8"));
    expect(await held(world)).toEqual(["s1/jobs/10", "s1/jobs/11 s1/jobs/12"]);
    const lines = (await Promise.all(records.map((record) => history(world, record)))).flat();
    expect(lines.filter((line) => line.includes("by unit: linked as parts of s1/projects/7")).length).toBeGreaterThan(
      0,
    );
  });

  test("stays where something rests on the link, in doubt and before a person, and joins nothing more", async () => {
    await accept();
    await world.tell(part("11", "8"), part("12", "8"));
    expect(await held(world)).toEqual(["s1/jobs/10 s1/jobs/11", "s1/jobs/12"]);
    const doubted = (await world.jobs()).flatMap(({ links }) => links).find((link) => link.doubt !== undefined);
    expect(doubted).toMatchObject({ rule: "unit" });
    const [pair] = await jobReview(world.ports, world.company);
    expect([pair?.left.record, pair?.right.record]).toEqual(records);
    expect(pair?.evidence[0]).toContain("linked, but linked as parts of s1/projects/7");
    await rejectPair(world.ports, world.company, { records, by: "ana", why: "it moved" });
    await world.tell();
    expect(await held(world)).toEqual(["s1/jobs/10", "s1/jobs/11 s1/jobs/12"]);
  });

  test("is a person's link when it is accepted, and in doubt no more when it comes back", async () => {
    await accept();
    await world.tell(part("11", "8"));
    await linkRecords(world.ports, world.company, { records, by: "ana", why: "one kitchen" });
    await world.tell();
    const rules = (await world.jobs()).flatMap(({ links }) => links.map(({ rule, doubt }) => [rule, doubt]));
    expect(rules).toContainEqual(["accepted", undefined]);
  });

  test("and one that comes back is not in doubt any more", async () => {
    await accept();
    await world.tell(part("11", "8"));
    await world.tell(part("11", "7"));
    const links = (await world.jobs()).flatMap((one) => one.links);
    expect(links.map(({ doubt }) => doubt)).toEqual([undefined, undefined]);
  });
});

describe("a ServiceTitan office whose projects are units", () => {
  let desk: DeskCompany;
  const office = {
    ...{ vendor: "servicetitan", tenant: "4242", authUrl: "https://auth.example/connect/token" },
    units: { "jobType:41": "project" },
  };
  const titanJob = (id: number, status: string, more: object = {}): object => ({
    ...{
      id,
      jobNumber: String(id),
      projectId: 77,
      jobTypeId: 41,
      customerId: 1,
      jobStatus: status,
      modifiedOn: "2026-11-02T08:00:00Z",
    },
    ...{ completedOn: status === "Completed" ? "2026-11-01T18:00:00Z" : null, ...more },
  });
  const bill = (id: number, of: number | null, total: string, projectId: number | null = 77): object => ({
    ...{
      id,
      total,
      salesTax: "0",
      balance: total,
      syncStatus: "Posted",
      projectId,
      modifiedOn: "2026-11-02T08:00:00Z",
    },
    job: of === null ? null : { id: of },
  });
  beforeEach(async () => {
    const [company] = deskConfig.companies;
    const connections = company?.connections.map((one) => (one.id === "office" ? { ...one, ...office } : one));
    desk = await deskCompany(undefined, undefined, { ...deskConfig, companies: [{ ...company, connections }] });
  });
  const explained = async (number: string) => (await desk.ask("GET", `job?name=office:${number}`)).json;

  test("has one job of the project's jobs, its amounts summed, and the work done when all of it is", async () => {
    await desk.say("office", "jobs", "1001", titanJob(1001, "Completed"));
    await desk.say("office", "jobs", "1002", titanJob(1002, "Scheduled"));
    await desk.say("office", "jobs", "1003", titanJob(1003, "Completed", { jobTypeId: 42 }));
    await desk.say("office", "invoices", "1", bill(1, 1001, "300.00"));
    await desk.say("office", "invoices", "2", bill(2, 1002, "0.00"));
    await desk.say("office", "invoices", "3", bill(3, null, "150.00"));
    await desk.say("office", "invoices", "4", bill(4, 1003, "90.00"));
    expect(await explained("1001")).toEqual(await explained("1002"));
    expect(await explained("1002")).toMatchObject({
      jobs: [
        {
          number: "1001",
          money: [{ connection: "office", charge: 45_000, payment: 0 }],
          fields: [
            { field: "work", agreed: "open or working", values: [{ agrees: true }, { agrees: true }] },
            { field: "billing", agreed: "invoiced" },
          ],
        },
      ],
    });
    expect(await explained("1003")).toMatchObject({ jobs: [{ money: [{ charge: 9_000 }] }] });
    await desk.say("office", "jobs", "1002", titanJob(1002, "Completed", { modifiedOn: "2026-11-02T09:00:00Z" }));
    expect(await explained("1001")).toMatchObject({ jobs: [{ fields: [{ agreed: "completed" }, {}] }] });
    const unlinked = await desk.ask("POST", "links/unlink", { body: { record: "office/jobs/1002", why: "its own" } });
    expect(unlinked).toMatchObject({ status: 200, json: { unlinked: true } });
    expect(await explained("1001")).not.toEqual(await explained("1002"));
  });
});
