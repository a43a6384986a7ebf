import { describe, expect, test } from "vitest";
import type { Context } from "#shared/pipeline/context.ts";
import { windowText } from "#shared/pipeline/plan.ts";
import { reconcile } from "#shared/pipeline/reconcile.ts";
import { companyOf, contextOf, systemClasses } from "#test/support/model-systems.ts";
import { branch, job, link, office, says, start } from "#test/support/one-job.ts";

/** An office in Denver, where the company is, and a branch in another zone; each says a visit on its own wall clock. */
const classes = [systemClasses.writable, systemClasses.writable];
const deciders = ["s1", "s2"];

function contextWith(zone: string): Context {
  const fields = { work: deciders, schedule: deciders };
  const company = companyOf(classes, { authority: fields, editors: fields });
  const connections = company.connections.map((one) => (one.id === "s2" ? { ...one, zone } : one));
  const plain = contextOf({ ...company, connections }, classes, start);
  const vocabularies = Object.entries(plain.vocabularies).map(([id, one]) => {
    return [id, { ...one, targets: { ...one.targets, schedule: "api" as const } }];
  });
  return {
    ...plain,
    vocabularies: Object.fromEntries(vocabularies),
    shows: (_intent, [record]) =>
      record?.facts.kind === "job" && record.facts.schedule ? windowText(record.facts.schedule) : "",
  };
}

type Said = readonly [day: string, start: string | null, end: string | null];
const window = ([day, from, end]: Said) => ({ day, start: from, end });

/** What is open about the time, and what is to be written in its stead; the office's word stands. */
function seen(zone: string, inOffice: Said, inBranch: Said) {
  const observations = { ...office({ schedule: window(inOffice) }), ...branch({ schedule: window(inBranch) }) };
  const links = [link("s1/jobs/1"), link("s2/jobs/1")];
  const { state } = reconcile(job(), { observations, links }, contextWith(zone));
  return {
    breaks: state.breaks.map((one) => one.key),
    writes: state.intents.map((one) => [one.record.connection, one.read, one.wanted, one.arguments["schedule"]]),
  };
}
const chicago = "America/Chicago";
const nothing = { breaks: [], writes: [] };

describe("a job of two systems in two zones", () => {
  test.each<readonly [string, string, Said, Said]>([
    ["an hour apart on the walls", chicago, ["2026-11-04", "10:00", "12:00"], ["2026-11-04", "11:00", "13:00"]],
    ["on two days", chicago, ["2026-11-04", "23:30", "23:45"], ["2026-11-05", "00:30", "00:45"]],
    ["by a day alone", chicago, ["2026-11-04", null, null], ["2026-11-04", null, null]],
    ["in one zone, said so", "America/Denver", ["2026-11-04", "10:00", "12:00"], ["2026-11-04", "10:00", "12:00"]],
    ["in winter, where walls agree", "America/Phoenix", ["2026-11-04", "10:00", null], ["2026-11-04", "10:00", null]],
    ["in summer, where they do not", "America/Phoenix", ["2026-07-01", "10:00", null], ["2026-07-01", "09:00", null]],
    ["over midnight there", chicago, ["2026-11-04", "22:30", "23:30"], ["2026-11-04", "23:30", "00:30"]],
    ["in an hour that comes twice there", chicago, ["2026-11-01", "00:30", "01:00"], ["2026-11-01", "01:30", "02:00"]],
    ["in the second of it", chicago, ["2026-11-01", "01:30", "02:00"], ["2026-11-01", "01:30", "03:00"]],
    [
      "of an hour that is skipped",
      "America/Denver",
      ["2026-03-08", "03:30", "04:00"],
      ["2026-03-08", "02:30", "04:00"],
    ],
  ])("agrees on one instant: %s", (_name, zone, inOffice, inBranch) =>
    expect(seen(zone, inOffice, inBranch)).toEqual(nothing),
  );

  test.each<readonly [string, string, Said, Said, Said]>([
    [
      "the walls agree, and the instants are an hour apart",
      chicago,
      ["2026-11-04", "10:00", "12:00"],
      ["2026-11-04", "10:00", "12:00"],
      ["2026-11-04", "11:00", "13:00"],
    ],
    [
      "it is another day there",
      chicago,
      ["2026-11-04", "23:30", "23:45"],
      ["2026-11-04", "10:00", "12:00"],
      ["2026-11-05", "00:30", "00:45"],
    ],
    [
      "it ends on another day there",
      chicago,
      ["2026-11-04", "22:30", "23:30"],
      ["2026-11-04", "10:00", "12:00"],
      ["2026-11-04", "23:30", "00:30"],
    ],
    [
      "it spans the hour that comes twice there",
      chicago,
      ["2026-11-01", "00:30", "01:30"],
      ["2026-11-01", "10:00", "12:00"],
      ["2026-11-01", "01:30", "01:30 (second)"],
    ],
    [
      "the walls agree in summer, where the desert is an hour behind",
      "America/Phoenix",
      ["2026-07-01", "10:00", "11:00"],
      ["2026-07-01", "10:00", "11:00"],
      ["2026-07-01", "09:00", "10:00"],
    ],
  ])("disagrees, and the record's own wall clock is written, where %s", (_name, zone, inOffice, inBranch, wanted) =>
    expect(seen(zone, inOffice, inBranch)).toEqual({
      breaks: ["schedule:s2/jobs/1"],
      writes: [["s2", windowText(window(inBranch)), windowText(window(wanted)), window(wanted)]],
    }),
  );

  test("is given the agreed time on its own wall clock with a word of scheduling too", () => {
    const schedule = window(["2026-11-04", "10:00", "12:00"]);
    const there = window(["2026-11-04", "11:00", "13:00"]);
    const observations = { ...office({ schedule }), ...branch({ ...says("Working"), schedule: there }) };
    const arrivals = { observations, links: [link("s1/jobs/1"), link("s2/jobs/1")] };
    const { state } = reconcile(job(), arrivals, contextWith(chicago));
    expect(state.intents).toMatchObject([{ target: "status", wanted: "Scheduled", arguments: { schedule: there } }]);
  });
});
