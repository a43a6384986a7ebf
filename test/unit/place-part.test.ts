import { beforeEach, describe, expect, test } from "vitest";
import type { Facts, InvoiceFacts, PaymentFacts } from "#shared/domain/facts.ts";
import { jobIdOf, parseRecordKey, type RecordRef, recordKey } from "#shared/domain/ids.ts";
import { type Known, knownFrom } from "#shared/domain/observation.ts";
import { sets } from "#shared/pipeline/link.ts";
import { type PlacePorts, placePart, placeRoot, settlePlaced } from "#shared/pipeline/place.ts";
import type { Claim } from "#shared/pipeline/ports.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";
import { invoice as seenInvoice, payment as seenPayment } from "#test/support/money-view.ts";

let ports: PlacePorts & { claims: ReturnType<typeof counted> };
/** Claims that count what is saved. */
const counted = (claims: PlacePorts["claims"]) => {
  const saved: string[] = [];
  const save: typeof claims.save = (change) => {
    saved.push(change.next.record);
    return claims.save(change);
  };
  return { ...claims, save, saved };
};
beforeEach(() => {
  const store = memoryWorld().company("ridgeline");
  ports = { sets: store.sets, claims: counted(store.claims) };
});

const ref = (stream: string, id: string): RecordRef => ({ connection: "st", stream, id });
const [one, two] = [ref("jobs", "1"), ref("jobs", "2")];
const [jobOne, jobTwo] = [jobIdOf("st/jobs/1"), jobIdOf("st/jobs/2")];
const claim = async (key: string): Promise<Claim> => (await ports.claims.load([key]))[0]!;
let reads = 0;
/** One more reading of a record. */
const saying = (key: string, facts: Facts, digest = "d1"): Known =>
  knownFrom({
    ...{
      record: parseRecordKey(key),
      version: { modified: null, read: ++reads },
      digest,
      at: "2026-11-02",
      hangsOn: [],
    },
    facts,
  });
const parent = (one: RecordRef) => ({ key: recordKey(one), root: one.stream === "jobs" });
const part = (key: string, facts: Facts, parents: readonly RecordRef[], digest = "d1") =>
  placePart(ports, key, parents.map(parent), saying(key, facts, digest));

const invoice = (id: string, more: Partial<InvoiceFacts> = {}) => ({
  comesOn: (...parents: readonly RecordRef[]) => part(`st/invoices/${id}`, seenInvoice(more).facts, parents),
});
const payment = (shares: readonly string[], more: Partial<PaymentFacts> = {}, digest = "d1") => {
  const { facts } = seenPayment(
    shares.map((id) => [id, 100]),
    more,
    { connection: "st" },
  );
  return part(
    "st/payments/9",
    facts,
    facts.shares.map((share) => share.invoice),
    digest,
  );
};

describe("a view of a whole job", () => {
  test("founds a job of its own, once", async () => {
    expect(await placeRoot(ports, "st/jobs/1")).toEqual({ jobs: [jobOne], founds: jobOne, waiting: [], after: [] });
    expect(await claim("st/jobs/1")).toMatchObject({ jobs: [jobOne], parked: null });
    expect(await placeRoot(ports, "st/jobs/1")).toEqual({ jobs: [jobOne], founds: null, waiting: [], after: [] });
    expect(ports.claims.saved).toEqual(["st/jobs/1"]);
  });

  test("goes where its claim says, and waits no longer", async () => {
    const stored = { ...(await claim("st/jobs/1")), version: 0 };
    await ports.claims.save({ stored, next: { ...stored, jobs: [], parked: "no job wants it" } });
    await placeRoot(ports, "st/jobs/1");
    expect(await claim("st/jobs/1")).toMatchObject({ jobs: [jobOne], parked: null });
    const claimed = { ...(await claim("st/jobs/2")), version: 0 };
    await ports.claims.save({ stored: claimed, next: { ...claimed, jobs: [jobOne] } });
    expect(await placeRoot(ports, "st/jobs/2")).toMatchObject({ jobs: [jobOne], founds: null });
  });
});

