import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Ended, plumbline } from "#cli/plumbline.ts";
import * as z from "#shared/domain/schema.ts";
import type { DeskCompany } from "./desk-company.ts";

/** The command line over a company: its stack stands in a data folder of its own. */
export interface DeskTerminal {
  readonly desk: DeskCompany;
  readonly data: string;
  /** Runs `plumbline` with these words. */
  run(...words: string[]): Promise<Ended>;
  /** Writes a file into the data folder; gives its path. */
  file(name: string, text: string): string;
  close(): Promise<void>;
}

const claimsSchema = z.object({ sub: z.string(), company: z.string(), role: z.string() });

/** The command line against a real HTTP server that hands requests to operate, and a stack.json as the local stack writes it. */
export async function deskTerminal(desk: DeskCompany): Promise<DeskTerminal> {
  const data = mkdtempSync(join(tmpdir(), "plumbline-cli-"));
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const [, body = ""] = (request.headers.authorization ?? "").split(".");
      const { company, role } = claimsSchema.parse(JSON.parse(Buffer.from(body, "base64url").toString()));
      const text = Buffer.concat(chunks).toString();
      const sent: unknown = text === "" ? undefined : JSON.parse(text);
      const path = (request.url ?? "").split("/").slice(3).join("/");
      void desk.ask(request.method ?? "", path, { body: sent, role, company }).then((reply) => {
        response.writeHead(reply.status, { "content-type": "application/json" }).end(JSON.stringify(reply.json));
      });
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const keyFile = join(data, "token-key.pem");
  writeFileSync(keyFile, privateKey.export({ type: "pkcs8", format: "pem" }));
  const token = { keyFile, keyId: "k", issuer: "https://identity.example.com/", audience: "plumbline" };
  writeFileSync(join(data, "stack.json"), JSON.stringify({ apiUrl: `http://127.0.0.1:${port}`, token }));
  writeFileSync(join(data, "secrets.json"), JSON.stringify({ "plumbline/ridgeline/office": {} }));
  return {
    desk,
    data,
    run: (...words) => plumbline([...words, "--data", data]),
    file: (name, text) => {
      writeFileSync(join(data, name), text);
      return join(data, name);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      rmSync(data, { recursive: true, force: true });
    },
  };
}
