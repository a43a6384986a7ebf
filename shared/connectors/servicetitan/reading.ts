import type { RecordRef } from "#shared/domain/ids.ts";
import type { ExactKey } from "#shared/domain/keys.ts";
import type * as z from "#shared/domain/schema.ts";
import { instantNanos } from "#shared/domain/time.ts";
import type { NormaliseContext, Normalised } from "../connector.ts";

export type Make = (raw: unknown, context: NormaliseContext) => Normalised | { readonly unfit: string };

/** A reading of one stream: the record's schema, and what its facts are. */
export function reading<Schema extends z.ZodMiniType>(
  schema: Schema,
  make: (value: z.infer<Schema>, context: NormaliseContext) => Normalised,
): Make {
  return (raw, context) => {
    const parsed = schema.safeParse(raw);
    if (parsed.success) return make(parsed.data, context);
    const issue = parsed.error.issues[0];
    return { unfit: `${issue?.path.join(".") || "record"}: ${issue?.code ?? "does not fit"}` };
  };
}

export function refOf(context: NormaliseContext, stream: string, id: number | null | undefined): RecordRef | null {
  return typeof id === "number" && id !== 0 ? { connection: context.connection.id, stream, id: String(id) } : null;
}

/** Exact keys of the fields that say something. */
export function keysOf(fields: Readonly<Record<string, string | null | undefined>>): Record<string, string> {
  const keys: Record<string, string> = {};
  for (const [kind, value] of Object.entries(fields)) if (value?.trim()) keys[kind] = value.trim();
  return keys;
}

export function exactKeys(keys: Readonly<Record<string, string>>): ExactKey[] {
  return Object.entries(keys).map(([kind, value]) => ({ kind, value }));
}

/** Zone of a job's business unit where the connection names one. */
export function zoneOfUnit(context: NormaliseContext, businessUnit: number | null | undefined): string | undefined {
  return context.connection.zones?.[`businessUnit:${businessUnit}`];
}

/** An id as text; null for none and for the zero that stands for none. */
export function idText(id: number | null | undefined): string | null {
  return typeof id === "number" && id !== 0 ? String(id) : null;
}

export function isInstant(text: string | null | undefined): text is string {
  return typeof text === "string" && instantNanos(text) !== null;
}
