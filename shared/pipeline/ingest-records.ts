import type { Page } from "#shared/connectors/connector.ts";
import type { VendorClient } from "#shared/connectors/vendor-client.ts";
import { Failure } from "#shared/domain/failure.ts";
import { shortHash } from "#shared/domain/ids.ts";
import type { Hint } from "#shared/messages/hint.ts";
import { tryAgainAt } from "./due-times.ts";
import { addForwarded, type Forwarded, forward, type NumberedPage, nothingForwarded } from "./forward.ts";
import { answerOf, leastTimeMs, type Readable, type ReadingPorts } from "./reading.ts";

export type RecordsHint = Extract<Hint, { kind: "records" }>;

export interface RecordsResult extends Forwarded {
  /** Ids that a read by id proved gone. */
  readonly absent: number;
  /** Ids put off, and until when: the budget was spent, the vendor failed, or time was over. */
  readonly waiting: number;
  readonly dueAt: string | null;
  readonly failure: Failure | null;
}

/** Ids in one `absent` message. */
const absentAtOnce = 100;

/**
 * Reads the records a hint names and forwards all that are found, whatever the manifest says: the hint's sender knows
 * of a change, or of a message that was lost. Ids that a read by id does not find are proven absent; where the vendor
 * has no such read the list is read and filtered, and absence is the sweep's business (law 4).
 * What cannot be read now waits as a due item; `bad-input` throws, and the message ends in the dead-letter queue.
 */
export async function readRecords(ports: ReadingPorts, readable: Readable, hint: RecordsHint): Promise<RecordsResult> {
  const client = await answerOf(() => readable.client(hint.purpose));
  const queue = hint.purpose === "backfill" ? "backfill" : "inbound";
  let result: RecordsResult = { ...nothingForwarded, absent: 0, waiting: 0, dueAt: null, failure: null };
  if (client instanceof Failure) return putOff(ports, readable, hint, hint.ids, client, result);
  // Chunks still to read; one that a single record spoils comes back as single ids.
  const waiting = chunksOf([...new Set(hint.ids)], readable.spec.byId);
  for (let ids = waiting.shift(); ids !== undefined; ids = waiting.shift()) {
    const left = [ids, ...waiting].flat();
    if (ports.timeLeftMs() < leastTimeMs) return putOff(ports, readable, hint, left, null, result);
    const read = await ports.reads.take(readable.connection.id, readable.spec.name);
    const at = await ports.clock.now();
    const found = await answerOf(() => pageOf(readable, client, ids));
    if (found instanceof Failure) {
      if (found.kind === "bad-input") throw found;
      if (!isAboutTheRecord(found)) return putOff(ports, readable, hint, left, found, result);
      if (ids.length > 1) waiting.unshift(...ids.map((id) => [id]));
      else for (const id of ids) result = add(result, await settle(ports, readable, id, { read, at }, found));
      continue;
    }
    result = add(result, await forward(ports, readable, { page: found, read, at }, null, queue));
    const gone = notFound(found, ids);
    if (readable.spec.byId === 0 || gone.length === 0) continue;
    // Something that came had no id, or was not ours: which of the ids it was, only single reads tell.
    if (found.unfit.length + found.dropped === 0) {
      result = add(result, await sayAbsent(ports, readable, gone, read, at));
    } else if (ids.length > 1) {
      waiting.unshift(...gone.map((id) => [id]));
    }
  }
  return result;
}

function chunksOf(ids: readonly string[], atOnce: number): string[][] {
  const size = atOnce === 0 ? Math.max(1, ids.length) : atOnce;
  return Array.from({ length: Math.ceil(ids.length / size) }, (_, n) => ids.slice(n * size, (n + 1) * size));
}

async function pageOf(readable: Readable, client: VendorClient, ids: readonly string[]): Promise<Page> {
  const { reader, spec } = readable;
  if (spec.byId > 0) return reader.byIds(client, spec.name, ids);
  const wanted = new Set(ids);
  const records: Page["records"][number][] = [];
  let next: string | null = null;
  do {
    const page: Page = await reader.page(client, { stream: spec.name, next, since: null });
    records.push(...page.records.filter(({ id }) => wanted.has(id)));
    next = page.next;
  } while (next !== null);
  return { records, unfit: [], dropped: 0, next: null, total: null, mark: null };
}

/** One record's fault, which must not hold up the others: it is gone, or its payload has no shape. */
function isAboutTheRecord(failure: Failure): boolean {
  return failure.kind === "missing" || failure.kind === "malformed";
}

async function settle(
  ports: ReadingPorts,
  readable: Readable,
  id: string,
  { read, at }: Pick<NumberedPage, "read" | "at">,
  failure: Failure,
): Promise<Partial<RecordsResult>> {
  const { connection, spec } = readable;
  if (failure.kind === "missing" && spec.byId > 0) return sayAbsent(ports, readable, [id], read, at);
  const raw = { text: failure.detail.body ?? "", form: "cut" } as const;
  await ports.quarantine.put({ connection: connection.id, stream: spec.name, id, reason: failure.message, raw, at });
  return { read: 1, quarantined: 1 };
}

function notFound(page: Page, ids: readonly string[]): readonly string[] {
  const found = new Set(page.records.map(({ id }) => id));
  return ids.filter((id) => !found.has(id));
}

async function sayAbsent(
  ports: ReadingPorts,
  readable: Readable,
  ids: readonly string[],
  read: number,
  at: string,
): Promise<Partial<RecordsResult>> {
  const { company, connection, spec } = readable;
  const said = { v: 1, kind: "absent", company, connection: connection.id, stream: spec.name, read, at } as const;
  const chunks = chunksOf(ids, absentAtOnce);
  await ports.queues.inbound(chunks.map((some) => ({ ...said, ids: some, how: "deleted" as const })));
  return { absent: ids.length };
}

async function putOff(
  ports: ReadingPorts,
  readable: Readable,
  hint: RecordsHint,
  ids: readonly string[],
  failure: Failure | null,
  result: RecordsResult,
): Promise<RecordsResult> {
  const now = await ports.clock.now();
  const { connection, spec } = readable;
  const { failingSince } = await ports.feeds.load(connection.id, spec.name);
  const dueAt = failure === null ? now : tryAgainAt(failure, now, failingSince ?? now);
  // Named by what it reads: the same records asked for again while they wait are one item.
  const name = shortHash([connection.id, spec.name, hint.purpose, ...ids.toSorted()].join("\n"));
  await ports.due.schedule({ company: hint.company, kind: "hint", name, dueAt, hint: { ...hint, ids: [...ids] } });
  return { ...result, waiting: ids.length, dueAt, failure };
}

function add(result: RecordsResult, more: Partial<RecordsResult>): RecordsResult {
  const counted = addForwarded(result, { ...nothingForwarded, ...more });
  return { ...result, ...counted, absent: result.absent + (more.absent ?? 0) };
}
