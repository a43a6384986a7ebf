import { describe, expect, test } from "vitest";
import { jobIdOf } from "#shared/domain/ids.ts";
import { emptyJob, type JobState } from "#shared/domain/job.ts";
import { branchesOf } from "#shared/pipeline/branches.ts";
import { jobWith } from "#test/support/job-with.ts";
import { root } from "#test/support/money-view.ts";

/** A job that holds these roots, named as `s1/10`, first the one it was founded by. */
const keyOf = (name: string): string => name.replace("/", "/jobs/");
function holding(...names: readonly string[]): JobState {
  const roots = names.map((name) => {
    const [connection = "", id = ""] = name.split("/");
    return root({}, { connection, id });
  });
  return jobWith(roots, { id: jobIdOf(keyOf(names[0] ?? "")) });
}
const into = (job: JobState, other: JobState): JobState => ({ ...job, forwardTo: other.id });

/** The branches of a job, of all the jobs that stand; and whom it asked for. */
async function branches(job: JobState, ...stored: readonly JobState[]) {
  const asked: string[] = [];
  const loadMany = async (ids: readonly string[]) => {
    asked.push(...ids);
    return ids.map((id) => ({ state: stored.find((one) => one.id === id) ?? emptyJob(id), version: 1 }));
  };
  const found = await branchesOf({ loadMany }, job);
  return { found, asked, short: found.map(({ own, roots }) => [own.join(" "), roots.join(" ")]) };
}

const [office, crew, branch] = [holding("s1/10"), holding("s2/20"), holding("s3/30")];

describe("the jobs that a job has absorbed", () => {
  test("are none of one that stands alone, and nobody is asked", async () => {
    expect(await branches(office, office)).toEqual({ found: [], asked: [], short: [] });
  });

  test("are told with what they brought, what they were and where they went", async () => {
    const past = into(crew, office);
    const { found, asked } = await branches(holding("s1/10", "s2/20"), past);
    expect(found).toEqual([{ job: crew.id, own: [keyOf("s2/20")], roots: [keyOf("s2/20")], into: office.id, past }]);
    expect(asked).toEqual([crew.id]);
  });

  test("are in their order those that came first to one that came here, with all that they brought", async () => {
    const nested = [into(branch, crew), into(holding("s2/20", "s3/30"), office)];
    const { found, short } = await branches(holding("s1/10", "s2/20", "s3/30"), ...nested);
    expect(short).toEqual([
      ["s2/jobs/20", "s2/jobs/20 s3/jobs/30"],
      ["s3/jobs/30", "s3/jobs/30"],
    ]);
    expect(found.map((one) => one.into)).toEqual([office.id, crew.id]);
  });

  test("are none that live, that went elsewhere, or whose records have left since", async () => {
    expect((await branches(holding("s1/10", "s2/20"), crew)).found).toEqual([]);
    expect((await branches(holding("s1/10", "s2/20"), into(crew, branch), branch)).found).toEqual([]);
    expect((await branches(office, into(crew, office))).found).toEqual([]);
  });

  test("are none that lead in a circle", async () => {
    const circle = [into(crew, branch), into(branch, crew)];
    expect((await branches(holding("s1/10", "s2/20", "s3/30"), ...circle)).found).toEqual([]);
  });
});

describe("a record that never had a job of its own", () => {
  const past = into(holding("s2/20", "s2/11", "s2/19"), office);

  test("came with the one it was given to, after the record that founded it", async () => {
    const { short } = await branches(holding("s1/10", "s2/20", "s2/11", "s2/19"), past);
    expect(short).toEqual([["s2/jobs/20 s2/jobs/11 s2/jobs/19", "s2/jobs/11 s2/jobs/19 s2/jobs/20"]]);
  });

  test("came with the first that held it, where that was absorbed by another that was", async () => {
    const given = into(holding("s3/30", "s3/31"), crew);
    const carried = into(holding("s2/20", "s3/30", "s3/31"), office);
    for (const order of [
      ["s1/10", "s2/20", "s3/30", "s3/31"],
      ["s1/10", "s3/31", "s3/30", "s2/20"],
    ]) {
      expect((await branches(holding(...order), given, carried)).short.toSorted()).toEqual([
        ["s2/jobs/20", "s2/jobs/20 s3/jobs/30 s3/jobs/31"],
        ["s3/jobs/30 s3/jobs/31", "s3/jobs/30 s3/jobs/31"],
      ]);
    }
  });

  test("came no other way than with the job itself when no absorbed one held it", async () => {
    const { short } = await branches(holding("s1/10", "s2/20", "s1/99"), into(crew, office));
    expect(short).toEqual([["s2/jobs/20", "s2/jobs/20"]]);
  });
});
