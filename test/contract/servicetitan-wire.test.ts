import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { connector, servicetitan as st } from "#shared/connectors/servicetitan/index.ts";
import { json, vendor } from "./kit-support.ts";
import { clientFor, connectionFor } from "./support.ts";

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}
type Answer = (response: ServerResponse, asked: Asked) => void;

/** A server that keeps what it was asked; tokens are given and not counted, each on a connection of its own. */
async function server(answer: Answer) {
  const asked: Asked[] = [];
  const { url } = await vendor(({ method = "", url: path = "", headers }, response) => {
    if (path.endsWith("/connect/token"))
      return json(response, 200, { access_token: "t-1", expires_in: 900 }, { connection: "close" });
    const one = { method, url: path, headers };
    asked.push(one);
    answer(response, one);
  });
  return { url, asked };
}

async function office(answer: Answer) {
  const { url, asked } = await server(answer);
  const settings = { tenant: "4242", authUrl: `${url}/connect/token`, bookingProvider: "77" };
  const secret = { clientId: "c", clientSecret: "s", applicationKey: "ak1.test" };
  const client = clientFor(connector, { connection: connectionFor("servicetitan", url, settings), secret });
  return { client, asked };
}

const to =
  (location: string, status = 302) =>
  (response: ServerResponse) =>
    void response.writeHead(status, { location }).end();
const bytes = (response: ServerResponse) => void response.writeHead(200).end("photo");
const stored = { path: "InstalledEquipment/Documents/1.jpg" };

describe("a stored file that lies elsewhere", () => {
  test.each([301, 302, 303, 307, 308])("is fetched once, without credentials, after a %i", async (status) => {
    const store = await server(bytes);
    const { client, asked } = await office(to(`${store.url}/blob/1.jpg?sig=a%2Bb`, status));
    expect(String(await st.listInstalledEquipmentAttachments(client, stored))).toBe("photo");
    expect(asked.map(({ headers }) => [headers.authorization, headers["st-app-key"]])).toEqual([
      ["Bearer t-1", "ak1.test"],
    ]);
    expect(store.asked.map(({ method, url }) => [method, url])).toEqual([["GET", "/api/blob/1.jpg?sig=a%2Bb"]]);
    expect(Object.keys(store.asked[0]?.headers ?? {}).sort()).toEqual([
      "accept",
      "accept-encoding",
      "connection",
      "host",
      "user-agent",
    ]);
  });

  test.each([
    "https://127.0.0.1:9/blob",
    "ftp://127.0.0.1/blob",
    "file:///etc/hostname",
    "data:text/plain,photo",
    "http://[",
  ])("is not fetched from %s: another scheme, or none", async (location) => {
    const { client, asked } = await office(to(location));
    await expect(st.listInstalledEquipmentAttachments(client, stored)).rejects.toMatchObject({ kind: "bad-input" });
    expect(asked.length).toBe(1);
  });

  test("is not looked for behind a second redirect", async () => {
    const third = await server(bytes);
    const second = await server(to(`${third.url}/blob`));
    const { client } = await office(to(`${second.url}/blob`));
    await expect(st.listInstalledEquipmentAttachments(client, stored)).rejects.toMatchObject({ kind: "bad-input" });
    expect([second.asked.length, third.asked.length]).toEqual([1, 0]);
  });

  test("is read again later where its host does not answer", async () => {
    const store = await server((response) => void response.destroy());
    const { client } = await office(to(`${store.url}/blob`));
    await expect(st.listInstalledEquipmentAttachments(client, stored)).rejects.toMatchObject({
      kind: "transient",
      detail: { operation: "listInstalledEquipmentAttachments" },
    });
  });

  const raw = { urlType: "equipmentsystems", url: "/installed-equipment/attachments" } as const;
  test.each<[string, (client: Parameters<typeof st.getJob>[0]) => Promise<unknown>]>([
    ["a record's read", (client) => st.getJob(client, { jobId: 1 })],
    ["a list", (client) => st.listJobs(client, {})],
    ["a list read to its end", (client) => st.listJobs(client, { fetchAll: true })],
    ["a raw read of bytes", (client) => st.rawRequest(client, { ...raw, method: "GET", responseType: "binary" })],
    [
      "an upload",
      (client) => st.createInstalledEquipmentAttachment(client, { file: new Uint8Array([1]), fileName: "1.jpg" }),
    ],
  ])("is the only redirect that is followed: not that of %s", async (_what, call) => {
    const store = await server(bytes);
    const { client } = await office(to(`${store.url}/blob`));
    await expect(call(client)).rejects.toMatchObject({ kind: "bad-input" });
    expect(store.asked).toEqual([]);
  });
});

