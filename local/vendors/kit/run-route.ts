import { deliveriesFor } from "./outbox.ts";
import { dialsOf, record, type Simulator } from "./simulator.ts";
import { openStore } from "./store.ts";
import { entryExtras, withConsequences } from "./timeline.ts";
import { type Context, type OpenContext, Refusal, type Reply, type Route } from "./vendor.ts";
import type { Account } from "./world.ts";

/**
 * Runs one authenticated request to its reply. A write that is accepted (2xx) is in the log before this returns;
 * a refused one leaves nothing. `hidden`: the caller will not see the reply.
 */
export function runRoute(
  sim: Simulator,
  open: OpenContext,
  account: Account,
  route: Route | undefined,
  hidden: boolean,
): Reply {
  const store = openStore(sim.vendor, account, { now: open.now, seed: sim.world.seed, seq: sim.world.seq + 1 });
  const context: Context = {
    ...open,
    account,
    dials: dialsOf(sim, account),
    store,
    meter: (name, window, by = 1) => countMeter(sim, account, `${name}/${window}`, by),
  };
  const refused = sim.vendor.admit?.(context, route);
  const reply = refused ?? decide(sim, context, route);
  const accepted = refused === undefined && route !== undefined && reply.status < 300;
  if (accepted && writes(route)) logWrite(sim, context, route, { reply, hidden });
  return { ...reply, headers: { ...sim.vendor.headers?.(context), ...reply.headers } };
}

function countMeter(sim: Simulator, account: Account, name: string, by: number): number {
  const key = `${account.id}/${name}`;
  const count = (sim.meters.get(key) ?? 0) + by;
  sim.meters.set(key, count);
  return count;
}

function writes(route: Route): boolean {
  return route.writes ?? (route.method !== "GET" && route.method !== "HEAD");
}

function decide(sim: Simulator, context: Context, route: Route | undefined): Reply {
  if (!route) return sim.vendor.replies.notFound(context.request);
  const isText = context.request.text !== "" && context.request.body === undefined;
  if (isText && writes(route) && !route.anyBody) {
    return sim.vendor.replies.badBody(context.request);
  }
  try {
    return route.handle(context);
  } catch (error) {
    if (error instanceof Refusal) return error.reply;
    throw error;
  }
}

function logWrite(sim: Simulator, context: Context, route: Route, result: { reply: Reply; hidden: boolean }): void {
  const { account, request, store, now } = context;
  const changes = withConsequences(sim, account, store, { now, source: "write" });
  const outbox = deliveriesFor(sim, account, changes, { at: now, source: "write" });
  const [first, ...also] = changes;
  record(sim, {
    at: now,
    account: account.id,
    kind: "write",
    operation: route.operation,
    method: request.method,
    path: request.path,
    ...(request.body === undefined ? {} : { body: request.body }),
    status: result.reply.status,
    ...first,
    ...(also.length > 0 ? { also } : {}),
    ...entryExtras(account, store, outbox),
    ...(result.reply.webhook ? { webhook: result.reply.webhook } : {}),
    effect: changes.length > 0 || result.reply.webhook !== undefined,
    answered: !result.hidden,
  });
}
