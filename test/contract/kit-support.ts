import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";
import type { VendorHttp } from "#shared/connectors/connector.ts";
import * as z from "#shared/domain/schema.ts";
import { type ClientOptions, clientFor, connectionFor } from "./support.ts";

export type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
});

export async function vendor(handler: Handler): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += String(chunk);
    });
    request.on("end", () => handler(request, response, body));
  });
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/api`, server };
}

export const json = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void => {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
};

export const plain: VendorHttp = {
  authorise: async () => ({ authorization: "Bearer very-secret-key" }),
  classify: () => null,
};

export const client = (url: string, options: Partial<ClientOptions> = {}, http: VendorHttp = plain) =>
  clientFor({ http }, { connection: connectionFor("acme", url), secret: { key: "very-secret-key" }, ...options });

export const ok = z.looseObject({ ok: z.literal(true) });
export const read = { operation: "getThing", method: "GET", path: "/thing", schema: ok, writes: false } as const;
export const write = {
  operation: "putThing",
  method: "PUT",
  path: "/thing",
  json: { a: 1 },
  schema: ok,
  writes: true,
} as const;
