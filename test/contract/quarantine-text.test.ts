import { afterEach, beforeEach, expect, test } from "vitest";
import { connector } from "#shared/connectors/customtrades/index.ts";
import { readStream } from "#shared/pipeline/ingest.ts";
import { takeInAll } from "#shared/pipeline/take-in.ts";
import { deskCompany } from "#test/support/desk-company.ts";
import { type DeskTerminal, deskTerminal } from "#test/support/desk-terminal.ts";
import { vendor } from "./kit-support.ts";
import { clientFor, connectionFor } from "./support.ts";

/** Two records of the office's list that fit no schema: one has no id, the other a status that is a number. */
const nameless = '{"actual_amount":10.50, "ticket":9007199254740993}';
const misshapen =
  '{"uuid":"o9","updated_at":"2026-11-02T07:00:00Z","status":12,"actual_amount":10.50,"ticket":9007199254740993,"tag":1,"tag":2.0}';

let terminal: DeskTerminal;
beforeEach(async () => {
  terminal = await deskTerminal(await deskCompany());
  const { desk } = terminal;
  const { url } = await vendor((_request, response) => {
    const pagination = '{"page":1,"limit":100,"total":2,"total_pages":1}';
    response.writeHead(200, { "content-type": "application/json" });
    response.end(`{"success":true,"data":{"jobs":[${nameless}, ${misshapen}],"pagination":${pagination}}}`);
  });
  desk.world.clock.set("2026-11-04T08:00:00.000Z");
  const connection = { ...connectionFor("customtrades", url), id: "office" };
  const spec = connector.streams["jobs"]!;
  const client = async () => clientFor(connector, { connection, secret: { apiKey: "k" } });
  const { queues } = desk.world;
  const ports = { ...desk.world.company("ridgeline"), ...desk.ports, queues, timeLeftMs: () => 60_000 };
  await readStream(ports, { company: "ridgeline", connection, spec, reader: connector.reader, client }, "live");
  const sent = [...queues.sent.inbound, ...queues.sent.backfill];
  // As a queue would carry them: parsed and printed again.
  await takeInAll(desk.ports, desk.company, JSON.parse(JSON.stringify(sent)), 1);
});
afterEach(() => terminal.close());

test.each([
  ["without an id, set aside by the reader", null, nameless],
  ["of another shape, set aside when it was normalised", "o9", misshapen],
])("a record %s comes back exactly as it was sent", async (_where, id, sent) => {
  const listed = await terminal.desk.ports.quarantine.list();
  expect(listed).toHaveLength(2);
  const { key, archived } = listed.find((one) => one.id === id)!;
  expect((await terminal.run("quarantine", key, "--raw")).out).toBe(`${sent}\n`);
  const { out } = await terminal.run("quarantine", key);
  expect(out).toContain("as the vendor printed it");
  expect(out).toContain(archived);
  expect((await terminal.run("quarantine")).out).toContain(key);
});

test("a key that is none, and --raw without one, are refused", async () => {
  expect(await terminal.run("quarantine", "nothing")).toMatchObject({ code: 1, err: expect.stringContaining("400") });
  expect(await terminal.run("quarantine", "--raw")).toMatchObject({ code: 2 });
});
