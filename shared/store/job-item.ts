import { Failure } from "#shared/domain/failure.ts";
import { emptyJob, isJobState, type JobState } from "#shared/domain/job.ts";
import type { StoredJob } from "#shared/pipeline/ports.ts";
import { bytes, type Item, integer, maybeText, text } from "./attributes.ts";
import { bodyFormat, unpackJson } from "./body.ts";
import { keyItem } from "./dynamo.ts";
import { joinParts, type PartRef, partRefsSchema } from "./job-parts.ts";
import { dueShardOf, jobOfKey, keys, type ListName, listShardOf } from "./table.ts";

/** DynamoDB's item limit is 400 KB; what stands beside the body is small, but not nothing. */
const largestBodyBytes = 350 * 1024;

/** A job with something a person works through; the others are quiet. */
export function listOf(state: JobState): Extract<ListName, "open" | "quiet"> {
  const open = state.breaks.some((found) => found.state !== "resolved") || state.intents.length > 0;
  return open || state.attempts.length > 0 ? "open" : "quiet";
}

/**
 * The item of a job: key, version, due and list attributes stand alone, the rest is one packed attribute. Index
 * attributes change only when the job becomes due at another time or moves between the lists, so that a usual change
 * writes no index. `state` tells the attributes, `body` is its packed JSON, or that of what its parts do not hold.
 * Throws Failure `bad-input` when even that is too large for an item.
 */
export function jobItem(
  company: string,
  state: JobState,
  version: number,
  body: Uint8Array,
  parts: readonly PartRef[],
): Item {
  const key = keys.job(company, state.id);
  if (body.byteLength > largestBodyBytes) {
    const size = `${Math.ceil(body.byteLength / 1024)} KB packed`;
    throw new Failure(
      "bad-input",
      `job ${state.id} holds ${size}, more than one item can: split or unlink its records`,
    );
  }
  return {
    ...keyItem(key),
    v: { N: String(version) },
    f: { N: String(bodyFormat) },
    b: { B: body },
    ...(parts.length > 0 ? { p: { S: JSON.stringify(parts) } } : {}),
    listShard: { S: listShardOf(company, listOf(state), state.id) },
    listKey: { S: state.id },
    ...(state.dueAt === null ? {} : { dueShard: { S: dueShardOf(key) }, dueAt: { S: state.dueAt } }),
  };
}

/** References to the parts that an item names; none for a job that stands in its item alone. */
export function partsOf(item: Item): readonly PartRef[] {
  const refs = maybeText(item, "p");
  return refs === null ? [] : partRefsSchema.parse(JSON.parse(refs));
}

/** Throws on an item that is not a job's: an unreadable job is never skipped. `parts` are those it names, unpacked. */
export function jobFromItem(item: Item, parts: readonly unknown[]): StoredJob {
  const id = jobOfKey({ pk: text(item, "pk"), sk: text(item, "sk") });
  const body = unpackJson(integer(item, "f"), bytes(item, "b"));
  const more = parts.length > 0 ? joinParts(parts) : {};
  // What a later version of the code added to a job is empty in an item that was written before.
  const state: unknown = typeof body === "object" && body !== null ? { ...emptyJob(id), ...body, ...more } : body;
  if (!isJobState(state) || state.id !== id) throw new Error(`stored job ${id} does not have the shape of a job`);
  return { state, version: integer(item, "v") };
}
