import { expect, test } from "vitest";
import { jobIdOf } from "#shared/domain/ids.ts";
import { joinJobs } from "#shared/pipeline/join.ts";
import { surroundingsOf } from "#shared/pipeline/surroundings.ts";
import { unlink } from "#shared/pipeline/unlink.ts";
import { jobWith } from "#test/support/job-with.ts";
import { job, linkingWorld } from "#test/support/linking-world.ts";
import { root } from "#test/support/money-view.ts";

const [office, crew, branch] = ["s1/jobs/10", "s2/jobs/20", "s3/jobs/30"];

test("a job whose first record never came gives back those that met in it and are still here", async () => {
  const world = linkingWorld();
  const { ports, company } = world;
  await world.tell(job("s1", "10", { technicians: [] }));
  const met = jobWith([root({}, { connection: "s2", id: "20" }), root({}, { connection: "s3", id: "30" })], {
    id: "met",
  });
  await ports.jobs.commit(await ports.jobs.load("met"), met, "");
  for (const claim of await ports.claims.load([crew, branch]))
    await ports.claims.save({ stored: claim, next: { ...claim, jobs: ["met"] } });
  const [left, right] = await ports.jobs.loadMany([jobIdOf(office), "met"]);
  const surroundings = await surroundingsOf(ports, company);
  const link = { rule: "person", evidence: ["links file"], batch: "b1" } as const;
  const joined = await joinJobs(ports, left!, right!, link, company, async () => ({ ...surroundings, held: [] }));
  const { [branch]: _, ...observations } = joined?.state.observations ?? {};
  const links = joined?.state.links.filter(({ record }) => record !== branch) ?? [];
  await ports.jobs.commit(joined!, { ...joined!.state, observations, links }, "");
  const asked = { record: crew, from: "met", by: "ana", why: "taken back", apart: false };
  expect(await unlink(ports, company, asked)).toEqual({
    ...{ unlinked: true, job: "met", stays: jobIdOf(office), records: [crew] },
  });
  expect(Object.keys((await ports.jobs.load("met")).state.observations)).toEqual([crew]);
});
