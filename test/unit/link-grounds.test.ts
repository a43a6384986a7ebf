import { describe, expect, test } from "vitest";
import type { JobState, Link } from "#shared/domain/job.ts";
import type { Branch } from "#shared/pipeline/branches.ts";
import { groundsOf, mayBeDoubted } from "#shared/pipeline/doubt.ts";
import type { Neighbour } from "#shared/pipeline/link.ts";
import { amountSaid } from "#shared/pipeline/people-and-day.ts";
import { call, daySet } from "#test/support/calls.ts";
import { jobWith, linkTo } from "#test/support/job-with.ts";
import { root } from "#test/support/money-view.ts";

const later = "day:dana:2026-11-04";
const soft = (record: string, ...evidence: readonly string[]) => linkTo(record, "people-and-day", { evidence });
const [ten, twenty, thirty] = ["s1/jobs/10", "s2/jobs/20", "s3/jobs/30"];
/** The job of record 10 of s1 with these links. */
const job = (...links: readonly Link[]): JobState => ({ ...jobWith([]), links: [linkTo(ten, "first"), ...links] });
/** A job that came with this record, and with these besides, into job `j` unless said otherwise. */
const branch = (record: string, more: Partial<Branch> = {}): Branch => ({
  ...{ job: `was ${record}`, own: [record], roots: [record], into: "j", past: jobWith([root({})]) },
  ...more,
});
const days = (...calls: readonly Neighbour[]) => Map.groupBy(calls, ({ set }) => set);
const crowded = `s1 has s1/jobs/10 and s1/jobs/11 of ${daySet}`;
const [pair, came] = [job(soft(twenty, daySet)), [branch(twenty)]];
const doubted = (state: JobState, on: ReturnType<typeof days>, branches: readonly Branch[] = came) =>
  groundsOf(state, on, branches).doubts.map(({ record }) => record);

describe("a link by people and day", () => {
  test("has its ground while each system has one call there", () => {
    const on = days(call("s1/10"), call("s2/20"), call("s3/31"));
    expect(groundsOf(pair, on, came)).toEqual({ doubts: [], amounts: new Map() });
    expect(mayBeDoubted(pair, on)).toBe(false);
  });

  test("loses it when a second call comes, which says of what system", () => {
    const on = days(call("s1/11"), call("s1/10"), call("s2/20"));
    expect(groundsOf(pair, on, came)).toEqual({
      doubts: [{ record: twenty, job: "was s2/jobs/20", why: crowded }],
      amounts: new Map(),
    });
    expect(mayBeDoubted(pair, on)).toBe(true);
  });

  test("says every system that has several, on each day on which they stand", () => {
    const on = days(
      ...[call("s2/21"), call("s2/20"), call("s1/10"), call("s1/11"), call("s3/31")],
      ...[call("s2/22", {}, later), call("s2/20", {}, later)],
      // Of another customer's day this job knows nothing.
      ...[call("s1/12", {}, "day:luis"), call("s1/13", {}, "day:luis")],
    );
    expect(groundsOf(pair, on, came).doubts[0]?.why).toBe(
      [crowded, `s2 has s2/jobs/20 and s2/jobs/21 of ${daySet}`, `s2 has s2/jobs/20 and s2/jobs/22 of ${later}`].join(
        "; ",
      ),
    );
  });

  test("is crowded by no second record of the job's own system: that day it does not say", () => {
    const state = job(soft(twenty, daySet), linkTo("s2/jobs/21", "person"));
    const on = days(
      ...[call("s1/10"), call("s1/11"), call("s2/20")],
      ...[call("s2/20", {}, later), call("s2/21", { title: "Pump" }, later)],
    );
    expect(groundsOf(state, on, came).doubts[0]?.why).toBe(crowded);
  });

  test("does not lose it by a second entry of its own call", () => {
    const on = days(call("s1/10", { charge: 5 }), call("s1/11", { charge: 5 }), call("s2/20"));
    expect(doubted(pair, on)).toEqual([]);
    expect(mayBeDoubted(job(soft(twenty, daySet), linkTo("s1/jobs/11", "duplicate")), on)).toBe(false);
  });

  test("of records that stand on no day together is left alone: one of them has moved, which is a difference", () => {
    const on = days(call("s1/10"), call("s1/11"), call("s2/20", {}, later), call("s2/21", {}, later));
    expect(doubted(pair, on)).toEqual([]);
    const three = job(soft(twenty, daySet), soft(thirty, daySet));
    const alone = days(call("s1/10"), call("s2/20"), call("s3/30", {}, later));
    expect(doubted(three, alone, [branch(twenty), branch(thirty)])).toEqual([]);
  });

  test.each(["person", "accepted", "key-pair", "duplicate", "marker"] as const)("is meant, not one by %s", (rule) => {
    const on = days(call("s1/10"), call("s1/11"), call("s2/20"));
    const state = job(linkTo(twenty, rule, { evidence: [daySet] }));
    expect(groundsOf(state, on, came)).toEqual({ doubts: [], amounts: new Map() });
    expect(mayBeDoubted(state, on)).toBe(false);
  });

  test("that is in doubt is looked at again whatever stands there", () => {
    const doubt = { ...soft(twenty, daySet), doubt: "s1 has two" };
    expect(mayBeDoubted(job(doubt), days(call("s1/10"), call("s2/20")))).toBe(true);
    expect(mayBeDoubted(job({ ...doubt, rule: "person" }), days())).toBe(false);
  });
});

