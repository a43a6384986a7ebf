import * as z from "#shared/domain/schema.ts";
import type { Claim, ClaimChange, ClaimStore, StoredClaim } from "#shared/pipeline/ports.ts";
import { type Item, integer, text } from "./attributes.ts";
import { atVersion, type Dynamo, keyItem } from "./dynamo.ts";
import { listAll, listPage } from "./listing.ts";
import { keys, listShardOf } from "./table.ts";

const versionSchema = z.strictObject({ modified: z.nullable(z.string()), read: z.int() });
const readingShape = { version: versionSchema, seenRead: z.int(), goneRead: z.int() };
const minor = z.nullable(z.int());

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
      day: z.optional(z.nullable(z.string())),
      over: z.optional(z.boolean()),
      ...readingShape,
    }),
  ),
  jobless: z.optional(
    z.strictObject({
      attached: z.boolean(),
      customer: z.nullable(z.string()),
      number: z.nullable(z.string()),
      day: z.nullable(z.string()),
      total: minor,
      balance: minor,
      draft: z.boolean(),
      over: z.boolean(),
      ...readingShape,
    }),
  ),
  unattached: z.optional(z.string()),
  named: z.optional(
    z.strictObject({ name: z.nullable(z.string()), mergedTo: z.nullable(z.string()), version: versionSchema }),
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
    unattached: async (next) => {
      const page = await listPage(dynamo, company, ["unattached", "parked"], next);
      const found = (await dynamo.getMany(page.keys)).filter((item) => item !== undefined);
      const claims = found.map((item) => claimFromItem(text(item, "r"), item));
      // The index tells a moment later than the item.
      return { claims: claims.filter((claim) => claim.unattached !== undefined), next: page.next };
    },
  };
}

export function claimItem(company: string, { stored, next }: ClaimChange): Item {
  const { record, ...body } = bodyOf(next);
  return {
    ...keyItem(keys.claim(company, record)),
    v: { N: String(stored.version + 1) },
    r: { S: record },
    c: { S: JSON.stringify(body) },
    ...listedAs(company, next),
  };
}

/** Members named one by one: a claim made from a stored one still carries its version. */
function bodyOf({ record, jobs, person, sets, parked, digest, told, unapplied, jobless, unattached, named }: Claim) {
  return { record, jobs, person, sets, parked, digest, told, unapplied, jobless, unattached, named };
}

/** An item stands in one list: what waits, among those who wait; else unattached money, with its customer's together. */
function listedAs(company: string, { record, parked, unattached }: Claim): Item {
  if (parked !== null) return { listShard: { S: listShardOf(company, "parked", record) }, listKey: { S: record } };
  if (unattached === undefined) return {};
  return {
    listShard: { S: listShardOf(company, "unattached", unattached) },
    listKey: { S: `${unattached}#${record}` },
  };
}

function claimFromItem(record: string, item: Item | undefined): StoredClaim {
  if (!item) return { record, jobs: [], person: null, sets: {}, parked: null, version: 0 };
  const body = bodySchema.parse(JSON.parse(text(item, "c")));
  return { record, ...definedOnly(body), version: integer(item, "v") };
}

/** Without the members that are not there, which a claim does not have either. */
function definedOnly({ jobs, person, sets, parked, ...optional }: z.output<typeof bodySchema>): Omit<Claim, "record"> {
  const { digest, told, unapplied, jobless, unattached, named } = optional;
  return {
    ...{ jobs, person, sets, parked },
    ...(digest === undefined ? {} : { digest }),
    ...(told === undefined ? {} : { told }),
    ...(unapplied === undefined ? {} : { unapplied: unappliedOf(unapplied) }),
    ...(jobless === undefined ? {} : { jobless }),
    ...(unattached === undefined ? {} : { unattached }),
    ...(named === undefined ? {} : { named }),
  };
}

function unappliedOf({ day, over, ...known }: NonNullable<z.output<typeof bodySchema>["unapplied"]>) {
  return { ...known, ...(day === undefined ? {} : { day }), ...(over === undefined ? {} : { over }) };
}
