import { beforeEach, describe, expect, test } from "vitest";
import type { PersonFacts } from "#shared/domain/facts.ts";
import { personIdOf } from "#shared/domain/ids.ts";
import { sets } from "#shared/pipeline/link.ts";
import { namesakes } from "#shared/pipeline/namesakes.ts";
import { type PlacePorts, settlePlaced } from "#shared/pipeline/place.ts";
import type { Claim } from "#shared/pipeline/ports.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";
import { personComes, whoIs } from "#test/support/person-comes.ts";

let ports: PlacePorts;
beforeEach(() => {
  ports = memoryWorld().company("ridgeline");
});

const [phone, second, mail] = ["3035550101", "3035550102", "dana@example.com"];
const comes = (key: string, more: Partial<PersonFacts> = {}, digest = "d1", through = ports) =>
  personComes(through, key, more, digest);
const claim = async (key: string): Promise<Claim> => (await ports.claims.load([key]))[0]!;
const who = (key: string): Promise<string | undefined> => whoIs(ports, key);
const areOne = async (...keys: readonly string[]) => new Set(await Promise.all(keys.map(who))).size === 1;
const keys = ["s1/customers/1", "s2/customers/2", "s3/customers/3", "s1/customers/4"] as const;
const [dana, other, third, mate] = keys;

describe("a customer", () => {
  test("is one person in two systems by a phone or an e-mail, whatever the names, whoever came first", async () => {
    await comes(other, { phones: [second, phone], name: "D. W." });
    await comes(dana, { phones: [phone] });
    await comes(third, { emails: [mail] });
    expect(await areOne(dana, other)).toBe(true);
    expect(await areOne(dana, third)).toBe(false);
    await comes(other, { phones: [phone], emails: [mail], name: "D. W." }, "d2");
    expect(await areOne(dana, other, third)).toBe(true);
    expect((await claim(dana)).person).not.toBe((await claim(other)).person);
    expect(await who(dana)).toBe([dana, other, third].map(personIdOf).toSorted()[0]);
  });

  test("is kept with the digest of what was read, among the records of its person and its namesakes", async () => {
    await comes(dana);
    expect(await claim(dana)).toMatchObject({ person: personIdOf(dana), digest: "d1", jobs: [], parked: null });
    expect(await ports.sets.list(sets.person(personIdOf(dana)))).toEqual([{ member: dana, data: {} }]);
    await comes(dana, { name: "Dana Whitford" }, "d2");
    expect((await claim(dana)).digest).toBe("d2");
    expect(await ports.sets.list(sets.person(personIdOf(dana)))).toHaveLength(1);
    expect(await ports.sets.list(namesakes("customer", "Dana Whitford"))).toMatchObject([
      { member: dana, data: { name: "Dana Whitford" } },
    ]);
  });

  test("is nobody else's for a phone that two records of a system share, unless the name says which", async () => {
    await comes(dana, { phones: [phone], name: "Dana Whitfield" });
    await comes(mate, { phones: [phone], name: "Peter Whitfield" });
    await comes(other, { phones: [phone], name: "Luis Vega" });
    expect(await areOne(dana, other)).toBe(false);
    expect(await areOne(mate, other)).toBe(false);
    await comes(third, { phones: [phone], name: "Whitfield, Peter" });
    expect(await areOne(mate, third)).toBe(true);
    expect(await areOne(dana, third)).toBe(false);
  });

  test("nor of one who shares phone and name with another of its system", async () => {
    await comes(dana, { phones: [phone] });
    await comes(mate, { phones: [phone] });
    expect(await areOne(dana, mate)).toBe(false);
    await comes(other, { phones: [phone] });
    expect(new Set(await Promise.all([dana, mate, other].map(who))).size).toBe(3);
  });

  test.each([
    ["of the one who asks", null, "Dana Whitfield"],
    ["of those who are there", "Dana Whitfield", null],
  ])("nor for a shared phone without a name: %s", async (_name, asks, there) => {
    await comes(dana, { phones: [phone], name: there });
    await comes(mate, { phones: [phone], name: "Peter Whitfield" });
    await comes(other, { phones: [phone], name: asks });
    expect(await areOne(dana, other)).toBe(false);
    expect(await areOne(mate, other)).toBe(false);
  });

  test("nine letters of ten are the name", async () => {
    await comes(dana, { phones: [phone], name: "Featherman" });
    await comes(mate, { phones: [phone], name: "Peter" });
    await comes(other, { phones: [phone], name: "Feathermen" });
    expect(await areOne(dana, other)).toBe(true);
  });

  test("merged into another in its own system is that one", async () => {
    await comes(dana);
    const [connection, stream, id] = ["s1", "customers", "1"];
    await comes(mate, { name: "Peter", mergedTo: { connection, stream, id } });
    expect(await areOne(dana, mate)).toBe(true);
    await comes(other, { name: "Luis", mergedTo: { connection: "s2", stream, id: "unread" } });
    expect(await who(other)).toBe(personIdOf(other));
  });
});

