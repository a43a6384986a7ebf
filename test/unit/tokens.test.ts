import { beforeEach, describe, expect, test } from "vitest";
import { sealOf } from "#shared/connectors/token-seal.ts";
import { tokenSource } from "#shared/connectors/tokens.ts";
import { type MemoryWorld, memoryWorld } from "#test/support/memory-ports.ts";

const secret = { clientId: "id", clientSecret: "known to few" };
let world: MemoryWorld;
let fetched: number;
let looked: number;
beforeEach(() => {
  world = memoryWorld("2026-10-29T12:00:00.000Z");
  fetched = 0;
  looked = 0;
});

const store = () => world.company("ridgeline").tokens;
const turn = (): Promise<void> => new Promise((done) => setImmediate(done));
/** What one process makes of a connection's token; `about` and `given` are its name and its secret. */
const sandbox = (given: unknown = secret, about = "ridgeline/st-main") =>
  tokenSource(world.clock, {
    store: store(),
    connection: "st-main",
    seal: sealOf(given, about),
    pause: async () => {
      looked++;
      await turn();
    },
  });
const fetch = async () => ({ token: `t${++fetched}`, lifeSeconds: 900 });

describe("one token for all sandboxes", () => {
  test("is fetched by the first and taken by the others until a tenth of its life is left", async () => {
    const [one, other] = [sandbox(), sandbox()];
    expect([await one.token(fetch), await other.token(fetch)]).toEqual(["t1", "t1"]);
    world.clock.set("2026-10-29T12:13:30.000Z");
    expect([await other.token(fetch), await one.token(fetch)]).toEqual(["t2", "t2"]);
    expect(fetched).toBe(2);
  });

  test("is fetched once when many need it in the same moment", async () => {
    const all = Array.from({ length: 5 }, () => sandbox());
    const slow = async () => {
      await turn();
      return fetch();
    };
    const taken = await Promise.all(all.map((one) => one.token(slow)));
    expect(new Set(taken)).toEqual(new Set(["t1"]));
  });

  test("is fetched anew after a 401, whoever had fetched it, and the others take the new one after theirs", async () => {
    const [one, other] = [sandbox(), sandbox()];
    await one.token(fetch);
    await other.token(fetch);
    expect(other.forget()).toBe(true);
    expect(await other.token(fetch)).toBe("t2");
    expect(one.forget()).toBe(true);
    expect(await one.token(fetch)).toBe("t2");
  });

  test("is not waited for longer than a renewal takes when who renews it has died", async () => {
    expect(await store().lease("st-main", null, "2026-10-29T12:00:00.000Z", "2026-10-29T12:00:45.000Z")).toBe(true);
    expect(await sandbox().token(fetch)).toBe("t1");
    expect(looked).toBe(19);
    expect(await sandbox().token(fetch)).toBe("t1");
  });

  test("that cannot be fetched is the next one's to try at once", async () => {
    const failing = async () => {
      throw new Error("no answer");
    };
    await expect(sandbox().token(failing)).rejects.toThrow("no answer");
    expect(await sandbox().token(fetch)).toBe("t1");
    expect(looked).toBe(0);
  });

  test.each([
    ["secret", { ...secret, clientSecret: "changed" }, "ridgeline/st-main"],
    ["name", secret, "ridgeline/st-second"],
  ])("is nobody's who has another %s", async (_what, given, about) => {
    await sandbox().token(fetch);
    expect(await sandbox(given, about).token(fetch)).toBe("t2");
  });

  test("stands in the table sealed", async () => {
    await sandbox().token(async () => ({ token: "bearer-of-this-connection", lifeSeconds: 900 }));
    const { sealed = "" } = (await store().load("st-main")) ?? {};
    expect(Buffer.from(sealed, "base64").toString("latin1")).not.toContain("bearer");
    expect(sealed).not.toContain("bearer");
    const { seal, open } = sealOf(secret, "ridgeline/st-main");
    expect(open(sealed)).toBe("bearer-of-this-connection");
    expect(seal("a")).not.toBe(seal("a"));
    const forged = Buffer.from(sealed, "base64");
    forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
    expect([open(forged.toString("base64")), open("short"), open("")]).toEqual([null, null, null]);
  });
});
