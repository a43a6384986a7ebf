import { describe, expect, test } from "vitest";
import type { JobFacts } from "#shared/domain/facts.ts";
import type { Change, JobState, Link } from "#shared/domain/job.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import type { Seen } from "#shared/domain/view.ts";
import { explain } from "#shared/pipeline/explain.ts";
import { companyOf, contextOf, systemClasses } from "#test/support/model-systems.ts";
import { invoice, payment, root } from "#test/support/money-view.ts";
import {
  now,
  standingBreak,
  standingIntent,
  standingJob,
  standingMoney,
  standingReceipt,
} from "#test/support/standing-job.ts";

const classes = [systemClasses.writable, systemClasses.readOnly, systemClasses.observed];
const company = companyOf(classes);
const titles = { "model-writable": "The office", "model-readOnly": "The crews", "model-observed": "The branch" };

const told = (state: JobState, history: readonly Change[] = [], under: CompanyConfig = company, at = now) =>
  explain(state, history, under, contextOf(under, classes, at), titles);
const field = (name: string, ...parts: Parameters<typeof told>) =>
  told(...parts).fields.find((one) => one.field === name);

/** What a system says: its word of the work, and anything else a test is about. */
const says = (connection: string, word: string, facts: Partial<JobFacts> = {}): Seen<JobFacts> =>
  root({ work: { word, set: [word === "Working" ? "working" : "completed"] }, ...facts }, { connection });
const [office, crews, branch] = [says("s1", "Completed"), says("s2", "Working"), says("s3", "Working")];
const work = (agreed: unknown, by: readonly string[] = []) => ({ fields: { work: { agreed, by } } });
const done = ["completed"];

describe("the records of a job", () => {
  const links: readonly Link[] = [
    { record: "s1/jobs/1", rule: "first", evidence: ["the first"], at: now, batch: null },
    { record: "s2/jobs/1", rule: "accepted", evidence: ["same day"], at: now, batch: "b7", doubt: "the day moved" },
  ];
  const on = (one: Seen, more: { modified?: string | null; presence?: "inactive" } = {}): Seen => ({
    ...one,
    observation: {
      ...one.observation,
      version: { modified: more.modified ?? null, read: 3 },
      facts: { ...one.observation.facts, ...(more.presence ? { presence: more.presence } : {}) },
    },
  });
  const state = standingJob(
    [
      on(says("s2", "Working", { number: null })),
      on(says("s1", "Completed", { number: "10263" }), { modified: "2026-11-01T09:00:00.1234567Z" }),
      on(invoice({ number: "I-1" }, { connection: "s1" }), { presence: "inactive" }),
      on(payment([], {}, { connection: "s1" })),
    ],
    { links },
  );

  test("stand in the order of their keys, with title, kind, number and version", () =>
    expect(told(state).records).toEqual([
      {
        ...{ record: "s1/invoices/1", title: "The office", kind: "invoice", number: "I-1", live: false },
        ...{ modified: null, readAt: "2026-11-02T10:00:00Z", link: null, sameAs: null },
      },
      {
        ...{ record: "s1/jobs/1", title: "The office", kind: "job", number: "10263", live: true },
        ...{ modified: "2026-11-01T09:00:00.1234567Z", readAt: "2026-11-02T10:00:00Z" },
        link: { rule: "first", evidence: ["the first"], at: now, batch: null },
        sameAs: null,
      },
      {
        ...{ record: "s1/payments/1", title: "The office", kind: "payment", number: null, live: true },
        ...{ modified: null, readAt: "2026-11-02T10:00:00Z", link: null, sameAs: null },
      },
      {
        ...{ record: "s2/jobs/1", title: "The crews", kind: "job", number: null, live: true },
        ...{ modified: null, readAt: "2026-11-02T10:00:00Z" },
        link: { rule: "accepted", evidence: ["same day", "in doubt: the day moved"], at: now, batch: "b7" },
        sameAs: null,
      },
    ]));

  test.each([
    ["proven gone after it was last seen", 4, false],
    ["seen again after it was missing", 2, true],
    ["seen by the very read that missed it", 3, true],
  ])("%s", (_name, read, live) => {
    const known = state.observations["s1/jobs/1"];
    if (!known) throw new Error("it is there");
    const observations = { "s1/jobs/1": { ...known, absent: { read, at: now, how: "deleted" as const } } };
    expect(told({ ...state, observations }).records).toMatchObject([{ record: "s1/jobs/1", live }]);
  });

  test("of which nothing was ever read are left out", () => {
    const observations = { "s1/jobs/1": { said: null, seenRead: 0, absent: null } };
    expect(told({ ...state, observations })).toMatchObject({ records: [], fields: [] });
  });
});

