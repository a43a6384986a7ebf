import { canonicalJson } from "#shared/domain/ids.ts";
import type { Change } from "#shared/domain/job.ts";
import { type PastStep, pastStepSchema } from "#shared/domain/past.ts";
import { bytes, type Item, integer, text } from "./attributes.ts";
import { bodyFormat, packJson, unpackJson } from "./body.ts";
import { type Dynamo, keyItem, queryAll } from "./dynamo.ts";
import { keys, pastRange } from "./table.ts";

/** DynamoDB's item limit is 400 KB; a way back longer than this packed stands in several items. */
const partBytes = 300 * 1024;

/**
 * Puts the way back to what the item holds, before the item is overwritten. It is named by what it starts from: the
 * same writer may put it again, another writer's stands beside it, and a crash in between leaves one nothing leads to.
 */
export async function keepPast(dynamo: Dynamo, company: string, job: string, past: PastStep): Promise<void> {
  const { version, from, ...told } = past;
  const body = packJson(canonicalJson(told));
  const count = Math.ceil(body.byteLength / partBytes);
  const itemOf = (part: number): Item => ({
    ...keyItem(keys.past(company, job, version, from, part)),
    b: { B: body.subarray(part * partBytes, (part + 1) * partBytes) },
  });
  // The first part last: whoever reads it finds the others.
  for (let part = count - 1; part > 0; part--) await dynamo.put(itemOf(part));
  // Jobs worked on side by side put theirs in one request.
  await dynamo.putMany([{ ...itemOf(0), f: { N: String(bodyFormat) }, n: { N: String(count) } }]);
}

/** The ways back of a job, oldest version first, those that nothing leads to among them. */
export async function readPast(dynamo: Dynamo, company: string, job: string): Promise<readonly PastStep[]> {
  const { pk } = keys.job(company, job);
  const items = await queryAll(dynamo, {
    where: "pk = :pk AND sk BETWEEN :from AND :to",
    values: { ":pk": { S: pk }, ":from": { S: pastRange.from }, ":to": { S: pastRange.to } },
  });
  const byKey = new Map(items.map((item) => [text(item, "sk"), item]));
  return items.flatMap((item) => {
    const [, version = "", from = "", part] = text(item, "sk").split("#");
    return part === undefined ? [pastOf(company, job, Number(version), from, item, byKey)] : [];
  });
}

function pastOf(
  company: string,
  job: string,
  version: number,
  from: string,
  first: Item,
  byKey: ReadonlyMap<string, Item>,
): PastStep {
  const parts = Array.from({ length: integer(first, "n") }, (_, part) => {
    const found = byKey.get(keys.past(company, job, version, from, part).sk);
    if (!found) throw new Error(`the way back to version ${version} of job ${job} lacks its part ${part}`);
    return bytes(found, "b");
  });
  const told = unpackJson(integer(first, "f"), Buffer.concat(parts));
  return pastStepSchema.parse({ ...(typeof told === "object" ? told : {}), version, from });
}

/** The changes told in a job's past, oldest first; each version's once, however many writers came to tell it. */
export function changesOf(job: string, past: readonly PastStep[], last: Change | null): readonly Change[] {
  const told = new Map<number, Change>();
  for (const change of [...past.map((step) => step.change), last]) {
    if (!change) continue;
    const known = told.get(change.version);
    if (known && canonicalJson(known) !== canonicalJson(change))
      throw new Error(`the history of job ${job} tells two changes of version ${change.version}`);
    told.set(change.version, change);
  }
  return [...told.values()].toSorted((a, b) => a.version - b.version);
}
