import { describe, expect, test } from "vitest";
import { buildDemo } from "#local/demo/build.ts";
import { check, type LogEntry, type SeenJob } from "./check.ts";
import { oracleOf } from "./oracle.ts";

const demo = buildDemo({ seed: 1 });
const oracle = oracleOf(demo);

/** A run that did everything right, as closing numbers, logs and jobs. */
const final = { ...oracle.totals, deadLettered: 0, quarantined: 0 };
const logs: LogEntry[] = oracle.writes.map((write, at) => ({
  seq: at + 1,
  kind: "write",
  operation: "write",
  after: write.fields,
  effect: true,
  ...write,
}));
const jobs: SeenJob[] = oracle.jobs.map(({ truth, breaks }) => ({
  records: truth.records.map(({ connection, stream, id }) => `${connection}/${stream}/${id}`),
  breaks: breaks.map(({ kind, state, minor, cause }) => ({
    kind,
    state,
    gapMinor: minor,
    causes: minor === 0 ? [] : [{ kind: cause, minor }],
  })),
}));

describe("the oracle's comparison", () => {
  test("finds nothing against a run that did everything right", () => {
    expect(check(oracle, final, logs, jobs)).toEqual([]);
  });
  test("tells of a number that is off by a cent", () => {
    expect(check(oracle, { ...final, gapMinor: oracle.totals.gapMinor + 1 }, logs)).toHaveLength(1);
  });
  test("tells of a write that is missing and of one that was done twice", () => {
    expect(check(oracle, final, logs.slice(1))).toHaveLength(1);
    expect(check(oracle, final, [...logs, ...logs.slice(0, 1)])).toHaveLength(1);
  });
  test("tells of a write nobody wanted, but not of one without effect", () => {
    const other: LogEntry = { seq: 99, account: "st-main", kind: "write", operation: "cancelJob", effect: true };
    expect(check(oracle, final, [...logs, other])).toHaveLength(1);
    expect(check(oracle, final, [...logs, { ...other, effect: false }])).toEqual([]);
  });
  test("tells of two jobs that were taken for one, and of a wrong cause", () => {
    const [first, second, ...rest] = jobs;
    const together = { records: [...(first?.records ?? []), ...(second?.records ?? [])], breaks: [] };
    expect(check(oracle, final, logs, [together, ...rest])).toHaveLength(3);
    const guessed = jobs.map((job) => ({
      ...job,
      breaks: job.breaks.map((one) => ({ ...one, causes: one.causes.map((cause) => ({ ...cause, kind: "timing" })) })),
    }));
    expect(check(oracle, final, logs, guessed).length).toBeGreaterThan(10);
  });
});

describe("what was planted", () => {
  test("a quiet job whose payment the crew never entered is no longer quiet", () => {
    const late = demo.edits.rotor.find((edit) => /^10(1|2[0-3])\d* paid$/.test(edit.label));
    expect(late).toBeDefined();
    const edits = { ...demo.edits, rotor: demo.edits.rotor.filter((edit) => edit !== late) };
    expect(oracleOf({ ...demo, edits }).totals.moneyJobs).toBe(oracle.totals.moneyJobs + 1);
  });
  test("a card that the branch forgets to drag would be written", () => {
    const edit = demo.edits.customtrades.find((one) => /^JOB-08\d\d Needs Approval$/.test(one.label));
    expect(edit).toBeDefined();
    const edits = { ...demo.edits, customtrades: demo.edits.customtrades.filter((one) => one !== edit) };
    expect(oracleOf({ ...demo, edits }).problems.length).toBeGreaterThan(0);
  });
});
