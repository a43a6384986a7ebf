import { existsSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a run leaves there, most of it tables of stacks that were played. */
const neededBytes = 2 * 1024 ** 3;

/**
 * What a run of the tests and its processes leave in the machine's folder for such things goes with the run. It lies in
 * memory where there is room: a table flushes each write to its disk, which no test asks for (none pulls the plug).
 */
export function setup(): () => void {
  const { TMPDIR } = process.env;
  const own = mkdtempSync(join(inMemory() ?? tmpdir(), "plumbline-tests-"));
  process.env["TMPDIR"] = own;
  return () => {
    if (TMPDIR === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = TMPDIR;
    rmSync(own, { recursive: true, force: true });
  };
}

function inMemory(): string | null {
  const folder = "/dev/shm";
  if (!existsSync(folder)) return null;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize >= neededBytes ? folder : null;
}
