import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RecordName } from "#local/demo/demo.ts";
import type { Api } from "#shared/replies/api.ts";
import { type AskedJob, apiOn, everyJob, keyOf } from "./asked.ts";
import { type Started, startSystem } from "./started.ts";

/** The demo played to its end on a stack that stays up, and what was asked of it then. */
export interface Run {
  readonly system: Started;
  readonly dataDir: string;
  readonly api: Api;
  /** The closing numbers. */
  readonly final: Readonly<Record<string, unknown>>;
  readonly jobs: readonly AskedJob[];
  /** The job that holds this record. Throws when none does. */
  jobOf(record: RecordName): AskedJob;
}

/** A system that starts on a data folder of its own, and goes with it. */
export interface Begun {
  readonly system: Started;
  readonly dataDir: string;
  end(): Promise<void>;
}

export function begin(options: readonly string[]): Begun {
  const dataDir = mkdtempSync(join(tmpdir(), "plumbline-stories-"));
  const system = startSystem([...options, "--fresh", "--data", dataDir]);
  return {
    system,
    dataDir,
    async end() {
      await system.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Waits for the closing numbers, and asks for every job. */
export async function playedRun({ system, dataDir }: Begun): Promise<Run> {
  const final = await system.closing();
  const api = apiOn(dataDir);
  const jobs = await everyJob(api);
  return {
    system,
    dataDir,
    api,
    final,
    jobs,
    jobOf(record) {
      const found = jobs.find((job) => job.records.some((one) => one.record === keyOf(record)));
      if (!found) throw new Error(`no job holds ${keyOf(record)}`);
      return found;
    },
  };
}
