import { describe, expect, test } from "vitest";
import { jobIdOf } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { Days } from "#shared/pipeline/doubt.ts";
import { membershipsOf, type Neighbour } from "#shared/pipeline/link.ts";
import { askDoubted, questionLinks } from "#shared/pipeline/question.ts";
import { surroundingsOf } from "#shared/pipeline/surroundings.ts";
import { attemptOf, breakOf, intentOf, receiptOf } from "#test/support/acts.ts";
import { call } from "#test/support/calls.ts";
import { jobWith, linkTo } from "#test/support/job-with.ts";
import { customer, job, linkingWorld } from "#test/support/linking-world.ts";
import { root } from "#test/support/money-view.ts";

const [office, crew] = ["s1/jobs/10", "s2/jobs/20"];
const phone = { phones: ["3035550101"] };

/** A call in office and crew app, linked because each had one that day; `set` is where the day's calls stand. */
async function linked(charge: number | null = null) {
  const world = linkingWorld();
  const both = ["s1", "s2", "s3"].map((system) => customer(system, "c1", "Dana Whitfield", phone));
  await world.tell(...both, job("s1", "10", { of: "c1", charge }), job("s2", "20", { of: "c1", charge }));
  const { state } = await world.ports.jobs.load(jobIdOf(office));
  const set = membershipsOf(state, world.company).find((one) => one.set.startsWith("day:"))?.set ?? "";
  const own = (await world.ports.sets.list(set)).map((one) => ({ set, ...one }));
  return { world, set, own };
}

/** The job as somebody made it, asked about its links on such a day. */
async function asked(
  { world, set, own }: Awaited<ReturnType<typeof linked>>,
  edit: (state: JobState) => JobState,
  ...others: readonly Neighbour[]
) {
  const { ports, company } = world;
  const before = await ports.jobs.load(jobIdOf(office));
  await ports.jobs.commit(before, edit(before.state), await ports.clock.now());
  const stored = await ports.jobs.load(jobIdOf(office));
  const days: Days = new Map([[set, [...own, ...others.map((one) => ({ ...one, set }))]]]);
  const answered = await questionLinks(ports, company, await surroundingsOf(ports, company), stored, days);
  return { ...answered, before: stored, link: answered.stored.state.links.find(({ record }) => record === crew) };
}
const second = call("s1/11");
const plain = (state: JobState): JobState => state;
const waits = linkTo("s4/jobs/1", "person");

