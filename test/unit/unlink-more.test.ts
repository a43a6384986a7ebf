import { describe, expect, test } from "vitest";
import { jobIdOf } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import { joinJobs } from "#shared/pipeline/join.ts";
import { surroundingsOf } from "#shared/pipeline/surroundings.ts";
import { type Unlinking, unlink } from "#shared/pipeline/unlink.ts";
import { attemptOf } from "#test/support/acts.ts";
import { jobWith, on } from "#test/support/job-with.ts";
import { invoice, job, type LinkingWorld, linkingWorld, payment } from "#test/support/linking-world.ts";
import { invoice as bill } from "#test/support/money-view.ts";

const [office, crew, branch] = ["s1/jobs/10", "s2/jobs/20", "s3/jobs/30"];

/** Three jobs that nothing links, joined in pairs as a test says. */
async function joined(...pairs: readonly (readonly [string, string])[]): Promise<LinkingWorld> {
  const world = linkingWorld();
  await world.tell(
    ...["s1/10", "s2/20", "s3/30"].map((name) => job(name.slice(0, 2), name.slice(3), { technicians: [] })),
  );
  for (const [a, b] of pairs) await joinTwo(world, a, b);
  return world;
}
async function joinTwo({ ports, company }: LinkingWorld, a: string, b: string): Promise<void> {
  const surroundings = await surroundingsOf(ports, company);
  const [left, right] = await Promise.all(
    [a, b].map(async (record) => {
      const [claim] = await ports.claims.load([record]);
      return ports.jobs.load(claim?.jobs[0] ?? "");
    }),
  );
  const link = { rule: "person", evidence: ["by hand"], batch: null } as const;
  expect(
    await joinJobs(ports, left!, right!, link, company, async () => ({ ...surroundings, held: [] })),
  ).not.toBeNull();
}
const stateOf = async ({ ports }: LinkingWorld, record: string): Promise<JobState> =>
  (await ports.jobs.load(jobIdOf(record))).state;
const recordsOf = async (world: LinkingWorld, record: string) =>
  Object.keys((await stateOf(world, record)).observations);
const asked = (record: string, more: Partial<Unlinking> = {}): Unlinking => ({
  ...{ record, by: "ana", why: "two calls", apart: true },
  ...more,
});
const undo = ({ ports, company }: LinkingWorld, record: string, more: Partial<Unlinking> = {}) =>
  unlink(ports, company, asked(record, more));
const apart = async ({ ports }: LinkingWorld, record: string) =>
  (await ports.sets.list(`apart:${record}`)).map(({ member }) => member);

describe("taking a link back", () => {
  test("tells which job lives again, which stays, and what left; both are looked at again", async () => {
    const world = await joined([office, crew]);
    await world.tell(invoice("s2", "7", "20", 500));
    const sent = world.queues.sent.inbound.length;
    expect(await undo(world, crew)).toEqual({
      ...{ unlinked: true, job: jobIdOf(crew), stays: jobIdOf(office), records: ["s2/invoices/7", crew] },
    });
    const due = (record: string) => ({ v: 1, kind: "due", company: "model", job: jobIdOf(record) });
    expect(world.queues.sent.inbound.slice(sent)).toEqual([due(office), due(crew)]);
    const [told] = (await world.ports.jobs.history(jobIdOf(crew))).slice(-1);
    expect(told).toMatchObject({
      ...{ records: ["s2/invoices/7", crew], lines: [`unlinked s2/invoices/7, ${crew} by ana: two calls`] },
    });
    const claims = await world.ports.claims.load([office, crew, "s2/invoices/7"]);
    expect(claims.map(({ jobs }) => jobs)).toEqual([[jobIdOf(office)], [jobIdOf(crew)], [jobIdOf(crew)]]);
  });

  test("holds the two apart, each with the other, unless a rule or a batch takes it back", async () => {
    const world = await joined([office, crew], [office, branch]);
    await undo(world, crew);
    expect([await apart(world, office), await apart(world, crew), await apart(world, branch)]).toEqual([
      ...[[crew], [office, branch], [crew]],
    ]);
    expect((await world.ports.sets.list(`apart:${office}`))[0]?.data).toEqual({
      ...{ by: "ana", at: await world.ports.clock.now(), why: "two calls" },
    });
    const again = await joined([office, crew]);
    await undo(again, crew, { apart: false });
    expect([await apart(again, office), await apart(again, crew)]).toEqual([[], []]);
  });

  test("is told as a person's act, or a rule's", async () => {
    for (const [cause, more] of [
      ["person", {}],
      ["rule", { cause: "rule" }],
    ] as const) {
      const world = await joined([office, crew]);
      await undo(world, crew, more);
      for (const record of [office, crew]) {
        const [told] = (await world.ports.jobs.history(jobIdOf(record))).slice(-1);
        expect(told).toMatchObject({ cause, records: [crew], lines: [`unlinked ${crew} by ana: two calls`] });
        expect(told?.at).toBe(await world.ports.clock.now());
      }
    }
  });

  test("gives back a payment over invoices of both to both", async () => {
    const world = await joined([office, crew]);
    await world.tell(invoice("s1", "6", "10", 500), invoice("s2", "7", "20", 500));
    const shared = payment("s1", "9", { "6": 100 });
    const parents = [...(shared.parents ?? []), { connection: "s2", stream: "invoices", id: "7" }];
    await world.tell({ ...shared, parents });
    await undo(world, crew);
    expect(await recordsOf(world, office)).toContain("s1/payments/9");
    expect(await recordsOf(world, crew)).toContain("s1/payments/9");
    const [claim] = await world.ports.claims.load(["s1/payments/9"]);
    expect(claim?.jobs).toEqual([jobIdOf(office), jobIdOf(crew)].toSorted());
  });
});

