import { describe, expect, test } from "vitest";
import type { Intent } from "#shared/domain/intent.ts";
import { emptyJob, type JobState } from "#shared/domain/job.ts";
import { addSeconds } from "#shared/domain/time.ts";
import {
  type CallAsked,
  callIntent,
  callIntentId,
  callStanding,
  deskOf,
  enterCall,
  isDesk,
  updateDesk,
} from "#shared/pipeline/desk.ts";
import type { JobStore } from "#shared/pipeline/ports.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";
import { now, standingIntent, standingReceipt } from "#test/support/standing-job.ts";

const desk = deskOf("branch");
const later = addSeconds(now, 60);
const asked = (more: Partial<CallAsked> = {}): CallAsked => ({
  ...{ connection: "branch", operation: "createJob", asking: "1", by: "ana", archived: "calls/1", digest: "d" },
  ...{ sent: "POST /jobs", requests: 3, money: false, needsApproval: false, epoch: 4 },
  ...more,
});
const jobsOf = (): JobStore => memoryWorld().company("ridgeline").jobs;
const edited = (jobs: JobStore, change: Partial<JobState> | ((state: JobState) => Partial<JobState>), at = now) =>
  updateDesk(jobs, desk, at, (state) => ({ ...state, ...(typeof change === "function" ? change(state) : change) }));
const attempt = (intent: Intent, dueAt: string) => ({
  ...{ intent, number: 1, startedAt: now, state: "sent" as const, dueAt, lagRead: null, requestId: null },
  before: { modified: null, read: 1, shown: "" },
});
const yes = { by: "rosa", at: now };
const no = { ...yes, why: "twice" };
const asks = { needsApproval: true };

test("a desk is told from a job by its name", () => {
  expect([isDesk(desk), isDesk("j77"), isDesk("branch-desk-")]).toEqual([true, false, false]);
  expect(deskOf("branch")).not.toBe(deskOf("office"));
});

describe("what a person asked for by hand", () => {
  test("stands as a write to the operation, approved by the asking", () =>
    expect(callIntent(asked(), now)).toEqual({
      ...{ id: callIntentId(asked()), kind: "write", target: "call", moneyMinor: 0, requests: 3, epoch: 4 },
      record: { connection: "branch", stream: "calls", id: "createJob" },
      ...{ read: "", wanted: "POST /jobs", needsApproval: false, approved: { by: "ana", at: now }, rejected: null },
      arguments: { operation: "createJob", archived: "calls/1", digest: "d", by: "ana", money: false },
      sentence: "createJob at branch, asked for by ana: POST /jobs",
      ...{ bound: expect.any(String), plannedAt: now, dueAt: now },
    }));
  test("waits for a yes where one is needed, and says that it may move money", () =>
    expect(callIntent(asked({ ...asks, money: true }), now)).toMatchObject({
      ...{ needsApproval: true, approved: null, dueAt: null, arguments: { money: true } },
      sentence: "createJob at branch, asked for by ana: POST /jobs (may move money)",
    }));
  test("is due for nobody while it lacks what only a person can give, and names that", () =>
    expect(callIntent(asked({ withheld: ["password"] }), now)).toMatchObject({
      ...{ approved: { by: "ana" }, dueAt: null, arguments: { withheld: ["password"] } },
      sentence: "createJob at branch, asked for by ana: POST /jobs; plumbline call --send sends it",
    }));
  test("is one call per asking and connection, bound to what is sent", () => {
    const ids = [asked(), asked({ asking: "2" }), asked({ connection: "office" })].map(callIntentId);
    expect(new Set(ids).size).toBe(3);
    expect(callIntentId(asked({ by: "ben", sent: "another" }))).toBe(ids[0]);
    const bound = (more: Partial<CallAsked>) => callIntent(asked(more), now).bound;
    const all = [{}, { digest: "e" }, { money: true }, { operation: "editJob" }, { connection: "office" }].map(bound);
    expect(new Set(all).size).toBe(5);
    expect(bound({ by: "ben", asking: "2" })).toBe(all[0]);
  });
  test("asked twice is one call, also when it is done", async () => {
    const jobs = jobsOf();
    const first = await enterCall(jobs, asked(), now);
    expect(first).toMatchObject({ changed: true, send: [callIntentId(asked())], stored: { version: 1 } });
    expect(await enterCall(jobs, asked(), later)).toMatchObject({ changed: false, stored: { version: 1 } });
    await edited(jobs, { intents: [], receipts: [standingReceipt(callIntentId(asked()))] });
    expect(await enterCall(jobs, asked(), later)).toMatchObject({ changed: false });
    const { stored } = await enterCall(jobs, asked({ asking: "2" }), later);
    expect(stored.state).toMatchObject({ planned: 2, intents: [{ id: callIntentId(asked({ asking: "2" })) }] });
  });
});