describe("whose jobs are looked at again", () => {
  const waiting = async (placed: ReturnType<typeof comes>) => (await placed).waiting.toSorted();
  const tell = async (key: string, more: Partial<PersonFacts>, digest = "d1") => {
    const placed = await comes(key, more, digest);
    await settlePlaced(ports, placed.after);
    return placed.waiting.toSorted();
  };
  beforeEach(async () => {
    for (const key of keys) await ports.sets.add(sets.names(key), `job of ${key}`, {});
  });

  test("those of a customer seen for the first time, until they were told", async () => {
    expect(await waiting(comes(dana))).toEqual([`job of ${dana}`]);
    expect(await tell(dana, {})).toEqual([`job of ${dana}`]);
    expect(await tell(dana, {})).toEqual([]);
    expect(await tell(dana, { name: "Dana W." }, "d2")).toEqual([]);
    expect((await claim(dana)).digest).toBe("d2");
  });

  test("those of everybody who turns out to be the same, by phone, by e-mail or merged", async () => {
    await tell(dana, { phones: [phone] });
    await tell(third, { emails: [mail] });
    await tell(mate, {});
    const mergedTo = { connection: "s1", stream: "customers", id: "4" };
    const all = keys.map((key) => `job of ${key}`).toSorted();
    expect(await tell(other, { phones: [phone], emails: [mail], mergedTo })).toEqual(all);
    expect(await tell(other, { phones: [phone], emails: [mail], mergedTo })).toEqual([]);
  });

  test("nobody else's who only shares a phone with several", async () => {
    await tell(dana, { phones: [phone], name: "Dana Whitfield" });
    await tell(mate, { phones: [phone], name: "Peter Whitfield" });
    expect(await tell(other, { phones: [phone], name: "Luis Vega" })).toEqual([`job of ${other}`]);
  });

  test("nobody's again when its phones are read in another order", async () => {
    await tell(dana, { phones: [phone] });
    await tell(third, { phones: [second] });
    expect(await tell(other, { phones: [phone, second] })).toHaveLength(3);
    expect(await tell(other, { phones: [second, phone] }, "d2")).toEqual([]);
  });

  test("nobody's by a reading that says nothing new, which writes nothing", async () => {
    await tell(dana, { phones: [phone] });
    const nowhere = async (): Promise<never> => Promise.reject(new Error("nothing is to be written"));
    const still = { claims: { ...ports.claims, save: nowhere }, sets: { ...ports.sets, remove: nowhere } };
    const add: typeof ports.sets.add = (set, ...more) =>
      set.startsWith("named:") ? nowhere() : ports.sets.add(set, ...more);
    const same = { ...still, sets: { ...still.sets, add } };
    expect((await comes(dana, { phones: [phone] }, "d1", same)).after).toEqual([]);
    // One who was not told yet is told, and no more is written for it.
    await comes(third);
    expect((await comes(third, {}, "d1", still)).waiting).toEqual([`job of ${third}`]);
    expect(await ports.sets.list(namesakes("customer", "Dana Whitfield"))).toHaveLength(2);
  });

  test("again when two whom it knew apart become one by it", async () => {
    await tell(dana, { phones: [phone] });
    await tell(third, { emails: [mail] });
    await tell(other, { phones: [phone], emails: [mail] });
    expect(await areOne(dana, third)).toBe(true);
    // A crash forgot whom they were; who reads them makes them one again, and says so.
    const forward = `people/forward/${[dana, third].map(personIdOf).toSorted()[1]}`;
    const [stored] = await ports.claims.load([forward]);
    await ports.claims.save({ stored: stored!, next: { ...stored!, person: null } });
    expect(await tell(other, { phones: [phone], emails: [mail] })).toHaveLength(3);
  });

  test("nobody's by another balance, which the claim remembers", async () => {
    await tell(dana, { phones: [phone] });
    expect(await tell(dana, { phones: [phone] }, "d2")).toEqual([]);
    expect((await claim(dana)).digest).toBe("d2");
  });

  test("nobody's by a new name, under which they are found though a crash came between", async () => {
    await tell(dana, { phones: [phone] });
    const add: typeof ports.sets.add = (set, ...more) =>
      set.startsWith("named:") ? Promise.reject(new Error("crash")) : ports.sets.add(set, ...more);
    const dying = { ...ports, sets: { ...ports.sets, add } };
    const renamed = { phones: [phone], name: "Dana Ray" };
    await expect(comes(dana, renamed, "d2", dying)).rejects.toThrow("crash");
    expect(await tell(dana, renamed, "d2")).toEqual([]);
    expect(await ports.sets.list(namesakes("customer", "Dana Ray"))).toHaveLength(1);
  });

  test("those of who was merged into another, once the other is read", async () => {
    const merged = { mergedTo: { connection: "st", stream: "customers", id: "merged-into" } };
    await tell(dana, merged);
    await tell("st/customers/merged-into", {});
    expect(await tell(dana, merged)).toContain(`job of ${dana}`);
    // From then on another reading writes nothing but its digest.
    const { version } = (await ports.claims.load([dana]))[0]!;
    expect(await tell(dana, merged)).toEqual([]);
    expect((await ports.claims.load([dana]))[0]?.version).toBe(version);
    expect(await tell(dana, merged, "d2")).toEqual([]);
    expect((await ports.claims.load([dana]))[0]).toMatchObject({ digest: "d2", version: version + 1 });
  });

  test("nobody's where no job names them: who comes to name them later sees who they are", async () => {
    ports = memoryWorld().company("ridgeline");
    const first = await comes(dana);
    expect(first.waiting).toEqual([]);
    expect((await claim(dana)).person).toBe(personIdOf(dana));
    expect((await claim(dana)).told).toBeUndefined();
    // One that named them meanwhile, and saw nobody yet, is told by the reading that a crash made come again.
    await ports.sets.add(sets.names(dana), "job", {});
    const again = await comes(dana);
    expect(again.waiting).toEqual(["job"]);
    await settlePlaced(ports, again.after);
    expect(await comes(dana)).toMatchObject({ waiting: [], after: [] });
  });
});

