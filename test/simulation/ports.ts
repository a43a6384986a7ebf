import type { Attempt } from "#shared/domain/intent.ts";
import type { Change, JobState } from "#shared/domain/job.ts";
import type { Known } from "#shared/domain/observation.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import { addSeconds } from "#shared/domain/time.ts";
import { writerSeconds } from "#shared/pipeline/attempt-edits.ts";
import type { ClaimChange, ClaimStore, Control, JobStore, Queues, StoredJob } from "#shared/pipeline/ports.ts";
import type { MemoryWorld } from "#test/support/memory-ports.ts";
import { companies } from "./company.ts";

import type { Defect } from "./defects.ts";
import { cursorFirst, manifestFirst } from "./held-back.ts";
import { type Invocation, ownPort, type Scheduler, scheduled } from "./scheduler.ts";

/** What the witness is told of at the moment it happens. */
export interface Watcher {
  committed(before: StoredJob, next: JobState, at: string): void;
}

export interface Around {
  readonly scheduler: Scheduler;
  readonly world: MemoryWorld;
  readonly queues: Queues;
  readonly defect: Defect | null;
  /** What a defect of the whole process keeps. */
  readonly cache: Map<string, unknown>;
}

/** Whose ports, and who watches them. */
export interface Whose {
  readonly company: CompanyConfig;
  readonly history: Map<string, Map<number, Change>>;
  readonly witness: Watcher;
}

/** A company's ports for one invocation: every call waits for its turn and may fail; a defect may sit in between. */
export function portsOf(around: Around, of: Invocation, whose: Whose) {
  const { scheduler, world } = around;
  const store = world.company(whose.company.id);
  const under = <Port extends object>(name: string, port: Port): Port => scheduled(scheduler, of, name, port);
  const queues = under("queues", around.queues);
  const manifest = under("manifest", store.manifest);
  const late: (() => Promise<void>)[] = [];
  const claims = claimsOf(around, under("claims", store.claims), late);
  return {
    clock: world.clock,
    jobs: jobsOf(around, of, whose, claims.flush),
    claims: claims.port,
    sets: under("sets", store.sets),
    control: switchOf(around, under("control", store.control), "own"),
    controlAll: switchOf(around, under("control-all", world.cell.controlAll), "all"),
    feeds: under("feeds", store.feeds),
    reads: under("reads", store.reads),
    sweeps: under("sweeps", store.sweeps),
    quarantine: under("quarantine", store.quarantine),
    archive: under("archive", world.archive),
    budget: under("budget", store.budget),
    due: under("due", world.cell.due),
    // Cached for a while by the real one, too: no call of the store.
    config: {
      companies: async () => companies.map(({ id }) => id),
      company: async (id: string) => companies.find((one) => one.id === id) ?? null,
    },
    schedules: world.cell.schedules,
    ...(around.defect === "lost message healed from the manifest" && of.name.startsWith("sweep")
      ? { queues: trusting(queues, manifest), manifest }
      : around.defect === "cursor before page" && of.name.startsWith("poll")
        ? cursorFirst(queues, manifest, under("feeds", store.feeds))
        : around.defect === "manifest before page" && of.name.startsWith("poll")
          ? manifestFirst(queues, manifest)
          : { queues, manifest }),
  };
}
export type SimulatedPorts = ReturnType<typeof portsOf>;

function jobsOf(around: Around, of: Invocation, whose: Whose, afterJob: () => Promise<void>): JobStore {
  const { scheduler, world, defect } = around;
  const { history, witness } = whose;
  const store = world.company(whose.company.id).jobs;
  const call = <Value>(name: string, effect: () => Promise<Value>): Promise<Value> =>
    scheduler.port(of, `jobs.${name}`, effect, { throttled: failing, timedOut: failing });
  const tell = (change: Change | null, job: string): void => {
    if (!change) return;
    const told = history.get(job) ?? new Map<number, Change>();
    history.set(job, told.set(change.version, change));
  };
  const write = async (stored: StoredJob, wanted: JobState, when: string): Promise<"committed" | "conflict"> => {
    if (defect === null) {
      const outcome = await store.commit(stored, wanted, when);
      if (outcome === "committed") witness.committed(stored, wanted, when);
      return outcome;
    }
    const now = await store.load(stored.state.id);
    const taken = defect === "lease without fencing" ? takenOver(stored.state, now.state, wanted) : null;
    const isFenced = defect !== "commit without its version" && taken === null;
    const at = isFenced ? stored : { ...stored, version: now.version };
    const next = taken ?? spoiled(defect, now.state, wanted);
    const outcome = await store.commit(at, next, when);
    if (outcome === "committed") witness.committed(at, next, when);
    return outcome;
  };
  return {
    ...store,
    load: (job) => call("load", () => store.load(job)),
    loadMany: (jobs) => call("loadMany", () => store.loadMany(jobs)),
    list: (next) => call("list", () => store.list(next)),
    commit: async (stored, next, at) => {
      const after = defect === "history after commit";
      // As the table does it: first the entry at (job, version), which is safe to repeat, then the item.
      if (!after && stored.state.lastChange)
        await call("history", async () => tell(stored.state.lastChange, stored.state.id));
      const outcome = await call("commit", () => write(stored, next, at));
      if (after && outcome === "committed") {
        const { state } = await store.load(next.id);
        await call("history", async () => tell(state.lastChange, state.id));
      }
      if (outcome === "committed") await afterJob();
      return outcome;
    },
    commitTogether: (changes, claims, at) =>
      call("commitTogether", async () => {
        for (const { stored } of changes) tell(stored.state.lastChange, stored.state.id);
        const outcome = await store.commitTogether(changes, claims, at);
        if (outcome === "committed") for (const { stored, next } of changes) witness.committed(stored, next, at);
        return outcome;
      }),
    history: (job) => call("history", () => store.history(job)),
  };
}

