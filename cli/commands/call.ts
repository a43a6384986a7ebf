import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { OperationRow } from "#shared/connectors/connector.ts";
import { problemsOf } from "#shared/connectors/problems.ts";
import { operations } from "#shared/connectors/registry.ts";
import { withSecrets } from "#shared/connectors/secrets-given.ts";
import { Failure } from "#shared/domain/failure.ts";
import * as z from "#shared/domain/schema.ts";
import { type Api, Declined } from "#shared/replies/api.ts";
import { type Call, type Command, needed, queryOf, type Shown, Usage, wanted } from "../command.ts";
import { secretsOf, secretsOption } from "../secrets-input.ts";

const receiptSchema = z.object({
  outcome: z.string(),
  at: z.string(),
  sentAt: z.optional(z.string()),
  before: z.string(),
  wanted: z.string(),
  after: z.nullable(z.string()),
  requestId: z.nullable(z.string()),
  flags: z.array(z.string()),
  note: z.nullable(z.string()),
});
const standingSchema = z.object({
  intent: z.string(),
  standing: z.string(),
  /** Why writes are stopped, in the answer to the asking; null while they go. */
  stopped: z.optional(z.nullable(z.string())),
  receipt: z.optional(receiptSchema),
  /** Whether it needs its secrets again. */
  withheld: z.optional(z.boolean()),
  /** Of a call that was sent with its secrets: the vendor's own words of a refusal, which nothing keeps. */
  said: z.optional(z.string()),
});
const requestSchema = z.looseObject({
  method: z.string(),
  path: z.string(),
  query: z.optional(z.unknown()),
  json: z.optional(z.unknown()),
  form: z.optional(z.unknown()),
  bytes: z.optional(z.unknown()),
});
const readSchema = z.object({ value: z.unknown(), request: z.optional(requestSchema) });
const foreseenSchema = z.object({
  request: requestSchema,
  would: z.string(),
  money: z.optional(z.boolean()),
  notifies: z.optional(z.string()),
  happened: z.optional(z.nullable(z.string())),
});

export const call: Command = {
  name: "call",
  about: "runs one operation of a vendor's document: a read is answered, a write goes the way of every write",
  takes: "VENDOR OPERATION | --send INTENT",
  options: [
    { name: "connection", value: "ID", about: "which account of the vendor" },
    { name: "input", value: "JSON", about: "the operation's inputs under the vendor's names (plumbline operations)" },
    secretsOption,
    { name: "send", value: "INTENT", about: "sends a call that waits for its secrets, with --secrets -" },
    { name: "effect", value: "TEXT", about: "what a raw request other than GET does, in words" },
    { name: "dry-run", about: "shows the request and what would become of it; sends nothing" },
    { name: "debug", about: "a read's request beside its answer, without credentials" },
    { name: "wait", value: "S", about: "seconds to wait for a write's receipt (10)" },
  ],
  async run(asked) {
    const connection = needed(asked, "connection");
    const wait = secondsOf(asked);
    if (asked.values["send"] !== undefined) return sending(asked, connection, wait);
    const vendor = wanted(asked, 0, "VENDOR");
    const row = rowOf(vendor, wanted(asked, 1, "OPERATION"));
    if (asked.positionals.length > 2) throw new Usage(`call takes no ${asked.positionals.slice(2).join(" ")}`);
    const secrets = await secretsOf(asked);
    const input = checkedInput(row, operations[vendor] ?? [], inputOf(asked), Object.keys(secrets));
    const dryRun = asked.flags.has("dry-run");
    const api = await asked.api();
    const reply = await posted(api, {
      vendor,
      connection,
      operation: row.key,
      input,
      ...(Object.keys(secrets).length > 0 ? { secrets } : {}),
      asking: randomUUID(),
      ...(dryRun ? { dryRun } : {}),
      ...(asked.flags.has("debug") ? { debug: true } : {}),
    });
    if (dryRun) return { json: reply, text: foreseenText(z.parse(foreseenSchema, reply)) };
    const written = z.safeParse(standingSchema, reply);
    return written.success ? followed(api, connection, written.data, reply, wait) : readShown(reply);
  },
};

/** A call that was stored without its secrets: approved meanwhile, or held up by the switch or a budget. */
async function sending(asked: Call, connection: string, wait: number): Promise<Shown> {
  if (asked.positionals.length > 0 || asked.values["input"] !== undefined)
    throw new Usage("--send sends what is stored: it takes no operation and no input");
  const secrets = await secretsOf(asked);
  if (Object.keys(secrets).length === 0) throw new Usage("--secrets is missing");
  const api = await asked.api();
  const reply = await posted(api, { connection, send: asked.values["send"], secrets });
  return followed(api, connection, z.parse(standingSchema, reply), reply, wait);
}

/** The row of an operation. Throws Usage, one line, for a vendor or an operation that is none. */
function rowOf(vendor: string, key: string): OperationRow {
  const rows = operations[vendor];
  if (!rows) throw new Usage(`no vendor ${vendor}; there are ${Object.keys(operations).join(", ")}`);
  const row = rows.find((one) => one.key === key);
  if (row) return row;
  const near = rows.filter((one) => one.key.toLowerCase().includes(key.toLowerCase())).map((one) => one.key);
  throw new Usage(
    `${vendor} has no operation ${key}: ${near.length > 0 ? `there are ${near.join(", ")}` : `plumbline operations ${vendor} lists them`}`,
  );
}

