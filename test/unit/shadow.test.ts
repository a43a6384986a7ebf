import { beforeEach, describe, expect, test } from "vitest";
import { jobIdOf } from "#shared/domain/ids.ts";
import { configSchema, modeOf } from "#shared/domain/policy.ts";
import { pastStates } from "#shared/pipeline/past-states.ts";
import { contextInPast } from "#shared/pipeline/replay-period.ts";
import { asIfProposed, type Shadowed, shadowJob, shadowScore, shadowVerdicts } from "#shared/pipeline/shadow.ts";
import { card, type DeskCompany, deskCompany, deskConfig } from "#test/support/desk-company.ts";

let desk: DeskCompany;
const period = { from: "2026-11-01T00:00:00.000Z", to: "2026-12-01T00:00:00.000Z" };
const observing = {
  ...deskConfig,
  companies: deskConfig.companies.map((company) => ({
    ...company,
    connections: company.connections.map((one) => ({ ...one, mode: { default: "observe" } })),
  })),
};

/** Both say that work is under way; the office is where it is said that it is done. */
async function pair(n: number): Promise<void> {
  await says("office", n, "In Progress");
  await says("branch", n, "In Progress");
  const rows = ["office", "branch"].map((connection) => ({
    kind: "job",
    key: `${n}`,
    connection,
    stream: "jobs",
    id: `${connection}${n}`,
  }));
  await desk.ask("POST", "links/import", { body: { rows } });
  await desk.pass(1);
}

async function says(connection: "office" | "branch", n: number, status: string, more: object = {}): Promise<void> {
  const [uuid, number] = [`${connection}${n}`, `${connection === "office" ? 10_000 + n : `JOB-${n}`}`];
  const open = { completed_at: null, actual_amount: null };
  await desk.say(connection, "jobs", uuid, card(uuid, number, { ...open, status, ...more }));
  await desk.pass(0.5);
}

async function shadowed(n: number, within = period): Promise<readonly Shadowed[]> {
  const id = jobIdOf(`office/jobs/office${n}`);
  const states = [...pastStates(await desk.ports.jobs.load(id), await desk.ports.jobs.past(id))].reverse();
  const proposing = await contextInPast(desk.ports, asIfProposed(desk.company));
  return shadowJob(states, within, desk.company, proposing);
}

const told = (found: readonly Shadowed[]): unknown =>
  found.map(({ intent: { record, target, wanted }, verdict, did }) => [
    record.connection,
    target,
    wanted,
    verdict,
    did,
  ]);

beforeEach(async () => {
  desk = await deskCompany(undefined, undefined, observing);
  await pair(1);
  await says("office", 1, "Complete");
});