describe("who says what of a field", () => {
  test("each system's own word, what it means, as of when, and what it is called there", () => {
    const dated = {
      ...office,
      observation: { ...office.observation, version: { modified: "2026-11-01T09:00Z", read: 1 } },
    };
    expect(field("work", standingJob([dated, { ...crews, facts: crews.facts }], work(done)))?.values).toEqual([
      {
        ...{ record: "s1/jobs/1", connection: "s1", title: "The office", number: null, says: "Completed" },
        ...{ means: "completed", asOf: "2026-11-01T09:00Z", agrees: true, won: true, ask: false },
      },
      {
        ...{ record: "s2/jobs/1", connection: "s2", title: "The crews", number: null, says: "Working" },
        ...{ means: "working", asOf: "2026-11-02T10:00:00Z", agrees: false, won: false, ask: false },
      },
    ]);
  });
  test("a word that means several, and states without a word, are said in full", () => {
    const several = { word: null, set: ["working", "held"] as const };
    const wide = { word: "Started", set: ["dispatched", "working"] as const };
    const values = field(
      "work",
      standingJob([says("s1", "", { work: several }), says("s2", "", { work: wide })]),
    )?.values;
    expect(values?.map((one) => [one.says, one.means])).toEqual([
      ["working or held", "working or held"],
      ["Started", "dispatched or working"],
    ]);
  });
  test("a word that lags means more for a while after another system has completed", () => {
    const also = { states: done, hoursAfterCompletion: 2 } as { states: ["completed"]; hoursAfterCompletion: number };
    const lags = says("s2", "", { work: { word: "Working", set: ["working"], also } });
    const state = standingJob([says("s1", "Completed", { completedAt: "2026-11-02T07:00:00Z" }), lags], work(done));
    const at = (clock: string) => field("work", state, [], company, `2026-11-02T${clock}:00.000Z`)?.values[1];
    expect(at("08:59")).toMatchObject({ says: "Working", means: "working or completed", agrees: true });
    expect(at("09:00")).toMatchObject({ means: "working", agrees: false });
  });
  test("a record that is gone says nothing any more, and a field nobody speaks of is not told", () => {
    const gone = says("s2", "Working", { presence: "inactive" });
    const found = told(standingJob([office, gone], work(done)));
    expect(found.fields.map((one) => [one.field, one.values.map((value) => value.record)])).toEqual([
      ["work", ["s1/jobs/1"]],
      ["billing", ["s1/jobs/1"]],
    ]);
  });
  test("a write there is only proposed where somebody's edit would be undone", () => {
    const bases = { work: { "s2/jobs/1": { word: null, ask: true }, "s1/jobs/1": { word: null, ask: false } } };
    const values = field("work", standingJob([office, crews, branch], { ...work(done), bases }))?.values;
    expect(values?.map((one) => one.ask)).toEqual([false, true, false]);
  });
});

describe("who won, and by which rule", () => {
  const under = (authority: readonly string[], editors: readonly string[] = authority): CompanyConfig => ({
    ...company,
    policy: { ...company.policy, authority: { work: [...authority] }, editors: { work: [...editors] } },
  });
  const won = (...parts: Parameters<typeof told>) =>
    field("work", ...parts)?.values.map((one) => `${one.connection}${one.won ? " won" : ""}`);

  test("as first seen, the highest of those that may edit; the others stand in the order of authority", () => {
    const state = standingJob([office, says("s2", "Completed"), branch], work(done));
    expect(won(state, [], under(["s2", "s1"]))).toEqual(["s2 won", "s1", "s3"]);
    expect(won(state, [], under(["s2", "s1"], ["s1"]))).toEqual(["s2", "s1 won", "s3"]);
    expect(won(state, [], under(["s3"], ["s2"]))).toEqual(["s3", "s1", "s2 won"]);
  });
  test("not one that is gone, nor one that says otherwise now", () => {
    const gone = says("s1", "Completed", { presence: "deleted" });
    expect(won(standingJob([gone, says("s2", "Completed")], work(done)))).toEqual(["s2 won"]);
    expect(won(standingJob([says("s1", "Working"), crews], work(done)))).toEqual(["s1", "s2"]);
  });
  test("after an edit, those who made it, whoever has authority", () => {
    const state = standingJob([says("s1", "Completed"), says("s2", "Completed"), branch], work(done, ["s2/jobs/1"]));
    expect(won(state)).toEqual(["s1", "s2 won", "s3"]);
    expect(field("work", state)).toMatchObject({ agreed: "completed", by: ["s2/jobs/1"] });
  });

  const rule = (state: JobState, policy: CompanyConfig = company): string | undefined =>
    field("work", state, [], policy)?.rule;
  test.each<[string, JobState, string]>([
    ["nobody may edit it", standingJob([office, crews]), "no system that may edit it has spoken yet"],
    ["all agree", standingJob([office], work(done)), "as first seen; authority: s1, s2, s3"],
    [
      "one says otherwise",
      standingJob([office, crews], work(done)),
      "as first seen; authority: s1, s2, s3; The crews says otherwise",
    ],
    [
      "two say otherwise",
      standingJob([office, crews, branch], work(done)),
      "as first seen; authority: s1, s2, s3; The crews and The branch say otherwise",
    ],
    [
      "one system says otherwise twice",
      standingJob([office, crews, root({ works: ["working"] }, { connection: "s2", id: "2" })], work(done)),
      "as first seen; authority: s1, s2, s3; The crews says otherwise",
    ],
    [
      "somebody edited",
      standingJob([office, says("s2", "Completed"), branch], work(done, ["s2/jobs/1"])),
      "edited in The crews; The branch says otherwise",
    ],
    [
      "two edited alike",
      standingJob([office, says("s2", "Completed")], work(done, ["s1/jobs/1", "s2/jobs/1", "s1/jobs/2"])),
      "edited in The office and The crews",
    ],
  ])("%s", (_name, state, sentence) => expect(rule(state)).toBe(sentence));
  test("nobody has authority", () => {
    expect(rule(standingJob([office], work(done)), under([]))).toBe("as first seen; authority: nobody");
    expect(field("work", standingJob([office], work(done)), [], under(["s2", "s1"]))?.authority).toEqual(["s2", "s1"]);
  });
  test("while nothing is agreed nobody disagrees", () =>
    expect(field("work", standingJob([office, crews]))).toMatchObject({
      ...{ agreed: null, since: null, by: [] },
      values: [{ agrees: true, won: true }, { agrees: true }],
    }));
});

