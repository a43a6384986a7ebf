import { beforeAll, expect, test } from "vitest";
import { part, type Resource, synthesisedResources } from "#test/support/synthesised-cell.ts";

let own: readonly Resource[] = [];
let restored: readonly Resource[] = [];
beforeAll(() => {
  own = synthesisedResources();
  restored = synthesisedResources({ restoredTable: "plumbline-restored" });
});

const tables = (all: readonly Resource[]): readonly unknown[] =>
  all.flatMap(({ Type, Properties }) => {
    const name = Type === "AWS::Lambda::Function" ? part(Properties, "Environment", "Variables", "TABLE_NAME") : null;
    return name === undefined || name === null ? [] : [name];
  });

test("a cell that is told of a restored table gives it to every function that had its own", () => {
  expect(tables(own).length).toBeGreaterThan(0);
  expect(tables(restored)).toEqual(tables(own).map(() => "plumbline-restored"));
});

test("the functions may reach the restored table and its indexes, and its own table stays as it was", () => {
  const policies = (all: readonly Resource[]): string =>
    JSON.stringify(all.filter(({ Type }) => Type === "AWS::IAM::Policy"));
  expect(policies(own)).not.toContain("plumbline-restored");
  expect(policies(restored)).toContain("table/plumbline-restored");
  expect(policies(restored)).toContain("table/plumbline-restored/index/");
  const data = (all: readonly Resource[]) => all.filter(({ stack }) => stack === "data");
  expect(data(restored)).toEqual(data(own));
});
