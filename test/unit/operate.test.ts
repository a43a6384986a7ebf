import { beforeEach, describe, expect, test } from "vitest";
import { firstScreen } from "#cli/screens/first-screen.ts";
import { routes } from "#functions/operate/routes.ts";
import { card, crewJob, type DeskCompany, deskCompany, deskConfig } from "#test/support/desk-company.ts";

let desk: DeskCompany;
const rows = [
  { kind: "job", key: "1", connection: "office", stream: "jobs", id: "o1" },
  { kind: "job", key: "1", connection: "crews", stream: "serviced-jobs", id: "r1" },
];

beforeEach(async () => {
  desk = await deskCompany();
  await desk.say("office", "jobs", "o1", card("o1", "10263"));
  await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 300, 0));
});

describe("who may ask", () => {
  test.each(routes)(
    "$method $path needs at least $role, and a token of the same company",
    async ({ method, path, role }) => {
      const below = { viewer: "nobody", bookkeeper: "viewer", engineer: "bookkeeper" }[role];
      const route = path.split("/").slice(3).join("/");
      expect(await desk.ask(method, route, { role: below })).toMatchObject({ status: 403 });
      expect(await desk.ask(method, route, { company: "second-company" })).toMatchObject({ status: 403 });
    },
  );

  test("a path that is no route is not found", async () => {
    expect(await desk.ask("GET", "secrets")).toMatchObject({ status: 404 });
    expect(await desk.ask("DELETE", "status")).toMatchObject({ status: 404 });
  });
});

describe("what is asked", () => {
  test("status counts every job in one group and prints as the first screen", async () => {
    await desk.ask("POST", "links/import", { body: { rows } });
    await desk.pass(3);
    const { status, json } = await desk.ask("GET", "status", { role: "viewer" });
    expect(status).toBe(200);
    expect(json).toMatchObject({ jobs: 1, disagree: 1, agree: 0, moneyJobs: 1, gapMinor: 15000, chargeMinor: 15000 });
    expect(firstScreen(json)).toContain(
      "  $150.00  charges differ                10263  Rotor says 300.00, the invoice says 450.00",
    );
  });

  test("breaks are listed widest first, with their job's number", async () => {
    await desk.ask("POST", "links/import", { body: { rows } });
    await desk.pass(3);
    const { json } = await desk.ask("GET", "breaks?state=open");
    expect(json).toMatchObject({ breaks: [{ kind: "charge", gapMinor: -15000, number: "10263" }] });
    expect((await desk.ask("GET", "breaks?kind=presence")).json).toEqual({ breaks: [] });
  });

  test("a query that does not fit names the path and what was expected", async () => {
    const reply = await desk.ask("GET", "breaks?state=new");
    expect(reply).toMatchObject({ status: 400, json: { problems: [{ path: "state" }] } });
  });

  test("a job is explained by number, by connection and number, and by id; an unknown one is not found", async () => {
    const byNumber = await desk.ask("GET", "job?name=10263");
    expect(byNumber.json).toMatchObject({
      jobs: [{ number: "10263", money: [{ connection: "office", charge: 45000 }] }],
    });
    expect((await desk.ask("GET", "job?name=office:10263")).json).toEqual(byNumber.json);
    expect(await desk.ask("GET", "job?name=office:9")).toMatchObject({ status: 404 });
    expect(await desk.ask("GET", "job?name=depot:9")).toMatchObject({ status: 400 });
  });

  test("feeds that were never read show as silent, the others as read", async () => {
    const { json } = await desk.ask("GET", "feeds");
    expect(json).toMatchObject({
      feeds: expect.arrayContaining([expect.objectContaining({ connection: "crews", stale: false })]),
    });
    desk.world.clock.set("2026-11-05T08:00:00.000Z");
    expect((await desk.ask("GET", "status")).json).toMatchObject({ notComparable: 2, agree: 0 });
  });
});

