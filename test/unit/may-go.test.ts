import { expect, test } from "vitest";
import type { Intent } from "#shared/domain/intent.ts";
import { isAgreed, mayGo } from "#shared/pipeline/may-go.ts";
import { record } from "#test/support/planned.ts";

const now = "2026-11-02T08:00:00.000Z";
const plain: Intent = {
  ...{ id: "i1", kind: "write", target: "status", record, read: "old", wanted: "new", arguments: {}, moneyMinor: 0 },
  ...{ requests: 3, needsApproval: false, approved: null, rejected: null, bound: "b", sentence: "s" },
  ...{ plannedAt: now, epoch: 1, dueAt: null },
};
const approved = { by: "Ana", at: now };
const rejected = { by: "Ana", at: now, why: "no" };

test.each([
  ["a write nobody has to agree to", {}, true],
  ["one that waits for a person", { needsApproval: true }, false],
  ["one that a person approved", { needsApproval: true, approved }, true],
  ["one that a person approved and another rejected", { needsApproval: true, approved, rejected }, false],
  ["one that needs nobody and was rejected all the same", { rejected }, false],
  ["a task, which no API does", { kind: "task" }, false],
  ["an approved task", { kind: "task", approved }, false],
] as const)("%s is agreed on, and goes: %j %j", (_name, more, agreed) => {
  expect([isAgreed({ ...plain, ...more }), mayGo({ ...plain, ...more }, { now })]).toEqual([agreed, agreed]);
});

test.each([
  ["at its very instant", now, true],
  ["before it, in another zone's print", "2026-11-02T00:59:59-07:00", true],
  ["a millisecond too early", "2026-11-02T08:00:00.001Z", false],
] as const)("it goes when its time has come: %s", (_name, dueAt, goes) =>
  expect(mayGo({ ...plain, dueAt }, { now })).toBe(goes),
);

test("what a person has to give when it is sent goes by no message", () => {
  const withheld = { ...plain, arguments: { withheld: ["password"] } };
  expect([isAgreed(withheld), mayGo(withheld, { now })]).toEqual([true, false]);
  expect(mayGo({ ...plain, arguments: { withheld: [] } }, { now })).toBe(true);
});
