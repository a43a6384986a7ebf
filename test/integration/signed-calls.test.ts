import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { CreateQueueCommand, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { buildApp } from "fauxqs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Failure } from "#shared/domain/failure.ts";
import type { Inbound } from "#shared/messages/inbound.ts";
import { s3Archive } from "#shared/store/archive.ts";
import { secretsManager } from "#shared/store/secrets.ts";
import { type AwsAccess, AwsError, signedCalls } from "#shared/store/signed-call.ts";
import { batchesOf, sqsClient, sqsQueues } from "#shared/store/sqs-queues.ts";

const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };

describe("queues through the SDK, the archive over signed calls", () => {
  const app = buildApp({ logger: false });
  let access: AwsAccess;
  let sqs: SQSClient;

  beforeAll(async () => {
    const url = await app.listen({ port: 0, host: "127.0.0.1" });
    access = { region: "us-east-1", credentials, endpoints: { sqs: url, s3: url } };
    sqs = sqsClient(access);
  });
  afterAll(async () => {
    sqs.destroy();
    await app.close();
  });

  const queue = async (QueueName: string): Promise<string> =>
    (await sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl ?? "";
  const received = async (QueueUrl: string): Promise<readonly string[]> => {
    const bodies: string[] = [];
    for (;;) {
      const input = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 };
      const { Messages } = await sqs.send(new ReceiveMessageCommand(input));
      if (!Messages?.length) return bodies;
      bodies.push(...Messages.map(({ Body }) => Body ?? ""));
    }
  };

  test("every message arrives once, whatever the number, batch after batch", async () => {
    const inbound = await queue("inbound");
    const messages: Inbound[] = Array.from({ length: 37 }, (_, n) => ({
      v: 1,
      kind: "due",
      company: "ridgeline",
      job: `j${n}`,
    }));
    await sqsQueues(sqs, { inbound }).inbound(messages);
    const arrived = (await received(inbound)).map((body): unknown => JSON.parse(body));
    expect(arrived).toHaveLength(37);
    expect(arrived).toEqual(expect.arrayContaining(messages));
  });

  test("a queue that the function is not given is an error that names it", async () => {
    await expect(sqsQueues(sqs, {}).hints("rotor", [])).rejects.toThrow("hints of rotor");
  });

  test("an object is read back as it was put, odd signs in its key and text included", async () => {
    const bucket = new URL("/archive", access.endpoints.s3);
    await signedCalls(access).send({ service: "s3", method: "PUT", url: bucket });
    const archive = s3Archive(signedCalls(access), "archive");
    const key = "pages/ridgeline/2026-11-02/st main/o'brien (1)!*.json";
    await archive.put(key, '{"größe":"✓"}');
    expect(await archive.get(key)).toBe('{"größe":"✓"}');
  });

  test("an object that is not there is Failure missing", async () => {
    const archive = s3Archive(signedCalls(access), "archive");
    await expect(archive.get("nothing.json")).rejects.toMatchObject({ kind: "missing" });
  });
});

describe("batches", () => {
  const entry = (bytes: number) => ({ body: "x".repeat(bytes), group: "g" });
  test("hold at most ten messages and a megabyte, in order", () => {
    const batches = batchesOf([...Array.from({ length: 12 }, () => entry(10)), entry(900_000), entry(200_000)]);
    expect(batches.map((batch) => batch.length)).toEqual([10, 3, 1]);
  });
  test("refuse a message that no queue takes", () => {
    expect(() => batchesOf([entry(1_048_577)])).toThrow("more than a queue takes");
  });
});

