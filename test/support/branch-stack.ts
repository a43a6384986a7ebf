import { createServer, type Server } from "node:http";
import { type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
  SQSBatchResponse,
  SQSEvent,
} from "aws-lambda";
import { buildApp } from "fauxqs";
import { startClock } from "#local/aws/clock.ts";
import { configSchema } from "#shared/domain/policy.ts";
import { bodyFormat, unpackJson } from "#shared/store/body.ts";
import { type CompanyStore, openCell, openStore } from "#shared/store/open.ts";
import { type AwsCall, signedCalls } from "#shared/store/signed-call.ts";
import { type Client, type Loose, run } from "#test/simulators/support.ts";
import { startTestDatabase } from "#test/support/dynamodb.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";

type SqsHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;
type HttpHandler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

/** Where the one connection of a stack leads. */
export interface At {
  readonly vendor: string;
  readonly account: { readonly id: string; readonly credentials: Readonly<Record<string, string>> };
  /** Settings of the connection, by the address of the vendor's simulator. */
  readonly connection: (url: string) => Readonly<Record<string, string>>;
}

const branch: At = {
  vendor: "customtrades",
  account: { id: "boulder", credentials: { apiKey: "ctc_live_key" } },
  connection: (url) => ({ id: "branch", baseUrl: `${url}/api/v1` }),
};

const office: At = {
  vendor: "servicetitan",
  account: {
    id: "st-main",
    credentials: { tenant: "4242", clientId: "cid.1", clientSecret: "cs.1", applicationKey: "ak1.test" },
  },
  connection: (url) => ({ id: "office", baseUrl: url, authUrl: `${url}/connect/token`, tenant: "4242" }),
};

/** The live handlers of operate, call-vendor, dispatch-due, reconcile-job and write-back over one connection. */
export interface BranchStack {
  /** The secret key of the connection, which nothing may show. */
  readonly key: string;
  readonly store: CompanyStore;
  /** The simulator's own doors. */
  readonly control: Client;
  /** Time goes on, for the functions and the vendor. */
  pass(seconds: number): Promise<void>;
  /** Everything that follows from what is due now; hints are left, since nobody polls here. */
  settle(): Promise<void>;
  /** What is on its way to the vendor, taken from its queue. */
  onItsWay(): Promise<readonly Message[]>;
  /** A delivery to write-back, once more or for the first time. Throws when it was not taken. */
  deliver(messages: readonly Message[]): Promise<void>;
  ask(method: string, path: string, body?: unknown, role?: string): Promise<{ status: number; body: Loose }>;
  /** Every text that stands anywhere: items of the table, packed ones too, messages of the queues, archived objects. */
  everything(): Promise<Kept>;
  close(): Promise<void>;
}

export interface Kept {
  readonly items: readonly string[];
  /** All that were ever in a queue. */
  readonly messages: readonly string[];
  readonly objects: readonly string[];
}

const queues = ["hints", "inbound", "outbound", "sweep"] as const;
type Queue = (typeof queues)[number];
const credentials = { accessKeyId: "local", secretAccessKey: "local" };
const context = { awsRequestId: "r1", getRemainingTimeInMillis: () => 500_000 } as Context;
const start = "2026-11-02T08:00:00.000Z";

/** On real servers: DynamoDB, SQS, S3, Secrets Manager, a clock, and the vendor's simulator with these records. */
export async function startBranchStack(collections: Collections): Promise<BranchStack> {
  return startStack(branch, collections);
}

/** The same over an office in ServiceTitan. */
export async function startOfficeStack(collections: Collections): Promise<BranchStack> {
  return startStack(office, collections);
}

type Collections = Readonly<Record<string, readonly object[]>>;

