import { beforeEach, describe, expect, test } from "vitest";
import type { JobFacts } from "#shared/domain/facts.ts";
import type { Attempt, Intent } from "#shared/domain/intent.ts";
import { emptyJob, type JobState } from "#shared/domain/job.ts";
import { addHours, addSeconds } from "#shared/domain/time.ts";
import { toldBy } from "#shared/pipeline/history.ts";
import { nothingArrives } from "#shared/pipeline/reconcile.ts";
import { surroundingsOf } from "#shared/pipeline/surroundings.ts";
import { sendIntents, type TakeInPorts, takeInAll, tellJobs, updateJob } from "#shared/pipeline/take-in.ts";
import {
  arrivingWorld,
  at,
  company,
  describer,
  due,
  jobOf,
  observed,
  read,
  ref,
  said,
} from "#test/support/arriving.ts";
import { customer } from "#test/support/linking-world.ts";
import type { MemoryWorld } from "#test/support/memory-ports.ts";
import { plainWords } from "#test/support/model-systems.ts";
import { invoice, payment, root } from "#test/support/money-view.ts";

/** A job is loaded, reconciled and committed on its version; what may go is sent after. */
let ports: TakeInPorts;
let world: MemoryWorld;
beforeEach(() => {
  ({ ports, world } = arrivingWorld());
});
const first = jobOf("1");
const job = (facts: Partial<JobFacts> = {}) => said({ ...root({}).facts, ...facts });
const comes = (connection: string, ...records: Parameters<typeof observed>[1]) =>
  takeInAll(ports, company, [observed(connection, records)], 1);
const stored = async () => ports.jobs.load(first);
const update = async (edit?: (state: JobState) => JobState, through = ports, id = first) =>
  updateJob(through, company, await surroundingsOf(through, company), id, nothingArrives, edit);
/** Every stream was read completely then. */
async function allRead(completeAt: string): Promise<void> {
  const feeds = await Promise.all(
    ["s1", "s2"].flatMap((id) =>
      Object.keys(describer.streams).map(async (name) => ({ ...(await ports.feeds.load(id, name)), completeAt })),
    ),
  );
  ports = { ...ports, feeds: { ...ports.feeds, all: async () => feeds } };
}
const noted = (state: JobState): JobState => toldBy(state, at, [], "said so");

describe("a job is committed", () => {
  beforeEach(async () => {
    await comes("s1", read("jobs", "1", job()));
  });

  test("not where nothing moved", async () => {
    const { changed, stored: now, before } = await update();
    expect([changed, now.version, before]).toEqual([false, 1, now.state]);
    expect((await stored()).version).toBe(1);
  });

  test("with what a person said, though nothing follows from it", async () => {
    const { changed, stored: now, before } = await update(noted);
    expect([changed, now.version, before.lastChange?.cause]).toEqual([true, 2, "observed"]);
    expect(now.state.lastChange).toMatchObject({ version: 2, cause: "person", lines: ["said so"] });
    expect((await stored()).state).toEqual(now.state);
  });

  test("on the version it was read at: when another came first, with what that one left", async () => {
    let loads = 0;
    const load: TakeInPorts["jobs"]["load"] = async (id) => {
      const found = await ports.jobs.load(id);
      if (loads++ === 0) await update((state) => ({ ...state, notices: [], accepted: { charge: 7 } }));
      return found;
    };
    const { stored: now } = await update(noted, { ...ports, jobs: { ...ports.jobs, load } });
    expect([loads, now.version, now.state.accepted]).toEqual([2, 3, { charge: 7 }]);
    expect(now.state.lastChange?.lines).toContain("said so");
  });

  test("never where there is none, whatever is said of it", async () => {
    const { changed, send, stored: now } = await update(noted, ports, jobOf("7"));
    expect([changed, send, now.version]).toEqual([false, [], 0]);
    expect((await ports.jobs.load(jobOf("7"))).version).toBe(0);
  });

  test("that has a link and no reading yet as one that there is", async () => {
    const linked = (state: JobState): JobState => ({
      ...noted(state),
      links: [{ record: "s1/jobs/7", rule: "person", evidence: [], at, batch: null }],
    });
    expect((await update(linked, ports, jobOf("7"))).stored.version).toBe(1);
  });

  test("that has a reading and no link yet likewise", async () => {
    const { observations } = (await stored()).state;
    const seen = (state: JobState): JobState => ({ ...noted(state), observations });
    expect((await update(seen, ports, jobOf("7"))).stored.version).toBe(1);
  });

  test("a desk holds no records: it is edited as it stands", async () => {
    const { changed, stored: now } = await update((state) => ({ ...state, planned: 3 }), ports, "desk-s1");
    expect([changed, now.state.id, now.state.planned]).toEqual([true, "desk-s1", 3]);
  });

  test("what a person said of several is told in each, once", async () => {
    await comes("s1", read("jobs", "2", job()));
    await tellJobs(ports, company, [first, jobOf("2"), first], ["s1/jobs/1"], "two houses");
    for (const id of [first, jobOf("2")]) {
      const { state, version } = await ports.jobs.load(id);
      expect(version).toBe(2);
      expect(state.lastChange).toMatchObject({ cause: "person", at, records: ["s1/jobs/1"], lines: ["two houses"] });
    }
  });
});

