import { describe, expect, test } from "vitest";
import type { CallLook } from "#shared/messages/call.ts";
import { sightOf } from "#shared/pipeline/sight.ts";

type Wants = { of?: Record<string, unknown>; shows?: Record<string, unknown> };
const look = (expected: CallLook["expect"], wants: Wants, rows = ""): CallLook => ({
  operation: "getJob",
  request: { method: "GET", path: "/jobs/1" },
  rows,
  wants: [{ of: wants.of ?? {}, shows: wants.shows ?? {} }],
  expect: expected,
});
const says = (shows: Record<string, unknown>, value: unknown) => sightOf(look("there", { shows }), { value }, null);

describe("what a record shows of what was sent", () => {
  test.each([
    ["an amount printed as text", { total: 540 }, { total: "540.00" }],
    [
      "an instant in another zone and with more digits",
      { at: "2026-11-01T15:00:00Z" },
      { at: "2026-11-01T08:00:00.0000000-07:00" },
    ],
    ["a day printed with a time", { due: "2026-11-01" }, { due: "2026-11-01T00:00:00Z" }],
    ["a phone with other dashes", { phone: "303-555-0101" }, { phone: "(303) 555-0101" }],
    ["a list that holds more, in another order", { tags: ["a", "b"] }, { tags: ["c", "b", "a"] }],
    [
      "a list of records by the members that were sent",
      { fields: [{ name: "po", value: "7" }] },
      { fields: [{ id: 3, name: "po", value: "7" }] },
    ],
    ["an emptied list", { tags: [] }, { tags: [] }],
    ["a member set to nothing", { notes: null }, { notes: null }],
    ["an amount sent as text", { total: "540.00" }, { total: 540 }],
    ["a time sent where only the day is printed", { due: "2026-11-01T00:00:00" }, { due: "2026-11-01" }],
    ["a phone printed without signs", { phone: "303.555.0101 +1" }, { phone: "30355501011" }],
    [
      "members of members, whatever stands beside them",
      { who: { of: { id: 7 } } },
      { who: { of: { id: "7" }, more: 1 } },
    ],
    ["an instant where only its day is printed", { at: "2026-11-01T15:00:00Z" }, { at: "2026-11-01" }],
    ["yes and no", { done: false, paid: true }, { paid: true, done: false }],
  ])("%s is the same", (_name, sent, shown) => {
    expect(says(sent, shown)).toMatchObject({ says: "shown", whole: true });
  });

  test.each([
    ["another amount", { total: 540 }, { total: "540.01" }],
    ["zero and nothing", { total: 0 }, { total: null }],
    ["nothing and zero", { total: null }, { total: 0 }],
    ["empty text and zero", { total: 0 }, { total: "" }],
    ["a list without one of them", { tags: ["a", "b"] }, { tags: ["a"] }],
    ["a list that was to be emptied", { tags: [] }, { tags: ["a"] }],
    ["zero and empty text", { total: "" }, { total: 0 }],
    [
      "a list of records of which one agrees in a part",
      { fields: [{ name: "po", value: "7" }] },
      { fields: [{ name: "po", value: "8" }] },
    ],
    ["nothing and empty text", { total: 0, note: null }, { total: "", note: "" }],
    ["an empty list where something was sent", { tags: ["a"] }, { tags: [] }],
    ["a list in which some could be compared", { tags: ["a"] }, { tags: [{ id: 1 }, "b"] }],
    ["another instant", { at: "2026-11-01T15:00:00Z" }, { at: "2026-11-01T15:00:00-07:00" }],
    ["another day", { due: "2026-11-01" }, { due: "2026-11-02T00:00:00" }],
    ["a day and what only begins like it", { due: "2026-11-01" }, { due: "2026-11-01 to 03" }],
    ["a text that goes on after a T", { code: "A" }, { code: "AT7" }],
    ["a day at another place of a text", { code: "on 2026-11-01" }, { code: "on 2026-11-01T7" }],
    ["a day with more behind it", { code: "2026-11-01x" }, { code: "2026-11-01xT7" }],
    ["another phone", { phone: "303-555-0101" }, { phone: "303-555-0102" }],
    ["numbers too short for a phone", { code: "12-3" }, { code: "1-23" }],
    ["texts with digits that are no phones", { unit: "Unit 303-5550" }, { unit: "Unit 303 5550" }],
    ["a phone and a text with the same digits", { phone: "303-555-0101" }, { phone: "303-555-0101 x" }],
    ["a text and a phone with the same digits", { phone: "x 303-555-0101" }, { phone: "303-555-0101" }],
    ["an instant and a text", { at: "2026-11-01T15:00:00Z" }, { at: "tomorrow" }],
    ["two texts", { title: "Leak" }, { title: "leak" }],
    ["yes and its text", { done: true }, { done: "true" }],
    ["its text and yes", { done: "true" }, { done: true }],
    ["one member of several", { title: "Leak", status: "Complete" }, { title: "Leak", status: "Scheduled" }],
  ])("%s differs", (_name, sent, shown) => {
    expect(says(sent, shown).says).toBe("not-shown");
  });

  test("what is not printed proves nothing: alone it is unknown, beside others it is not the whole", () => {
    expect(says({ secret: "x" }, { title: "Leak" }).says).toBe("unknown");
    expect(says({ tags: ["a"] }, { tags: [{ id: 1 }] }).says).toBe("unknown");
    const within = { who: { phone: "1" }, secret: "x", title: "Leak" };
    expect(says(within, { who: {}, title: "Leak" })).toMatchObject({ says: "shown", whole: false });
    expect(says({ secret: "x", title: "Leak" }, { title: "Leak" })).toMatchObject({ says: "shown", whole: false });
  });

  test.each([
    ["a list where one thing is printed", { tags: ["a"] }, { tags: "a" }],
    ["one thing where a list is printed", { tag: "a" }, { tag: ["a"] }],
    ["one thing where a record is printed", { tag: "a" }, { tag: { name: "a" } }],
    ["a record where one thing is printed", { who: { id: 7 } }, { who: 7 }],
    ["a record where nothing is printed", { who: { id: 7 } }, { who: null }],
    ["a record where a list is printed", { who: { length: 1 } }, { who: [7] }],
    ["a record whose members are not printed", { who: { id: 7 } }, { who: { name: "Ana" } }],
    ["what no record has of its own", { constructor: "x", toString: "y" }, { title: "Leak" }],
  ])("%s proves nothing", (_name, sent, shown) =>
    expect(says(sent, shown)).toMatchObject({ says: "unknown", whole: false }),
  );

  test("of several records the one that shows most of it is meant, wherever it stands", () => {
    const sent = { title: "Leak", status: "Done" };
    const rows = [{ title: "Leak" }, { title: "Leak", status: "Done", id: 2 }, { title: "Leak", status: "Open" }];
    for (const order of [rows, rows.toReversed(), [...rows.slice(1), ...rows.slice(0, 1)]])
      expect(says(sent, order)).toEqual({ seen: '{"status":"Done","title":"Leak"}', says: "shown", whole: true });
    const partly = [{ title: "Leak", status: "Open" }, { title: "Leak" }];
    for (const order of [partly, partly.toReversed()])
      expect(says(sent, order)).toEqual({ seen: '{"status":null,"title":"Leak"}', says: "shown", whole: false });
  });

  test("several that were sent are looked for each for itself, and told in their order", () => {
    const both: CallLook = {
      ...look("there", {}),
      wants: [
        { of: { id: 1 }, shows: { price: 5 } },
        { of: { id: 2 }, shows: { price: 7 } },
      ],
    };
    const seen = (...rows: readonly object[]) => sightOf(both, { value: rows }, null);
    expect(seen({ id: 2, price: 7 }, { id: 1, price: 5 })).toEqual({
      ...{ seen: '[{"price":5},{"price":7}]', says: "shown", whole: true },
    });
    expect(seen({ id: 2, price: 7 }, { id: 1, price: 6 })).toMatchObject({ says: "not-shown", whole: false });
    expect(seen({ id: 1, price: 5 })).toEqual({ seen: '[{"price":5},null]', says: "not-shown", whole: false });
    const more: CallLook = {
      ...both,
      wants: both.wants.map((one, at) => (at === 0 ? one : { ...one, shows: { price: 7, tax: 1 } })),
    };
    expect(
      sightOf(
        more,
        {
          value: [
            { id: 1, price: 5 },
            { id: 2, price: 7 },
          ],
        },
        null,
      ),
    ).toMatchObject({
      ...{ says: "shown", whole: false },
    });
    expect(seen({ id: 1, price: 5 }, { id: 2 })).toMatchObject({ says: "unknown", whole: false });
    expect(sightOf({ ...both, wants: [] }, { value: [] }, null)).toMatchObject({ says: "unknown", whole: false });
  });

  test("a record that is not there, and an answer that is none, are two things", () => {
    const one = look("there", { shows: { title: "Leak" } });
    expect(sightOf(one, { missing: true }, null)).toEqual({
      ...{ seen: "no such record", says: "not-shown", whole: false },
    });
    for (const value of [null, "busy", 7, undefined])
      expect(sightOf(one, { value }, null)).toEqual({ seen: "", says: "unknown", whole: false });
  });

  test("another row of the list says nothing of the one that is meant", () => {
    const one = look("there", { of: { id: 7 }, shows: { value: "new" } }, "data");
    const value = {
      data: [
        { id: 6, value: "new" },
        { id: 7, value: "old" },
      ],
    };
    expect(sightOf(one, { value }, null).says).toBe("not-shown");
    expect(sightOf(one, { value: { data: [] } }, null).says).toBe("not-shown");
  });
});

