import { expect, test } from "vitest";
import type { Connector, Normalised, RawRecord } from "#shared/connectors/connector.ts";
import { connectors } from "#shared/connectors/registry.ts";
import { digestOf } from "#shared/domain/ids.ts";
import type { Intent } from "#shared/domain/intent.ts";
import { emptyJob } from "#shared/domain/job.ts";
import { readNow, type WriteJob } from "#shared/pipeline/look.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";
import { companyOf, systemClasses } from "#test/support/model-systems.ts";
import { rootFacts } from "#test/support/money-view.ts";
import { record } from "#test/support/planned.ts";

/** One reading of what a write is about, as it will be merged. */
const now = "2026-11-02T08:00:00.000Z";
const company = companyOf([systemClasses.writable, systemClasses.writable]);
const intent: Intent = {
  ...{ id: "i1", kind: "write", target: "status", record, read: "old", wanted: "new", arguments: {}, moneyMinor: 0 },
  ...{ requests: 3, needsApproval: false, approved: null, rejected: null, bound: "b", sentence: "s" },
  ...{ plannedAt: now, epoch: 1, dueAt: null },
};

async function reading(records: readonly RawRecord[], more: Partial<Normalised> = {}) {
  const world = memoryWorld(now);
  const plain = connectors["customtrades"];
  const connection = company.connections[1];
  if (!plain || !connection) throw new Error("there is no such connector");
  const connector: Connector = {
    ...plain,
    normalise: () => ({ facts: rootFacts, parents: [], keys: [], alsoRead: [], notices: [], ...more }),
  };
  const store = world.company(company.id);
  const job: WriteJob = {
    ...{ stored: { state: emptyJob("j"), version: 1 }, intent, connection, connector },
    writer: {
      ...{ target: "status", requests: 3, guarded: false },
      read: async () => ({ records, unfit: [], dropped: 0, next: null, total: null, mark: null }),
      shows: (shown) => shown.map((one) => one.record.id).join("+"),
      send: async () => ({ requestId: null }),
    },
    client: {
      ...{ connection, secret: null, purpose: "write", now: world.clock.now },
      request: () => Promise.reject(new Error("nothing is asked")),
    },
  };
  const { clock, archive, queues } = world;
  return { found: await readNow({ ...store, clock, archive, queues }, company, job), archive };
}
const raw = (id: string): RawRecord => ({ stream: "jobs", id, modified: "2026-11-02T07:00:00Z", raw: { id } });

test("it has the number taken for it, the time after it, and the record's own version", async () => {
  const { found } = await reading([raw("1"), raw("2")]);
  expect(found).toMatchObject({ read: 1, at: now, shown: "1+2", modified: "2026-11-02T07:00:00Z" });
  expect(found.arrivals.observations["s2/jobs/1"]).toEqual({
    ...{ seenRead: 1, absent: null },
    said: {
      ...{ record, version: { modified: "2026-11-02T07:00:00Z", read: 1 }, digest: digestOf({ id: "1" }) },
      ...{ at: now, hangsOn: [], facts: rootFacts },
    },
  });
});

test("where nothing was odd no word of it is kept, and what was is kept with its record", async () => {
  const said = async (notices: readonly string[]) =>
    (await reading([raw("1")], { notices })).found.arrivals.observations["s2/jobs/1"]?.said;
  expect(await said([])).not.toHaveProperty("notices");
  expect(await said(["an odd word"])).toMatchObject({ notices: ["an odd word"] });
});

test("of other records alone it has no version; of none it leaves nothing in the archive", async () => {
  expect((await reading([raw("2")])).found).toMatchObject({ shown: "2", modified: null });
  const { found, archive } = await reading([]);
  expect(found).toMatchObject({ shown: "", modified: null, arrivals: { observations: {} } });
  expect(archive.objects.size).toBe(0);
});
