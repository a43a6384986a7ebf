import { Failure } from "#shared/domain/failure.ts";
import { recordKey } from "#shared/domain/ids.ts";
import type { Intent } from "#shared/domain/intent.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import { decisionLine, toldBy } from "./history.ts";
import { loadJob } from "./join.ts";
import { sets } from "./link.ts";
import { nothingArrives } from "./reconcile.ts";
import { surroundingsOf } from "./surroundings.ts";
import { sendIntents, type TakeInPorts, updateJob } from "./take-in.ts";

/** What a person decides about what is planned. An approval is bound to what the plan read; when that moved it is refused (law 8). */
export interface Decision {
  readonly job: string;
  readonly intent: string;
  /** The hash the person saw; null takes the plan as it stands now. */
  readonly bound: string | null;
  readonly by: string;
}

export type Decided =
  | { readonly decided: true; readonly intent: Intent }
  | { readonly decided: false; readonly why: string };

export async function approve(ports: TakeInPorts, company: CompanyConfig, decision: Decision): Promise<Decided> {
  return decide(ports, company, decision, (intent, now) => ({
    ...intent,
    approved: { by: decision.by, at: now },
    rejected: null,
  }));
}

export async function reject(
  ports: TakeInPorts,
  company: CompanyConfig,
  decision: Decision,
  why: string,
): Promise<Decided> {
  return decide(ports, company, decision, (intent, now) => ({
    ...intent,
    approved: null,
    rejected: { by: decision.by, at: now, why },
  }));
}

async function decide(
  ports: TakeInPorts,
  company: CompanyConfig,
  decision: Decision,
  mark: (intent: Intent, now: string) => Intent,
): Promise<Decided> {
  const surroundings = await surroundingsOf(ports, company);
  // The plan as it stands now decides, not the one the person looked at: reconcile first, then compare.
  const fresh = await updateJob(ports, company, surroundings, decision.job, nothingArrives);
  const planned = fresh.stored.state.intents.find((known) => known.id === decision.intent);
  if (!planned) return { decided: false, why: "it is no longer planned" };
  if (planned.kind === "task")
    return { decided: false, why: "it is a task: it closes by itself when the vendor shows it done" };
  if (decision.bound !== null && planned.bound !== decision.bound)
    return { decided: false, why: "what it was planned from has changed; look again" };
  const edit = (state: JobState): JobState => {
    const known = state.intents.find((one) => one.id === planned.id && one.bound === planned.bound);
    if (!known) return state;
    const marked = mark(known, surroundings.now);
    const intents = state.intents.map((one) => (one === known ? marked : one));
    return toldBy({ ...state, intents }, surroundings.now, [recordKey(known.record)], decisionLine(marked));
  };
  const result = await updateJob(ports, company, surroundings, fresh.stored.state.id, nothingArrives, edit);
  const after = result.stored.state.intents.find((known) => known.id === planned.id);
  if (!after || (after.approved === null && after.rejected === null))
    return { decided: false, why: "it changed while it was being decided; look again" };
  await sendIntents(ports, company, result.stored, result.send, surroundings.now);
  return { decided: true, intent: after };
}

/** A job by its id, by `connection:number`, or by a bare number; a number found in several jobs gives them all. */
export async function findJobs(ports: TakeInPorts, company: CompanyConfig, name: string): Promise<readonly JobState[]> {
  const colon = name.indexOf(":");
  const connection = colon > 0 ? name.slice(0, colon) : null;
  if (connection !== null && !company.connections.some((known) => known.id === connection))
    throw new Failure(
      "bad-input",
      `no connection ${connection}; there are ${company.connections.map((known) => known.id).join(", ")}`,
    );
  const number = connection === null ? name : name.slice(colon + 1);
  const members = (await ports.sets.list(sets.number(number)))
    .map((one) => one.member)
    .filter((member) => connection === null || member.startsWith(`${connection}/`));
  // A vendor without numbers is named by the record's id.
  const roots = company.connections.flatMap(({ id, vendor }) => {
    const stream = id === connection ? ports.describer(vendor)?.vocabulary.rootStream : undefined;
    return stream === undefined ? [] : [recordKey({ connection: id, stream, id: number })];
  });
  const ids = new Set<string>();
  for (const claim of await ports.claims.load([...new Set([...members, ...roots])]))
    for (const job of claim.jobs) ids.add(job);
  if (ids.size === 0) ids.add(name);
  const found = new Map<string, JobState>();
  for (const id of ids) {
    const { state, version } = await loadJob(ports.jobs, id);
    if (version > 0) found.set(state.id, state);
  }
  return [...found.values()];
}
