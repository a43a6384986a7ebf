import { describe, expect, test } from "vitest";
import type { Connector, Page, Writer } from "#shared/connectors/connector.ts";
import { connectors } from "#shared/connectors/registry.ts";
import type { VendorClient } from "#shared/connectors/vendor-client.ts";
import { jobIdOf, recordKey } from "#shared/domain/ids.ts";
import type { Intent } from "#shared/domain/intent.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import { addHours } from "#shared/domain/time.ts";
import type { Describer } from "#shared/pipeline/arrive.ts";
import { approve, type Decided } from "#shared/pipeline/decide.ts";
import { lossSentence } from "#shared/pipeline/plan-money.ts";
import { nothingArrives } from "#shared/pipeline/reconcile.ts";
import { surroundingsOf } from "#shared/pipeline/surroundings.ts";
import { updateJob } from "#shared/pipeline/update-job.ts";
import { type WriteBackPorts, type WroteBack, writeBack } from "#shared/pipeline/write-back.ts";
import { newFeed } from "#shared/store/feed-store.ts";
import {
  customer,
  invoice,
  job,
  type LinkingWorld,
  linkingWorld,
  payment,
  type Told,
} from "#test/support/linking-world.ts";

/**
 * A check of 450.00: 300.00 of it on job 10, the rest on nothing. The crews (s2) say that job 10 got nothing and job 11
 * the whole check, so taking it for job 11 closes both gaps. That is a change over two jobs, and bound to both (law 8).
 */
const of = { connection: "s1", stream: "customers", id: "c1" };
const check = payment("s1", "p1", { i10: 30_000 }, { total: 45_000, unapplied: 15_000, customer: of });
const third = "2026-11-03";
const crewsOf10 = (received: number): Told => job("s2", "r10", { of: "k1", charge: null, payment: received });

interface Move {
  readonly world: LinkingWorld;
  /** Writes that came to the vendor. */
  readonly sent: readonly Intent[];
  /** The write that job 11 plans as things stand now. */
  plan(): Promise<Intent>;
  approve(bound: string): Promise<Decided>;
  deliver(intent: string): Promise<WroteBack>;
}

const gains = jobIdOf("s1/jobs/11");

async function moving(): Promise<Move> {
  const world = linkingWorld();
  await world.tell(
    customer("s1", "c1", "Dana Whitfield", { phones: ["3035550101"] }),
    customer("s2", "k1", "D. Whitfield", { phones: ["3035550101"] }),
    job("s1", "10", { of: "c1", charge: null, payment: null }),
    job("s1", "11", { of: "c1", charge: null, payment: null, serviceDay: third }),
    invoice("s1", "i10", "10", 30_000),
    invoice("s1", "i11", "11", 45_000),
    crewsOf10(0),
    job("s2", "r11", { of: "k1", charge: null, payment: 45_000, serviceDay: third }),
    check,
  );
  world.clock.set("2026-11-02T13:00:00.000Z");
  const [office, ...others] = world.company.connections;
  const described = world.ports.describer("");
  const plain = connectors["servicetitan"];
  if (!office || !described || !plain) throw new Error("there is no office");
  const company: CompanyConfig = {
    ...world.company,
    connections: [{ ...office, mode: { default: "apply" } }, ...others],
  };
  await world.cell.applyConfiguration({ cells: [], companies: [company] });
  const sent: Intent[] = [];
  const writer = paymentWriter(sent);
  const describer: Describer = {
    ...described,
    vocabulary: { ...described.vocabulary, targets: { ...described.vocabulary.targets, payment: "api" } },
    writers: { payment: writer },
  };
  const vendor: Connector = {
    ...plain,
    writers: { payment: writer },
    normalise: () => ({ facts: check.facts, parents: [], keys: [], alsoRead: [], notices: [] }),
  };
  const ports: WriteBackPorts = {
    ...world.store,
    ...world.ports,
    // Every stream has just been read whole.
    feeds: {
      ...world.store.feeds,
      all: async () => {
        const completeAt = addHours(await world.clock.now(), -1);
        return company.connections.flatMap(({ id }) =>
          Object.keys(describer.streams).map((stream) => ({ ...newFeed(id, stream), completeAt })),
        );
      },
    },
    controlAll: world.cell.controlAll,
    describer: () => describer,
    connector: () => vendor,
    client: async (connection): Promise<VendorClient> => ({
      ...{ connection, secret: null, purpose: "write", now: world.clock.now },
      request: () => Promise.reject(new Error("the writer asks nothing")),
    }),
  };
  const plan = async (): Promise<Intent> => {
    const { stored } = await updateJob(ports, company, await surroundingsOf(ports, company), gains, nothingArrives);
    const [intent, ...more] = stored.state.intents;
    if (!intent || more.length > 0) throw new Error("not one intent is planned");
    return intent;
  };
  return {
    ...{ world, sent, plan },
    approve: async (bound) => approve(ports, company, { job: gains, intent: (await plan()).id, bound, by: "Dana" }),
    deliver: (intent) => writeBack(ports, company, { v: 1, company: company.id, job: gains, intent }),
  };
}

