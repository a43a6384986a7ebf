import { Failure } from "#shared/domain/failure.ts";
import * as z from "#shared/domain/schema.ts";
import type { OperationRow } from "../connector.ts";
import { checkedInput } from "../problems.ts";
import { withoutSecrets } from "../secret-places.ts";
import type { VendorClient, VendorReply, VendorRequest } from "../vendor-client.ts";
import { multipart } from "./attachments.ts";
import { optional } from "./inputs.ts";
import { pathIn } from "./settings.ts";

const pairs = z.array(z.strictObject({ key: z.string().check(z.minLength(1)), value: z.string() }));
/** Headers that would put other credentials, another host or another body in place of the client's. */
const reserved = [
  "authorization",
  "st-app-key",
  "host",
  "cookie",
  "content-length",
  "content-type",
  "transfer-encoding",
];

const input = z
  .strictObject({
    /** The module. */
    urlType: z.string().check(z.regex(/^[a-z][a-z-]*$/, "expected a module of the API, as jpm")),
    /** Path below the tenant; never a host. */
    url: z
      .string()
      .check(
        z.regex(
          /^(?:\/(?!\.{1,2}(?:\/|$))(?:[\w.~-]|%(?!2e|2f|5c)[\da-f]{2})+)+$/i,
          "expected a path only, as /jobs, without host or query",
        ),
      ),
    method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]),
    ...optional({
      data: z.json(),
      formData: pairs,
      /** Contents in base64. */
      fileData: pairs,
      fileDataFileNames: pairs,
      header: pairs.check(
        z.refine((list) => list.every(({ key }) => !reserved.includes(key.toLowerCase())), {
          message: `expected none of ${reserved.join(", ")}: they are the client's`,
        }),
      ),
      queryParameter: pairs,
      responseType: z.enum(["json", "text", "binary"]),
      /** Milliseconds. */
      timeout: z.int().check(z.minimum(1), z.maximum(100_000)),
      maxRetryCount: z.int().check(z.minimum(0), z.maximum(10)),
      retryDelayMS: z.int().check(z.minimum(0), z.maximum(60_000)),
      retryOnAllErrors: z.boolean(),
      useExponentialBackoff: z.boolean(),
      debugRequest: z.boolean(),
      /** What a method other than GET does, in the caller's words. Not sent; without it nothing but GET is. */
      effect: z.string().check(z.minLength(1)),
    }),
  })
  .check(
    z.refine((given) => given.method === "GET" || given.effect !== undefined, {
      path: ["effect"],
      message: "expected what this write does, in words: rawRequest only reads unless its effect is named",
    }),
    z.refine((given) => given.method !== "GET" || !(given.data !== undefined || given.formData || given.fileData), {
      path: ["data"],
      message: "expected no body with GET",
    }),
    z.refine((given) => given.data === undefined || (!given.formData && !given.fileData), {
      path: ["data"],
      message: "expected data, or formData and fileData, not both",
    }),
  );
type Input = z.output<typeof input>;

async function run(client: VendorClient, given: unknown): Promise<unknown> {
  const asked = checkedInput("rawRequest", input, given);
  const request = requestOf(client, asked);
  const { value } = await attempts(() => within(client.request(request), asked), asked);
  const shown = asked.responseType === "text" && value instanceof Uint8Array ? new TextDecoder().decode(value) : value;
  const reply = shown instanceof Uint8Array ? Buffer.from(shown) : shown;
  if (asked.debugRequest !== true) return reply;
  const { method, path, query } = request;
  return {
    value: reply,
    notices: [],
    request: { method, path, query: query ?? {}, body: withoutSecrets([], request.json ?? null) },
  };
}

function requestOf(client: VendorClient, asked: Input): VendorRequest<z.ZodMiniType> {
  const query = Object.fromEntries((asked.queryParameter ?? []).map(({ key, value }) => [key, value]));
  const headers = Object.fromEntries((asked.header ?? []).map(({ key, value }) => [key.toLowerCase(), value]));
  const names = new Map((asked.fileDataFileNames ?? []).map(({ key, value }) => [key, value]));
  const fields = (asked.formData ?? []).map(({ key, value }) => ({ name: key, content: Buffer.from(value) }));
  const files = (asked.fileData ?? []).map(({ key, value }) => ({
    name: key,
    content: Buffer.from(value, "base64"),
    fileName: names.get(key) ?? key,
  }));
  return {
    operation: "rawRequest",
    method: asked.method,
    path: pathIn(client.connection, asked.urlType, asked.url),
    query,
    headers,
    ...(asked.data === undefined ? {} : { json: asked.data }),
    ...(fields.length + files.length === 0 ? {} : { bytes: multipart([...fields, ...files]) }),
    expect: asked.responseType === "text" || asked.responseType === "binary" ? "bytes" : "json",
    schema: z.unknown(),
    writes: asked.method !== "GET",
  };
}

/** The caller's own limit. A write that it cuts off may have taken effect: `ambiguous`. */
async function within<Value>(answer: Promise<Value>, asked: Input): Promise<Value> {
  if (asked.timeout === undefined) return answer;
  let timer: NodeJS.Timeout | undefined;
  const cut = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const kind = asked.method === "GET" ? "transient" : "ambiguous";
      reject(new Failure(kind, `rawRequest got no answer in ${asked.timeout} ms`, { operation: "rawRequest" }));
    }, asked.timeout);
  });
  try {
    return await Promise.race([answer, cut]);
  } finally {
    clearTimeout(timer);
  }
}

/** Repeats as the document says, with one exception: what is not a GET is never repeated once it may have been taken. */
async function attempts(send: () => Promise<VendorReply<unknown>>, asked: Input): Promise<VendorReply<unknown>> {
  for (let tried = 0; ; tried += 1) {
    try {
      return await send();
    } catch (cause) {
      if (tried >= (asked.maxRetryCount ?? 0) || !worthAnother(cause, asked)) throw cause;
      const delay = asked.useExponentialBackoff ? 200 * 2 ** tried : (asked.retryDelayMS ?? 0);
      await new Promise((resolve) => setTimeout(resolve, delay));
    }
  }
}

function worthAnother(cause: unknown, asked: Input): boolean {
  if (!(cause instanceof Failure)) return false;
  if (cause.kind === "transient") return true;
  return asked.retryOnAllErrors === true && (asked.method === "GET" || cause.kind === "rate-limited");
}

/** Any path of the tenant's API, by the connection's own host and credentials. */
export const rawRequest = Object.assign((client: VendorClient, given: z.input<typeof input>) => run(client, given), {
  input,
  row: {
    key: "rawRequest",
    about:
      "Any path of one module; reads, and writes whose effect is named. Never repeats a write that may have been taken.",
    method: "GET",
    path: "/{urlType}/v2/tenant/{tenant}{url}",
    writes: true,
    // What it does is told in words only, so a person has to agree to it as to money.
    money: true,
    repeatable: false,
    notifies: "unknown",
    happened: "read the record that was named",
    source: "ServiceTitan component, rawRequest; its text of the base URL lacks /tenant/",
    input,
    run,
  } satisfies OperationRow,
});
