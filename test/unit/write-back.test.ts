import { beforeEach, describe, expect, test } from "vitest";
import { digestOf } from "#shared/domain/ids.ts";
import { writeBack } from "#shared/pipeline/write-back.ts";
import { card } from "#test/support/desk-company.ts";
import { branchWriting, type WritingWorld, writingWorld } from "#test/support/writing-world.ts";

let world: WritingWorld;
beforeEach(async () => {
  world = await writingWorld();
});
const message = async () => ({
  ...{ v: 1 as const, company: world.desk.company.id, job: world.job, intent: (await world.planned()).id },
});
const branchSeen = async () => (await world.state()).observations["branch/jobs/b1"];

describe("a write that nothing disturbs", () => {
  test("is sent once, after its attempt was stored, and applied when the read after it shows it", async () => {
    const { id } = await world.planned();
    expect(await world.deliver()).toEqual({ done: "written", outcome: "applied" });
    expect(world.vendor.sent).toEqual([{ body: { status: "Ready to Invoice" }, attempts: 1 }]);
    const { receipts, attempts, intents, refusals } = await world.state();
    expect([attempts, intents, refusals]).toEqual([[], [], []]);
    expect(receipts).toMatchObject([
      {
        ...{ intent: id, outcome: "applied", attempts: 1, requestId: "r-1", at: world.at(0) },
        ...{ before: "Scheduled", wanted: "Ready to Invoice", after: "Ready to Invoice", note: null },
      },
    ]);
    expect(await world.deliver(id)).toEqual({ done: "gone" });
    expect(world.vendor.sent).toHaveLength(1);
  });

  test.each([
    [false, ["overwritten"]],
    [true, []],
  ])(
    "says whether an edit between its two readings may be lost, by whether the vendor guards it: %s",
    async (guarded, flags) => {
      const { id } = await world.planned();
      await writeBack(branchWriting(world, { guarded }), world.desk.company, await message());
      expect((await world.state()).receipts).toMatchObject([{ intent: id, outcome: "applied", flags }]);
    },
  );

  test("is made by a client that knows the company's zone where its connection has none of its own", async () => {
    const asked: (string | undefined)[] = [];
    const company = world.desk.company;
    const client: typeof world.ports.client = (connection) => {
      asked.push(connection.zone);
      return world.ports.client(connection);
    };
    const connections = company.connections.map(({ zone: _zone, ...one }) => one);
    await writeBack({ ...world.ports, client }, { ...company, connections }, await message());
    expect(asked).toEqual([company.zone]);
  });

  test("leaves its two readings in the archive, each under its number", async () => {
    await world.deliver();
    const pages = [...world.desk.world.archive.objects].filter(([key]) => key.startsWith("pages/"));
    expect(pages.map(([key]) => key)).toEqual([
      "pages/ridgeline/2026-11-02/branch/jobs/10.json",
      "pages/ridgeline/2026-11-02/branch/jobs/11.json",
    ]);
    expect(pages.map(([, text]) => JSON.parse(text))).toMatchObject([
      [{ stream: "jobs", id: "b1", read: 10, at: world.at(0), raw: { status: "Scheduled" } }],
      [{ stream: "jobs", id: "b1", read: 11, at: world.at(0), raw: { status: "Ready to Invoice" } }],
    ]);
  });

  test("tells other jobs of what it read back, and the next poll finds nothing new in it", async () => {
    await world.deliver();
    const [told, ...more] = world.desk.world.queues.sent.inbound;
    expect(more).toEqual([]);
    const digest = digestOf(world.vendor.row);
    expect(told).toMatchObject({
      ...{ kind: "observations", company: "ridgeline", connection: "branch", archived: null },
      records: [{ stream: "jobs", id: "b1", read: 11, at: world.at(0), digest, modified: world.at(0) }],
    });
    expect(await world.ports.manifest.load("branch", "jobs")).toEqual(new Map([["b1", digest]]));
  });

  test.each([["Ready to Invoice"], ["Parked"]])(
    "takes in what it read back (%s) as a poll takes it in",
    async (status) => {
      world.vendor.onWrite = () => {
        world.vendor.row = { ...world.vendor.row, status };
        world.vendor.onWrite = undefined;
      };
      world.vendor.forgets = true;
      await world.deliver();
      const polling = await writingWorld();
      await polling.desk.say("branch", "jobs", "b1", world.vendor.row ?? {});
      const [readBack, polled] = [await branchSeen(), (await polling.state()).observations["branch/jobs/b1"]];
      expect(readBack?.said?.version.read).toBe(11);
      const same = { version: 0, at: "" };
      expect({ ...readBack?.said, ...same }).toEqual({ ...polled?.said, ...same });
    },
  );
});

