import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { plumbline } from "#cli/plumbline.ts";
import { connectors } from "#shared/connectors/registry.ts";
import * as z from "#shared/domain/schema.ts";

const nodeSchema = z.looseObject({
  properties: z.optional(z.record(z.string(), z.unknown())),
  items: z.optional(z.unknown()),
  required: z.optional(z.array(z.string())),
  additionalProperties: z.optional(z.unknown()),
});

/** Members of a document for which a JSON Schema has no place, and required ones that are not there. */
function strangers(value: unknown, schema: unknown, path = ""): readonly string[] {
  const node = z.parse(nodeSchema, schema);
  if (Array.isArray(value)) return value.flatMap((one, at) => strangers(one, node.items, `${path}[${at}]`));
  if (typeof value !== "object" || value === null) return [];
  const missing = (node.required ?? []).filter((name) => !Object.hasOwn(value, name));
  const unknown = Object.entries(value).flatMap(([name, member]) => {
    const own = node.properties?.[name];
    if (own !== undefined) return strangers(member, own, `${path}.${name}`);
    return node.additionalProperties === false || node.additionalProperties === undefined ? [`${path}.${name}`] : [];
  });
  return [...unknown, ...missing.map((name) => `${path}.${name} is missing`)];
}

const printed = async (): Promise<unknown> => JSON.parse((await plumbline(["config", "schema"])).out);
const example = (): unknown => JSON.parse(readFileSync("config/example.json", "utf8"));

test("the committed example has nothing that the JSON Schema has no place for", async () => {
  expect(strangers(example(), await printed())).toEqual([]);
});

test("what a configuration lacks or has too much, the JSON Schema says too", async () => {
  const schema = await printed();
  expect(strangers({ cells: [], companies: [], colour: 1 }, schema)).toEqual([".colour"]);
  expect(strangers({ cells: [{ id: "main" }] }, schema)).toEqual([
    ".cells[0].companies is missing",
    ".companies is missing",
  ]);
});

test("a connection's own settings are those of its vendor", async () => {
  const text = JSON.stringify(await printed());
  for (const vendor of Object.keys(connectors)) expect(text).toContain(`"vendor":{"const":"${vendor}"}`);
  expect(text).toContain('"ourVendorIds"');
  expect(text).toContain(`"vendor":{"enum":${JSON.stringify(Object.keys(connectors))}}`);
});
