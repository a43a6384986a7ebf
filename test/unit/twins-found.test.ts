import { beforeEach, describe, expect, test } from "vitest";
import type { JobFacts } from "#shared/domain/facts.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { KeyPair } from "#shared/domain/policy.ts";
import { holdApart } from "#shared/pipeline/apart.ts";
import { findTwins, type JoinPorts, loadJob } from "#shared/pipeline/join.ts";
import { sets } from "#shared/pipeline/link.ts";
import { reviewSet } from "#shared/pipeline/propose.ts";
import { jobWith, linkTo, on } from "#test/support/job-with.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";
import { companyOf, systemClasses } from "#test/support/model-systems.ts";
import { invoice, root } from "#test/support/money-view.ts";

const [day, later] = ["2026-11-02", "2026-11-04"];
const { observed } = systemClasses;
const company = (...keyPairs: readonly KeyPair[]) =>
  companyOf([observed, observed, observed], { keyPairs: [...keyPairs] });
const people = Object.fromEntries(["s1", "s2", "s3"].map((one) => [`${one}/customers/c1`, "dana"]));
const ana = [{ record: null, email: "ana@example.com", name: null }];

/** A record of Dana's call by Ana that day, named as `s1/10`. */
function record(name: string, more: Partial<JobFacts> = {}) {
  const [connection = "", id = ""] = name.split("/");
  const customer = { connection, stream: "customers", id: "c1" };
  return root({ serviceDay: day, customer, technicians: ana, title: "Leak", ...more }, { connection, id });
}
const job = (id: string, ...records: ReturnType<typeof record>[]): JobState =>
  jobWith(records, { id, people: { ...people, "ana@example.com": "ana" } });

let ports: JoinPorts;
let calls: string[];
beforeEach(() => {
  const { jobs, claims, sets: store } = memoryWorld().company("model");
  calls = [];
  ports = {
    jobs,
    claims: { ...claims, save: (change) => (calls.push(`claim ${change.next.record}`), claims.save(change)) },
    sets: {
      add: (set, member, data) => (calls.push(`add ${set}`), store.add(set, member, data)),
      remove: (set, member) => (calls.push(`remove ${set}`), store.remove(set, member)),
      list: (set) => (calls.push(`list ${set}`), store.list(set)),
      listAll: (wanted) => (calls.push(...wanted.map((set) => `list ${set}`)), store.listAll(wanted)),
    },
  };
});

/** The job stands in the store with its claims, and its records where others find them. */
async function stands(state: JobState, of = company()): Promise<void> {
  const stored = await ports.jobs.load(state.id);
  await ports.jobs.commit(stored, state, "2026-11-02T10:00:00.000Z");
  for (const claim of await ports.claims.load(Object.keys(state.observations)))
    await ports.claims.save({ stored: claim, next: { ...claim, jobs: [state.id] } });
  await findTwins(ports, state, of, false);
  calls = [];
}
const found = async (state: JobState, of = company(), proposing = false) => {
  const beside = await findTwins(ports, state, of, proposing);
  return {
    ...beside,
    twins: beside.twins.map(({ proposal, other }) => [proposal.rule, proposal.other, other.state.id]),
  };
};

describe("the job of a record", () => {
  test("is the one it was joined into, however often", async () => {
    const past = (id: string, forwardTo: string | null): JobState => ({ ...job(id, record(`s1/${id}`)), forwardTo });
    for (const one of [past("a", "b"), past("b", "c"), past("c", null)])
      await ports.jobs.commit(await ports.jobs.load(one.id), one, "");
    expect((await loadJob(ports.jobs, "a")).state.id).toBe("c");
    expect((await loadJob(ports.jobs, "c")).state.id).toBe("c");
  });

  test("is a failure where jobs forward in a circle", async () => {
    const round: JobState = { ...job("a", record("s1/10")), forwardTo: "a" };
    await ports.jobs.commit(await ports.jobs.load("a"), round, "");
    await expect(loadJob(ports.jobs, "a")).rejects.toThrow("job a forwards in a circle");
  });
});

