import { beforeEach, describe, expect, test } from "vitest";
import { canonicalJson, jobIdOf } from "#shared/domain/ids.ts";
import * as z from "#shared/domain/schema.ts";
import { replayPage } from "#shared/pipeline/replay-period.ts";
import { card, type DeskCompany, deskCompany, deskConfig } from "#test/support/desk-company.ts";

let desk: DeskCompany;
const office = jobIdOf("office/jobs/o1");
const period = { from: "2026-11-01T00:00:00.000Z", to: "2026-11-09T00:00:00.000Z" };
const open = { completed_at: null, actual_amount: null };

const sum = z.object({ writes: z.number(), tasks: z.number(), moneyMinor: z.number(), requests: z.number() });
const plan = z.object({ intent: z.looseObject({ wanted: z.string() }), stands: z.boolean() });
const plansSchema = z.object({
  from: z.string(),
  inForce: sum,
  tried: sum,
  replayed: z.number(),
  asPlanned: z.number(),
  jobs: z.array(
    z.object({
      job: z.string(),
      onlyInForce: z.array(plan),
      onlyTried: z.array(plan),
      changed: z.array(z.unknown()),
    }),
  ),
});

/** The desk company's document with another policy, or other modes of the branch. */
function documentWith({ policy = {}, mode = { default: "propose" } as object }): object {
  const [company] = deskConfig.companies;
  if (!company) throw new Error("the document holds no company");
  const connections = company.connections.map((one) => (one.id === "branch" ? { ...one, mode } : one));
  return { ...deskConfig, companies: [{ ...company, connections, policy: { ...company.policy, ...policy } }] };
}

async function replayed(document: object, { from, to } = period): Promise<z.infer<typeof plansSchema>> {
  const { status, json } = await desk.ask("POST", "replay", { role: "viewer", body: { document, from, to } });
  expect(status, JSON.stringify(json)).toBe(200);
  return plansSchema.parse(json);
}

/** A job in the office and the branch: both in progress, then the office says that it is done. */
beforeEach(async () => {
  desk = await deskCompany();
  await desk.say("office", "jobs", "o1", card("o1", "10263", { ...open, status: "In Progress" }));
  await desk.say("branch", "jobs", "b1", card("b1", "JOB-1", { ...open, status: "In Progress" }));
  const rows = ["office/o1", "branch/b1"].map((name) => {
    const [connection, id] = name.split("/");
    return { kind: "job", key: "1", connection, stream: "jobs", id };
  });
  await desk.ask("POST", "links/import", { body: { rows } });
  await desk.pass(1);
  await desk.say("office", "jobs", "o1", card("o1", "10263", { ...open, status: "Complete" }));
  await desk.pass(2);
});

describe("a period under another policy", () => {
  test("that is the one in force plans what was planned, and differs in nothing", async () => {
    const found = await replayed(deskConfig);
    expect(found).toMatchObject({ replayed: 2, asPlanned: 2, jobs: [], inForce: { writes: 1 }, tried: { writes: 1 } });
  });

  test("in which the branch may edit follows it, where the one in force plans to set it back", async () => {
    for (const status of ["Ready to Invoice", "Scheduled"])
      await desk.say("branch", "jobs", "b1", card("b1", "JOB-1", { ...open, status }));
    await desk.pass(2);
    const branchToo = { authority: { work: ["office", "branch"], billing: ["office"], schedule: ["office"] } };
    const found = await replayed(documentWith({ policy: branchToo }));
    expect(found.jobs).toHaveLength(1);
    expect(found.jobs[0]).toMatchObject({
      job: office,
      onlyTried: [],
      onlyInForce: [{ intent: { read: "Scheduled", wanted: "Ready to Invoice" } }],
    });
  });

  test("that lets the branch be written without asking changes who agrees, not what is wanted", async () => {
    const [job] = (await replayed(documentWith({ mode: { default: "propose", status: "apply" } }))).jobs;
    expect(job).toMatchObject({
      onlyInForce: [],
      onlyTried: [],
      changed: [{ inForce: { intent: { needsApproval: true } }, tried: { intent: { needsApproval: false } } }],
    });
  });

  test("that only observes the branch plans nothing there", async () => {
    const [job] = (await replayed(documentWith({ mode: { default: "observe" } }))).jobs;
    expect(job).toMatchObject({
      onlyTried: [],
      onlyInForce: [{ intent: { wanted: "Ready to Invoice" }, stands: true }],
    });
  });

  test("ends where it is said to end, and days are those of the company's zone", async () => {
    const to = "2026-11-02T08:30:00Z";
    expect(await replayed(documentWith({ mode: { default: "observe" } }), { from: "2026-11-01", to })).toMatchObject({
      from: "2026-11-01T06:00:00.000Z",
      jobs: [],
    });
    const wrong = await desk.ask("POST", "replay", {
      body: { document: deskConfig, from: "2026-11-02", to: "2026-11-01" },
    });
    expect(wrong).toMatchObject({ status: 400, json: { problems: [{ path: "to" }] } });
    const misfit = await desk.ask("POST", "replay", { body: { document: {}, from: "2026-11-02", to: "2026-11-03" } });
    expect(misfit).toMatchObject({ status: 400 });
  });

  test("leaves everything as it was", async () => {
    const before = canonicalJson(await desk.ports.jobs.load(office));
    await replayPage(desk.ports, { company: desk.company, tried: desk.company, period }, null);
    expect(canonicalJson(await desk.ports.jobs.load(office))).toBe(before);
  });
});
