import { execFile } from "node:child_process";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { budgetInMemory } from "#shared/connectors/budget.ts";
import type { VendorHttp } from "#shared/connectors/connector.ts";
import { Failure } from "#shared/domain/failure.ts";
import * as z from "#shared/domain/schema.ts";
import { type ClientOptions, clientFor, connectionFor, failureOf, noon } from "./support.ts";

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
});

async function vendor(handler: Handler): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += String(chunk);
    });
    request.on("end", () => handler(request, response, body));
  });
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/api`, server };
}

const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
};

const plain: VendorHttp = {
  authorise: async () => ({ authorization: "Bearer very-secret-key" }),
  classify: () => null,
};

const client = (url: string, options: Partial<ClientOptions> = {}, http: VendorHttp = plain) =>
  clientFor({ http }, { connection: connectionFor("acme", url), secret: { key: "very-secret-key" }, ...options });

const ok = z.looseObject({ ok: z.literal(true) });
const read = { operation: "getThing", method: "GET", path: "/thing", schema: ok, writes: false } as const;
const write = {
  operation: "putThing",
  method: "PUT",
  path: "/thing",
  json: { a: 1 },
  schema: ok,
  writes: true,
} as const;

describe("what goes over the wire", () => {
  test("plus, space, comma and brackets are sent as vendors read them, and lists repeat their key", async () => {
    let asked = "";
    const { url } = await vendor((request, response) => {
      asked = request.url ?? "";
      json(response, 200, { ok: true });
    });
    await client(url).request({
      ...read,
      query: {
        sort: "+id",
        name: "a b&c",
        status: "New,In Progress",
        "ids[]": ["1", "2"],
        none: undefined,
        "filter[x][gt]": "2026-01-01T00:00:00Z",
      },
    });
    expect(asked).toBe(
      "/api/thing?sort=%2Bid&name=a%20b%26c&status=New,In%20Progress&ids[]=1&ids[]=2&filter[x][gt]=2026-01-01T00:00:00Z",
    );
  });

  test("a body is JSON with its length, and the request id of the answer is kept", async () => {
    let seen: unknown;
    const { url } = await vendor((request, response, body) => {
      seen = { body, type: request.headers["content-type"], auth: request.headers.authorization };
      json(response, 200, { ok: true }, { "x-request-id": "r-7" });
    });
    const reply = await client(url).request(write);
    expect(seen).toEqual({ body: '{"a":1}', type: "application/json", auth: "Bearer very-secret-key" });
    expect(reply.requestId).toBe("r-7");
  });

  test("a token request goes to authUrl as a form, without credentials", async () => {
    let seen: unknown;
    const { url } = await vendor((request, response, body) => {
      seen = { body, path: request.url, auth: request.headers.authorization };
      json(response, 200, { ok: true });
    });
    const connection = connectionFor("acme", "http://127.0.0.1:9/", { authUrl: `${url}/connect/token` });
    const form = { grant_type: "client_credentials", client_secret: "a+b c" };
    await client(url, { connection }).request({
      ...write,
      method: "POST",
      to: "auth",
      path: "",
      json: undefined,
      form,
    });
    expect(seen).toEqual({ body: "grant_type=client_credentials&client_secret=a%2Bb+c", path: "/api/connect/token" });
  });

  test("a read on a kept connection that the vendor has closed meanwhile is sent once more", async () => {
    let requests = 0;
    const { url } = await vendor((request, response) => {
      requests++;
      if (requests === 2) request.socket.resetAndDestroy();
      else json(response, 200, { ok: true });
    });
    const one = client(url);
    await one.request(read);
    expect((await one.request(read)).value).toEqual({ ok: true });
    expect(requests).toBe(3);
  });
});

const kinds: [what: string, handler: Handler, read: string, write: string][] = [
  ["a reset after the request", (request) => request.socket.resetAndDestroy(), "transient", "ambiguous"],
  ["no answer in time", () => {}, "transient", "ambiguous"],
  [
    "an answer cut short",
    (_request, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "100" }).write('{"ok":');
      setTimeout(() => response.destroy(), 5);
    },
    "transient",
    "ambiguous",
  ],
  [
    "HTML with 200",
    (_q, response) => void response.writeHead(200, { "content-type": "text/html" }).end("<p>hi"),
    "malformed",
    "ambiguous",
  ],
  [
    "HTML with 502",
    (_q, response) => void response.writeHead(502, { "content-type": "text/html" }).end("<p>bad"),
    "transient",
    "ambiguous",
  ],
  [
    "HTML with 404",
    (_q, response) => void response.writeHead(404, { "content-type": "text/html" }).end("<p>no"),
    "malformed",
    "rejected",
  ],
  [
    "broken JSON",
    (_q, response) => void response.writeHead(200, { "content-type": "application/json" }).end('{"ok":tr'),
    "malformed",
    "ambiguous",
  ],
  ["another shape", (_q, response) => json(response, 200, { ok: "yes" }), "malformed", "ambiguous"],
  ["an empty body where one is due", (_q, response) => void response.writeHead(200).end(), "malformed", "ambiguous"],
  ["400", (_q, response) => json(response, 400, { message: "no" }), "bad-input", "rejected"],
  ["401", (_q, response) => json(response, 401, {}), "unauthorised", "unauthorised"],
  ["403", (_q, response) => json(response, 403, {}), "unauthorised", "unauthorised"],
  ["404", (_q, response) => json(response, 404, { message: "none" }), "missing", "rejected"],
  ["409", (_q, response) => json(response, 409, {}), "bad-input", "rejected"],
  ["422", (_q, response) => json(response, 422, {}), "bad-input", "rejected"],
  ["429", (_q, response) => json(response, 429, {}), "rate-limited", "rate-limited"],
  ["500", (_q, response) => json(response, 500, {}), "transient", "ambiguous"],
  [
    "a redirect",
    (_q, response) => void response.writeHead(302, { location: "/elsewhere" }).end(),
    "bad-input",
    "bad-input",
  ],
];

describe("every failure is classified once", () => {
  test.each(kinds)("%s", async (_what, handler, asRead, asWrite) => {
    const { url } = await vendor(handler);
    const one = client(url, { fetchTimeoutMs: 150 });
    expect((await failureOf(one.request(read))).kind).toBe(asRead);
    expect((await failureOf(one.request(write))).kind).toBe(asWrite);
  });

  test("a write whose connection was never made is transient: nothing can have happened", async () => {
    const { url, server } = await vendor(() => {});
    await new Promise((closed) => server.close(closed));
    expect((await failureOf(client(url).request(write))).kind).toBe("transient");
  });

  test("no secret stands in a failure, whatever the vendor echoes", async () => {
    const { url } = await vendor((request, response) =>
      json(response, 400, { message: `bad key ${String(request.headers.authorization)}`, access_token: "tok-123456" }),
    );
    const failure = await failureOf(client(url).request(read));
    const all = JSON.stringify({ message: failure.message, ...failure.detail });
    expect(all).not.toMatch(/very-secret-key|tok-123456/);
    expect(failure.detail).toMatchObject({ connection: "acme-one", operation: "getThing", status: 400 });
  });

  test("a token that ended early is dropped and the request sent once more, a second 401 is said", async () => {
    let tokens = 0;
    let requests = 0;
    const { url } = await vendor((request, response) => {
      requests++;
      const good = request.headers.authorization === "Bearer token-2";
      json(response, good ? 200 : 401, { ok: good });
    });
    const http: VendorHttp = {
      classify: () => null,
      authorise: async (_client, source) => ({
        authorization: `Bearer ${await source.token(async () => ({ token: `token-${++tokens}`, lifeSeconds: 900 }))}`,
      }),
    };
    const one = client(url, {}, http);
    expect((await one.request(write)).value).toEqual({ ok: true });
    expect({ tokens, requests }).toEqual({ tokens: 2, requests: 2 });
  });
});

describe("the budget", () => {
  test("a request is counted before it is sent, and a spent budget sends nothing and says until when", async () => {
    let requests = 0;
    const { url } = await vendor((_request, response) => {
      requests++;
      json(response, 200, { ok: true });
    });
    const connection = connectionFor("acme", url, { budget: { perDay: 2, dayResets: "06:00Z" } });
    const budget = budgetInMemory();
    const one = client(url, { connection, budget });
    await one.request(read);
    await one.request(read);
    const failure = await failureOf(one.request(read));
    expect(failure.kind).toBe("rate-limited");
    expect(failure.detail).toMatchObject({ limit: "day", retryAt: "2026-10-30T06:00:00.000Z" });
    expect(requests).toBe(2);
  });

  test("the reserve is for people and write-back; live reads leave it, sweeps leave it twice", async () => {
    const { url } = await vendor((_request, response) => json(response, 200, { ok: true }));
    const connection = connectionFor("acme", url, { budget: { perDay: 10, reserve: 2 } });
    const spent = async (purpose: "sweep" | "live" | "person"): Promise<number> => {
      const one = client(url, { connection, budget: budgetInMemory(), purpose });
      for (let n = 0; ; n++) {
        const failed = await one.request(read).then(
          () => false,
          () => true,
        );
        if (failed) return n;
      }
    };
    expect([await spent("sweep"), await spent("live"), await spent("person")]).toEqual([6, 8, 10]);
  });

  test("a 429 below our own count is others' use, and closes the day for everyone", async () => {
    const { url } = await vendor((_request, response) => json(response, 429, {}));
    const connection = connectionFor("acme", url, { budget: { perDay: 100 } });
    const http: VendorHttp = {
      ...plain,
      classify: (answer) => (answer.status === 429 ? limited(answer.operation) : null),
    };
    const one = client(url, { connection }, http);
    const failure = await failureOf(one.request(read));
    expect(failure.detail).toMatchObject({ limit: "others", retryAt: "2026-10-30T00:00:00.000Z" });
    expect((await failureOf(one.request(read))).detail.status).toBeUndefined();
  });

  test("Retry-After is believed, in seconds and as a date", async () => {
    for (const [text, at] of [
      ["30", "2026-10-29T12:00:30.000Z"],
      ["Thu, 29 Oct 2026 13:00:00 GMT", "2026-10-29T13:00:00.000Z"],
    ] as const) {
      const { url } = await vendor((_request, response) => json(response, 429, {}, { "retry-after": text }));
      expect((await failureOf(client(url).request(read))).detail.retryAt).toBe(at);
    }
  });

  test("only the second is waited for, and not on a clock that stands still", async () => {
    const { url } = await vendor((_request, response) => json(response, 200, { ok: true }));
    const connection = connectionFor("acme", url, { budget: { perSecond: 1 } });
    let now = noon;
    const moving = client(url, { connection, clock: { now: async () => now } });
    await moving.request(read);
    setTimeout(() => {
      now = "2026-10-29T12:00:01.000Z";
    }, 20);
    expect((await moving.request(read)).value).toEqual({ ok: true });
    const standing = client(url, { connection });
    await standing.request(read);
    expect((await failureOf(standing.request(read))).detail).toMatchObject({ limit: "second" });
  });
});

test("a request over the client loads no undici", async () => {
  const { url } = await vendor((_request, response) => json(response, 200, { ok: true }));
  const script = `
    import { transport } from "#shared/connectors/transport.ts";
    const asked = { method: "GET", url: ${JSON.stringify(url)}, headers: {}, body: null, connectMs: 5000, wholeMs: 5000, maxBytes: 1000, fresh: true };
    const { status } = await transport(asked);
    console.log(status, process.moduleLoadList.filter((name) => name.includes("undici/undici")).length);
  `;
  const { stdout, stderr } = await run(script);
  expect(`${stdout}${stderr}`.trim()).toBe("200 0");
});

function run(script: string): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ["--input-type=module-typescript", "-e", script], (_error, stdout, stderr) =>
      resolve({ stdout, stderr }),
    );
  });
}

function limited(operation: string): Failure {
  return new Failure("rate-limited", `${operation} was refused`, { limit: "day" });
}
