import { expect, test } from "vitest";
import { timeouts } from "#infra/constructs/timeouts.ts";
import type { VendorClient } from "#shared/connectors/vendor-client.ts";
import { Failure } from "#shared/domain/failure.ts";
import type { Intent } from "#shared/domain/intent.ts";
import { emptyJob } from "#shared/domain/job.ts";
import { writerSeconds } from "#shared/pipeline/attempt-edits.ts";
import { type WriteBackPorts, writeBack } from "#shared/pipeline/write-back.ts";
import { company, config, connectors } from "#test/simulation/company.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";

const start = "2026-11-02T15:00:00.000Z";
const after = (seconds: number): string => new Date(Date.parse(start) + seconds * 1000).toISOString();

const row = { uuid: "b1", job_number: "J-1", title: "Job 1", status: "Scheduled", updated_at: start };
const intent: Intent = {
  id: "i1",
  kind: "write",
  target: "status",
  record: { connection: "ctc", stream: "jobs", id: "b1" },
  read: "Scheduled",
  wanted: "In Progress",
  arguments: { status: "In Progress" },
  moneyMinor: 0,
  requests: 1,
  needsApproval: false,
  approved: null,
  rejected: null,
  bound: "",
  sentence: "",
  plannedAt: start,
  epoch: 2,
  dueAt: null,
};
const link = { record: "ctc/jobs/b1", rule: "first", evidence: [], at: start, batch: null } as const;
const message = { v: 1, company: company.id, job: "j1", intent: intent.id } as const;

/** A job with one planned write, at a vendor whose answer to it is `answer`. */
async function writing(answer: () => Promise<never>) {
  const world = memoryWorld(start);
  await world.cell.applyConfiguration(config);
  const store = world.company(company.id);
  const job = emptyJob("j1");
  await store.jobs.commit({ state: job, version: 0 }, { ...job, links: [link], intents: [intent] }, start);
  const sent: string[] = [];
  const client = (connection: VendorClient["connection"]): VendorClient => ({
    connection,
    secret: {},
    purpose: "write",
    now: world.clock.now,
    request: async (request) => {
      if (request.writes) {
        sent.push(await world.clock.now());
        return answer();
      }
      const value = request.schema.parse({ success: true, data: row });
      return { value, status: 200, headers: {}, requestId: null };
    },
  });
  const ports: WriteBackPorts = {
    ...store,
    clock: world.clock,
    archive: world.archive,
    queues: world.queues,
    controlAll: world.cell.controlAll,
    describer: (vendor) => connectors[vendor],
    connector: (vendor) => connectors[vendor],
    client: async (connection) => client(connection),
  };
  const attempt = async () => (await store.jobs.load("j1")).state.attempts[0];
  return { world, ports, sent, attempt };
}

test("nobody ends a writer's attempt before the writer's time is over", async () => {
  const { world, ports, sent } = await writing(() => new Promise<never>(() => undefined));
  void writeBack(ports, company, message);
  while (sent.length === 0) await new Promise((done) => setImmediate(done));
  for (const seconds of [31, 59, 89]) {
    world.clock.set(after(seconds));
    expect(await writeBack(ports, company, message)).toEqual({ done: "waits" });
  }
  world.clock.set(after(91));
  expect(await writeBack(ports, company, message)).toEqual({ done: "looked" });
  expect(sent).toEqual([start]);
});

test("the vendor's lag is counted from where the answer failed to come", async () => {
  const { world, ports, attempt } = await writing(async () => {
    world.clock.set(after(25));
    throw new Failure("ambiguous", "no answer in time");
  });
  await writeBack(ports, company, message);
  expect(await attempt()).toMatchObject({ state: "ambiguous", dueAt: after(55) });
});

test("an attempt is left alone for as long as the function may run", () => {
  expect(timeouts.writeBack.toSeconds()).toBeLessThanOrEqual(writerSeconds);
});