describe("rows that come and go", () => {
  const made = look("new", { of: { title: "Boiler" } }, "data");
  test("a row that was there before is not the one that was made", () => {
    const value = {
      data: [
        { id: 1, title: "Boiler" },
        { id: 2, title: "Leak" },
      ],
    };
    const before = sightOf(made, { value }, null);
    expect(before).toEqual({ seen: '["1"]', says: "not-shown", whole: false });
    expect(sightOf(made, { value }, before.seen).says).toBe("not-shown");
    const after = { data: [...value.data, { id: 3, title: "Boiler" }] };
    expect(sightOf(made, { value: after }, before.seen)).toMatchObject({ seen: '["1","3"]', says: "shown" });
  });

  test("rows are told apart by their id, else their uuid, else by all they show; one more of the same is a new one", () => {
    const value = (...rows: readonly object[]) => ({ data: rows.map((row) => ({ title: "Boiler", ...row })) });
    const seen = (...rows: readonly object[]) => sightOf(made, { value: value(...rows) }, null).seen;
    expect(seen({ id: "b", uuid: "c" }, { uuid: "a" }, { id: null, uuid: 7 })).toBe('["7","a","b"]');
    expect(sightOf(made, { value: value({ note: 1 }, { note: 2 }) }, seen({ note: 1 })).says).toBe("shown");
    expect(sightOf(made, { value: value({ note: 2 }) }, seen({ note: 2 })).says).toBe("not-shown");
    expect(sightOf(made, { value: value({ id: 1, title: "Leak" }) }, "[]")).toEqual({
      ...{ seen: "[]", says: "not-shown", whole: false },
    });
  });

  test("several that are wanted: one that fits any of them counts", () => {
    const wants = [
      { of: { title: "Boiler" }, shows: {} },
      { of: { title: "Leak" }, shows: {} },
    ];
    const value = {
      data: [
        { id: 1, title: "Leak" },
        { id: 2, title: "Drain" },
      ],
    };
    expect(sightOf({ ...made, wants }, { value }, "[]")).toMatchObject({ seen: '["1"]', says: "shown" });
    expect(sightOf({ ...made, wants, expect: "gone" }, { value }, null)).toEqual({
      ...{ seen: '["1"]', says: "not-shown", whole: true },
    });
  });

  test("an answer without the list is no empty list", () => {
    expect(sightOf(made, { value: { error: "busy" } }, "[]").says).toBe("unknown");
    const line = look("gone", { of: { id: 4 } }, "data.0.items");
    expect(sightOf(line, { value: { data: [] } }, null).says).toBe("unknown");
    for (const data of [null, [null], "none"])
      expect(sightOf(line, { value: { data } }, null)).toEqual({ seen: "", says: "unknown", whole: false });
    expect(sightOf(line, { value: { data: [{ items: [] }] } }, null).says).toBe("shown");
    expect(sightOf(line, { value: { data: [{ items: [{ id: 4 }] }] } }, null).says).toBe("not-shown");
  });

  test("a record that answers 404 is gone, and one that is marked as deleted too", () => {
    const gone = look("gone", { of: { uuid: "j1", deleted_at: null } }, "data");
    expect(sightOf(gone, { missing: true }, null)).toMatchObject({ says: "shown", whole: true });
    expect(sightOf(gone, { value: { data: { uuid: "j1", deleted_at: "2026-11-01" } } }, null).says).toBe("shown");
    expect(sightOf(gone, { value: { data: { uuid: "j1", deleted_at: null } } }, null).says).toBe("not-shown");
  });

  test("a row that prints none of what would tell it proves nothing, least of all that the record is gone", () => {
    const gone = look("gone", { of: { uuid: "j1", deleted_at: null } });
    const seen = (value: unknown) => sightOf(gone, { value }, null);
    const unknown = { seen: "", says: "unknown", whole: false };
    for (const row of [{}, { job: { uuid: "j1" } }, { success: true }]) expect(seen(row)).toEqual(unknown);
    expect(seen([{ uuid: "j2" }, { title: "Leak" }])).toEqual(unknown);
    expect(seen({ uuid: "j1" })).toMatchObject({ says: "not-shown", whole: true });
    expect(seen({ uuid: "j2" })).toMatchObject({ says: "shown", whole: true });
    expect(seen([])).toMatchObject({ says: "shown", whole: true });
    expect(
      sightOf({ ...gone, wants: [...gone.wants, { of: { id: 7 }, shows: {} }] }, { value: { id: 7 } }, null),
    ).toEqual(unknown);
  });
});

