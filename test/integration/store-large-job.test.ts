import { afterAll, beforeAll, expect, test } from "vitest";
import { shortHash } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { Known } from "#shared/domain/observation.ts";
import { pastStates } from "#shared/pipeline/past-states.ts";
import { openCell, openStore } from "#shared/store/open.ts";
import { startTestDatabase, type TestDatabase } from "#test/support/dynamodb.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";
import { typicalJob } from "#test/support/typical-job.ts";
import { beforeWrites } from "#test/support/watched-client.ts";

const now = "2026-11-02T17:00:00.000Z";

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database.close());

/** A store and its item puts, by sort key. */
async function open() {
  const client = database.client();
  const puts: string[] = [];
  beforeWrites(client, ({ putSortKey }) => {
    if (putSortKey !== null) puts.push(putSortKey);
  });
  const at = { client, tableName: await database.table() };
  const { config } = openCell(at);
  const store = openStore({ ...at, company: "ridgeline", config, archive: memoryWorld().archive });
  return { jobs: store.jobs, puts };
}

/** The typical job with this many payments on its invoice. */
function withPayments(count: number, turn: number): JobState {
  const job = typicalJob("j1", turn);
  const pattern = job.observations["st-main/payments/55008"];
  if (pattern?.said?.facts.kind !== "payment") throw new Error("the typical job has a payment");
  const { said } = pattern;
  const facts = pattern.said.facts;
  const made = Array.from({ length: count }, (_, n): [string, Known] => {
    const record = { ...said.record, id: String(60_000 + n) };
    const payment = {
      ...facts,
      total: 100 + (n % 97),
      shares: facts.shares.map((one) => ({ ...one, amount: 100 + (n % 97) })),
    };
    return [
      `st-main/payments/${record.id}`,
      { ...pattern, said: { ...said, record, digest: `${n * 7919}`, facts: payment } },
    ];
  });
  const links = made.map(([record], n) => ({
    record,
    rule: "part" as const,
    evidence: ["hangs on st-main/invoices/91200417"],
    at: `2026-11-02T16:50:00.${String(n % 1000).padStart(3, "0")}Z`,
    batch: null,
  }));
  return {
    ...job,
    observations: { ...job.observations, ...Object.fromEntries(made) },
    links: [...job.links, ...links],
  };
}

const numbered = (job: JobState, version: number): JobState => ({
  ...job,
  lastChange: job.lastChange === null ? null : { ...job.lastChange, version },
});

test("a job of 20,000 payments is committed and read back whole, and one changed payment rewrites one part", async () => {
  const { jobs, puts } = await open();
  const first = withPayments(20_000, 1);
  expect(await jobs.commit(await jobs.load("j1"), first, now)).toBe("committed");
  const stored = await jobs.load("j1");
  expect(stored).toEqual({ version: 1, state: numbered(first, 1) });

  const key = "st-main/payments/60017";
  const known = stored.state.observations[key]!;
  const observations = { ...stored.state.observations, [key]: { ...known, seenRead: 99 } };
  puts.length = 0;
  expect(await jobs.commit(stored, { ...stored.state, observations }, now)).toBe("committed");
  expect(puts.filter((sortKey) => sortKey.startsWith("part#"))).toHaveLength(1);
  expect((await jobs.load("j1")).state.observations).toEqual(observations);
}, 60_000);

test("of two writers of a large job one commits, and what stands is one of theirs, whole", async () => {
  const { jobs } = await open();
  await jobs.commit(await jobs.load("j1"), withPayments(3_000, 1), now);
  const seen = await jobs.load("j1");
  const outcomes = await Promise.all([2, 3].map((turn) => jobs.commit(seen, withPayments(3_000 + turn, turn), now)));
  expect(outcomes.toSorted()).toEqual(["committed", "conflict"]);
  const winner = outcomes.indexOf("committed") + 2;
  expect((await jobs.load("j1")).state).toEqual(numbered(withPayments(3_000 + winner, winner), 2));
}, 60_000);

test("a reader in the middle of commits never sees half a job", async () => {
  const { jobs } = await open();
  await jobs.commit(await jobs.load("j1"), withPayments(3_000, 1), now);
  let writing = true;
  const writer = async (): Promise<void> => {
    for (let turn = 2; turn <= 5; turn++) {
      expect(await jobs.commit(await jobs.load("j1"), withPayments(3_000 + turn, turn), now)).toBe("committed");
    }
    writing = false;
  };
  const reader = async (): Promise<void> => {
    while (writing) {
      const { state, version } = await jobs.load("j1");
      const expected = version === 1 ? 3_000 : 3_000 + version;
      expect(Object.keys(state.observations)).toHaveLength(expected + 6);
      expect(state.links).toHaveLength(expected + 6);
    }
  };
  await Promise.all([writer(), reader(), reader()]);
}, 60_000);

test("a large job that became small stands in its item again", async () => {
  const { jobs, puts } = await open();
  await jobs.commit(await jobs.load("j1"), withPayments(3_000, 1), now);
  const small = typicalJob("j1", 2);
  expect(await jobs.commit(await jobs.load("j1"), small, now)).toBe("committed");
  expect(puts.at(-1)).toBe("job");
  expect((await jobs.load("j1")).state).toEqual(numbered(small, 2));
});

test("the way back to a job of thousands of records from a small one stands in several items, and is whole", async () => {
  const { jobs, puts } = await open();
  const job = withPayments(12_000, 1);
  const named = Object.entries(job.observations).map(([key, known]): [string, Known] => [
    key,
    known.said ? { ...known, said: { ...known.said, digest: shortHash(key) + shortHash(`2${key}`) } } : known,
  ]);
  await jobs.commit(await jobs.load("j1"), { ...job, observations: Object.fromEntries(named) }, now);
  const large = await jobs.load("j1");
  puts.length = 0;
  await jobs.commit(large, typicalJob("j1", 2), now);
  expect(puts.filter((sortKey) => sortKey.startsWith("past#")).length).toBeGreaterThan(0);
  const [, before] = pastStates(await jobs.load("j1"), await jobs.past("j1"));
  expect(before?.state).toEqual(large.state);
  expect(before?.version).toBe(1);
});
