import { isRecord, type Json, type JsonRecord } from "../kit/json.ts";
import type { Filter } from "./query.ts";

/** One pair that an application attached to a record. Stored with the application's guid, printed without it. */
type Pair = { key: string; value: string; applicationGuid: string | null };

function pairsOf(value: Json | undefined, applicationGuid: string | null): Pair[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).map((pair) => ({
    key: String(pair["key"] ?? ""),
    value: String(pair["value"] ?? ""),
    applicationGuid: typeof pair["applicationGuid"] === "string" ? pair["applicationGuid"] : applicationGuid,
  }));
}

/**
 * The stored pairs after a write `{patchMode, applicationGuid, externalData[]}`. `Replace` (the default) drops the
 * application's other pairs, `Merge` keeps them; pairs of other applications stay in both.
 */
export function withExternalData(stored: Json | undefined, sent: Json | undefined): Pair[] {
  const held = pairsOf(stored, null);
  if (!isRecord(sent)) return held;
  const guid = typeof sent["applicationGuid"] === "string" ? sent["applicationGuid"] : null;
  const fresh = pairsOf(sent["externalData"], guid);
  const merge = String(sent["patchMode"] ?? "Replace").toLowerCase() === "merge";
  const mine = (pair: Pair) => pair.applicationGuid === guid || pair.applicationGuid === null || guid === null;
  const kept = held.filter((pair) => !mine(pair) || (merge && !fresh.some((other) => other.key === pair.key)));
  return [...kept, ...fresh];
}

/**
 * The pairs a reader sees: those of the guid that it names. `ownWithoutGuid` also shows pairs that carry no guid to a
 * reader that names none.
 */
export function shownExternalData(record: JsonRecord, guid: string | null, ownWithoutGuid: boolean): JsonRecord[] {
  return pairsOf(record["externalData"], null)
    .filter((pair) =>
      guid === null
        ? pair.applicationGuid === null && ownWithoutGuid
        : pair.applicationGuid === null || pair.applicationGuid.toLowerCase() === guid.toLowerCase(),
    )
    .map(({ key, value }) => ({ key, value }));
}

type Searched = { readonly searchesShown: boolean; readonly ownWithoutGuid: boolean };

/** `externalDataKey` and `externalDataValues` (at most 50) together: one pair of the record must fit both. */
export function pairFilters(query: URLSearchParams, dials: Searched): Readonly<Record<string, Filter | null>> {
  const guid = query.get("externalDataApplicationGuid");
  const key = query.get("externalDataKey");
  const values = query.getAll("externalDataValues").flatMap((value) => value.split(","));
  const searched = (record: JsonRecord): JsonRecord[] =>
    dials.searchesShown ? shownExternalData(record, guid, dials.ownWithoutGuid) : pairsOf(record["externalData"], null);
  const holds: Filter = () => (record) =>
    searched(record).some(
      ({ key: name, value }) =>
        (key === null || name === key) && (values.length === 0 || values.includes(String(value))),
    );
  return { externalDataKey: holds, externalDataValues: values.length > 50 ? null : holds };
}
