import type { AttributeValue } from "@aws-sdk/client-dynamodb";

/** The kinds of attribute our items have. */
export interface Attribute {
  readonly S?: string;
  /** A number as DynamoDB carries it: text. */
  readonly N?: string;
  readonly B?: Uint8Array;
  readonly BOOL?: boolean;
}

export type Item = Record<string, Attribute>;

export function toSdk(item: Item): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(item).map(([name, attribute]) => [name, sdkValue(attribute)]));
}

function sdkValue({ S, N, B, BOOL }: Attribute): AttributeValue {
  if (S !== undefined) return { S };
  if (N !== undefined) return { N };
  if (B !== undefined) return { B };
  return BOOL === undefined ? { NULL: true } : { BOOL };
}

export function fromSdk(item: Record<string, AttributeValue>): Item {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, ownValue(value)]));
}

function ownValue({ S, N, B, BOOL }: AttributeValue): Attribute {
  if (S !== undefined) return { S };
  if (N !== undefined) return { N };
  if (B !== undefined) return { B };
  return BOOL === undefined ? {} : { BOOL };
}

/** Readers: an item of another shape than ours is an error, never a skip. */
export function text(item: Item, name: string): string {
  const value = item[name]?.S;
  if (value === undefined) throw new Error(`stored item ${item["pk"]?.S}: no text in ${name}`);
  return value;
}

export function maybeText(item: Item, name: string): string | null {
  return item[name]?.S ?? null;
}

export function integer(item: Item, name: string): number {
  const value = Number(item[name]?.N);
  if (!Number.isSafeInteger(value)) throw new Error(`stored item ${item["pk"]?.S}: no integer in ${name}`);
  return value;
}

export function bytes(item: Item, name: string): Uint8Array {
  const value = item[name]?.B;
  if (value === undefined) throw new Error(`stored item ${item["pk"]?.S}: no bytes in ${name}`);
  return value;
}
