import type { z } from "zod/mini";
import { accountBody, clockBody, dialsBody, faultBody, loadBody, plantBody, webhookBody } from "./control-bodies.ts";
import { dialFault, kitDials } from "./dials.ts";
import type { Control } from "./entry.ts";
import { isRecord, type Json, type JsonRecord, sameJson } from "./json.ts";
import { type AskedEdit, plantEdits } from "./plant.ts";
import { record, type Simulator } from "./simulator.ts";
import { nextInstant, setClock } from "./timeline.ts";
import type { Reply, VendorRequest } from "./vendor.ts";
import { type Account, type Fault, type Webhook, worldNow } from "./world.ts";

/** Thrown for a control request that cannot be taken; answered as 400. */
class Unusable extends Error {}

type Answer = Json | Promise<Json>;

const table: Record<string, (sim: Simulator, request: VendorRequest) => Answer> = {
  "GET clock": (sim) => ({ now: worldNow(sim.world), next: nextInstant(sim) }),
  "PUT clock": (sim, request) => setClock(sim, toIso(read(clockBody, request.body).now)),
  "POST accounts": putAccount,
  "POST load": load,
  "POST plant": plant,
  "GET state": (sim, request) => describeState(sim, request.query.get("account")),
  "GET log": describeLog,
  "GET requests": (sim) => Object.fromEntries(sim.usage),
  "POST faults": addFault,
  "DELETE faults": (sim) => {
    control(sim, null, "faults-cleared", { faultsCleared: true }, sim.world.faults.length > 0);
    return { cleared: true };
  },
  "POST dials": setDials,
  "GET dials": (sim) => ({ ...sim.vendor.dials, ...kitDials }),
  "POST webhooks": putWebhook,
};

/** Answers the control API; `request.path` is what follows `/__control/`. */
export async function answerControl(sim: Simulator, request: VendorRequest): Promise<Reply> {
  const route = table[`${request.method} ${request.path}`];
  if (!route)
    return { status: 404, body: { error: `no control ${request.method} ${request.path}`, known: Object.keys(table) } };
  try {
    return { status: 200, body: await route(sim, request) };
  } catch (error) {
    if (error instanceof Unusable) return { status: 400, body: { error: error.message } };
    throw error;
  }
}

function read<T>(schema: { safeParse(value: unknown): z.core.util.SafeParseResult<T> }, body: Json | undefined): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new Unusable(parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; "));
}

function toIso(text: string): string {
  return new Date(Date.parse(text)).toISOString();
}

function find(sim: Simulator, id: string): Account {
  const account = sim.world.accounts.get(id);
  if (!account) throw new Unusable(`no account ${id}`);
  return account;
}

function control(sim: Simulator, account: string | null, operation: string, what: Control, effect = true): void {
  record(sim, { account, kind: "control", operation, control: what, effect, answered: true });
}

function putAccount(sim: Simulator, request: VendorRequest): Json {
  const { id, credentials, settings = {} } = read(accountBody, request.body);
  const old = sim.world.accounts.get(id);
  const known = old !== undefined && sameJson(old.credentials, credentials) && sameJson(old.settings, settings);
  if (!known) control(sim, id, "account", { account: { id, credentials, settings } });
  return { id, known };
}

function load(sim: Simulator, request: VendorRequest): Json {
  const { account, collections } = read(loadBody, request.body);
  find(sim, account);
  const byKey: Record<string, Record<string, JsonRecord>> = {};
  for (const [name, records] of Object.entries(collections)) {
    const sheet = sim.vendor.collections[name];
    if (!sheet) throw new Unusable(`no collection ${name}`);
    const list = Array.isArray(records) ? records : Object.values(records);
    byKey[name] = Object.fromEntries(list.map((item) => [keyOf(item, name, sheet.key), item]));
  }
  record(sim, { account, kind: "load", operation: "load", collections: byKey, effect: true, answered: true });
  return {
    loaded: Object.fromEntries(Object.entries(byKey).map(([name, records]) => [name, Object.keys(records).length])),
  };
}

function keyOf(item: JsonRecord, collection: string, field: string): string {
  const key = item[field];
  if (typeof key !== "string" && typeof key !== "number")
    throw new Unusable(`a record of ${collection} needs ${field}`);
  return String(key);
}

