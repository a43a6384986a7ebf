import { expect, test } from "vitest";
import type { Attempt, Intent } from "#shared/domain/intent.ts";
import { emptyJob, type JobState } from "#shared/domain/job.ts";
import { knownFrom } from "#shared/domain/observation.ts";
import { settleAttempts } from "#shared/pipeline/attempts.ts";
import { nothingArrives, reconcile } from "#shared/pipeline/reconcile.ts";
import { companyOf, contextOf, factsOf, recordOf, system, versionText } from "#test/support/model-systems.ts";

/** Two systems whose reference people edit; `s2` is written when `s1` says something else. */
const classes = [system("writable", { reference: true }), system("writable", { reference: true })];
const company = companyOf(classes);
const context = contextOf(company, classes, "2026-11-02T12:00:00.000Z");
const told = (connection: string, reference: string, modified: number, read: number) =>
  knownFrom({
    record: recordOf(connection),
    version: { modified: versionText(modified), read },
    digest: `${reference}${modified}`,
    at: context.now,
    hangsOn: [],
    facts: factsOf(classes[0]!, { word: "Scheduled", reference, charge: null, payment: null, modified }),
  });

/** A job whose purchase order was sent to `s2`, and what a reading there shows since. */
function lost(state: Attempt["state"], shows: string, modified: number): JobState {
  const intent: Intent = {
    id: "i1",
    kind: "write",
    target: "reference",
    record: recordOf("s2"),
    read: "",
    wanted: "PO-7",
    arguments: {},
    moneyMinor: 0,
    requests: 3,
    needsApproval: false,
    approved: null,
    rejected: null,
    bound: "b",
    sentence: "sets the reference to PO-7",
    plannedAt: context.now,
    epoch: 1,
    dueAt: null,
  };
  const before = { modified: versionText(1), read: 1, shown: "" };
  const attempt: Attempt = {
    intent,
    number: 1,
    startedAt: context.now,
    before,
    state,
    dueAt: context.now,
    lagRead: 2,
    requestId: null,
  };
  return {
    ...emptyJob("j1"),
    observations: { "s1/jobs/1": told("s1", "PO-7", 1, 1), "s2/jobs/1": told("s2", shows, modified, 2) },
    links: ["s1/jobs/1", "s2/jobs/1"].map((record) => ({ record, rule: "first", evidence: [], at: "", batch: null })),
    attempts: [attempt],
  };
}

test.each([
  // Ours or somebody else's who typed the same meanwhile: the field stands as wanted, and the receipt claims no more.
  ["ambiguous", "PO-7", 2, "applied", "no answer came; a later reading shows it, whoever wrote it"],
  ["unverified", "PO-7", 2, "applied", null],
  ["ambiguous", "PO-8", 3, "superseded", null],
  ["ambiguous", "", 2, "unresolved", null],
] as const)("a reference whose write is %s and reads %j is %s", (state, shows, modified, outcome, note) => {
  const settled = settleAttempts(lost(state, shows, modified), context);
  expect(settled.receipts).toMatchObject([{ target: "reference", outcome, note, after: shows }]);
  expect(settled.ask).toEqual(outcome === "applied" ? [] : ["s2/jobs/1|reference"]);
});

test("without an answer and without any change at the vendor it is planned once more: the same text twice is once", () => {
  const settled = settleAttempts(lost("ambiguous", "", 1), context);
  expect(settled).toMatchObject({ receipts: [], refusals: [{ outcome: "retried" }], ask: [] });
});

test("found there it is at rest, whoever wrote it: nothing is planned, and no break stands", () => {
  const { state } = reconcile(lost("ambiguous", "PO-7", 2), nothingArrives, context);
  expect(state.attempts).toEqual([]);
  expect(state.intents.filter((intent) => intent.target === "reference")).toEqual([]);
  expect(state.breaks.filter((one) => one.kind === "reference")).toEqual([]);
  expect(state.bases.reference?.["s2/jobs/1"]).toEqual({ word: "PO-7", ask: false });
});
