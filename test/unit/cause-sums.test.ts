import { describe, expect, test } from "vitest";
import { root } from "#test/support/money-view.ts";
import { bill, causesIn, laid, paid, told, type World } from "#test/support/two-books.ts";

const bills = [bill("s1", "1", 90_000), bill("s2", "1", 90_000)];
const received = (...records: World["records"]): World => ({ line: "payment", records: [...bills, ...records] });
const charged = (...records: World["records"]): World => ({ line: "charge", records });

describe("several causes", () => {
  const fee = [paid("s2", "1", 820, { fee: 24 }), paid("s1", "1", 796)];

  test("stand side by side and sum to the gap", () => {
    const world = received(...fee, paid("s2", "2", 450), paid("s2", "3", 75));
    expect(told(causesIn(world))).toEqual([
      ["fee", "proven", 24, "s2/1"],
      ["missing-payment", "proven", 450, "s2/2"],
      ["missing-payment", "proven", 75, "s2/3"],
    ]);
  });
  test("in both directions, where all together make it", () =>
    expect(told(causesIn(received(...fee, paid("s1", "2", 450))))).toEqual([
      ["fee", "proven", 24, "s2/1"],
      ["missing-payment", "proven", -450, "s1/2"],
    ]));
  test("what is proven is told first, then what is left of the gap", () => {
    const world = received(...fee, paid("s2", "2", 450), paid("s1", "2", 400));
    expect(told(causesIn(world))).toEqual([
      ["fee", "proven", 24, "s2/1"],
      ["unexplained", "likely", 50],
    ]);
  });
  test("one that would overshoot a rest nobody knows is not told", () => {
    const world = received(...fee, paid("s2", "2", 390), paid("s1", "2", 400));
    expect(told(causesIn(world))).toEqual([["unexplained", "likely", 14]]);
  });
  test("one that goes against the gap is told only where all make it", () => {
    const against = [paid("s1", "3", 620, { fee: 14 }), paid("s2", "3", 606)];
    const unlike = [paid("s2", "2", 900), paid("s1", "2", 400)];
    expect(told(causesIn(received(...fee, ...against)))).toEqual([
      ["fee", "proven", 24, "s2/1"],
      ["fee", "proven", -14, "s1/3"],
    ]);
    expect(told(causesIn(received(...fee, ...against, ...unlike)))).toEqual([
      ["fee", "proven", 24, "s2/1"],
      ["unexplained", "likely", 486],
    ]);
  });
  test("of what was accepted at cutover none is told again: what came since is", () => {
    const world = { ...received(paid("s2", "1", 300), paid("s2", "2", 50)), accepted: 300 };
    expect(told(causesIn(world))).toEqual([["missing-payment", "proven", 50, "s2/2"]]);
    expect(told(causesIn({ ...world, accepted: 100 }))).toEqual([["unexplained", "likely", 250]]);
  });
});

