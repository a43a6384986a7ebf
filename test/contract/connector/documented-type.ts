/**
 * The type of a value as a document states it. A text: a word of `base`; `=A|B` one of these words; `$name` a type of the
 * vendor's `named`; `[T]` a list; a `?` at its end takes null too. An object: its members, those with a `?` may be left out,
 * and no other.
 */
export type DocumentedType = string | { readonly [member: string]: DocumentedType };
export type Named = Readonly<Record<string, DocumentedType>>;

const isText = (value: unknown): value is string => typeof value === "string";
const text = (pattern: RegExp) => (value: unknown) => isText(value) && pattern.test(value);
const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isNumber = (value: unknown): boolean => typeof value === "number" && Number.isFinite(value);

const base: Readonly<Record<string, (value: unknown) => boolean>> = {
  any: (value) => value !== undefined,
  object: isObject,
  text: isText,
  boolean: (value) => typeof value === "boolean",
  integer: (value) => Number.isSafeInteger(value),
  number: isNumber,
  /** A number, or its decimal text. */
  amount: (value) => isNumber(value) || text(/^-?\d+(\.\d+)?$/)(value),
  instant: text(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)$/),
  date: text(/^\d{4}-\d\d-\d\d$/),
  day: text(/^\d{4}-\d\d-\d\d(T\d\d:\d\d.*)?$/),
  clock: text(/^([01]\d|2[0-3]):[0-5]\d$/),
  guid: text(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i),
  sort: text(/^[+-][A-Z]\w+$/),
};

/** What of a value the type has not, as sentences with the path; empty when it fits. Throws on a type nobody defined. */
export function misfits(value: unknown, type: DocumentedType, named: Named, path: string): readonly string[] {
  if (typeof type === "object") return objectMisfits(value, type, named, path);
  if (type.endsWith("?")) return value === null ? [] : misfits(value, type.slice(0, -1), named, path);
  if (type.startsWith("$")) return misfits(value, named[type.slice(1)] ?? unknown(type), named, path);
  if (type.startsWith("[")) {
    if (!Array.isArray(value)) return [`${path} is no list`];
    return value.flatMap((one: unknown, at) => misfits(one, type.slice(1, -1), named, `${path}.${at}`));
  }
  const fits = type.startsWith("=")
    ? isText(value) && type.slice(1).split("|").includes(value)
    : (base[type] ?? unknown(type))(value);
  return fits ? [] : [`${path} is no ${type}: ${JSON.stringify(value)}`];
}

/** The same of a query's text: numbers and booleans are printed, a list is one text with commas. */
export function queryMisfits(printed: string, type: DocumentedType, named: Named, name: string): readonly string[] {
  if (typeof type === "string" && type.startsWith("["))
    return printed.split(",").flatMap((one) => queryMisfits(one, type.slice(1, -1), named, name));
  return misfits(readAs(printed, type), type, named, name);
}

function readAs(printed: string, type: DocumentedType): unknown {
  if (type === "boolean") return printed === "true" || (printed === "false" ? false : printed);
  if (type === "integer" || type === "number") return /^-?\d+(\.\d+)?$/.test(printed) ? Number(printed) : printed;
  return printed;
}

function objectMisfits(
  value: unknown,
  members: Readonly<Record<string, DocumentedType>>,
  named: Named,
  path: string,
): readonly string[] {
  if (!isObject(value)) return [`${path} is no object`];
  const given = Object.entries(value).filter(([, member]) => member !== undefined);
  return [
    ...given.flatMap(([name, member]: [string, unknown]) => {
      const type = members[name] ?? members[`${name}?`];
      return type === undefined ? [`${path} has no member ${name}`] : misfits(member, type, named, `${path}.${name}`);
    }),
    ...Object.keys(members)
      .filter((name) => !name.endsWith("?") && !given.some(([one]) => one === name))
      .map((name) => `${path}.${name} is required`),
  ];
}

function unknown(type: string): never {
  throw new Error(`no documented type ${type}`);
}