/** Writes a payment's splits to a vendor that keeps showing it as it was. */
function paymentWriter(sent: Intent[]): Writer {
  return {
    ...{ target: "payment", requests: 3, guarded: false },
    read: async (): Promise<Page> => ({
      records: [{ stream: "payments", id: "p1", modified: null, raw: {} }],
      ...{ unfit: [], dropped: 0, next: null, total: null, mark: null },
    }),
    shows: (records, { record }) => {
      const found = records.find((one) => recordKey(one.record) === recordKey(record));
      if (found?.facts.kind !== "payment") return "";
      return found.facts.shares.map(({ invoice: on, amount }) => `${on.id}=${String(amount)}`).join(",");
    },
    send: async (_client, intent) => {
      sent.push(intent);
      return { requestId: null };
    },
  };
}

test("a payment taken from another job says what that job loses, and is bound to it", async () => {
  const { plan } = await moving();
  const intent = await plan();
  expect(intent).toMatchObject({ read: "i10=30000", wanted: "i11=45000", needsApproval: true, moneyMinor: 45_000 });
  expect(intent.arguments).toEqual({
    splits: [{ invoiceId: "i11", amountMinor: 45_000 }],
    losing: [{ job: jobIdOf("s1/jobs/10"), minor: 30_000, gapMinor: -30_000 }],
  });
  expect(intent.sentence).toContain("; 300.00 of it come from 10, whose gap of -300.00 that closes");
});

describe("when the job that loses has moved meanwhile", () => {
  test("a yes to what was seen before is refused, and one to what stands now is taken", async () => {
    const { world, plan, approve: decide } = await moving();
    const before = await plan();
    await world.read(crewsOf10(30_000));
    expect(await decide(before.bound)).toMatchObject({ decided: false, why: expect.stringContaining("look again") });
    const now = await plan();
    expect(now.sentence).toContain("; 300.00 of it come from 10, which agrees now, and would lack it");
    expect(await decide(now.bound)).toMatchObject({ decided: true });
  });
  test("what was approved before is not sent, and waits for a person again", async () => {
    const { world, plan, approve: decide, deliver, sent } = await moving();
    const { id, bound } = await plan();
    expect(await decide(bound)).toMatchObject({ decided: true });
    await world.read(crewsOf10(30_000));
    expect(await deliver(id)).toEqual({ done: "waits" });
    expect(sent).toEqual([]);
    expect(await plan()).toMatchObject({ id, approved: null });
  });
  test("what moved elsewhere holds nothing up", async () => {
    const { world, plan, approve: decide, deliver, sent } = await moving();
    const { id, bound } = await plan();
    expect(await decide(bound)).toMatchObject({ decided: true });
    await world.read(job("s1", "12", { of: "c1", charge: null, payment: null, serviceDay: "2026-11-04" }));
    expect(await deliver(id)).toEqual({ done: "written", outcome: "open" });
    expect(sent.map((one) => one.id)).toEqual([id]);
  });
});

test.each([
  [0, "300.00 of it come from 10, which agrees now, and would lack it"],
  [-30_000, "300.00 of it come from 10, whose gap of -300.00 that closes"],
  [-40_000, "300.00 of it come from 10, whose gap of -400.00 becomes -100.00"],
  [5_000, "300.00 of it come from 10, whose gap of 50.00 becomes 350.00"],
])("a gap of %i cents there is told with what becomes of it", (gapMinor, sentence) =>
  expect(lossSentence({ job: "j", name: "10", minor: 30_000, gapMinor })).toBe(sentence),
);
