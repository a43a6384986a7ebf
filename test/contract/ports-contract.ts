import { describe, expect, test } from "vitest";
import { emptyJob, type JobState } from "#shared/domain/job.ts";
import type { Config } from "#shared/domain/policy.ts";
import type { DueItem } from "#shared/pipeline/ports.ts";
import type { CellStore, CompanyStore } from "#shared/store/open.ts";

/** What the suite needs of an implementation: an empty world for each test. */
export interface PortsUnderTest {
  readonly cell: CellStore;
  company(id: string): CompanyStore;
}

const at = (minute: number): string => `2026-11-02T08:${String(minute).padStart(2, "0")}:00.000Z`;

export function jobWith(id: string, cause: string, more: Partial<JobState> = {}): JobState {
  const lastChange = { version: 0, at: at(0), cause, records: ["st-main/jobs/1"], lines: [`${cause} changed it`] };
  return { ...emptyJob(id), lastChange, ...more };
}

const openBreak: JobState["breaks"][number] = {
  kind: "charge",
  key: "charge",
  state: "open",
  gapMinor: 100,
  causes: [{ kind: "unexplained", certainty: "likely", minor: 100, records: [] }],
  firstSeen: at(0),
  since: at(0),
  resolvedAt: null,
  opensAt: null,
  connections: ["st-main"],
  sentence: "a dollar too much",
  evidence: [],
  assignedTo: null,
  note: null,
};

export const twoCompanies: Config = {
  cells: [{ id: "main", companies: ["ridgeline", "other"] }],
  companies: ["ridgeline", "other"].map((id) => ({
    id,
    name: id,
    zone: "America/Denver",
    currency: "USD",
    connections: [
      {
        id: "st-main",
        vendor: "servicetitan",
        book: "receivable" as const,
        baseUrl: "http://127.0.0.1:1/st",
        secret: "plumbline/st",
      },
    ],
    policy: { authority: {} },
  })),
};

/** One suite for every implementation of the ports: what it says of memory it says of DynamoDB. */
export function portsContract(name: string, open: () => Promise<PortsUnderTest>): void {
  describe(`ports on ${name}`, () => {
    jobsContract(open);
    claimsContract(open);
    dueContract(open);
    keepingContract(open);
    controlContract(open);
  });
}

type Open = () => Promise<PortsUnderTest>;

