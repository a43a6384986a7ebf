import type { OperationRow } from "#shared/connectors/connector.ts";
import { isMoney, prepareCall } from "#shared/connectors/prepare.ts";
import { type PreparedWithout, prepareWithout } from "#shared/connectors/secrets-given.ts";
import { Failure } from "#shared/domain/failure.ts";
import { digestOf, shortHash } from "#shared/domain/ids.ts";
import { type CompanyConfig, type ConnectionConfig, connectionOf } from "#shared/domain/policy.ts";
import * as z from "#shared/domain/schema.ts";
import type { CallRequest } from "#shared/messages/call.ts";
import type { CallPorts } from "#shared/pipeline/call-out.ts";
import { callIntentId, callStanding, enterCall } from "#shared/pipeline/desk.ts";
import type { Queues } from "#shared/pipeline/ports.ts";
import { sendIntents } from "#shared/pipeline/update-job.ts";
import { type Asked, bodyOf, personOf, Refused, unfit } from "#shared/runtime/asked.ts";
import type { HttpReply, HttpRequest } from "#shared/runtime/http-api.ts";
import { route } from "./route.ts";
import { isSending, secretsGiven, sendNow, sendStanding } from "./send.ts";

export interface CallDeps {
  /** The company's configuration and its ports; null for a company nobody configured. */
  companyOf(id: string): Promise<Desk | null>;
  /** Every documented operation of a vendor; none for a vendor nobody wrote. */
  operationsOf(vendor: string): readonly OperationRow[];
}

/** The company a call is about, and the ports bound to it. */
export interface Desk {
  readonly company: CompanyConfig;
  /** `client` makes one for a person, within the connection's budget; Failure `unauthorised` for a bad secret. */
  readonly ports: CallPorts & { readonly queues: Pick<Queues, "outbound"> };
}

const callSchema = z.strictObject({
  connection: z.string(),
  operation: z.string(),
  /** When given it must be the connection's. */
  vendor: z.optional(z.string()),
  input: z.optional(z.unknown()),
  ...secretsGiven,
  /** Names this asking, so that a repeated request is one call. */
  asking: z.optional(z.string().check(z.minLength(1, "expected a name of this asking"))),
  dryRun: z.optional(z.boolean()),
  /** The request, without credentials, beside the answer. */
  debug: z.optional(z.boolean()),
});

/** What is asked for, with everything that was checked before anything is sent. */
interface Checked {
  readonly asked: z.infer<typeof callSchema>;
  readonly connection: ConnectionConfig;
  readonly rows: readonly OperationRow[];
  readonly row: OperationRow;
  readonly input: unknown;
  readonly now: string;
  readonly prepared: PreparedWithout;
  readonly needsApproval: boolean;
}

/** Answers one request: 200 with JSON, else what `call` refuses, 403 (not this person's) or 404 (no such company). */
export async function callVendor(deps: CallDeps, request: HttpRequest): Promise<HttpReply> {
  try {
    const [, , company = ""] = request.path.split("/").map(decodeURIComponent);
    const person = personOf(request.claims, company, route.role);
    const desk = await deps.companyOf(company);
    if (!desk) throw new Refused(404, `no company ${company} is configured`);
    return { status: 200, json: await call(desk, { person, query: request.query, body: request.body }, deps) };
  } catch (error) {
    if (error instanceof Refused) return error.reply;
    if (error instanceof Failure && error.kind === "bad-input") return { status: 400, json: { error: error.message } };
    if (error instanceof Failure && error.kind === "conflict") return { status: 409, json: { error: error.message } };
    throw error;
  }
}

/**
 * One operation of a vendor's document, by hand. A read is made here and answered; a write becomes an intent on the
 * connection's desk and goes the way of every write (law 7, 8, 13). Refused 400 when anything does not fit, 409 where
 * the connection takes no calls that write, 429, 502 or 504 when a read failed at the vendor.
 */
async function call(desk: Desk, asked: Asked, deps: CallDeps): Promise<object> {
  if (isSending(asked)) return sendStanding(desk, asked);
  const checked = await checkedCall(desk, asked, deps);
  const { row, connection, prepared, now } = checked;
  const shown = { operation: row.key, connection: connection.id, writes: prepared.writes };
  if (checked.asked.dryRun === true) return { ...shown, dryRun: true, ...(await foreseen(desk, checked)) };
  if (!prepared.writes) {
    const value = await read(desk, checked);
    return { ...shown, value, ...(checked.asked.debug === true ? { request: withoutBytes(prepared.request) } : {}) };
  }
  const { id, stored, send, stopped } = await write(desk, asked, checked);
  await sendIntents(desk.ports, desk.company, stored, send, now);
  const { secrets = {} } = checked.asked;
  const isOurs = prepared.withheld.length > 0;
  const sent = isOurs ? await sendNow(desk, asked.person, { stored, intent: id, secrets }) : null;
  return { ...shown, intent: id, stopped, withheld: isOurs, ...(sent ?? callStanding(stored.state, id)) };
}

async function checkedCall({ company, ports }: Desk, asked: Asked, deps: CallDeps): Promise<Checked> {
  const body = bodyOf(asked, callSchema);
  const connection = connectionNamed(company, body.connection);
  const { vendor } = connection;
  if (body.vendor !== undefined && body.vendor !== vendor)
    throw wrong("vendor", `${connection.id} is a connection of ${vendor}, not of ${body.vendor}`);
  const rows = deps.operationsOf(vendor);
  const row = rows.find((one) => one.key === body.operation);
  if (!row) throw wrong("operation", `${vendor} has no operation ${body.operation}: plumbline operations lists them`);
  const input = body.input ?? {};
  const now = await ports.clock.now();
  const prepared = await prepareWithout(row, input, Object.keys(body.secrets ?? {}), { connection, rows, now });
  const mode = connection.mode?.["call"];
  if (prepared.writes && mode === "observe")
    throw new Refused(409, `${connection.id} takes no calls that write: its mode for call is observe`);
  const needsApproval = prepared.writes && (isMoney(row, input) || mode === "propose");
  return { asked: body, connection, rows, row, input, now, prepared, needsApproval };
}

