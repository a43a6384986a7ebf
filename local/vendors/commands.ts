import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { differences } from "./compare.ts";
import { findSimulators } from "./find-simulators.ts";
import { isRecord, type Json, type JsonRecord, parseJson } from "./kit/json.ts";

type Flags = Record<string, string | boolean | undefined>;
type Asked = { flags: Flags; words: string[] };

const text = { type: "string" } as const;
const yes = { type: "boolean" } as const;
const options = {
  data: text,
  url: text,
  id: text,
  credentials: text,
  settings: text,
  webhook: text,
  secret: text,
  vendor: text,
  account: text,
  collection: text,
  key: text,
  op: text,
  fields: text,
  at: text,
  label: text,
  now: text,
  kind: text,
  path: text,
  method: text,
  times: text,
  status: text,
  body: text,
  ms: text,
  from: text,
  until: text,
  out: text,
  with: text,
  clear: yes,
  "no-touch": yes,
  "no-notify": yes,
};

/** What a person can do with running simulators; each prints its answer and returns the exit code. */
export const commands: Record<string, (args: string[]) => Promise<number>> = {
  clock: (args) =>
    onEach(args, ({ flags }) =>
      flags["now"] === undefined ? ["GET", "clock"] : ["PUT", "clock", { now: need(flags, "now") }],
    ),
  requests: (args) => onEach(args, () => ["GET", "requests"]),
  account: (args) => onOne(args, account),
  webhook: (args) => onOne(args, webhook),
  plant: (args) => onOne(args, plant),
  dials: (args) => onOne(args, dials),
  fault: (args) => onOne(args, fault),
  log: async (args) => {
    const { flags } = ask(args);
    const query = new URLSearchParams(pick(flags, { account: "account", from: "from" }));
    const answer = await call(addressOf(flags), "GET", `log?${query.toString()}`);
    const entries = isRecord(answer) && Array.isArray(answer["entries"]) ? answer["entries"] : [];
    for (const entry of entries) say(entry);
    return 0;
  },
  dump: async (args) => {
    const { flags } = ask(args);
    const records = JSON.stringify(await recordsOf(flags), null, 2);
    if (flags["out"] === undefined) process.stdout.write(`${records}\n`);
    else writeFileSync(need(flags, "out"), `${records}\n`);
    return 0;
  },
  load: async (args) => {
    const { flags } = ask(args);
    const collections = readDump(need(flags, "from"));
    say(await call(addressOf(flags), "POST", "load", { account: need(flags, "account"), collections }));
    return 0;
  },
  compare: async (args) => {
    const { flags } = ask(args);
    const lines = differences(readDump(need(flags, "with")), await recordsOf(flags));
    process.stdout.write(lines.length === 0 ? "nothing differs\n" : `${lines.join("\n")}\n`);
    return lines.length === 0 ? 0 : 1;
  },
};

function account({ flags }: Asked): Call {
  const settings = flags["settings"] === undefined ? {} : { settings: asJson(need(flags, "settings")) };
  return ["POST", "accounts", { id: need(flags, "id"), credentials: asJson(need(flags, "credentials")), ...settings }];
}

function webhook({ flags }: Asked): Call {
  return [
    "POST",
    "webhooks",
    { account: need(flags, "account"), url: need(flags, "webhook"), secret: need(flags, "secret") },
  ];
}

function plant({ flags }: Asked): Call {
  const edit: JsonRecord = {
    ...pick(flags, { collection: "collection", key: "key", at: "at", label: "label" }),
    collection: need(flags, "collection"),
    key: need(flags, "key"),
    op: flags["op"] === undefined ? "update" : need(flags, "op"),
    fields: flags["fields"] === undefined ? {} : asJson(need(flags, "fields")),
    touch: flags["no-touch"] !== true,
    notify: flags["no-notify"] !== true,
  };
  return ["POST", "plant", { account: need(flags, "account"), edits: [edit] }];
}

