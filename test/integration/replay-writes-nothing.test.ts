import https from "node:https";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { jobIdOf } from "#shared/domain/ids.ts";
import * as z from "#shared/domain/schema.ts";
import { openStore } from "#shared/store/open.ts";
import { card, deskCompany, deskConfig } from "#test/support/desk-company.ts";
import { startTestDatabase, type TestDatabase } from "#test/support/dynamodb.ts";
import { metered } from "#test/support/watched-client.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database.close());
afterEach(() => vi.restoreAllMocks());

const pageSchema = z.object({ replayed: z.number(), jobs: z.array(z.unknown()), next: z.nullable(z.string()) });
const jobs = 45;

test("a replay, a look into the past and a score write no item, put no object, send no message and ask no vendor", async () => {
  const client = database.client();
  const meter = metered(client);
  const tableName = await database.table();
  const desk = await deskCompany(undefined, ({ archive, cell }, company) =>
    openStore({ client, tableName, company, config: cell.config, archive }),
  );
  const open = { completed_at: null, actual_amount: null };
  for (const status of ["Scheduled", "Complete"]) {
    for (let n = 0; n < jobs; n++)
      await desk.say(
        "office",
        "jobs",
        `o${n}`,
        card(`o${n}`, `${10_000 + n}`, n === 7 ? { status } : { ...open, status }),
      );
    await desk.pass(1);
  }
  await desk.say("branch", "jobs", "b1", card("b1", "JOB-1", { ...open, status: "In Progress" }));
  const rows = [
    { kind: "job", key: "1", connection: "office", stream: "jobs", id: "o3" },
    { kind: "job", key: "1", connection: "branch", stream: "jobs", id: "b1" },
  ];
  await desk.ask("POST", "links/import", { body: { rows } });
  await desk.pass(2);

  // The vendors' addresses are https, the table's is not.
  const asked = vi.spyOn(https, "request");
  const { hints, inbound, backfill, outbound, sweeps } = desk.world.queues.sent;
  const sent = (): string => JSON.stringify([[...hints], inbound, backfill, [...outbound], sweeps]);
  const before = { sent: sent(), objects: desk.world.archive.objects.size };
  expect(meter.requests).toBeGreaterThan(jobs);
  meter.units = 0;
  meter.requests = 0;
  const observing = {
    ...deskConfig.companies[0],
    connections: deskConfig.companies[0]?.connections.map((one) => ({ ...one, mode: { default: "observe" } })),
  };
  const document = { ...deskConfig, companies: [observing] };
  let [replayed, differing, next]: [number, number, string | null] = [0, 0, null];
  do {
    const { status, json } = await desk.ask("POST", "replay", {
      body: { document, from: "2026-11-01", to: "2026-12-01", next },
    });
    expect(status, JSON.stringify(json)).toBe(200);
    const page = pageSchema.parse(json);
    replayed += page.replayed;
    differing += page.jobs.length;
    next = page.next;
  } while (next !== null);
  expect({ replayed, differing }).toEqual({ replayed: jobs + 1, differing: 1 });
  const then = await desk.ask("GET", `at?name=${jobIdOf("office/jobs/o3")}&instant=2026-11-02T08:30:00Z`);
  expect(then).toMatchObject({ status: 200, json: { jobs: [{ version: 1 }] } });
  expect(await desk.ask("GET", "shadow")).toMatchObject({ status: 200, json: { plans: [] } });
  expect({ units: meter.units, requests: meter.requests }).toEqual({ units: 0, requests: 0 });
  expect({ sent: sent(), objects: desk.world.archive.objects.size }).toEqual(before);
  expect(asked).not.toHaveBeenCalled();
}, 60_000);