function connectionNamed(company: CompanyConfig, id: string): ConnectionConfig {
  const found = connectionOf(company, id);
  if (found) return found;
  const known = company.connections.map((one) => one.id).join(", ");
  throw wrong("connection", `no connection ${id}; there are ${known}`);
}

/** What would happen, and nothing happens. */
async function foreseen({ ports }: Desk, checked: Checked): Promise<object> {
  const { row, prepared, rows, connection, now, input, needsApproval } = checked;
  const request = withoutBytes(prepared.request);
  if (!prepared.writes) return { request, would: "read it at the vendor, within the connection's budget" };
  const { look } = await prepareCall(row, input, prepared, { connection, rows, now });
  const { stopped, why } = await ports.control.state();
  return {
    request,
    money: isMoney(row, input),
    needsApproval,
    notifies: row.notifies ?? "unknown",
    repeatable: row.repeatable === true,
    secrets: prepared.withheld.map(({ path }) => path),
    happened: row.happened ?? null,
    look: look === null ? null : { operation: look.operation, request: look.request, expect: look.expect },
    stopped: stopped ? (why ?? "stopped") : null,
    would: [
      needsApproval ? "wait for plumbline approve" : "be sent once, after its attempt is stored",
      ...(stopped ? ["wait for plumbline resume: writes are stopped"] : []),
      look === null
        ? "be taken for done when the vendor answers: no read shows it"
        : `be looked for by ${look.operation}`,
    ].join("; "),
  };
}

/** An HTTP API answers within 30 seconds and six megabytes; a read that needs more is asked for in pages. */
const longestReadMs = 24_000;
const largestReply = 5 * 1024 * 1024;

async function read({ ports }: Desk, { row, input, connection }: Checked): Promise<unknown> {
  let value: unknown;
  try {
    const client = await ports.client(connection);
    value = (await within(Promise.resolve(row.run?.(client, input)), row.key)) ?? null;
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    const status = statusOf[cause.kind];
    if (status === undefined) throw cause;
    throw new Refused(status, cause.message, { kind: cause.kind, ...cause.detail });
  }
  if (JSON.stringify(value).length > largestReply)
    throw wrong("input", `${row.key} answered more than 5 MB: ask for a page of it`);
  return value;
}

/** What the vendor's answer means for who asked; a read changes nothing, so asking again is always safe. */
const statusOf: Readonly<Partial<Record<Failure["kind"], 404 | 429 | 502 | 504>>> = {
  missing: 404,
  "rate-limited": 429,
  unauthorised: 502,
  malformed: 502,
  transient: 504,
};

async function within<Value>(answer: Promise<Value>, operation: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const why = `${operation} took longer than ${longestReadMs / 1000} s: ask for less of it`;
    timer = setTimeout(() => reject(new Failure("transient", why, { operation })), longestReadMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The call is in the archive before the desk names it, so that what stands there can always be sent. */
async function write({ company, ports }: Desk, { person }: Asked, checked: Checked) {
  const { row, connection, rows, input, prepared, needsApproval, now } = checked;
  const asking = checked.asked.asking ?? digestOf([person.sub, now, row.key, input]);
  const id = callIntentId({ connection: connection.id, asking });
  const stored = await prepareCall(row, input, prepared, { connection, rows, now });
  const text = JSON.stringify(stored);
  const digest = shortHash(text);
  // Named by its content too: the same asking with other content must not change what a desk already names.
  const archived = `calls/${company.id}/${connection.id}/${id}-${digest}.json`;
  await ports.archive.put(archived, text);
  const { epoch, stopped, why } = await ports.control.state();
  const entered = await enterCall(
    ports.jobs,
    {
      connection: connection.id,
      operation: row.key,
      asking,
      by: person.sub,
      archived,
      digest,
      sent: sentText(prepared, input),
      withheld: prepared.withheld.map(({ path }) => path),
      requests: stored.look === null ? 1 : 3,
      money: isMoney(row, input),
      needsApproval,
      epoch,
    },
    now,
  );
  return { id, stopped: stopped ? (why ?? "stopped") : null, ...entered };
}

/** Method, path, the start of the body, and what the asker says it does: as a person reads and approves it. */
function sentText({ request, withheld }: PreparedWithout, input: unknown): string {
  const { method, path, query, json, form, bytes } = request;
  const body = bytes ? `(${bytes.contentType})` : [query, json ?? form].map(textOf).filter(Boolean).join(" ");
  const said = z.safeParse(z.looseObject({ effect: z.string() }), input);
  const text = `${method} ${path} ${body}`.trim();
  const names = withheld.map((one) => one.path).join(", ");
  const cut = text.length <= 800 ? text : `${text.slice(0, 800)}... (${text.length} characters)`;
  const start = names === "" ? cut : `${cut} (${names} given when it is sent)`;
  return said.success ? `${start} (to its caller it ${said.data.effect})` : start;
}

function textOf(part: unknown): string {
  return part === undefined ? "" : JSON.stringify(part);
}

function withoutBytes({ bytes, ...request }: CallRequest): object {
  return bytes
    ? { ...request, bytes: { contentType: bytes.contentType, base64Characters: bytes.base64.length } }
    : request;
}

function wrong(path: string, expected: string): Refused {
  return unfit([{ path: [path], message: expected }]);
}