describe("by evidence the same work", () => {
  const mine = job("mine", record("s1/10"));

  test("is the other system's one call of that customer, day and technician", async () => {
    await stands(job("other", record("s2/20")));
    const { twins, days, left, taken } = await found(mine);
    expect(twins).toEqual([["people-and-day", "s2/jobs/20", "other"]]);
    expect([...days].map(([set, all]) => [set, all.map(({ member }) => member)])).toEqual([
      [sets.day("dana", day), ["s1/jobs/10", "s2/jobs/20"]],
    ]);
    expect([...days.values()].flat().map(({ set }) => set)).toEqual(Array(2).fill(sets.day("dana", day)));
    expect([left, taken]).toEqual([[], []]);
  });

  test("is the same call entered twice in one system", async () => {
    await stands(job("other", record("s1/11", { charge: 5 })));
    expect((await found(job("mine", record("s1/10", { charge: 5 })))).twins).toEqual([
      ["duplicate", "s1/jobs/11", "other"],
    ]);
  });

  test("is not what is linked already, nor a record that its claim gives to this very job", async () => {
    const both = job("mine", record("s1/10"), record("s2/20"));
    await stands(both);
    expect((await found(both)).twins).toEqual([]);
    expect(await found(mine)).toMatchObject({ twins: [], taken: [] });
  });

  test("is not a record that no job holds", async () => {
    await stands(job("other", record("s2/20")));
    const [claim] = await ports.claims.load(["s2/jobs/20"]);
    await ports.claims.save({ stored: claim!, next: { ...claim!, jobs: [] } });
    expect((await found(mine)).twins).toEqual([]);
  });

  test("is not one that has another record of this job's system, which may have to look at its links again", async () => {
    await stands(job("other", record("s2/20"), record("s1/99", { serviceDay: later })));
    expect(await found(mine)).toMatchObject({ twins: [], taken: ["other"] });
  });

  test("is not one whose amount speaks against it, unless that was entered twice", async () => {
    await stands(job("other", record("s2/20", { charge: 5 })));
    expect(await found(job("mine", record("s1/10", { charge: 45_000 })))).toMatchObject({ twins: [], taken: [] });
    const agreed = { charge: 45_000, title: null };
    await stands(job("other", record("s2/20", agreed), record("s3/30", { ...agreed, charge: 5 })));
    expect((await found(job("mine", record("s1/10", agreed)))).twins).toEqual([]);
    await stands(job("other", record("s3/30", { ...agreed, charge: 5 })));
    const two = job("mine", record("s1/10", agreed), record("s2/22", { ...agreed, charge: null }));
    expect((await found(two)).twins).toEqual([]);
    const unlike = job("other", record("s1/11", { charge: 5 }), record("s3/30", { charge: 9_000, title: "Pump" }));
    await stands(unlike);
    expect((await found(job("mine", record("s1/10", { charge: 5 })))).twins).toEqual([
      ["duplicate", "s1/jobs/11", "other"],
    ]);
  });

  test("is not one that a person held apart", async () => {
    await stands(job("other", record("s2/20")));
    await holdApart(ports.sets, ["s2/jobs/20"], ["s1/jobs/10"], { by: "ana", at: "", why: "" });
    expect(await found(mine)).toMatchObject({ twins: [], taken: [] });
  });
});

describe("by a configured pair of fields", () => {
  const pair: KeyPair = { left: "s1.jobs.po", right: "s2.jobs.number", and: ["day"] };
  const first: KeyPair = { left: "s1.jobs.other", right: "s2.jobs.other", and: ["customer"] };
  const of = company(first, pair);
  const bare = { customer: null, technicians: null };
  const mine = job("mine", record("s1/10", { ...bare, keys: { po: "PO:7" } }));
  const branch = (serviceDay: string, keys = { number: "PO:7" }) =>
    job("other", record("s2/20", { ...bare, serviceDay, keys }));

  test("two records are one job beside a fact of its own, and both are the evidence", async () => {
    await stands(branch(later), of);
    const { twins, days } = await findTwins(ports, mine, of, false);
    expect([...days]).toEqual([]);
    expect(twins.map(({ proposal }) => proposal)).toEqual([
      {
        ...{ mine: "s1/jobs/10", other: "s2/jobs/20", rule: "key-pair" },
        evidence: ["s1.jobs.po = s2.jobs.number = PO:7", `days ${day} and ${later}`],
      },
    ]);
  });

  test("they are not without the fact, with another value, or when nothing is configured any more", async () => {
    await stands(branch("2026-11-20"), of);
    expect((await found(mine, of)).twins).toEqual([]);
    await stands(branch(day, { number: "PO:8" }), of);
    expect((await found(mine, of)).twins).toEqual([]);
    await stands(branch(day), of);
    expect((await found(mine, of)).twins).toHaveLength(1);
    expect((await found(mine)).twins).toEqual([]);
  });

  test("several of one system may belong to one job", async () => {
    const two = record("s1/11", { ...bare, keys: {} });
    await stands({ ...branch(day), ...job("other", record("s2/20", { ...bare, keys: { number: "PO:7" } }), two) }, of);
    expect((await found(mine, of)).twins).toEqual([["key-pair", "s2/jobs/20", "other"]]);
  });

  test("an invoice of the job may hold the field, and stands there by its own claim", async () => {
    const billed = company({ left: "s1.invoices.po", right: "s2.jobs.number", and: ["day"] });
    await stands(branch(day), billed);
    const bill = on(invoice({ keys: { po: "PO:7" } }, { connection: "s1" }), "s1/jobs/10");
    const with2 = { ...jobWith([record("s1/10", { ...bare, number: "10" }), bill]), id: "mine" };
    expect((await found(with2, billed)).twins).toEqual([["key-pair", "s2/jobs/20", "other"]]);
    const claims = await ports.claims.load(["s1/jobs/10", "s1/invoices/1"]);
    expect(claims.map((claim) => Object.keys(claim.sets))).toEqual([[sets.number("10")], [sets.pair(0, "PO:7")]]);
  });
});

