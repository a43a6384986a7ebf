import { beforeEach, describe, expect, test } from "vitest";
import type { Facts, InvoiceFacts, PaymentFacts, PersonFacts } from "#shared/domain/facts.ts";
import type { RecordRef } from "#shared/domain/ids.ts";
import { type Known, knownFrom } from "#shared/domain/observation.ts";
import { sets } from "#shared/pipeline/link.ts";
import { placePart, placeRoot, settlePlaced } from "#shared/pipeline/place.ts";
import { placePerson } from "#shared/pipeline/place-person.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";

/** What follows from a record is found again until it was sent: a crash between leaves it to the next delivery. */
const ref = (stream: string, id: string): RecordRef => ({ connection: "st", stream, id });
const saying = (facts: Facts, record = ref("payments", "9")): Known =>
  knownFrom({ record, version: { modified: null, read: 1 }, digest: "d", at: "2026-11-02", hangsOn: [], facts });
const invoice: InvoiceFacts = {
  ...{ kind: "invoice", presence: "present", number: "1", total: 100, tax: 0, balance: 0, discount: null },
  ...{ stage: "posted", partial: false, adjusts: null, day: "2026-11-02", customer: null, keys: {} },
};
const payment: PaymentFacts = {
  ...{ kind: "payment", presence: "present", credit: false, state: "received", total: 100, fee: null },
  ...{
    shares: [{ invoice: ref("invoices", "7"), amount: 100 }],
    unapplied: 0,
    customer: null,
    day: null,
    method: null,
  },
};
const person: PersonFacts = {
  ...{ kind: "person", role: "customer", presence: "present", name: "Dana Whitfield" },
  ...{ phones: ["3035550101"], emails: [], mergedTo: null },
};

describe("a payment that waits for its invoice", () => {
  const waits = sets.waits("st/invoices/7");
  const invoiceComes = (ports: Parameters<typeof placePart>[0]) =>
    placePart(ports, "st/invoices/7", [{ key: "st/jobs/1", root: true }], saying(invoice));

  test("is read again once the invoice has come, however often the crash between comes", async () => {
    const ports = memoryWorld().company("ridgeline");
    await placePart(ports, "st/payments/9", [{ key: "st/invoices/7", root: false }], saying(payment));
    expect((await ports.claims.parked()).map(({ record }) => record)).toEqual(["st/payments/9"]);
    expect((await invoiceComes(ports)).waiting).toEqual(["st/payments/9"]);
    const again = await invoiceComes(ports);
    expect(again.waiting).toEqual(["st/payments/9"]);
    await settlePlaced(ports, again.after);
    expect(await ports.sets.list(waits)).toEqual([]);
    expect(await invoiceComes(ports)).toMatchObject({ waiting: [], after: [] });
  });
});

describe("a customer whose job waits", () => {
  let ports = memoryWorld().company("ridgeline");
  const version = { modified: null, read: 1 };
  const comes = (key: string, digest = "d", facts = person) => placePerson(ports, key, facts, { digest, version });

  beforeEach(async () => {
    ports = memoryWorld().company("ridgeline");
    await placeRoot(ports, "st/jobs/1");
    await ports.sets.add(sets.names("st/customers/1"), "st/jobs/1", {});
  });

  test("has it looked at again until that was sent, and then no more", async () => {
    expect((await comes("st/customers/1")).waiting).toEqual(["st/jobs/1"]);
    const again = await comes("st/customers/1");
    expect(again.waiting).toEqual(["st/jobs/1"]);
    await settlePlaced(ports, again.after);
    expect(await comes("st/customers/1")).toMatchObject({ waiting: [], after: [] });
    // Another name is no news to the jobs.
    expect(await comes("st/customers/1", "d2", { ...person, name: "Dana W." })).toMatchObject({ waiting: [] });
  });

  test("and so have those of another system's customer who turns out to be the same", async () => {
    await settlePlaced(ports, (await comes("st/customers/1")).after);
    await ports.sets.add(sets.names("ctc/customers/8"), "ctc/jobs/8", {});
    const both = ["ctc/jobs/8", "st/jobs/1"];
    expect((await comes("ctc/customers/8")).waiting.toSorted()).toEqual(both);
    // The persons are one by now; whom the crash kept from being told is told by the next delivery.
    const again = await comes("ctc/customers/8");
    expect(again.waiting.toSorted()).toEqual(both);
    await settlePlaced(ports, again.after);
    expect(await comes("ctc/customers/8")).toMatchObject({ waiting: [], after: [] });
  });

  test("with no job waiting it is written that there was nobody to tell, and the next readings write nothing", async () => {
    ports = memoryWorld().company("ridgeline");
    const { claims } = ports;
    let saves = 0;
    const save: typeof claims.save = async (change) => {
      saves++;
      return claims.save(change);
    };
    const counting = { ...ports, claims: { ...claims, save } };
    for (const written of [2, 2]) {
      const { after, waiting } = await placePerson(counting, "st/customers/1", person, { digest: "d", version });
      expect(waiting).toEqual([]);
      await settlePlaced(counting, after);
      expect(saves).toBe(written);
    }
  });
});
