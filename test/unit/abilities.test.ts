import { describe, expect, test } from "vitest";
import type { Vocabulary } from "#shared/connectors/connector.ts";
import { normalisers } from "#shared/connectors/registry.ts";
import type { Facts, JobFacts, Schedule } from "#shared/domain/facts.ts";

import { emptyJob } from "#shared/domain/job.ts";
import { type Known, knownFrom } from "#shared/domain/observation.ts";
import { type CompanyConfig, type Mode, type WriteTarget, writeTargets } from "#shared/domain/policy.ts";
import { billings } from "#shared/domain/status.ts";
import { addHours } from "#shared/domain/time.ts";
import { askedInstead, wayOf, withinAbilities } from "#shared/pipeline/abilities.ts";
import type { Context } from "#shared/pipeline/context.ts";
import type { Wanted } from "#shared/pipeline/plan.ts";
import { reconcile } from "#shared/pipeline/reconcile.ts";
import { rootFacts } from "#test/support/money-view.ts";

/** A write that needs a capability of the connection is a task while it is switched off, and says why. */
const start = "2026-11-02T15:00:00.000Z";
const before: Schedule = { day: "2026-11-03", start: "09:00", end: "11:00" };
const after: Schedule = { day: "2026-11-04", start: "13:00", end: "15:00" };

type Switched = Readonly<Record<string, boolean>> | undefined;

function companyWith(capabilities: Switched, mode: Mode): CompanyConfig {
  const connection = (id: string, vendor: string, more: object) => ({
    ...{ id, vendor, book: "receivable" as const, baseUrl: "http://127.0.0.1:1", secret: "none" },
    ...more,
  });
  return {
    id: "ridgeline",
    name: "Ridgeline",
    zone: "America/Denver",
    currency: "USD",
    connections: [
      connection("office", "servicetitan", { mode: { default: "observe", schedule: mode }, capabilities }),
      connection("branch", "customtrades", { mode: { default: "observe" } }),
    ],
    policy: { authority: { schedule: ["office", "branch"] }, graceHours: { default: 1 } },
  };
}

function contextAt(now: string, company: CompanyConfig): Context {
  const describers = Object.fromEntries(company.connections.map(({ id, vendor }) => [id, normalisers[vendor]]));
  return {
    now,
    company,
    policyVersion: "1",
    epoch: 1,
    vocabularies: Object.fromEntries(
      Object.entries(describers).flatMap(([id, one]) => (one ? [[id, one.vocabulary]] : [])),
    ),
    shows: (intent, records) =>
      describers[intent.record.connection]?.writers[intent.target]?.shows(records, intent) ?? "",
    feeds: {},
    held: [],
    quietSeconds: 0,
  };
}

const job = (number: string, schedule: Schedule | null): JobFacts => ({
  ...rootFacts,
  number,
  work: { word: "Scheduled", set: ["scheduled"] },
  billing: { word: null, set: billings },
  schedule,
});

function read(connection: string, stream: string, id: string, facts: Facts, count: number, parent?: string): Known {
  return knownFrom({
    record: { connection, stream, id },
    version: { modified: addHours(start, count), read: count },
    digest: `${id}-${count}`,
    at: start,
    hangsOn: parent === undefined ? [] : [parent],
    facts,
  });
}

/** The branch moves the visit of a job on which all agreed; two hours later the grace is over. */
function planned(capabilities: Switched, mode: Mode) {
  const company = companyWith(capabilities, mode);
  const visit: Facts = {
    ...{ kind: "visit", presence: "present", state: "scheduled", word: "Scheduled" },
    ...{ schedule: before, start: "2026-11-03T16:00:00Z" },
  };
  const seen = {
    "office/jobs/1": read("office", "jobs", "1", job("10312", null), 1),
    "office/appointments/5": read("office", "appointments", "5", visit, 1, "office/jobs/1"),
    "branch/jobs/9": read("branch", "jobs", "9", job("JOB-9", before), 1),
  };
  const first = reconcile(emptyJob("j1"), { observations: seen }, contextAt(start, company)).state;
  const moved = { "branch/jobs/9": read("branch", "jobs", "9", job("JOB-9", after), 2) };
  const then = reconcile(first, { observations: moved }, contextAt(addHours(start, 1), company)).state;
  const last = reconcile(then, { observations: {} }, contextAt(addHours(start, 3), company)).state;
  return { intents: last.intents, breaks: last.breaks };
}