describe("where its records stand", () => {
  const mine = job("mine", record("s1/10", { number: "10" }));
  const names = [sets.number("10"), sets.names("s1/customers/c1"), sets.crew("ana", day), sets.day("dana", day)];
  const writes = () => calls.filter((call) => !call.startsWith("list"));

  test("is written once, the claim last, and remembered by the claim", async () => {
    await stands(job("other", record("s2/20")));
    await found(mine);
    expect(writes()).toEqual([...names.map((set) => `add ${set}`), "claim s1/jobs/10"]);
    expect(Object.keys((await ports.claims.load(["s1/jobs/10"]))[0]?.sets ?? {}).toSorted()).toEqual(names.toSorted());
    calls = [];
    await found(mine);
    expect(writes()).toEqual([]);
  });

  test("is written again only where it says something else", async () => {
    await found(mine);
    calls = [];
    await found(job("mine", record("s1/10", { number: "10", title: "Pump" })));
    expect(writes()).toEqual([`add ${sets.day("dana", day)}`, "claim s1/jobs/10"]);
    expect((await ports.sets.list(sets.day("dana", day)))[0]?.data).toMatchObject({ title: "Pump" });
  });

  test("is left where it stands no more, and a day it left is told with who stands there now", async () => {
    await stands(job("other", record("s2/20")));
    await found(mine);
    calls = [];
    const { left, days } = await found(job("mine", record("s1/10", { number: "11", serviceDay: later })));
    expect(left).toEqual([sets.day("dana", day)]);
    expect(days.get(sets.day("dana", day))).toMatchObject([{ member: "s2/jobs/20", set: sets.day("dana", day) }]);
    expect(days.get(sets.day("dana", later))?.map(({ member }) => member)).toEqual(["s1/jobs/10"]);
    expect(writes().filter((call) => call.startsWith("remove"))).toEqual([
      ...[sets.number("10"), sets.crew("ana", day), sets.day("dana", day)].map((set) => `remove ${set}`),
    ]);
  });

  test("is nowhere once it is gone", async () => {
    await found(mine);
    expect((await found(job("mine", record("s1/10", { presence: "deleted" })))).left).toEqual([sets.day("dana", day)]);
    expect((await ports.claims.load(["s1/jobs/10"]))[0]?.sets).toEqual({});
  });

  test("is asked for once, though several of its records stand there", async () => {
    await stands(job("other", record("s3/30")));
    await found(job("mine", record("s1/10"), record("s2/20")));
    const listed = calls.filter((call) => call.startsWith("list") && !call.includes("apart"));
    expect(listed).toEqual([`list ${sets.day("dana", day)}`]);
  });
});

describe("a person is asked", () => {
  const near = job("other", record("s2/20", { serviceDay: later }));
  const mine = job("mine", record("s1/10"));
  const asked = async () => (await ports.sets.list(reviewSet)).map(({ member }) => member);

  test("about what no rule joins, when it is time to", async () => {
    await stands(near);
    await found(mine, company(), false);
    expect(await asked()).toEqual([]);
    await findTwins(ports, mine, company());
    expect(await asked()).toEqual(["s1/jobs/10"]);
    // That it stands on the review list is kept when its other sets change.
    await found(job("mine", record("s1/10", { number: "10" })));
    expect((await ports.claims.load(["s1/jobs/10"]))[0]?.sets).toHaveProperty([reviewSet]);
  });

  test("not while a rule joins it", async () => {
    await stands(job("other", record("s2/20")));
    await found(mine, company(), true);
    expect(await asked()).toEqual([]);
  });

  test("about a link in doubt at once", async () => {
    const doubt = linkTo("s2/jobs/20", "people-and-day", { doubt: "s1 has two" });
    const pair = { ...job("mine", record("s1/10"), record("s2/20")), links: [linkTo("s1/jobs/10", "first"), doubt] };
    await found(pair, company(), false);
    expect(await asked()).toEqual(["s2/jobs/20"]);
  });
});
