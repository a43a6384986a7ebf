import type { StreamSpec } from "#shared/connectors/connector.ts";
import type { Failure } from "#shared/domain/failure.ts";
import { shortHash } from "#shared/domain/ids.ts";
import type { ConnectionConfig } from "#shared/domain/policy.ts";
import { addSeconds, instantMillis } from "#shared/domain/time.ts";

const minuteMs = 60_000;
const defaultSweepHours = 24;

/** Failures of a vendor are tried again after as long as they have lasted, between these. */
const backoffSeconds = { least: 60, most: 15 * 60 } as const;
/** A key or a scope is mended by a person: no use in asking every minute. */
const unauthorisedSeconds = 15 * 60;

/** Minutes between two reads of a stream: the connection's own word for it, its default, else the vendor's row. */
export function pollMinutes(connection: ConnectionConfig, spec: Pick<StreamSpec, "name" | "everyMinutes">): number {
  return connection.pollMinutes?.[spec.name] ?? connection.pollMinutes?.["default"] ?? spec.everyMinutes;
}

export function sweepHours(connection: ConnectionConfig): number {
  return connection.sweepHours ?? defaultSweepHours;
}

/**
 * When a stream is due again, on whole minutes: the tick comes once a minute, and streams that share a minute share a
 * tick. Always after `now`.
 */
export function nextRead(startedAt: string, now: string, minutes: number): string {
  const due = Math.floor((instantMillis(startedAt) + minutes * minuteMs) / minuteMs) * minuteMs;
  return new Date(Math.max(due, instantMillis(now) + minuteMs)).toISOString();
}

/**
 * When a stream is due again after a silence: on the beat it had before, so that one bad hour does not leave every
 * stream with a minute, and a tick, of its own for ever. Never sooner than half the interval after `startedAt`.
 */
export function backOnBeat(completeAt: string, startedAt: string, now: string, minutes: number): string {
  const [beat, interval] = [instantMillis(completeAt), minutes * minuteMs];
  const beats = Math.ceil((instantMillis(startedAt) - beat) / interval + 0.5);
  return nextRead(new Date(beat + (beats - 1) * interval).toISOString(), now, minutes);
}

/** A first instant within `seconds` from now, fixed by the name, so that a new company's streams do not all come at once. */
export function spread(now: string, name: string, seconds: number): string {
  const part = Number.parseInt(shortHash(name).slice(0, 8), 16) / 0x1_0000_0000;
  return new Date(Math.floor((instantMillis(now) + part * seconds * 1000) / minuteMs) * minuteMs).toISOString();
}

/** When a read that failed is tried again. `failingSince`: since when this stream has failed, `now` when just now. */
export function tryAgainAt(failure: Failure, now: string, failingSince: string): string {
  if (failure.kind === "rate-limited") {
    const stated = failure.detail.retryAt;
    const soonest = addSeconds(now, 1);
    return stated === undefined ? addSeconds(now, backoffSeconds.least) : later(stated, soonest);
  }
  if (failure.kind === "unauthorised") return addSeconds(now, unauthorisedSeconds);
  const lasted = (instantMillis(now) - instantMillis(failingSince)) / 1000;
  return addSeconds(now, Math.min(Math.max(lasted, backoffSeconds.least), backoffSeconds.most));
}

function later(a: string, b: string): string {
  return instantMillis(a) > instantMillis(b) ? new Date(instantMillis(a)).toISOString() : b;
}