describe("before anything is sent", () => {
  test("an intent that is gone, and one that is a task, is nobody's business", async () => {
    expect(await world.deliver("i0")).toEqual({ done: "gone" });
    const stored = await world.ports.jobs.load(world.job);
    const intents = stored.state.intents.map((one) => ({ ...one, kind: "task" as const }));
    await world.ports.jobs.commit(stored, { ...stored.state, intents }, world.at(0));
    expect(await world.deliver()).toEqual({ done: "gone" });
    expect(world.vendor.sent).toEqual([]);
  });

  test("an attempt that is open is looked at by its own message alone", async () => {
    world.vendor.forgets = true;
    await world.deliver();
    expect(await world.deliver("i0")).toEqual({ done: "gone" });
  });

  test("the quiet period is waited for, to the second", async () => {
    world.desk.world.clock.set("2026-11-02T09:00:59.000Z");
    expect(await world.deliver()).toEqual({ done: "waits" });
    expect(world.vendor.sent).toEqual([]);
    world.desk.world.clock.set("2026-11-02T09:01:00.000Z");
    expect(await world.deliver()).toMatchObject({ done: "written" });
  });

  test("where the connection only proposes, a person is waited for", async () => {
    world = await writingWorld({ mode: "propose" });
    expect(await world.deliver()).toEqual({ done: "waits" });
    expect(world.vendor.sent).toEqual([]);
  });

  test.each([["its own company's", "control"] as const, ["everybody's", "controlAll"] as const])(
    "%s switch stops it before the vendor is asked anything",
    async (_whose, which) => {
      let reads = 0;
      world.vendor.onRead = () => void reads++;
      await world.ports[which].stop("ana", "month end");
      expect(await world.deliver()).toEqual({ done: "stopped" });
      expect([reads, world.vendor.sent]).toEqual([0, []]);
      await world.ports[which].resume("ana");
      expect(await world.deliver()).toMatchObject({ done: "written" });
    },
  );

  test("a switch that is thrown while the vendor is read stops it too, and no attempt is left", async () => {
    world.vendor.onRead = () => world.ports.control.stop("ana", "now");
    expect(await world.deliver()).toEqual({ done: "stopped" });
    expect(world.vendor.sent).toEqual([]);
    expect(await world.state()).toMatchObject({ attempts: [], intents: [{ target: "status" }] });
  });

  test("one that was planned before a restore is void, says that nothing was sent, and is planned anew", async () => {
    const { id, epoch } = await world.planned();
    await world.ports.control.newEpoch("ana", "restored");
    await world.ports.control.resume("ana");
    expect(await world.deliver()).toEqual({ done: "void" });
    expect(world.vendor.sent).toEqual([]);
    const { receipts, intents } = await world.state();
    expect(receipts).toMatchObject([
      { intent: id, outcome: "void", attempts: 0, before: "", after: null, at: world.at(0) },
    ]);
    expect(intents).toMatchObject([{ epoch: epoch + 1 }]);
  });

  test("a job that moved between the reading and the attempt is left for the next delivery", async () => {
    world.vendor.onRead = async () => {
      world.vendor.onRead = undefined;
      const open = { status: "Ready to Invoice", actual_amount: null, completed_at: null, title: "Boiler" };
      await world.desk.say("office", "jobs", "o1", card("o1", "10263", open));
    };
    expect(await world.deliver()).toEqual({ done: "later" });
    expect(world.vendor.sent).toEqual([]);
    expect((await world.state()).attempts).toEqual([]);
    world.later(120);
    expect(await world.deliver()).toMatchObject({ done: "written" });
  });

  test("more writes in an hour than the company ever expects throw the switch", async () => {
    world = await writingWorld({ policy: { caps: { writesPerHour: 1 } } });
    await world.ports.budget.take("write-back", [hour(world.at(0).slice(0, 13))], 1);
    expect(await world.deliver()).toEqual({ done: "stopped" });
    expect(world.vendor.sent).toEqual([]);
    expect(await world.ports.control.state()).toMatchObject({ stopped: true });
  });

  const hour = (start: string) => ({
    ...{ name: "hour", startsAt: `${start}:00:00.000Z`, endsAt: "2026-11-02T10:00:00.000Z", limit: 1 },
  });
});

