import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { calls } from "#console/calls.ts";
import { consolePages } from "#local/console.ts";
import { FakeElement, fakeDocument } from "#test/support/page.ts";
import { type SmallStack, startSmallStack } from "./support.ts";

let small: SmallStack;
let api: string;
let token: string | null = null;
const pages = consolePages(() => token);

beforeAll(async () => {
  small = await startSmallStack({ beside: pages });
  api = small.stack.apiUrl;
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await small.close();
});

const get = (path: string) => fetch(api + path, { redirect: "manual" });
const handed = (key: string, type = "application/json") =>
  fetch(`${api}/console/token`, { method: "POST", headers: { "content-type": type }, body: JSON.stringify({ key }) });

describe("the page on this machine", () => {
  it("stands on the API's own port, with every file that it names and the headers that keep it alone", async () => {
    const html = await (await get("/console/")).text();
    const named = ["", ...[...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, name = ""]) => name)];
    expect(named).toContain("page.js");
    for (const name of named) {
      const response = await get(`/console/${name}`);
      expect([name, response.status]).toEqual([name, 200]);
      const policy = response.headers.get("content-security-policy");
      expect(policy).toMatch(/^default-src 'none'; script-src 'self';/);
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      expect(response.headers.get("access-control-allow-origin")).toBeNull();
    }
    expect((await get("/console/page.js")).headers.get("content-type")).toMatch(/^text\/javascript/);
    const redirect = await get("/console");
    expect([redirect.status, redirect.headers.get("location")]).toEqual([308, "/console/"]);
  });

  it("is one module of less than 80 KiB that makes no code from text and asks every route it should", async () => {
    const script = await (await get("/console/page.js")).text();
    expect(script.length / 1024).toBeLessThan(80);
    expect(script).not.toMatch(/\beval\(|innerHTML|document\.write/);
    for (const { path } of Object.values(calls)) expect(script).toContain(`"${path}"`);
  });

  it("serves nothing else, and leaves the API as it is", async () => {
    for (const path of ["page.ts", "..%2fpackage.json", "%2e%2e/package.json", "constructor", "README.md", "token"])
      expect([path, (await get(`/console/${path}`)).status]).toEqual([path, 404]);
    expect((await fetch(`${api}/console/`, { method: "POST" })).status).toBe(404);
    expect((await get("/companies/acme/jobs")).status).toBe(401);
  });

  it("hands a token to whoever has the key of the link, as JSON and by no other way", async () => {
    expect((await handed(pages.key)).status).toBe(503);
    token = small.stack.token({ sub: "ana", company: "acme", role: "engineer" });
    expect((await handed("wrong")).status).toBe(403);
    expect((await handed(`${pages.key.slice(0, -1)}é`)).status).toBe(403);
    // What a form or a script of another origin could send without being asked first.
    expect((await handed(pages.key, "text/plain")).status).toBe(404);
    expect(await (await handed(pages.key)).json()).toEqual({ token });
    expect((await fetch(`${api}/companies/acme/jobs`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(
      200,
    );
  });

  it("as it is served: takes the key out of the address at once, signs in, and asks the API with the token", async () => {
    token = small.stack.token({ sub: "ana", company: "acme", role: "engineer" });
    const root = new FakeElement("div");
    const location = { hash: `#key=${pages.key}`, pathname: "/console/" };
    const order: string[] = [];
    const kept = new Map<string, string>();
    const real = fetch;
    vi.stubGlobal("setInterval", () => 0);
    vi.stubGlobal("document", { ...fakeDocument(), querySelector: (of: string) => (of === "#page" ? root : null) });
    vi.stubGlobal("window", {
      location,
      history: {
        replaceState: (_: null, __: string, url: string) => {
          location.hash = "";
          order.push(`address ${url}`);
        },
      },
      sessionStorage: {
        getItem: (name: string) => kept.get(name) ?? null,
        setItem: (name: string, value: string) => void kept.set(name, value),
        removeItem: (name: string) => void kept.delete(name),
      },
      addEventListener: () => {},
    });
    vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
      const bearer = new Headers(init.headers).get("authorization") === `Bearer ${token}` ? " with the token" : "";
      order.push(`${init.method} ${url}${bearer}`);
      return real(new URL(url, `${api}/console/`), init);
    });
    const script = await (await real(`${api}/console/page.js`)).text();
    await import(`data:text/javascript,${encodeURIComponent(script)}`);
    expect(order).toEqual(["address /console/", "POST token", "GET /companies/acme/status with the token"]);
    expect([...kept.values()]).toEqual([token]);
    expect(root.text).toContain("Whose money disagrees");
    expect(root.all().map(({ tag }) => tag)).toContain("nav");
  });
});
