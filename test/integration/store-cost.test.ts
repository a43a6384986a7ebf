import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Failure } from "#shared/domain/failure.ts";
import { openCell, openStore } from "#shared/store/open.ts";
import { startTestDatabase, type TestDatabase } from "#test/support/dynamodb.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";
import { typicalJob } from "#test/support/typical-job.ts";
import { beforeWrites, metered, requestsOf } from "#test/support/watched-client.ts";

const now = "2026-11-02T17:00:00.000Z";

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database.close());

function storeOver(client: DynamoDBClient, tableName: string) {
  const { config } = openCell({ client, tableName });
  return openStore({ client, tableName, company: "ridgeline", config, archive: memoryWorld().archive });
}

async function meteredStore() {
  const client = database.client();
  const meter = metered(client);
  const tableName = await database.table();
  return { meter, tableName, store: storeOver(client, tableName) };
}

/** A client of a process that dies at the put of this sort key. */
function dyingAt(fatal: string): DynamoDBClient {
  const client = database.client();
  beforeWrites(client, ({ putSortKey }) => {
    if (putSortKey === fatal) throw new Error("crash");
  });
  return client;
}

describe("what a change costs", () => {
  test("a change of a typical job with its history takes three write units or fewer", async () => {
    const { meter, store } = await meteredStore();
    await store.jobs.commit(await store.jobs.load("j1"), typicalJob("j1", 1), now);
    for (let turn = 2; turn <= 6; turn++) {
      const stored = await store.jobs.load("j1");
      meter.units = 0;
      expect(await store.jobs.commit(stored, typicalJob("j1", turn), now)).toBe("committed");
      expect(meter.units).toBeGreaterThan(0);
      expect(meter.units).toBeLessThanOrEqual(3);
    }
  });

  test("a change that no line tells, and the way back from it, takes two", async () => {
    const { meter, store } = await meteredStore();
    await store.jobs.commit(await store.jobs.load("j1"), typicalJob("j1", 1), now);
    const stored = await store.jobs.load("j1");
    meter.units = 0;
    const flip = { at: now, from: ["scheduled"], to: ["completed"], by: ["st-main/jobs/1"] };
    await store.jobs.commit(stored, { ...stored.state, flips: { work: [flip] } }, now);
    expect(meter.units).toBe(2);
    expect((await store.jobs.history("j1")).map(({ version }) => version)).toEqual([1]);
  });

  test("a job that is found unchanged takes none, and neither does a manifest that says the same", async () => {
    const { meter, store } = await meteredStore();
    await store.jobs.commit(await store.jobs.load("j1"), typicalJob("j1", 1), now);
    const entries = new Map(Array.from({ length: 50 }, (_, n) => [`record-${n}`, "digest"]));
    await store.manifest.merge("rotor", "jobs", entries, 1);
    meter.units = 0;
    meter.requests = 0;
    const stored = await store.jobs.load("j1");
    await store.jobs.commit(stored, stored.state, now);
    await store.manifest.merge("rotor", "jobs", entries, 2);
    expect({ units: meter.units, requests: meter.requests }).toEqual({ units: 0, requests: 0 });
  });

  test("one changed record of a stream of 8,000 writes one small chunk of the manifest", async () => {
    const { meter, store } = await meteredStore();
    const digest = (n: number): string => String(n).padStart(20, "0");
    await store.manifest.merge(
      "rotor",
      "jobs",
      new Map(Array.from({ length: 8_000 }, (_, n) => [`id-${n}`, digest(n)])),
      1,
    );
    meter.units = 0;
    await store.manifest.merge("rotor", "jobs", new Map([["id-17", digest(99)]]), 2);
    expect(meter.units).toBe(1);
  }, 60_000);

  test("a job too large for an item is refused with what to do, and its item stays as it was", async () => {
    const { store } = await meteredStore();
    const stored = await store.jobs.load("j1");
    const noise = Array.from({ length: 80_000 }, (_, n) => `${Math.sin(n)}`);
    const refused = store.jobs.commit(stored, { ...typicalJob("j1", 1), notices: noise }, now);
    await expect(refused).rejects.toThrow(Failure);
    await expect(refused).rejects.toThrow("more than one item can");
    expect((await store.jobs.load("j1")).version).toBe(0);
  });
});

describe("what a crash leaves", () => {
  test("history that was put before a commit that never came is told once, when the commit comes", async () => {
    const { store, tableName } = await meteredStore();
    await store.jobs.commit(await store.jobs.load("j1"), typicalJob("j1", 1), now);
    const stored = await store.jobs.load("j1");
    const crashed = storeOver(dyingAt("job"), tableName);
    await expect(crashed.jobs.commit(stored, typicalJob("j1", 2), now)).rejects.toThrow("crash");
    expect((await store.jobs.history("j1")).map(({ version }) => version)).toEqual([1]);
    expect(await store.jobs.commit(stored, typicalJob("j1", 3), now)).toBe("committed");
    expect((await store.jobs.history("j1")).map(({ lines }) => lines[0])).toEqual([
      "st-main's charge was 1 cents less",
      "st-main's charge was 3 cents less",
    ]);
  });
});

