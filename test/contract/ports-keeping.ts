import { expect, test } from "vitest";
import type { KeptToken } from "#shared/connectors/tokens.ts";
import { at, type Open, twoCompanies } from "./ports-samples.ts";

export function keepingContract(open: Open): void {
  test("read numbers only rise, whoever takes them", async () => {
    const { reads } = (await open()).company("ridgeline");
    const taken = await Promise.all(Array.from({ length: 20 }, () => reads.take("st-main", "jobs")));
    expect(taken.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    expect(await reads.take("st-main", "invoices")).toBe(1);
  });

  test("a connection's token is one for all, and one at a time renews what it has seen", async () => {
    const { tokens } = (await open()).company("ridgeline");
    expect(await tokens.load("st-main")).toBeNull();
    const lease = (seen: KeptToken | null, minute: number) => tokens.lease("st-main", seen, at(minute), at(minute + 2));
    const leases = await Promise.all([lease(null, 0), lease(null, 0), lease(null, 0)]);
    expect(leases.filter((leased) => leased)).toHaveLength(1);
    expect(await tokens.load("st-main")).toBeNull();
    expect([await lease(null, 1), await lease(null, 2)]).toEqual([false, true]);
    const first = { sealed: "first", until: at(10) };
    await tokens.save("st-main", first);
    expect(await tokens.load("st-main")).toEqual(first);
    expect(await tokens.load("rotor")).toBeNull();
    // The lease ended with it; who has not seen it may not renew it.
    expect([await lease(null, 3), await lease({ ...first, sealed: "other" }, 3), await lease(first, 3)]).toEqual([
      ...[false, false, true],
    ]);
    await tokens.release("st-main");
    expect(await lease(first, 3)).toBe(true);
    expect(await tokens.load("st-main")).toEqual(first);
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

  test("the manifest is paged, each entry once, and a page is no more than some hundred", async () => {
    const { manifest } = (await open()).company("ridgeline");
    const ids = Array.from({ length: 400 }, (_, n) => `r${n}`);
    await manifest.merge("st", "jobs", new Map(ids.map((id) => [id, "d"])), 1);
    const found: string[] = [];
    let next: string | null = null;
    let pages = 0;
    do {
      const page: Awaited<ReturnType<typeof manifest.page>> = await manifest.page("st", "jobs", next);
      expect(page.ids.length).toBeLessThanOrEqual(200);
      found.push(...page.ids);
      next = page.next;
      pages++;
    } while (next !== null);
    expect(found.toSorted()).toEqual(ids.toSorted());
    expect(pages).toBeGreaterThan(2);
    expect(await manifest.page("st", "customers", null)).toEqual({ ids: [], next: null });
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
    const feed = {
      ...(await feeds.load("st-main", "jobs")),
      completeAt: at(1),
      completeBefore: null,
      handedOnAt: at(1),
      question: "gone?",
    };
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

  test("a person's days are sets of their own, read one by one or several together", async () => {
    const { sets } = (await open()).company("ridgeline");
    const stands = [
      ["day:dana:2026-11-01", "st/jobs/1"],
      ["day:dana:2026-11-02", "st/jobs/2"],
      ["day:dana:2026-11-02", "ctc/jobs/2"],
      ["day:dana:2026-11-04", "st/jobs/4"],
      ["day:dana", "st/jobs/0"],
      ["day:dan:2026-11-02", "st/jobs/5"],
      ["day:dana:x:2026-11-02", "st/jobs/6"],
      ["crew:dana:2026-11-02", "st/jobs/7"],
      ["number:8:2026-11-02", "st/jobs/8"],
    ] as const;
    for (const [set, member] of stands) await sets.add(set, member, { set });
    for (const [set] of stands) {
      const own = stands.filter(([of]) => of === set).map(([, member]) => ({ member, data: { set } }));
      expect(await sets.list(set)).toEqual(own.toSorted((a, b) => (a.member < b.member ? -1 : 1)));
    }
    const asked = ["day:dana:2026-11-04", "day:dana:2026-11-02", "day:dana:2026-11-05", "number:8:2026-11-02"];
    const found = await sets.listAll([...asked, "crew:dana:2026-11-02", "day:dana:2026-11-02"]);
    expect(found.map(({ member }) => member).toSorted()).toEqual(
      ["ctc/jobs/2", "st/jobs/2", "st/jobs/4", "st/jobs/7", "st/jobs/8"].toSorted(),
    );
    expect(found.every(({ member, data }) => stands.some(([set, one]) => one === member && data["set"] === set))).toBe(
      true,
    );
    expect(await sets.listAll([])).toEqual([]);
    await sets.remove("day:dana:2026-11-02", "st/jobs/2");
    expect((await sets.list("day:dana:2026-11-02")).map(({ member }) => member)).toEqual(["ctc/jobs/2"]);
  });

  test("the same unfit payload twice is one entry, with its raw text", async () => {
    const { quarantine } = (await open()).company("ridgeline");
    const entry = {
      connection: "st-main",
      stream: "jobs",
      id: null,
      reason: "no id",
      raw: { text: '{"x": 1.50}', form: "as-printed" as const },
      at: at(1),
    };
    await quarantine.put(entry);
    await quarantine.put({ ...entry, at: at(2) });
    await quarantine.put({ ...entry, raw: { text: '{"x":2}', form: "reprinted" } });
    expect(await quarantine.count()).toBe(2);
    const [first] = await quarantine.list();
    const { raw, ...listed } = await quarantine.read(first!.key);
    expect(listed).toEqual(first);
    expect([listed.form, raw]).toEqual(
      listed.form === "as-printed" ? ["as-printed", '{"x": 1.50}'] : ["reprinted", '{"x":2}'],
    );
    await expect(quarantine.read("nothing")).rejects.toMatchObject({ kind: "bad-input" });
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

export function controlContract(open: Open): void {
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

  test("companies that are applied at the same time are all named in their cell", async () => {
    const { cell, company } = await open();
    const [one] = twoCompanies.companies;
    const ids = ["a", "b", "c", "d", "e"];
    await Promise.all(ids.map((id) => cell.applyCompany({ ...one!, id, name: `Company ${id}` })));
    await cell.applyCompany({ ...one!, id: "c", name: "Company c, renamed" });
    expect((await cell.config.companies()).toSorted()).toEqual(ids);
    expect((await cell.config.company("d"))?.name).toBe("Company d");
    expect(await company("e").control.state()).toMatchObject({ stopped: false });
  });

  test("a new epoch starts stopped, and applying configuration again resumes nothing", async () => {
    const world = await open();
    await world.cell.applyConfiguration(twoCompanies);
    await world.cell.controlAll.newEpoch("ana", "restored");
    await world.cell.applyConfiguration(twoCompanies);
    expect(await world.company("other").control.state()).toEqual({ stopped: true, why: "restored", epoch: 3 });
  });
}
