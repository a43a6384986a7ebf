import { beforeEach, expect, test } from "vitest";
import type { PersonFacts } from "#shared/domain/facts.ts";
import type { PlacePorts } from "#shared/pipeline/place.ts";
import { placePerson } from "#shared/pipeline/place-person.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";

/** What a customer's claim keeps of its name, and into whom its system merged it. */
let ports: PlacePorts;
let saves = 0;
beforeEach(() => {
  const store = memoryWorld().company("ridgeline");
  saves = 0;
  const save: typeof store.claims.save = (change) => (saves++, store.claims.save(change));
  ports = { ...store, claims: { ...store.claims, save } };
});

const key = "st/customers/1";
const plain = { kind: "person", presence: "present", phones: [], emails: [], mergedTo: null } as const;
function comes(read: number, more: Partial<PersonFacts> = {}, digest = `d${read}`): Promise<unknown> {
  const version = { modified: null, read };
  return placePerson(ports, key, { ...plain, role: "customer", name: "Vega", ...more }, { digest, version });
}
const named = async () => (await ports.claims.load([key]))[0]?.named;
const into = { connection: "st", stream: "customers", id: "2" };

test("is what its latest reading says, whichever came last", async () => {
  await comes(4);
  expect(await named()).toEqual({ name: "Vega", mergedTo: null, version: { modified: null, read: 4 } });
  await comes(6, { name: "Vega Ltd", mergedTo: into });
  const latest = { name: "Vega Ltd", mergedTo: "st/customers/2", version: { modified: null, read: 6 } };
  expect(await named()).toEqual(latest);
  await comes(5);
  expect(await named()).toEqual(latest);
  await comes(6, { name: "the same reading" }, "d7");
  expect(await named()).toEqual(latest);
});

test("is kept of two that are taken in at once, though the earlier is saved last", async () => {
  await comes(1);
  const { claims } = ports;
  let late = true;
  const load: typeof claims.load = async (records) => {
    const found = await claims.load(records);
    if (late && records[0] === key) {
      late = false;
      await comes(3, { name: "Vega Ltd" });
    }
    return found;
  };
  const version = { modified: null, read: 2 };
  const facts = { ...plain, role: "customer", name: "Vega & Sons" } as const;
  await placePerson({ ...ports, claims: { ...claims, load } }, key, facts, { digest: "d2", version });
  expect((await named())?.name).toBe("Vega Ltd");
});

test("read once more writes nothing; a claim that was written before names were kept gets one", async () => {
  await comes(4, {}, "d");
  const before = saves;
  await comes(5, {}, "d");
  // Whom its jobs were told of, and no more.
  expect((await named())?.version.read).toBe(4);
  const [stored] = await ports.claims.load([key]);
  const { named: _, ...older } = stored!;
  await ports.claims.save({ stored: stored!, next: older });
  await comes(6, {}, "d");
  expect((await named())?.name).toBe("Vega");
  expect(saves).toBe(before + 2);
});

test("is not kept of a technician, who writes nothing when read once more", async () => {
  await comes(4, { role: "technician", emails: ["ana@example.com"] }, "d");
  const before = saves;
  await comes(5, { role: "technician", emails: ["ana@example.com"] }, "d");
  expect(await named()).toBeUndefined();
  expect(saves).toBe(before);
});