describe("who its records name is asked", () => {
  const dana = customer("s1", "c1", "Dana", { phones: ["3035550101"] });
  const renamed = async (): Promise<void> => {
    const [claim] = await ports.claims.load(["s1/customers/c1"]);
    if (claim) await ports.claims.save({ stored: claim, next: { ...claim, person: "p-new" } });
  };
  beforeEach(async () => {
    await comes(
      "s1",
      read("customers", "c1", said(dana.facts)),
      read("jobs", "1", job({ customer: ref("customers", "c1") })),
    );
    await renamed();
  });
  const people = async () => Object.values((await stored()).state.people);

  test("again when its time has come, and not for a reading of it", async () => {
    const [before] = await people();
    await comes("s1", read("jobs", "1", job({ customer: ref("customers", "c1"), title: "x" }), { read: 8 }));
    expect(await people()).toEqual([before]);
    await takeInAll(ports, company, [due(first)], 1);
    expect(await people()).toEqual(["p-new"]);
  });
  test("again when both come in one batch, which is one change more", async () => {
    const reading = observed("s1", [
      read("jobs", "1", job({ customer: ref("customers", "c1"), title: "x" }), { read: 8 }),
    ]);
    for (const batch of [[reading, due(first)]])
      expect(await takeInAll(ports, company, batch, 1)).toMatchObject({ jobs: 1, changed: 1 });
    expect(await people()).toEqual(["p-new"]);
  });
});

describe("unapplied money of its customer", () => {
  const of = ref("customers", "c1");
  const billed = said({ ...invoice({}).facts, total: 500, balance: 500 }, { parents: [ref("jobs", "1")] });
  const deposit = payment([], { total: 500, unapplied: 500, customer: of }, { connection: "s1" }).facts;
  const asked: string[] = [];
  const listening = (): TakeInPorts => ({
    ...ports,
    sets: {
      ...ports.sets,
      list: (set) => {
        if (set.startsWith("held:")) asked.push(set);
        return ports.sets.list(set);
      },
    },
  });
  const office = job({ customer: of, charge: null, payment: null });
  const joined = async (received: number, charge = 500) => {
    const crew = job({ charge, payment: received });
    const links = ["s1/jobs/1", "s2/jobs/2"].map(
      (record) => ({ record, rule: "person", evidence: [], at, batch: null }) as const,
    );
    await comes("s1", read("jobs", "1", office), read("invoices", "5", billed), read("payments", "9", said(deposit)));
    const [claim] = await ports.claims.load(["s2/jobs/2"]);
    if (claim) await ports.claims.save({ stored: claim, next: { ...claim, jobs: [first] } });
    await comes("s2", read("jobs", "2", crew));
    asked.length = 0;
    return update((state) => ({ ...state, links }), listening());
  };

  test("is asked for where a payment differs, and then told of in the break", async () => {
    const { stored: now } = await joined(500);
    expect(new Set(asked)).toEqual(new Set(["held:s1/customers/c1"]));
    const [gap] = now.state.breaks.filter(({ kind }) => kind === "payment");
    expect(gap?.causes.map(({ kind }) => kind)).toContain("unapplied");
  });
  test("is not asked for where none does, though a charge differs", async () => {
    await joined(0);
    expect(asked).toEqual([]);
    const { stored: now } = await joined(0, 700);
    expect(now.state.breaks.map(({ kind }) => kind)).toEqual(["charge"]);
    expect(asked).toEqual([]);
  });
  test("is asked for where a difference stood until now, and no more once it is resolved", async () => {
    world.clock.set(addHours(at, 2));
    await allRead(addHours(at, 1.9));
    const paid = payment([["5", 500]], {}, { connection: "s1" }).facts;
    await joined(500);
    await allRead(addHours(at, 2.5));
    world.clock.set(addHours(at, 3));
    await update();
    asked.length = 0;
    const laid = said({ ...paid, customer: of }, { parents: [ref("invoices", "5")] });
    await takeInAll(listening(), company, [observed("s1", [read("payments", "9", laid, { read: 8 })])], 1);
    expect(asked).not.toEqual([]);
    asked.length = 0;
    const { stored: now } = await update(noted, listening());
    expect(now.state.breaks.map(({ key, state }) => [key, state])).toContainEqual(["payment", "resolved"]);
    expect(asked).toEqual([]);
  });
});