function dials({ flags, words }: Asked): Call {
  if (words.length === 0) return ["GET", "dials"];
  const set = Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf("=");
      if (at < 1) throw new Error(`${word} is not NAME=VALUE`);
      return [word.slice(0, at), asJson(word.slice(at + 1))];
    }),
  );
  return ["POST", "dials", { ...pick(flags, { account: "account" }), dials: set }];
}

function fault({ flags }: Asked): Call {
  if (flags["clear"] === true) return ["DELETE", "faults"];
  const number = (name: string): JsonRecord => (flags[name] === undefined ? {} : { [name]: Number(need(flags, name)) });
  const body: JsonRecord = flags["body"] === undefined ? {} : { body: asJson(need(flags, "body")) };
  return [
    "POST",
    "faults",
    {
      ...pick(flags, { account: "account", from: "from", until: "until" }),
      match: pick(flags, { method: "method", path: "path" }),
      fault: { kind: need(flags, "kind"), ...number("status"), ...number("ms"), ...body },
      ...number("times"),
    },
  ];
}

type Call = [method: string, path: string, body?: JsonRecord];

async function onOne(args: string[], make: (asked: Asked) => Call): Promise<number> {
  const asked = ask(args);
  say(await call(addressOf(asked.flags), ...make(asked)));
  return 0;
}

async function onEach(args: string[], make: (asked: Asked) => Call): Promise<number> {
  const asked = ask(args);
  for (const [vendor, url] of Object.entries(addresses(asked.flags))) {
    say({ vendor, answer: await call(url, ...make(asked)) });
  }
  return 0;
}

function ask(args: string[]): Asked {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  return { flags: values, words: positionals };
}

function addresses(flags: Flags): Record<string, string> {
  if (typeof flags["url"] === "string") return { [String(flags["vendor"] ?? "vendor")]: flags["url"] };
  const all = findSimulators(typeof flags["data"] === "string" ? flags["data"] : ".plumbline/vendors");
  if (flags["vendor"] === undefined) return all;
  const vendor = need(flags, "vendor");
  const url = all[vendor];
  if (url === undefined) throw new Error(`${vendor} does not run; there are ${Object.keys(all).join(", ")}`);
  return { [vendor]: url };
}

function addressOf(flags: Flags): string {
  if (flags["url"] === undefined) need(flags, "vendor");
  const [url] = Object.values(addresses(flags));
  if (url === undefined) throw new Error("no simulator runs");
  return url;
}

async function recordsOf(flags: Flags): Promise<JsonRecord> {
  const query = new URLSearchParams({ account: need(flags, "account") });
  const state = await call(addressOf(flags), "GET", `state?${query.toString()}`);
  const records = isRecord(state) ? state["collections"] : undefined;
  if (!isRecord(records)) throw new Error("the simulator answered no state");
  return records;
}

async function call(url: string, method: string, path: string, body?: JsonRecord): Promise<Json> {
  const sent =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const reply = await fetch(`${url}/__control/${path}`, { method, ...sent });
  const answer = parseJson(await reply.text());
  if (!reply.ok || answer === undefined)
    throw new Error(`${method} ${path}: ${reply.status} ${JSON.stringify(answer)}`);
  return answer;
}

function need(flags: Flags, name: string): string {
  const value = flags[name];
  if (typeof value !== "string") throw new Error(`--${name} is needed`);
  return value;
}

function pick(flags: Flags, names: Record<string, string>): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const [flag, name] of Object.entries(names)) {
    const value = flags[flag];
    if (typeof value === "string") picked[name] = value;
  }
  return picked;
}

function asJson(word: string): Json {
  const parsed = parseJson(word);
  return parsed === undefined ? word : parsed;
}

function readDump(file: string): JsonRecord {
  const parsed = parseJson(readFileSync(file, "utf8"));
  if (!isRecord(parsed)) throw new Error(`${file} is no dump`);
  return parsed;
}

function say(answer: Json): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