function plant(sim: Simulator, request: VendorRequest): Json {
  const { account, edits } = read(plantBody, request.body);
  const now = worldNow(sim.world);
  const asked = edits.map((edit): AskedEdit => {
    if (!sim.vendor.collections[edit.collection]) throw new Unusable(`no collection ${edit.collection}`);
    return {
      at: edit.at === undefined ? now : toIso(edit.at),
      collection: edit.collection,
      key: String(edit.key),
      op: edit.op,
      fields: edit.fields ?? {},
      touch: edit.touch ?? true,
      notify: edit.notify ?? true,
      label: edit.label ?? null,
    };
  });
  return plantEdits(sim, find(sim, account), asked);
}

function addFault(sim: Simulator, request: VendorRequest): Json {
  const asked = read(faultBody, request.body);
  const fault: Fault = {
    id: `fault-${sim.world.faultCount + 1}`,
    account: asked.account ?? null,
    method: asked.match?.method ?? null,
    path: asked.match?.path ?? null,
    kind: asked.fault.kind,
    status: asked.fault.status ?? null,
    body: asked.fault.body ?? null,
    headers: asked.fault.headers ?? {},
    ms: asked.fault.ms ?? null,
    left: asked.times ?? null,
    from: asked.from ?? null,
    until: asked.until ?? null,
  };
  control(sim, null, "fault", { fault });
  return { id: fault.id };
}

function setDials(sim: Simulator, request: VendorRequest): Json {
  const { account, dials } = read(dialsBody, request.body);
  if (account !== undefined) find(sim, account);
  for (const [name, value] of Object.entries(dials)) {
    const problem = dialFault(sim.vendor.dials, name, value);
    if (problem !== undefined) throw new Unusable(problem);
  }
  control(sim, account ?? null, "dials", { dials });
  return { dials };
}

function putWebhook(sim: Simulator, request: VendorRequest): Json {
  const asked = read(webhookBody, request.body);
  const account = find(sim, asked.account);
  if (!sim.vendor.webhooks) throw new Unusable(`${sim.vendor.id} has no webhooks`);
  const old = account.webhooks.find((hook) => hook.url === asked.url);
  const webhook: Webhook = {
    id: old?.id ?? `webhook-${account.webhooks.length + 1}`,
    url: asked.url,
    secret: asked.secret,
    events: asked.events ?? null,
    enabled: asked.enabled ?? true,
    failures: 0,
  };
  if (!sameJson({ ...webhook }, old ? { ...old } : null)) control(sim, account.id, "webhook", { webhook });
  return { id: webhook.id };
}

function describeState(sim: Simulator, id: string | null): Json {
  if (id !== null) return describeAccount(sim, find(sim, id));
  return {
    now: worldNow(sim.world),
    accounts: [...sim.world.accounts.values()].map((account) => describeAccount(sim, account)),
  };
}

function describeAccount(sim: Simulator, account: Account): Json {
  const collections: Record<string, Record<string, JsonRecord>> = {};
  for (const [name, records] of account.collections) collections[name] = Object.fromEntries(records);
  return plain({
    account: account.id,
    now: worldNow(sim.world),
    settings: account.settings,
    collections,
    dials: { ...sim.world.dials, ...account.dials },
    counters: account.counters,
    webhooks: account.webhooks,
    pendingEdits: account.edits,
    pendingDeliveries: [...account.outbox.values()],
    faults: sim.world.faults.filter((fault) => fault.account === null || fault.account === account.id),
  });
}

function describeLog(sim: Simulator, request: VendorRequest): Json {
  const account = request.query.get("account");
  const from = Number(request.query.get("from") ?? 0);
  if (!Number.isInteger(from)) throw new Unusable("from takes a whole number");
  const entries = sim.log.entries.filter(
    (entry) => entry.seq >= from && (account === null || entry.account === account),
  );
  return plain({ entries });
}

/** A value of plain data as JSON: optional fields that are undefined fall away. */
function plain(value: object): JsonRecord {
  const copy: unknown = JSON.parse(JSON.stringify(value));
  if (!isRecord(copy)) throw new Error("plain data expected");
  return copy;
}
