import { beforeEach, describe, expect, test } from "vitest";
import * as z from "#shared/domain/schema.ts";
import type { Openings } from "#shared/pipeline/accept-openings.ts";
import { findJobs } from "#shared/pipeline/decide.ts";
import { card, crewJob, type DeskCompany, deskCompany } from "#test/support/desk-company.ts";

let desk: DeskCompany;

const row = (key: string, connection: string, stream: string, id: string): object => ({
  kind: "job",
  key,
  connection,
  stream,
  id,
});

/** 10263: the crews took 450.00 that the office does not have, the branch charged 50.00 less. 10264: crews -150.00, branch -30.00. */
beforeEach(async () => {
  desk = await deskCompany();
  await desk.say("office", "jobs", "o1", card("o1", "10263"));
  const invoice = { invoice_number: "I-1", job_uuid: "o1", total_amount: 450, balance_amount: 450, status: "Pending" };
  await desk.say("office", "invoices", "i1", { uuid: "i1", ...invoice });
  await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 450, 0));
  await desk.say("branch", "jobs", "b1", card("b1", "JOB-1", { actual_amount: 400 }));
  await desk.say("office", "jobs", "o2", card("o2", "10264"));
  await desk.say("crews", "serviced-jobs", "r2", crewJob("r2", 300, 0));
  await desk.say("branch", "jobs", "b2", card("b2", "JOB-2", { actual_amount: 420 }));
  const rows = [
    ...[row("1", "office", "jobs", "o1"), row("1", "crews", "serviced-jobs", "r1"), row("1", "branch", "jobs", "b1")],
    ...[row("2", "office", "jobs", "o2"), row("2", "crews", "serviced-jobs", "r2"), row("2", "branch", "jobs", "b2")],
  ];
  await desk.ask("POST", "links/import", { body: { rows } });
  await desk.pass(3);
});

const list = async (): Promise<Openings> => (await desk.ask("GET", "cutover")).json as Openings;
const acceptable = ({ rows }: Openings): object[] =>
  rows.map(({ job, line, connection, minor }) => ({ job, line, connection, minor }));
const accept = (rows: readonly object[], by = "Ana Ortiz") =>
  desk.ask("POST", "cutover", { role: "bookkeeper", body: { by, rows } });
const jobOf = async (number: string) => {
  const [state] = await findJobs(desk.ports, desk.company, `office:${number}`);
  if (!state) throw new Error(`no job ${number}`);
  return state;
};
const plan = async () =>
  z.parse(z.object({ intents: z.array(z.looseObject({ target: z.string() })) }), (await desk.ask("GET", "plan")).json)
    .intents;

describe("the list", () => {
  test("has a row for each system that differs; the counted ones add up to what the first screen says", async () => {
    const { rows, jobs, countedMinor } = await list();
    expect(
      rows.map(({ number, line, connection, minor, countedMinor: counts }) => [
        number,
        line,
        connection,
        minor,
        counts,
      ]),
    ).toEqual(
      expect.arrayContaining([
        ["10263", "charge", "branch", -5000, 5000],
        ["10263", "payment", "crews", 45000, 45000],
        ["10264", "charge", "crews", -15000, 15000],
        ["10264", "charge", "branch", -3000, 0],
      ]),
    );
    expect({ rows: rows.length, jobs, countedMinor }).toEqual({ rows: 4, jobs: 2, countedMinor: 65000 });
    expect((await desk.ask("GET", "status")).json).toMatchObject({ gapMinor: 65000, moneyJobs: 2 });
  });
});

