import type { VendorClient } from "#shared/connectors/vendor-client.ts";
import { Failure } from "#shared/domain/failure.ts";
import { type Attempt, type FinalOutcome, movesMoney } from "#shared/domain/intent.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import * as z from "#shared/domain/schema.ts";
import { addSeconds } from "#shared/domain/time.ts";
import { type Call, callSchema } from "#shared/messages/call.ts";
import {
  attemptOf,
  type Edit,
  endIntent,
  lagOf,
  type WriteBackPorts,
  type WroteBack,
  withAttempt,
} from "./attempt-edits.ts";
import { afterFailure, commitAttempt } from "./attempt-outcome.ts";
import { receiptOf } from "./attempts.ts";
import { updateDesk } from "./desk.ts";
import type { Standing } from "./look.ts";
import { type Looked, type Sight, sightOf } from "./sight.ts";
import { filled, type Given, namesOf, type Sent, withoutMore, wordless } from "./withheld.ts";
import { stopped, tooMany, type Way } from "./write-guards.ts";

export type CallPorts = Pick<
  WriteBackPorts,
  "jobs" | "clock" | "control" | "controlAll" | "budget" | "archive" | "client"
>;

/** A call on its way: where it stands, what is sent, and with what. */
interface CallJob extends Standing {
  readonly call: Call;
  readonly client: VendorClient;
  readonly given: Given | null;
  readonly edit: Edit;
}

/** What a look showed: nothing at all where no read can show the call, or where the read itself was refused. */
type Seen = Sight | { readonly seen: string | null; readonly says: "unknown"; readonly why: string };

const archivedSchema = z.object({ archived: z.string() });

/**
 * Law 7 for a call that a person asked for: the attempt is stored before it is sent, and it is sent once. One that
 * withholds something is sent with what was `given`, and without it not at all.
 */
export function callWay(ports: CallPorts, company: CompanyConfig, standing: Standing, given: Given | null = null): Way {
  const edit: Edit = async (edited) =>
    updateDesk(ports.jobs, standing.stored.state.id, await ports.clock.now(), edited);
  const ready = async (): Promise<CallJob> => {
    const { archived } = z.parse(archivedSchema, standing.intent.arguments);
    const call = z.parse(callSchema, JSON.parse(await ports.archive.get(archived)));
    return { ...standing, call, client: await ports.client(standing.connection), given, edit };
  };
  return {
    send: async () => sendCall(ports, company, await ready()),
    look: async (attempt) => lookAgain(ports, await ready(), attempt),
  };
}

async function sendCall(ports: CallPorts, company: CompanyConfig, job: CallJob): Promise<WroteBack> {
  const { intent, call, edit, given } = job;
  const request = filled(call, given);
  if (request === null) return { done: "waits" };
  const before = await lookFor(job, null);
  const at = await ports.clock.now();
  const seen = attemptOf(job, at, 0, null, before.seen ?? "");
  if (before.says === "shown" && before.whole && call.withheld.length === 0) {
    const note = `it was ${call.look?.expect === "gone" ? "gone" : "so"} already; nothing was sent`;
    await endUnsent(job, { ...seen, number: 0 }, "applied", note);
    return { done: "already" };
  }
  // Without the look before it, a row that the call makes cannot be told from one that was there.
  if (call.look?.expect === "new" && before.says === "unknown") {
    const why = "why" in before ? before.why : "its answer holds no such rows";
    const note = `nothing was sent: the read before it failed (${why})`;
    await endUnsent(job, { ...seen, number: 0 }, "rejected", note);
    return { done: "refused" };
  }
  if (await tooMany(ports, company)) return { done: "stopped" };
  if ((await stopped(ports)).stopped) return { done: "stopped" };
  if (!(await commitAttempt(ports, job, seen))) return { done: "later" };
  let answer: { readonly value: unknown; readonly requestId: string | null };
  try {
    answer = await ask(job, call.operation, request, true);
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    given?.told(cause);
    return afterFailure(ports, job, given === null ? cause : wordless(cause, call), edit);
  }
  // That it answered must not be forgotten, whatever becomes of the look after it.
  const { requestId } = answer;
  const dueAt = addSeconds(await ports.clock.now(), lagOf(job.connection));
  await edit((state) =>
    withAttempt(state, intent.id, (known) => ({ ...known, state: "unverified", requestId, dueAt })),
  );
  const attempt: Attempt = { ...seen, number: 1, state: "unverified", requestId };
  const after = await lookFor(job, attempt.before.shown);
  if (after.says === "not-shown") return { done: "written", outcome: "open" };
  const words = given === null ? cut(answer.value) : `${given.by}, who gave ${namesOf(call)}`;
  await end(ports, job, attempt, after, `the vendor answered ${words}`);
  return { done: "written", outcome: "applied" };
}

