import { beforeEach, describe, expect, test } from "vitest";
import { connectors, normalisers } from "#shared/connectors/registry.ts";
import type { VendorClient, VendorReply, VendorRequest } from "#shared/connectors/vendor-client.ts";
import { Failure, type FailureKind } from "#shared/domain/failure.ts";
import * as z from "#shared/domain/schema.ts";
import type { Call, CallLook } from "#shared/messages/call.ts";
import { deskOf, enterCall } from "#shared/pipeline/desk.ts";
import { type WriteBackPorts, writeBack } from "#shared/pipeline/write-back.ts";
import { type DeskCompany, deskCompany } from "#test/support/desk-company.ts";

/** A call by hand as it is stored, over a vendor that the test answers for: what each look shows decides. */
const job = deskOf("branch");
let desk: DeskCompany;
let ports: WriteBackPorts;
/** What the look shows; throwing is the vendor failing. */
let shows: () => unknown;
/** What the call is answered. */
let answers: () => unknown;
let asked: VendorRequest<z.ZodMiniType>[];

beforeEach(async () => {
  desk = await deskCompany();
  asked = [];
  shows = () => ({ id: 7, state: "open" });
  answers = () => ({ id: 7 });
  const request = async <Schema extends z.ZodMiniType>(
    one: VendorRequest<Schema>,
  ): Promise<VendorReply<z.infer<Schema>>> => {
    asked.push(one);
    const value = z.parse(one.schema, one.writes ? answers() : shows());
    return { value, status: 200, headers: {}, requestId: "r-1" };
  };
  ports = {
    ...desk.world.company(desk.company.id),
    ...desk.ports,
    controlAll: desk.world.cell.controlAll,
    describer: (vendor) => normalisers[vendor],
    connector: (vendor) => connectors[vendor],
    client: async (connection): Promise<VendorClient> => ({
      ...{ connection, secret: null, purpose: "write" as const, now: () => desk.world.clock.now(), request },
    }),
  };
});

const there: CallLook = {
  ...{ operation: "getJob", request: { method: "GET", path: "/jobs/7" }, rows: "", expect: "there" },
  wants: [{ of: {}, shows: { state: "closed" } }],
};
const gone: CallLook = { ...there, wants: [{ of: { id: 7 }, shows: {} }], expect: "gone" };
const made: CallLook = { ...there, rows: "jobs", wants: [{ of: { title: "Boiler" }, shows: {} }], expect: "new" };
const plain: Call = {
  ...{ v: 1, operation: "closeJob", withheld: [], look: there, happened: "getJob of the job" },
  request: { method: "POST", path: "/jobs/7/close" },
};

async function call(more: Partial<Call> = {}, money = false) {
  const now = await desk.world.clock.now();
  await desk.world.archive.put("calls/1", JSON.stringify({ ...plain, ...more }));
  const { epoch } = await desk.ports.control.state();
  const { stored } = await enterCall(
    desk.ports.jobs,
    {
      ...{ connection: "branch", operation: "closeJob", asking: "1", by: "ana", archived: "calls/1", digest: "d" },
      ...{ sent: "POST /jobs/7/close", requests: 3, money, needsApproval: false, epoch },
    },
    now,
  );
  const intent = stored.state.intents[0]?.id ?? "";
  return () => writeBack(ports, desk.company, { v: 1, company: desk.company.id, job, intent });
}
const state = async () => (await desk.ports.jobs.load(job)).state;
const receipt = async () => (await state()).receipts[0];
const writes = () => asked.filter((one) => one.writes);
const failing =
  (kind: FailureKind, message = "no answer") =>
  (): never => {
    throw new Failure(kind, message);
  };
/** What the looks show, one after the other. */
const inTurn = (...values: readonly unknown[]): void => {
  let n = 0;
  shows = () => {
    const value = values[Math.min(n++, values.length - 1)];
    return typeof value === "function" ? value() : value;
  };
};
const open = { id: 7, state: "open" };
const closed = { id: 7, state: "closed" };

