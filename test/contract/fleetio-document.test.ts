import { describe, expect, test } from "vitest";
import { serviceEntry } from "#shared/connectors/fleetio/schemas.ts";
import { operations } from "#shared/connectors/registry.ts";
import * as z from "#shared/domain/schema.ts";
import { fixture } from "./fleetio-support.ts";

/** Fleetio's page "List Service Entries" as the fixture records it: inputs, filters, sorts, and every key of its reply. */
const page = z
  .looseObject({
    inputs: z.array(z.string()),
    filters: z.record(z.string(), z.array(z.string())),
    sorts: z.array(z.string()),
    list: z.looseObject({ records: z.array(z.record(z.string(), z.unknown())) }),
  })
  .parse(fixture("example"));

const row = operations["fleetio"]?.find((one) => one.key === "listServiceEntries");
const input = z.toJSONSchema(row?.input ?? z.never(), { unrepresentable: "any", reused: "inline" });
const record = z.toJSONSchema(serviceEntry, { unrepresentable: "any", reused: "inline" });

/** Ours beside the document's. */
const ours = ["fetchAll"];

type Schema = z.core.JSONSchema.BaseSchema | boolean | undefined;

/** Names of an object's members, whatever stands around the object (null, a list, one of several). */
function members(schema: Schema): Readonly<Record<string, Schema>> {
  if (typeof schema !== "object") return {};
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].map(members);
  const items = Array.isArray(schema.items) ? {} : members(schema.items);
  return Object.assign({}, ...inner, items, schema.properties ?? {});
}

/** Paths that the example prints and the schema does not name. */
function unnamed(value: unknown, schema: Schema, at: string): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => unnamed(one, schema, `${at}[]`));
  if (typeof value !== "object" || value === null) return [];
  const known = members(schema);
  return Object.entries(value).flatMap(([name, inner]) =>
    name in known ? unnamed(inner, known[name], `${at}.${name}`) : [`${at}.${name}`],
  );
}

describe("Fleetio's document", () => {
  test("every input is an input of the operation, and no other but ours", () => {
    expect(Object.keys(members(input)).toSorted()).toEqual([...page.inputs, ...ours].toSorted());
  });

  test("every filter has its documented operators, and every sort both directions", () => {
    const filters = members(members(input)["filter"]);
    const operators = Object.entries(filters).map(([name, one]) => [name, Object.keys(members(one))]);
    expect(Object.fromEntries(operators)).toEqual(page.filters);
    expect(Object.keys(members(members(input)["sort"])).toSorted()).toEqual(page.sorts.toSorted());
  });

  test("every key of a printed record has its place in the schema", () => {
    expect(page.list.records.flatMap((one) => unnamed(one, record, ""))).toEqual([]);
  });
});