describe("a part", () => {
  test("goes to the job of the record it hangs on, which it founds when it comes first", async () => {
    expect(await invoice("7").comesOn(one)).toEqual({ jobs: [jobOne], founds: null, waiting: [], after: [] });
    expect(await claim("st/jobs/1")).toMatchObject({ jobs: [jobOne], parked: null });
    expect(await claim("st/invoices/7")).toMatchObject({ jobs: [jobOne], parked: null });
    expect((await claim("st/invoices/7")).digest).toBeUndefined();
    expect(await placeRoot(ports, "st/jobs/1")).toMatchObject({ jobs: [jobOne] });
  });

  test("read again and no other writes nothing", async () => {
    await invoice("7").comesOn(one);
    const { length } = ports.claims.saved;
    expect(await invoice("7").comesOn(one)).toMatchObject({ jobs: [jobOne] });
    expect(ports.claims.saved).toHaveLength(length);
  });

  test("goes to every job it hangs on, each once, in one order", async () => {
    await invoice("7").comesOn(one);
    await invoice("8").comesOn(two);
    await invoice("10").comesOn(two);
    expect((await payment(["8", "7", "10"])).jobs).toEqual([jobOne, jobTwo].toSorted());
    expect((await claim("st/payments/9")).jobs).toEqual([jobOne, jobTwo].toSorted());
  });

  test("that comes to hang on a second job is from then on both", async () => {
    await invoice("7").comesOn(one);
    await invoice("8").comesOn(two);
    await payment(["7"]);
    await payment(["7", "8"]);
    expect((await claim("st/payments/9")).jobs).toEqual([jobOne, jobTwo].toSorted());
  });

  test("that has moved touches the job it left too, once, and is that one's no more", async () => {
    await invoice("7").comesOn(one);
    expect((await invoice("7").comesOn(two)).jobs).toEqual([jobTwo, jobOne]);
    expect((await claim("st/invoices/7")).jobs).toEqual([jobTwo]);
    expect((await invoice("7").comesOn(two)).jobs).toEqual([jobTwo]);
  });

  test("that is a payment stays told to the job it left: its money must not go on counting there", async () => {
    await invoice("7").comesOn(one);
    await invoice("8").comesOn(two);
    await payment(["7"]);
    expect((await payment(["8"])).jobs).toEqual([jobOne, jobTwo].toSorted());
    expect((await payment(["8"])).jobs).toEqual([jobOne, jobTwo].toSorted());
  });

  test("that hangs on nothing is kept with what it said: a payment parked, an invoice as unattached money", async () => {
    expect(await invoice("7").comesOn()).toEqual({ jobs: [], founds: null, waiting: [], after: [] });
    expect(await claim("st/invoices/7")).toMatchObject({ parked: null, unattached: "", digest: "d1", jobs: [] });
    await payment([], {}, "d2");
    expect(await claim("st/payments/9")).toMatchObject({ parked: "no job wants it", digest: "d2" });
    await payment([], {}, "d3");
    expect(await claim("st/payments/9")).toMatchObject({ digest: "d3" });
  });
});

describe("a payment over invoices that have not come", () => {
  test("waits for each of them, and goes to the jobs of those that have", async () => {
    await invoice("7").comesOn(one);
    expect((await payment(["7", "8", "10"])).jobs).toEqual([jobOne]);
    expect(await claim("st/payments/9")).toMatchObject({
      jobs: [jobOne],
      parked: "waits for st/invoices/8, st/invoices/10",
    });
    expect((await ports.sets.list(sets.waits("st/invoices/8"))).map(({ member }) => member)).toEqual(["st/payments/9"]);
    expect((await invoice("8").comesOn(two)).waiting).toEqual(["st/payments/9"]);
    await payment(["7", "8", "10"]);
    expect((await claim("st/payments/9")).parked).toBe("waits for st/invoices/10");
    await invoice("10").comesOn(two);
    expect((await payment(["7", "8", "10"])).jobs).toEqual([jobOne, jobTwo].toSorted());
    expect((await claim("st/payments/9")).parked).toBeNull();
  });

  test("waits no longer for one that came while it was entered among those who wait", async () => {
    const { sets: store } = ports;
    const meanwhile = {
      ...ports,
      sets: {
        ...store,
        add: async (...asked: Parameters<typeof store.add>) => {
          await store.add(...asked);
          await invoice("7").comesOn(one);
        },
      },
    };
    const { facts } = seenPayment([["7", 100]], {}, { connection: "st" });
    const waits = [parent(ref("invoices", "7"))];
    expect((await placePart(meanwhile, "st/payments/9", waits, saying("st/payments/9", facts))).jobs).toEqual([jobOne]);
    expect((await claim("st/payments/9")).parked).toBeNull();
  });

  test("is not what another payment waits for", async () => {
    await ports.sets.add(sets.waits("st/payments/9"), "st/payments/10", {});
    expect(await payment([])).toMatchObject({ waiting: [], after: [] });
  });
});

