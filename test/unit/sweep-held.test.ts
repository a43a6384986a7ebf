import { expect, test } from "vitest";
import { digestOf } from "#shared/domain/ids.ts";
import type { HeldMoney, Jobless } from "#shared/pipeline/jobless.ts";
import { sweepStream } from "#shared/pipeline/sweep.ts";
import type { Unapplied } from "#shared/pipeline/unapplied.ts";
import { hinted, keyOf, sweepingWorld } from "#test/support/sweeping-world.ts";

const ahead: Unapplied = {
  customer: "rotor-crews/customers/1",
  rest: 20_000,
  total: 20_000,
  shares: [],
  version: { modified: null, read: 1 },
  seenRead: 1,
  goneRead: 0,
};

/** A vendor that shows payment 0 and had the others, which no job holds; each claim says that of its rest. */
async function swept(rests: readonly (Unapplied | undefined)[], role: "root" | "part" = "part"): Promise<unknown> {
  return sweptWith(
    rests.map((unapplied) => (unapplied ? { unapplied } : {})),
    role,
  );
}

async function sweptWith(held: readonly HeldMoney[], role: "root" | "part" = "part"): Promise<unknown> {
  const shown = [{ id: "0" }];
  const world = await sweepingWorld(shown, shown, { absence: "by-id", byId: 50, role });
  const ids = ["0", ...held.map((_rest, index) => `gone-${index}`)];
  await world.store.manifest.merge("rotor-crews", "jobs", new Map(ids.map((id) => [id, digestOf({ id })])), 1);
  for (const [index, { unapplied, jobless }] of held.entries()) {
    const [stored] = await world.store.claims.load([keyOf(`gone-${index}`)]);
    const next = { record: keyOf(`gone-${index}`), jobs: [], person: null, sets: {}, parked: null };
    await world.store.claims.save({
      stored: stored!,
      next: { ...next, ...(unapplied ? { unapplied } : {}), ...(jobless ? { jobless } : {}) },
    });
  }
  const { missing, known } = await sweepStream(world.ports, world.readable);
  return { missing, known, hinted: hinted(world) };
}

test("a payment that no job holds and no list shows is asked for by id while its rest is held for a customer", async () => {
  expect(await swept([ahead])).toEqual({ missing: 1, known: 2, hinted: ["gone-0"] });
});

test("so is an invoice without a job, and a payment of nobody; one that has its job by now, or is gone, is not", async () => {
  const { customer, version, seenRead, goneRead } = ahead;
  const plain = { number: "M-1", day: null, total: 9900, balance: 0, draft: false, over: false };
  const jobless: Jobless = { attached: false, customer, ...plain, version, seenRead, goneRead };
  const asked = { missing: 1, known: 2, hinted: ["gone-0"] };
  expect(await sweptWith([{ jobless }])).toEqual(asked);
  expect(await sweptWith([{ unapplied: { ...ahead, customer: null } }])).toEqual(asked);
  for (const more of [{ attached: true }, { over: true }, { goneRead: 2 }])
    expect(await sweptWith([{ jobless: { ...jobless, ...more } }])).toEqual({ missing: 0, known: 1, hinted: [] });
});

test("one without a rest, and one known to be gone, is not asked for again", async () => {
  expect(await swept([undefined, { ...ahead, rest: 0 }, { ...ahead, goneRead: 2 }])).toEqual({
    missing: 0,
    known: 1,
    hinted: [],
  });
});

test("more of them than may be concluded at once are a question, as for records of jobs", async () => {
  expect(await swept([ahead, ahead, ahead, ahead])).toEqual({ missing: 4, known: 5, hinted: [] });
});

test("nobody looks for them among records that are jobs themselves", async () => {
  expect(await swept([ahead], "root")).toEqual({ missing: 0, known: 1, hinted: [] });
});
