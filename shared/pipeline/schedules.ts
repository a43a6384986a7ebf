import type { StreamSpec } from "#shared/connectors/connector.ts";
import { digestOf } from "#shared/domain/ids.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import { pollMinutes, spread, sweepHours } from "./due-times.ts";
import type { DueItem, DueStore, Schedules } from "./ports.ts";

/** Streams of a vendor, by name; empty for a vendor nobody wrote. */
export type StreamsOf = (vendor: string) => Readonly<Record<string, StreamSpec>>;

/** First reads of a new connection begin within this; its streams are swept together, first in the second half of their interval. */
const firstReadSeconds = 60;

/**
 * Makes the due items of a company's streams and sweeps when its configuration has changed since they were last made.
 * What stands already keeps its time. Returns how many were made or stood already, or null when nothing was to do.
 */
export async function makeSchedules(
  ports: { readonly schedules: Schedules; readonly due: Pick<DueStore, "scheduleOnce"> },
  company: CompanyConfig,
  streamsOf: StreamsOf,
  now: string,
): Promise<number | null> {
  const wanted = scheduleOf(company, streamsOf, now);
  const digest = digestOf(wanted.map(({ kind, name }) => `${kind} ${name}`));
  if ((await ports.schedules.madeFrom(company.id)) === digest) return null;
  for (const item of wanted) await ports.due.scheduleOnce(item);
  await ports.schedules.made(company.id, digest);
  return wanted.length;
}

/** Every stream of every connection, to read and to sweep, with its first instant. */
export function scheduleOf(company: CompanyConfig, streamsOf: StreamsOf, now: string): readonly DueItem[] {
  return company.connections.flatMap((connection) => {
    const halfSweep = sweepHours(connection) * 1800;
    const half = new Date(Date.parse(now) + halfSweep * 1000).toISOString();
    const firstSweep = spread(half, `sweep ${connection.id}`, halfSweep);
    return Object.values(streamsOf(connection.vendor)).flatMap((spec): readonly DueItem[] => {
      const name = `${connection.id}/${spec.name}`;
      const readSeconds = Math.min(firstReadSeconds, pollMinutes(connection, spec) * 60);
      return [
        { company: company.id, kind: "stream", name, dueAt: spread(now, name, readSeconds) },
        { company: company.id, kind: "sweep", name, dueAt: firstSweep },
      ];
    });
  });
}