describe("rows that may stand in several places", () => {
  const gone = (rows: string) => look("gone", { of: { uuid: "j1", deleted_at: null } }, rows);
  const there = look("there", { shows: { title: "Leak" } }, "data.job|data");
  test.each([
    ["under its name", { data: { job: { uuid: "j1", deleted_at: null } } }, "not-shown"],
    ["without it", { data: { uuid: "j1", deleted_at: null } }, "not-shown"],
    ["deleted, under its name", { data: { job: { uuid: "j1", deleted_at: "2026-11-01" } } }, "shown"],
    ["deleted, without it", { data: { uuid: "j1", deleted_at: "2026-11-01" } }, "shown"],
    ["under another name", { data: { record: { uuid: "j1", deleted_at: null } } }, "unknown"],
    ["where its name is a text", { data: { job: "Leak", uuid: "j1", deleted_at: null } }, "not-shown"],
    ["nowhere", { job: { uuid: "j1", deleted_at: null } }, "unknown"],
  ])("a record that goes, %s", (_name, value, says) => {
    expect(sightOf(gone("data.job|data"), { value }, null).says).toBe(says);
  });

  test.each([
    ["under its name", { data: { job: { title: "Leak" }, title: "Drain" } }],
    ["without it", { data: { title: "Leak" } }],
  ])("a record that shows it, %s", (_name, value) => {
    expect(sightOf(there, { value }, null)).toEqual({ seen: '{"title":"Leak"}', says: "shown", whole: true });
  });

  test("the first place with any rows counts, in the order in which they are named", () => {
    const value = { old: [], now: [{ uuid: "j1", deleted_at: null }] };
    expect(sightOf(gone("none|old|now"), { value }, null).says).toBe("shown");
    expect(sightOf(gone("none|now|old"), { value }, null).says).toBe("not-shown");
  });
});
