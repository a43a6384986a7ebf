import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import http from "node:http";
import https from "node:https";
import { SignatureV4 } from "@smithy/signature-v4";
import { Failure } from "#shared/domain/failure.ts";

/** Where AWS is and who asks: what both the SDK's clients and the signed calls are made from. */
export interface AwsAccess {
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** Address of a service where it is not AWS's own (`AWS_ENDPOINT_URL_S3` and so on). */
  readonly endpoints: Readonly<Partial<Record<AwsService | "sqs" | "dynamodb", string>>>;
}

/** The services that are asked without a client of the SDK: three operations in all (docs/decisions-ground.md). */
export type AwsService = "s3" | "secretsmanager";

export interface AwsRequest {
  readonly service: AwsService;
  readonly method: "GET" | "POST" | "PUT";
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface AwsCall {
  readonly access: AwsAccess;
  /** The body of a 2xx answer. */
  send(request: AwsRequest): Promise<string>;
}

/** Host of a service in a region, `s3.us-east-1.amazonaws.com`; China's regions have a suffix of their own (AWS, "Service endpoints"). */
export function serviceHost(service: AwsService, region: string): string {
  return `${service}.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
}

/** What a service answered that was no success. */
export class AwsError extends Error {
  override readonly name = "AwsError";
  readonly status: number;
  /** The service's name for it, `NoSuchKey` or `ResourceNotFoundException`. */
  readonly code: string;
  readonly body: string;

  constructor(status: number, code: string, message: string, body: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.body = body;
  }
}

const attempts = 4;
const throttled = /Throttl|SlowDown|RequestLimit/;
const timeoutMs = 10_000;

/**
 * Signed HTTP calls with the SDK's own signer. Repeats what the service or the network failed at, and throttling; throws
 * AwsError for anything else that is not 2xx, Failure `transient` where nothing answered.
 */
export function signedCalls(access: AwsAccess): AwsCall {
  const agents = { "http:": new http.Agent({ keepAlive: true }), "https:": new https.Agent({ keepAlive: true }) };
  const send = async (request: AwsRequest): Promise<string> => {
    for (let attempt = 1; ; attempt++) {
      const answer = await once(access, agents, request);
      if (answer instanceof Error) {
        if (attempt >= attempts) {
          throw new Failure("transient", `${request.service} did not answer: ${answer.message}`, {}, { cause: answer });
        }
      } else if (answer.status < 300) {
        return answer.body;
      } else {
        const code = codeIn(answer.body);
        const repeat = answer.status >= 500 || answer.status === 429 || throttled.test(code);
        if (!repeat || attempt >= attempts) {
          throw new AwsError(answer.status, code, `${request.service} answered ${answer.status} ${code}`, answer.body);
        }
      }
      await new Promise((done) => setTimeout(done, 50 * 2 ** attempt * (0.5 + Math.random())));
    }
  };
  return { access, send };
}

type Agents = { readonly "http:": http.Agent; readonly "https:": https.Agent };

/** The answer whatever its status, or the error that kept it from coming. */
async function once(
  access: AwsAccess,
  agents: Agents,
  request: AwsRequest,
): Promise<{ readonly status: number; readonly body: string } | Error> {
  const { url } = request;
  const signer = new SignatureV4({
    service: request.service,
    region: access.region,
    credentials: access.credentials,
    sha256: NodeSha256,
    uriEscapePath: request.service !== "s3",
  });
  const signed = await signer.sign({
    method: request.method,
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: { ...request.headers, host: url.host },
    body: request.body ?? "",
  });
  const secure = url.protocol === "https:";
  return new Promise((done) => {
    const options = {
      method: request.method,
      headers: { ...signed.headers, "content-length": String(Buffer.byteLength(request.body ?? "")) },
      agent: agents[secure ? "https:" : "http:"],
      timeout: timeoutMs,
    };
    const outgoing = (secure ? https : http).request(url, options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", done);
      incoming.on("end", () =>
        done({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") }),
      );
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    outgoing.on("error", done);
    outgoing.end(request.body);
  });
}

/** `NoSuchKey` of S3's XML, `ResourceNotFoundException` of the JSON services' `__type`. */
function codeIn(body: string): string {
  const xml = /<Code>([^<]+)<\/Code>/.exec(body)?.[1];
  const json = /"__type"\s*:\s*"(?:[^"#]*#)?([^"]+)"/.exec(body)?.[1];
  return xml ?? json ?? "";
}

/** SHA-256, with a key HMAC, in the shape the SDK's signer asks for. */
class NodeSha256 {
  readonly #hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytesOf(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {
    throw new Error("the signer never resets a hash");
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === "string") return Buffer.from(data, "utf8");
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data);
}
