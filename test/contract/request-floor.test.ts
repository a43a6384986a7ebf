import { expect, test } from "vitest";
import { requestFigures } from "#bench/requests.ts";
import { missed } from "#bench/table.ts";

test("a sync asks no more often than its pages demand: a list by change once more at most, a full list never", async () => {
  const figures = await requestFigures();
  expect(figures.map((one) => one.floor)).toEqual([3, 10, 5, 20]);
  expect(missed(figures)).toEqual([]);
});
