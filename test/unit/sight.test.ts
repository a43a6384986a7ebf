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
    ["one member of several", { title: "Leak", status: "Complete" }, { title: "Leak", status: "Scheduled" }],
  ])("%s differs", (_name, sent, shown) => {
    expect(says(sent, shown).says).toBe("not-shown");
  });

  test("what is not printed proves nothing: alone it is unknown, beside others it is not the whole", () => {
    expect(says({ secret: "x" }, { title: "Leak" }).says).toBe("unknown");
    expect(says({ tags: ["a"] }, { tags: [{ id: 1 }] }).says).toBe("unknown");
    expect(says({ secret: "x", title: "Leak" }, { title: "Leak" })).toMatchObject({ says: "shown", whole: false });
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

  test("an answer without the list is no empty list", () => {
    expect(sightOf(made, { value: { error: "busy" } }, "[]").says).toBe("unknown");
    const line = look("gone", { of: { id: 4 } }, "data.0.items");
    expect(sightOf(line, { value: { data: [] } }, null).says).toBe("unknown");
    expect(sightOf(line, { value: { data: [{ items: [] }] } }, null).says).toBe("shown");
    expect(sightOf(line, { value: { data: [{ items: [{ id: 4 }] }] } }, null).says).toBe("not-shown");
  });

  test("a record that answers 404 is gone, and one that is marked as deleted too", () => {
    const gone = look("gone", { of: { uuid: "j1", deleted_at: null } }, "data");
    expect(sightOf(gone, { missing: true }, null)).toMatchObject({ says: "shown", whole: true });
    expect(sightOf(gone, { value: { data: { uuid: "j1", deleted_at: "2026-11-01" } } }, null).says).toBe("shown");
    expect(sightOf(gone, { value: { data: { uuid: "j1", deleted_at: null } } }, null).says).toBe("not-shown");
  });
});
