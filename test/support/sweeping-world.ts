import { digestOf } from "#shared/domain/ids.ts";
import { emptyJob } from "#shared/domain/job.ts";
import { type Known, nothingKnown } from "#shared/domain/observation.ts";
import { type FakeRecord, type FakeStream, type ReadingWorld, readingWorld } from "./reading-world.ts";

/** The key of a record of the swept stream. */
export const keyOf = (id: string): string => `rotor-crews/jobs/${id}`;

/** A record as a job holds it. */
export function said({ id, ...rest }: FakeRecord): Known {
  const record = { connection: "rotor-crews", stream: "jobs", id };
  const facts = { kind: "reference" as const, presence: "present" as const, name: null, values: {} };
  const version = { modified: null, read: 1 };
  const at = "2026-11-01T08:00:00.000Z";
  return {
    ...nothingKnown,
    said: { record, version, digest: digestOf({ id, ...rest }), at, hangsOn: [], facts },
    seenRead: 1,
  };
}

/** A world whose one job holds these records, and whose vendor shows those. */
export async function sweepingWorld(
  held: readonly FakeRecord[],
  shown: readonly FakeRecord[],
  more: Partial<FakeStream> = {},
): Promise<ReadingWorld> {
  const world = readingWorld({ records: shown, pageSize: 100, states: "total", ...more });
  const { jobs } = world.store;
  const observations = Object.fromEntries(held.map((record) => [keyOf(record.id), said(record)]));
  await jobs.commit(await jobs.load("j1"), { ...emptyJob("j1"), observations }, "2026-11-01T08:00:00.000Z");
  // The poll's numbers were taken before.
  await world.store.reads.take("rotor-crews", "jobs");
  return world;
}

export const many = (count: number): readonly FakeRecord[] =>
  Array.from({ length: count }, (_, n) => ({ id: String(n) }));
/** Ids that the poller is told to read. */
export const hinted = (world: ReadingWorld): readonly string[] =>
  (world.queues.sent.hints.get("rotor") ?? []).flatMap((hint) => (hint.kind === "records" ? hint.ids : []));
/** So many hours after the world's start. */
export const later = (hours: number): string =>
  new Date(Date.parse("2026-11-02T08:00:00Z") + hours * 3_600_000).toISOString();
