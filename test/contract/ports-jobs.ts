import { expect, test } from "vitest";
import { canonicalJson } from "#shared/domain/ids.ts";
import { emptyJob, type JobState } from "#shared/domain/job.ts";
import { pastStates, stateAt } from "#shared/pipeline/past-states.ts";
import { at, jobWith, type Open, openBreak } from "./ports-samples.ts";

export function jobsContract(open: Open): void {
  test("a job never seen is the empty job at version 0", async () => {
    const { jobs } = (await open()).company("ridgeline");
    expect(await jobs.load("j1")).toEqual({ state: emptyJob("j1"), version: 0 });
  });

  test("a committed job is read back as it was written, and its version counts", async () => {
    const { jobs } = (await open()).company("ridgeline");
    const next = jobWith("j1", "first", { notices: ["é", "a word nobody knows"], dueAt: at(5) });
    expect(await jobs.commit(await jobs.load("j1"), next, at(0))).toBe("committed");
    const stored = await jobs.load("j1");
    expect(stored.version).toBe(1);
    expect(stored.state).toEqual({ ...next, lastChange: { ...next.lastChange, version: 1 } });
  });

  test("of two writers on the same version one commits and the other is told", async () => {
    const { jobs } = (await open()).company("ridgeline");
    const seen = await jobs.load("j1");
    const outcomes = await Promise.all(["a", "b", "c", "d"].map((by) => jobs.commit(seen, jobWith("j1", by), at(0))));
    expect(outcomes.filter((outcome) => outcome === "committed")).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === "conflict")).toHaveLength(3);
  });

  test("racing writers that read again after a conflict all get in, and history tells each once", async () => {
    const { jobs } = (await open()).company("ridgeline");
    const writer = async (by: number): Promise<void> => {
      for (;;) {
        const seen = await jobs.load("j1");
        const notices = [...seen.state.notices, String(by)];
        if ((await jobs.commit(seen, { ...jobWith("j1", `writer ${by}`), notices }, at(0))) === "committed") return;
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

  test("every state a job was stored as can be had again, byte for byte, whoever raced for it", async () => {
    const { jobs } = (await open()).company("ridgeline");
    const stored: string[] = [];
    const writer = async (by: number): Promise<void> => {
      for (let tries = 0; ; tries++) {
        const seen = await jobs.load("j1");
        // Every third change is bookkeeping that no line tells.
        const told = by % 3 === 0 ? seen.state : { ...seen.state, ...pick(jobWith("j1", `writer ${by}`)) };
        const next = { ...told, notices: [...seen.state.notices, `${by}`], dueAt: at(by + tries) };
        if ((await jobs.commit(seen, next, at(seen.version))) === "conflict") continue;
        const change = next.lastChange && { ...next.lastChange, version: seen.version + 1 };
        stored[seen.version + 1] = canonicalJson(by % 3 === 0 ? next : { ...next, lastChange: change });
        return;
      }
    };
    const pick = ({ lastChange }: JobState) => ({ lastChange });
    await writer(1);
    await Promise.all(Array.from({ length: 12 }, (_, by) => writer(by)));
    const [now, past] = [await jobs.load("j1"), await jobs.past("j1")];
    const rebuilt = [...pastStates(now, past)];
    expect(rebuilt.map(({ version }) => version)).toEqual(Array.from({ length: 13 }, (_, n) => 13 - n));
    for (const { version, state } of rebuilt) expect(canonicalJson(state)).toBe(stored[version]);
    for (let version = 1; version <= 13; version++) {
      const then = stateAt(now, past, at(version - 1));
      expect(then?.version).toBe(version);
      expect(then?.until).toBe(version === 13 ? null : at(version));
    }
    expect(stateAt(now, past, "2026-11-01T08:00:00Z")).toBe(null);
  });

  test("a commit that changes nothing writes nothing", async () => {
    const { jobs } = (await open()).company("ridgeline");
    await jobs.commit(await jobs.load("j1"), jobWith("j1", "first"), at(0));
    const stored = await jobs.load("j1");
    expect(await jobs.commit(stored, stored.state, at(0))).toBe("committed");
    expect((await jobs.load("j1")).version).toBe(1);
  });

  test("jobs and claims commit together or not at all", async () => {
    const { jobs, claims } = (await open()).company("ridgeline");
    const [a, b] = [await jobs.load("j1"), await jobs.load("j2")];
    const [claim] = await claims.load(["st-main/jobs/1"]);
    const change = { stored: claim!, next: { ...claim!, jobs: ["j1", "j2"] } };
    await jobs.commit(b, jobWith("j2", "somebody else"), at(0));
    const both = [
      { stored: a, next: jobWith("j1", "together") },
      { stored: b, next: jobWith("j2", "together") },
    ];
    expect(await jobs.commitTogether(both, [change], at(0))).toBe("conflict");
    expect((await jobs.load("j1")).version).toBe(0);
    expect((await claims.load(["st-main/jobs/1"]))[0]?.version).toBe(0);

    const again = [both[0]!, { stored: await jobs.load("j2"), next: jobWith("j2", "together") }];
    expect(await jobs.commitTogether(again, [change], at(0))).toBe("committed");
    expect((await jobs.load("j2")).version).toBe(2);
    expect((await claims.load(["st-main/jobs/1"]))[0]).toMatchObject({ jobs: ["j1", "j2"], version: 1 });
    expect((await jobs.history("j2")).map(({ cause }) => cause)).toEqual(["somebody else", "together"]);
  });

  test("every job is listed once over the pages, and the open ones apart", async () => {
    const { jobs } = (await open()).company("ridgeline");
    const ids = Array.from({ length: 230 }, (_, n) => `j${String(n).padStart(3, "0")}`);
    await Promise.all(
      ids.map(async (id, n) =>
        jobs.commit(await jobs.load(id), jobWith(id, "first", { breaks: n % 40 === 0 ? [openBreak] : [] }), at(0)),
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
    await mine.commit(await mine.load("j1"), jobWith("j1", "first"), at(0));
    const other = world.company("other").jobs;
    expect((await other.load("j1")).version).toBe(0);
    expect((await other.list(null)).jobs).toEqual([]);
  });
}

export function claimsContract(open: Open): void {
  test("a claim is written on its version, answered in the order asked, and listed while parked", async () => {
    const { claims } = (await open()).company("ridgeline");
    const [first, second] = await claims.load(["c/s/1", "c/s/2"]);
    const claim = { record: "c/s/2", jobs: [], person: null, sets: { "day:2026-11-02": "d1" }, parked: "no twin yet" };
    const shares = [["c/invoices/7", 300] as const];
    const version = { modified: "2026-11-02T08:00:00.1234567Z", read: 4 };
    const unapplied = { customer: "c/customers/5", rest: 200, total: 500, shares, version, seenRead: 4, goneRead: 3 };
    const more = { digest: "abc", told: "whom", unapplied };
    expect(await claims.save({ stored: second!, next: { ...claim, ...more } })).toBe("committed");
    expect(await claims.save({ stored: second!, next: claim })).toBe("conflict");
    expect(first).toEqual({ record: "c/s/1", jobs: [], person: null, sets: {}, parked: null, version: 0 });
    const again = await claims.load(["c/s/2", "c/s/1", "c/s/2"]);
    expect(again.map(({ record, version }) => [record, version])).toEqual([
      ["c/s/2", 1],
      ["c/s/1", 0],
      ["c/s/2", 1],
    ]);
    expect(again[0]).toEqual({ ...claim, ...more, version: 1 });
    expect((await claims.parked()).map(({ record }) => record)).toEqual(["c/s/2"]);
    await claims.save({ stored: again[0]!, next: { ...claim, jobs: ["j1"], parked: null } });
    expect(await claims.parked()).toEqual([]);
  });

  test("what a claim says of unattached money and of a customer is read back as it was written", async () => {
    const { claims } = (await open()).company("ridgeline");
    const [payment, invoice, customer] = await claims.load(["c/payments/1", "c/invoices/1", "c/customers/5"]);
    const version = { modified: null, read: 4 };
    const read = { version, seenRead: 4, goneRead: 0 };
    const unapplied = { customer: null, rest: -5, total: 5, shares: [], day: null, over: false, ...read };
    const jobless = {
      ...{ attached: false, customer: "c/customers/5", number: "M-1", day: "2026-11-01", total: 9900, balance: null },
      ...{ draft: false, over: false, ...read },
    };
    const plain = { jobs: [], person: null, sets: {}, parked: null };
    const written = [
      { record: "c/payments/1", ...plain, unapplied, unattached: "" },
      { record: "c/invoices/1", ...plain, jobless, unattached: "c/customers/5" },
      { record: "c/customers/5", ...plain, named: { name: "Vega", mergedTo: "c/customers/6", version } },
    ];
    for (const [index, stored] of [payment, invoice, customer].entries())
      expect(await claims.save({ stored: stored!, next: written[index]! })).toBe("committed");
    const again = await claims.load(written.map(({ record }) => record));
    expect(again).toEqual(written.map((claim) => ({ ...claim, version: 1 })));
  });

  test("unattached money is paged, each customer's together and the parked last, while it is there", async () => {
    const world = await open();
    const { claims } = world.company("ridgeline");
    const plain = { jobs: [], person: null, sets: {}, parked: null };
    const ids = Array.from({ length: 150 }, (_, n) => `c/payments/${n}`);
    for (const [n, stored] of (await claims.load(ids)).entries()) {
      const parked = n === 7 ? "waits for c/invoices/1" : null;
      const next = { ...plain, record: stored.record, parked, unattached: `c/customers/${n % 3}` };
      await claims.save({ stored, next });
    }
    const pages = async (): Promise<string[][]> => {
      const found: string[][] = [];
      let next: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof claims.unattached>> = await claims.unattached(next);
        expect(page.claims.length).toBeLessThanOrEqual(100);
        found.push(page.claims.map(({ record, unattached }) => `${unattached} ${record}`));
        next = page.next;
      } while (next !== null);
      return found;
    };
    const listed = (await pages()).flat();
    expect(listed.toSorted()).toEqual(ids.map((id, n) => `c/customers/${n % 3} ${id}`).toSorted());
    expect(listed.at(-1)).toBe("c/customers/1 c/payments/7");
    const whose = listed.slice(0, -1).map((one) => one.split(" ")[0]);
    expect(whose.filter((customer, n) => customer !== whose[n - 1])).toHaveLength(3);
    expect((await claims.parked()).map(({ record }) => record)).toEqual(["c/payments/7"]);
    for (const stored of await claims.load(ids))
      if (stored.record !== "c/payments/3") await claims.save({ stored, next: { ...plain, record: stored.record } });
    expect((await pages()).flat()).toEqual(["c/customers/0 c/payments/3"]);
    expect(await world.company("other").claims.unattached(null)).toEqual({ claims: [], next: null });
  });
}
