import type { IncomingMessage, RequestOptions } from "node:http";

// Taken this way and not imported: the ESM face of node:http reads its lazy getters and so loads all of undici.
const http = process.getBuiltinModule("node:http");
const https = process.getBuiltinModule("node:https");

/** One request on the wire. Times in milliseconds, sizes in bytes. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
  readonly connectMs: number;
  readonly wholeMs: number;
  readonly maxBytes: number;
  /** A connection of its own: a kept one that the vendor has just closed would leave a write without an answer. */
  readonly fresh: boolean;
}

export interface WireAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Resolves with whatever the vendor answered; rejects with NoAnswer. */
export type Transport = (request: WireRequest) => Promise<WireAnswer>;

/** There was no whole answer. `sent`: the connection stood, so the vendor may have taken the request. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
  readonly sent: boolean;

  constructor(message: string, sent: boolean, options?: ErrorOptions) {
    super(message, options);
    this.sent = sent;
  }
}

const kept = {
  "http:": new http.Agent({ keepAlive: true, maxSockets: 32 }),
  "https:": new https.Agent({ keepAlive: true, maxSockets: 32 }),
};

/** HTTP over node:http and node:https with kept connections; never follows a redirect, never decodes. */
export const transport: Transport = async (wire) => {
  try {
    return await attempt(wire);
  } catch (cause) {
    // A kept connection that the vendor had already closed: nothing was taken, and a read may be sent again anyway.
    if (cause instanceof StaleConnection) return attempt({ ...wire, fresh: true });
    throw cause;
  }
};

class StaleConnection extends NoAnswer {}

function attempt(wire: WireRequest): Promise<WireAnswer> {
  const url = new URL(wire.url);
  const secure = url.protocol === "https:";
  const options: RequestOptions = {
    method: wire.method,
    headers: wire.headers,
    agent: wire.fresh ? false : secure ? kept["https:"] : kept["http:"],
  };
  return new Promise((resolve, reject) => {
    let sent = false;
    const request = secure ? https.request(url, options) : http.request(url, options);
    const connecting = setTimeout(() => fail(`no connection within ${wire.connectMs} ms`), wire.connectMs);
    const waiting = setTimeout(() => fail(`no answer within ${wire.wholeMs} ms`), wire.wholeMs);
    const settle = (): void => {
      clearTimeout(connecting);
      clearTimeout(waiting);
    };
    const fail = (message: string, cause?: unknown): void => {
      settle();
      const stale = request.reusedSocket && !wire.fresh && codeOf(cause) === "ECONNRESET";
      reject(new (stale ? StaleConnection : NoAnswer)(message, sent, { cause }));
      request.destroy();
    };
    const connected = (): void => {
      sent = true;
      clearTimeout(connecting);
    };
    request.on("socket", (socket) => {
      if (request.reusedSocket) connected();
      else socket.once(secure ? "secureConnect" : "connect", connected);
    });
    request.on("error", (cause) => fail(codeOf(cause) ?? cause.message, cause));
    request.on("response", (response) => {
      collect(response, wire.maxBytes).then((body) => {
        settle();
        resolve({ status: response.statusCode ?? 0, headers: flat(response), body });
      }, fail1);
    });
    const fail1 = (cause: unknown): void => fail(cause instanceof Error ? cause.message : String(cause));
    request.end(wire.body ?? undefined);
  });
}

/** The whole body, or an error when it was cut short or is larger than allowed. */
function collect(response: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    response.on("data", (chunk: Uint8Array) => {
      size += chunk.length;
      if (size > maxBytes) reject(new Error(`the answer is larger than ${maxBytes} bytes`));
      else chunks.push(chunk);
    });
    response.on("end", () => (response.complete ? resolve(Buffer.concat(chunks)) : reject(new Error(CUT))));
    response.on("error", (cause) => reject(new Error(CUT, { cause })));
    response.on("close", () => reject(new Error(CUT)));
  });
}

const CUT = "the answer was cut short";

function flat(response: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return headers;
}

function codeOf(cause: unknown): string | null {
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : null;
}
