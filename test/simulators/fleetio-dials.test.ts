import { afterEach, describe, expect, it, test } from "vitest";
import { credentials, openYard, receiver } from "./fleetio-yard.ts";
import { clientOf } from "./support.ts";

const list = "/v2/service_entries";

describe("keyVersion: what a request without X-Api-Version gets", () => {
  const bare = { authorization: "Token key-1", "account-token": "acc-1" };
  /** Whether the list goes by keyset or by page numbers, which versions before 2024-01-01 do. */
  const paging = async (yard: Awaited<ReturnType<typeof openYard>>, headers: Record<string, string> = {}) => {
    const answer = await clientOf(yard.base, { ...bare, ...headers }).get(`${list}?per_page=2`);
    expect(answer.status).toBe(200);
    if (Array.isArray(answer.body)) return answer.headers.has("x-pagination-total-pages") ? "numbers" : "neither";
    return "next_cursor" in answer.body ? "keyset" : "neither";
  };

  it("by default the version that was current when the key was made: no keyset without the header", async () => {
    const yard = await openYard();
    expect(await paging(yard)).toBe("numbers");
    expect(await paging(yard, { "x-api-version": "2024-01-01" })).toBe("keyset");
  });

  test.each([
    ["2023-12-31", "numbers"],
    ["2024-01-01", "keyset"],
    ["2025-05-05", "keyset"],
  ])("a key of %s goes by %s, and the header wins over it", async (made, expected) => {
    const yard = await openYard();
    await yard.dials({ keyVersion: made });
    expect(await paging(yard)).toBe(expected);
    expect(await paging(yard, { "x-api-version": "2023-03-01" })).toBe("numbers");
  });

  it("an account that names its key's version has that one", async () => {
    const yard = await openYard();
    await yard.control.send("POST", "/accounts", { id: "client", credentials, settings: { apiVersion: "2024-03-15" } });
    expect(await paging(yard)).toBe("keyset");
  });
});

describe("twoBounds", () => {
  const between = `${list}?filter[updated_at][gte]=2026-10-27T17:00:00Z&filter[updated_at][lt]=2026-10-27T19:00:00Z`;

  it("by default one operator a field, as the reference has it: two are 400, which names the second", async () => {
    const { api } = await openYard();
    const answer = await api.get(between);
    expect(answer).toMatchObject({ status: 400, body: { errors: { "filter[updated_at][lt]": [expect.any(String)] } } });
    expect((await api.get(`${between.split("&")[0]}&filter[created_at][lt]=2026-10-28`)).status).toBe(200);
  });

  it("true: both hold together", async () => {
    const { api, dials } = await openYard();
    await dials({ twoBounds: true });
    const { body } = await api.get(between);
    expect(body.records.map(({ id }: { id: number }) => id)).toEqual([3, 2]);
    expect(body.filtered_by).toHaveLength(2);
  });
});

describe("meterNeeded", () => {
  const completes = { completed_at: "2026-10-29T12:00:00-06:00" };
  const renames = { reference: "PO 7" };
  /** Entry 3 has a meter value and entry 5 has none; both are pending. */
  const changes = [
    [3, completes],
    [3, renames],
    [5, completes],
    [5, renames],
  ] as const;

  test.each([
    ["by default, to complete", {}, [422, 200, 422, 200]],
    ["to-complete", { meterNeeded: "to-complete" }, [422, 200, 422, 200]],
    ["always", { meterNeeded: "always" }, [422, 422, 422, 422]],
    ["when-missing", { meterNeeded: "when-missing" }, [200, 200, 422, 200]],
  ])("%s: which change without a meter value is refused", async (_name, dials, expected) => {
    const yard = await openYard();
    await yard.dials(dials);
    const statuses = [];
    for (const [id, body] of changes) {
      const answer = await yard.api.send("PATCH", `${list}/${id}`, body);
      statuses.push(answer.status);
      if (answer.status === 422)
        expect(answer.body.errors).toEqual({ "meter_entry_attributes.value": [expect.any(String)] });
    }
    expect(statuses).toEqual(expected);
  });

  test.each(["always", "to-complete", "when-missing"])("%s: with a value every change goes", async (meterNeeded) => {
    const { api, dials } = await openYard();
    await dials({ meterNeeded });
    for (const [id, body] of changes) {
      const meter_entry_attributes = { value: "84300.0" };
      expect((await api.send("PATCH", `${list}/${id}`, { ...body, meter_entry_attributes })).status).toBe(200);
    }
  });
});

describe("webhooks", () => {
  let hook: Awaited<ReturnType<typeof receiver>>;
  afterEach(() => hook.close());

  const changed = async (dials: Record<string, unknown>, status = 200) => {
    const yard = await openYard();
    hook = await receiver("whsec");
    hook.state.answer = status;
    await yard.control.send("POST", "/webhooks", { account: "client", url: hook.state.url, secret: "whsec" });
    await yard.dials(dials);
    const change = (at: string, reference: string) => ({
      ...{ at: `2026-10-29T${at}.000Z`, collection: "serviceEntries", key: "3", op: "update" },
      fields: { reference },
    });
    await yard.plant([change("12:10:00", "a"), change("12:10:30", "b")]);
    return yard;
  };

  test.each([
    ["by default a minute", {}, "12:11:30", ["b"]],
    ["five minutes", { debounceMs: 300_000 }, "12:15:30", ["b"]],
  ])("debounceMs, %s: updates wait so long after the last of them and are merged", async (_name, dials, due, sent) => {
    const yard = await changed(dials);
    await yard.clock(new Date(Date.parse(`2026-10-29T${due}Z`) - 1).toISOString());
    expect(hook.state.events).toEqual([]);
    await yard.clock(`2026-10-29T${due}.000Z`);
    expect(hook.state.events.map(({ payload }) => payload["reference"])).toEqual(sent);
  });

  it("debounceMs 0: each goes at once", async () => {
    const yard = await changed({ debounceMs: 0 });
    await yard.clock("2026-10-29T12:10:00.000Z");
    await yard.clock("2026-10-29T12:10:30.000Z");
    expect(hook.state.events.map(({ payload }) => payload["reference"])).toEqual(["a", "b"]);
  });

  test.each([
    ["by default after three failures in a row", {}, 3, false],
    ["after the first", { disableAfterFailures: 1 }, 1, false],
    ["0: never, and the tries of the first hour go on", { disableAfterFailures: 0 }, 6, true],
  ])("disableAfterFailures, %s", async (_name, dials, tries, enabled) => {
    const yard = await changed(dials, 500);
    await yard.clock("2026-10-29T13:30:00.000Z");
    expect(hook.state.events).toHaveLength(tries);
    expect((await yard.api.get("/v1/webhooks")).body).toMatchObject([{ enabled }]);
  });
});