function jobsContract(open: Open): void {
  test("a job never seen is the empty job at version 0", async () => {
    const { jobs } = (await open()).company("ridgeline");
    expect(await jobs.load("j1")).toEqual({ state: emptyJob("j1"), version: 0 });
  });

  test("a committed job is read back as it was written, and its version counts", async () => {
    const { jobs } = (await open()).company("ridgeline");
    const next = jobWith("j1", "first", { notices: ["é", "a word nobody knows"], dueAt: at(5) });
    expect(await jobs.commit(await jobs.load("j1"), next)).toBe("committed");
    const stored = await jobs.load("j1");
    expect(stored.version).toBe(1);
    expect(stored.state).toEqual({ ...next, lastChange: { ...next.lastChange, version: 1 } });
  });

  test("of two writers on the same version one commits and the other is told", async () => {
    const { jobs } = (await open()).company("ridgeline");
    const seen = await jobs.load("j1");
    const outcomes = await Promise.all(["a", "b", "c", "d"].map((by) => jobs.commit(seen, jobWith("j1", by))));
    expect(outcomes.filter((outcome) => outcome === "committed")).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === "conflict")).toHaveLength(3);
  });

  test("racing writers that read again after a conflict all get in, and history tells each once", async () => {
    const { jobs } = (await open()).company("ridgeline");
    const writer = async (by: number): Promise<void> => {
      for (;;) {
        const seen = await jobs.load("j1");
        const notices = [...seen.state.notices, String(by)];
        if ((await jobs.commit(seen, { ...jobWith("j1", `writer ${by}`), notices })) === "committed") return;
      }
    };
    await Promise.all(Array.from({ length: 12 }, (_, by) => writer(by)));
    const stored = await jobs.load("j1");
    expect(stored.version).toBe(12);
    expect(new Set(stored.state.notices).size).toBe(12);
    const told = await jobs.history("j1");
    expect(told.map((change) => change.version)).toEqual(Array.from({ length: 12 }, (_, version) => version + 1));
    expect(told.map((change) => change.cause)).toEqual(stored.state.notices.map((by) => `writer ${by}`));
  });

  test("a commit that changes nothing writes nothing", async () => {
    const { jobs } = (await open()).company("ridgeline");
    await jobs.commit(await jobs.load("j1"), jobWith("j1", "first"));
    const stored = await jobs.load("j1");
    expect(await jobs.commit(stored, stored.state)).toBe("committed");
    expect((await jobs.load("j1")).version).toBe(1);
  });

  test("jobs and claims commit together or not at all", async () => {
    const { jobs, claims } = (await open()).company("ridgeline");
    const [a, b] = [await jobs.load("j1"), await jobs.load("j2")];
    const [claim] = await claims.load(["st-main/jobs/1"]);
    const change = { stored: claim!, next: { ...claim!, jobs: ["j1", "j2"] } };
    await jobs.commit(b, jobWith("j2", "somebody else"));
    const both = [
      { stored: a, next: jobWith("j1", "together") },
      { stored: b, next: jobWith("j2", "together") },
    ];
    expect(await jobs.commitTogether(both, [change])).toBe("conflict");
    expect((await jobs.load("j1")).version).toBe(0);
    expect((await claims.load(["st-main/jobs/1"]))[0]?.version).toBe(0);

    const again = [both[0]!, { stored: await jobs.load("j2"), next: jobWith("j2", "together") }];
    expect(await jobs.commitTogether(again, [change])).toBe("committed");
    expect((await jobs.load("j2")).version).toBe(2);
    expect((await claims.load(["st-main/jobs/1"]))[0]).toMatchObject({ jobs: ["j1", "j2"], version: 1 });
    expect((await jobs.history("j2")).map(({ cause }) => cause)).toEqual(["somebody else", "together"]);
  });

  test("every job is listed once over the pages, and the open ones apart", async () => {
    const { jobs } = (await open()).company("ridgeline");
    const ids = Array.from({ length: 230 }, (_, n) => `j${String(n).padStart(3, "0")}`);
    await Promise.all(
      ids.map(async (id, n) =>
        jobs.commit(await jobs.load(id), jobWith(id, "first", { breaks: n % 40 === 0 ? [openBreak] : [] })),
      ),
    );
    const listed = async (page: typeof jobs.list): Promise<string[]> => {
      const found: string[] = [];
      let next: string | null = null;
      do {
        const answer: Awaited<ReturnType<typeof page>> = await page(next);
        found.push(...answer.jobs.map(({ state }) => state.id));
        next = answer.next;
      } while (next !== null);
      return found.toSorted();
    };
    expect(await listed(jobs.list)).toEqual(ids);
    expect(await listed(jobs.listOpen)).toEqual(ids.filter((_, n) => n % 40 === 0));
  });

  test("one company's store never sees another's job", async () => {
    const world = await open();
    const mine = world.company("ridgeline").jobs;
    await mine.commit(await mine.load("j1"), jobWith("j1", "first"));
    const other = world.company("other").jobs;
    expect((await other.load("j1")).version).toBe(0);
    expect((await other.list(null)).jobs).toEqual([]);
  });
}

function claimsContract(open: Open): void {
  test("a claim is written on its version, answered in the order asked, and listed while parked", async () => {
    const { claims } = (await open()).company("ridgeline");
    const [first, second] = await claims.load(["c/s/1", "c/s/2"]);
    const claim = { record: "c/s/2", jobs: [], person: null, sets: { "day:2026-11-02": "d1" }, parked: "no twin yet" };
    expect(await claims.save({ stored: second!, next: { ...claim, digest: "abc" } })).toBe("committed");
    expect(await claims.save({ stored: second!, next: claim })).toBe("conflict");
    expect(first).toEqual({ record: "c/s/1", jobs: [], person: null, sets: {}, parked: null, version: 0 });
    const again = await claims.load(["c/s/2", "c/s/1", "c/s/2"]);
    expect(again.map(({ record, version }) => [record, version])).toEqual([
      ["c/s/2", 1],
      ["c/s/1", 0],
      ["c/s/2", 1],
    ]);
    expect(again[0]).toMatchObject({ ...claim, digest: "abc" });
    expect((await claims.parked()).map(({ record }) => record)).toEqual(["c/s/2"]);
    await claims.save({ stored: again[0]!, next: { ...claim, jobs: ["j1"], parked: null } });
    expect(await claims.parked()).toEqual([]);
  });
}