describe("money that lies on no invoice", () => {
  const customer = ref("customers", "c1");
  const held = () => ports.sets.list(sets.held("st/customers/c1"));
  const rest = (unapplied: PaymentFacts["unapplied"], more: Partial<PaymentFacts> = {}, shares: string[] = []) =>
    payment(shares, { customer, unapplied, total: 500, ...more });
  beforeEach(() => ports.sets.add(sets.names("st/customers/c1"), "st/jobs/3", {}));

  test("is held by its customer, whose jobs are looked at again, and no job is missed for it", async () => {
    expect(await rest(300)).toMatchObject({ jobs: [], founds: null, waiting: ["st/jobs/3"] });
    expect(await held()).toEqual([{ member: "st/payments/9", data: { unapplied: 300, total: 500, shares: [] } }]);
    expect((await claim("st/payments/9")).parked).toBeNull();
    await invoice("7").comesOn(one);
    await rest(200, {}, ["7"]);
    expect((await held())[0]?.data).toEqual({ unapplied: 200, total: 500, shares: [["st/invoices/7", 100]] });
  });

  test("is held beside another payment's, be it the same amount", async () => {
    await ports.sets.add(sets.held("st/customers/c1"), "st/payments/8", { unapplied: 300, total: 500, shares: [] });
    await rest(300);
    expect((await held()).map(({ member }) => member)).toEqual(["st/payments/8", "st/payments/9"]);
  });

  test("told again is held as it stands, and its jobs are looked at again until they were told", async () => {
    await rest(300);
    const { add } = ports.sets;
    let adds = 0;
    ports = { ...ports, sets: { ...ports.sets, add: (...asked) => (adds++, add(...asked)) } };
    const again = await rest(300);
    expect(again.waiting).toEqual(["st/jobs/3"]);
    await settlePlaced(ports, again.after);
    expect(await rest(300)).toMatchObject({ waiting: [], after: [] });
    expect(adds).toBe(0);
    await rest(299);
    expect(adds).toBe(1);
  });

  test.each([
    ["all of it lies on invoices", { unapplied: 0 }],
    ["what is left is not stated", { unapplied: null }],
    ["what is left cannot be read", { unapplied: { unreadable: "3.005" } }],
    ["the payment was taken back", { unapplied: 300, presence: "deleted" as const }],
    ["the payment failed", { unapplied: 300, state: "failed" as const }],
  ])("is held no longer when %s, and the jobs are told so once", async (_name, facts) => {
    await rest(300);
    const gone = await rest(300, facts);
    expect(gone.waiting).toEqual(["st/jobs/3"]);
    expect(await held()).toEqual([]);
    await settlePlaced(ports, gone.after);
    expect((await rest(300, facts)).waiting).toEqual([]);
    expect((await claim("st/payments/9")).parked).toBe("no job wants it");
  });

  test("is not held of a payment that never had any, of nobody, nor of an invoice", async () => {
    expect((await rest(0)).waiting).toEqual([]);
    expect((await payment([], { unapplied: 300 })).waiting).toEqual([]);
    expect(await held()).toEqual([]);
    expect((await invoice("7", { customer }).comesOn()).waiting).toEqual([]);
  });

  test("with amounts nobody can read counts them as nothing", async () => {
    await invoice("7").comesOn(one);
    const shares = [{ invoice: ref("invoices", "7"), amount: { unreadable: "x" } }];
    await rest(300, { total: null, shares }, ["7"]);
    expect((await held())[0]?.data).toEqual({ unapplied: 300, total: 0, shares: [["st/invoices/7", 0]] });
  });
});

test("a store that gives no claim is a failure that says for what", async () => {
  const silent = { ...ports, claims: { ...ports.claims, load: async () => [] } };
  await expect(placeRoot(silent, "st/jobs/1")).rejects.toThrow("the claim store gave nothing for st/jobs/1");
  const { facts } = seenInvoice({});
  await expect(placePart(silent, "st/invoices/1", [], saying("st/invoices/1", facts))).rejects.toThrow(
    "the claim store gave nothing for st/invoices/1",
  );
});
