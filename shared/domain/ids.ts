import { hash } from "node:crypto";

/** A thing in a vendor, named by the connection it was read through, the stream it belongs to and the vendor's own id. */
export interface RecordRef {
  readonly connection: string;
  readonly stream: string;
  readonly id: string;
}

/** The record's name as one text: `connection/stream/id`. Connection and stream hold no slash; the id may. */
export function recordKey(record: RecordRef): string {
  return `${record.connection}/${record.stream}/${record.id}`;
}

/** The inverse of recordKey. Throws on a text that recordKey cannot have made. */
export function parseRecordKey(key: string): RecordRef {
  const first = key.indexOf("/");
  const second = key.indexOf("/", first + 1);
  if (first < 1 || second < first + 2 || second === key.length - 1) throw new Error(`not a record key: ${key}`);
  return { connection: key.slice(0, first), stream: key.slice(first + 1, second), id: key.slice(second + 1) };
}

/** A value as JSON with sorted keys and without undefined members: equal values give equal text. */
export function canonicalJson(value: unknown): string {
  if (value === undefined) return "null";
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  let members = "";
  for (const name of Object.keys(value).sort()) {
    const member: unknown = Reflect.get(value, name);
    if (member !== undefined) members += `${members && ","}${JSON.stringify(name)}:${canonicalJson(member)}`;
  }
  return `{${members}}`;
}

/** Whether two values have the same canonical JSON, without writing it: parts that are one object are not looked into. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") {
    return (a ?? null) === null && (b ?? null) === null;
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((member, index) => sameJson(member, b[index]));
  }
  return sameMembers(a, b);
}

/** A member that is undefined is none. */
function sameMembers(a: object, b: object): boolean {
  for (const [name, member] of Object.entries(a)) {
    const other = memberOf(b, name);
    if ((other === undefined) !== (member === undefined) || !sameJson(member, other)) return false;
  }
  return Object.entries(b).every(([name, member]) => member === undefined || memberOf(a, name) !== undefined);
}

function memberOf(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

/** First 20 hex digits (80 bits) of the SHA-256 of a text: enough to name things within one company. */
export function shortHash(text: string): string {
  return hash("sha256", text).slice(0, 20);
}

/** Digest of a raw payload or of facts; equal content gives an equal digest whatever the order of its keys. */
export function digestOf(value: unknown): string {
  return shortHash(canonicalJson(value));
}

/** A job's id is fixed by the key of its first claim, so a crash can never give it two. */
export function jobIdOf(firstClaimKey: string): string {
  return `j${shortHash(`job:${firstClaimKey}`)}`;
}

/** A person's id (customer or technician), fixed by the key that first named them. */
export function personIdOf(firstKey: string): string {
  return `p${shortHash(`person:${firstKey}`)}`;
}
