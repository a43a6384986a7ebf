import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { activity, type Depths, deadLetterNames, depthsOf, isBusy } from "./activity.ts";
import { tokenIssuer } from "./authorizer.ts";
import { startClock } from "./clock.ts";
import { functionsOf, mappingsOf, queuesOf, schedulesOf } from "./declared.ts";
import { httpApiOf } from "./declared-api.ts";
import { createTables, startDatabase } from "./dynamodb.ts";
import { type Endpoints, localAdditions } from "./environment.ts";
import { type Counts, startFunctions } from "./functions.ts";
import { httpApi } from "./http-api.ts";
import { type Answer, bodyOf, listen } from "./http-server.ts";
import { startMapping } from "./mapping.ts";
import { localNaming, physicalName } from "./naming.ts";
import { objectFiles } from "./object-files.ts";
import { answerObject } from "./objects.ts";
import { queueKinds } from "./queue-kinds.ts";
import { startQueues } from "./queues.ts";
import { resolver } from "./resolve.ts";
import { fire, startSchedules } from "./schedules.ts";
import { answerSecret } from "./secrets.ts";
import { refuseSecondStack, writeStackFile } from "./stack-file.ts";
import { readAssembly, resourcesOf } from "./template.ts";

export interface StackOptions {
  /** Everything that outlives the stack: table, archive, token key, logs, secrets.json, stack.json. */
  readonly dataDir: string;
  /** Where `cdk synth` wrote templates and bundles. */
  readonly templateDir: string;
  /** Fires schedules on real time; otherwise only tick() does. */
  readonly realSchedules?: boolean;
  /** The HTTP API's port; a free one otherwise. */
  readonly port?: number;
  /** Answers what lies under `path` on the API's port beside the template's routes: what a static host would serve. */
  readonly beside?: { readonly path: string; readonly answer: Answer };
  /** Asked for by the caller on top of the template's environment, for every function. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface QueueAddress {
  readonly url: string;
  /** How functions know it: `HINT_QUEUES` and `HINT_QUEUE_URL` make `hint`. A dead-letter queue has its source's kind. */
  readonly kind: string;
  readonly deadLetter: boolean;
}

