import * as z from "#shared/domain/schema.ts";
import type { Webhook } from "../connector.ts";
import { headerOf, signatureFits } from "../webhook-signature.ts";
import { secret } from "./settings.ts";
import { STREAM } from "./streams.ts";

const HEADER = "x-fleetio-webhook-signature";

/** Events about one entry carry it as payload; only its id is used, the entry is read again. */
const entryEvent = z.looseObject({
  event: z.string().check(z.regex(/^service_entry_/)),
  payload: z.looseObject({ id: z.number() }),
});

/** The reference's example prints the ids of one import as texts in one list and as numbers in another. */
const ids = z.nullish(z.array(z.union([z.number(), z.string()])));

/**
 * A bulk import sends no events of its records, only this one with their ids: of whatever kind its `type` names
 * (`EquipmentImport`), which is no service entry unless it says so.
 */
const importEvent = z.looseObject({
  event: z.literal("import_completed"),
  payload: z.looseObject({
    type: z.nullish(z.string().check(z.regex(/service/i))),
    created_record_ids: ids,
    updated_record_ids: ids,
    affected_record_ids: ids,
  }),
});

/** HMAC-SHA256 over the raw body with the webhook's own secret; without a secret nothing is believed. */
function verify(headers: Readonly<Record<string, string | undefined>>, body: Uint8Array, value: unknown): boolean {
  const parsed = secret.safeParse(value);
  const key = parsed.success ? (parsed.data.webhookSecret ?? "") : "";
  return signatureFits("sha256", key, body, headerOf(headers, HEADER));
}

function hints(body: unknown): readonly { readonly stream: string; readonly ids: readonly string[] }[] {
  const one = entryEvent.safeParse(body);
  if (one.success) return [{ stream: STREAM, ids: [String(one.data.payload.id)] }];
  const many = importEvent.safeParse(body);
  if (!many.success) return [];
  const { created_record_ids, updated_record_ids, affected_record_ids } = many.data.payload;
  const named = [...(created_record_ids ?? []), ...(updated_record_ids ?? []), ...(affected_record_ids ?? [])];
  const unique = [...new Set(named.map(String))];
  return unique.length === 0 ? [] : [{ stream: STREAM, ids: unique }];
}

export const webhook: Webhook = { verify, hints };
