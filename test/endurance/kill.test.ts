import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildDemo } from "#local/demo/build.ts";
import { firstDays } from "#local/demo/first-days.ts";
import { randomOf } from "#local/demo/random.ts";
import { check } from "#test/oracle/check.ts";
import { oracleOf } from "#test/oracle/oracle.ts";
import { type AskedJob, apiOn, everyJob, seenJobs } from "#test/stories/asked.ts";
import { type Started, startSystem, vendorLogs } from "#test/stories/started.ts";
import { follow, reaches } from "./progress.ts";

// Everything is killed at random moments, queues included, and started again on the same data folder each time.
// PLUMBLINE_KILLS=20 kills twenty times over all six days; PLUMBLINE_KILL_SEED chooses other moments.
const kills = Number(process.env["PLUMBLINE_KILLS"] ?? "3");
const seed = Number(process.env["PLUMBLINE_KILL_SEED"] ?? "1");
const days = kills > 3 ? 6 : 1;

const demo = days === 6 ? buildDemo({ seed: 1 }) : firstDays(buildDemo({ seed: 1 }), days);
const dataDir = mkdtempSync(join(tmpdir(), "plumbline-kill-"));
const options = ["--json", "--data", dataDir, "--days", String(days)];
const moments: string[] = [];
let system: Started | undefined;
let final: Readonly<Record<string, unknown>> = {};
let jobs: readonly AskedJob[] = [];

beforeAll(
  async () => {
    const random = randomOf(seed, "kills");
    for (let kill = 0; kill < kills; kill++) {
      system = startSystem(options);
      moments.push(await killedAtRandom(system, random, kill));
    }
    system = startSystem(options);
    final = await system.closing();
    jobs = await everyJob(apiOn(dataDir));
  },
  (kills + 3) * 150_000,
);

afterAll(async () => {
  await system?.stop();
  rmSync(dataDir, { recursive: true, force: true });
}, 60_000);

/**
 * Kills it after so many more lines in the vendors' logs, or, every third time, just when a vendor takes a write, should
 * one come before. The six days are some 2,600 lines: twenty kills fit into them wherever they fall.
 */
async function killedAtRandom(begun: Started, random: ReturnType<typeof randomOf>, kill: number): Promise<string> {
  const progress = follow(dataDir);
  const before = progress();
  const atWrite = kill % 3 === 1;
  // The first start is killed while it fills its vendors or reads them for the first time.
  const lines = random.int(5, kill === 0 ? 34 : days === 6 ? (atWrite ? 220 : 90) : 30);
  const pauseMs = random.int(0, 4000);
  const far = (): boolean => {
    const now = progress();
    return (atWrite && now.writes > before.writes) || now.lines >= before.lines + lines;
  };
  if (!(await reaches(begun, far)))
    throw new Error(`it came to its end before kill ${kill}:\n${begun.lines.slice(-10).join("\n")}`);
  const wrote = atWrite && progress().writes > before.writes;
  if (!wrote) await sleep(pauseMs);
  await begun.killEverything();
  return wrote ? "as a vendor took a write" : `${lines} lines and ${pauseMs} ms on`;
}

test(`killed ${kills} times at random moments, the run still came to its end`, () => {
  process.stdout.write(`killed: ${moments.join("; ")}\n`);
  expect(moments).toHaveLength(kills);
  expect(final["deadLettered"]).toBe(0);
});

test("no vendor was given a write twice, by the vendors' own logs", () => {
  const writes = vendorLogs(dataDir).filter(({ kind, effect }) => kind === "write" && effect);
  expect(writes.length).toBeGreaterThan(0);
  const texts = writes.map(({ account, operation, path, body }) => JSON.stringify([account, operation, path, body]));
  expect(texts.toSorted()).toEqual([...new Set(texts)].toSorted());
});

test("nothing was lost: the oracle finds no difference in numbers, jobs, breaks and writes", () => {
  expect(check(oracleOf(demo), final, vendorLogs(dataDir), seenJobs(jobs)), moments.join("; ")).toEqual([]);
});

test("every attempt has its outcome", () => {
  expect(jobs.flatMap((job) => job.attempts)).toEqual([]);
});