async function startStack({ vendor: name, account, connection }: At, collections: Collections): Promise<BranchStack> {
  const { tenant: _tenant, ...secret } = account.credentials;
  const database = await startTestDatabase();
  const clock = await startClock();
  const app = buildApp({ logger: false });
  const aws = await app.listen({ port: 0, host: "127.0.0.1" });
  const secrets = await startSecrets(JSON.stringify(secret));
  const sqs = new SQSClient({ region: "us-east-1", credentials, endpoint: aws });
  const urls = await makeQueues(sqs);
  const tableName = await database.table();
  const archive = signedCalls({ region: "us-east-1", credentials, endpoints: { s3: aws } });
  await archive.send({ service: "s3", method: "PUT", url: new URL("/archive", aws) });
  Object.assign(process.env, {
    ...{ AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" },
    ...{ AWS_ENDPOINT_URL_DYNAMODB: database.url, AWS_ENDPOINT_URL_SQS: aws, AWS_ENDPOINT_URL_S3: aws },
    ...{ AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url, PLUMBLINE_CLOCK_URL: clock.url },
    ...{ TABLE_NAME: tableName, ARCHIVE_BUCKET: "archive", CELL: "main", VENDOR: name },
    ...{ INBOUND_QUEUE_URL: urls.inbound, OUTBOUND_QUEUE_URL: urls.outbound, SWEEP_QUEUE_URL: urls.sweep },
    HINT_QUEUES: JSON.stringify({ [name]: urls.hints }),
    OUTBOUND_QUEUES: JSON.stringify({ [name]: urls.outbound }),
  });
  const vendor = await run({ vendors: [name] });
  const control = vendor.control(name);
  let now = start;
  const pass = async (seconds: number): Promise<void> => {
    now = new Date(Date.parse(now) + seconds * 1000).toISOString();
    clock.set(now);
    await control.send("PUT", "/clock", { now });
  };
  await pass(0);
  await control.send("POST", "/accounts", account);
  await control.send("POST", "/load", { account: account.id, collections });
  const client = database.client();
  const cell = openCell({ client, tableName, cell: "main" });
  await cell.applyConfiguration(configOf(name, connection(vendor.urls[name] ?? "")));
  const company = { client, tableName, company: "ridgeline", config: cell.config, archive: memoryWorld().archive };
  const { allMessages, ...handlers } = await handlersOver(sqs, urls);
  return {
    key: Object.values(secret).at(-1) ?? "",
    store: openStore(company),
    control,
    pass,
    ...handlers,
    everything: async () => ({
      items: await itemsOf(client, tableName),
      messages: await allMessages(),
      objects: await objectsOf(archive, aws),
    }),
    async close() {
      sqs.destroy();
      await app.close();
      await new Promise((done) => secrets.server.close(done));
      await clock.close();
      await database.close();
    },
  };
}

async function handlersOver(
  sqs: SQSClient,
  urls: Readonly<Record<Queue, string>>,
): Promise<
  Pick<BranchStack, "settle" | "onItsWay" | "deliver" | "ask"> & { allMessages(): Promise<readonly string[]> }
> {
  const seen: string[] = [];
  const operate: HttpHandler = (await import("#functions/operate/handler.ts")).handler;
  const callVendor: HttpHandler = (await import("#functions/call-vendor/handler.ts")).handler;
  const write: SqsHandler = (await import("#functions/write-back/handler.ts")).handler;
  const reconcile: SqsHandler = (await import("#functions/reconcile-job/handler.ts")).handler;
  const tick = (await import("#functions/dispatch-due/handler.ts")).handler;
  const received = async (queue: Queue): Promise<readonly Message[]> => {
    const input = { QueueUrl: urls[queue], MaxNumberOfMessages: 10, VisibilityTimeout: 600 };
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(input));
    seen.push(...Messages.map(({ Body }) => Body ?? ""));
    if (Messages.length > 0) {
      const Entries = Messages.map(({ ReceiptHandle }, n) => ({ Id: String(n), ReceiptHandle: ReceiptHandle ?? "" }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: urls[queue], Entries }));
    }
    return Messages;
  };
  const handIn = async (handler: SqsHandler, messages: readonly Message[]): Promise<void> => {
    const Records = messages.map(({ MessageId, Body }) => ({ messageId: MessageId, body: Body }));
    const { batchItemFailures } = await handler({ Records } as SQSEvent, context);
    if (batchItemFailures.length > 0) throw new Error(`${batchItemFailures.length} messages were kept`);
  };
  return {
    async allMessages() {
      for (const queue of queues) while ((await received(queue)).length > 0);
      return seen;
    },
    onItsWay: () => received("outbound"),
    deliver: (messages) => handIn(write, messages),
    async settle() {
      await tick({}, context as never);
      for (let worked = 1; worked > 0; ) {
        worked = 0;
        for (const [queue, handler] of [["inbound", reconcile] as const, ["outbound", write] as const]) {
          const messages = await received(queue);
          worked += messages.length;
          if (messages.length > 0) await handIn(handler, messages);
        }
      }
    },
    async ask(method, path, body, role = "engineer") {
      const handler = `${method} ${path}` === "POST call" ? callVendor : operate;
      const reply = await handler(requestOf(method, path, body, role), context);
      return { status: reply.statusCode ?? 0, body: JSON.parse(reply.body ?? "") };
    },
  };
}

