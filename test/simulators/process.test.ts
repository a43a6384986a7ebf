import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { receiver, version } from "./fleetio-yard.ts";
import { clientOf } from "./support.ts";

const main = join(import.meta.dirname, "../../local/vendors/main.ts");
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
});

type Result = { code: number | null; out: string; err: string };

function launch(args: string[], stdin: "pipe" | "ignore" = "pipe"): { child: ChildProcess; result: Promise<Result> } {
  const child = spawn(process.execPath, [main, ...args], { stdio: [stdin, "pipe", "pipe"] });
  children.push(child);
  const said = { out: "", err: "" };
  child.stdout?.on("data", (chunk) => {
    said.out += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    said.err += chunk;
  });
  return { child, result: once(child, "close").then(([code]) => ({ code, ...said })) };
}

const command = (...args: string[]): Promise<Result> => launch(args, "ignore").result;

async function start(
  dataDir: string,
  vendor = "rotor",
): Promise<{ child: ChildProcess; url: string; result: Promise<Result> }> {
  const { child, result } = launch(["--data", dataDir, "--vendors", vendor]);
  let line = "";
  for await (const chunk of child.stdout ?? []) {
    line += chunk;
    if (line.includes("\n")) break;
  }
  const ready = JSON.parse(line);
  expect(Object.keys(ready)).toEqual(["ready", "urls"]);
  return { child, url: ready.urls[vendor], result };
}

const folder = () => mkdtempSync(join(tmpdir(), "simulators-"));