test("a record that a third job holds too stays with that one", async () => {
  const world = await joined([office, crew]);
  const [claim] = await world.ports.claims.load([crew]);
  await world.ports.claims.save({ stored: claim!, next: { ...claim!, jobs: [jobIdOf(office), "z"] } });
  await undo(world, crew);
  expect((await world.ports.claims.load([crew]))[0]?.jobs).toEqual([jobIdOf(crew), "z"]);
});

test("a forwarding item that kept nothing of what the other was parts all the same", async () => {
  const world = await joined([office, crew]);
  const stored = await world.ports.jobs.load(jobIdOf(crew));
  const { before: _, ...bare } = stored.state;
  await world.ports.jobs.commit(stored, bare, "");
  expect(await undo(world, crew)).toMatchObject({ unlinked: true, records: [crew] });
  expect(await recordsOf(world, office)).toEqual([office]);
});

describe("of several links in one job", () => {
  test("the one that is named leaves; the job's own first record cannot say which", async () => {
    const world = await joined([office, crew], [office, branch]);
    expect(await undo(world, office)).toEqual({
      unlinked: false,
      why: `${office} is where the others are linked to; say which of them to unlink: ${office}, ${crew}, ${branch}`,
    });
    expect(await undo(world, branch)).toMatchObject({ unlinked: true, records: [branch] });
    expect(await recordsOf(world, office)).toEqual([office, crew]);
    expect(await undo(world, office)).toMatchObject({ unlinked: true, records: [crew] });
  });

  test("one that came with another leaves alone, or takes along what it had brought", async () => {
    const nested = async () => {
      const world = await joined([crew, branch]);
      const holder = (await world.jobs()).find((one) => Object.keys(one.observations).length === 2)?.id;
      const [first, second] = holder === jobIdOf(crew) ? [crew, branch] : [branch, crew];
      const before = await world.ports.jobs.load(holder ?? "");
      await joinTwo(world, office, crew);
      return { world, first, second, before: before.state };
    };
    const whole = await nested();
    expect(await undo(whole.world, whole.first)).toMatchObject({ records: [crew, branch] });
    expect((await stateOf(whole.world, whole.first)).links).toEqual(whole.before.links);
    const part = await nested();
    expect(await undo(part.world, part.second)).toMatchObject({ records: [part.second], stays: jobIdOf(office) });
    expect(await recordsOf(part.world, office)).toEqual([office, part.first].toSorted());
    expect((await stateOf(part.world, office)).links).toMatchObject([
      { rule: "first" },
      { record: part.first, rule: "person" },
    ]);
  });

  test("one that came with another leaves nothing behind of what was said of it before", async () => {
    const world = await joined();
    for (const [record, line] of [
      [office, "charge:s1"],
      [crew, "charge:s2"],
      [branch, "charge:s3"],
    ] as const) {
      const stored = await world.ports.jobs.load(jobIdOf(record));
      await world.ports.jobs.commit(stored, { ...stored.state, accepted: { [line]: 5 } }, "");
    }
    await joinTwo(world, crew, branch);
    await joinTwo(world, office, crew);
    const [last] = [crew, branch].filter((_record, at) => at === (jobIdOf(crew) < jobIdOf(branch) ? 1 : 0));
    expect(await undo(world, last!)).toMatchObject({ records: [last], stays: jobIdOf(office) });
    const other = last === crew ? "charge:s3" : "charge:s2";
    expect((await stateOf(world, office)).accepted).toEqual({ "charge:s1": 5, [other]: 5 });
  });

  test("one that was linked anew stays when the one it had come with leaves", async () => {
    const world = await joined([crew, branch]);
    const [first, second] = jobIdOf(crew) < jobIdOf(branch) ? [crew, branch] : [branch, crew];
    await joinTwo(world, office, first);
    await undo(world, second, { apart: false });
    await joinTwo(world, office, second);
    expect(await undo(world, first)).toMatchObject({ records: [first], stays: jobIdOf(office) });
    expect(await recordsOf(world, office)).toEqual([office, second]);
  });

  test("a record that was given to another's job leaves with it when that job is named", async () => {
    const world = await joined([office, crew]);
    expect(await undo(world, office, { from: jobIdOf(crew) })).toMatchObject({
      unlinked: true,
      job: jobIdOf(crew),
      records: [crew],
    });
  });
});

