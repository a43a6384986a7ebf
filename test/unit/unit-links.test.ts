import { describe, expect, test } from "vitest";
import type { JobFacts } from "#shared/domain/facts.ts";
import { groundsOf, isInDoubt, mayBeDoubted } from "#shared/pipeline/doubt.ts";
import { byUnit, mayJoin, membershipsOf } from "#shared/pipeline/link.ts";
import { s1, s2 } from "#test/support/compared.ts";
import { jobWith, linkTo } from "#test/support/job-with.ts";
import { companyOf, systemClasses } from "#test/support/model-systems.ts";
import { root } from "#test/support/money-view.ts";

const project = (id: string) => ({ connection: "s1", stream: "projects", id });
const part = (id: string, of: string | null, more: Partial<JobFacts> = {}) =>
  root({ ...more, ...(of === null ? {} : { unit: project(of) }) }, { ...s1, id });

describe("how a unit links", () => {
  const company = companyOf([systemClasses.observed, systemClasses.observed]);
  const state = (...roots: ReturnType<typeof part>[]) => jobWith(roots);

  test("its parts stand in one set, and each proposes all others by it", () => {
    const standing = membershipsOf(state(part("1", "7"), part("2", null)), company);
    expect(standing).toEqual([{ set: "unit:s1/projects/7", member: "s1/jobs/1", data: {} }]);
    const [mine] = standing;
    const neighbours = ["s1/jobs/1", "s1/jobs/3"].map((member) => ({ set: mine?.set ?? "", member, data: {} }));
    expect(mine && byUnit(mine, neighbours)).toEqual([
      { mine: "s1/jobs/1", other: "s1/jobs/3", rule: "unit", evidence: ["s1/projects/7"] },
    ]);
  });

  test("several records of one system may be one job by it, unless a link waits for a person", () => {
    const doubted = { ...state(part("1", "7")), links: [linkTo("s1/jobs/1", "unit", { doubt: "it left" })] };
    expect(isInDoubt(doubted)).toBe(true);
    expect(mayJoin(state(part("1", "7")), state(part("2", "7")), "unit")).toBe(true);
    expect(mayJoin(doubted, state(part("2", "7")), "unit")).toBe(false);
    expect(mayJoin(state(part("2", "7")), doubted, "unit")).toBe(false);
  });

  const day = "day:p1:2026-11-02";
  const standing = (...members: readonly string[]) => members.map((member) => ({ set: day, member, data: {} }));
  const crewOf = (id: string) => root({}, { ...s2, id });
  const crew = state(crewOf("21"));
  const pair = (...members: readonly string[]) => ({
    ...{ mine: "s2/jobs/21", other: "s1/jobs/2", day: standing("s2/jobs/21", "s1/jobs/2", ...members) },
  });
  const unit = (evidence: readonly string[], rule: "people-and-day" | "key-pair" = "people-and-day") => {
    const records = [part("1", "7"), part("2", "7"), crewOf("20")];
    return jobWith(records, { links: [linkTo("s1/jobs/1", "first"), linkTo("s2/jobs/20", rule, { evidence })] });
  };

  test.each([
    ["another part's call of another day stops nothing", unit(["day:p1:2026-11-01"]), pair(), true],
    ["this part's own does", unit([day, "technicians ana"]), pair(), false],
    [
      "one that an amount gave to another part does not",
      unit([day, "amount 5 of s1/jobs/1 and s2/jobs/20"]),
      pair(),
      true,
    ],
    ["one that an amount gave to this part does", unit([day, "amount 5 of s1/jobs/2 and s2/jobs/20"]), pair(), false],
    ["one by a key, on this day, does", unit(["a = b"], "key-pair"), pair("s2/jobs/20"), false],
    ["one by a key, on no such day, does not", unit(["a = b"], "key-pair"), pair(), true],
    ["one by another day that stands on this one now does not", unit(["day:p1:2026-11-01"]), pair("s2/jobs/20"), true],
  ])("%s", (_what, held, by, expected) => {
    expect(mayJoin(crew, held, "people-and-day", by)).toBe(expected);
    expect(mayJoin(held, crew, "people-and-day", { ...by, mine: by.other, other: by.mine })).toBe(expected);
  });

  test("a job without a unit is one call, and so is a unit whose record is not known", () => {
    const plain = jobWith([part("1", null), crewOf("20")]);
    expect(mayJoin(crew, plain, "people-and-day", { ...pair(), other: "s1/jobs/1" })).toBe(false);
    expect(mayJoin(crew, unit(["day:p1:2026-11-01"]), "people-and-day")).toBe(false);
  });
});

describe("whether a link by a unit has lost its ground", () => {
  const job = (first: string | null, second: string | null, rule: "unit" | "person" = "unit") =>
    jobWith([part("1", first), part("2", second)], {
      id: "j1",
      links: [linkTo("s1/jobs/1", "first"), linkTo("s1/jobs/2", rule, { evidence: ["s1/projects/7"] })],
    });
  const past = { ...jobWith([part("2", "7")], { id: "j2" }), forwardTo: "j1" };
  const branch = { job: "j2", own: ["s1/jobs/2"], roots: ["s1/jobs/2"], into: "j1", past };
  const doubts = (state: ReturnType<typeof job>) => groundsOf(state, new Map(), [branch]).doubts;

  test.each([
    ["both say so", job("7", "7"), false],
    ["both moved together", job("8", "8"), false],
    ["a person linked them", job("7", "8", "person"), false],
    ["the one that came has left", job("7", null), true],
    ["the one that was there has left", job(null, "7"), true],
    ["one is of another now", job("7", "8"), true],
  ])("%s: %#", (_what, state, lost) => {
    expect(doubts(state).map(({ record, job: of }) => [record, of])).toEqual(lost ? [["s1/jobs/2", "j2"]] : []);
    if (lost) expect(mayBeDoubted(state, new Map())).toBe(true);
  });

  test("is asked only where something says otherwise", () => {
    expect(mayBeDoubted(job("7", "7"), new Map())).toBe(false);
    expect(mayBeDoubted(job("7", "8", "person"), new Map())).toBe(false);
    const crew = jobWith([part("1", "7"), part("2", "7"), root({}, s2)], { links: job("7", "7").links });
    expect(mayBeDoubted(crew, new Map())).toBe(false);
    const doubted = {
      ...job("7", "7"),
      links: [linkTo("s1/jobs/2", "unit", { evidence: ["s1/projects/7"], doubt: "it left" })],
    };
    expect(mayBeDoubted(doubted, new Map())).toBe(true);
  });

  test("says of what it is now", () => {
    expect(doubts(job("7", "8"))[0]?.why).toBe(
      "linked as parts of s1/projects/7, which one of them is no more; it is of s1/projects/8",
    );
    expect(doubts(job("7", null))[0]?.why).toContain("it is of none");
  });
});