describe("what the read before it shows decides", () => {
  test("what is wanted: it is done, and nothing is sent", async () => {
    world.vendor.row = { ...world.vendor.row, status: "Ready to Invoice", updated_at: world.at(-60) };
    const { version } = await world.ports.jobs.load(world.job);
    expect(await world.deliver()).toEqual({ done: "already" });
    expect(world.vendor.sent).toEqual([]);
    const { receipts, intents, attempts } = await world.state();
    expect([intents, attempts]).toEqual([[], []]);
    expect(receipts).toMatchObject([
      {
        ...{ outcome: "applied", attempts: 0, before: "Ready to Invoice", after: "Ready to Invoice" },
        ...{ requestId: null, flags: [] },
      },
    ]);
    // The same commit merged what was read: no later message can plan it once more in between.
    expect((await branchSeen())?.said?.facts).toMatchObject({ work: { word: "Ready to Invoice" } });
    expect((await world.ports.jobs.load(world.job)).version).toBe(version + 1);
  });

  test("a third word: it is superseded, and what somebody set there is looked at first", async () => {
    world.vendor.row = { ...world.vendor.row, status: "In Progress", updated_at: world.at(-60) };
    const { id } = await world.planned();
    expect(await world.deliver()).toEqual({ done: "superseded" });
    expect(world.vendor.sent).toEqual([]);
    const { receipts, intents } = await world.state();
    expect(receipts).toMatchObject([
      { intent: id, outcome: "superseded", attempts: 0, before: "In Progress", after: "In Progress", flags: [] },
    ]);
    expect(intents.map((one) => one.id)).not.toContain(id);
    expect((await branchSeen())?.said?.facts).toMatchObject({ work: { word: "In Progress" } });
  });

  test("no record at all: superseded, with nothing archived or told", async () => {
    world.vendor.row = null;
    expect(await world.deliver()).toEqual({ done: "superseded" });
    expect((await world.state()).receipts).toMatchObject([{ outcome: "superseded", after: "" }]);
    expect([...world.desk.world.archive.objects.keys()].filter((key) => key.startsWith("pages/"))).toEqual([]);
  });

  test("a record that may not be written as it stands is refused, and asked of a person", async () => {
    const { id } = await world.planned();
    const ports = branchWriting(world, {
      refuse: (_intent, { records }) => `${records.length} meter value is missing`,
    });
    expect(await writeBack(ports, world.desk.company, await message())).toEqual({ done: "refused" });
    expect(world.vendor.sent).toEqual([]);
    const why = "1 meter value is missing";
    const { receipts, refusals, intents } = await world.state();
    expect(receipts).toMatchObject([{ intent: id, outcome: "rejected", attempts: 0, note: why, after: "Scheduled" }]);
    expect(refusals).toMatchObject([{ record: "branch/jobs/b1", outcome: "rejected", note: why, read: "Scheduled" }]);
    expect(intents.filter(({ kind }) => kind === "write")).toEqual([]);
  });

  test("a writer that never refuses is not asked", async () => {
    const ports = branchWriting(world, { never: true });
    expect(await writeBack(ports, world.desk.company, await message())).toMatchObject({ outcome: "applied" });
  });

  test("a record that does not fit any more ends in an error, not in a write", async () => {
    world.vendor.row = { ...world.vendor.row, title: 7 };
    await expect(world.deliver()).rejects.toMatchObject({
      ...{ kind: "malformed", message: expect.stringContaining("branch/jobs/b1: "), detail: { connection: "branch" } },
    });
    expect(world.vendor.sent).toEqual([]);
  });

  test("a word nobody knows is taken in with its notice", async () => {
    world.vendor.row = { ...world.vendor.row, status: "Parked", updated_at: world.at(-60) };
    await world.deliver();
    expect((await world.state()).notices).toEqual([expect.stringContaining("Parked")]);
  });

  test("what was read beside the record hangs on it, and goes to the manifest of its own stream", async () => {
    const raw = { uuid: "i1", invoice_number: "I-1", job_uuid: "b1", total_amount: 1, status: "Pending" };
    const modified = world.at(-60);
    const ports = branchWriting(world, {
      beside: [{ stream: "invoices", id: "i1", modified, raw: { ...raw, updated_at: modified } }],
    });
    expect(await writeBack(ports, world.desk.company, await message())).toMatchObject({ outcome: "applied" });
    expect((await world.state()).observations["branch/invoices/i1"]?.said).toMatchObject({
      hangsOn: ["branch/jobs/b1"],
      version: { modified, read: 11 },
    });
    const streams = await Promise.all(["jobs", "invoices"].map((one) => ports.manifest.load("branch", one)));
    expect(streams.map((digests) => [...digests.keys()])).toEqual([["b1"], ["i1"]]);
  });
});

describe("what is not configured is said, and nothing is sent", () => {
  test("a connection that was taken away", async () => {
    const company = { ...world.desk.company, connections: world.desk.company.connections.slice(0, 1) };
    await expect(writeBack(world.ports, company, await message())).rejects.toMatchObject({
      ...{ kind: "bad-input", message: "no connection branch is configured" },
    });
  });

  test.each([
    ["a vendor nobody wrote", { connector: () => undefined }],
    ["a target it has no writer for", { writers: {} }],
  ])("%s", async (_name, more) => {
    const ports = "writers" in more ? branchWriting(world, { none: true }) : { ...world.ports, ...more };
    await expect(writeBack(ports, world.desk.company, await message())).rejects.toMatchObject({
      ...{ kind: "bad-input", message: "nothing can write status of branch" },
    });
  });
});