describe("since when, and how often it went back and forth", () => {
  const change = (hour: number, ...lines: readonly string[]): Change => ({
    ...{ version: hour, at: `2026-11-02T0${hour}:00:00.000Z`, cause: "observation", records: [], lines },
  });
  const state = standingJob([office], work(done));
  test("the last change that made it so, as far as the history tells", () => {
    const history = [
      change(1, 'work is ["working"]'),
      change(2, "linked s2/jobs/1 by person", 'work is ["completed"], by s1/jobs/1'),
      change(3, "billing is null"),
      change(4, "what work is done was told"),
    ];
    expect(field("work", state, history)?.since).toBe("2026-11-02T02:00:00.000Z");
    expect(field("work", state, history.slice(2))?.since).toBeNull();
    expect(told(state, history).history).toEqual(history);
  });
  test("flips of the last hour are told as they were, and freeze the field when two went back", () => {
    const flip = (minute: number, from: readonly string[], to: readonly string[], by = "s1/jobs/1") => ({
      ...{ at: `2026-11-02T07:${minute}:00.000Z`, from, to, by: [by] },
    });
    const [on, back] = [flip(10, ["working"], done), flip(20, done, ["working"], "s2/jobs/1")];
    expect(field("work", { ...state, flips: { work: [on, back] } })).toMatchObject({
      frozen: false,
      flips: [
        { at: "2026-11-02T07:10:00.000Z", from: "working", to: "completed", by: ["s1/jobs/1"] },
        { at: "2026-11-02T07:20:00.000Z", from: "completed", to: "working", by: ["s2/jobs/1"] },
      ],
    });
    const again = flip(30, ["working"], done);
    const frozen = { ...state, flips: { work: [on, back, again] } };
    expect(told(frozen).fields.map((one) => [one.field, one.frozen])).toEqual([
      ["work", true],
      ["billing", false],
    ]);
  });
});

test("what is wanted, under way, refused and was done is told as it stands, with the money by system", () => {
  const attempt = {
    ...{ intent: standingIntent("i2"), number: 1, startedAt: now, state: "sent" as const, dueAt: now },
    ...{ before: { modified: null, read: 1, shown: "" }, lagRead: null, requestId: null },
  };
  const refusal = {
    ...{ record: "s1/jobs/1", target: "status" as const, read: "a", wanted: "b", outcome: "ignored" as const },
    ...{ at: now, note: null },
  };
  const stands = {
    ...{ intents: [standingIntent("i1")], attempts: [attempt], receipts: [standingReceipt("i3")], refusals: [refusal] },
    ...{ notices: ["unknown word Paused"], dueAt: now },
  };
  const money = [standingMoney("s1", 500, 0), standingMoney("s3", 600, null)];
  const found = told(standingJob([office], { ...stands, money, breaks: [standingBreak("charge", 100)] }));
  expect(found).toMatchObject({ job: "j1", standing: "disagree", gapMinor: 100, ...stands });
  expect(found.money).toEqual([
    { ...money[0], title: "The office" },
    { ...money[1], title: "The branch" },
  ]);
});
