import { beforeEach, describe, expect, test } from "vitest";
import { card } from "#test/support/desk-company.ts";
import { type WritingWorld, writingWorld } from "#test/support/writing-world.ts";

/** The office prints no end; the branch holds one. The office moves the visit. */
let world: WritingWorld;
const open = { status: "Scheduled", actual_amount: null, completed_at: null };
const at = (day: string, start: string, end: string | null = null) => ({
  ...open,
  ...{ scheduled_date: `${day}T12:00:00Z`, scheduled_time_start: start, scheduled_time_end: end },
});
const office = (day: string, start: string) =>
  world.desk.say("office", "jobs", "o1", card("o1", "10263", at(day, start)));

async function branch(end: string | null): Promise<void> {
  const row = { ...card("b1", "B-7", { ...at("2026-11-04", "09:00", end), updated_at: world.at(0) }) };
  world.vendor.row = row;
  await world.desk.say("branch", "jobs", "b1", row);
}

beforeEach(async () => {
  world = await writingWorld({ word: "Scheduled", policy: { authority: { schedule: ["office", "branch"] } } });
  await office("2026-11-04", "09:00");
});

describe("a visit that a system without ends moves", () => {
  test.each([
    ["keeps its length", "11:00", "13:00", { scheduled_time_start: "13:00", scheduled_time_end: "15:00" }],
    ["has no end past midnight", "11:00", "23:00", { scheduled_time_start: "23:00", scheduled_time_end: null }],
    ["that had no end has none", null, "13:00", { scheduled_time_start: "13:00" }],
  ])("%s; the write is applied, and nothing more is planned", async (_name, end, start, hours) => {
    await branch(end);
    await office("2026-11-05", start);
    await world.desk.pass(2);
    const intent = await world.planned();
    expect(intent).toMatchObject({ target: "schedule", wanted: `2026-11-05 ${start}` });
    expect(await world.deliver()).toEqual({ done: "written", outcome: "applied" });
    expect(world.vendor.sent).toMatchObject([{ body: { scheduled_date: "2026-11-05T12:00:00Z", ...hours } }]);
    expect(Object.keys(Object(world.vendor.sent[0]?.body)).toSorted()).toEqual(
      ["scheduled_date", ...Object.keys(hours)].toSorted(),
    );
    await world.desk.pass(2);
    const { intents, attempts, receipts } = await world.state();
    expect([intents, attempts]).toEqual([[], []]);
    expect(receipts).toMatchObject([{ intent: intent.id, outcome: "applied", attempts: 1, after: intent.wanted }]);
  });

  test("and that stands there with an end already is not written", async () => {
    await branch("11:00");
    await office("2026-11-05", "13:00");
    await world.desk.pass(2);
    world.vendor.row = { ...world.vendor.row, ...at("2026-11-05", "13:00", "15:00") };
    await world.deliver();
    expect(world.vendor.sent).toEqual([]);
    expect((await world.state()).receipts).toMatchObject([{ outcome: "applied", attempts: 0 }]);
  });
});
