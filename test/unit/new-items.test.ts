import { beforeEach, describe, expect, test } from "vitest";
import type { Item } from "#shared/store/attributes.ts";
import { newItems } from "#shared/store/new-items.ts";

const item = (name: string, says = ""): Item => ({ pk: { S: name }, says: { S: says } });
const nameOf = (one: Item): string => one["pk"]?.S ?? "";
const saysOf = (one: Item | undefined): string | undefined => one?.["says"]?.S;

/** A table that makes an item once; `asked` lists its requests. */
let table: Map<string, Item>;
let asked: string[];
let busy: boolean;
beforeEach(() => {
  table = new Map();
  asked = [];
  busy = false;
});
const putOne = async (one: Item): Promise<boolean> => {
  asked.push(nameOf(one));
  if (table.has(nameOf(one))) return false;
  table.set(nameOf(one), one);
  return true;
};
const putTogether = async (items: readonly Item[]): Promise<boolean> => {
  const names = items.map(nameOf);
  asked.push(`[${names.length > 5 ? names.length : names.join(" ")}]`);
  if (new Set(names).size < names.length) throw new Error("a transaction names an item twice");
  if (busy || names.some((name) => table.has(name))) return false;
  for (const one of items) table.set(nameOf(one), one);
  return true;
};
const makes = () => newItems(nameOf, putOne, putTogether);

describe("new items", () => {
  test("of one turn are made in one request, one alone is put", async () => {
    const put = makes();
    expect(await Promise.all(["a", "b", "c"].map((name) => put(item(name))))).toEqual([true, true, true]);
    expect(await put(item("d"))).toBe(true);
    expect(asked).toEqual(["[a b c]", "d"]);
  });

  test("of which one stands are put one by one, and each is told of itself", async () => {
    const put = makes();
    table.set("b", item("b", "first"));
    expect(await Promise.all(["a", "b", "c"].map((name) => put(item(name))))).toEqual([true, false, true]);
    expect(asked).toEqual(["[a b c]", "a", "b", "c"]);
    expect(saysOf(table.get("b"))).toBe("first");
  });

  test("at which somebody else is are put one by one", async () => {
    busy = true;
    const put = makes();
    expect(await Promise.all([put(item("a")), put(item("b"))])).toEqual([true, true]);
    expect(asked).toEqual(["[a b]", "a", "b"]);
  });

  test("that two make at once are made by the first, and the second is told", async () => {
    const put = makes();
    const made = await Promise.all([put(item("a", "first")), put(item("b")), put(item("a", "second"))]);
    expect(made).toEqual([true, true, false]);
    expect(saysOf(table.get("a"))).toBe("first");
  });

  test("go a hundred at a time", async () => {
    const put = makes();
    const made = await Promise.all(Array.from({ length: 201 }, (_, n) => put(item(`item ${n}`))));
    expect(made.every((one) => one)).toBe(true);
    expect(asked).toEqual(["[100]", "[100]", "item 200"]);
    expect(table.size).toBe(201);
  });

  test("that are large go alone, so that no transaction holds too much", async () => {
    const put = makes();
    const texts = [16_383, 16_384].map((bytes, n) => item(String(n), "x".repeat(bytes)));
    const bytes = { pk: { S: "bytes" }, b: { B: new Uint8Array(16_400) } };
    expect(await Promise.all([...texts, bytes, item("a")].map((one) => put(one)))).toEqual([true, true, true, true]);
    expect(asked.toSorted()).toEqual(["1", "[0 a]", "bytes"].toSorted());
  });

  test("whose request failed have failed, each", async () => {
    const away = async (): Promise<never> => Promise.reject(new Error("the table is away"));
    const put = newItems(nameOf, putOne, away);
    for (const one of await Promise.allSettled([put(item("a")), put(item("b"))]))
      expect(one).toMatchObject({ status: "rejected", reason: new Error("the table is away") });
  });
});