describe("a plan that was not made because the mode is observe", () => {
  test("stands while nobody touches the record, and there is nothing to compare", async () => {
    expect((await desk.ports.jobs.load(jobIdOf("office/jobs/office1"))).state.intents).toEqual([]);
    expect(told(await shadowed(1))).toEqual([["branch", "status", "Ready to Invoice", "open", []]]);
    expect(shadowScore((await shadowed(1)).map(({ verdict }) => verdict))).toEqual({
      agreed: 0,
      differed: 0,
      superseded: 0,
      open: 1,
      share: null,
    });
  });

  test("is agreed with when people do the same by hand", async () => {
    await says("branch", 1, "Ready to Invoice");
    const found = await shadowed(1);
    expect(told(found)).toEqual([["branch", "status", "Ready to Invoice", "agreed", ["Ready to Invoice"]]]);
    expect(found[0]).toMatchObject({ plannedAt: "2026-11-02T10:00:00.000Z", at: "2026-11-02T10:30:00.000Z" });
  });

  test("differs when people do something else that settles it", async () => {
    await says("branch", 1, "Needs Approval");
    expect(told(await shadowed(1))).toEqual([["branch", "status", "Ready to Invoice", "differed", ["Needs Approval"]]]);
  });

  test("is agreed with in part of the jobs: the share counts what can be compared", async () => {
    await pair(2);
    await says("office", 2, "Complete");
    await pair(3);
    await says("office", 3, "Complete");
    await says("branch", 1, "Ready to Invoice");
    await says("branch", 2, "Needs Approval");
    const verdicts = (await Promise.all([1, 2, 3].map((n) => shadowed(n)))).flat().map(({ verdict }) => verdict);
    expect(verdicts).toEqual(["agreed", "differed", "open"]);
    expect(shadowScore(verdicts).share).toBe(0.5);
  });

  test("is followed through steps on the way, while the same is still wanted", async () => {
    await says("branch", 1, "Scheduled");
    expect(told(await shadowed(1))).toEqual([["branch", "status", "Ready to Invoice", "open", ["Scheduled"]]]);
    await says("branch", 1, "Ready to Invoice");
    expect(told(await shadowed(1))).toEqual([
      ["branch", "status", "Ready to Invoice", "agreed", ["Scheduled", "Ready to Invoice"]],
    ]);
  });

  test("is superseded when what it was made from went back before anybody touched the record", async () => {
    await says("office", 1, "In Progress");
    expect(told(await shadowed(1))).toEqual([["branch", "status", "Ready to Invoice", "superseded", []]]);
  });

  test("is superseded by the next one for the same record, which is compared by itself", async () => {
    await says("office", 1, "Scheduled");
    await says("office", 1, "Complete");
    await says("branch", 1, "Ready to Invoice");
    const verdicts = (await shadowed(1)).map(({ verdict }) => verdict);
    expect(verdicts).toEqual(["superseded", "agreed"]);
    expect(shadowScore(verdicts)).toMatchObject({ superseded: 1, share: 1 });
  });

  test("of before the period counts where it stood as the period began", async () => {
    await says("branch", 1, "Ready to Invoice");
    const from = "2026-11-02T10:10:00.000Z";
    expect((await shadowed(1, { ...period, from })).map(({ verdict, plannedAt }) => [verdict, plannedAt])).toEqual([
      ["agreed", from],
    ]);
    expect(await shadowed(1, { ...period, from: "2026-11-02T10:45:00.000Z" })).toEqual([]);
  });
});

describe("not a shadow", () => {
  test("is a plan where the mode is not observe: there it was put before a person", async () => {
    desk = await deskCompany(undefined, undefined, deskConfig);
    await pair(1);
    await says("office", 1, "Complete");
    expect((await desk.ports.jobs.load(jobIdOf("office/jobs/office1"))).state.intents).toHaveLength(1);
    expect(await shadowed(1)).toEqual([]);
  });

  test("is a write of our own, made while the mode was another", async () => {
    await says("branch", 1, "Ready to Invoice");
    const id = jobIdOf("office/jobs/office1");
    const states = [...pastStates(await desk.ports.jobs.load(id), await desk.ports.jobs.past(id))].reverse();
    const proposing = await contextInPast(desk.ports, asIfProposed(desk.company));
    const [agreed] = shadowJob(states, period, desk.company, proposing);
    if (!agreed) throw new Error("a plan was made");
    const { id: intent, target, record, wanted } = agreed.intent;
    const receipt = {
      ...{ intent, target, record, wanted, outcome: "applied" as const, at: agreed.at ?? "", attempts: 1 },
      ...{ before: "", after: wanted, requestId: null, moneyMinor: 0, approvedBy: null, flags: [], note: null },
    };
    const ours = states.map((one) =>
      one.at === agreed.at ? { ...one, state: { ...one.state, receipts: [receipt] } } : one,
    );
    expect(shadowJob(ours, period, desk.company, proposing)).toEqual([]);
  });
});

test("as if proposed, a company proposes what it observes and keeps every other mode", () => {
  const [company] = configSchema.parse({
    ...deskConfig,
    companies: deskConfig.companies.map((one) => ({
      ...one,
      connections: one.connections.map((each) => ({ ...each, mode: { status: "apply", schedule: "observe" } })),
    })),
  }).companies;
  if (!company) throw new Error("the document holds no company");
  for (const connection of asIfProposed(company).connections)
    expect((["status", "schedule", "payment"] as const).map((target) => modeOf(connection, target))).toEqual([
      "apply",
      "propose",
      "propose",
    ]);
});

test("a score with nothing in it has no share", () => {
  expect(shadowScore([])).toEqual({ agreed: 0, differed: 0, superseded: 0, open: 0, share: null });
  expect(shadowScore(shadowVerdicts).share).toBe(0.5);
});