describe("an amount holds a link on a crowded day", () => {
  const others = [call("s1/11", { charge: 9_900 })];
  const said = amountSaid(45_000, ten, twenty);

  test("when both have it and nobody else, and that is to be said of the link", () => {
    const on = days(call("s1/10", { charge: 45_000 }), ...others, call("s2/20", { charge: 45_000 }));
    expect(groundsOf(pair, on, came)).toEqual({ doubts: [], amounts: new Map([[twenty, said]]) });
    expect(mayBeDoubted(pair, on)).toBe(true);
    expect(mayBeDoubted(job(soft(twenty, daySet, said)), on)).toBe(false);
  });

  test("also when it was billed otherwise since: what the link rested on is what counts", () => {
    const on = days(call("s1/10", { charge: 47_000 }), ...others, call("s2/20", { charge: 45_000 }));
    expect(doubted(pair, on)).toEqual([twenty]);
    const rests = job(soft(twenty, daySet, said));
    expect(groundsOf(rests, on, came)).toEqual({ doubts: [], amounts: new Map([[twenty, said]]) });
    expect(mayBeDoubted(rests, on)).toBe(false);
    expect(doubted(job(linkTo(twenty, "people-and-day", { evidence: [amountSaid(45_000, ten, thirty)] })), on)).toEqual(
      [twenty],
    );
  });

  test.each([
    ["somebody else has it there", [call("s1/11", { charge: 45_000, title: "Pump" })]],
    ["somebody else has it in the other system", [...others, call("s2/21", { charge: 45_000, title: "Pump" })]],
  ])("not when %s", (_name, more) => {
    const on = days(call("s1/10", { charge: 45_000 }), ...more, call("s2/20", { charge: 45_000 }));
    expect(doubted(pair, on)).toEqual([twenty]);
    expect(doubted(job(soft(twenty, daySet, said)), on)).toEqual([twenty]);
  });

  test("not an amount of nothing, nor one that only one of them states", () => {
    const zero = { charge: 0 };
    expect(doubted(pair, days(call("s1/10", zero), call("s1/11", zero), call("s2/20", zero)))).toEqual([twenty]);
    expect(doubted(pair, days(call("s1/10", { charge: 5 }), ...others, call("s2/20")))).toEqual([twenty]);
  });

  test("and is not said where another day holds it without one", () => {
    const on = days(
      ...[call("s1/10", { charge: 45_000 }), ...others, call("s2/20", { charge: 45_000 })],
      ...[call("s1/10", {}, later), call("s2/20", {}, later)],
    );
    expect(groundsOf(pair, on, came)).toEqual({ doubts: [], amounts: new Map() });
  });
});

