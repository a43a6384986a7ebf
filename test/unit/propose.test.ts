import { describe, expect, test } from "vitest";
import type { JobFacts } from "#shared/domain/facts.ts";
import type { JobState } from "#shared/domain/job.ts";
import { holdApart } from "#shared/pipeline/apart.ts";
import { sets } from "#shared/pipeline/link.ts";
import { mayBeCandidate, placesOf, propose, proposedOf, reviewSet, scoreInDoubt } from "#shared/pipeline/propose.ts";
import { proposedFrom, type Side } from "#shared/pipeline/score.ts";
import { s1, s2, s3 } from "#test/support/compared.ts";
import { jobWith, linkTo } from "#test/support/job-with.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";
import { root } from "#test/support/money-view.ts";

const day = "2026-11-02";
const side = (more: Partial<Side> = {}): Side => ({
  ...{ record: "s1/jobs/1", connection: "s1", person: null, name: null, day: null, crew: [], title: null },
  ...{ charge: null, final: true },
  ...more,
});

describe("where a job's candidates stand", () => {
  test("is its customer's day and three days around, and its technicians' day", () => {
    const around = ["2026-10-30", "2026-10-31", "2026-11-01", day, "2026-11-03", "2026-11-04", "2026-11-05"];
    expect(placesOf(side({ person: "dana", day, crew: ["ana", "ben"] }))).toEqual([
      ...around.map((one) => sets.day("dana", one)),
      ...[sets.crew("ana", day), sets.crew("ben", day)],
    ]);
    expect(placesOf(side({ day, crew: ["ana"] }))).toEqual([sets.crew("ana", day)]);
  });
  test("is nowhere without a day", () => expect(placesOf(side({ person: "dana", crew: ["ana"] }))).toEqual([]));
});

describe("who stands beside a job", () => {
  const dana = side({ person: "dana", name: "Dana Whitfield" });
  test.each([
    ["the same customer", { connection: "s2", person: "dana", name: "Okafor" }, true],
    ["somebody of that name", { connection: "s2", person: "luis", name: "Whitfield, Dana" }, true],
    ["somebody of another name", { connection: "s2", person: "luis", name: "Luis Vega" }, false],
    ["somebody of another name whom nobody knows", { connection: "s2", person: null, name: "Luis Vega" }, false],
    ["somebody whose name is not stated", { connection: "s2", person: "luis", name: null }, true],
    ["one of its own system", { connection: "s1", person: "dana", name: "Dana Whitfield" }, false],
    ["one of another system that it has", { connection: "s3", person: "dana", name: "Dana Whitfield" }, false],
    ["one of no system", { person: "dana", name: "Dana Whitfield" }, false],
  ])("%s", (_name, data, worth) => expect(mayBeCandidate(dana, ["s1", "s3"], { data })).toBe(worth));

  test("is worth a look when the job itself states no name, and not for a customer that neither knows", () => {
    expect(mayBeCandidate(side(), ["s1"], { data: { connection: "s2", person: null, name: "Luis" } })).toBe(true);
    const nobody = side({ name: "Dana" });
    expect(mayBeCandidate(nobody, ["s1"], { data: { connection: "s2", person: null, name: "Luis" } })).toBe(false);
    // Four letters of five.
    expect(mayBeCandidate(side({ name: "Smith" }), [], { data: { connection: "s2", name: "Smyth" } })).toBe(true);
  });
});

describe("a link in doubt is shown with what speaks for it below what speaks against it", () => {
  test("and its points, however few", () => {
    const mine = side({ day });
    expect(scoreInDoubt(mine, side({ connection: "s2", day }), "s1 has two")).toEqual({
      score: proposedFrom,
      evidence: ["linked, but s1 has two", `the same day ${day}`],
    });
    expect(scoreInDoubt(mine, side({ connection: "s2", day: "2026-12-02" }), "s1 has two")).toEqual({
      score: proposedFrom,
      evidence: ["linked, but s1 has two"],
    });
    const person = { person: "dana", day, crew: ["ana"] };
    expect(scoreInDoubt(side(person), side({ connection: "s2", ...person }), "").score).toBe(85);
  });
});

test("what stands in the review list is read again only as it was written", () => {
  const candidate = { record: "s2/jobs/1", connection: "s2", score: 65, evidence: ["the same customer"] };
  expect(proposedOf({ candidates: [candidate] })).toEqual([candidate]);
  expect(() => proposedOf({})).toThrow();
  for (const name of Object.keys(candidate))
    expect(() => proposedOf({ candidates: [{ ...candidate, [name]: null }] })).toThrow();
  expect(() => proposedOf({ candidates: [{ ...candidate, evidence: [7] }] })).toThrow();
});

