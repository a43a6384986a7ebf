import { createPrivateKey, generateKeyPairSync, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startStack } from "#local/aws/stack.ts";
import * as z from "#shared/domain/schema.ts";
import { type SmallStack, startSmallStack, templateDir } from "./support.ts";

let small: SmallStack;
let api: string;

beforeAll(async () => {
  small = await startSmallStack();
  api = small.stack.apiUrl;
});
afterAll(() => small.close());

const webhook = "/webhooks/acme/fleetio";

/** The event that the echoing function was given. */
async function eventOf(path: string, init: RequestInit): Promise<Record<string, unknown>> {
  const response = await fetch(api + path, init);
  expect(response.status).toBe(200);
  return record(await response.json());
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null) throw new Error("not an object");
  return Object.fromEntries(Object.entries(value));
}

describe("the HTTP API", () => {
  it("hands a request over as payload 2.0", async () => {
    const event = await eventOf(`${webhook}?b=2&a=1&a=x%20y`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Signature": "abc", Cookie: "one=1; two=2" },
      body: '{"a": 1}',
    });
    expect(event).toMatchObject({
      version: "2.0",
      routeKey: "POST /webhooks/{company}/{connection}",
      rawPath: webhook,
      rawQueryString: "b=2&a=1&a=x%20y",
      cookies: ["one=1", "two=2"],
      headers: { "content-type": "application/json", "x-signature": "abc" },
      queryStringParameters: { a: "1,x y", b: "2" },
      pathParameters: { company: "acme", connection: "fleetio" },
      requestContext: { http: { method: "POST", path: webhook, sourceIp: "127.0.0.1" }, stage: "$default" },
      body: '{"a": 1}',
      isBase64Encoded: false,
    });
    expect(event["headers"]).not.toHaveProperty("cookie");
    expect(event["requestContext"]).not.toHaveProperty("authorizer");
  });

  it.each([
    [
      "text with odd spaces and a last line break",
      "application/json",
      Buffer.from('{ "a" :\t1.50 , "é":"\u2028" }\r\n'),
    ],
    ["bytes that are no UTF-8, whatever their type says", "application/json", Buffer.from([123, 255, 254, 125])],
    ["binary", "application/octet-stream", Buffer.from([0, 1, 2, 255])],
    ["a form", "application/x-www-form-urlencoded", Buffer.from("a=1&b=%20")],
  ])("hands a body over byte for byte: %s", async (_what, type, body) => {
    const event = await eventOf(webhook, {
      method: "POST",
      headers: { "content-type": type },
      body: new Uint8Array(body),
    });
    const bytes = Buffer.from(String(event["body"]), event["isBase64Encoded"] ? "base64" : "utf8");
    expect(bytes.equals(body)).toBe(true);
  });

  it("answers as API Gateway does where no route, no token or no function answers", async () => {
    const asked = async (path: string, init?: RequestInit) => {
      const response = await fetch(api + path, init);
      return [response.status, await response.text()];
    };
    expect(await asked("/nowhere")).toEqual([404, '{"message":"Not Found"}']);
    expect(await asked(webhook)).toEqual([404, '{"message":"Not Found"}']);
    expect(await asked("/companies/acme/jobs")).toEqual([401, '{"message":"Unauthorized"}']);
    for (const special of ["throw", "broken"]) {
      const answer = await asked(webhook, { method: "POST", headers: { "x-answer": special } });
      expect(answer).toEqual([500, '{"message":"Internal Server Error"}']);
    }
  });

  it("answers 500 for a bundle that cannot be loaded, again at each try, and counts it", async () => {
    for (const expected of [1, 2]) {
      expect((await fetch(`${api}/broken`, { method: "POST" })).status).toBe(500);
      expect(small.stack.invocations()["small-broken"]).toEqual({ invoked: expected, failed: expected, timedOut: 0 });
    }
  });

  it("refuses more than Lambda takes with 413", async () => {
    const post = (size: number) =>
      fetch(api + webhook, { method: "POST", headers: { "content-type": "text/plain" }, body: "a".repeat(size) });
    expect((await post(7 * 1024 * 1024)).status).toBe(413);
    expect((await post(11 * 1024 * 1024)).status).toBe(413);
    expect((await post(2 * 1024 * 1024)).status).toBe(200);
  });

  it("turns the function's answer into status, headers, cookies and bytes", async () => {
    const bytes = await fetch(api + webhook, { method: "POST", headers: { "x-answer": "bytes" } });
    expect([bytes.status, bytes.headers.get("content-type")]).toEqual([201, "application/octet-stream"]);
    expect(Buffer.from(await bytes.arrayBuffer())).toEqual(Buffer.from([0, 255, 254, 10]));
    const cookies = await fetch(api + webhook, { method: "POST", headers: { "x-answer": "cookies" } });
    expect([cookies.status, cookies.headers.getSetCookie()]).toEqual([204, ["a=1", "b=2"]]);
  });

  it("chooses a fixed path before a greedy one, and keeps the path as it came", async () => {
    const headers = { authorization: `Bearer ${small.stack.token({ sub: "1", company: "acme", role: "operator" })}` };
    expect(await eventOf("/companies/acme/fixed", { headers })).toMatchObject({
      routeKey: "GET /companies/{company}/fixed",
    });
    expect(await eventOf("/companies/a%20b/jobs/J%2F1/x", { headers })).toMatchObject({
      routeKey: "ANY /companies/{company}/{proxy+}",
      rawPath: "/companies/a%20b/jobs/J%2F1/x",
      pathParameters: { company: "a b", proxy: "jobs/J/1/x" },
    });
  });
});

