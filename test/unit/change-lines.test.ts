import { describe, expect, test } from "vitest";
import type { Break } from "#shared/domain/break.ts";
import type { Intent, Receipt } from "#shared/domain/intent.ts";
import { type Change, emptyJob, type JobState, type Link, type MoneyLine } from "#shared/domain/job.ts";
import { type Known, nothingKnown } from "#shared/domain/observation.ts";
import { changeLines, decisionLine, numbered, toldBy, withEdit } from "#shared/pipeline/history.ts";
import { root } from "#test/support/money-view.ts";

/** What a change of a job amounts to, as its history tells it. */
const lines = (before: Partial<JobState>, after: Partial<JobState>): readonly string[] =>
  changeLines({ ...emptyJob("j"), ...before }, { ...emptyJob("j"), ...after });
/** Each of these states against the one before it. */
const steps = (...states: readonly Partial<JobState>[]): readonly (readonly string[])[] =>
  states.slice(1).map((after, place) => lines(states[place] ?? {}, after));

describe("records", () => {
  const link = (record: string, evidence: readonly string[] = []): Link => ({
    ...{ record, rule: "key-pair", evidence, at: "2026-11-02T08:00:00Z", batch: null },
  });
  const read = (digest: string, more: Partial<Known> = {}): JobState["observations"] => {
    const said = { ...root({}).observation, digest };
    return { "s1/jobs/1": { ...nothingKnown, said, seenRead: 5, ...more } };
  };
  const gone = (how: "deleted" | "unseen", at: number): Partial<Known> => ({
    absent: { read: at, at: "2026-11-02T08:00:00Z", how },
  });

  test("each new link with its rule and its evidence", () =>
    expect(
      steps(
        { links: [] },
        { links: [link("s1/jobs/1")] },
        { links: [link("s1/jobs/1"), link("s2/jobs/2", ["number 7", "one day"])] },
        { links: [link("s2/jobs/2")] },
      ),
    ).toEqual([["linked s1/jobs/1 by key-pair"], ["linked s2/jobs/2 by key-pair (number 7, one day)"], []]));

  test("first seen, changed, and nothing where it says the same", () =>
    expect(
      steps({}, { observations: read("a") }, { observations: read("a", { seenRead: 6 }) }, { observations: read("b") }),
    ).toEqual([["s1/jobs/1 first seen"], [], ["s1/jobs/1 changed"]]));

  test("a record that was known only to be gone is first seen when it is read", () => {
    const absent = { observations: { "s1/jobs/1": { ...nothingKnown, ...gone("unseen", 3) } } };
    expect(steps({}, absent, { observations: read("a") })).toEqual([["s1/jobs/1 is unseen"], ["s1/jobs/1 first seen"]]);
  });

  test("gone when a later read proved it, once, and again when another proves it again", () =>
    expect(
      steps(
        { observations: read("a") },
        { observations: read("a", gone("unseen", 5)) },
        { observations: read("a", gone("unseen", 6)) },
        { observations: read("a", gone("unseen", 6)) },
        { observations: read("a", gone("deleted", 7)) },
      ),
    ).toEqual([[], ["s1/jobs/1 is unseen"], [], ["s1/jobs/1 is deleted"]]));
});

describe("fields and money", () => {
  const work = (agreed: unknown, by: readonly string[] = []): Partial<JobState> => ({
    fields: { work: { agreed, by } },
  });
  test("what is agreed, and by whom where somebody edited", () =>
    expect(
      steps({}, work(null), work(["held"]), work(["held"], ["s1/jobs/1"]), work(["open"], ["s1/jobs/1", "s2/jobs/1"])),
    ).toEqual([[], ['work is ["held"]'], [], ['work is ["open"], by s1/jobs/1, s2/jobs/1']]));
  test("a field that is merged no more is not told", () => expect(lines(work(["held"]), {})).toEqual([]));

  const money = (connection: string, charge: number | null, payment: number | null): MoneyLine => ({
    ...{ connection, charge, payment, outstanding: null, provisional: false, unreadable: [] },
  });
  test("each amount of each system that is another than before", () =>
    expect(
      steps(
        {},
        { money: [money("s1", 45_000, null)] },
        { money: [money("s2", 100, 0), money("s1", 45_000, 5)] },
        { money: [money("s2", 100, 0), money("s1", null, 5)] },
      ),
    ).toEqual([
      ["s1 charge 450.00"],
      ["s2 charge 1.00", "s2 payment 0.00", "s1 payment 0.05"],
      ["s1 charge not stated"],
    ]));
});

describe("breaks and writes", () => {
  const charge = (state: Break["state"], gapMinor: number, key = "charge"): Break =>
    ({ key, kind: "charge", state, gapMinor, sentence: "the crew says more" }) as Break;
  test("a break by its state, else by its gap", () =>
    expect(
      steps(
        { breaks: [charge("open", 7, "payment")] },
        { breaks: [charge("open", 7, "payment"), charge("waiting", 500)] },
        { breaks: [charge("open", 500)] },
        { breaks: [charge("open", 500)] },
        { breaks: [charge("open", 700)] },
        { breaks: [charge("resolved", 0)] },
      ),
    ).toEqual([
      ["break charge waiting: the crew says more"],
      ["break charge open: the crew says more"],
      [],
      ["break charge now 7.00"],
      ["break charge resolved: the crew says more"],
    ]));
  const receipt = (target: Receipt["target"], outcome: Receipt["outcome"]): Receipt =>
    ({ target, outcome, record: { connection: "s2", stream: "jobs", id: "1" } }) as Receipt;
  test("each receipt that came to those there were", () => {
    const first = receipt("status", "applied");
    expect(steps({}, { receipts: [first] }, { receipts: [first, receipt("reference", "ignored")] })).toEqual([
      ["write of status to s2: applied"],
      ["write of reference to s2: ignored"],
    ]);
  });
});

