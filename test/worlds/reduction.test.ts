import { describe, expect, test, vi } from "vitest";
import { type Case, startsOf, twoSystems } from "./catalogue.ts";
import { type DefectName, defectNames, defects } from "./defects.ts";
import { endless, explore } from "./explore.ts";
import { explorePlainly } from "./plain.ts";
import { withDefect } from "./planted.ts";
import { type Bounds, usual } from "./world.ts";

vi.mock(import("#shared/pipeline/merge.ts"), async (real) => {
  const rules = await real();
  return {
    ...rules,
    mergeField: (await import("./planted.ts")).standIn("mergeField", rules.mergeField) as typeof rules.mergeField,
  };
});
vi.mock(import("#shared/domain/observation.ts"), async (real) => {
  const rules = await real();
  return {
    ...rules,
    mergeKnown: (await import("./planted.ts")).standIn("mergeKnown", rules.mergeKnown) as typeof rules.mergeKnown,
  };
});
vi.mock(import("#shared/pipeline/attempts.ts"), async (real) => {
  const rules = await real();
  return {
    ...rules,
    settleAttempts: (await import("./planted.ts")).standIn(
      "settleAttempts",
      rules.settleAttempts,
    ) as typeof rules.settleAttempts,
  };
});
vi.mock(import("#shared/pipeline/intents.ts"), async (real) => {
  const rules = await real();
  return {
    ...rules,
    planIntents: (await import("./planted.ts")).standIn("planIntents", rules.planIntents) as typeof rules.planIntents,
  };
});
vi.mock(import("#shared/pipeline/status-breaks.ts"), async (real) => {
  const rules = await real();
  return {
    ...rules,
    statusBreaks: (await import("./planted.ts")).standIn(
      "statusBreaks",
      rules.statusBreaks,
    ) as typeof rules.statusBreaks,
  };
});

/** More own steps between two events than any of these systems needs to come to rest; and an end where a defect has none. */
const most = { steps: 40, states: 1500 };

function named(name: string): Case {
  const one = twoSystems.find((known) => known.name === name);
  if (!one) throw new Error(`no world is called ${name}`);
  return one;
}

function brokenIn(one: Case, events: number, openings: number, limit?: number) {
  const bounds: Bounds = { ...usual, ...one.bounds, events, openings };
  const starts = startsOf(one, bounds);
  const reduced = explore(starts, bounds, limit);
  return {
    reduced,
    broken: reduced.failures.map(({ why }) => why).sort(),
    plainly: () => explorePlainly(starts, bounds, most),
  };
}

const worlds: readonly (readonly [name: string, events: number, openings: number])[] = [
  ...twoSystems.map(({ name }): [string, number, number] => [name, 1, 0]),
  ["writable over coarseEditor", 2, 0],
];

describe("the reduced exploration goes as far as the plain one", () => {
  test.each(worlds)("%s, %i events (%i after a first sight): neither breaks a promise", (name, events, openings) => {
    const { reduced, broken, plainly } = brokenIn(named(name), events, openings);
    const plain = plainly();
    expect(plain.whole).toBe(true);
    expect({ reduced: broken, plain: plain.broken }).toEqual({ reduced: [], plain: [] });
    expect(plain.states).toBeGreaterThan(reduced.states);
  });
});

const unasked = "written unasked over a word that never stood";
const flipped = "a field flipped more often than anybody set it";

/** Where each defect is looked for, and what it breaks there among other things. */
const shows: Readonly<
  Record<DefectName, { world: string; events: number; openings?: number; breaks: readonly string[] }>
> = {
  "equal version ignored": { world: "writable over daily", events: 1, breaks: [endless] },
  "the last to arrive wins": { world: "writable over writable", events: 1, openings: 1, breaks: [flipped] },
  "one base for all": { world: "writable over writable", events: 1, breaks: [unasked] },
  "authority decides again": { world: "writable over writable", events: 1, breaks: ["the only edit did not win"] },
  "our write is an edit": { world: "writable over writable", events: 2, breaks: ["the only edit did not win"] },
  "losers are not asked": { world: "writable over writable", events: 1, breaks: [unasked] },
  "only newcomers are asked": { world: "writable over writable", events: 1, breaks: [unasked] },
  "the unknown is forgotten": { world: "writable over odd", events: 2, openings: 2, breaks: [unasked] },
  "ignored and sent again": { world: "writable over deaf", events: 1, breaks: [endless] },
  "attempts end at any reading": { world: "writable over deaf", events: 1, breaks: [endless] },
  "nobody has to agree": {
    world: "writable over proposing",
    events: 1,
    breaks: ["written unasked where everything is proposed"],
  },
  "planned beside an attempt": {
    world: "readOnly over writable",
    events: 2,
    breaks: ["planned beside an open attempt"],
  },
  "no break is shown": {
    world: "readOnly over writable",
    events: 1,
    breaks: ["s1 (readOnly): only a person can mend it and nothing says so"],
  },
};

describe("a defect in the rules is found", () => {
  test.each(defectNames)("%s", (name) => {
    const { world, events, openings = 0, breaks } = shows[name];
    withDefect(name, () => {
      const { broken, plainly } = brokenIn(named(world), events, openings, 10_000);
      expect(broken, defects[name].says).toEqual(expect.arrayContaining([...breaks]));
      // Attempts beside attempts pile up without end, and what leaves nothing out drowns in them.
      if (name === "planned beside an attempt") return;
      const plain = plainly();
      if (plain.whole) expect(plain.broken).toEqual(broken);
      else expect(broken).toEqual(expect.arrayContaining([...plain.broken]));
    });
  });
});