describe("what is decided", () => {
  const plan = async (): Promise<{ job: string; id: string; bound: string; approved: unknown }[]> => {
    const { json } = await desk.ask("GET", "plan");
    return (json as { intents: { job: string; id: string; bound: string; approved: unknown }[] }).intents;
  };

  beforeEach(async () => {
    await desk.say(
      "branch",
      "jobs",
      "b1",
      card("b1", "JOB-1", { status: "In Progress", completed_at: null, actual_amount: null }),
    );
    await desk.ask("POST", "links/import", {
      body: { rows: [rows[0], { kind: "job", key: "1", connection: "branch", stream: "jobs", id: "b1" }] },
    });
    await desk.pass(3);
  });

  test("an approval is bound to what was seen, and names what it approved", async () => {
    const [intent] = await plan();
    if (!intent) throw new Error("nothing is planned");
    const refused = await desk.ask("POST", "plan/approve", {
      body: { intents: [{ job: intent.job, intent: intent.id, bound: "another" }] },
    });
    expect(refused).toMatchObject({
      status: 409,
      json: { results: [{ decided: false, why: expect.stringContaining("changed") }] },
    });
    const taken = await desk.ask("POST", "plan/approve", {
      role: "bookkeeper",
      body: { intents: [{ job: intent.job, intent: intent.id, bound: intent.bound }] },
    });
    expect(taken).toMatchObject({ status: 200, json: { results: [{ decided: true }] } });
    expect(await plan()).toMatchObject([{ approved: { by: "ana@ridgeline.example" } }]);
    expect(desk.world.queues.sent.outbound.get("customtrades")?.length).toBe(1);
  });

  test("a rejection needs a reason and stands in the plan", async () => {
    const [intent] = await plan();
    if (!intent) throw new Error("nothing is planned");
    const named = { intents: [{ job: intent.job, intent: intent.id }] };
    expect(await desk.ask("POST", "plan/reject", { body: named })).toMatchObject({ status: 400 });
    expect(await desk.ask("POST", "plan/reject", { body: { ...named, why: "not ours" } })).toMatchObject({
      status: 200,
    });
    expect(await plan()).toMatchObject([{ approved: null, rejected: { why: "not ours" } }]);
  });

  test("all may be approved at once, and what is approved already is not decided again", async () => {
    expect((await desk.ask("POST", "plan/approve", { body: { all: true, connection: "branch" } })).json).toMatchObject({
      results: [{ decided: true }],
    });
    expect((await desk.ask("POST", "plan/approve", { body: { all: true } })).json).toEqual({ results: [] });
  });
});

describe("the switch and the configuration", () => {
  test("stopping needs a reason, shows in status, and resuming takes it away", async () => {
    expect(await desk.ask("POST", "stop", { body: {} })).toMatchObject({ status: 400 });
    await desk.ask("POST", "stop", { body: { why: "rates changed" } });
    expect((await desk.ask("GET", "status")).json).toMatchObject({ stopped: { stopped: true, why: "rates changed" } });
    await desk.ask("POST", "resume");
    expect((await desk.ask("GET", "status")).json).toMatchObject({ stopped: { stopped: false } });
  });

  test("a configuration that does not fit is refused with the path, and nothing is applied", async () => {
    const wrong = structuredClone(deskConfig);
    Object.assign(wrong.companies[0]?.policy ?? {}, { authority: { work: ["depot"] } });
    const reply = await desk.ask("POST", "config", { body: wrong });
    expect(reply).toMatchObject({ status: 400, json: { problems: [{ path: "companies[0].policy.authority.work" }] } });
    expect((await desk.world.cell.config.company("ridgeline"))?.policy.authority["work"]).toEqual(["office"]);
  });

  test("an engineer applies the own company's part of a document, never another's", async () => {
    const [one] = deskConfig.companies;
    const both = {
      cells: [{ id: "main", companies: ["ridgeline", "other"] }],
      companies: [
        { ...one, name: "Ridgeline West" },
        { ...one, id: "other" },
      ],
    };
    expect((await desk.ask("POST", "config", { body: both })).json).toMatchObject({ applied: "ridgeline" });
    expect((await desk.world.cell.config.company("ridgeline"))?.name).toBe("Ridgeline West");
    expect(await desk.world.cell.config.company("other")).toBeNull();
  });
});
