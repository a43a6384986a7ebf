import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a run of the tests and its processes leave in the machine's folder for such things goes with the run. */
export function setup(): () => void {
  const { TMPDIR } = process.env;
  const own = mkdtempSync(join(tmpdir(), "plumbline-tests-"));
  process.env["TMPDIR"] = own;
  return () => {
    if (TMPDIR === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = TMPDIR;
    rmSync(own, { recursive: true, force: true });
  };
}