describe("a job that no rule joins", () => {
  const facts: Partial<JobFacts> = { serviceDay: day, customerName: "Dana Whitfield" };
  const customer = (connection: string) => ({ connection, stream: "customers", id: "c1" });
  const people = { "s1/customers/c1": "dana", "s2/customers/c1": "dana", "s3/customers/c1": "dana" };
  const of = (connection: string, more: Partial<JobFacts> = {}, id = "1") =>
    root({ ...facts, customer: customer(connection), ...more }, { connection, id });
  const mine = jobWith([of("s1")], { id: "mine", people });
  const other = jobWith([of("s2")], { id: "other", people });

  /** `other` and those given stand on the customer's day; `propose` then lists of `job` who may be the same. */
  async function world(...jobs: readonly JobState[]) {
    const store = memoryWorld().company("c");
    const written: string[] = [];
    const ports = {
      claims: store.claims,
      sets: {
        ...store.sets,
        add: async (set: string, member: string, data: Readonly<Record<string, unknown>>) => {
          written.push(`add ${member}`);
          await store.sets.add(set, member, data);
        },
        remove: async (set: string, member: string) => {
          written.push(`remove ${member}`);
          await store.sets.remove(set, member);
        },
      },
    };
    for (const state of jobs)
      for (const key of Object.keys(state.observations)) {
        const connection = key.slice(0, 2);
        await store.sets.add(sets.day("dana", day), key, { connection, person: "dana", name: "Dana Whitfield" });
      }
    const asked: string[] = [];
    const jobOf = async (record: string) => {
      asked.push(record);
      const state = jobs.find((one) => one.observations[record] !== undefined);
      return state ? { state, version: 1 } : null;
    };
    const listed = async (of: JobState = mine) => {
      await propose(ports, of, jobOf);
      return (await store.sets.list(reviewSet)).flatMap(({ member, data }) =>
        proposedOf(data).map(({ record, score }) => `${member} ${record} ${score}`),
      );
    };
    return { ports, listed, written, asked };
  }

  test("is put before a person with those that may be the same work, each asked for once", async () => {
    const { listed, asked } = await world(mine, other);
    expect(await listed()).toEqual(["s1/jobs/1 s2/jobs/1 65"]);
    expect(asked).toEqual(["s2/jobs/1"]);
  });

  test("is written down once, and again only when its candidates changed", async () => {
    const { listed, written } = await world(mine, other);
    const now = (more: Partial<JobFacts>): JobState => jobWith([of("s1", more)], { id: "mine", people });
    await listed();
    await listed(now({ title: "Leak" }));
    expect(written).toEqual(["add s1/jobs/1"]);
    await listed(now({ customerName: null }));
    expect(written).toEqual(["add s1/jobs/1", "add s1/jobs/1"]);
    expect(await listed(now({ serviceDay: "2026-11-20" }))).toEqual([]);
    await listed(now({ serviceDay: "2026-11-20" }));
    expect(written.slice(2)).toEqual(["remove s1/jobs/1"]);
  });

  test("leaves its other sets as they stand", async () => {
    const { ports, listed } = await world(mine, other);
    const [claim] = await ports.claims.load(["s1/jobs/1"]);
    await ports.claims.save({ stored: claim!, next: { ...claim!, sets: { "number:10": "d" } } });
    await listed();
    const [after] = await ports.claims.load(["s1/jobs/1"]);
    expect(Object.keys(after?.sets ?? {}).toSorted()).toEqual(["number:10", reviewSet]);
    await listed(jobWith([of("s1", { presence: "deleted" })], { id: "mine", people }));
    expect((await ports.claims.load(["s1/jobs/1"]))[0]?.sets).toStrictEqual({ "number:10": "d" });
  });

  test("is not put beside itself, nor a job that nobody holds any more", async () => {
    const both = jobWith([of("s1"), of("s2", { presence: "deleted" })], { id: "mine", people });
    expect(await (await world(both)).listed(both)).toEqual([]);
    const { ports } = await world(mine, other);
    await propose(ports, mine, async () => null);
    expect(await ports.sets.list(reviewSet)).toEqual([]);
  });

  test("is not put beside one that has a record of its own system, or that a person held apart", async () => {
    const taken = jobWith([of("s2"), of("s1", {}, "9")], { id: "other", people });
    expect(await (await world(mine, taken)).listed()).toEqual([]);
    const { ports, listed } = await world(mine, other);
    await holdApart(ports.sets, ["s1/jobs/1"], ["s2/jobs/1"], { by: "ana", at: "", why: "" });
    expect(await listed()).toEqual([]);
  });

  test("of several records each has its own list, by the record that stands there and no other of its job", async () => {
    const pair = jobWith([of("s1"), of("s2", {}, "2")], { id: "mine", people });
    const third = jobWith([of("s3"), root({ ...facts }, { connection: "s4", id: "1" })], { id: "other", people });
    const { listed } = await world(pair, third);
    expect(await listed(pair)).toEqual(["s1/jobs/1 s3/jobs/1 65", "s2/jobs/2 s3/jobs/1 65"]);
  });

  test("in doubt is put before a person with the record it is held to: the job's first of another system", async () => {
    const roots = [of("s1"), of("s2"), of("s3"), of("s3", {}, "0")];
    const links = [
      ...[linkTo("s1/jobs/1", "person"), linkTo("s2/jobs/1", "first")],
      ...[linkTo("s3/jobs/1", "people-and-day", { doubt: "s1 has two" }), linkTo("s3/jobs/0", "duplicate")],
    ];
    const doubted = jobWith(roots, { id: "mine", people, links });
    const { ports, listed } = await world();
    expect(await listed(doubted)).toEqual(["s3/jobs/1 s2/jobs/1 65"]);
    const [found] = await ports.sets.list(reviewSet);
    expect(proposedOf(found?.data ?? {})[0]).toMatchObject({
      ...{ record: "s2/jobs/1", connection: "s2" },
      evidence: ["linked, but s1 has two", "the same customer Dana Whitfield", `the same day ${day}`],
    });
    const alone = jobWith([of("s3")], { people, links: [linkTo("s3/jobs/1", "people-and-day", { doubt: "x" })] });
    expect(await (await world()).listed(alone)).toEqual([]);
  });

  test("has candidates only from systems it has no record of", async () => {
    const pair = jobWith([root(facts, s1), root({ ...facts, customer: customer("s2") }, s2)], { id: "mine", people });
    const { listed, asked } = await world(
      other,
      jobWith([root({ ...facts, customer: customer("s3") }, s3)], { id: "z", people }),
    );
    await listed(pair);
    expect(asked).toEqual(["s3/jobs/1"]);
  });
});
