import { describe, expect, test } from "vitest";
import { emptyJob, type JobState } from "#shared/domain/job.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import { deskOf } from "#shared/pipeline/desk.ts";
import type { JobStore, StoredJob } from "#shared/pipeline/ports.ts";
import { contextInPast, type ReplayPorts, replayPage, somePasts, statesOf } from "#shared/pipeline/replay-period.ts";
import { shadowPage } from "#shared/pipeline/shadow-period.ts";
import { newFeed } from "#shared/store/feed-store.ts";
import { linkingWorld } from "#test/support/linking-world.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";
import { vocabularyOf } from "#test/support/model-systems.ts";
import { standingIntent } from "#test/support/standing-job.ts";
import { at, bothDone, type Commit, pastClasses, pastCompany, toldPast } from "#test/support/told-past.ts";

const period = { from: at(0), to: at(24) };
const withMode = (mode: "observe" | "propose"): CompanyConfig => ({
  ...pastCompany,
  connections: pastCompany.connections.map((one) => ({ ...one, mode: { default: mode } })),
});

/** The same job, the office's record of it numbered. */
function numbered(state: JobState, number: string): JobState {
  const known = state.observations["s1/jobs/1"];
  if (known?.said?.facts.kind !== "job") return state;
  const said = { ...known.said, facts: { ...known.said.facts, number } };
  return { ...state, observations: { ...state.observations, "s1/jobs/1": { ...known, said } } };
}

/** Ports over jobs whose commits these are; what a record shows is its word. */
async function portsWith(pasts: Readonly<Record<string, readonly Commit[]>>): Promise<ReplayPorts> {
  const { ports } = linkingWorld();
  const { jobs } = memoryWorld().company("model");
  for (const [id, commits] of Object.entries(pasts))
    for (const { state, at: instant } of toldPast(commits, id))
      await jobs.commit(await jobs.load(id), state, instant ?? "");
  const classOf = (vendor: string) => pastClasses.find(({ name }) => vendor === `model-${name}`) ?? pastClasses[0];
  const shows: NonNullable<ReturnType<ReplayPorts["describer"]>>["writers"][string] = {
    shows: ([one]) => (one?.facts.kind === "job" ? (one.facts.work.word ?? "") : ""),
  };
  const describer: ReplayPorts["describer"] = (vendor) => {
    const known = ports.describer(vendor);
    return known && { ...known, vocabulary: vocabularyOf(classOf(vendor)), writers: { status: shows } };
  };
  return { ...ports, jobs, describer };
}
const replayed = async (
  pasts: Readonly<Record<string, readonly Commit[]>>,
  tried = withMode("observe"),
  within = period,
) => replayPage(await portsWith(pasts), { company: pastCompany, tried, period: within }, null);
const away: Commit = { hour: 9.5, became: (state) => ({ ...state, forwardTo: "j9", dueAt: null, intents: [] }) };

