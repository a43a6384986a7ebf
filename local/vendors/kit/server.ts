import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { text as readText } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { answerControl } from "./control.ts";
import { actsBefore, hidesAnswer, matchFault } from "./faults.ts";
import { parseJson } from "./json.ts";
import { findRoute } from "./routing.ts";
import { runRoute } from "./run-route.ts";
import { countRequest, dialsOf, record, type Simulator } from "./simulator.ts";
import { pump } from "./timeline.ts";
import type { OpenContext, Reply, VendorRequest } from "./vendor.ts";
import { type Account, type Fault, worldNow } from "./world.ts";

const controlPath = "/__control/";

/** The vendor's HTTP server, not yet listening; its control API stands on the same port. */
export function createVendorServer(sim: Simulator): Server {
  return createServer((incoming, outgoing) => {
    answer(sim, incoming, outgoing).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      process.stderr.write(`${sim.vendor.id}: ${incoming.method} ${incoming.url}: ${message}\n`);
      if (outgoing.headersSent) outgoing.destroy();
      else send(outgoing, sim.vendor.replies.serverError(message));
    });
  });
}

async function answer(sim: Simulator, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const request = await readRequest(incoming);
  if (request.path.startsWith(controlPath)) {
    send(outgoing, await answerControl(sim, { ...request, path: request.path.slice(controlPath.length) }));
  } else await answerVendor(sim, request, outgoing);
  pump(sim);
}

async function readRequest(incoming: IncomingMessage): Promise<VendorRequest> {
  const text = await readText(incoming);
  const origin = `http://127.0.0.1:${incoming.socket.localPort ?? 0}`;
  const url = new URL(incoming.url ?? "/", origin);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  const method = (incoming.method ?? "GET").toUpperCase();
  return {
    method,
    path: url.pathname,
    query: url.searchParams,
    headers,
    text,
    body: parseJson(text),
    params: {},
    origin,
  };
}

async function answerVendor(sim: Simulator, request: VendorRequest, outgoing: ServerResponse): Promise<void> {
  const { vendor } = sim;
  const inside = request.path.startsWith(`${vendor.base}/`);
  const below = inside ? request.path.slice(vendor.base.length) : request.path;
  const routed = inside ? findRoute(vendor, request.method, below) : undefined;
  const asked: VendorRequest = { ...request, path: below, params: routed?.params ?? {} };
  const open: OpenContext = {
    request: asked,
    now: worldNow(sim.world),
    seed: sim.world.seed,
    accounts: sim.world.accounts,
    dialsOf: (account) => dialsOf(sim, account),
  };
  const route = routed?.route;
  const who = route?.open ? undefined : vendor.authenticate(open);
  const account = who && "account" in who ? who.account : undefined;
  const counted = route?.open ? route.asker?.(open) : account;
  const count = (status: string) => countRequest(sim, counted?.id ?? "-", route?.operation ?? "unknown", status);

  const fault = takeFault(sim, account, request);
  if (fault?.kind === "delay") await sleep(fault.ms ?? 1000);
  if (fault && actsBefore(fault)) return failBefore(fault, outgoing, count);
  const reply = decide(sim, open, { routed: route, who, hidden: hidesAnswer(fault) });
  await sendUnder(fault, reply, outgoing, count);
}

type Who = { account: Account } | { reply: Reply } | undefined;
type Decision = { routed: NonNullable<ReturnType<typeof findRoute>>["route"] | undefined; who: Who; hidden: boolean };

function decide(sim: Simulator, open: OpenContext, how: Decision): Reply {
  if (how.routed?.open) return how.routed.handle(open);
  if (how.who && "reply" in how.who) return how.who.reply;
  if (!how.who) return sim.vendor.replies.notFound(open.request);
  // A delay may have passed: the instant is read again.
  return runRoute(sim, { ...open, now: worldNow(sim.world) }, how.who.account, how.routed, how.hidden);
}

function takeFault(sim: Simulator, account: Account | undefined, request: VendorRequest): Fault | undefined {
  const { method, path } = request;
  const place = {
    account: account?.id ?? null,
    method,
    path,
    query: request.query.toString(),
    now: worldNow(sim.world),
  };
  const fault = matchFault(sim.world, place);
  if (fault && fault.left !== null) {
    const control = { faultUsed: fault.id };
    record(sim, { account: null, kind: "control", operation: "fault-used", control, effect: true, answered: true });
  }
  return fault;
}

function failBefore(fault: Fault, outgoing: ServerResponse, count: (status: string) => void): void {
  if (fault.kind === "reset-before") {
    count("none");
    outgoing.destroy();
    return;
  }
  const status = fault.status ?? (fault.kind === "html" ? 502 : 500);
  count(String(status));
  if (fault.kind === "html") {
    const page = typeof fault.body === "string" ? fault.body : "<html><body><h1>Bad gateway</h1></body></html>";
    outgoing.writeHead(status, { "content-type": "text/html", ...fault.headers }).end(page);
  } else send(outgoing, { status, headers: fault.headers, ...(fault.body === null ? {} : { body: fault.body }) });
}

async function sendUnder(
  fault: Fault | undefined,
  reply: Reply,
  outgoing: ServerResponse,
  count: (status: string) => void,
): Promise<void> {
  count(hidesAnswer(fault) ? "none" : String(reply.status));
  if (fault?.kind === "reset-after") outgoing.destroy();
  else if (fault?.kind === "timeout-after") {
    await sleep(fault.ms ?? 50);
    outgoing.destroy();
  } else if (fault?.kind === "truncate") sendHalf(outgoing, reply);
  else if (fault?.kind === "content-type") {
    send(outgoing, { ...reply, headers: { ...reply.headers, "content-type": "text/plain", ...fault.headers } });
  } else send(outgoing, reply);
}

function send(outgoing: ServerResponse, reply: Reply): void {
  if (reply.text !== undefined) {
    outgoing.writeHead(reply.status, { "content-type": "text/plain", ...reply.headers }).end(reply.text);
    return;
  }
  if (reply.body === undefined) {
    outgoing.writeHead(reply.status, { "content-length": "0", ...reply.headers }).end();
    return;
  }
  const text = JSON.stringify(reply.body);
  const headers = { "content-type": "application/json; charset=utf-8", "content-length": Buffer.byteLength(text) };
  outgoing.writeHead(reply.status, { ...headers, ...reply.headers }).end(text);
}

/** Promises the whole body, sends half of it and cuts the line. */
function sendHalf(outgoing: ServerResponse, reply: Reply): void {
  const text = Buffer.from(reply.body === undefined ? "{}" : JSON.stringify(reply.body));
  outgoing.writeHead(reply.status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": text.length,
  });
  outgoing.write(text.subarray(0, Math.floor(text.length / 2)), () => outgoing.destroy());
}
