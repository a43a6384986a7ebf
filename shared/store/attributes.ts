import * as z from "#shared/domain/schema.ts";

/** The kinds of attribute our items have. */
export interface Attribute {
  readonly S?: string;
  /** A number as DynamoDB carries it: text. */
  readonly N?: string;
  readonly B?: Uint8Array;
  readonly BOOL?: boolean;
}

export type Item = Record<string, Attribute>;

/** As DynamoDB's JSON has it: bytes are base64. */
const wireAttribute = z.object({
  S: z.optional(z.string()),
  N: z.optional(z.string()),
  B: z.optional(z.string()),
  BOOL: z.optional(z.boolean()),
});

export const wireItem = z.record(z.string(), wireAttribute);

export type WireItem = z.infer<typeof wireItem>;

export function toWire(item: Item): Record<string, unknown> {
  const one = ({ B, ...rest }: Attribute): unknown =>
    B === undefined ? rest : { B: Buffer.from(B.buffer, B.byteOffset, B.byteLength).toString("base64") };
  return Object.fromEntries(Object.entries(item).map(([name, attribute]) => [name, one(attribute)]));
}

export function fromWire(item: WireItem): Item {
  const one = ({ S, N, B, BOOL }: WireItem[string]): Attribute => {
    if (S !== undefined) return { S };
    if (N !== undefined) return { N };
    if (B !== undefined) return { B: Buffer.from(B, "base64") };
    return BOOL === undefined ? {} : { BOOL };
  };
  return Object.fromEntries(Object.entries(item).map(([name, attribute]) => [name, one(attribute)]));
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