describe("who a person is by now", () => {
  const forward = async (from: string, to: string) => {
    const [stored] = await ports.claims.load([`people/forward/${from}`]);
    await ports.claims.save({ stored: stored!, next: { ...stored!, person: to } });
  };

  test("keeps for whom somebody else had stood when another forwards them meanwhile", async () => {
    await comes(dana, { phones: [phone] });
    await comes(third, { emails: [mail] });
    await comes(mate);
    const largest = [dana, other, third].map(personIdOf).toSorted()[2]!;
    let looks = 0;
    const load: PlacePorts["claims"]["load"] = async (records) => {
      // Between looking who they are and looking what stands there, another finds the largest to be a fourth one.
      if (records[0]?.startsWith("people/forward/") && ++looks === 2) await forward(largest, personIdOf(mate));
      return ports.claims.load(records);
    };
    const claims = { ...ports.claims, load };
    await comes(other, { phones: [phone], emails: [mail] }, "d1", { ...ports, claims });
    expect(await areOne(dana, other, third, mate)).toBe(true);
  });

  test("is a failure when they never come to rest", async () => {
    await comes(dana, { phones: [phone] });
    const save: PlacePorts["claims"]["save"] = async (change) =>
      change.next.record.startsWith("people/") ? "conflict" : ports.claims.save(change);
    const moving = { ...ports, claims: { ...ports.claims, save } };
    const both = [personIdOf(other), personIdOf(dana)].join(", ");
    await expect(comes(other, { phones: [phone] }, "d1", moving)).rejects.toThrow(`the persons ${both} keep moving`);
  });
});
