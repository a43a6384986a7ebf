import { Failure, type FailureDetail } from "#shared/domain/failure.ts";
import type { BudgetLimits, ConnectionConfig } from "#shared/domain/policy.ts";
import { rememberText } from "#shared/domain/printed.ts";
import * as z from "#shared/domain/schema.ts";
import { addSeconds, instantMillis } from "#shared/domain/time.ts";
import { type BudgetStore, limitName, limitsOf, type WindowLength, windowAt, windowsOf } from "./budget.ts";
import { classifyCommon, jsonOf } from "./classify.ts";
import type { Answer, TokenSource, VendorHttp } from "./connector.ts";
import { problemsOf } from "./problems.ts";
import { queryText } from "./query.ts";
import { cut, redact, secretTexts } from "./redact.ts";
import { NoAnswer, transport as overTheWire, type Transport, type WireAnswer } from "./transport.ts";
import type { Purpose, VendorClient, VendorReply, VendorRequest } from "./vendor-client.ts";

export interface ClientParts {
  readonly connection: ConnectionConfig;
  readonly secret: unknown;
  readonly http: VendorHttp;
  readonly purpose: Purpose;
  readonly clock: { now(): Promise<string> };
  readonly budget: BudgetStore;
  /** Kept beside the connection, not made per client (tokens.ts). */
  readonly tokens: TokenSource;
  /** The whole request, connection included. Default 30 s; keep it under the function's own time-out. */
  readonly fetchTimeoutMs?: number;
  readonly transport?: Transport;
  /** Waits before a request that only the second's budget holds up. Default a timer. */
  readonly pause?: (milliseconds: number) => Promise<void>;
}

type AnyRequest = VendorRequest<z.ZodMiniType>;

const CONNECT_MS = 5_000;
const MAX_BYTES = 64 * 1024 * 1024;

/** A client of one connection. Everything that HTTP can do wrong becomes one Failure here, and nowhere else. */
export function createVendorClient(parts: ClientParts): VendorClient {
  const { connection, http } = parts;
  const limits = limitsOf(http.limits, connection.budget);
  const client: VendorClient = {
    connection,
    secret: parts.secret,
    purpose: parts.purpose,
    now: () => parts.clock.now(),
    async request(request) {
      try {
        return await exchange(parts, client, limits, request);
      } catch (cause) {
        // A token that ended before its time: the vendor took nothing, so even a write may be sent once more.
        const again = cause instanceof Failure && cause.detail.status === 401 && request.to !== "auth";
        if (!again || !parts.tokens.forget()) throw cause;
        return exchange(parts, client, limits, request);
      }
    },
  };
  return client;
}

async function exchange<Schema extends z.ZodMiniType>(
  parts: ClientParts,
  client: VendorClient,
  limits: BudgetLimits,
  request: VendorRequest<Schema>,
): Promise<VendorReply<z.infer<Schema>>> {
  const asked = request.to === "auth";
  const credentials = asked ? {} : await parts.http.authorise(client, parts.tokens);
  const ours = [...secretTexts(parts.secret), ...secretTexts(credentials).flatMap((text) => text.split(" "))];
  const secrets = [...ours, ...(request.secrets ?? []).filter((text) => text !== "")];
  if (!asked) await spend(parts, limits, request);
  const wire = await followed(parts, request, await send(parts, request, credentials));
  const answer: Answer = {
    operation: request.operation,
    status: wire.status,
    headers: wire.headers,
    body: request.expect === "bytes" && wire.status < 300 ? "" : new TextDecoder().decode(wire.body),
    writes: request.writes,
    now: await parts.clock.now(),
  };
  if (!asked) await noteUsage(parts, answer);
  const failed = (asked ? null : parts.http.classify(answer)) ?? classifyCommon(answer);
  if (failed) {
    const limited = failed.kind === "rate-limited" ? await limitedBy(parts, limits, failed, answer.now) : {};
    throw told(parts, failed, answer, secrets, limited);
  }
  const value = valueOf(request, wire, answer, (kind, message) =>
    told(parts, new Failure(kind, `${request.operation} ${message}`), answer, secrets, {}),
  );
  return { value, status: wire.status, headers: wire.headers, requestId: requestIdOf(wire.headers) };
}

