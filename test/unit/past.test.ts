import { beforeEach, describe, expect, test } from "vitest";
import { canonicalJson, jobIdOf } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import { pastStepOf, pastStepSchema, stateBefore, stateDigest } from "#shared/domain/past.ts";
import * as z from "#shared/domain/schema.ts";
import { addHours } from "#shared/domain/time.ts";
import { pastStates, stateAt } from "#shared/pipeline/past-states.ts";
import { card, crewJob, type DeskCompany, deskCompany } from "#test/support/desk-company.ts";
import { typicalJob } from "#test/support/typical-job.ts";

const replySchema = z.object({
  jobs: z.array(z.object({ job: z.string(), version: z.number(), until: z.nullable(z.string()), state: z.unknown() })),
});

describe("a job as it was stored at an instant", () => {
  let desk: DeskCompany;
  const ask = async (name: string, instant: string): Promise<z.infer<typeof replySchema>["jobs"]> => {
    const { status, json } = await desk.ask("GET", `at?name=${name}&instant=${instant}`, { role: "viewer" });
    expect(status, JSON.stringify(json)).toBe(200);
    return replySchema.parse(json).jobs;
  };
  const office = jobIdOf("office/jobs/o1");
  const crews = jobIdOf("crews/serviced-jobs/r1");
  const kept: { at: string; state: JobState }[] = [];
  const keep = async (): Promise<void> => {
    const { state } = await desk.ports.jobs.load(office);
    kept.push({ at: await desk.world.clock.now(), state });
  };

  beforeEach(async () => {
    kept.length = 0;
    desk = await deskCompany();
    await desk.say("office", "jobs", "o1", card("o1", "10263"));
    await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 300, 0));
    await keep();
    await desk.pass(2);
    const rows = [
      { kind: "job", key: "1", connection: "office", stream: "jobs", id: "o1" },
      { kind: "job", key: "1", connection: "crews", stream: "serviced-jobs", id: "r1" },
    ];
    await desk.ask("POST", "links/import", { body: { rows } });
    await keep();
    await desk.pass(3);
    await keep();
    await desk.pass(1);
    const key = "charge";
    await desk.ask("POST", "breaks/explain", { body: { job: office, key, note: "given off" } });
    await desk.pass(1);
    await keep();
    await desk.ask("POST", "links/unlink", { body: { record: "crews/serviced-jobs/r1", why: "another call" } });
    await keep();
  });

  test("is byte for byte what stood, through a link, a person's mark and its undoing", async () => {
    expect(new Set(kept.map(({ state }) => canonicalJson(state))).size).toBe(5);
    // The unlinking falls into the instant of the mark: of one instant the last commit counts.
    const lastOf = new Map(kept.map(({ at, state }) => [at, state]));
    for (const [at, state] of lastOf) {
      const found = (await ask("10263", at)).find(({ job }) => job === office);
      expect(canonicalJson(found?.state)).toBe(canonicalJson(state));
    }
  });

  test("before two records were one job both jobs are shown, while linked the one, and by its own id the other", async () => {
    const [first, linked] = kept.map(({ at }) => at);
    expect((await ask(crews, first ?? "")).map(({ job }) => job)).toEqual([crews]);
    expect((await ask(office, linked ?? "")).map(({ job }) => job)).toEqual([office]);
    expect(
      (await ask(crews, linked ?? "")).map(({ job, state }) => [
        job,
        z.object({ forwardTo: z.nullable(z.string()) }).parse(state),
      ]),
    ).toEqual([[crews, { forwardTo: office }]]);
  });

  test("what was not there, what is no instant, and who is not known are told apart", async () => {
    const early = await desk.ask("GET", "at?name=10263&instant=2026-11-01T00:00:00Z");
    expect(early).toMatchObject({
      status: 404,
      json: { error: expect.stringContaining("first stored at 2026-11-02T08") },
    });
    expect(await desk.ask("GET", "at?name=10263&instant=yesterday")).toMatchObject({
      status: 400,
      json: { problems: [{ path: "instant" }] },
    });
    expect(await desk.ask("GET", "at?name=99&instant=2026-11-02T12:00:00Z")).toMatchObject({ status: 404 });
    expect(await desk.ask("GET", "at")).toMatchObject({ status: 400 });
  });
});