describe("a stream's first page", () => {
  const page = (digest: string) => Array.from({ length: 30 }, (_, id) => [`record ${id}`, digest] as const);

  test("is remembered in one request, and its next one chunk by chunk", async () => {
    const client = database.client();
    const asked = requestsOf(client);
    const { manifest } = storeOver(client, await database.table());
    await manifest.merge("st-main", "jobs", new Map(page("a")), 1);
    expect(asked).toEqual(["BatchGetItemCommand", "TransactWriteItemsCommand"]);
    await manifest.merge("st-main", "jobs", new Map(page("b").slice(0, 1)), 2);
    expect(asked.slice(2)).toEqual(["GetItemCommand", "PutItemCommand"]);
    expect((await manifest.load("st-main", "jobs")).get("record 0")).toBe("b");
  });

  test("read twice at once is what the later read saw, of whichever came first", async () => {
    const tableName = await database.table();
    const [one, other] = [storeOver(database.client(), tableName), storeOver(database.client(), tableName)];
    await Promise.all([
      other.manifest.merge("st-main", "jobs", new Map(page("later")), 8),
      one.manifest.merge("st-main", "jobs", new Map([...page("earlier"), ["only earlier", "x"]]), 7),
    ]);
    expect(await one.manifest.load("st-main", "jobs")).toEqual(new Map([...page("later"), ["only earlier", "x"]]));
  });
});

test("the days around a day are one query, however many of them are empty", async () => {
  const client = database.client();
  const asked = requestsOf(client);
  const { sets } = storeOver(client, await database.table());
  await sets.add("day:dana:2026-11-02", "st/jobs/1", {});
  const around = ["2026-10-31", "2026-11-01", "2026-11-02", "2026-11-03"].map((day) => `day:dana:${day}`);
  expect(await sets.listAll(around)).toEqual([{ member: "st/jobs/1", data: {} }]);
  expect(asked).toEqual(["BatchWriteItemCommand", "QueryCommand"]);
});

describe("what counting a request costs", () => {
  const window = {
    name: "day",
    startsAt: "2026-11-02T00:00:00.000Z",
    endsAt: "2026-11-03T00:00:00.000Z",
    limit: 5,
  } as const;

  test("who is alone at a connection reads the counter once, and a stated limit that stands costs nothing", async () => {
    const client = database.client();
    const asked = requestsOf(client);
    const { budget } = storeOver(client, await database.table());
    for (let turn = 0; turn < 3; turn++) {
      expect(await budget.take("st-main", [window], 1)).toEqual({ granted: true });
      await budget.note("st-main", { name: "day-all", startsAt: window.startsAt }, 1, 1000);
    }
    expect(asked).toEqual(["GetItemCommand", ...Array.from({ length: 4 }, () => "PutItemCommand")]);
  });

  test("streams that ask at once are counted in one put, in the order they asked, none beyond the limit", async () => {
    const client = database.client();
    const asked = requestsOf(client);
    const { budget } = storeOver(client, await database.table());
    const [yes, no] = [{ granted: true }, { granted: false, retryAt: window.endsAt, window: window.name }];
    // 1 and 2 leave room for two more: three are too many, one and one are not.
    const taken = await Promise.all([1, 2, 3, 1, 1].map((n) => budget.take("st-main", [window], n)));
    expect(taken).toEqual([yes, yes, no, yes, yes]);
    expect(asked).toEqual(["GetItemCommand", "PutItemCommand"]);
    expect(await budget.take("st-main", [window], 1)).toEqual(no);
  });

  test("a failure of the table is told to each that waited for it, and the next begins anew", async () => {
    const client = database.client();
    let away = true;
    beforeWrites(client, () => {
      if (away) throw new Error("the table is away");
    });
    const { budget } = storeOver(client, await database.table());
    const asked = [1, 1, 1].map((n) => budget.take("st-main", [window], n));
    for (const one of asked) await expect(one).rejects.toThrow("the table is away");
    away = false;
    expect(await budget.take("st-main", [window], 5)).toEqual({ granted: true });
  });

  test("two that take in turns grant no more than the limit, and refuse nothing that is free", async () => {
    const tableName = await database.table();
    const [one, other] = [storeOver(database.client(), tableName), storeOver(database.client(), tableName)];
    const granted: boolean[] = [];
    for (let turn = 0; turn < 4; turn++) {
      for (const { budget } of [one, other]) granted.push((await budget.take("st-main", [window], 1)).granted);
    }
    expect(granted).toEqual([true, true, true, true, true, false, false, false]);
    const [next] = [{ ...window, startsAt: window.endsAt, endsAt: "2026-11-04T00:00:00.000Z" }];
    expect((await one.budget.take("st-main", [next], 5)).granted).toBe(true);
    expect((await other.budget.take("st-main", [next], 1)).granted).toBe(false);
  });
});