/** An attempt without an outcome, after the vendor's lag: what is seen now decides, and nothing is sent again. */
async function lookAgain(ports: CallPorts, job: CallJob, attempt: Attempt): Promise<WroteBack> {
  const seen = await lookFor(job, attempt.before.shown);
  const silent = attempt.state !== "unverified";
  // A crash between the attempt and its answer: nobody could throw the switch then (law 13). Before the attempt ends.
  if (attempt.state === "sent" && seen.says !== "shown" && movesMoney(job.intent))
    await ports.control.stop("plumbline", `a money write to ${job.connection.id} got no answer`);
  await end(ports, job, attempt, seen, silent ? "no answer came" : "the vendor answered that it was done");
  return { done: "looked" };
}

async function end(
  ports: Pick<CallPorts, "clock">,
  job: CallJob,
  attempt: Attempt,
  seen: Seen,
  answered: string,
): Promise<void> {
  const { intent, call } = job;
  const silent = attempt.state !== "unverified";
  const outcome: FinalOutcome =
    seen.says === "shown" || (seen.says === "unknown" && !silent) ? "applied" : silent ? "unresolved" : "ignored";
  const how = call.happened ?? "the vendor's own screens";
  const found = {
    shown: "the read shows it",
    "not-shown": `the read does not show it: look for yourself (${how})`,
    unknown: `no read shows whether it is so${"why" in seen && seen.why !== "" ? ` (${seen.why})` : ""}: look for yourself (${how})`,
  }[seen.says];
  const at = await ports.clock.now();
  await job.edit((state: JobState): JobState => {
    const standing = state.attempts.find((known) => known.intent.id === intent.id);
    // Another delivery may have been faster: its receipt stands.
    if (!standing) return state;
    const receipt = receiptOf({ ...standing, requestId: attempt.requestId }, outcome, seen.seen, at, null);
    const flags = outcome === "applied" && seen.says === "unknown" ? ["unseen"] : [];
    return {
      ...state,
      attempts: state.attempts.filter((known) => known !== standing),
      receipts: [...state.receipts, { ...receipt, flags, note: `${answered}; ${found}`.slice(0, longestNote) }],
    };
  });
}

async function endUnsent(job: CallJob, attempt: Attempt, outcome: FinalOutcome, note: string): Promise<void> {
  const receipt = { ...receiptOf(attempt, outcome, attempt.before.shown, attempt.startedAt, note), flags: [] };
  await job.edit((state) => endIntent(state, job.intent, receipt));
}

/** Failures that a later look mends go on to whoever postpones; a read the vendor refuses shows nothing, ever. */
async function lookFor(job: CallJob, before: string | null): Promise<Seen> {
  const { look } = job.call;
  if (look === null) return { seen: null, says: "unknown", why: "" };
  let looked: Looked;
  try {
    looked = { value: (await ask(job, look.operation, look.request, false)).value };
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    if (cause.kind === "missing") looked = { missing: true };
    else if (cause.kind === "bad-input" || cause.kind === "malformed")
      return { seen: null, says: "unknown", why: cause.message };
    else throw cause;
  }
  const sight = sightOf(look, job.call.withheld.length > 0 ? withoutMore(look, looked) : looked, before);
  // No read shows what was withheld: a record that showed the rest before says nothing of whether it was sent.
  const isUnmoved = job.call.withheld.length > 0 && look.expect === "there" && sight.seen === before;
  return isUnmoved && sight.says === "shown" ? { seen: sight.seen, says: "unknown", why: "it was so before" } : sight;
}

async function ask(
  { client }: CallJob,
  operation: string,
  { method, path, query, headers, json, form, bytes, secrets }: Sent,
  writes: boolean,
): Promise<{ readonly value: unknown; readonly requestId: string | null }> {
  return client.request({
    method,
    path,
    ...(query ? { query } : {}),
    ...(headers ? { headers } : {}),
    ...(json === undefined ? {} : { json }),
    ...(form ? { form } : {}),
    ...(bytes ? { bytes: { contentType: bytes.contentType, content: Buffer.from(bytes.base64, "base64") } } : {}),
    ...(secrets ? { secrets } : {}),
    operation,
    schema: z.unknown(),
    writes,
  });
}

const longestNote = 1200;

function cut(value: unknown): string {
  const text = JSON.stringify(value ?? null);
  return text.length <= 600 ? text : `${text.slice(0, 600)}...`;
}
