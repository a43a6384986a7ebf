import { describe, expect, test } from "vitest";
import { budgetInMemory, limitName, windowAt, windowsOf } from "#shared/connectors/budget.ts";
import type { VendorHttp } from "#shared/connectors/connector.ts";
import { Failure } from "#shared/domain/failure.ts";
import { client, json, plain, read, vendor } from "./kit-support.ts";
import { connectionFor, failureOf, noon } from "./support.ts";

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

describe("windows", () => {
  test("a day starts at the configured minute, a month on its first, a minute and a second at their round start", () => {
    expect(windowAt("day", noon, "14:30Z")).toEqual({
      startsAt: "2026-10-28T14:30:00.000Z",
      endsAt: "2026-10-29T14:30:00.000Z",
    });
    expect(windowAt("month", "2026-12-31T23:59:59.999Z")).toEqual({
      startsAt: "2026-12-01T00:00:00.000Z",
      endsAt: "2027-01-01T00:00:00.000Z",
    });
    expect(windowAt("minute", "2026-10-29T12:00:59.999Z").endsAt).toBe("2026-10-29T12:01:00.000Z");
    expect(windowAt("second", "2026-10-29T12:00:00.500Z").startsAt).toBe(noon);
  });

  test("our share caps what we count; the vendor's own limit counts everybody", () => {
    const windows = windowsOf({ perMonth: 50_000, share: 0.8, reserve: 100 }, "live", noon);
    expect(windows.map(({ name, limit }) => [name, limit])).toEqual([
      ["month", 39_900],
      ["month-all", 49_900],
    ]);
    expect(limitName("month", { share: 0.8 })).toBe("share");
    expect(limitName("month-all", { share: 0.8 })).toBe("month");
  });

  test("a small share of a small limit still lets one request through", () => {
    expect(windowsOf({ perSecond: 1, share: 0.1 }, "sweep", noon)).toMatchObject([{ name: "second", limit: 1 }]);
  });
});

function limited(operation: string): Failure {
  return new Failure("rate-limited", `${operation} was refused`, { limit: "day" });
}