describe("what is so already is not sent", () => {
  test.each([
    ["so already", there, () => closed],
    ["gone already", gone, () => ({ id: 8 })],
    ["gone already", gone, failing("missing")],
  ])("it was %s", async (words, look, showing) => {
    shows = showing;
    const deliver = await call({ look });
    expect(await deliver()).toEqual({ done: "already" });
    expect(writes()).toEqual([]);
    expect(await state()).toMatchObject({ intents: [], attempts: [] });
    const ended = await receipt();
    expect(ended).toMatchObject({ outcome: "applied", attempts: 0, flags: [], requestId: null });
    expect(ended?.note).toContain(words);
    expect(ended).not.toHaveProperty("sentAt");
  });

  test("where only part of it can be compared it is sent", async () => {
    shows = () => closed;
    const deliver = await call({ look: { ...there, wants: [{ of: {}, shows: { state: "closed", by: "ana" } }] } });
    await deliver();
    expect(writes()).toHaveLength(1);
  });
});

describe("after it was sent", () => {
  test("what is shown is applied, with what stood there before and after, and the vendor's words", async () => {
    inTurn(open, closed);
    expect(await (await call())()).toEqual({ done: "written", outcome: "applied" });
    expect(await receipt()).toMatchObject({
      ...{ outcome: "applied", attempts: 1, requestId: "r-1", flags: [], sentAt: "2026-11-02T08:00:00.000Z" },
      ...{ before: '{"state":"open"}', after: '{"state":"closed"}', wanted: "POST /jobs/7/close" },
      note: 'the vendor answered {"id":7}; the read shows it',
    });
    expect(await state()).toMatchObject({ intents: [], attempts: [], dueAt: null });
  });

  test("what no read can show is applied by the vendor's word, flagged, and told where to look", async () => {
    expect(await (await call({ look: null }))()).toEqual({ done: "written", outcome: "applied" });
    const ended = await receipt();
    expect(ended).toMatchObject({ outcome: "applied", flags: ["unseen"], before: "", after: null });
    expect(ended?.note).toMatch(/^the vendor answered .* no read shows whether it is so: look.*\(getJob of the job\)$/);
    expect(asked).toHaveLength(1);
  });

  test("where nobody knows how to look, the vendor's screens are named", async () => {
    await (await call({ look: null, happened: null }))();
    expect((await receipt())?.note).toContain("the vendor's own screens");
  });

  test.each([["bad-input"], ["malformed"]] as const)(
    "a look that the vendor refuses (%s) shows nothing, and says why",
    async (kind) => {
      inTurn(open, failing(kind, "no such filter"));
      expect(await (await call())()).toEqual({ done: "written", outcome: "applied" });
      expect(await receipt()).toMatchObject({ flags: ["unseen"], note: expect.stringContaining("(no such filter)") });
    },
  );

  test("a look that finds nothing of the record leaves it open until the vendor's lag is over", async () => {
    inTurn(open, failing("missing"), failing("missing"));
    const deliver = await call();
    desk.world.clock.set("2026-11-02T08:10:00.000Z");
    expect(await deliver()).toEqual({ done: "written", outcome: "open" });
    expect((await state()).attempts).toMatchObject([
      { number: 1, state: "unverified", requestId: "r-1", dueAt: "2026-11-02T08:10:30.000Z" },
    ]);
    expect(await deliver()).toEqual({ done: "waits" });
    desk.world.clock.set("2026-11-02T08:10:30.000Z");
    expect(await deliver()).toEqual({ done: "looked" });
    expect(await receipt()).toMatchObject({
      ...{ outcome: "ignored", requestId: "r-1", flags: [], after: "no such record" },
      note: expect.stringMatching(/answered that it was done; the read does not show it.*\(getJob of the job\)/),
    });
    expect(writes()).toHaveLength(1);
  });

  test("a look that cannot be made now does not forget that it was answered", async () => {
    inTurn(open, failing("transient"), closed);
    const deliver = await call();
    expect(await deliver()).toEqual({ done: "later" });
    expect((await state()).attempts).toMatchObject([{ state: "unverified", requestId: "r-1" }]);
    desk.world.clock.set("2026-11-02T08:05:00.000Z");
    expect(await deliver()).toEqual({ done: "looked" });
    expect(await receipt()).toMatchObject({ outcome: "applied", requestId: "r-1", flags: [] });
    expect(writes()).toHaveLength(1);
  });

  test.each([
    [598, false],
    [599, true],
  ])("a long answer is cut: of %i letters with their quotes %j", async (letters, isCut) => {
    inTurn(open, closed);
    answers = () => "x".repeat(letters);
    await (await call())();
    expect((await receipt())?.note?.includes("...; the read shows it")).toBe(isCut);
  });

  test("no note is longer than 1,200 letters, and no answer is null", async () => {
    answers = () => undefined;
    await (await call({ look: null, happened: "look ".repeat(500) }))();
    const { note } = (await receipt()) ?? {};
    expect(note).toHaveLength(1200);
    expect(note).toMatch(/^the vendor answered null;/);
  });
});