function inputOf({ values }: Call): Readonly<Record<string, unknown>> {
  let given: unknown;
  try {
    given = JSON.parse(values["input"] ?? "{}");
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new Usage(`--input is not JSON: ${cause.message}`, { cause });
  }
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new Usage("--input: expected an object");
  const effect = values["effect"] === undefined ? {} : { effect: values["effect"] };
  return { ...Object.fromEntries(Object.entries(given)), ...effect };
}

/** As the API checks it again: what does not fit is told before anybody is asked. Secrets are known by their paths alone. */
function checkedInput(
  row: OperationRow,
  rows: readonly OperationRow[],
  input: Readonly<Record<string, unknown>>,
  secrets: readonly string[],
): unknown {
  const full = withPlaces(row, rows, input, secrets);
  const checked = row.input ? z.safeParse(row.input, full) : null;
  if (checked && !checked.success) throw new Usage(`${row.key}: ${problemsOf(checked.error, full)}`);
  return input;
}

function withPlaces(
  row: OperationRow,
  rows: readonly OperationRow[],
  input: Readonly<Record<string, unknown>>,
  secrets: readonly string[],
): unknown {
  try {
    return withSecrets(rows, input, Object.fromEntries(secrets.map((path) => [path, "given on standard input"])));
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    throw new Usage(`${row.key}: ${cause.message}, by --secrets -`, { cause });
  }
}

function secondsOf({ values }: Call): number {
  const seconds = Number(values["wait"] ?? 10);
  if (!Number.isFinite(seconds) || seconds < 0) throw new Usage("--wait: expected seconds, as 10");
  return seconds;
}

/** What the API finds does not fit is the command line's fault too: one line, exit code 2. */
async function posted(api: Api, body: object): Promise<unknown> {
  try {
    return await api.post("call", body);
  } catch (error) {
    if (error instanceof Declined && error.status === 400)
      throw new Usage(error.message.replace(/^400: /, ""), { cause: error });
    throw error;
  }
}

function readShown(reply: unknown): Shown {
  const { value, request } = z.parse(readSchema, reply);
  const asked = request ? [...requestLines(request), ""] : [];
  return { json: reply, text: [...asked, JSON.stringify(value, null, 2)].join("\n") };
}

/** Looks after a write for some seconds, until it is done or waits for a person. */
async function followed(
  api: Api,
  connection: string,
  first: z.infer<typeof standingSchema>,
  reply: unknown,
  wait: number,
): Promise<Shown> {
  let [now, json] = [first, reply];
  const again = `plumbline call --send ${first.intent} --connection ${connection} --secrets -`;
  if (first.standing === "waits for its secrets")
    return {
      json,
      text: `${first.intent} was not sent: ${first.stopped ? `writes are stopped (${first.stopped})` : "the vendor is out of reach, or its budget spent"}. Its secrets were not kept; once it may go:\n  ${again}`,
      code: 1,
    };
  if (first.stopped && first.standing === "on its way")
    return { json, text: `${first.intent} waits: writes are stopped (${first.stopped}). plumbline resume lets it go.` };
  const path = `call${queryOf({ connection, intent: first.intent })}`;
  for (let left = wait * 2; left > 0 && (now.standing === "on its way" || now.standing === "sent"); left--) {
    await sleep(500);
    json = await api.get(path);
    now = z.parse(standingSchema, json);
  }
  const { intent, standing, receipt } = now;
  if (standing === "waits for approval") {
    const then = first.withheld ? `\nthen, since its secrets were not kept:\n  ${again}` : "";
    return {
      json,
      text: `It moves money, or is proposed only: it waits for you.\n  plumbline approve ${intent}${then}`,
    };
  }
  if (!receipt)
    return { json, text: `${intent} is ${standing}; plumbline receipts --connection ${connection} tells more.` };
  const code = receipt.outcome === "applied" ? 0 : 1;
  const said = first.said === undefined ? [] : [`  the vendor said: ${first.said}`];
  return { json, text: [...receiptLines(intent, receipt), ...said].join("\n"), code };
}

function receiptLines(intent: string, receipt: z.infer<typeof receiptSchema>): readonly string[] {
  const { outcome, sentAt, at, before, wanted: sent, after, requestId, flags, note } = receipt;
  const told: readonly (readonly [string, string | null | undefined])[] = [
    ["sent", `${sent}${sentAt ? `  at ${sentAt}` : ""}`],
    ["before", before],
    ["after", after],
    ["request", requestId],
    ["flags", flags.join(", ")],
    ["note", note],
  ];
  const lines = told.flatMap(([name, text]) => (text ? [`  ${name.padEnd(8)} ${text}`] : []));
  return [`${outcome}  ${intent}  ${at}`, ...lines];
}

function foreseenText({ request, would, money, notifies, happened }: z.infer<typeof foreseenSchema>): string {
  const writes =
    money === undefined
      ? []
      : [
          `money: ${money ? "yes" : "no"}; it may notify: ${notifies ?? "unknown"}`,
          `how to see it: ${happened ?? "-"}`,
        ];
  return [...requestLines(request), ...writes, `It would ${would}. Nothing was sent.`].join("\n");
}

function requestLines({ method, path, query, json, form, bytes }: z.infer<typeof requestSchema>): readonly string[] {
  const parts = Object.entries({ query, body: json ?? form ?? bytes }).flatMap(([name, value]) =>
    value === undefined ? [] : [`  ${name} ${JSON.stringify(value)}`],
  );
  return [`${method} ${path}`, ...parts];
}