describe("rawRequest", () => {
  const get = { urlType: "jpm", url: "/jobs", method: "GET" } as const;
  const ok: Answer = (response) => json(response, 200, {});

  test.each([
    ["pricebook", "/services", "/api/pricebook/v2/tenant/4242/services"],
    ["task-management", "/data", "/api/task-management/v2/tenant/4242/data"],
    ["jpm", "/jobs/a%20b.~-_/%E2%82%AC", "/api/jpm/v2/tenant/4242/jobs/a%20b.~-_/%E2%82%AC"],
  ])("reaches %s%s", async (urlType, url, path) => {
    const { client, asked } = await office(ok);
    await st.rawRequest(client, { ...get, urlType, url });
    expect(asked.map(({ url: one }) => one)).toEqual([path]);
  });

  test.each([
    ...["", "evil.example", "https://evil.example", "//evil.example", "jpm/..", "../jpm", "JPM", "-jpm", "jpm?x"].map(
      (urlType) => [urlType, get.url],
    ),
    ...["/%2e%2e/jobs", "/%2E", "/jobs/.%2e/x", "/a%2fb", "/a%2Fb", "/a%5cb", "/a%5Cb", "/a\\b"].map((url) => [
      "jpm",
      url,
    ]),
    ...["/%", "/%2", "/%zz", "/a%2gb", "/..", "/jobs/../x", "//evil.example", "/a b", "/a#b", "/jobs/"].map((url) => [
      "jpm",
      url,
    ]),
  ])("refuses the module %j with the path %j", async (urlType = "", url = "") => {
    const { client, asked } = await office(ok);
    await expect(st.rawRequest(client, { ...get, urlType, url })).rejects.toMatchObject({ kind: "bad-input" });
    expect(asked).toEqual([]);
  });

  const twice = { ...get, maxRetryCount: 2, retryDelayMS: 0 };
  const patch = { ...twice, method: "PATCH", data: {}, effect: "nothing" } as const;
  const told =
    (status: number): Answer =>
    (response) =>
      json(response, status, {});
  const reset: Answer = (response) => void response.destroy();

  test.each<[what: string, Answer, read: number, readOnAll: number, write: number, writeOnAll: number]>([
    ["500", told(500), 3, 3, 1, 1],
    ["503", told(503), 3, 3, 1, 1],
    ["408", told(408), 3, 3, 1, 1],
    ["no answer", reset, 3, 3, 1, 1],
    ["404", told(404), 1, 3, 1, 1],
    ["409", told(409), 1, 3, 1, 1],
    // What a limit turned away was not taken; a limit is asked again only where the caller says so.
    ["429", told(429), 1, 3, 1, 3],
  ])(
    "after %s repeats what the caller allows, and never a write that may have been taken",
    async (_what, answer, ...times) => {
      for (const [at, asking] of [twice, { ...twice, all: true }, patch, { ...patch, all: true }].entries()) {
        const { all, ...rest } = { all: false, ...asking };
        const { client, asked } = await office(answer);
        await expect(st.rawRequest(client, { ...rest, retryOnAllErrors: all })).rejects.toBeDefined();
        expect(asked.length).toBe(times[at]);
      }
    },
  );
});

describe("a server that does not heed the page that was asked for", () => {
  const row = { id: 1, modifiedOn: "2026-10-05T00:00:00Z", customerId: 11 };
  const answered =
    (more: object, hasMore = true): Answer =>
    (response) =>
      json(response, 200, { pageSize: 500, hasMore, totalCount: null, data: [row], ...more });
  const all = async (client: Parameters<typeof st.getJob>[0], stream: string) => {
    for (let next: string | null = null; ; ) {
      ({ next } = await connector.reader.page(client, { stream, next, since: null }));
      if (next === null) return;
    }
  };

  test.each<[string, (client: Parameters<typeof st.getJob>[0]) => Promise<unknown>]>([
    ["fetchAll", (client) => st.listJobs(client, { fetchAll: true })],
    ["fetchAll of a list without a sort", (client) => st.listTechnicians(client, { fetchAll: true })],
    ["a sorted stream", (client) => all(client, "jobs")],
    ["a stream without a sort", (client) => all(client, "technicians")],
    ["records by their ids", (client) => connector.reader.byIds(client, "jobs", ["1"])],
    ["contacts", (client) => all(client, "customers")],
  ])("ends %s with what is wrong", async (_what, call) => {
    const { client, asked } = await office(answered({ page: 1 }));
    await expect(call(client)).rejects.toMatchObject({
      kind: "malformed",
      message: expect.stringContaining("page 1 where page 2"),
      detail: { connection: "servicetitan-one", operation: expect.stringMatching(/^list/) },
    });
    expect(asked.length).toBeLessThan(5);
  });

  test("is believed where it does not say which page it gives", async () => {
    const { client, asked } = await office((response, { url }) =>
      answered({ page: null }, url.includes("page=1&") || url.endsWith("page=1"))(response, Object()),
    );
    expect(await st.listJobs(client, { fetchAll: true })).toMatchObject({ totalCount: 2 });
    expect(asked.length).toBe(2);
  });
});