function requestOf(method: string, path: string, body: unknown, role: string): APIGatewayProxyEventV2 {
  const [route = "", query = ""] = path.split("?");
  const rawPath = `/companies/ridgeline/${route}`;
  const claims = { sub: "ana@ridgeline.example", company: "ridgeline", role };
  const event: Loose = {
    routeKey: `${method} ${rawPath}`,
    rawPath,
    headers: {},
    queryStringParameters: Object.fromEntries(new URLSearchParams(query)),
    requestContext: { http: { method, path: rawPath }, authorizer: { jwt: { claims, scopes: null } } },
    body: body === undefined ? "" : JSON.stringify(body),
    isBase64Encoded: false,
  };
  return event;
}

/** An item as texts: what is packed is unpacked, whatever else is bytes is read as it stands. */
async function itemsOf(client: DynamoDBClient, TableName: string): Promise<readonly string[]> {
  const { Items = [], LastEvaluatedKey } = await client.send(new ScanCommand({ TableName }));
  if (LastEvaluatedKey) throw new Error("more items than one page shows");
  return Items.map((item) =>
    JSON.stringify(item, (_name, value: unknown) => (value instanceof Uint8Array ? unpacked(value) : value)),
  );
}

function unpacked(packed: Uint8Array): unknown {
  try {
    return unpackJson(bodyFormat, packed);
  } catch {
    return Buffer.from(packed).toString("latin1");
  }
}

async function objectsOf(archive: AwsCall, aws: string): Promise<readonly string[]> {
  const listed = await archive.send({ service: "s3", method: "GET", url: new URL("/archive?list-type=2", aws) });
  if (listed.includes("<IsTruncated>true")) throw new Error("more objects than one page shows");
  const keys = [...listed.matchAll(/<Key>([^<]+)<\/Key>/g)].map((match) => match[1] ?? "");
  return Promise.all(
    keys.map(async (name) => {
      const url = new URL(`/archive/${name}`, aws);
      return `${name} ${await archive.send({ service: "s3", method: "GET", url })}`;
    }),
  );
}

async function startSecrets(SecretString: string): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => response.end(JSON.stringify({ SecretString })));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const at = server.address();
  return { server, url: `http://127.0.0.1:${typeof at === "object" && at ? at.port : 0}` };
}

async function makeQueues(sqs: SQSClient): Promise<Readonly<Record<Queue, string>>> {
  const url = async (QueueName: Queue): Promise<string> =>
    (await sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl ?? "";
  return {
    hints: await url("hints"),
    inbound: await url("inbound"),
    outbound: await url("outbound"),
    sweep: await url("sweep"),
  };
}

function configOf(vendor: string, settings: Readonly<Record<string, string>>) {
  const connection = {
    ...{ vendor, book: "receivable", secret: `plumbline/ridgeline/${settings["id"]}` },
    ...{ lagSeconds: 30, budget: { perMinute: 60 }, ...settings },
  };
  const company = { id: "ridgeline", name: "Ridgeline", zone: "America/Denver", currency: "USD" };
  return configSchema.parse({
    cells: [{ id: "main", companies: ["ridgeline"] }],
    companies: [{ ...company, connections: [connection], policy: { authority: { work: [settings["id"]] } } }],
  });
}
