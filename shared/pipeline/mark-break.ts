import { type Break, isOpen, type SaidCause } from "#shared/domain/break.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { Minor } from "#shared/domain/money.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import { nothingArrives } from "./reconcile.ts";
import { surroundingsOf } from "./surroundings.ts";
import { sendIntents, type TakeInPorts, updateJob } from "./take-in.ts";

/**
 * What a person says of a break: why it is so, with the kind of cause where it is one of the closed list, or who looks
 * after it. It stays open, and counts as before.
 */
export type Mark =
  | { readonly kind: "explained"; readonly note: string; readonly cause?: SaidCause }
  | { readonly kind: "assigned"; readonly to: string };

export interface Marking {
  readonly job: string;
  /** Of the break within its job, e.g. `charge`. */
  readonly key: string;
  readonly mark: Mark;
  readonly by: string;
}

export type Marked =
  | { readonly marked: true; readonly job: string; readonly break: Break }
  | { readonly marked: false; readonly why: string };

/**
 * The job with its break marked and a line of history that says who did it; the job itself when there is nothing to
 * do: the break is not open, has another gap than the one that was looked at, or says so already. Pure.
 */
export function withMark(state: JobState, marking: Marking, gapMinor: Minor, now: string): JobState {
  const { key, mark, by } = marking;
  const known = state.breaks.find((one) => one.key === key);
  if (!known || !isOpen(known) || known.gapMinor !== gapMinor || says(known, mark)) return state;
  const next = marked(known, mark);
  const line =
    mark.kind === "explained"
      ? `break ${key} explained${mark.cause === undefined ? "" : ` as ${mark.cause}`} by ${by}: ${mark.note}`
      : `break ${key} assigned to ${mark.to} by ${by}`;
  return {
    ...state,
    breaks: state.breaks.map((one) => (one === known ? next : one)),
    lastChange: { version: 0, at: now, cause: "person", records: known.evidence, lines: [line] },
  };
}

function marked(known: Break, mark: Mark): Break {
  if (mark.kind === "assigned") return { ...known, state: "assigned", assignedTo: mark.to };
  const { saidCause: _, ...before } = known;
  const said = mark.cause === undefined ? {} : { saidCause: mark.cause };
  return { ...before, ...said, state: "explained", note: mark.note };
}

/** Marks a break as it stands now: the job is reconciled first, and a gap that moves meanwhile is not marked. */
export async function markBreak(ports: TakeInPorts, company: CompanyConfig, marking: Marking): Promise<Marked> {
  const surroundings = await surroundingsOf(ports, company);
  const settle = async (job: string, edit?: (state: JobState) => JobState): Promise<JobState> => {
    const { stored, send } = await updateJob(ports, company, surroundings, job, nothingArrives, edit);
    await sendIntents(ports, company, stored, send, surroundings.now);
    return stored.state;
  };
  const fresh = await settle(marking.job);
  const seen = fresh.breaks.find((known) => known.key === marking.key);
  if (!seen) return { marked: false, why: `no break ${marking.key}; ${keysOf(fresh)}` };
  if (seen.state === "waiting") return { marked: false, why: "it only waits: it may clear by itself" };
  if (seen.state === "resolved") return { marked: false, why: "it is resolved" };
  const after = await settle(fresh.id, (state) => withMark(state, marking, seen.gapMinor, surroundings.now));
  const found = after.breaks.find((known) => known.key === marking.key);
  return found && says(found, marking.mark)
    ? { marked: true, job: after.id, break: found }
    : { marked: false, why: "it changed while it was being marked; look again" };
}

function says(known: Break, mark: Mark): boolean {
  return mark.kind === "explained"
    ? known.state === "explained" && known.note === mark.note && known.saidCause === mark.cause
    : known.state === "assigned" && known.assignedTo === mark.to;
}

function keysOf({ breaks }: JobState): string {
  const keys = breaks.filter(isOpen).map((known) => known.key);
  return keys.length === 0 ? "none is open" : `open are ${keys.join(", ")}`;
}
