import { afterEach, beforeEach, expect, test } from "vitest";
import { card, type DeskCompany, deskCompany, deskConfig } from "#test/support/desk-company.ts";
import { type DeskTerminal, deskTerminal } from "#test/support/desk-terminal.ts";

let desk: DeskCompany;
let terminal: DeskTerminal;
let run: DeskTerminal["run"];

const open = { completed_at: null, actual_amount: null };

/** The company's document with the branch in this mode. */
const inMode = (mode: string): object => ({
  ...deskConfig,
  companies: deskConfig.companies.map((company) => ({
    ...company,
    connections: company.connections.map((one) => ({
      ...one,
      mode: { default: one.id === "branch" ? mode : "observe" },
    })),
  })),
});

/** A job that the office says is done while the branch is at it. */
async function begin(document: object): Promise<void> {
  desk = await deskCompany(undefined, undefined, document);
  terminal = await deskTerminal(desk);
  ({ run } = terminal);
  await desk.say("office", "jobs", "o1", card("o1", "10263", { ...open, status: "In Progress" }));
  await desk.say("branch", "jobs", "b1", card("b1", "JOB-1", { ...open, status: "In Progress" }));
  const links = "kind,key,connection,stream,id\njob,1,office,jobs,o1\njob,1,branch,jobs,b1\n";
  await run("links", "import", terminal.file("links.csv", links));
  await desk.pass(1);
  await desk.say("office", "jobs", "o1", card("o1", "10263"));
  await desk.pass(1);
}

beforeEach(() => begin(deskConfig));
afterEach(() => terminal.close());

test("at shows a job as it was stored then, and has the whole of it with --json", async () => {
  const { out } = await run("at", "10263", "2026-11-02T08:30:00Z");
  expect(out).toMatch(/Version \d+, stored 2026-11-02T08:00:00.000Z, until 2026-11-02T09:00:00.000Z/);
  expect(out).toMatch(/work: dispatched or working or held .*\n +Custom Trades CRM office 10263: In Progress/);
  expect(JSON.parse((await run("at", "10263", "2026-11-02T10:00:00Z", "--json")).out)).toMatchObject({
    jobs: [{ until: null, state: { money: [{ charge: 45_000 }, {}] } }],
  });
  expect((await run("at", "10263", "2026-11-02T10:00:00Z", "--evidence")).out).toContain(
    "Archive:\n  branch/jobs/b1: no payload kept\n",
  );
  expect(await run("at", "10263")).toMatchObject({ code: 2, err: expect.stringContaining("INSTANT is missing") });
  expect(await run("at", "10263", "2026-11-01T09:00:00Z")).toMatchObject({ code: 1 });
});

test("replay says what another policy would have planned, job by job, and how true it is to what was", async () => {
  const file = terminal.file("tried.json", JSON.stringify(inMode("observe")));
  const words = ["replay", "--policy", file, "--from", "2026-11-01", "--to", "2026-11-05"];
  const { out, code } = await run(...words);
  expect(code).toBe(0);
  expect(out).toContain("2 jobs from 2026-11-01T06:00:00.000Z to 2026-11-05T07:00:00.000Z; nothing was written.");
  expect(out).toContain("in force:  1 writes, 0 tasks, 0.00 at stake, 3 requests\n");
  expect(out).toMatch(/10263:\n {2}- branch JOB-1: In Progress becomes .* \(stands since 2026-11-02 09:00\)/);
  expect(out).toContain("In 2 of 2 jobs the replay under the policy in force plans exactly what was planned then.");
  expect(JSON.parse((await run(...words, "--json")).out)).toMatchObject({
    jobs: [{ onlyTried: [] }],
    tried: { writes: 0 },
  });
  expect(await run("replay", "--from", "2026-11-01", "--to", "2026-11-05")).toMatchObject({ code: 2 });
  const misfit = terminal.file("misfit.json", "{}");
  expect(await run("replay", "--policy", misfit, "--from", "x", "--to", "y")).toMatchObject({ code: 2 });
});

test("shadow scores what would have been planned where the mode is observe by what people then did", async () => {
  expect((await run("shadow")).out).toBe("Nothing would have been planned where the mode is observe.\n");
  await terminal.close();
  await begin(inMode("observe"));
  expect((await run("shadow")).out).toContain("Nothing can be compared yet");
  await desk.say("branch", "jobs", "b1", card("b1", "JOB-1", { ...open, status: "Needs Approval" }));
  const { out } = await run("shadow", "--from", "2026-11-01");
  expect(out).toContain("People did 0 of 1 plans the same way: 0 %.");
  expect(out).toMatch(/branch +status +0 +1 +0 +0 +0 %/);
  expect(out).toMatch(
    /Done otherwise:\n {2}10263 .*branch JOB-1: In Progress becomes .*; people made it Needs Approval/,
  );
  expect(JSON.parse((await run("shadow", "--json")).out)).toMatchObject({ score: { differed: 1, share: 0 } });
});