describe("of several links", () => {
  const [two, three] = [soft(twenty, daySet), soft(thirty, daySet)];
  const second = call("s1/11", { charge: 9_900 });
  const both = [branch(twenty), branch(thirty)];

  test("only those fall that nothing holds", () => {
    const on = days(call("s1/10", { charge: 5 }), second, call("s2/20"), call("s3/30", { charge: 5 }));
    const found = groundsOf(job(two, three), on, both);
    expect(found.doubts.map(({ record }) => record)).toEqual([twenty]);
    expect(found.amounts).toEqual(new Map([[thirty, amountSaid(5, ten, thirty)]]));
  });

  test("each says the amount that holds it", () => {
    const [a, b] = [amountSaid(5, ten, twenty), amountSaid(7, ten, thirty)];
    const rests = job(soft(twenty, daySet, a), soft(thirty, daySet, b));
    const on = days(call("s1/10", { charge: 5 }), second, call("s2/20", { charge: 5 }), call("s3/30"));
    expect(groundsOf(rests, on, both)).toEqual({
      doubts: [],
      amounts: new Map([
        [twenty, a],
        [thirty, b],
      ]),
    });
  });

  test("one is held by another: what holds with a record that holds", () => {
    const on = days(call("s1/10", { charge: 5 }), second, call("s2/20", { charge: 5 }), call("s3/30", { charge: 5 }));
    expect(doubted(job(two, three), on, both)).toEqual([]);
  });

  test("two that only hold each other fall both", () => {
    const on = days(call("s1/10"), call("s1/11"), call("s2/20"), call("s2/20", {}, later), call("s3/30", {}, later));
    expect(doubted(job(two, three), on, both)).toEqual([twenty, thirty]);
  });

  test("the smallest fall first, equal ones in the order of their records", () => {
    const on = days(call("s1/10"), call("s1/11"), call("s2/20"), call("s3/30"), call("s4/40"));
    const four = soft("s4/jobs/40", daySet);
    const large = branch(twenty, { roots: [twenty, "s2/jobs/29"] });
    expect(doubted(job(two, three, four), on, [large, branch("s4/jobs/40"), branch(thirty)])).toEqual([
      ...[thirty, "s4/jobs/40", twenty],
    ]);
  });

  test("a job that came with its own keeps them when it leaves: its own link still has its ground", () => {
    const on = days(
      call("s1/10", {}),
      call("s1/11"),
      call("s2/20"),
      call("s2/20", {}, later),
      call("s3/30", {}, later),
    );
    const nested = [branch(twenty, { roots: [twenty, thirty] }), branch(thirty, { into: "was s2/jobs/20" })];
    expect(groundsOf(job(two, three), on, nested).doubts.map(({ record, job: from }) => [record, from])).toEqual([
      [twenty, "was s2/jobs/20"],
    ]);
  });

  test("records that a job was founded with stay together, however crowded their day", () => {
    const on = days(call("s1/10"), call("s1/11"), call("s2/20"), call("s3/30"));
    const together = [branch(twenty, { own: [twenty, thirty], roots: [twenty, thirty] })];
    expect(doubted(job(two, linkTo(thirty, "person")), on, together)).toEqual([twenty]);
    expect(doubted(job(linkTo(twenty, "person"), three), on, together)).toEqual([]);
  });
});

describe("a record that has gone to another day since", () => {
  const there = [call("s1/10", {}, later)];

  test("is doubted when another call of its system stands on the day it was linked by", () => {
    const on = days(...there, call("s1/11"), call("s2/20"));
    expect(doubted(pair, on)).toEqual([twenty]);
    expect(mayBeDoubted(pair, on)).toBe(true);
    expect(doubted(pair, days(call("s1/10"), call("s2/20", {}, later), call("s2/21")))).toEqual([twenty]);
  });

  test("is not when nobody of its system stands there, or the link was made by another day", () => {
    expect(doubted(pair, days(...there, call("s2/20"), call("s3/31")))).toEqual([]);
    expect(doubted(job(soft(twenty, later)), days(...there, call("s1/11"), call("s2/20")))).toEqual([]);
    expect(mayBeDoubted(job(soft(twenty, later)), days(...there, call("s1/11"), call("s2/20")))).toBe(false);
  });

  test("is not while another record of the job stands there for its system", () => {
    const state = job(soft(twenty, daySet), linkTo("s1/jobs/12", "duplicate"));
    expect(doubted(state, days(...there, call("s1/12"), call("s2/20")))).toEqual([]);
    expect(mayBeDoubted(state, days(...there, call("s1/12"), call("s2/20")))).toBe(false);
    const said = soft(twenty, daySet, amountSaid(5, "s1/jobs/12", twenty));
    const crowdedToo = [call("s1/12", { charge: 5 }), call("s1/13", { charge: 9 }), call("s2/20", { charge: 5 })];
    expect(mayBeDoubted(job(said, linkTo("s1/jobs/12", "duplicate")), days(...there, ...crowdedToo))).toBe(false);
  });

  test("is held by an amount that the link has rested on and nobody there has", () => {
    const said = amountSaid(45_000, ten, twenty);
    const state = job(soft(twenty, daySet, said));
    expect(doubted(state, days(...there, call("s1/11", { charge: 9_900 }), call("s2/20")))).toEqual([]);
    expect(doubted(state, days(...there, call("s1/11", { charge: 45_000 }), call("s2/20")))).toEqual([twenty]);
  });

  test("is never a part, such as an invoice, which stands on no day", () => {
    const state = job(soft(twenty, daySet), linkTo("s3/invoices/1", "part"));
    expect(mayBeDoubted(state, days(call("s1/10"), call("s2/20"), call("s3/31")))).toBe(false);
  });

  test("says nothing of a link once the other has gone too", () => {
    expect(mayBeDoubted(pair, days(...there, call("s2/20", {}, later), call("s1/11"), call("s3/31")))).toBe(false);
  });
});