describe("where a call stands", () => {
  const stands = (intent: Partial<Intent>, more: Partial<JobState> = {}) =>
    callStanding({ ...emptyJob(desk), intents: [standingIntent("c0"), standingIntent("c1", intent)], ...more }, "c1");
  test.each<[string, Partial<Intent>]>([
    ["waits for approval", asks],
    ["on its way", { ...asks, approved: yes }],
    ["on its way", {}],
    ["waits for its secrets", { arguments: { withheld: ["password"] } }],
    ["waits for approval", { ...asks, arguments: { withheld: ["password"] } }],
    ["rejected", { ...asks, rejected: no }],
  ])("%s: %j", (standing, intent) => expect(stands(intent)).toMatchObject({ standing, planned: { id: "c1" } }));
  test("sent while an attempt is open, done once it has its receipt, unknown otherwise", () => {
    const [other, one] = [standingIntent("c0"), standingIntent("c1")];
    const attempts = [attempt(other, now), attempt(one, now)];
    expect(stands({}, { attempts })).toMatchObject({ standing: "sent", planned: { id: "c1" } });
    const receipts = [standingReceipt("c0"), standingReceipt("c1", { outcome: "ignored" })];
    expect(stands({}, { attempts, receipts })).toEqual({ standing: "done", receipt: receipts[1] });
    expect(stands({}, { intents: [other] })).toBeNull();
  });
});

