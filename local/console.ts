import { randomBytes, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import { pageHeaders } from "#console/headers.ts";
import * as z from "#shared/domain/schema.ts";
import { type Answer, bodyOf } from "./aws/http-server.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

/** The page's files as they lie in console/; page.js is made from page.ts. */
export const pageFiles: Readonly<Record<string, string>> = {
  "index.html": "text/html; charset=utf-8",
  "style.css": "text/css; charset=utf-8",
  "parts.css": "text/css; charset=utf-8",
  "mark.svg": "image/svg+xml",
};

export function pageFile(name: string): string {
  return readFileSync(new URL(`../console/${name}`, import.meta.url), "utf8");
}

/** The page's code as one module, a third of a second's work. */
export async function pageScript(): Promise<string> {
  // Taken when it is needed: starting does not wait for it.
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["console/page.ts"],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2023",
    platform: "browser",
    write: false,
    logLevel: "warning",
  });
  return outputFiles[0]?.text ?? "";
}

const keySchema = z.object({ key: z.string() });

/**
 * Serves the page of console/ as a static host would, and one thing that no host has: whoever comes with the key of the
 * link that was printed at this machine is handed a token. The key is made anew at each start and never written down.
 */
export function consolePages(token: () => string | null): {
  readonly path: string;
  readonly key: string;
  readonly answer: Answer;
} {
  const path = "/console";
  const key = randomBytes(9).toString("base64url");
  // Made when the first browser asks, so that starting is not slower for it.
  let script: Promise<string> | null = null;
  const answer: Answer = async (request, response) => {
    const [asked = ""] = (request.url ?? "").split("?");
    for (const [name, value] of Object.entries(pageHeaders())) response.setHeader(name, value);
    response.setHeader("cache-control", "no-store");
    // Without the slash the page's own files would be looked for beside it.
    if (asked === path) return void response.writeHead(308, { location: `${path}/` }).end();
    if (asked === `${path}/token`) return hand(request, response, key, token);
    const name = asked === `${path}/` ? "index.html" : asked.slice(path.length + 1);
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (!asked.startsWith(`${path}/`) || !isRead) return refuse(response, 404);
    if (name === "page.js") {
      script ??= pageScript();
      return send(response, "text/javascript; charset=utf-8", await script);
    }
    const type = Object.hasOwn(pageFiles, name) ? pageFiles[name] : undefined;
    return type === undefined ? refuse(response, 404) : send(response, type, pageFile(name));
  };
  return { path, key, answer };
}

async function hand(
  request: IncomingMessage,
  response: ServerResponse,
  key: string,
  token: () => string | null,
): Promise<void> {
  // Only a page of this very origin can send this without being asked first, which nobody answers.
  if (request.method !== "POST" || request.headers["content-type"] !== "application/json") return refuse(response, 404);
  const body = await bodyOf(request, 1024);
  const said = z.safeParse(keySchema, body === undefined ? null : jsonOf(body));
  if (!said.success || !same(said.data.key, key)) return refuse(response, 403);
  const signed = token();
  if (signed === null) return refuse(response, 503);
  send(response, "application/json", JSON.stringify({ token: signed }));
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    throw cause;
  }
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function send(response: ServerResponse, type: string, text: string): void {
  response.writeHead(200, { "content-type": type, "content-length": Buffer.byteLength(text) }).end(text);
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ message: "no" }));
}
