import type { Item } from "./attributes.ts";
import { gather } from "./gather.ts";

/** More than a transaction holds is several; with items of this size at most, none comes near its four megabytes. */
const atOnce = 100;
const largestBytes = 16 * 1024;

interface NewItem {
  readonly number: number;
  readonly name: string;
  readonly item: Item;
}

/**
 * Puts of items that must not stand yet. Those of one turn go in one transaction; when it does not go through (one of
 * them stands, or somebody else is at one), each is put for itself and has its own answer. A first reading makes
 * thousands of claims and chunks: one request for a hundred of them, at two write units an item where a put has one.
 */
export function newItems(
  nameOf: (item: Item) => string,
  putOne: (item: Item) => Promise<boolean>,
  putTogether: (items: readonly Item[]) => Promise<boolean>,
): (item: Item) => Promise<boolean> {
  let asked = 0;
  const putSome = async (some: readonly NewItem[]): Promise<readonly (readonly [string, boolean])[]> => {
    const together = some.length > 1 && (await putTogether(some.map(({ item }) => item)));
    return Promise.all(
      some.map(async ({ number, item }) => [String(number), together || (await putOne(item))] as const),
    );
  };
  const put = gather(
    ({ number }: NewItem) => String(number),
    async (all) => {
      // A transaction names no item twice: of two that make the same one, the second finds it there.
      const same = [...Map.groupBy(all, ({ name }) => name).values()];
      const once = same.flatMap(([first]) => first ?? []);
      const answers: (readonly [string, boolean])[] = [];
      for (let start = 0; start < once.length; start += atOnce)
        answers.push(...(await putSome(once.slice(start, start + atOnce))));
      for (const one of same.flatMap((ones) => ones.slice(1))) answers.push(...(await putSome([one])));
      return new Map(answers);
    },
  );
  return async (item) => {
    if (bytesOf(item) > largestBytes) return putOne(item);
    const [done = false] = await put([{ number: asked++, name: nameOf(item), item }]);
    return done;
  };
}

function bytesOf(item: Item): number {
  return Object.values(item).reduce((sum, { S, N, B }) => sum + (B?.byteLength ?? Buffer.byteLength(S ?? N ?? "")), 0);
}