describe("what may go is sent", () => {
  const intent = (id: string, connection = "s2"): Intent =>
    ({ id, record: ref("jobs", "1", connection), target: "status", dueAt: null }) as Intent;
  const attempt = (id: string, dueAt: string): Attempt => ({ intent: intent(id), dueAt }) as Attempt;
  const sentOf = async (state: Partial<JobState>, send: readonly string[]) => {
    const count = await sendIntents(ports, company, { state: { ...emptyJob("j1"), ...state }, version: 1 }, send, at);
    return [
      count,
      [...world.queues.sent.outbound].flatMap(([vendor, messages]) => messages.map((one) => [vendor, one])),
    ];
  };
  const message = (id: string) => ["model-writable", { v: 1, company: "model", job: "j1", intent: id }];

  test("each intent that is named, and each attempt whose time has come, by their names alone", async () => {
    const state = {
      intents: [intent("i1"), intent("i2"), intent("i3")],
      attempts: [attempt("a1", at), attempt("a2", addSeconds(at, 1)), attempt("a3", addSeconds(at, -1))],
    };
    expect(await sentOf(state, ["i3", "i1", "gone"])).toEqual([4, ["i1", "i3", "a1", "a3"].map(message)]);
  });
  test("not to a connection that is not configured", async () =>
    expect(await sentOf({ intents: [intent("i1", "s9"), intent("i2")] }, ["i1", "i2"])).toEqual([1, [message("i2")]]));

  test("what a reading plans after its quiet minute, once all that decides it has been read since", async () => {
    const word = (name: string) => ({
      work: { word: name, set: plainWords.find((one) => one.word === name)?.work ?? [] },
    });
    await comes("s1", read("jobs", "1", job(word("Scheduled"))));
    const [claim] = await ports.claims.load(["s2/jobs/2"]);
    if (claim) await ports.claims.save({ stored: claim, next: { ...claim, jobs: [first] } });
    await comes("s2", read("jobs", "2", job(word("Scheduled"))));
    await update((state) => ({ ...state, links: state.links.map((link) => ({ ...link, rule: "person" as const })) }));
    expect(await comes("s1", read("jobs", "1", job(word("Completed")), { read: 8 }))).toMatchObject({
      changed: 1,
      sent: 0,
    });
    const [planned] = (await stored()).state.intents;
    expect(planned).toMatchObject({ target: "status", wanted: "Completed" });
    world.clock.set(addHours(at, 1));
    expect(await takeInAll(ports, company, [due(first)], 1)).toMatchObject({ sent: 0 });
    await allRead(addHours(at, 0.9));
    world.clock.set(addHours(at, 2));
    expect(await takeInAll(ports, company, [due(first)], 1)).toMatchObject({ sent: 1 });
    expect([...world.queues.sent.outbound.values()].flat()).toMatchObject([{ job: first, intent: planned?.id }]);
  });
});