describe("what is planned and decided", () => {
  const intent = (more: Partial<Intent> = {}): Intent =>
    ({ id: "i1", kind: "write", approved: null, rejected: null, sentence: "Open becomes Done", ...more }) as Intent;
  const at = "2026-11-02T08:00:00Z";
  const approved = { by: "ana", at };
  const rejected = { by: "ben", at, why: "not yet" };
  const told = (before: readonly Intent[], after: readonly Intent[]) => lines({ intents: before }, { intents: after });

  test.each([
    ["a write", [], [intent()], ["plans: Open becomes Done"]],
    ["a task", [], [intent({ kind: "task" })], ["asks a person: Open becomes Done"]],
    ["what stood planned", [intent()], [intent()], []],
    ["what stood planned beside another", [intent({ id: "i2" }), intent()], [intent()], []],
    [
      "what a rule approved at once",
      [],
      [intent({ approved: { ...approved, rule: "words" } })],
      ["plans: Open becomes Done", "approved by ana under the rule words: Open becomes Done"],
    ],
    ["an approval", [intent()], [intent({ approved })], ["approved by ana: Open becomes Done"]],
    ["an approval that stands", [intent({ approved })], [intent({ approved })], []],
    [
      "an approval that fell with its plan",
      [intent({ approved })],
      [],
      ["approval by ana fell, it is not planned now: Open becomes Done"],
    ],
    [
      "an approval that fell though it is planned",
      [intent({ approved })],
      [intent()],
      ["approval by ana fell, what it was planned from has changed: Open becomes Done"],
    ],
    [
      "a rejection that fell",
      [intent({ rejected })],
      [],
      ["rejection by ben fell, it is not planned now: Open becomes Done"],
    ],
    ["a rejection that stands", [intent({ rejected })], [intent({ rejected })], []],
    ["an approval that became a rejection", [intent({ approved })], [intent({ rejected })], []],
    ["what nobody had decided, gone", [intent()], [], []],
    [
      "an approval beside one that stands",
      [intent({ id: "i2", approved }), intent()],
      [intent({ id: "i2", approved }), intent({ approved })],
      ["approved by ana: Open becomes Done"],
    ],
    [
      "an approval that stands beside what nobody has decided",
      [intent({ approved })],
      [intent({ id: "i2", sentence: "x" }), intent({ approved })],
      ["plans: x"],
    ],
  ])("%s", (_name, before, after, lines) => expect(told(before, after)).toEqual(lines));

  test.each([
    [{ approved }, "approved by ana: Open becomes Done"],
    [{ approved: { ...approved, rule: "words" } }, "approved by ana under the rule words: Open becomes Done"],
    [{ rejected }, "rejected by ben (not yet): Open becomes Done"],
    [{ approved, rejected }, "rejected by ben (not yet): Open becomes Done"],
    [{}, "approved by nobody: Open becomes Done"],
  ])("a decision tells who: %j", (more, line) => expect(decisionLine(intent(more))).toBe(line));
});

describe("a change and its number", () => {
  const change = (version: number, cause: string, records: readonly string[], told: readonly string[]): Change => ({
    ...{ version, at: "2026-11-02T08:00:00Z", cause, records, lines: told },
  });
  const job = (lastChange: Change | null): JobState => ({ ...emptyJob("j"), lastChange });

  test("what a person did has no number until it is committed: then the next one", () => {
    const told = toldBy(job(null), "2026-11-02T09:00:00Z", ["s1/jobs/1"], "said so");
    expect(told.lastChange).toEqual({
      ...{ version: 0, at: "2026-11-02T09:00:00Z", cause: "person", records: ["s1/jobs/1"], lines: ["said so"] },
    });
    expect(numbered({ version: 4 }, told)).toEqual({ ...told, lastChange: { ...told.lastChange, version: 5 } });
  });
  test("a change that has its number keeps it, and none stays none", () => {
    const numberedJob = job(change(3, "time", [], []));
    expect(numbered({ version: 4 }, numberedJob)).toBe(numberedJob);
    expect(numbered({ version: 4 }, job(null))).toEqual(job(null));
  });
  test("an edit and what followed from it are one change, the edit's lines first, each record once", () => {
    const edit = job(change(0, "person", ["a", "b"], ["said so"]));
    const after = job({ ...change(0, "observed", ["b", "c"], ["work is held"]), at: "2026-11-02T09:00:00Z" });
    expect(withEdit(edit, after).lastChange).toEqual({
      ...{ version: 0, at: "2026-11-02T09:00:00Z", cause: "person" },
      ...{ records: ["a", "b", "c"], lines: ["said so", "work is held"] },
    });
  });
  test("an edit from which nothing followed stays as it is, and so does what followed from none", () => {
    const edit = job(change(0, "person", ["a"], ["said so"]));
    expect(withEdit(edit, edit)).toBe(edit);
    expect(withEdit(edit, job(null))).toEqual(job(null));
    const after = job(change(0, "observed", ["b"], ["work is held"]));
    expect(withEdit(job(change(3, "time", ["a"], ["before"])), after)).toBe(after);
    expect(withEdit(job(null), after)).toBe(after);
  });
});