describe("without an answer", () => {
  const looked = async (
    showing: () => unknown,
    money = false,
    kind: FailureKind = "ambiguous",
    look: CallLook | null = there,
  ) => {
    answers = failing(kind);
    const deliver = await call({ look }, money);
    expect(await deliver()).toEqual({ done: "written", outcome: "open" });
    const { stopped } = await desk.ports.control.state();
    desk.world.clock.set("2026-11-02T08:00:30.000Z");
    await desk.ports.control.resume("ana");
    shows = showing;
    expect(await deliver()).toEqual({ done: "looked" });
    expect(writes()).toHaveLength(1);
    return { stopped, receipt: await receipt() };
  };

  test("what is shown later is applied", async () =>
    expect((await looked(() => closed)).receipt).toMatchObject({
      ...{ outcome: "applied", flags: [], requestId: null, note: "no answer came; the read shows it" },
    }));
  test("what is not shown is unresolved: a person looks", async () =>
    expect((await looked(() => open)).receipt).toMatchObject({
      ...{
        outcome: "unresolved",
        flags: [],
        after: '{"state":"open"}',
        note: expect.stringContaining("no answer came;"),
      },
    }));
  test("what no read can show is unresolved", async () => {
    const { receipt: ended } = await looked(() => open, false, "ambiguous", null);
    expect(ended).toMatchObject({ outcome: "unresolved", flags: [], after: null });
  });
  test("a money call throws the switch, another does not", async () => {
    expect((await looked(() => closed, true)).stopped).toBe(true);
    expect(await desk.ports.control.state()).toMatchObject({ stopped: false });
  });
  test("a call that moves no money leaves the switch", async () =>
    expect((await looked(() => closed, false, "malformed")).stopped).toBe(false));
});

describe("a writer that was killed on its way", () => {
  const killed = async (money: boolean, showing: () => unknown) => {
    answers = () => {
      throw new Error("the sandbox was killed");
    };
    const deliver = await call({}, money);
    await expect(deliver()).rejects.toThrow("killed");
    shows = showing;
    desk.world.clock.set("2026-11-02T08:01:30.000Z");
    await deliver();
    return { ...(await desk.ports.control.state()), outcome: (await receipt())?.outcome };
  };
  test.each([
    ["money that is not shown throws the switch", true, () => open, true, "unresolved"],
    ["money that is shown does not", true, () => closed, false, "applied"],
    ["what moves no money does not", false, () => open, false, "unresolved"],
  ] as const)("%s", async (_name, money, showing, stops, outcome) => {
    const found = await killed(money, showing);
    expect(found).toMatchObject({ stopped: stops, outcome });
    if (stops) expect(found.why).toContain("branch");
  });
});

