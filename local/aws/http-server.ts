import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

export interface LocalServer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/**
 * Listens on loopback; port 0 takes a free one. A taken port is one clear line. What an answer throws is reported to
 * `failed` and answered with status 500, never left hanging.
 */
export async function listen(
  answer: Answer,
  port = 0,
  failed: (error: unknown) => void = () => undefined,
): Promise<LocalServer> {
  const server: Server = createServer((request, response) => {
    new Promise<void>((done) => done(answer(request, response))).catch((error: unknown) => {
      failed(error);
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { "content-type": "application/json" }).end('{"message":"Internal Server Error"}');
    });
  });
  // Clients keep connections open between calls that may be minutes apart on the demo's clock.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  await new Promise<void>((done, refuse) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      refuse(
        error.code === "EADDRINUSE"
          ? new Error(`port ${port} is already in use on 127.0.0.1: stop what uses it, or choose another`)
          : error,
      ),
    );
    server.listen(port, "127.0.0.1", done);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** The body byte for byte; undefined when it is longer than `limit` bytes (the rest is read and dropped). */
export async function bodyOf(request: IncomingMessage, limit = Number.POSITIVE_INFINITY): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    length += bytes.length;
    if (length <= limit) chunks.push(bytes);
  }
  return length > limit ? undefined : Buffer.concat(chunks);
}