describe("a page of jobs under two policies", () => {
  test("says which jobs' plans differ, and what each policy's come to", async () => {
    const found = await replayed({ j1: bothDone, j2: bothDone.slice(0, 1) });
    expect(found).toMatchObject({
      replayed: 2,
      inForce: { writes: 1, tasks: 1, moneyMinor: 500, requests: 3 },
      tried: { writes: 0, tasks: 1, moneyMinor: 500, requests: 0 },
      jobs: [{ job: "j1", number: null, onlyTried: [], onlyInForce: [{ intent: { target: "status" } }], same: 1 }],
      next: null,
    });
    expect(found.jobs).toHaveLength(1);
  });
  test.each<[string, CompanyConfig, object]>([
    ["in what only the other plans", withMode("observe"), { onlyInForce: [{}], onlyTried: [], changed: [] }],
    ["in who agrees", withMode("propose"), { onlyInForce: [], onlyTried: [], changed: [{}] }],
  ])("a job differs %s", async (_name, tried, difference) =>
    expect((await replayed({ j1: bothDone }, tried)).jobs).toMatchObject([difference]),
  );
  test("what only the tried one plans is told too", async () => {
    const ports = await portsWith({ j1: bothDone });
    const found = await replayPage(ports, { company: withMode("observe"), tried: pastCompany, period }, null);
    expect(found.jobs).toMatchObject([{ onlyInForce: [], onlyTried: [{ intent: { target: "status" } }] }]);
  });
  test("a job is called as it is called now", async () => {
    const renamed = bothDone.map((one, n) => ({ ...one, became: (state: JobState) => numbered(state, `1026${n}`) }));
    expect((await replayed({ j1: renamed })).jobs).toMatchObject([{ number: "10262" }]);
  });
  test("a company that has no reference is replayed as well", async () => {
    const without = (one: CompanyConfig): CompanyConfig => ({
      ...one,
      connections: one.connections.map((each) => ({ ...each, reference: false, book: "payable" })),
    });
    const ports = await portsWith({ j1: bothDone });
    const [company, tried] = [without(pastCompany), without(withMode("observe"))];
    expect((await replayPage(ports, { company, tried, period }, null)).jobs).toMatchObject([{ job: "j1" }]);
    expect((await shadowPage(ports, tried, period, null)).plans).toHaveLength(1);
  });
  test("money counts without its sign", async () => {
    const back: Commit = { hour: 10, branch: ["Completed", -500] };
    const found = await replayed({ j1: [...bothDone.slice(0, 2), back] });
    expect(found.tried.moneyMinor).toBe(500);
  });
  test("counts a job as planned then when the policy in force plans exactly that again", async () => {
    const wholly = { hour: 12 } as const;
    const asPlanned = async (...commits: readonly Commit[]) => (await replayed({ j1: commits })).asPlanned;
    expect(await asPlanned(...bothDone, wholly)).toBe(1);
    // Nobody looked at twelve, as the schedule would have: the task was not there.
    expect(await asPlanned(...bothDone)).toBe(0);
    const forgot: Commit = {
      hour: 9.5,
      became: (state) => ({ ...state, intents: [...state.intents, standingIntent("i9")] }),
    };
    expect(await asPlanned(...bothDone.slice(0, 2), forgot)).toBe(0);
    const other: Commit = {
      hour: 9,
      office: ["Completed"],
      became: (state) => ({ ...state, intents: [standingIntent("i9")] }),
    };
    expect(await asPlanned(...bothDone.slice(0, 1), other)).toBe(0);
  });
  test("leaves out jobs that came later, or were part of another one all the time", async () => {
    const later = { hour: 30, office: ["Working"] } as const;
    const forwarded: Commit = { ...away, hour: 8, office: ["Working"] };
    expect(await replayed({ j1: [later], j2: [forwarded] })).toMatchObject({ replayed: 0, asPlanned: 0, jobs: [] });
    expect(await replayed({ j1: [...bothDone.slice(0, 2), away] })).toMatchObject({ replayed: 1 });
    expect(
      await replayed({ j1: [forwarded, { hour: 9, became: (state) => ({ ...state, forwardTo: null }) }] }),
    ).toMatchObject({
      replayed: 1,
    });
  });
});

test("the states of a period are what stood as it began, and what each commit left", () => {
  const states = toldPast(bothDone);
  const hours = (from: number, to: number) =>
    statesOf(states, { from: at(from), to: at(to) }).map((state) => states.findIndex((one) => one.state === state));
  expect([hours(8.5, 9.5), hours(0, 9), hours(11, 12), hours(0, 1)]).toEqual([[0, 1], [0, 1], [2], []]);
});

test("in the past every feed counts as read at that very instant, and no money as unapplied", async () => {
  const ports = await portsWith({});
  const completeAt = "2026-11-01T00:00:00.000Z";
  const feeds = { ...ports.feeds, all: async () => [{ ...newFeed("s1", "jobs"), completeAt, handedOnAt: at(20) }] };
  const context = await contextInPast({ ...ports, feeds }, pastCompany);
  const read = { completeAt: at(3), arrivedAt: at(3), arrivesAt: null, everyMinutes: 30 };
  expect(context(at(3))).toMatchObject({ now: at(3), held: [], feeds: { s1: read, s2: read } });
});

