import { describe, expect, test } from "vitest";
import { eachAtOnce } from "#shared/pipeline/side-by-side.ts";

/** Runs the work for `all`, telling what began and ended in which order, and how much was under way at once. */
async function ran(all: readonly (string | undefined)[], width: number, failing: readonly string[] = []) {
  const told: string[] = [];
  let under = 0;
  let most = 0;
  const work = async (one: string | undefined, position: number): Promise<void> => {
    most = Math.max(most, ++under);
    await Promise.resolve();
    under--;
    told.push(`${position}${one}`);
    if (one !== undefined && failing.includes(one)) throw new Error(one);
  };
  const failed = await eachAtOnce(all, width, work).then(
    () => null,
    (cause: unknown) => cause,
  );
  return { told, most, failed };
}

describe("work for each of several", () => {
  test.each([
    [1, 1],
    [2, 2],
    [9, 3],
  ])("is done for all of them with its position, at most so many at once: %i", async (width, most) => {
    expect(await ran(["a", "b", "c"], width)).toEqual({ told: ["0a", "1b", "2c"], most, failed: null });
  });

  test("is nothing for none", async () => expect(await ran([], 3)).toMatchObject({ told: [], failed: null }));

  test("fails with the first failure, once all that was begun has ended", async () => {
    const { told, failed } = await ran(["a", "b", "c", "d"], 2, ["a", "d"]);
    expect(failed).toEqual(new Error("a"));
    expect(told).toEqual(["0a", "1b", "2c", "3d"]);
  });
});