function dueContract(open: Open): void {
  const stream = (name: string, minute: number): DueItem => ({
    company: "ridgeline",
    kind: "stream",
    name,
    dueAt: at(minute),
  });

  test("what is due comes oldest first, jobs among it, and what is later does not", async () => {
    const world = await open();
    const { jobs } = world.company("ridgeline");
    await jobs.commit(await jobs.load("j1"), jobWith("j1", "first", { dueAt: at(2) }));
    await world.cell.due.schedule(stream("a/jobs", 3));
    await world.cell.due.schedule(stream("b/jobs", 1));
    await world.cell.due.schedule(stream("c/jobs", 9));
    const due = await world.cell.due.due(at(5), 10);
    expect(due.map(({ kind, name }) => `${kind} ${name}`)).toEqual(["stream b/jobs", "job j1", "stream a/jobs"]);
    expect(await world.cell.due.due(at(5), 1)).toEqual([stream("b/jobs", 1)]);
    expect(await world.cell.due.next()).toBe(at(1));
  });

  test("of two ticks one hands an item out, and it is due again when its lease ends", async () => {
    const { cell } = await open();
    await cell.due.schedule(stream("a/jobs", 1));
    const [seen] = await cell.due.due(at(1), 10);
    const outcomes = await Promise.all([cell.due.handOut(seen!, at(11)), cell.due.handOut(seen!, at(11))]);
    expect(outcomes.toSorted()).toEqual([false, true]);
    expect(await cell.due.due(at(2), 10)).toEqual([]);
    expect(await cell.due.due(at(11), 10)).toEqual([stream("a/jobs", 11)]);
  });

  test("handing a job out moves neither its state nor its version", async () => {
    const world = await open();
    const { jobs } = world.company("ridgeline");
    await jobs.commit(await jobs.load("j1"), jobWith("j1", "first", { dueAt: at(2) }));
    const before = await jobs.load("j1");
    const [seen] = await world.cell.due.due(at(5), 10);
    expect(await world.cell.due.handOut(seen!, at(15))).toBe(true);
    expect(await jobs.load("j1")).toEqual(before);
    expect(await jobs.commit(before, { ...before.state, dueAt: null })).toBe("committed");
    expect(await world.cell.due.next()).toBeNull();
  });

  test("scheduling once leaves what stands, scheduling replaces it, cancelling takes it away", async () => {
    const { cell } = await open();
    await cell.due.schedule(stream("a/jobs", 1));
    await cell.due.scheduleOnce(stream("a/jobs", 2));
    expect(await cell.due.next()).toBe(at(1));
    await cell.due.schedule(stream("a/jobs", 3));
    expect(await cell.due.next()).toBe(at(3));
    await cell.due.cancel(stream("a/jobs", 3));
    expect(await cell.due.next()).toBeNull();
  });

  test("a waiting hint keeps what it reads", async () => {
    const { cell } = await open();
    const hint = { v: 1, kind: "records", company: "ridgeline", connection: "st-main", stream: "jobs" } as const;
    const item: DueItem = {
      company: "ridgeline",
      kind: "hint",
      name: "h1",
      dueAt: at(1),
      hint: { ...hint, ids: ["1", "2"], why: "webhook", purpose: "live" },
    };
    await cell.due.schedule(item);
    expect(await cell.due.due(at(1), 10)).toEqual([item]);
  });

  test("a company's own handle schedules for no other company", async () => {
    const world = await open();
    expect(() => world.company("other").due.schedule(stream("a/jobs", 1))).toThrow("due item of ridgeline");
  });
}

