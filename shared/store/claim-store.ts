import * as z from "#shared/domain/schema.ts";
import type { Claim, ClaimChange, ClaimStore, StoredClaim } from "#shared/pipeline/ports.ts";
import { type Item, integer, text } from "./attributes.ts";
import { atVersion, type Dynamo, keyItem } from "./dynamo.ts";
import { listAll } from "./listing.ts";
import { keys, listShardOf } from "./table.ts";

const bodySchema = z.strictObject({
  jobs: z.array(z.string()),
  person: z.nullable(z.string()),
  sets: z.record(z.string(), z.string()),
  parked: z.nullable(z.string()),
  digest: z.optional(z.string()),
  told: z.optional(z.string()),
  unapplied: z.optional(
    z.strictObject({
      customer: z.nullable(z.string()),
      rest: z.int(),
      total: z.int(),
      shares: z.array(z.tuple([z.string(), z.int()])),
      version: z.strictObject({ modified: z.nullable(z.string()), read: z.int() }),
      seenRead: z.int(),
      goneRead: z.int(),
    }),
  ),
});

/** Claims of one company: small items, each written on its version. */
export function claimStore(dynamo: Dynamo, company: string): ClaimStore {
  const load = async (records: readonly string[]): Promise<readonly StoredClaim[]> => {
    const items = await dynamo.getMany(records.map((record) => keys.claim(company, record)));
    return records.map((record, index) => claimFromItem(record, items[index]));
  };
  return {
    load,
    save: async (change) =>
      (await dynamo.put(claimItem(company, change), atVersion(change.stored.version))) ? "committed" : "conflict",
    parked: async () => {
      const found = await dynamo.getMany(await listAll(dynamo, company, "parked"));
      const claims = found.filter((item) => item !== undefined).map((item) => claimFromItem(text(item, "r"), item));
      return claims.filter((claim) => claim.parked !== null);
    },
  };
}

export function claimItem(company: string, { stored, next }: ClaimChange): Item {
  // Named one by one: a claim made from a stored one still carries its version.
  const { record, jobs, person, sets, parked, digest, told, unapplied } = next;
  const body = { jobs, person, sets, parked, digest, told, unapplied };
  return {
    ...keyItem(keys.claim(company, record)),
    v: { N: String(stored.version + 1) },
    r: { S: record },
    c: { S: JSON.stringify(body) },
    ...(next.parked === null
      ? {}
      : { listShard: { S: listShardOf(company, "parked", record) }, listKey: { S: record } }),
  };
}

function claimFromItem(record: string, item: Item | undefined): StoredClaim {
  if (!item) return { record, jobs: [], person: null, sets: {}, parked: null, version: 0 };
  const { digest, told, unapplied, ...body } = bodySchema.parse(JSON.parse(text(item, "c")));
  const optional = {
    ...(digest === undefined ? {} : { digest }),
    ...(told === undefined ? {} : { told }),
    ...(unapplied === undefined ? {} : { unapplied }),
  };
  const claim: Claim = { record, ...body, ...optional };
  return { ...claim, version: integer(item, "v") };
}
