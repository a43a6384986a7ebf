import type { OperationRow } from "#shared/connectors/connector.ts";
import * as z from "#shared/domain/schema.ts";
import type { VendorCase } from "./case.ts";

const texts = [
  "1",
  "text",
  "2026-11-01T15:00:00Z",
  "2026-11-01",
  "10:00",
  "6B29FC40-CA47-1067-B31D-00DD010662DA",
  "+Id",
  "pending",
  "GET",
  "/jobs",
  "a@b.example",
  "jpm",
];
const numbers = [1, 2, 50, 0.5, 0, 100];

/** An input of an operation: the case's own, else one made from its schema. Null where none can be made. */
export function sampleFor(subject: VendorCase, row: OperationRow): unknown {
  const given = subject.inputs?.[row.key];
  if (given !== undefined || row.input === undefined) return given ?? {};
  const sample = sampleOf(row.input);
  if (typeof sample !== "object" || sample === null) return sample;
  const left = subject.without?.(row.key) ?? [];
  return Object.fromEntries(Object.entries(sample).filter(([name]) => !left.includes(name)));
}

/**
 * An input that a schema takes, with every member of every object where they go together, else with as few as it
 * demands. Null when none was found.
 */
function sampleOf(schema: z.ZodMiniType): unknown {
  const full = made(schema, true);
  if (z.safeParse(schema, full).success) return full;
  const least = made(schema, false);
  return z.safeParse(schema, least).success ? least : null;
}

function made(schema: z.core.$ZodType, full: boolean): unknown {
  const { def } = schema._zod;
  const any: Record<string, unknown> = { ...def };
  switch (def.type) {
    case "object":
      return objectThatFits(schema, any["shape"], full);
    case "optional":
    case "nullable":
    case "default":
    case "nonoptional":
      return made(innerOf(any["innerType"]), full);
    case "array": {
      const one = made(innerOf(any["element"]), full);
      return [one];
    }
    case "union":
      return alternatives(any["options"])
        .map((option) => made(option, full))
        .find((value, at) => fits(alternatives(any["options"])[at], value));
    case "record":
      return {};
    case "boolean":
      return true;
    case "enum":
      return Object.values(Object(any["entries"]))[0];
    case "literal":
      return Array.isArray(any["values"]) ? any["values"][0] : undefined;
    case "string":
      return texts.find((text) => fits(schema, text));
    case "number":
    case "int":
      return numbers.find((number) => fits(schema, number));
    case "custom":
      return [new Uint8Array([1])].find((bytes) => fits(schema, bytes));
    default:
      return "text";
  }
}

/** All members together; where two exclude each other, all but one. */
function objectThatFits(schema: z.core.$ZodType, shape: unknown, full: boolean): Record<string, unknown> {
  const all = objectOf(shape, full);
  if (!full || fits(schema, all)) return all;
  const fewer = Object.keys(all).map((left) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => name !== left)),
  );
  return fewer.find((one) => fits(schema, one)) ?? all;
}

function objectOf(shape: unknown, full: boolean): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(Object(shape))) {
    const inner = innerOf(member);
    if (!full && inner._zod.optin === "optional") continue;
    members[name] = made(inner, full);
  }
  return members;
}

function fits(schema: z.core.$ZodType | undefined, value: unknown): boolean {
  return schema !== undefined && z.core.safeParse(schema, value).success;
}

function innerOf(value: unknown): z.core.$ZodType {
  if (value instanceof z.core.$ZodType) return value;
  throw new Error("not a schema");
}

function alternatives(value: unknown): readonly z.core.$ZodType[] {
  return Array.isArray(value) ? value.map(innerOf) : [];
}