describe("where one system states a total only, a record's amount must close the gap", () => {
  const total = (payment: number, ...records: World["records"]): World => ({
    ...received(...records),
    books: { s2: "record" },
    roots: [root({}, { connection: "s1" }), root({ charge: 90_000, payment }, { connection: "s2" })],
  });
  test.each<readonly [string, World, string, number, string]>([
    ["a write-off", total(0, paid("s1", "7", 450, { method: "Write Off" })), "write-off", -450, "s1/7"],
    ["a refund", total(450, paid("s1", "7", 450), paid("s1", "8", -75)), "refund", 75, "s1/8"],
    [
      "a check for several jobs",
      total(
        450,
        laid("s1", "8", [
          ["1", 300],
          ["other", 150],
        ]),
      ),
      "shared",
      150,
      "s1/8",
    ],
    [
      "a pending payment",
      total(700, paid("s1", "7", 450), paid("s1", "8", 250, { state: "expected" })),
      "timing",
      250,
      "s1/8",
    ],
  ])("%s closes it", (_name, world, kind, minor, record) =>
    expect(told(causesIn(world))).toEqual([[kind, "proven", minor, record]]),
  );
  test("and is not told while it only would be a part of it", () =>
    expect(told(causesIn(total(300, paid("s1", "7", 450), paid("s1", "8", -75))))).toEqual([
      ["unexplained", "likely", -75],
    ]));
  test("two that close it together are told, if no other two do", () => {
    const two = [paid("s1", "7", 450), paid("s1", "8", -75), paid("s1", "9", 120, { method: "Write Off" })];
    expect(told(causesIn(total(450, ...two)))).toEqual([
      ["refund", "proven", 75, "s1/8"],
      ["write-off", "proven", -120, "s1/9"],
    ]);
  });
  test("one plain payment of the amount is likely the one; of two alike nobody can say which", () => {
    const [a, b, c] = [paid("s1", "7", 450), paid("s1", "8", 300), paid("s1", "9", 300)];
    expect(told(causesIn(total(450, a, b)))).toEqual([["missing-payment", "likely", -300, "s1/8"]]);
    expect(told(causesIn(total(750, a, b, c)))).toEqual([["missing-payment", "likely", -300]]);
    expect(told(causesIn(total(1_000, a, b, c)))).toEqual([["unexplained", "likely", -50]]);
  });
  test("several of one kind and amount: the kind is likely, the record is not known", () => {
    const off = { method: "Write Off" };
    const world = total(450, paid("s1", "7", 450), paid("s1", "8", 60, off), paid("s1", "9", 60, off));
    expect(told(causesIn({ ...world, more: { minor: -60 } }))).toEqual([["write-off", "likely", -60]]);
  });
  test("all of a kind together", () => {
    const off = { method: "Write Off" };
    const three = [10, 20, 40].map((minor, at) => paid("s1", String(at), minor, off));
    expect(told(causesIn(total(450, paid("s1", "7", 450), ...three)))).toEqual([
      ["write-off", "proven", -10, "s1/0"],
      ["write-off", "proven", -20, "s1/1"],
      ["write-off", "proven", -40, "s1/2"],
    ]);
  });
  test("two are looked for among twelve records at most", () => {
    const off = { method: "Write Off" };
    const many = (count: number) => Array.from({ length: count }, (_, at) => paid("s1", `w${at}`, 2 ** at, off));
    const left = (count: number) => 2 ** count - 1 - (1 + 2) + 0;
    const of = (count: number) => told(causesIn(total(left(count), ...many(count))));
    expect(of(12)).toEqual([
      ["write-off", "proven", -1, "s1/w0"],
      ["write-off", "proven", -2, "s1/w1"],
    ]);
    expect(of(13)).toEqual([["unexplained", "likely", -3]]);
  });
});

describe("likely causes", () => {
  const of = (minor: number, more: World["more"] = {}, policy: World["policy"] = {}) =>
    told(causesIn({ ...received(paid("s1", "7", 1_000), paid("s2", "8", 1_000 + minor)), more, policy }));

  test("a link in doubt, where nothing else fits and nothing is proven", () => {
    expect(of(-30, { inDoubt: true })).toEqual([["wrong-link", "likely", -30]]);
    expect(of(-2, { inDoubt: true })).toEqual([["rounding", "likely", -2]]);
    const world = received(
      paid("s2", "1", 820, { fee: 24 }),
      paid("s1", "1", 796),
      paid("s2", "2", 450),
      paid("s1", "2", 400),
    );
    expect(told(causesIn({ ...world, more: { inDoubt: true } }))).toEqual([
      ["fee", "proven", 24, "s2/1"],
      ["unexplained", "likely", 50],
    ]);
  });
  test("the share of the charge that customers hold back, to the cent, if the policy says that they do", () => {
    expect(of(-9_000)).toEqual([["unexplained", "likely", -9_000]]);
    expect(of(-9_000, {}, { retentionPercent: 10 })).toEqual([["retention", "likely", -9_000]]);
    expect(of(9_000, {}, { retentionPercent: 10 })).toEqual([["retention", "likely", 9_000]]);
    expect(of(-8_999, {}, { retentionPercent: 10 })).toEqual([["unexplained", "likely", -8_999]]);
    const lines = { charge: 333, payment: 0, outstanding: 333, provisional: false, unreadable: [] };
    const odd = { reference: { ...lines, connection: "s1", charge: null }, other: { ...lines, connection: "s2" } };
    expect(of(-41, odd, { retentionPercent: 12.5 })).toEqual([["unexplained", "likely", -41]]);
    expect(of(-42, odd, { retentionPercent: 12.5 })).toEqual([["retention", "likely", -42]]);
  });
  test("a charge that the other system has none of", () => {
    const none = { ...charged(bill("s1", "1", 68_500)), books: { s2: "record" as const } };
    const roots = [root({}, { connection: "s1" }), root({ charge: 0 }, { connection: "s2" })];
    expect(told(causesIn({ ...none, roots }))).toEqual([["missing-charge", "likely", -68_500]]);
  });
});
