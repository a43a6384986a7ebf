import { execFile } from "node:child_process";
import { describe, expect, test } from "vitest";
import type { VendorHttp } from "#shared/connectors/connector.ts";
import { client, type Handler, json, read, vendor, write } from "./kit-support.ts";
import { connectionFor, failureOf } from "./support.ts";

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