/** Counts the request before it is sent. Throws `rate-limited` with the instant at which there is room again. */
async function spend(parts: ClientParts, limits: BudgetLimits, request: AnyRequest): Promise<void> {
  const { connection, purpose, clock, budget } = parts;
  for (let before = ""; ; ) {
    const now = await clock.now();
    const windows = windowsOf(limits, purpose, now);
    if (windows.length === 0) return;
    const taken = await budget.take(connection.id, windows, 1);
    if (taken.granted) return;
    const window = taken.window ?? windows.find((one) => one.endsAt === taken.retryAt)?.name;
    // A clock that stands still would never bring the next second.
    if (window === "second" && now !== before) {
      before = now;
      await (parts.pause ?? pause)(1000 - (instantMillis(now) % 1000));
      continue;
    }
    throw new Failure("rate-limited", `${request.operation} waits: the budget of ${connection.id} is spent`, {
      connection: connection.id,
      operation: request.operation,
      retryAt: taken.retryAt ?? addSeconds(now, 60),
      limit: limitName(window, limits),
    });
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function send(
  parts: ClientParts,
  request: AnyRequest,
  credentials: Readonly<Record<string, string>>,
): Promise<WireAnswer> {
  const { contentType, body } = bodyOf(request);
  try {
    return await (parts.transport ?? overTheWire)({
      method: request.method,
      url: `${targetOf(parts.connection, request)}${queryText(request.query)}`,
      headers: {
        accept: request.expect === "bytes" ? "*/*" : "application/json",
        "accept-encoding": "identity",
        "user-agent": "plumbline",
        ...(contentType === null ? {} : { "content-type": contentType }),
        ...(body === null ? {} : { "content-length": String(body.length) }),
        ...request.headers,
        ...credentials,
      },
      body,
      connectMs: Math.min(CONNECT_MS, parts.fetchTimeoutMs ?? CONNECT_MS),
      wholeMs: parts.fetchTimeoutMs ?? 30_000,
      maxBytes: MAX_BYTES,
      fresh: request.writes,
    });
  } catch (cause) {
    if (!(cause instanceof NoAnswer)) throw cause;
    const kind = request.writes && cause.sent ? "ambiguous" : "transient";
    const detail = { connection: parts.connection.id, operation: request.operation };
    throw new Failure(kind, `${request.operation} got no answer: ${cause.message}`, detail, { cause });
  }
}

const redirected = [301, 302, 303, 307, 308];

/** The bytes that a redirect names. Nothing of the connection goes along: whoever stores them is another host. */
async function followed(parts: ClientParts, request: AnyRequest, wire: WireAnswer): Promise<WireAnswer> {
  const { location } = wire.headers;
  if (request.redirects !== true || !redirected.includes(wire.status) || location === undefined) return wire;
  const from = parts.connection.baseUrl;
  const url = URL.canParse(location, from) ? new URL(location, from) : null;
  if (url === null || url.protocol !== new URL(from).protocol) return wire;
  const limits = { connectMs: CONNECT_MS, wholeMs: parts.fetchTimeoutMs ?? 30_000, maxBytes: MAX_BYTES, fresh: true };
  const headers = { accept: "*/*", "accept-encoding": "identity", "user-agent": "plumbline" };
  try {
    return await (parts.transport ?? overTheWire)({ method: "GET", url: url.href, headers, body: null, ...limits });
  } catch (cause) {
    if (!(cause instanceof NoAnswer)) throw cause;
    const detail = { connection: parts.connection.id, operation: request.operation };
    throw new Failure("transient", `${request.operation} got no answer: ${cause.message}`, detail, { cause });
  }
}

/** The URL without its query. Only the connection's own two addresses are ever called with its credentials. */
function targetOf(connection: ConnectionConfig, request: AnyRequest): string {
  if (request.to === "auth") {
    if (connection.authUrl) return connection.authUrl;
    throw new Failure("bad-input", `${connection.id} has no authUrl`, { connection: connection.id });
  }
  return `${connection.baseUrl.replace(/\/+$/, "")}${request.path}`;
}

function bodyOf(request: AnyRequest): { readonly contentType: string | null; readonly body: Uint8Array | null } {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  if (request.bytes) return { contentType: request.bytes.contentType, body: request.bytes.content };
  if (request.form) {
    const text = new URLSearchParams({ ...request.form }).toString();
    return { contentType: "application/x-www-form-urlencoded", body: encode(text) };
  }
  if (request.json === undefined) return { contentType: null, body: request.method === "GET" ? null : encode("") };
  return { contentType: "application/json", body: encode(JSON.stringify(request.json)) };
}

async function noteUsage(parts: ClientParts, answer: Answer): Promise<void> {
  const usage = parts.http.usage?.(answer.headers);
  if (!usage) return;
  const { startsAt } = windowAt(usage.window, answer.now, parts.connection.budget?.dayResets);
  const name = usage.window === "minute" ? usage.window : `${usage.window}-all`;
  await parts.budget.note(parts.connection.id, { name, startsAt }, usage.used, usage.limit);
}

/**
 * When a vendor's limit lets us go on, and whose use it was: the budget granted this request, so a limit that we count
 * ourselves was reached by others with the same key. Its window is then closed for everybody.
 */
async function limitedBy(
  parts: ClientParts,
  limits: BudgetLimits,
  failed: Failure,
  now: string,
): Promise<FailureDetail> {
  const counted: Readonly<Record<WindowLength, number | undefined>> = {
    second: limits.perSecond,
    minute: limits.perMinute,
    day: limits.perDay,
    month: limits.perMonth,
  };
  const length = lengths.find((one) => one === failed.detail.limit);
  if (!length) return { retryAt: failed.detail.retryAt ?? addSeconds(now, 60) };
  const window = windowAt(length, now, limits.dayResets);
  const limit = counted[length];
  if (limit !== undefined && (length === "day" || length === "month")) {
    await parts.budget.note(parts.connection.id, { name: `${length}-all`, startsAt: window.startsAt }, limit, limit);
  }
  return { retryAt: failed.detail.retryAt ?? window.endsAt, limit: limit === undefined ? length : "others" };
}

const lengths: readonly WindowLength[] = ["second", "minute", "day", "month"];

/** The failure with what a person needs to follow it, and without what nobody may read. */
function told(
  parts: ClientParts,
  failed: Failure,
  answer: Answer,
  secrets: readonly string[],
  more: FailureDetail,
): Failure {
  const requestId = requestIdOf(answer.headers);
  return new Failure(failed.kind, cut(redact(failed.message, secrets)), {
    connection: parts.connection.id,
    operation: answer.operation,
    status: answer.status,
    ...(requestId === null ? {} : { requestId }),
    body: cut(redact(answer.body, secrets)),
    ...failed.detail,
    ...more,
  });
}

/** What a good answer holds, in the shape its schema states; anything else proves nothing (law 3). */
function valueOf<Schema extends z.ZodMiniType>(
  request: VendorRequest<Schema>,
  wire: WireAnswer,
  answer: Answer,
  fail: (kind: "malformed" | "ambiguous", message: string) => Failure,
): z.infer<Schema> {
  const kind = request.writes ? "ambiguous" : "malformed";
  let value: unknown = wire.body;
  if (request.expect !== "bytes") {
    const type = wire.headers["content-type"] ?? "application/json";
    const empty = answer.body.trim() === "";
    if (!empty && !/json/i.test(type)) throw fail(kind, `answered ${wire.status} with ${type}, not JSON`);
    value = empty ? undefined : jsonOf(answer.body);
    if (!empty && value === undefined) throw fail(kind, `answered ${wire.status} with broken JSON`);
  }
  const parsed = z.safeParse(request.schema, value);
  if (!parsed.success) throw fail(kind, `answered ${wire.status} in another shape: ${problemsOf(parsed.error, value)}`);
  if (!request.writes && request.to !== "auth") rememberText(parsed.data, answer.body);
  return parsed.data;
}

const requestIds = ["x-request-id", "request-id", "x-correlation-id", "x-amzn-requestid", "x-amzn-trace-id", "cf-ray"];

function requestIdOf(headers: Readonly<Record<string, string>>): string | null {
  return requestIds.map((name) => headers[name]).find((value) => value !== undefined && value !== "") ?? null;
}
