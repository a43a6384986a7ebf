import { buildDemo } from "#local/demo/build.ts";
import { readOptions } from "#local/launch/options.js";
import { check } from "#test/oracle/check.ts";
import { oracleOf } from "#test/oracle/oracle.ts";
import { seenJobs } from "./asked.ts";
import { begin, playedRun } from "./run.ts";
import { vendorLogs } from "./started.ts";

/** How often something was asked or handed on depends on the machine's speed; what came of it does not. */
const counts = new Set(["seconds", "jumps", "inbound", "outbound", "vendorRequests"]);

/**
 * `npm run stories`: other demo companies (amounts, words, people, order and days shuffled by a seed) played on the
 * stack of separate processes, each held against the oracle; and the first of them twice, which must end the same.
 */
process.exitCode = await main();

async function main(): Promise<number> {
  const { seeds, from: first } = readOptions("stories", process.argv.slice(2)).texts;
  const from = Number(first);
  const closings: string[] = [];
  let differing = 0;
  for (const seed of [from, ...Array.from({ length: Number(seeds) }, (_, at) => from + at)]) {
    const { differences, closing, seconds } = await played(seed);
    if (seed === from) closings.push(closing);
    differing += differences.length;
    say(`seed ${seed}: ${differences.length === 0 ? "as the oracle says" : "differs"}, ${seconds} s`);
    for (const line of differences) say(`  ${line}`);
  }
  const [once, twice] = closings;
  const same = once === twice;
  say(same ? `seed ${from} twice: the same closing numbers` : `seed ${from} twice:\n  ${once}\n  ${twice}`);
  return differing === 0 && same ? 0 : 1;
}

async function played(seed: number): Promise<{ differences: string[]; closing: string; seconds: unknown }> {
  const begun = begin(["--json", "--seed", String(seed)]);
  try {
    const { final, jobs, dataDir } = await playedRun(begun);
    const differences = check(oracleOf(buildDemo({ seed })), final, vendorLogs(dataDir), seenJobs(jobs));
    const closing = JSON.stringify(Object.entries(final).filter(([name]) => !counts.has(name)));
    return { differences, closing, seconds: final["seconds"] };
  } finally {
    await begun.end();
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