/** The synthesised template, running on this machine. */
export interface Stack {
  readonly apiUrl: string;
  readonly endpoints: Endpoints;
  readonly clockUrl: string;
  readonly tableName: string;
  readonly archiveBucket: string;
  /** The cell the template was made for, as its functions are told; null where none is. */
  readonly cell: string | null;
  /** By name. */
  readonly queues: Readonly<Record<string, QueueAddress>>;
  /** Moves the clock service; it stands still until it is moved again. */
  setNow(instant: string): Promise<void>;
  /** A bearer token as the template's authorizer wants it. */
  token(claims: { readonly sub: string; readonly company: string; readonly role: string }): string;
  /** Fires every schedule once, as EventBridge Scheduler would; idle() waits for what comes of it. */
  tick(): Promise<void>;
  depths(): Promise<Depths>;
  /** Messages dealt with since the start, by kind of queue. */
  handled(): Readonly<Record<string, number>>;
  /** Resolves when no queue but a dead-letter queue holds a message and no invocation runs. */
  idle(): Promise<void>;
  /** By function name. */
  invocations(): Record<string, Counts>;
  /** Kills the sandboxes of one function or of all; the next invocation starts cold. */
  restart(functionName?: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Runs what the CDK app synthesised on loopback. Everything it starts ends with this process, however that ends. Rejects
 * with one line when the template, the database or the port cannot be had.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return await start(options, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  options: StackOptions,
  closers: (() => Promise<void>)[],
  close: () => Promise<void>,
): Promise<Stack> {
  const dataDir = resolve(options.dataDir);
  const assembly = readAssembly(options.templateDir);
  mkdirSync(dataDir, { recursive: true });
  await refuseSecondStack(dataDir);
  const opened = <Thing extends { close(): Promise<void> }>(thing: Thing): Thing => {
    closers.push(() => thing.close());
    return thing;
  };

  // The addresses come first: the template's references resolve to them.
  let api: Answer = (_request, response) => void response.writeHead(503).end();
  const { beside } = options;
  const answer: Answer = (request, response) =>
    (beside && request.url?.startsWith(beside.path) ? beside.answer : api)(request, response);
  const apiServer = opened(await listen(answer, options.port ?? 0, report));
  const queues = opened(await startQueues());
  const names = resolver(
    assembly,
    localNaming({ sqs: queues.url, api: apiServer.url }, () => names),
  );
  const database = opened(await startDatabase(dataDir));
  const tables = await createTables(assembly, names, database.url);
  const clock = opened(await startClock());
  const buckets = resourcesOf(assembly, "AWS::S3::Bucket").map((bucket) => physicalName(bucket, names));
  const others = opened(await listen(objectsAndSecrets(dataDir, new Set(buckets)), 0, report));

  const endpoints = { dynamodb: database.url, sqs: queues.url, s3: others.url, secretsManager: others.url };
  const specs = functionsOf(assembly, names);
  const additions = { ...options.environment, ...localAdditions(endpoints, clock.url) };
  const place = { keeper: database.keeper, logFolder: join(dataDir, "logs"), additions };
  queues.add(queuesOf(assembly, names, queues.url));
  const dead = deadLetterNames(queues.all());
  const work = activity(() => isBusy(queues.all(), dead, functions));
  const functions = opened(startFunctions(specs, place, () => work.changed()));
  const schedules = schedulesOf(assembly, names);
  for (const spec of mappingsOf(assembly, names)) {
    const mapping = startMapping(spec, queues.queue(spec.queueArn), functions, () => work.changed());
    closers.push(() => mapping.stop());
  }

  const issuer = tokenIssuer(dataDir);
  const declaredApi = httpApiOf(assembly, names);
  if (declaredApi) api = httpApi(declaredApi, functions, issuer);
  const authorizer = declaredApi?.routes.find((route) => route.authorizer)?.authorizer;
  if (options.realSchedules) {
    const stop = startSchedules(schedules, functions, () => clock.now());
    closers.push(async () => stop());
  }

  const kinds = queueKinds(
    specs,
    queues.all().map(({ spec }) => spec),
  );
  const addresses = Object.fromEntries(
    queues
      .all()
      .map(({ spec }) => [
        spec.name,
        { url: spec.url, kind: kinds.get(spec.name) ?? "other", deadLetter: dead.has(spec.name) },
      ]),
  );
  const told = (name: string): string | undefined =>
    specs.map((spec) => spec.environment[name]).find((value) => value !== undefined);
  const stack: Stack = {
    apiUrl: apiServer.url,
    endpoints,
    clockUrl: clock.url,
    tableName: tables[0] ?? "",
    archiveBucket: told("ARCHIVE_BUCKET") ?? buckets[0] ?? "",
    cell: told("CELL") ?? null,
    queues: addresses,
    setNow: async (instant) => clock.set(instant),
    token(claims) {
      if (!authorizer) throw new Error("no route of the template has a JWT authorizer");
      return issuer.sign(claims, authorizer.issuer, authorizer.audience[0] ?? "");
    },
    async tick() {
      for (const schedule of schedules) fire(schedule, functions, clock.now());
    },
    depths: async () => depthsOf(queues.all(), dead),
    handled: () => {
      const sums: Record<string, number> = {};
      for (const queue of queues.all()) {
        const kind = addresses[queue.spec.name]?.kind ?? "other";
        sums[kind] = (sums[kind] ?? 0) + queue.handled();
      }
      return sums;
    },
    idle: () => work.idle(),
    invocations: () => functions.counts(),
    restart: (functionName) => functions.restart(functionName),
    close,
  };
  const { keeper } = database;
  const token = {
    keyFile: issuer.keyFile,
    keyId: issuer.keyId,
    issuer: authorizer?.issuer,
    audience: authorizer?.audience[0],
  };
  const pids = { runner: process.pid, keeper: keeper.pid, dynamodb: keeper.childPid };
  closers.push(writeStackFile(dataDir, { ...plain(stack), pids, token }));
  watchDatabase(keeper.ended, keeper.childPid, closers);
  return stack;
}

/** S3 and Secrets Manager share a server: only the latter's requests have a target. */
function objectsAndSecrets(dataDir: string, buckets: ReadonlySet<string>): Answer {
  const files = objectFiles(join(dataDir, "archive"));
  return async (request, response) => {
    const body = (await bodyOf(request)) ?? Buffer.alloc(0);
    const target = request.headers["x-amz-target"];
    if (typeof target === "string") answerSecret(join(dataDir, "secrets.json"), target, body, response);
    else await answerObject(files, buckets, request, body, response);
  };
}

/** The addresses of a stack, without its functions. */
function plain({ apiUrl, clockUrl, endpoints, tableName, archiveBucket, queues }: Stack): object {
  return { apiUrl, clockUrl, endpoints, tableName, archiveBucket, queues };
}

/** Without its database the stack is of no use: it says so, and ends what the keeper can no longer end. */
function watchDatabase(ended: Promise<string>, pid: number, closers: readonly unknown[]): void {
  void ended.then((said) => {
    if (closers.length === 0) return;
    report(`the local DynamoDB has ended${said ? `: ${said.split("\n")[0]}` : ""}`);
    if (existsSync(`/proc/${pid}`)) process.kill(pid, "SIGKILL");
  });
}

function report(error: unknown): void {
  process.stderr.write(`local stack: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}
