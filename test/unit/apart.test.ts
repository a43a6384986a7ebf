import { expect, test } from "vitest";
import { areApart, holdApart, holdTogether } from "#shared/pipeline/apart.ts";
import { s1, s2, s3 } from "#test/support/compared.ts";
import { jobWith } from "#test/support/job-with.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";
import { root } from "#test/support/money-view.ts";

const [office, crew, branch] = ["s1/jobs/1", "s2/jobs/1", "s3/jobs/1"];
const [one, both, third] = [[root({}, s1)], [root({}, s1), root({}, s2)], [root({}, s3)]].map((roots) =>
  jobWith(roots),
);
const said = { by: "ana", at: "2026-11-02T10:00:00.000Z", why: "two calls" };

test("jobs are apart when a person said so of any record of the one and any of the other, and of no third", async () => {
  const { sets } = memoryWorld().company("c");
  expect(await areApart(sets, both!, third!)).toBe(false);
  await holdApart(sets, [crew], [branch], said);
  expect(await areApart(sets, both!, third!)).toBe(true);
  expect(await areApart(sets, third!, both!)).toBe(true);
  expect(await areApart(sets, one!, third!)).toBe(false);
  expect(await areApart(sets, third!, one!)).toBe(false);
  expect(await sets.list(`apart:${branch}`)).toEqual([{ member: crew, data: said }]);
});

test("each of several is held apart from each of the others, until a person thinks again", async () => {
  const { sets } = memoryWorld().company("c");
  await holdApart(sets, [office, crew], [branch], said);
  const held = async () =>
    Promise.all([office, crew, branch].map(async (key) => (await sets.list(`apart:${key}`)).length));
  expect(await held()).toEqual([1, 1, 2]);
  await holdTogether(sets, [crew], [branch]);
  expect(await held()).toEqual([1, 0, 1]);
  await holdTogether(sets, [branch], [office]);
  expect(await held()).toEqual([0, 0, 0]);
});