describe("the JWT authorizer", () => {
  const audience = { iss: "https://issuer.example", aud: "small" };
  const ask = async (token: string, path = "/companies/acme/jobs") =>
    (await fetch(api + path, { headers: { authorization: token } })).status;

  const jwksSchema = z.object({ keys: z.array(z.object({ kid: z.string() })) });

  /** Signs like the stack, with what a test wants wrong. */
  function forged(
    claims: object,
    header: object = {},
    key = readFileSync(join(small.dataDir, "token-key.pem")),
  ): string {
    const { keys } = z.parse(jwksSchema, JSON.parse(readFileSync(join(small.dataDir, "jwks.json"), "utf8")));
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const exp = Math.floor(Date.now() / 1000) + 60;
    const input = `${encode({ alg: "RS256", kid: keys[0]?.kid, ...header })}.${encode({ exp, ...audience, ...claims })}`;
    return `Bearer ${input}.${sign("RSA-SHA256", Buffer.from(input), createPrivateKey(key)).toString("base64url")}`;
  }

  it("hands the claims on as strings", async () => {
    const token = small.stack.token({ sub: "u1", company: "acme", role: "bookkeeper" });
    const event = await eventOf("/companies/acme/jobs", { headers: { authorization: `Bearer ${token}` } });
    expect(event["requestContext"]).toMatchObject({
      authorizer: { jwt: { claims: { sub: "u1", company: "acme", role: "bookkeeper", iss: audience.iss } } },
    });
    const exp = /"exp":(\d+)/.exec(Buffer.from(token.split(".")[1] ?? "", "base64url").toString())?.[1];
    expect(event).toHaveProperty("requestContext.authorizer.jwt.claims.exp", exp);
  });

  it("checks signature, key, issuer, audience and expiry, on real time whatever the clock service says", async () => {
    await small.stack.setNow("2001-01-01T00:00:00.000Z");
    const past = Math.floor(Date.now() / 1000) - 1;
    const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({
      type: "pkcs8",
      format: "pem",
    });
    expect(await ask(forged({}))).toBe(200);
    expect(await ask(forged({ exp: past }))).toBe(401);
    expect(await ask(forged({ nbf: past + 600 }))).toBe(401);
    expect(await ask(forged({ iss: "https://else.example" }))).toBe(401);
    expect(await ask(forged({ aud: "else" }))).toBe(401);
    expect(await ask(forged({ aud: ["else", "small"] }))).toBe(200);
    expect(await ask(forged({}, {}, Buffer.from(other)))).toBe(401);
    expect(await ask(forged({}, { kid: "else" }))).toBe(401);
    expect(await ask(forged({}, { alg: "none" }))).toBe(401);
    expect(await ask("Bearer rubbish")).toBe(401);
  });

  it("answers 403 when the route asks for a scope the token lacks", async () => {
    expect(await ask(forged({ scope: "write" }), "/scoped")).toBe(403);
    expect(await ask(forged({ scope: "write read" }), "/scoped")).toBe(200);
  });
});

describe("starting", () => {
  it("names a port that is taken in one line, and leaves nothing behind", async () => {
    const port = Number(new URL(api).port);
    const refused = startStack({ dataDir: join(small.dataDir, "second"), templateDir, port });
    await expect(refused).rejects.toThrow(
      new Error(`port ${port} is already in use on 127.0.0.1: stop what uses it, or choose another`),
    );
  });

  it("refuses a data folder on which a stack already runs", async () => {
    const refused = startStack({ dataDir: small.dataDir, templateDir });
    await expect(refused).rejects.toThrow(`already runs on ${small.dataDir} (process ${process.pid})`);
  });

  it("says what to do when nothing has been synthesised", async () => {
    const refused = startStack({ dataDir: join(small.dataDir, "third"), templateDir: small.dataDir });
    await expect(refused).rejects.toThrow(/no template in .+ \(npm run synth\)$/);
  });
});