function keepingContract(open: Open): void {
  test("read numbers only rise, whoever takes them", async () => {
    const { reads } = (await open()).company("ridgeline");
    const taken = await Promise.all(Array.from({ length: 20 }, () => reads.take("st-main", "jobs")));
    expect(taken.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    expect(await reads.take("st-main", "invoices")).toBe(1);
  });

  test("the manifest keeps what the later read saw, in whichever order two runs merge", async () => {
    const { manifest } = (await open()).company("ridgeline");
    await manifest.merge("rotor", "jobs", new Map([["1", "new"]]), 7);
    await manifest.merge(
      "rotor",
      "jobs",
      new Map([
        ["1", "old"],
        ["2", "b"],
      ]),
      6,
    );
    expect(await manifest.load("rotor", "jobs")).toEqual(
      new Map([
        ["1", "new"],
        ["2", "b"],
      ]),
    );
    expect(await manifest.load("rotor", "jobs", ["2", "3"])).toEqual(new Map([["2", "b"]]));
    expect(await manifest.load("rotor", "customers")).toEqual(new Map());
  });

  test("a manifest of thousands of records merged by two runs at once loses none", async () => {
    const { manifest } = (await open()).company("ridgeline");
    const part = (from: number): Map<string, string> =>
      new Map(Array.from({ length: 300 }, (_, n) => [`record-${from + n}`, `digest-${from + n}`]));
    await Promise.all([manifest.merge("st", "jobs", part(0), 1), manifest.merge("st", "jobs", part(200), 2)]);
    expect((await manifest.load("st", "jobs")).size).toBe(500);
  });

  test("feeds are read back as saved, and all of them are those of configured connections", async () => {
    const world = await open();
    await world.cell.applyConfiguration(twoCompanies);
    const { feeds } = world.company("ridgeline");
    const feed = { ...(await feeds.load("st-main", "jobs")), completeAt: at(1), question: "gone?" };
    await feeds.save(feed);
    await feeds.save({ ...(await feeds.load("left-long-ago", "jobs")), completeAt: at(1) });
    expect(await feeds.load("st-main", "jobs")).toEqual(feed);
    expect(await feeds.all()).toEqual([feed]);
  });

  test("sets hold each member once, with its latest data", async () => {
    const { sets } = (await open()).company("ridgeline");
    await sets.add("day:2026-11-02", "b", { n: 1 });
    await sets.add("day:2026-11-02", "a", {});
    await sets.add("day:2026-11-02", "b", { n: 2 });
    await sets.add("day:2026-11-03", "c", {});
    expect(await sets.list("day:2026-11-02")).toEqual([
      { member: "a", data: {} },
      { member: "b", data: { n: 2 } },
    ]);
    await sets.remove("day:2026-11-02", "b");
    expect((await sets.list("day:2026-11-02")).map(({ member }) => member)).toEqual(["a"]);
  });

  test("the same unfit payload twice is one entry, with its raw text", async () => {
    const { quarantine } = (await open()).company("ridgeline");
    const entry = { connection: "st-main", stream: "jobs", id: null, reason: "no id", raw: '{"x":1}', at: at(1) };
    await quarantine.put(entry);
    await quarantine.put({ ...entry, at: at(2) });
    await quarantine.put({ ...entry, raw: '{"x":2}' });
    expect(await quarantine.count()).toBe(2);
    const [first] = await quarantine.list();
    expect(JSON.parse(await quarantine.raw(first!.key))).toHaveProperty("x");
    await quarantine.remove(first!.key);
    expect(await quarantine.count()).toBe(1);
  });

  test("the budget counts all windows or none, and a new window starts at zero", async () => {
    const { budget } = (await open()).company("ridgeline");
    const minute = { name: "minute", startsAt: at(0), endsAt: at(1), limit: 3 };
    const day = { name: "day", startsAt: "2026-11-02", endsAt: "2026-11-03", limit: 4 };
    const takes = await Promise.all(Array.from({ length: 6 }, () => budget.take("rotor", [minute, day], 1)));
    expect(takes.filter(({ granted }) => granted)).toHaveLength(3);
    expect(takes.find(({ granted }) => !granted)).toEqual({ granted: false, retryAt: at(1), window: "minute" });
    const next = { ...minute, startsAt: at(1), endsAt: at(2) };
    expect(await budget.take("rotor", [next, day], 1)).toEqual({ granted: true });
    expect(await budget.take("rotor", [next, day], 1)).toEqual({
      granted: false,
      retryAt: "2026-11-03",
      window: "day",
    });
    await budget.note("fleetio", day, 4, 100);
    expect((await budget.take("fleetio", [day], 1)).granted).toBe(false);
  });

  test("configuration is what was applied, and an unknown company is none", async () => {
    const { cell } = await open();
    expect(await cell.config.company("nobody")).toBeNull();
    await cell.applyConfiguration(twoCompanies);
    expect(await cell.config.companies()).toEqual(["ridgeline", "other"]);
    expect(await cell.config.company("other")).toEqual(twoCompanies.companies[1]);
  });

  test("what a sweep found missing is there for the next one", async () => {
    const { sweeps } = (await open()).company("ridgeline");
    expect(await sweeps.load("rotor", "jobs")).toEqual({ scope: null, provenAt: null, missing: {} });
    const state = { scope: "s", provenAt: at(1), missing: { "17": at(1) } };
    await sweeps.save("rotor", "jobs", state);
    expect(await sweeps.load("rotor", "jobs")).toEqual(state);
  });
}

function controlContract(open: Open): void {
  test("a company without a control item is stopped", async () => {
    expect((await (await open()).company("ridgeline").control.state()).stopped).toBe(true);
  });

  test("a stop of one company stops that one, a stop of all stops each, and resuming undoes each by itself", async () => {
    const world = await open();
    await world.cell.applyConfiguration(twoCompanies);
    const [mine, other] = [world.company("ridgeline").control, world.company("other").control];
    expect(await mine.state()).toEqual({ stopped: false, why: null, epoch: 2 });
    await mine.stop("ana", "odd writes");
    expect(await mine.state()).toMatchObject({ stopped: true, why: "odd writes" });
    expect((await other.state()).stopped).toBe(false);
    await world.cell.controlAll.stop("ana", "everything");
    expect((await other.state()).stopped).toBe(true);
    await mine.resume("ana");
    expect((await mine.state()).stopped).toBe(true);
    await world.cell.controlAll.resume("ana");
    expect((await mine.state()).stopped).toBe(false);
  });

  test("a new epoch starts stopped, and applying configuration again resumes nothing", async () => {
    const world = await open();
    await world.cell.applyConfiguration(twoCompanies);
    await world.cell.controlAll.newEpoch("ana", "restored");
    await world.cell.applyConfiguration(twoCompanies);
    expect(await world.company("other").control.state()).toEqual({ stopped: true, why: "restored", epoch: 3 });
  });
}
