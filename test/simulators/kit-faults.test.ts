import { describe, expect, test } from "vitest";
import { type Client, clientOf, run } from "./support.ts";
import { tiny } from "./tiny-vendor.ts";

const noon = "2026-10-29T12:00:00.000Z";

async function world(): Promise<{ control: Client; api: Client }> {
  const running = await run({ declared: [tiny] });
  const control = running.control("tiny");
  await control.send("PUT", "/clock", { now: noon });
  await control.send("POST", "/accounts", { id: "acme", credentials: { key: "k1" } });
  return { control, api: clientOf(`${running.urls["tiny"]}/v1`, { key: "k1" }) };
}

async function lastEntry(control: Client): Promise<unknown> {
  return (await control.get("/log?account=acme")).body.entries.at(-1);
}

describe("faults before the vendor does anything", () => {
  test("a status fault answers as told, so many times, and the write did not happen", async () => {
    const { control, api } = await world();
    const fault = { kind: "status", status: 429, headers: { "retry-after": "7" }, body: { error: "slow" } };
    await control.send("POST", "/faults", { account: "acme", match: { method: "post" }, fault, times: 2 });
    for (let nth = 0; nth < 2; nth++) {
      const refused = await api.send("POST", "/things", {});
      expect(refused).toMatchObject({ status: 429, body: { error: "slow" } });
      expect(refused.headers.get("retry-after")).toBe("7");
    }
    expect((await api.get("/things")).body).toEqual([]);
    expect((await api.send("POST", "/things", {})).status).toBe(201);
  });

  test("an html fault answers a web page", async () => {
    const { control, api } = await world();
    await control.send("POST", "/faults", { match: {}, fault: { kind: "html" }, times: 1 });
    const page = await api.get("/things");
    expect(page.status).toBe(502);
    expect(page.text).toContain("<html>");
  });

  test("a reset before: no answer and no effect", async () => {
    const { control, api } = await world();
    await control.send("POST", "/faults", { match: { path: "/things$" }, fault: { kind: "reset-before" }, times: 1 });
    await expect(api.send("POST", "/things", {})).rejects.toThrow();
    expect((await api.get("/things")).body).toEqual([]);
  });

  test("a fault holds only between its instants of the simulated clock", async () => {
    const { control, api } = await world();
    const window = { from: "2026-10-29T13:00:00Z", until: "2026-10-29T14:00:00Z" };
    await control.send("POST", "/faults", { match: {}, fault: { kind: "status" }, ...window });
    const seen = [];
    for (const now of ["12:59:59", "13:00:00", "13:59:59", "14:00:00"]) {
      await control.send("PUT", "/clock", { now: `2026-10-29T${now}Z` });
      seen.push((await api.get("/things")).status);
    }
    expect(seen).toEqual([200, 500, 500, 200]);
  });

  test("a fault can be about a path alone or about its query", async () => {
    const { control, api } = await world();
    await control.send("POST", "/faults", { match: { path: "^/v1/things\\?page=2$" }, fault: { kind: "status" } });
    expect((await api.get("/things?page=1")).status).toBe(200);
    expect((await api.get("/things?page=2")).status).toBe(500);
    expect((await control.send("POST", "/faults", { match: { path: "(" }, fault: { kind: "status" } })).status).toBe(
      400,
    );
  });

  test("a fault of one account leaves others alone, and clearing ends all", async () => {
    const { control, api } = await world();
    await control.send("POST", "/faults", { account: "other", match: {}, fault: { kind: "status" } });
    expect((await api.get("/things")).status).toBe(200);
    await control.send("POST", "/faults", { match: {}, fault: { kind: "status" } });
    expect((await api.get("/things")).status).toBe(500);
    await control.send("DELETE", "/faults");
    expect((await api.get("/things")).status).toBe(200);
  });
});

describe("faults after the effect", () => {
  for (const kind of ["reset-after", "timeout-after", "truncate"]) {
    test(`${kind}: the write stands and the log says that nobody was answered`, async () => {
      const { control, api } = await world();
      await control.send("POST", "/faults", { match: { method: "POST" }, fault: { kind }, times: 1 });
      await expect(api.send("POST", "/things", { name: "kept" })).rejects.toThrow();
      expect((await api.get("/things")).body).toMatchObject([{ name: "kept" }]);
      expect(await lastEntry(control)).toMatchObject({ operation: "create", effect: true, answered: false });
      expect((await control.get("/requests")).body.acme.byStatus).toEqual({ none: 1, 200: 1 });
    });
  }

  test("a wrong content type comes with the right body", async () => {
    const { control, api } = await world();
    await control.send("POST", "/faults", { match: {}, fault: { kind: "content-type" }, times: 1 });
    const reply = await api.send("POST", "/things", { name: "a" });
    expect(reply.headers.get("content-type")).toBe("text/plain");
    expect(JSON.parse(reply.text)).toMatchObject({ name: "a" });
    expect(await lastEntry(control)).toMatchObject({ answered: true });
  });

  test("a delay comes before the effect, and the answer still comes", async () => {
    const { control, api } = await world();
    await control.send("POST", "/faults", { match: { method: "POST" }, fault: { kind: "delay", ms: 40 }, times: 1 });
    const slow = api.send("POST", "/things", { name: "slow" });
    expect((await slow).status).toBe(201);
  });
});