describe("the process of the simulators", () => {
  test("prints its addresses as one line and ends when its stdin closes", async () => {
    const { child, result } = await start(folder());
    child.stdin?.end();
    expect((await result).code).toBe(0);
  });

  test("ends on SIGTERM", async () => {
    const { child, result } = await start(folder());
    child.kill("SIGTERM");
    expect((await result).code).toBe(0);
  });

  test("killed without warning it comes back with everything it had answered", async () => {
    const data = folder();
    const first = await start(data);
    await clientOf(`${first.url}/__control`).send("POST", "/accounts", { id: "crews", credentials: { apiKey: "k" } });
    const answers = [];
    for (let nth = 0; nth < 20; nth++) {
      const api = clientOf(`${first.url}/open-api`, { "x-api-key": "k" });
      answers.push((await api.send("POST", "/customers", { first_name: `n${nth}` })).body.id);
    }
    first.child.kill("SIGKILL");
    await first.result;
    const again = await start(data);
    const { data: customers } = (
      await clientOf(`${again.url}/open-api`, { "x-api-key": "k" }).get("/customers?limit=100")
    ).body;
    expect(customers.map(({ id }: { id: string }) => id).sort()).toEqual(answers.sort());
    again.child.stdin?.end();
    await again.result;
  });

  test("a second process on the same folder is refused while the first one runs", async () => {
    const data = folder();
    const { child, result } = await start(data);
    const second = await command("--data", data, "--vendors", "rotor");
    expect(second).toMatchObject({ code: 1, err: expect.stringContaining("already run") });
    child.stdin?.end();
    await result;
  });

  test("an unknown vendor or command is refused with what there is", async () => {
    const vendor = await command("--data", folder(), "--vendors", "housecall");
    expect(vendor).toMatchObject({
      code: 1,
      err: expect.stringContaining("servicetitan, rotor, fleetio, customtrades"),
    });
    expect(await command("fly")).toMatchObject({ code: 2, err: expect.stringContaining("npm run simulators") });
    expect((await command("--help")).out).toContain("--port-base");
    for (const [name, says] of [
      ["plant", "--no-notify"],
      ["account", "fleetio {apiKey, accountToken}"],
      ["webhook", "signed with the secret"],
    ] as const) {
      expect((await command("help", name)).out).toMatch(new RegExp(`^${name} `));
      expect((await command("help", name)).out).toContain(says);
    }
    const none = await command("dump", "--data", folder(), "--vendor", "rotor", "--account", "a");
    expect(none).toMatchObject({ code: 1, err: expect.stringContaining("No simulators run") });
  });

  test("a person can plant an edit, turn a dial, make a fault, dump, compare and load", async () => {
    const data = folder();
    const { child, url, result } = await start(data);
    const control = clientOf(`${url}/__control`);
    const made = await command(
      ...["account", "--data", data, "--vendor", "rotor", "--id", "crews", "--credentials", '{"apiKey":"k"}'],
    );
    expect(JSON.parse(made.out)).toEqual({ id: "crews", known: false });
    const jobs = [
      { id: "j1", total_received: 230, total_outstanding: 0, completed: true, created_at: "2026-10-01T00:00:00Z" },
    ];
    await control.send("POST", "/load", { account: "crews", collections: { jobs } });
    const on = ["--data", data, "--vendor", "rotor"];
    const account = [...on, "--account", "crews"];
    const file = join(data, "before.json");

    expect((await command("dump", ...account, "--out", file)).code).toBe(0);
    expect(JSON.parse(readFileSync(file, "utf8")).jobs.j1).toEqual(jobs[0]);
    const fields = '{"total_received":0}';
    const planted = await command("plant", ...account, "--collection", "jobs", "--key", "j1", "--fields", fields);
    expect(JSON.parse(planted.out)).toEqual({ planted: 1, known: 0 });
    const compare = () => command("compare", ...account, "--with", file);
    await expect
      .poll(async () => (await compare()).out, { timeout: 20_000 })
      .toBe("~ jobs j1 total_received: 230 -> 0\n");
    expect((await command("load", ...account, "--from", file)).code).toBe(0);
    expect(await compare()).toMatchObject({ code: 0, out: "nothing differs\n" });

    expect((await command("dials", ...on, "dailyLimit=2")).out).toContain('"dailyLimit":2');
    expect((await command("dials", ...on)).out).toContain("dayResetHour");
    expect(await command("dials", ...on, "nothing=1")).toMatchObject({
      code: 1,
      err: expect.stringContaining("no dial named nothing"),
    });
    await command("fault", ...on, "--kind", "status", "--status", "503", "--path", "auth", "--times", "1");
    const api = clientOf(`${url}/open-api`, { "x-api-key": "k" });
    expect((await api.get("/auth/test")).status).toBe(503);
    await command("fault", ...on, "--clear");
    expect((await api.get("/auth/test")).status).toBe(200);
    expect((await command("clock", "--data", data, "--now", "2026-10-29T12:00:00Z")).out).toContain('"applied":0');
    expect((await command("requests", "--data", data)).out).toContain('"503":1');
    expect((await command("log", ...account)).out.trim().split("\n").length).toBeGreaterThan(2);
    writeFileSync(file, "[]");
    expect(await compare()).toMatchObject({ code: 1, err: expect.stringContaining("is no dump") });
    child.stdin?.end();
    await result;
  }, 180_000);

  test("an account that a person makes answers, and a webhook that a person names gets its events signed", async () => {
    const data = folder();
    const { child, url, result } = await start(data, "fleetio");
    const hook = await receiver("whsec");
    const on = ["--data", data, "--vendor", "fleetio"];
    const account = (token: string, ...more: string[]) => {
      const credentials = JSON.stringify({ apiKey: "key-1", accountToken: token });
      return command("account", ...on, "--id", "client", "--credentials", credentials, ...more);
    };
    const api = clientOf(`${url}/api`, { authorization: "Token key-1", "account-token": "acc-1", ...version });
    const entries = () => api.get("/v2/service_entries");
    expect((await entries()).status).toBe(401);
    expect(JSON.parse((await account("acc-0")).out)).toMatchObject({ id: "client", known: false });
    expect((await entries()).status).toBe(401);
    const zone = JSON.stringify({ timeZone: "America/Denver" });
    expect(JSON.parse((await account("acc-1", "--settings", zone)).out)).toMatchObject({ id: "client" });
    expect(await entries()).toMatchObject({ status: 200, body: { records: [] } });

    const webhook = ["webhook", ...on, "--account", "client", "--webhook", hook.state.url];
    expect(await command(...webhook)).toMatchObject({ code: 1, err: expect.stringContaining("--secret is needed") });
    const registered = await command(...webhook, "--secret", "whsec");
    expect(registered).toMatchObject({ code: 0, out: '{"id":"webhook-1"}\n' });
    expect((await api.get("/v1/webhooks")).body).toMatchObject([{ url: hook.state.url, all_events: true }]);
    const place = ["--account", "client", "--collection", "serviceEntries", "--key", "7", "--op", "create"];
    const at = "2026-10-29T12:00:00.000Z";
    expect((await command("plant", ...on, ...place, "--fields", '{"id":7}', "--at", at)).code).toBe(0);
    expect((await command("clock", ...on, "--now", at)).code).toBe(0);
    await expect.poll(() => hook.state.signed, { timeout: 20_000 }).toEqual([true]);
    expect(hook.state.events).toMatchObject([
      { event: "service_entry_created", timestamp: "2026-10-29T06:00:00-06:00", payload: { id: 7 } },
    ]);
    hook.close();
    child.stdin?.end();
    await result;
  }, 180_000);
});