describe("everything the company's jobs ever were", () => {
  const stored = (id: string): StoredJob => ({ state: { ...emptyJob(id), planned: 1 }, version: 1 });
  const names = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `j${from + n}`);
  /** A store that lists these jobs a page each. */
  const listing = (...pages: readonly (readonly string[])[]): { jobs: Pick<JobStore, "list" | "past"> } => ({
    jobs: {
      list: async (next) => {
        const place = next === null ? 0 : Number(/^p(\d)$/.exec(next)?.[1]);
        const page = pages[place];
        if (!page) throw new Error(`the store has no page ${next}`);
        return { jobs: page.map(stored), next: place + 1 < pages.length ? `p${place + 1}` : null };
      },
      past: async () => [],
    },
  });
  async function walked(ports: { jobs: Pick<JobStore, "list" | "past"> }) {
    const all: [string | null, string[]][] = [];
    let next: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof somePasts>> = await somePasts(ports, next);
      all.push([page.next, page.pasts.flatMap(({ states }) => states.map(({ state }) => state.id))]);
      next = page.next;
    } while (next !== null);
    return all;
  }
  test("comes twenty jobs at a time, from one page of the store to the next, each job once", async () =>
    expect(await walked(listing(names(0, 45), names(45, 65), names(65, 66)))).toEqual([
      ["20.", names(0, 20)],
      ["40.", names(20, 40)],
      ["0.p1", names(40, 45)],
      ["0.p2", names(45, 65)],
      [null, names(65, 66)],
    ]));
  test("goes on within a later page too", async () =>
    expect((await walked(listing([], names(0, 21)))).map(([next]) => next)).toEqual(["0.p1", "20.p1", null]));
  test("is no desk of calls, which no policy would have asked for", async () =>
    expect(await walked(listing(["j1", deskOf("s1"), "j2"]))).toEqual([[null, ["j1", "j2"]]]));
  test("stands oldest first", async () => {
    const { pasts } = await somePasts(await portsWith({ j1: bothDone }), null);
    expect(pasts[0]?.states.map((one) => one.at)).toEqual([at(8), at(9), at(10)]);
    expect(pasts[0]?.job).toEqual(pasts[0]?.states[2]?.state);
  });
  test.each(["x", "1", "a.p", ".p1", " 20."])("does not go on from %j", async (next) => {
    const asked = somePasts(listing(["j1"]), next);
    await expect(asked).rejects.toThrow("the page to go on from is not one of ours");
    await expect(asked).rejects.toHaveProperty("kind", "bad-input");
  });
});

describe("a page of shadows", () => {
  const shadows = async (pasts: Readonly<Record<string, readonly Commit[]>>) =>
    shadowPage(await portsWith(pasts), withMode("observe"), period, null);
  test("has what would have been proposed where it only observes, as people read it", async () => {
    const observed = bothDone.map((one, n) => ({
      ...one,
      became: (state: JobState) => ({ ...(n === 2 ? numbered(state, "10263") : state), intents: [] }),
    }));
    expect(await shadows({ j1: observed, j2: bothDone.slice(0, 1) })).toEqual({
      next: null,
      plans: [
        {
          ...{ job: "j1", number: "10263", connection: "s2", target: "status", read: "Working", wanted: "Completed" },
          ...{ did: ["Completed"], verdict: "agreed", plannedAt: at(9), at: at(10), moneyMinor: 0 },
          sentence: expect.stringContaining("Working becomes Completed"),
        },
      ],
    });
  });
  test("says where the next page begins", async () => {
    const many = Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`j${n}`, bothDone.slice(0, 1)]));
    expect(await shadows(many)).toEqual({ next: "20.", plans: [] });
  });
});