describe("a call that makes a row needs the look before it", () => {
  test.each([
    ["its look is refused", failing("bad-input", "no such filter"), "(no such filter)"],
    ["its answer holds no rows", () => ({ other: [] }), "(its answer holds no such rows)"],
  ])("%s: nothing is sent", async (_name, showing, why) => {
    shows = showing;
    expect(await (await call({ look: made }))()).toEqual({ done: "refused" });
    expect(writes()).toEqual([]);
    expect(await state()).toMatchObject({ intents: [], attempts: [] });
    expect(await receipt()).toMatchObject({
      outcome: "rejected",
      attempts: 0,
      flags: [],
      note: expect.stringContaining(why),
    });
  });

  test("with no look to be had it is sent on the vendor's word; so is one that makes none", async () => {
    inTurn(failing("bad-input"), closed);
    expect(await (await call())()).toEqual({ done: "written", outcome: "applied" });
    expect(writes()).toHaveLength(1);
  });

  test("a look that cannot be made now puts it off", async () => {
    shows = failing("rate-limited");
    expect(await (await call({ look: made }))()).toEqual({ done: "later" });
    expect(await state()).toMatchObject({ intents: [{ dueAt: "2026-11-02T08:05:00.000Z" }], attempts: [] });
    expect(writes()).toEqual([]);
  });

  test("a look that fails by a mistake of ours is thrown", async () => {
    shows = () => {
      throw new TypeError("not a function");
    };
    await expect((await call({ look: made }))()).rejects.toThrow(TypeError);
  });
});

describe("between the look and the request", () => {
  test("a switch that is thrown stops it", async () => {
    const deliver = await call();
    shows = () => {
      void desk.ports.control.stop("ana", "now");
      return open;
    };
    expect(await deliver()).toEqual({ done: "stopped" });
    expect([writes(), (await state()).attempts]).toEqual([[], []]);
  });

  test("more writes in an hour than expected stop it", async () => {
    const policy = { ...desk.company.policy, caps: { writesPerHour: 1 } };
    const company = { ...desk.company, policy };
    inTurn(open, closed, open);
    await (await call())();
    const { stored } = await enterCall(
      desk.ports.jobs,
      {
        ...{ connection: "branch", operation: "closeJob", asking: "2", by: "ana", archived: "calls/1", digest: "d" },
        ...{
          sent: "",
          requests: 3,
          money: false,
          needsApproval: false,
          epoch: (await desk.ports.control.state()).epoch,
        },
      },
      await desk.world.clock.now(),
    );
    const intent = stored.state.intents[0]?.id ?? "";
    const message = { v: 1, company: company.id, job, intent } as const;
    await ports.budget.take("write-back", [hour], 1);
    expect(await writeBack(ports, company, message)).toEqual({ done: "stopped" });
    expect(writes()).toHaveLength(1);
  });
  const hour = {
    ...{ name: "hour", startsAt: "2026-11-02T08:00:00.000Z", endsAt: "2026-11-02T09:00:00.000Z", limit: 1 },
  };

  test("another delivery that is faster is left to it", async () => {
    const deliver = await call();
    let others: Promise<unknown> | undefined;
    const inner = ports.jobs.commit;
    const jobs: typeof ports.jobs = {
      ...ports.jobs,
      commit: async (...one) => {
        // The other one commits its attempt first.
        if (!others) {
          ports = { ...ports, jobs: { ...ports.jobs, commit: inner } };
          others = deliver();
          await others;
        }
        return inner(...one);
      },
    };
    ports = { ...ports, jobs };
    expect(await deliver()).toEqual({ done: "later" });
    expect(writes()).toHaveLength(1);
  });
});

test("the request goes out as it was stored, whatever its body", async () => {
  const request: Call["request"] = {
    ...{ method: "PUT", path: "/x", query: { a: 1, b: ["c"] }, headers: { "x-mark": "m" }, form: { f: "1" } },
    ...{ json: { j: null }, bytes: { contentType: "text/plain", base64: Buffer.from("é").toString("base64") } },
  };
  inTurn(open, closed);
  await (await call({ request }))();
  expect(writes()[0]).toMatchObject({
    ...{ operation: "closeJob", method: "PUT", path: "/x", query: { a: 1, b: ["c"] }, headers: { "x-mark": "m" } },
    ...{ form: { f: "1" }, json: { j: null }, bytes: { contentType: "text/plain", content: Buffer.from("é") } },
  });
  expect(Object.keys(asked[0] ?? {}).toSorted()).toEqual(["method", "operation", "path", "schema", "writes"]);
  expect(asked.map((one) => one.writes)).toEqual([false, true, false]);
});
