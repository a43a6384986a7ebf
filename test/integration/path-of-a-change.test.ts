import { createServer } from "node:http";
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { buildApp } from "fauxqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Clock, startClock } from "#local/aws/clock.ts";
import { type Config, configSchema } from "#shared/domain/policy.ts";
import { type CompanyStore, openCell, openStore } from "#shared/store/open.ts";
import { signedCalls } from "#shared/store/signed-call.ts";
import { run } from "#test/simulators/support.ts";
import { startTestDatabase, type TestDatabase } from "#test/support/dynamodb.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";

/** The live handlers of four functions on real servers: DynamoDB, SQS, S3, a vendor's simulator, a clock. */
type SqsHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

const names = ["hints-rotor", "inbound", "backfill", "outbound-rotor", "sweep"] as const;
const credentials = { accessKeyId: "local", secretAccessKey: "local" };
const context = { awsRequestId: "r1", getRemainingTimeInMillis: () => 500_000 } as Context;
const app = buildApp({ logger: false });
const secrets = createServer((request, response) => {
  const SecretString = JSON.stringify({ apiKey: "rotor_1_secret" });
  request.resume().on("end", () => response.end(JSON.stringify({ SecretString })));
});

let database: TestDatabase;
let clock: Clock;
let sqs: SQSClient;
let urls: Record<(typeof names)[number], string>;
let store: CompanyStore;
let tick: (event: unknown, context: Context) => Promise<unknown>;
let poll: SqsHandler;
let sweep: SqsHandler;
let reconcile: SqsHandler;
let vendor: Awaited<ReturnType<typeof run>>;

const customers = [
  { id: "c1", first_name: "Ana", last_name: "Pena", phone: "303-555-0101", email: "ana@pena.example" },
];
const job = (id: string, received: number) => ({
  id,
  customer_id: "c1",
  visits: [{ start: "2026-11-01T15:00:00Z" }],
  technicians: [{ email: "marcus@ridgeline.example", name: "Marcus", user_id: "u1" }],
  total_received: received,
  total_outstanding: 0,
  completed: true,
  created_at: "2026-10-20T00:00:00Z",
});

const at = async (instant: string): Promise<void> => {
  clock.set(instant);
  await vendor.control("rotor").send("PUT", "/clock", { now: instant });
};

const received = async (queue: (typeof names)[number]): Promise<readonly Message[]> => {
  const input = { QueueUrl: urls[queue], MaxNumberOfMessages: 10, VisibilityTimeout: 600 };
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(input));
  if (Messages.length > 0) {
    const Entries = Messages.map(({ ReceiptHandle }, n) => ({ Id: String(n), ReceiptHandle: ReceiptHandle ?? "" }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: urls[queue], Entries }));
  }
  return Messages;
};

/** Works a queue off through a handler; a message the handler would keep fails the test. */
const workOff = async (queue: (typeof names)[number], handler: SqsHandler): Promise<number> => {
  for (let count = 0; ; ) {
    const messages = await received(queue);
    if (messages.length === 0) return count;
    count += messages.length;
    const Records = messages.map(({ MessageId, Body }) => ({ messageId: MessageId, body: Body }));
    expect(await handler({ Records } as SQSEvent, context)).toEqual({ batchItemFailures: [] });
  }
};

/** Everything that follows from what is due now. */
const settle = async (): Promise<void> => {
  await tick({}, context);
  for (;;) {
    let worked = await workOff("sweep", sweep);
    worked += await workOff("hints-rotor", poll);
    worked += await workOff("inbound", reconcile);
    worked += await workOff("backfill", reconcile);
    if (worked === 0) return;
  }
};

const paymentOf = async (id: string): Promise<unknown> => {
  const { jobs } = await store.jobs.list(null);
  const known = jobs.map(({ state }) => state.observations[`rotor-crews/serviced-jobs/${id}`]).find(Boolean);
  return known?.said?.facts.kind === "job" ? known.said.facts.payment : undefined;
};