describe("the steps back", () => {
  const at = (hour: number): string => addHours("2026-11-02T00:00:00.000Z", hour);
  const versions = [1, 2, 3, 4].map((turn) => {
    const job = typicalJob("j1", turn);
    return {
      version: turn,
      state: { ...job, lastChange: job.lastChange && { ...job.lastChange, version: turn, at: at(turn) } },
    };
  });
  const [first, second, third, last] = versions;
  if (!first || !second || !third || !last) throw new Error("four versions were made");
  const steps = [
    pastStepOf(first, second.state, at(2)),
    pastStepOf(second, third.state, at(3)),
    pastStepOf(third, last.state, at(4)),
  ];

  test("of a writer that lost its race lead nowhere", () => {
    const loser = { ...third.state, notices: ["what the other would have written"] };
    const withLoser = [pastStepOf(second, loser, at(9)), ...steps];
    expect([...pastStates(last, withLoser)].map(({ state }) => state)).toEqual(
      versions.toReversed().map(({ state }) => state),
    );
    expect(stateAt(last, withLoser, at(3))?.version).toBe(3);
    expect(
      stateAt(
        last,
        withLoser.filter((step) => step.version !== 1),
        at(3),
      )?.version,
    ).toBe(3);
  });

  test("of a state that is another than was stored are refused", () => {
    const spoiled = { ...last, state: { ...last.state, planned: 77 } };
    expect(() => [...pastStates(spoiled, steps)]).toThrow("before its version 4 was not kept");
    expect(() => [...pastStates(last, steps.slice(1))]).toThrow("before its version 2 was not kept");
  });

  test("are followed no further back than is asked", () => {
    expect(stateAt(last, steps.slice(1), at(3))).toMatchObject({ version: 3, at: at(3), until: at(4) });
    expect(stateAt(last, steps.slice(2), at(4.5))).toMatchObject({ version: 4, at: at(4), until: null });
    expect(() => stateAt(last, steps.slice(2), at(3))).toThrow(expect.objectContaining({ kind: "missing" }));
  });

  test("lead to nothing before the first commit, nor of a job that was never stored", () => {
    expect(stateAt(last, steps, at(0))).toBeNull();
    const never = { version: 0, state: first.state };
    expect([...pastStates(never, [])]).toEqual([]);
    expect(stateAt(never, [], at(9))).toBeNull();
  });

  test("of a job whose first commit told no change: it stood from before anybody asks", () => {
    const silent = { version: 1, state: { ...first.state, lastChange: null } };
    expect([...pastStates(silent, [])]).toEqual([{ ...silent, at: null }]);
    expect(stateAt(silent, [], at(0))).toEqual({ ...silent, at: null, until: null });
    const then = { version: 2, state: { ...second.state, lastChange: null } };
    expect(stateAt(then, [pastStepOf(silent, then.state, at(2))], at(1))).toMatchObject({ version: 1, until: at(2) });
  });

  test("of a first writer whose clock was ahead: nothing stood before that instant", () => {
    const { lastChange } = first.state;
    const ahead = { ...first, state: { ...first.state, lastChange: lastChange && { ...lastChange, at: at(8) } } };
    const late = [pastStepOf(ahead, second.state, at(2)), ...steps.slice(1)];
    expect(stateAt(last, late, at(5))).toBeNull();
    expect(stateAt(last, late, at(8))?.version).toBe(4);
  });

  test("tell no more than what differs", () => {
    const { step, change } = pastStepOf(first, { ...first.state, planned: 77 }, at(2));
    expect(step).toEqual({ of: [["planned", { is: first.state.planned }]] });
    expect(change).toBeUndefined();
  });

  test("that lead to no job are refused", () => {
    const [one] = steps.slice(-1);
    if (!one) throw new Error("a step was made");
    for (const is of [null, "text", { id: "j1" }])
      expect(() => stateBefore(last.state, { ...one, step: { is } })).toThrow("leads to no job");
  });

  test("are read back as they were kept", () => {
    for (const step of steps) expect(z.parse(pastStepSchema, JSON.parse(JSON.stringify(step)))).toEqual(step);
    expect(z.safeParse(pastStepSchema, { version: 1 }).success).toBe(false);
  });

  test("of functions whose clocks disagree, a version stood once all before it did", () => {
    const late = [pastStepOf(first, second.state, at(8)), ...steps.slice(1)];
    expect(stateAt(last, late, at(1))?.version).toBe(1);
    expect(stateAt(last, late, at(5))).toMatchObject({ version: 1, until: at(8) });
    expect(stateAt(last, late, at(8))).toMatchObject({ version: 4, until: null });
  });

  test("hold whatever a later version of the code adds to a job", () => {
    const { refusals, ...older } = first.state;
    expect(refusals).toEqual([]);
    expect(stateDigest({ refusals, ...older })).toBe(stateDigest({ ...older, refusals: [] }));
    expect(stateDigest({ ...first.state, planned: 1 })).not.toBe(stateDigest(first.state));
  });
});