describe("a desk that is edited", () => {
  test("is committed once, and not at all when nothing changed", async () => {
    const jobs = jobsOf();
    expect(await edited(jobs, {})).toMatchObject({ changed: false, send: [], stored: { version: 0 } });
    const { before, stored, changed } = await edited(jobs, { planned: 7 });
    expect([before.planned, stored.state.planned, stored.version, changed]).toEqual([0, 7, 1, true]);
    expect((await jobs.load(desk)).state).toEqual(stored.state);
  });
  test("is edited again from what stands when it moved meanwhile", async () => {
    const jobs = jobsOf();
    let loads = 0;
    const moving: JobStore = {
      ...jobs,
      load: async (id) => {
        const stored = await jobs.load(id);
        if (++loads < 3) await edited(jobs, ({ planned }) => ({ planned: planned + 100 }));
        return stored;
      },
    };
    const { stored } = await edited(moving, ({ planned }) => ({ planned: planned + 1 }));
    expect([stored.state.planned, stored.version, loads]).toEqual([201, 3, 3]);
  });
  test("gives up after twelve times, and says so", async () => {
    let tries = 0;
    const jobs: JobStore = { ...jobsOf(), commit: async () => (tries++, "conflict") };
    const asking = edited(jobs, { planned: 1 });
    await expect(asking).rejects.toThrow("desk-branch moved twelve times");
    await expect(asking).rejects.toHaveProperty("kind", "conflict");
    expect(tries).toBe(12);
  });
  test("names what may go now, and is due when the next of what goes is", async () => {
    const due = (dueAt: string | null, more: Partial<Intent> = {}) => ({ dueAt, ...more });
    const intents = [
      standingIntent("c1", due(later)),
      standingIntent("c2", due(now)),
      standingIntent("c3", due(now, { ...asks, approved: yes })),
      standingIntent("c4", due(addSeconds(now, -60), asks)),
      standingIntent("c5", due(addSeconds(now, -90), { rejected: no })),
    ];
    expect(await edited(jobsOf(), { intents })).toMatchObject({
      send: ["c2", "c3"],
      stored: { state: { dueAt: now } },
    });
    const attempts = [attempt(standingIntent("c9"), addSeconds(now, -30))];
    expect((await edited(jobsOf(), { intents, attempts })).stored.state.dueAt).toBe(addSeconds(now, -30));
    expect((await edited(jobsOf(), { intents: intents.slice(3) })).stored.state.dueAt).toBeNull();
  });
  test("what was approved is due from its approval, unless a time stands or a person has to send it", async () => {
    const approved = { by: "rosa", at: addSeconds(now, -5) };
    const intents = [
      standingIntent("c1", { ...asks, approved }),
      standingIntent("c2", { ...asks, approved, dueAt: later }),
      standingIntent("c3", asks),
      standingIntent("c4", { ...asks, approved, dueAt: later, arguments: { withheld: ["password"] } }),
      standingIntent("c5", { approved, arguments: { withheld: ["password"] } }),
    ];
    const { stored } = await edited(jobsOf(), { intents });
    expect(stored.state.intents.map(({ dueAt }) => dueAt)).toEqual([approved.at, later, null, null, null]);
    expect(stored.state.dueAt).toBe(approved.at);
  });
  test("lets go of what was rejected with the next change, and not before it was seen", async () => {
    const jobs = jobsOf();
    const [one, other] = [standingIntent("c1", asks), standingIntent("c2", asks)];
    const ids = async () => (await jobs.load(desk)).state.intents.map(({ id }) => id);
    await edited(jobs, { intents: [one, other] });
    await edited(jobs, { intents: [{ ...one, rejected: no }, other] });
    expect(await ids()).toEqual(["c1", "c2"]);
    await edited(jobs, ({ planned }) => ({ planned: planned + 1 }));
    expect(await ids()).toEqual(["c2"]);
  });
  test("keeps its last hundred receipts, and no refusals: nobody plans a call", async () => {
    const receipts = Array.from({ length: 103 }, (_, n) => standingReceipt(`c${n}`));
    const refusal = { record: "r", target: "call" as const, read: "", wanted: "", outcome: "ignored" as const };
    const { stored } = await edited(jobsOf(), { receipts, refusals: [{ ...refusal, at: now, note: null }] });
    expect(stored.state.receipts.map(({ intent }) => intent)).toEqual(receipts.slice(3).map(({ intent }) => intent));
    expect(stored.state.refusals).toEqual([]);
  });
});

describe("the history of a desk", () => {
  const lines = async (jobs: JobStore) => (await jobs.history(desk)).map((change) => change.lines);
  test("tells what was asked, what was decided by whom, and what came back, each once", async () => {
    const jobs = jobsOf();
    const [one, other] = [standingIntent("c1", asks), standingIntent("c2", asks)];
    await edited(jobs, { intents: [one, other] });
    await edited(jobs, { intents: [{ ...one, approved: yes }, other] }, later);
    await edited(jobs, {
      intents: [
        { ...one, approved: yes },
        { ...other, rejected: no },
      ],
    });
    await edited(jobs, { planned: 9 });
    await edited(jobs, ({ intents }) => ({ intents: [...intents, standingIntent("c3")] }));
    const came = standingReceipt("c1", { record: { ...one.record, id: "createJob" }, requestId: "r-7", note: "late" });
    await edited(jobs, { intents: [], receipts: [came] });
    await edited(jobs, { receipts: [came, standingReceipt("c3", { outcome: "ignored" })] });
    expect(await lines(jobs)).toEqual([
      ["asks: what c1 does", "asks: what c2 does"],
      ["approved by rosa: what c1 does"],
      ["rejected by rosa (twice): what c2 does"],
      ["asks: what c3 does"],
      ["createJob: applied, request r-7 (late)"],
      ["1: ignored"],
    ]);
    expect((await jobs.history(desk))[1]).toMatchObject({ version: 2, at: later, cause: "call", records: [] });
  });
});
