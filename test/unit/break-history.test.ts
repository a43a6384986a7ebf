import { describe, expect, test } from "vitest";
import type { Break } from "#shared/domain/break.ts";
import { nextOpening, trackBreaks } from "#shared/pipeline/breaks.ts";
import type { Found } from "#shared/pipeline/compare.ts";
import type { Context } from "#shared/pipeline/context.ts";
import { companyOf, contextOf, feedView, systemClasses } from "#test/support/model-systems.ts";

const classes = [systemClasses.readOnly, systemClasses.observed];
const at = (clock: string): string => `2026-11-02T${clock}:00.000Z`;
const context = (clock: string, feeds: Context["feeds"] = {}): Context => ({
  ...contextOf(companyOf(classes), classes, at(clock)),
  feeds,
});

const gap: Found = {
  key: "charge",
  kind: "charge",
  gapMinor: 500,
  causes: [{ kind: "unexplained", certainty: "likely", minor: 500, records: [] }],
  connections: ["s1", "s2"],
  sentence: "s2 says 5.00 more",
  evidence: ["s1/jobs/1"],
  graceHours: 2,
  clears: false,
  since: null,
};

/** What the gap becomes, told again and again. */
function told(...steps: readonly (readonly [clock: string, found: readonly Found[], feeds?: Context["feeds"]])[]) {
  return steps.reduce<readonly Break[]>(
    (known, [clock, found, feeds]) => trackBreaks(known, found, context(clock, feeds)),
    [],
  );
}

describe("a gap waits out its grace", () => {
  test("first seen, it waits, and says when it opens", () =>
    expect(told(["08:00", [gap]])).toEqual([
      {
        ...{ key: "charge", kind: "charge", gapMinor: 500, causes: gap.causes },
        ...{ connections: gap.connections, sentence: gap.sentence, evidence: gap.evidence },
        ...{ state: "waiting", firstSeen: at("08:00"), since: at("08:00"), opensAt: at("10:00") },
        ...{ resolvedAt: null, assignedTo: null, note: null },
      },
    ]));
  test.each([
    ["09:59", "waiting", at("10:00")],
    ["10:00", "open", null],
  ])("at %s it is %s", (clock, state, opensAt) =>
    expect(told(["08:00", [gap]], [clock, [gap]])).toMatchObject([{ state, opensAt, since: at("08:00") }]),
  );
  test("with no grace it is open at once", () =>
    expect(told(["08:00", [{ ...gap, graceHours: 0 }]])).toMatchObject([{ state: "open", opensAt: null }]));
  test("a wait that began before it was first seen counts from then", () => {
    const since = at("07:00");
    expect(told(["08:00", [{ ...gap, since }]])).toMatchObject([{ state: "waiting", opensAt: at("09:00") }]);
    expect(told(["09:00", [{ ...gap, since }]])).toMatchObject([{ state: "open" }]);
  });
  test("a waiting gap of another amount waits anew; one that goes away is forgotten", () => {
    const other = { ...gap, gapMinor: 400 };
    expect(told(["08:00", [gap]], ["09:00", [other]])).toMatchObject([
      { state: "waiting", gapMinor: 400, firstSeen: at("08:00"), since: at("09:00"), opensAt: at("11:00") },
    ]);
    expect(told(["08:00", [gap]], ["09:00", []])).toEqual([]);
  });
  test("what will clear by itself waits without an end", () => {
    const clearing = { ...gap, clears: true };
    expect(told(["08:00", [clearing]])).toMatchObject([{ state: "waiting", opensAt: null }]);
    expect(told(["08:00", [clearing]], ["20:00", [clearing]])).toMatchObject([{ state: "waiting", opensAt: null }]);
    expect(told(["08:00", [clearing]], ["20:00", [gap]])).toMatchObject([{ state: "open" }]);
  });
});