describe("nothing is taken back", () => {
  test("of a record that no job holds, that is part of another, or that is linked with nothing", async () => {
    const world = await joined();
    await world.tell(invoice("s1", "6", "10", 500));
    expect(await undo(world, "s4/jobs/1")).toEqual({ unlinked: false, why: "no job holds s4/jobs/1" });
    expect(await undo(world, "s1/invoices/6")).toEqual({
      unlinked: false,
      why: "s1/invoices/6 is not linked: it is part of another record",
    });
    expect(await undo(world, office)).toEqual({ unlinked: false, why: `${office} is linked with nothing` });
  });

  test("while a write to the job is under way, or what speaks against it is asked", async () => {
    const world = await joined([office, crew]);
    const seen: string[] = [];
    const unless = (state: JobState): boolean => (seen.push(state.id), true);
    expect(await undo(world, crew, { unless })).toEqual({ unlinked: false, why: "something rests on it" });
    expect(seen).toEqual([jobIdOf(office)]);
    const stored = await world.ports.jobs.load(jobIdOf(office));
    await world.ports.jobs.commit(stored, { ...stored.state, attempts: [attemptOf()] }, "");
    expect(await undo(world, crew)).toEqual({
      ...{ unlinked: false, why: "a write to its job is under way; unlink again when it is done" },
    });
    expect([await apart(world, office), await recordsOf(world, office)]).toEqual([[], [office, crew]]);
  });

  test("while the job keeps moving; once it stands, it is", async () => {
    const world = await joined([office, crew]);
    const { ports, company } = world;
    let tries = 0;
    const moving = (times: number) => ({
      ...ports,
      jobs: {
        ...ports.jobs,
        commitTogether: async (...asked: Parameters<typeof ports.jobs.commitTogether>) =>
          ++tries > times ? ports.jobs.commitTogether(...asked) : ("conflict" as const),
      },
    });
    expect(await unlink(moving(99), company, asked(crew))).toEqual({
      ...{ unlinked: false, why: "its job keeps moving; unlink again" },
    });
    expect(tries).toBe(8);
    tries = 0;
    expect(await unlink(moving(1), company, asked(crew))).toMatchObject({ unlinked: true });
    expect(world.queues.sent.inbound.slice(-2).map((one) => one.kind)).toEqual(["due", "due"]);
  });
});

describe("a job with more records than a transaction holds", () => {
  /** The crews' job, joined, with 95 invoices since; what `commitTogether` answers, and which claims it is given. */
  const large = async (answer?: "conflict") => {
    const world = await joined([office, crew]);
    const { ports, company } = world;
    const stored = await ports.jobs.load(jobIdOf(office));
    const bills = Array.from({ length: 95 }, (_, id) => on(bill({}, { connection: "s2", id: String(id) }), crew));
    const since = jobWith(bills);
    const [observations, links] = [
      { ...stored.state.observations, ...since.observations },
      [...stored.state.links, ...since.links],
    ];
    await ports.jobs.commit(stored, { ...stored.state, observations, links }, "");
    for (const claim of await ports.claims.load(bills.map(({ key }) => key)))
      await ports.claims.save({ stored: claim, next: { ...claim, jobs: [jobIdOf(office)] } });
    const together: string[] = [];
    const commitTogether: typeof ports.jobs.commitTogether = async (changes, claims, at) => {
      together.push(...claims.map(({ next }) => next.record));
      return answer ?? ports.jobs.commitTogether(changes, claims, at);
    };
    await unlink({ ...ports, jobs: { ...ports.jobs, commitTogether } }, company, asked(crew));
    const jobs = (await ports.claims.load(bills.map(({ key }) => key))).flatMap((claim) => claim.jobs);
    return { together, jobs: [...new Set(jobs)] };
  };

  test("parts whole, the claims of its roots with it and the others after it", async () => {
    const { together, jobs } = await large();
    expect(together).toHaveLength(90);
    expect(together.slice(0, 3)).toEqual([crew, "s2/invoices/0", "s2/invoices/1"]);
    expect(together).toEqual([crew, ...together.slice(1).toSorted()]);
    expect(jobs).toEqual([jobIdOf(crew)]);
  });

  test("moves no claim when it moved meanwhile", async () => {
    expect((await large("conflict")).jobs).toEqual([jobIdOf(office)]);
  });
});