const failing = ownPort.timedOut;

/** The attempt that a commit begins; undefined for any other commit. */
const begunBy = (read: JobState, next: JobState): Attempt | undefined =>
  next.attempts.find(({ intent }) => !read.attempts.some((known) => known.intent.id === intent.id));

/** An attempt, which is a writer's leave to send, begun on what stands there now; null for any other commit. */
function takenOver(read: JobState, now: JobState, wanted: JobState): JobState | null {
  const begun = begunBy(read, wanted);
  if (!begun) return null;
  const intents = now.intents.filter((intent) => intent.id !== begun.intent.id);
  return { ...now, intents, attempts: [...now.attempts, begun], dueAt: begun.dueAt };
}

/** An attempt that is looked at by others as soon as the vendor's lag is over, whether or not its writer is. */
function endedEarly(read: JobState, next: JobState): JobState {
  const begun = begunBy(read, next);
  if (!begun) return next;
  const dueAt = addSeconds(begun.dueAt, -writerSeconds);
  return { ...next, dueAt, attempts: next.attempts.map((one) => (one === begun ? { ...one, dueAt } : one)) };
}

/** What a defective reconcile would have made of it. */
function spoiled(defect: Defect | null, before: JobState, next: JobState): JobState {
  switch (defect) {
    case "one base for all records":
      return {
        ...next,
        bases: Object.fromEntries(
          Object.entries(next.bases).map(([field, records]) => {
            const first = Object.values(records)[0];
            return [field, first ? Object.fromEntries(Object.keys(records).map((key) => [key, first])) : records];
          }),
        ),
      };
    case "equal vendor version ignored":
      return keeping(before, next, (old, fresh) => old.modified !== null && old.modified === fresh.modified);
    case "offset times compared as text":
      return keeping(before, next, (old, fresh) => (old.modified ?? "") > (fresh.modified ?? ""));
    case "lease shorter than its holder lives":
      return endedEarly(before, next);
    case "approval not checked again":
      return {
        ...next,
        intents: next.intents.map((intent) => ({
          ...intent,
          approved:
            intent.approved ??
            before.intents.find((known) => known.record.id === intent.record.id && known.target === intent.target)
              ?.approved ??
            null,
        })),
      };
    default:
      return next;
  }
}

type Versions = { readonly modified: string | null };

/** The old reading of a record stays where the defect takes it for the later one. */
function keeping(before: JobState, next: JobState, stays: (old: Versions, fresh: Versions) => boolean): JobState {
  const observations = Object.fromEntries(
    Object.entries(next.observations).map(([key, known]): [string, Known] => {
      const old = before.observations[key];
      if (!old?.said || !known.said || old.said.version.read === known.said.version.read) return [key, known];
      return [key, stays(old.said.version, known.said.version) ? { ...known, said: old.said } : known];
    }),
  );
  return { ...next, observations };
}

function claimsOf(
  around: Around,
  port: ClaimStore,
  late: (() => Promise<void>)[],
): { readonly port: ClaimStore; readonly flush: () => Promise<void> } {
  const flush = async (): Promise<void> => {
    for (let save = late.shift(); save; save = late.shift()) await save();
  };
  if (around.defect === "claim after job") {
    const save = async (change: ClaimChange): Promise<"committed"> => {
      late.push(async () => {
        await port.save(change);
      });
      return "committed";
    };
    return { port: { ...port, save }, flush };
  }
  if (around.defect === "a moved payment left on its old job") {
    const load: ClaimStore["load"] = async (records) =>
      (await port.load(records)).map((claim) => (claim.record.includes("/payments/") ? { ...claim, jobs: [] } : claim));
    return { port: { ...port, load }, flush };
  }
  return { port, flush };
}

function switchOf(around: Around, port: Control, name: string): Control {
  if (around.defect !== "stop switch cached") return port;
  return {
    stop: (by, why) => port.stop(by, why),
    resume: (by) => port.resume(by),
    newEpoch: (by, why) => port.newEpoch(by, why),
    state: async () => {
      const known = around.cache.get(`switch ${name}`) ?? (await port.state());
      around.cache.set(`switch ${name}`, known);
      return known as Awaited<ReturnType<Control["state"]>>;
    },
  };
}

type ManifestPort = ReturnType<MemoryWorld["company"]>["manifest"];

/** A sweep whose hints leave out whatever the manifest has. */
function trusting(queues: Queues, manifest: ManifestPort): Queues {
  return {
    inbound: (messages) => queues.inbound(messages),
    backfill: (messages) => queues.backfill(messages),
    outbound: (vendor, messages) => queues.outbound(vendor, messages),
    sweeps: (orders) => queues.sweeps(orders),
    hints: async (vendor, hints) => {
      for (const hint of hints) {
        if (hint.kind !== "records") continue;
        const known = await manifest.load(hint.connection, hint.stream, hint.ids);
        const ids = hint.ids.filter((id) => !known.has(id));
        if (ids.length > 0) await queues.hints(vendor, [{ ...hint, ids }]);
      }
    },
  };
}
