import { beforeEach, describe, expect, test } from "vitest";
import { prepare, prepareCall } from "#shared/connectors/prepare.ts";
import { operations } from "#shared/connectors/registry.ts";
import { type CallingWorld, callingWorld, failing } from "#test/support/calling-world.ts";

/** A Custom Trades record alone in an answer: `data` is the record, or holds it under its name. */
let world: CallingWorld;
beforeEach(async () => {
  world = await callingWorld();
});

const kinds = ["Job", "Invoice", "Payment", "Customer"] as const;
const envelopes = [
  ["bare", (_kind: string, record: object) => ({ success: true, data: record })],
  ["named", (kind: string, record: object) => ({ success: true, data: { [kind.toLowerCase()]: record } })],
] as const;
const rows = envelopes.flatMap(([envelope, wrap]) => kinds.map((kind) => ({ kind, envelope, wrap })));

const held = { uuid: "r1", notes: "once", title: "once", deleted_at: null };

/** The call as a person's input makes it, by its own row. */
async function call(key: string, input: object) {
  const all = operations["customtrades"] ?? [];
  const row = all.find((one) => one.key === key);
  const connection = world.desk.company.connections.find((one) => one.id === "branch");
  if (!row || !connection) throw new Error(`no operation ${key}`);
  const preparing = { connection, rows: all, now: await world.desk.world.clock.now() };
  const { request } = await prepare(row, input, preparing);
  return world.call(await prepareCall(row, input, { request }, preparing));
}

/** The member by which each kind is changed. */
const noted = (kind: string, text: string) => (kind === "Job" ? { title: text } : { notes: text });

describe.each(rows)("$kind, $envelope", ({ kind, wrap }) => {
  const shows = (...records: readonly object[]) => world.inTurn(...records.map((record) => wrap(kind, record)));
  const gone = { ...held, deleted_at: "2026-11-02T08:00:00.000Z" };

  test("a delete of what is there is sent, and is seen", async () => {
    shows(held, gone);
    expect(await (await call(`delete${kind}`, { uuid: "r1" }))()).toEqual({ done: "written", outcome: "applied" });
    expect(world.writes()).toMatchObject([{ method: "DELETE", path: `/${kind.toLowerCase()}s/r1` }]);
    expect(await world.receipt()).toMatchObject({ outcome: "applied", attempts: 1, before: '["r1"]', after: "[]" });
  });

  test("a delete that changed nothing is not taken for done", async () => {
    shows(held);
    expect(await (await call(`delete${kind}`, { uuid: "r1" }))()).toEqual({ done: "written", outcome: "open" });
    expect(world.writes()).toHaveLength(1);
  });

  test("a delete of what is deleted is not sent", async () => {
    shows(gone);
    expect(await (await call(`delete${kind}`, { uuid: "r1" }))()).toEqual({ done: "already" });
    expect(world.writes()).toEqual([]);
  });

  test.each([
    ["sent, and is seen", "once", { done: "written", outcome: "applied" }, 1],
    ["not sent where it is so already", "twice", { done: "already" }, 0],
  ])("an update is %s", async (_name, before, done, sent) => {
    shows({ ...held, ...noted(kind, before) }, { ...held, ...noted(kind, "twice") });
    expect(await (await call(`update${kind}`, { uuid: "r1", ...noted(kind, "twice") }))()).toEqual(done);
    expect(world.writes()).toHaveLength(sent);
    expect(await world.receipt()).toMatchObject({ outcome: "applied", flags: [] });
  });
});

test.each(kinds)("a delete of a %s whose answers show nothing of it is sent, and its end is unseen", async (kind) => {
  world.shows = () => ({ success: true, data: { record: held } });
  await (await call(`delete${kind}`, { uuid: "r1" }))();
  expect(world.writes()).toHaveLength(1);
  expect(await world.receipt()).toMatchObject({ outcome: "applied", flags: ["unseen"] });
});

test.each(kinds)("a delete of a %s that its vendor has no more is not sent", async (kind) => {
  world.shows = failing("missing");
  expect(await (await call(`delete${kind}`, { uuid: "r1" }))()).toEqual({ done: "already" });
  expect(world.writes()).toEqual([]);
});
