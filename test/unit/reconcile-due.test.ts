import { describe, expect, test } from "vitest";
import type { JobFacts } from "#shared/domain/facts.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { Policy } from "#shared/domain/policy.ts";
import { type Arrivals, nothingArrives, reconcile } from "#shared/pipeline/reconcile.ts";
import { systemClasses } from "#test/support/model-systems.ts";
import { root } from "#test/support/money-view.ts";
import { at, branch, contextAt, job, link, office, read, says } from "#test/support/one-job.ts";

const { readOnly, observed } = systemClasses;

describe("when time alone may change something", () => {
  const classes = [readOnly, observed];
  const due = (
    observations: Arrivals["observations"],
    hours = 0,
    more: Partial<JobState> = {},
    policy: Partial<Policy> = {},
  ) => reconcile(job(observations, more), nothingArrives, contextAt(hours, classes, policy)).state.dueAt;

  const lagging = (presence: JobFacts["presence"] = "present"): Partial<JobFacts> => ({
    presence,
    work: { word: "Working", set: ["working"], also: { states: ["completed"], hoursAfterCompletion: 4 } },
  });
  const completed = { ...says("Completed"), completedAt: at(-1) };
  test.each([
    ["a word that lags means less after its hours", { ...office(completed), ...branch(lagging()) }, 0, at(3)],
    ["not when they are over", { ...office(completed), ...branch(lagging()) }, 3, null],
    ["not for a record that is gone", { ...office(completed), ...branch(lagging("deleted")) }, 0, null],
    ["not while nobody has completed it", { ...office(says("Working")), ...branch(lagging()) }, 0, null],
    ["not for a word that says all it means", { ...office(completed), ...branch(says("Completed")) }, 0, null],
  ] as const)("%s", (_name, observations, hours, when) => expect(due(observations, hours)).toBe(when));

  const expectedIn = [{ from: "s1", to: "s2", withinHours: 9 }];
  const links = [
    link("s1/invoices/5", { at: at(-3) }),
    link("s1/jobs/1", { at: at(-0.5) }),
    link("s2/jobs/1", { at: at(-0.25) }),
  ];
  test.each([
    ["an hour after it was first seen", office(), { expectedIn }, 0, at(0.5)],
    ["not when that hour is over", office(), { expectedIn }, 0.5, null],
    ["not when it is not alone", { ...office(), ...branch() }, { expectedIn }, 0, null],
    [
      "though another record of the same system is there",
      { ...office(), ...read("s1/jobs/2", root({}).facts) },
      { expectedIn },
      0,
      at(0.5),
    ],
    ["though its twin is gone", { ...office(), ...branch({ presence: "deleted" }) }, { expectedIn }, 0, at(0.5)],
    ["not when nobody else should have it", office(), {}, 0, null],
    ["not when it is what another should have", branch(), { expectedIn }, 0, null],
    ["not when it is gone itself", office({ presence: "deleted" }), { expectedIn }, 0, null],
  ] as const)("a job that should have a twin is looked at: %s", (_name, observations, policy, hours, when) =>
    expect(
      due(
        observations,
        hours,
        { links },
        { ...policy, expectedIn: [...("expectedIn" in policy ? policy.expectedIn : [])] },
      ),
    ).toBe(when),
  );
  test("never, where its own record has no link", () => expect(due(office(), 0, {}, { expectedIn })).toBeNull());

  test("of several the first counts", () => {
    const policy = { graceHours: { default: 2 } };
    const observations = {
      ...office({ ...completed, charge: 500 }),
      ...branch({ ...lagging(), charge: 700 }),
    };
    expect(due(observations, 0, {}, policy)).toBe(at(2));
    const flips = [
      { at: at(-0.9), from: ["working"], to: ["held"], by: ["a"] },
      { at: at(-0.5), from: ["held"], to: ["working"], by: ["a"] },
      { at: at(-0.1), from: ["working"], to: ["held"], by: ["a"] },
    ];
    expect(due(observations, 0, { flips: { work: flips } }, policy)).toBe(at(0.1));
  });
});