describe("a service that fails", () => {
  let server: Server;
  let asked: IncomingMessage[] = [];
  let answers: (readonly [number, string])[] = [];
  let url: string;
  let access: AwsAccess;
  let sqs: SQSClient;

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request);
      request.resume().on("end", () => {
        const [status, body] = answers.shift() ?? [500, ""];
        if (status === 0) request.socket.destroy();
        else response.writeHead(status).end(body);
      });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    url = `http://127.0.0.1:${port}/`;
    access = { region: "us-east-1", credentials, endpoints: { secretsmanager: url, sqs: url } };
    sqs = sqsClient(access);
  });
  afterAll(async () => {
    sqs.destroy();
    await new Promise((done) => server.close(done));
  });
  afterEach(() => {
    asked = [];
    answers = [];
  });

  const secret = '{"SecretString":"{\\"apiKey\\":\\"k\\"}"}';

  test("is asked again after a 500, throttling and a broken connection", async () => {
    answers = [
      [500, ""],
      [400, '{"__type":"ThrottlingException"}'],
      [0, ""],
      [200, secret],
    ];
    expect(await secretsManager(signedCalls(access)).get("plumbline/rotor")).toEqual({ apiKey: "k" });
    expect(asked).toHaveLength(4);
    expect(asked[0]?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/us-east-1\/secretsmanager\/aws4_request/,
    );
  });

  test("is not asked again after a refusal; the message tells the code and no secret", async () => {
    answers = [[400, '{"__type":"com.amazonaws#ResourceNotFoundException"}']];
    const refused = secretsManager(signedCalls(access)).get("plumbline/none");
    await expect(refused).rejects.toMatchObject({
      kind: "unauthorised",
      message: expect.stringContaining("ResourceNotFoundException"),
    });
    expect(asked).toHaveLength(1);
  });

  test("gives up after four times, as an AwsError or as Failure transient where nothing answered", async () => {
    const bucket = () => signedCalls(access).send({ service: "s3", method: "PUT", url: new URL(url) });
    answers = Array.from({ length: 4 }, () => [503, ""] as const);
    await expect(bucket()).rejects.toBeInstanceOf(AwsError);
    answers = Array.from({ length: 4 }, () => [0, ""] as const);
    await expect(bucket()).rejects.toMatchObject({ kind: "transient" });
    expect(asked).toHaveLength(8);
  });

  test("a secret is read once while it is trusted, again after five minutes, and a failed read is not remembered", async () => {
    let now = 0;
    const secrets = secretsManager(signedCalls(access), () => now);
    answers = [
      [400, '{"__type":"AccessDeniedException"}'],
      [200, secret],
      [200, secret],
    ];
    await expect(secrets.get("s")).rejects.toBeInstanceOf(Failure);
    await Promise.all([secrets.get("s"), secrets.get("s")]);
    now = 299_000;
    await secrets.get("s");
    expect(asked).toHaveLength(2);
    now = 301_000;
    await secrets.get("s");
    expect(asked).toHaveLength(3);
  });

  test("entries that SQS refuses within a success are sent again, and only those", async () => {
    const due = (job: string): Inbound => ({ v: 1, kind: "due", company: "c", job });
    const taken = (id: string, job: string) => {
      // The client compares what SQS says it took with what it sent.
      const MD5OfMessageBody = createHash("md5")
        .update(JSON.stringify(due(job)))
        .digest("hex");
      return { Id: id, MessageId: id, MD5OfMessageBody };
    };
    const refused = (id: string) => ({ Id: id, Code: "InternalError", SenderFault: false });
    answers = [
      [200, JSON.stringify({ Successful: [taken("0", "j1")], Failed: [refused("1")] })],
      [200, JSON.stringify({ Successful: [taken("1", "j2")] })],
    ];
    const queues = sqsQueues(sqs, { inbound: `${url}q` });
    await queues.inbound([due("j1"), due("j2")]);
    expect(asked).toHaveLength(2);
    answers = Array.from({ length: 4 }, () => [200, JSON.stringify({ Failed: [refused("0")] })] as const);
    await expect(queues.inbound([due("j")])).rejects.toMatchObject({ kind: "transient" });
    expect(asked).toHaveLength(6);
  });

  test("a message that arrived otherwise than it was sent is an error, not a success", async () => {
    const garbled = { Successful: [{ Id: "0", MessageId: "0", MD5OfMessageBody: "0".repeat(32) }] };
    answers = [[200, JSON.stringify(garbled)]];
    const queues = sqsQueues(sqs, { inbound: `${url}q` });
    await expect(queues.inbound([{ v: 1, kind: "due", company: "c", job: "j" }])).rejects.toThrow("MD5");
  });
});