describe("a gap waits until both feeds have read everything since", () => {
  const feeds = (first: string | null, second: string | null): Context["feeds"] => ({
    s1: feedView(first, 5),
    s2: feedView(second, 90),
  });
  test.each([
    ["neither has", feeds(at("07:00"), at("07:00")), "waiting"],
    ["one has", feeds(at("09:00"), at("07:59")), "waiting"],
    ["one has never read all", feeds(at("09:00"), null), "waiting"],
    ["both have", feeds(at("08:00"), at("08:00")), "open"],
    ["only other systems are behind", { s3: feedView(null, 5) }, "open"],
  ])("%s: %s", (_name, seen, state) =>
    expect(told(["08:00", [gap]], ["11:00", [gap], seen])).toMatchObject([{ state }]),
  );
  test("it is looked at again after the slower feed's interval, five minutes at least", () => {
    const behind = feeds(null, null);
    const waiting = told(["08:00", [gap]], ["11:00", [gap], behind]);
    expect(waiting).toMatchObject([{ state: "waiting", opensAt: at("10:00") }]);
    expect(nextOpening(waiting, context("11:00", behind))).toBe(at("12:30"));
    expect(nextOpening(waiting, context("11:00"))).toBe(at("11:05"));
    expect(nextOpening(waiting, context("09:00", behind))).toBe(at("10:00"));
    expect(nextOpening(waiting, context("10:00"))).toBe(at("10:05"));
  });
  test("the next to open is the earliest; what is open or waits without an end is none", () => {
    const second = { ...gap, key: "payment", kind: "payment" as const, graceHours: 1 };
    expect(nextOpening(told(["08:00", [gap, second]]), context("08:00"))).toBe(at("09:00"));
    expect(nextOpening(told(["08:00", [second, gap]]), context("08:00"))).toBe(at("09:00"));
    expect(nextOpening(told(["08:00", [{ ...gap, graceHours: 0 }]]), context("08:00"))).toBeNull();
    expect(nextOpening(told(["08:00", [{ ...gap, clears: true }]]), context("08:00"))).toBeNull();
  });
});

describe("an open break", () => {
  const opened = [
    ["08:00", [gap]],
    ["10:00", [gap]],
  ] as const;
  const marked = (state: Break["state"]): readonly Break[] =>
    told(...opened).map((one) => ({ ...one, state, note: "asked" }));

  test("closes by itself when its gap does, and keeps the gap it had", () =>
    expect(told(...opened, ["11:00", []])).toMatchObject([
      { state: "resolved", resolvedAt: at("11:00"), opensAt: null, gapMinor: 500 },
    ]));
  test("stays open when a feed falls behind afterwards", () => {
    const behind = { s1: feedView(null, 5) };
    expect(told(...opened, ["11:00", [gap], behind])).toMatchObject([{ state: "open", opensAt: null }]);
  });
  test("stays resolved at the instant it was", () =>
    expect(told(...opened, ["11:00", []], ["12:00", []])).toMatchObject([{ resolvedAt: at("11:00") }]));
  test("that comes back waits its grace again and is reopened", () => {
    const back = [...opened, ["11:00", []], ["12:00", [gap]]] as const;
    expect(told(...back)).toMatchObject([
      { state: "waiting", resolvedAt: at("11:00"), since: at("12:00"), opensAt: at("14:00") },
    ]);
    expect(told(...back, ["14:00", [gap]])).toMatchObject([
      { state: "reopened", resolvedAt: null, since: at("12:00") },
    ]);
    expect(told(...opened, ["11:00", []], ["12:00", [{ ...gap, graceHours: 0 }]])).toMatchObject([
      { state: "reopened", firstSeen: at("08:00"), since: at("12:00"), resolvedAt: null },
    ]);
  });
  test("takes the amount and the words of now, and goes on counting from when it was seen", () =>
    expect(
      told(...opened, [
        "11:00",
        [{ ...gap, gapMinor: 700, sentence: "now 7.00", evidence: ["x"], connections: ["s2"] }],
      ]),
    ).toMatchObject([
      { state: "open", gapMinor: 700, sentence: "now 7.00", evidence: ["x"], connections: ["s2"], since: at("08:00") },
    ]));
  test("that a person explained is open again when its amount moves, and not before", () => {
    expect(trackBreaks(marked("explained"), [gap], context("11:00"))).toMatchObject([
      { state: "explained", note: "asked" },
    ]);
    expect(trackBreaks(marked("explained"), [{ ...gap, gapMinor: 1 }], context("11:00"))).toMatchObject([
      { state: "open" },
    ]);
  });
  test("keeps what a person called it while its amount stays, and no longer", () => {
    const called = marked("explained").map((one): Break => ({ ...one, saidCause: "write-off" }));
    const saidAt = (minor: number) => trackBreaks(called, [{ ...gap, gapMinor: minor }], context("11:00"))[0];
    expect(saidAt(gap.gapMinor)).toMatchObject({ saidCause: "write-off" });
    expect(saidAt(1)).not.toHaveProperty("saidCause");
    expect(trackBreaks(marked("explained"), [gap], context("11:00"))[0]).not.toHaveProperty("saidCause");
  });
  test("that somebody works on stays theirs when its amount moves", () =>
    expect(trackBreaks(marked("assigned"), [{ ...gap, gapMinor: 1 }], context("11:00"))).toMatchObject([
      { state: "assigned" },
    ]));
});

test("breaks stand in the order of their keys, whatever was found first", () => {
  const second = { ...gap, key: "payment", kind: "payment" as const };
  expect(told(["08:00", [second]], ["09:00", [gap, second]]).map(({ key }) => key)).toEqual(["charge", "payment"]);
});
