import { Failure } from "#shared/domain/failure.ts";
import { emptyJob, type JobState } from "#shared/domain/job.ts";
import type { StoredJob } from "#shared/pipeline/ports.ts";
import { bytes, type Item, integer, text } from "./attributes.ts";
import { bodyFormat, packJson, unpackJson } from "./body.ts";
import { keyItem } from "./dynamo.ts";
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
 * writes no index. Throws Failure `bad-input` when the job is too large for an item.
 */
export function jobItem(company: string, state: JobState, version: number): Item {
  const key = keys.job(company, state.id);
  const body = packJson(JSON.stringify(state));
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
    listShard: { S: listShardOf(company, listOf(state), state.id) },
    listKey: { S: state.id },
    ...(state.dueAt === null ? {} : { dueShard: { S: dueShardOf(key) }, dueAt: { S: state.dueAt } }),
  };
}

/** Throws on an item that is not a job's: an unreadable job is never skipped. */
export function jobFromItem(item: Item): StoredJob {
  const id = jobOfKey({ pk: text(item, "pk"), sk: text(item, "sk") });
  const body = unpackJson(integer(item, "f"), bytes(item, "b"));
  // What a later version of the code added to a job is empty in an item that was written before.
  const state: unknown = typeof body === "object" && body !== null ? { ...emptyJob(id), ...body } : body;
  if (!isJobState(state) || state.id !== id) throw new Error(`stored job ${id} does not have the shape of a job`);
  return { state, version: integer(item, "v") };
}

/** Every member stands and is of the kind (list, table, text) that the empty job has there. */
function isJobState(value: unknown): value is JobState {
  if (typeof value !== "object" || value === null) return false;
  const found = new Map<string, unknown>(Object.entries(value));
  return Object.entries(emptyJob("")).every(([name, empty]) => {
    const member = found.get(name);
    if (empty === null) return member === null || typeof member === "string" || typeof member === "object";
    return typeof member === typeof empty && member !== null && Array.isArray(member) === Array.isArray(empty);
  });
}
