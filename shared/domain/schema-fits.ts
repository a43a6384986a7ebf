import * as core from "zod/v4/core";

/** True for a value that a schema takes and gives back as it is; false leaves the judgement to the schema itself. */
export type Fits = (value: unknown) => boolean;

type Definition = Readonly<Record<string, unknown>>;
type Recogniser = (def: Definition) => Fits | null;

const always: Fits = () => true;
const isText: Fits = (value) => typeof value === "string";
const isFlag: Fits = (value) => typeof value === "boolean";
/** As zod's number: neither NaN nor infinite. */
const isNumber: Fits = (value) => typeof value === "number" && Number.isFinite(value);

/** The three leaves of which a vendor's record is mostly made, in one step where they may be null or missing. */
const nullish = new Map<Fits, Fits>([
  [isText, (value) => typeof value === "string" || value === null || value === undefined],
  [isFlag, (value) => typeof value === "boolean" || value === null || value === undefined],
  [isNumber, (value) => value === null || value === undefined || (typeof value === "number" && Number.isFinite(value))],
]);

/** The kinds of schema that change nothing of what they take. */
const recognisers: Readonly<Record<string, Recogniser>> = {
  // One that coerces gives back as it is what needs no coercing.
  string: () => isText,
  number: (def) => (def["format"] ? null : isNumber),
  boolean: () => isFlag,
  null: () => (value) => value === null,
  unknown: () => always,
  any: () => always,
  nullable: (def) => {
    const inner = fitsOf(def["innerType"]);
    return (value) => value === null || inner(value);
  },
  optional: (def) => {
    const { innerType } = def;
    if (!isSchema(innerType) || innerType._zod.optin === "defaulted") return null;
    const inside: Definition = { ...innerType._zod.def };
    if (inside["type"] === "nullable" && !hasChecks(inside)) {
      const inner = fitsOf(inside["innerType"]);
      return nullish.get(inner) ?? ((value) => value === undefined || value === null || inner(value));
    }
    const inner = fitsOf(innerType);
    return (value) => value === undefined || inner(value);
  },
  array: (def) => {
    const element = fitsOf(def["element"]);
    return (value) => {
      if (!Array.isArray(value)) return false;
      for (let at = 0; at < value.length; at += 1) if (!element(value[at])) return false;
      return true;
    };
  },
  union: (def) => {
    const options: readonly unknown[] = Array.isArray(def["options"]) ? def["options"] : [];
    const fits = options.map(fitsOf);
    return (value) => fits.some((one) => one(value));
  },
  record: (def) => {
    const { keyType } = def;
    if (!isSchema(keyType) || keyType._zod.def.type !== "string" || hasChecks({ ...keyType._zod.def })) return null;
    const member = fitsOf(def["valueType"]);
    return (value) => {
      if (!isPlain(value)) return false;
      for (const name of Object.keys(value)) if (name === "__proto__" || !member(value[name])) return false;
      return true;
    };
  },
  object: (def) => objectFits(def),
};

/** What is known of a schema's values without running it; a schema of another kind, or with checks, is run. */
export function fitsOf(schema: unknown): Fits {
  if (!isSchema(schema)) throw new Error("not a schema");
  const def: Definition = { ...schema._zod.def };
  const plain = hasChecks(def) ? null : recognisers[schema._zod.def.type]?.(def);
  return plain ?? unchanged(schema);
}

/**
 * A loose object keeps every member, so it is given back as it is when each member is; others drop or refuse some: null.
 * The check is compiled, as zod's own parser is: written out member by member it costs a fifteenth of JSON.parse, in a
 * loop a third. Only names of a schema's own members stand in its text, never data.
 */
export function objectFits(def: Definition): Fits | null {
  const { shape, catchall } = def;
  if (!isMembers(shape) || !isSchema(catchall) || catchall._zod.def.type !== "unknown") return null;
  const members = Object.entries(shape);
  const fits = members.map(([, schema]) => fitsOf(schema));
  const tests = members.flatMap(([name, schema], at) => {
    const own = JSON.stringify(name);
    const mustBeThere = isSchema(schema) && schema._zod.optin === undefined;
    return [...(mustBeThere ? [`${own} in value`] : []), `fits[${at}](value[${own}])`];
  });
  // The schema drops a member called __proto__, wherever it came from.
  const written = ["isMembers(value)", ...tests, '!Object.hasOwn(value, "__proto__")'].join(" && ");
  return compiled(`return ${written};`, { fits, isMembers });
}

/** A check from its text; null where the runtime makes no code from text: zod's own parser then does without too. */
function compiled(text: string, closed: Readonly<Record<string, unknown>>): Fits | null {
  const source = new core.Doc(["value"], closed);
  source.write(text);
  try {
    const check: unknown = source.compile();
    return isFits(check) ? check : null;
  } catch (cause) {
    if (cause instanceof EvalError) return null;
    throw cause;
  }
}

function isFits(value: unknown): value is Fits {
  return typeof value === "function";
}

function unchanged(schema: core.$ZodType): Fits {
  return (value) => {
    const result = schema._zod.run({ value, issues: [] }, { async: false });
    return !(result instanceof Promise) && result.issues.length === 0 && result.value === value;
  };
}

function hasChecks(def: Definition): boolean {
  return Array.isArray(def["checks"]) && def["checks"].length > 0;
}

function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return isMembers(value) && Object.getPrototypeOf(value) === Object.prototype;
}

function isSchema(value: unknown): value is core.$ZodType {
  return typeof value === "object" && value !== null && "_zod" in value;
}