const task = {
  kind: "task",
  requests: 0,
  needsApproval: false,
  wanted: "2026-11-04 13:00-15:00",
  sentence:
    "office 10312: moves from 2026-11-03 09:00-11:00 to 2026-11-04 13:00-15:00: office, in ServiceTitan: on the dispatch board, move the job's appointment to 2026-11-04 13:00-15:00 (office has its capability reschedule switched off)",
};
const write = {
  ...{ kind: "write", requests: 3, read: "2026-11-03 09:00-11:00", wanted: "2026-11-04 13:00-15:00" },
  sentence: "office 10312: moves from 2026-11-03 09:00-11:00 to 2026-11-04 13:00-15:00",
};

describe("an appointment that the branch has moved", () => {
  const table: readonly (readonly [Switched, Mode, readonly object[]])[] = [
    [{ reschedule: true }, "apply", [{ ...write, needsApproval: false }]],
    [{ reschedule: true }, "propose", [{ ...write, needsApproval: true }]],
    [{ reschedule: true }, "observe", []],
    [{ hold: false, reschedule: false }, "apply", [task]],
    [{ hold: true }, "apply", [task]],
    [undefined, "apply", [task]],
    [undefined, "propose", [task]],
    [{ reschedule: false }, "observe", []],
  ];
  test.each(table)("capabilities %j, mode %s", (capabilities, mode, expected) => {
    expect(planned(capabilities, mode).intents).toMatchObject(expected);
  });

  test("what only a person can do stands as a break until it is done, with the same words", () => {
    const { breaks } = planned({ reschedule: false }, "apply");
    expect(breaks).toMatchObject([{ key: "schedule:office/jobs/1", state: "open", sentence: task.sentence }]);
    expect(planned({ reschedule: true }, "apply").breaks).toEqual([]);
  });
});

describe("any target that needs a capability", () => {
  const targets = writeTargets.filter((target) => target !== "call");
  const vocabulary: Vocabulary = {
    statusWords: [],
    noWord: [],
    targets: {},
    withCapability: Object.fromEntries(targets.map((target) => [target, `may-${target}`])),
    rootStream: "jobs",
    money: "record",
    task: (target, wanted) => (target === "marker" ? "" : `by hand, make ${target} ${wanted}`),
  };
  const wanted = (target: WriteTarget): Wanted => ({
    kind: "write",
    target,
    record: { connection: "office", stream: "jobs", id: "1" },
    read: "a",
    wanted: "b",
    arguments: {},
    moneyMinor: 0,
    requests: 3,
    ask: false,
    sentence: `${target} becomes b`,
  });
  const asked = (target: WriteTarget, capabilities: Switched): Wanted => {
    const context = contextAt(start, companyWith(capabilities, "apply"));
    return withinAbilities(wanted(target), { ...context, vocabularies: { office: vocabulary } });
  };

  test.each(targets)("%s", (target) => {
    expect(wayOf(vocabulary, target)).toBe("api");
    expect(asked(target, { [`may-${target}`]: true })).toEqual(wanted(target));
    const why = `office has its capability may-${target} switched off`;
    const how = `by hand, make ${target} b (${why})`;
    const sentence = `${target} becomes b: ${target === "marker" ? why : how}`;
    const instead = { ...wanted(target), kind: "task", requests: 0, ask: true, sentence };
    expect(asked(target, { [`may-${target}`]: false })).toEqual(instead);
    expect(asked(target, { another: true })).toEqual(instead);
  });

  test("what a person is asked already stays as it was asked", () => {
    const task: Wanted = { ...wanted("schedule"), kind: "task" };
    const context = contextAt(start, companyWith({}, "apply"));
    expect(withinAbilities(task, { ...context, vocabularies: { office: vocabulary } })).toBe(task);
  });

  test("at a connection of which nothing is known nothing is needed, and nothing is said of how", () => {
    const context = contextAt(start, companyWith({}, "apply"));
    const one = { ...wanted("schedule"), record: { connection: "gone", stream: "jobs", id: "1" } };
    expect(withinAbilities(one, context)).toBe(one);
    expect(askedInstead(one, "nobody knows it", context)).toMatchObject({
      ...{ kind: "task", sentence: "schedule becomes b: nobody knows it" },
    });
    const unconfigured = withinAbilities(one, { ...context, vocabularies: { gone: vocabulary } });
    expect(unconfigured).toMatchObject({ kind: "task", ask: true, requests: 0 });
  });

  test("one that needs none is as its vendor's table says", () => {
    const { office } = contextAt(start, companyWith(undefined, "apply")).vocabularies;
    const ways = office && targets.map((target) => [target, wayOf(office, target)]);
    expect(Object.fromEntries(ways ?? [])).toMatchObject({ status: "task", schedule: "api", marker: "none" });
    expect(withinAbilities(wanted("reference"), contextAt(start, companyWith({}, "apply")))).toEqual(
      wanted("reference"),
    );
  });
});
