import { redact } from "#shared/connectors/redact.ts";
import { withheldOf } from "#shared/domain/intent.ts";
import { type CompanyConfig, type ConnectionConfig, connectionOf } from "#shared/domain/policy.ts";
import * as z from "#shared/domain/schema.ts";
import { callStanding, deskOf } from "#shared/pipeline/desk.ts";
import type { StoredJob } from "#shared/pipeline/ports.ts";
import { sendWithSecrets } from "#shared/pipeline/send-call.ts";
import { type Asked, bodyOf, type Person, Refused } from "#shared/runtime/asked.ts";
import type { Desk } from "./work.ts";

/** Passwords and signatures by their path in the input; they are sent, and stored nowhere. */
export const secretsGiven = {
  secrets: z.optional(z.record(z.string(), z.string().check(z.minLength(1, "expected a text that is not empty")))),
};

const sendSchema = z.strictObject({
  connection: z.string(),
  /** An intent of the connection's desk that waits for its secrets. */
  send: z.string(),
  ...secretsGiven,
});

/** Whether a call that stands is to be sent, and not one asked for. */
export function isSending(asked: Asked): boolean {
  return bodyOf(asked, z.looseObject({ send: z.optional(z.unknown()) })).send !== undefined;
}

/**
 * Sends a call that was stored without its secrets, now that a person gives them again: what was approved, or what the
 * switch or the budget held up. Refused 404 for one the desk does not know, 409 for one that waits for something else,
 * 400 where other secrets are given than it withholds.
 */
export async function sendStanding(desk: Desk, asked: Asked): Promise<object> {
  const { connection: id, send: intent, secrets = {} } = bodyOf(asked, sendSchema);
  const connection = writable(desk.company, id);
  const stored = await desk.ports.jobs.load(deskOf(connection.id));
  const standing = callStanding(stored.state, intent);
  if (standing === null) throw new Refused(404, `no call ${intent} stands on the desk of ${connection.id}`);
  const shown = { connection: connection.id, writes: true, intent };
  if (standing.standing === "done" || standing.standing === "sent") return { ...shown, ...standing };
  if (standing.standing !== "waits for its secrets")
    throw new Refused(409, `${intent} is not to be sent so: it stands as "${standing.standing}"`);
  const wanted = withheldOf(standing.planned);
  const given = Object.keys(secrets);
  if (wanted.some((path) => !given.includes(path)) || given.length !== wanted.length)
    throw new Refused(400, `secrets: expected ${wanted.join(", ")}`);
  const { stopped, why } = await desk.ports.control.state();
  const sent = await sendNow(desk, asked.person, { stored, intent, secrets });
  return { ...shown, stopped: stopped ? (why ?? "stopped") : null, ...sent };
}

function writable(company: CompanyConfig, id: string): ConnectionConfig {
  const connection = connectionOf(company, id);
  if (!connection) throw new Refused(400, `connection: no connection ${id}`);
  if (connection.mode?.["call"] === "observe")
    throw new Refused(409, `${id} takes no calls that write: its mode for call is observe`);
  return connection;
}

/**
 * The send itself, and where the call then stands. What the vendor said of a refusal goes to who asked and nowhere
 * else, without what was given.
 */
export async function sendNow(
  { company, ports }: Desk,
  person: Person,
  { stored, intent, secrets }: { stored: StoredJob; intent: string; secrets: Readonly<Record<string, string>> },
): Promise<object | null> {
  const planned = stored.state.intents.find((one) => one.id === intent);
  if (planned === undefined) return callStanding(stored.state, intent);
  const words: string[] = [];
  const { done } = await sendWithSecrets(ports, company, stored, planned, {
    by: person.sub,
    secrets,
    told: ({ message, detail }) => {
      words.push(redact(detail.body ?? message, Object.values(secrets)));
    },
  });
  const { state } = await ports.jobs.load(stored.state.id);
  return { done, ...(words.length === 0 ? {} : { said: words.join("; ") }), ...callStanding(state, intent) };
}