describe("differences that are accepted", () => {
  test("are no break any more, are not called resolved, and stay away", async () => {
    const came = await accept(acceptable(await list()));
    expect(came).toMatchObject({ status: 200, json: { accepted: 4, already: 0, jobs: 2, countedMinor: 65000 } });
    await desk.pass(48);
    const agreed = { agree: 2, disagree: 0, waiting: 0, gapMinor: 0, resolvedMinor: 0 };
    expect((await desk.ask("GET", "status")).json).toMatchObject(agreed);
    expect(await list()).toEqual({ currency: "USD", rows: [], jobs: 0, countedMinor: 0 });
    expect((await jobOf("10264")).accepted).toEqual({ "charge:crews": -15000, "charge:branch": -3000 });
  });

  test("are never written back, nor asked of a person", async () => {
    expect((await plan()).filter(({ target }) => target === "payment")).toHaveLength(1);
    await accept(acceptable(await list()));
    await desk.pass(48);
    expect((await plan()).filter(({ target }) => ["payment", "amount", "presence", "job"].includes(target))).toEqual(
      [],
    );
    expect([...desk.world.queues.sent.outbound.values()].flat()).toEqual([]);
  });

  test("stand in each job's history with who signed, whose token it was, and when", async () => {
    await accept(acceptable(await list()));
    const history = await desk.ports.jobs.history((await jobOf("10263")).id);
    const now = await desk.world.clock.now();
    expect(history.at(-1)).toMatchObject({ at: now, cause: "person" });
    expect(history.at(-1)?.lines).toEqual(
      expect.arrayContaining([
        "opening difference of charge at branch, -50.00, accepted as found by Ana Ortiz (ana@ridgeline.example)",
        "opening difference of payment at crews, 450.00, accepted as found by Ana Ortiz (ana@ridgeline.example)",
      ]),
    );
  });

  test("are subtracted: what differs beyond them is news, and a difference that goes away is one too", async () => {
    await accept(acceptable(await list()));
    await desk.say("crews", "serviced-jobs", "r2", crewJob("r2", 280, 0));
    await desk.pass(3);
    expect((await jobOf("10264")).breaks).toMatchObject([{ key: "charge", state: "open", gapMinor: -2000 }]);
    await desk.say("crews", "serviced-jobs", "r2", crewJob("r2", 450, 0));
    await desk.pass(3);
    expect((await jobOf("10264")).breaks).toMatchObject([{ key: "charge", gapMinor: 15000 }]);
    const { rows } = await list();
    expect(rows).toMatchObject([{ line: "charge", connection: "crews", minor: 0, countedMinor: 15000 }]);
    await accept(acceptable(await list()));
    expect((await jobOf("10264")).accepted).toEqual({ "charge:branch": -3000 });
  });

  test("twice are accepted once: the second time changes nothing at all", async () => {
    const rows = acceptable(await list());
    expect(await accept([...rows, ...rows])).toMatchObject({ json: { accepted: 4, countedMinor: 65000 } });
    const before = [await jobOf("10263"), await jobOf("10264")];
    expect(await accept([...rows, ...rows], "Somebody Else")).toMatchObject({
      status: 200,
      json: { accepted: 0, already: 4, jobs: 0, countedMinor: 0 },
    });
    expect([await jobOf("10263"), await jobOf("10264")]).toEqual(before);
  });

  test("may be some of them: the break goes on with those that were left out", async () => {
    const crews = (await list()).rows.filter(({ number, connection }) => number === "10264" && connection === "crews");
    expect(await accept(acceptable({ rows: crews, jobs: 1, countedMinor: 15000 }))).toMatchObject({
      json: { accepted: 1, jobs: 1, countedMinor: 15000 },
    });
    expect((await jobOf("10264")).breaks).toMatchObject([{ key: "charge", state: "open", gapMinor: -3000 }]);
  });
});

describe("what is not accepted", () => {
  test("is everything, when one difference is no longer that amount; the answer says which", async () => {
    const rows = acceptable(await list());
    await desk.say("crews", "serviced-jobs", "r2", crewJob("r2", 310, 0));
    const came = await accept(rows);
    expect(came).toMatchObject({
      status: 409,
      json: {
        error: "refused, nothing was accepted: 10264 charge at crews: it is -140.00 now",
        accepted: 0,
        refused: [{ number: "10264", line: "charge", connection: "crews", minor: -15000, why: "it is -140.00 now" }],
      },
    });
    expect((await jobOf("10263")).accepted).toEqual({});
  });

  test("is a job nobody knows, a system that is not compared, or one that was never read completely", async () => {
    const [first] = acceptable(await list());
    expect(await accept([{ ...first, job: "nobody" }])).toMatchObject({ status: 409 });
    expect(await accept([{ ...first, connection: "office" }])).toMatchObject({
      json: { refused: [{ why: "it is not compared now" }] },
    });
    const feed = await desk.ports.feeds.load("crews", "serviced-jobs");
    await desk.ports.feeds.save({ ...feed, completeAt: null });
    expect(await accept(acceptable(await list()))).toMatchObject({
      status: 409,
      json: { accepted: 0, refused: expect.arrayContaining([expect.objectContaining({ connection: "crews" })]) },
    });
  });

  test("is a request without a name, without rows, with a line there is not, or by a viewer", async () => {
    const rows = acceptable(await list());
    expect(await accept(rows, "")).toMatchObject({ status: 400 });
    expect(await accept([])).toMatchObject({ status: 400 });
    expect(await accept([{ ...rows[0], line: "outstanding" }])).toMatchObject({ status: 400 });
    expect(await desk.ask("POST", "cutover", { role: "viewer", body: { by: "Ana", rows } })).toMatchObject({
      status: 403,
    });
  });
});