describe("a link that nothing holds any more", () => {
  test("is taken back where nothing rests on it", async () => {
    const { stored, moved, link } = await asked(await linked(), plain, second);
    expect([moved, link]).toEqual([true, undefined]);
    expect(stored.state.links.map(({ record }) => record)).toEqual([office]);
  });

  test.each([
    ["a write under way", { attempts: [attemptOf({ dueAt: "2026-11-09T10:00:00.000Z" })] }],
    ["a write that was seen", { receipts: [receiptOf()] }],
    ["a write that was refused", { receipts: [receiptOf({ outcome: "rejected" })] }],
    ["a difference that was accepted", { accepted: { "charge:s2": 500 } }],
    ["an approval", { intents: [intentOf({ approved: { by: "ana", at: "" } })] }],
    ["a rejection", { intents: [intentOf({ rejected: { by: "ana", at: "", why: "" } })] }],
    ["a break that is somebody's", { breaks: [breakOf({ assignedTo: "ana" })] }],
    ["a break that somebody explained", { breaks: [breakOf({ note: "paid in the truck" })] }],
    ["another link by hand", { links: [waits] }],
    ["another link that was accepted", { links: [linkTo("s4/jobs/1", "accepted")] }],
    ["another link by our marker", { links: [linkTo("s4/jobs/1", "marker")] }],
  ] as const)("waits for a person when there is %s", async (_name, more) => {
    const made = await linked();
    const { links = [], ...others } = more as Partial<JobState>;
    const { moved, link } = await asked(
      made,
      (state) => ({ ...state, ...others, links: [...state.links, ...links] }),
      second,
    );
    expect([moved, link?.doubt]).toEqual([true, `s1 has s1/jobs/10 and s1/jobs/11 of ${made.set}`]);
  });

  test.each([
    ["a write that was overtaken", { receipts: [receiptOf({ outcome: "superseded" })] }],
    ["a write that became void", { receipts: [receiptOf({ outcome: "void" })] }],
    ["a plan that nobody decided", { intents: [intentOf()] }],
    ["a break that nobody touched", { breaks: [breakOf()] }],
    ["another link by a key", { links: [linkTo("s4/jobs/1", "key-pair")] }],
  ] as const)("does not wait for %s", async (_name, more) => {
    const { links = [], ...others } = more as Partial<JobState>;
    const { link } = await asked(
      await linked(),
      (state) => ({ ...state, ...others, links: [...state.links, ...links] }),
      second,
    );
    expect(link).toBeUndefined();
  });

  test("waits for a person when something came to rest on it while it was looked at", async () => {
    const made = await linked();
    const { ports } = made.world;
    const { claims } = ports;
    let accepted = false;
    const load: typeof claims.load = async (records) => {
      if (!accepted) {
        accepted = true;
        const stored = await ports.jobs.load(jobIdOf(office));
        await ports.jobs.commit(stored, { ...stored.state, accepted: { "charge:s2": 500 } }, "");
      }
      return claims.load(records);
    };
    const meanwhile = { ...made, world: { ...made.world, ports: { ...ports, claims: { ...claims, load } } } };
    const { link, moved } = await asked(meanwhile, plain, second);
    expect([moved, link?.doubt]).toEqual([true, `s1 has s1/jobs/10 and s1/jobs/11 of ${made.set}`]);
  });

  test("alone is said to be in doubt: another by people and day that still has its ground is not", async () => {
    const more = (state: JobState): JobState => ({
      ...state,
      ...{ accepted: { "charge:s2": 500 }, links: [...state.links, linkTo("s4/jobs/1", "people-and-day")] },
    });
    const { stored } = await asked(await linked(), more, second);
    expect(stored.state.links.filter(({ doubt }) => doubt !== undefined).map(({ record }) => record)).toEqual([crew]);
  });

  test("does not wait for what either had before they were joined", async () => {
    const acts = (state: JobState, id: string): JobState => ({
      ...{
        ...state,
        receipts: [receiptOf({ intent: id })],
        accepted: { [id]: 5 },
        breaks: [breakOf({ key: id, note: id })],
      },
      links: [...state.links, linkTo(`s4/jobs/${id}`, "person")],
    });
    const made = await linked();
    const { ports } = made.world;
    const past = await ports.jobs.load(jobIdOf(crew));
    const into = past.state.before?.into;
    if (!into) throw new Error("the forwarding item keeps what the office's job was");
    const kept = { ...acts(past.state, "past"), before: { into: acts(into, "into"), intents: [], dueAt: null } };
    await ports.jobs.commit(past, kept, "");
    const joined = (state: JobState): JobState => {
      const [a, b] = [acts(state, "past"), acts(state, "into")];
      return {
        ...state,
        ...{ receipts: [...a.receipts, ...b.receipts], accepted: { ...a.accepted, ...b.accepted } },
        ...{ breaks: [...a.breaks, ...b.breaks], links: [...a.links, ...b.links.slice(-1)] },
      };
    };
    expect((await asked(made, joined, second)).link).toBeUndefined();
    const again = await linked();
    const more = (state: JobState): JobState => ({ ...joined(state), accepted: { past: 5, into: 6 } });
    expect((await asked(again, more, second)).link?.doubt).toBeDefined();
  });
});

describe("what is said of a link", () => {
  const rests = (state: JobState): JobState => ({ ...state, accepted: { "charge:s2": 500 } });

  test("is said once, and taken back when its ground is back, both told in the job's history as a rule's", async () => {
    const made = await linked();
    const first = await asked(made, rests, second);
    expect(first.stored.state.lastChange).toMatchObject({
      ...{ cause: "rule", records: [crew] },
      lines: [`the link of ${crew} is in doubt: s1 has s1/jobs/10 and s1/jobs/11 of ${made.set}`],
    });
    expect(await asked(made, rests, second)).toMatchObject({ moved: false, stored: first.stored });
    const after = await asked(made, rests);
    expect([after.moved, after.link && "doubt" in after.link]).toEqual([true, false]);
    expect(after.stored.state.lastChange).toMatchObject({
      ...{ cause: "rule", records: [crew] },
      lines: [`the link of ${crew} is no longer in doubt`],
    });
  });

  test("is the amount that holds it now, after what it rested on before, without a line in the history", async () => {
    const made = await linked(45_000);
    const before = await made.world.ports.jobs.history(jobIdOf(office));
    const { moved, link } = await asked(made, plain, call("s1/11", { charge: 9_900 }));
    expect(moved).toBe(true);
    expect(link?.evidence.at(0)).toBe(made.set);
    expect(link?.evidence.at(-1)).toBe(`amount 45000 of ${office} and ${crew}`);
    expect(await made.world.ports.jobs.history(jobIdOf(office))).toEqual(before);
    expect(await asked(made, plain, call("s1/11", { charge: 9_900 }))).toMatchObject({ moved: false });
  });

  test("is nothing on a day where each system has one call, nor of a link that a person made", async () => {
    const made = await linked();
    const quiet = await asked(made, plain);
    expect(quiet).toMatchObject({ moved: false, stored: quiet.before });
    const byHand = (state: JobState): JobState => ({
      ...state,
      links: state.links.map((link) => (link.record === crew ? { ...link, rule: "person" } : link)),
    });
    expect(await asked(made, byHand, second)).toMatchObject({ moved: false });
  });
});