beforeAll(async () => {
  database = await startTestDatabase();
  clock = await startClock();
  const queues = await app.listen({ port: 0, host: "127.0.0.1" });
  await new Promise<void>((done) => secrets.listen(0, "127.0.0.1", done));
  const address = secrets.address();
  const secretsUrl = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  sqs = new SQSClient({ region: "us-east-1", credentials, endpoint: queues });
  const create = async (QueueName: string) =>
    [QueueName, (await sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl ?? ""] as const;
  urls = Object.fromEntries(await Promise.all(names.map(create))) as typeof urls;
  const calls = signedCalls({ region: "us-east-1", credentials, endpoints: { s3: queues } });
  await calls.send({ service: "s3", method: "PUT", url: new URL("/archive", queues) });
  const tableName = await database.table();
  Object.assign(process.env, {
    ...{ AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" },
    ...{ AWS_ENDPOINT_URL_DYNAMODB: database.url, AWS_ENDPOINT_URL_SQS: queues, AWS_ENDPOINT_URL_S3: queues },
    ...{ AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsUrl, PLUMBLINE_CLOCK_URL: clock.url },
    ...{ TABLE_NAME: tableName, ARCHIVE_BUCKET: "archive", CELL: "main", VENDOR: "rotor" },
    ...{ HINT_QUEUE_URL: urls["hints-rotor"], INBOUND_QUEUE_URL: urls.inbound, BACKFILL_QUEUE_URL: urls.backfill },
    HINT_QUEUES: JSON.stringify({ rotor: urls["hints-rotor"] }),
    OUTBOUND_QUEUES: JSON.stringify({ rotor: urls["outbound-rotor"] }),
    SWEEP_QUEUE_URL: urls.sweep,
  });
  tick = (await import("#functions/dispatch-due/handler.ts")).handler;
  poll = (await import("#functions/poll-vendor/handler.ts")).handler;
  sweep = (await import("#functions/sweep-drift/handler.ts")).handler;
  reconcile = (await import("#functions/reconcile-job/handler.ts")).handler;

  vendor = await run({ vendors: ["rotor"] });
  await at("2026-11-02T08:00:00.000Z");
  const control = vendor.control("rotor");
  await control.send("POST", "/accounts", { id: "crews", credentials: { apiKey: "rotor_1_secret" } });
  const jobs = [job("a", 100), job("b", 200)];
  await control.send("POST", "/load", { account: "crews", collections: { customers, jobs } });
  const client = database.client();
  const cell = openCell({ client, tableName, cell: "main" });
  await cell.applyConfiguration(configOf(`${vendor.urls["rotor"]}/open-api`));
  store = openStore({
    client,
    tableName,
    company: "ridgeline",
    config: cell.config,
    archive: memoryWorld().archive,
  });
});

afterAll(async () => {
  sqs.destroy();
  await app.close();
  await new Promise((done) => secrets.close(done));
  await clock.close();
  await database.close();
});

function configOf(baseUrl: string): Config {
  const connection = { id: "rotor-crews", vendor: "rotor", book: "receivable", baseUrl, secret: "plumbline/rotor" };
  const company = { id: "ridgeline", name: "Ridgeline", zone: "America/Denver", currency: "USD" };
  return configSchema.parse({
    cells: [{ id: "main", companies: ["ridgeline"] }],
    companies: [{ ...company, connections: [connection], policy: { authority: { work: ["rotor-crews"] } } }],
  });
}

describe("the path of a change", () => {
  test("a new company's records become jobs at the first tick", async () => {
    await settle();
    expect(await paymentOf("a")).toBe(10_000);
    expect(await paymentOf("b")).toBe(20_000);
    const feed = await store.feeds.load("rotor-crews", "serviced-jobs");
    expect(feed).toMatchObject({ completeAt: "2026-11-02T08:00:00.000Z", failingSince: null });
  });

  test("a change at the vendor is in the job after the stream's next read", async () => {
    await vendor
      .control("rotor")
      .send("POST", "/load", { account: "crews", collections: { customers, jobs: [job("a", 150), job("b", 200)] } });
    await at("2026-11-02T09:01:00.000Z");
    await settle();
    expect(await paymentOf("a")).toBe(15_000);
  });

  test("a change whose message was lost is found by the next sweep, though the manifest holds it", async () => {
    await vendor
      .control("rotor")
      .send("POST", "/load", { account: "crews", collections: { customers, jobs: [job("a", 150), job("b", 275)] } });
    await at("2026-11-02T10:02:00.000Z");
    await tick({}, context);
    await workOff("hints-rotor", poll);
    expect(await received("inbound")).toHaveLength(1);
    await settle();
    expect(await paymentOf("b")).toBe(20_000);
    await at("2026-11-03T09:00:00.000Z");
    await settle();
    expect(await paymentOf("b")).toBe(27_500);
  });

  test("a sweep of a system at rest changes nothing", async () => {
    const versions = async () => (await store.jobs.list(null)).jobs.map(({ state, version }) => [state.id, version]);
    const before = await versions();
    await at("2026-11-04T10:00:00.000Z");
    await settle();
    expect(await versions()).toEqual(before);
  });

  test("a message of a company nobody configured is kept for the dead-letter queue and touches nothing", async () => {
    const body = JSON.stringify({
      v: 1,
      kind: "stream",
      company: "stranger",
      connection: "rotor-crews",
      stream: "customers",
      purpose: "live",
    });
    const Records = [{ messageId: "m1", body }];
    expect(await poll({ Records } as SQSEvent, context)).toEqual({ batchItemFailures: [{ itemIdentifier: "m1" }] });
  });
});
