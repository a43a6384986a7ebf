import type { IncomingMessage, ServerResponse } from "node:http";
import { type ListedObject, type ObjectFiles } from "./object-files.ts";

const keptHeaders = ["content-type", "content-encoding", "cache-control", "content-disposition", "content-language"];
const largestPage = 1000;

interface Request {
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/**
 * S3's PutObject, GetObject, HeadObject, DeleteObject and ListObjectsV2 over files, path style or bucket.localhost; anything
 * else answers NotImplemented. Buckets are the template's: another name answers NoSuchBucket.
 */
export async function answerObject(
  files: ObjectFiles,
  buckets: ReadonlySet<string>,
  incoming: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<void> {
  const request = requestOf(incoming, body);
  response.setHeader("x-amz-request-id", "LOCAL");
  if (!buckets.has(request.bucket))
    return failure(response, 404, "NoSuchBucket", "The specified bucket does not exist");
  const operation = `${request.method} ${request.key === "" ? "bucket" : "object"}`;
  switch (operation) {
    case "PUT object":
      return put(files, request, response);
    case "GET object":
    case "HEAD object":
      return get(files, request, response);
    case "DELETE object":
      await files.remove(request.bucket, request.key);
      response.writeHead(204).end();
      return;
    case "HEAD bucket":
      response.writeHead(200).end();
      return;
    case "GET bucket":
      if (request.query.get("list-type") === "2") return list(files, request, response);
  }
  failure(response, 501, "NotImplemented", `${operation} is not emulated`);
}

function requestOf(incoming: IncomingMessage, body: Buffer): Request {
  const host = (incoming.headers.host ?? "").split(":")[0] ?? "";
  const url = new URL(incoming.url ?? "/", "http://local");
  const virtual = /^(.+)\.localhost$/.exec(host)?.[1];
  const path = (incoming.url ?? "/").split("?")[0]?.slice(1) ?? "";
  const slash = path.indexOf("/");
  const bucket = virtual ?? (slash < 0 ? path : path.slice(0, slash));
  const key = virtual ? path : slash < 0 ? "" : path.slice(slash + 1);
  return {
    method: incoming.method ?? "GET",
    bucket,
    key: decodeURIComponent(key),
    query: url.searchParams,
    headers: incoming.headers,
    body: unchunked(incoming.headers, body),
  };
}

async function put(files: ObjectFiles, request: Request, response: ServerResponse): Promise<void> {
  if (request.headers["x-amz-copy-source"]) return failure(response, 501, "NotImplemented", "copies are not emulated");
  if (request.headers["if-none-match"] === "*" && files.has(request.bucket, request.key)) {
    return failure(
      response,
      412,
      "PreconditionFailed",
      "At least one of the pre-conditions you specified did not hold",
    );
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value !== "string") continue;
    if (keptHeaders.includes(name) || name.startsWith("x-amz-meta-")) headers[name] = value;
  }
  const encoding = headers["content-encoding"]?.replace(/\s*aws-chunked\s*,?\s*/, "");
  if (encoding) headers["content-encoding"] = encoding;
  else delete headers["content-encoding"];
  const etag = await files.put(request.bucket, request.key, request.body, headers);
  response.writeHead(200, { etag }).end();
}

async function get(files: ObjectFiles, request: Request, response: ServerResponse): Promise<void> {
  const found = await files.get(request.bucket, request.key);
  if (!found) {
    if (request.method === "HEAD") response.writeHead(404).end();
    else failure(response, 404, "NoSuchKey", "The specified key does not exist.", request.key);
    return;
  }
  response.writeHead(200, {
    "content-type": "binary/octet-stream",
    ...found.headers,
    "content-length": found.body.length,
    etag: found.etag,
    "last-modified": found.modified.toUTCString(),
    "accept-ranges": "bytes",
  });
  response.end(request.method === "HEAD" ? undefined : found.body);
}

async function list(files: ObjectFiles, request: Request, response: ServerResponse): Promise<void> {
  const { query } = request;
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const token = query.get("continuation-token");
  const after = token ? Buffer.from(token, "base64url").toString("utf8") : (query.get("start-after") ?? "");
  const limit = Math.min(Number(query.get("max-keys") ?? largestPage), largestPage);
  const contents: ListedObject[] = [];
  const groups = new Set<string>();
  let last = "";
  let truncated = false;
  for (const object of await files.list(request.bucket, prefix)) {
    const end = delimiter ? object.key.indexOf(delimiter, prefix.length) : -1;
    const group = end < 0 ? undefined : object.key.slice(0, end + delimiter.length);
    const place = group ?? object.key;
    if (Buffer.compare(Buffer.from(place), Buffer.from(after)) <= 0 || (group && groups.has(group))) continue;
    if (contents.length + groups.size >= limit) {
      truncated = true;
      break;
    }
    if (group) groups.add(group);
    else contents.push(object);
    last = place;
  }
  const shown = (value: string): string =>
    xml(query.get("encoding-type") === "url" ? encodeURIComponent(value) : value);
  const body = [
    `<Name>${xml(request.bucket)}</Name><Prefix>${shown(prefix)}</Prefix><MaxKeys>${limit}</MaxKeys>`,
    `<KeyCount>${contents.length + groups.size}</KeyCount><IsTruncated>${truncated}</IsTruncated>`,
    truncated ? `<NextContinuationToken>${Buffer.from(last).toString("base64url")}</NextContinuationToken>` : "",
    ...contents.map(
      ({ key, size, etag, modified }) =>
        `<Contents><Key>${shown(key)}</Key><LastModified>${modified.toISOString()}</LastModified>` +
        `<ETag>${xml(etag)}</ETag><Size>${size}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
    ),
    ...[...groups].map((group) => `<CommonPrefixes><Prefix>${shown(group)}</Prefix></CommonPrefixes>`),
  ].join("");
  sendXml(
    response,
    200,
    `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${body}</ListBucketResult>`,
  );
}

/** The SDK sends streams as signed chunks (`size;signature CRLF bytes CRLF`) with trailers; the object is the bytes alone. */
function unchunked(headers: IncomingMessage["headers"], body: Buffer): Buffer {
  if (!String(headers["x-amz-content-sha256"] ?? "").startsWith("STREAMING-")) return body;
  const chunks: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const line = body.indexOf("\r\n", at);
    const size = Number.parseInt(body.toString("latin1", at, line), 16);
    if (line < 0 || !(size > 0)) break;
    chunks.push(body.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
  return Buffer.concat(chunks);
}

function failure(response: ServerResponse, status: number, code: string, message: string, key?: string): void {
  const where = key === undefined ? "" : `<Key>${xml(key)}</Key>`;
  sendXml(
    response,
    status,
    `<Error><Code>${code}</Code><Message>${xml(message)}</Message>${where}<RequestId>LOCAL</RequestId></Error>`,
  );
}

function sendXml(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-type": "application/xml" });
  response.end(`<?xml version="1.0" encoding="UTF-8"?>\n${body}`);
}

function xml(value: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&apos;",
  };
  return value.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