describe("who else has to look at their links when a job comes to a day or leaves it", () => {
  const theirs = jobWith([root({}, { connection: "s1", id: "11" })], { id: "newcomer" });
  const told = async (
    { world, set, own }: Awaited<ReturnType<typeof linked>>,
    day: readonly Neighbour[],
    more: { readonly left?: readonly string[]; readonly taken?: readonly string[] } = {},
  ) => {
    const before = world.queues.sent.inbound.length;
    const days: Days = new Map([[set, [...own, ...day.map((one) => ({ ...one, set }))]]]);
    await askDoubted(world.ports, world.company, theirs, { days, left: [], taken: [], ...more });
    return world.queues.sent.inbound.slice(before);
  };
  /** The newcomer's record stands in the store's set too, as it does once its job has looked for twins. */
  const comes = async (made: Awaited<ReturnType<typeof linked>>, more: Readonly<Record<string, unknown>> = {}) => {
    const data = { ...made.own[0]?.data, ...more };
    await made.world.ports.sets.add(made.set, "s1/jobs/11", data);
    return [{ set: made.set, member: "s1/jobs/11", data }];
  };
  const due = { v: 1, kind: "due", company: "model", job: jobIdOf(office) };

  test("the job that is linked there, when another call of one of its systems comes", async () => {
    const made = await linked();
    expect(await told(made, await comes(made))).toEqual([due]);
  });

  test("nobody whose link stands all the same: else two jobs of a day would ask each other for ever", async () => {
    const made = await linked();
    const day = await comes(made);
    await asked(made, (state) => ({ ...state, accepted: { "charge:s2": 500 } }), ...day);
    expect(await told(made, day)).toEqual([]);
  });

  test("the job that has to say so of its link, though it stays", async () => {
    const made = await linked();
    const { ports } = made.world;
    const day = await comes(made);
    const stored = await ports.jobs.load(jobIdOf(office));
    await ports.jobs.commit(stored, { ...stored.state, accepted: { "charge:s2": 500 } }, "");
    expect(await told(made, day)).toEqual([due]);
  });

  test("the job whose link was in doubt, once nothing rests on it any more", async () => {
    const made = await linked();
    const { ports } = made.world;
    const day = await comes(made);
    await asked(made, (state) => ({ ...state, accepted: { "charge:s2": 500 } }), ...day);
    const stored = await ports.jobs.load(jobIdOf(office));
    await ports.jobs.commit(stored, { ...stored.state, accepted: {} }, "");
    expect(await told(made, day)).toEqual([due]);
    const busy = await ports.jobs.load(jobIdOf(office));
    await ports.jobs.commit(busy, { ...busy.state, attempts: [attemptOf()] }, "");
    expect(await told(made, day)).toEqual([]);
  });

  test("nobody where one system's calls are left alone on a day", async () => {
    const made = await linked();
    expect(await told({ ...made, own: made.own.slice(0, 1) }, [], { left: [made.set] })).toEqual([]);
  });

  test("nobody on a day where each system has one call, or where one system's calls stand alone", async () => {
    const made = await linked();
    expect(await told(made, [])).toEqual([]);
    await made.world.ports.sets.add(made.set, "s1/jobs/11", {});
    const one = { ...made, own: made.own.slice(0, 1) };
    expect(await told(one, [call("s1/11")])).toEqual([]);
  });

  test("whoever stands on a day that it has left, whether linked or not", async () => {
    const made = await linked();
    const { world, set } = made;
    await world.tell(job("s3", "30", { of: "c1", technicians: [] }));
    const own = (await world.ports.sets.list(set)).map((one) => ({ set, ...one }));
    const jobs = [jobIdOf(office), jobIdOf("s3/jobs/30")];
    expect((await told({ ...made, own }, [], { left: [set] })).map((one) => one.kind === "due" && one.job)).toEqual(
      jobs,
    );
  });

  test("one that holds the call it might have joined, if that finds something", async () => {
    const made = await linked();
    expect(await told({ ...made, own: [] }, [], { taken: [jobIdOf(office)] })).toEqual([]);
    await comes(made);
    expect(await told({ ...made, own: [] }, [], { taken: [jobIdOf(office)] })).toEqual([due]);
  });

  test("not the job itself, nor a record that no job holds", async () => {
    const made = await linked();
    const { world, set } = made;
    const { state } = await world.ports.jobs.load(jobIdOf(office));
    const before = world.queues.sent.inbound.length;
    const strangers = ["s3/77", "s4/78"].map((name) => ({ ...call(name), set }));
    const days: Days = new Map([[set, [...made.own, ...strangers]]]);
    await askDoubted(world.ports, world.company, { ...state, links: [] }, { days, left: [set], taken: [] });
    expect(world.queues.sent.inbound).toHaveLength(before);
  });
});
