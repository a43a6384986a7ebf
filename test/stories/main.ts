import { buildDemo } from "#local/demo/build.ts";
import { readOptions } from "#local/launch/options.js";
import { check } from "#test/oracle/check.ts";
import { oracleOf } from "#test/oracle/oracle.ts";
import { seenJobs } from "./asked.ts";
import { begin, playedRun } from "./run.ts";
import { differencesOf, type End, endOf } from "./same-end.ts";
import { vendorLogs } from "./started.ts";

/**
 * `npm run stories`: other demo companies (amounts, words, people, order and days shuffled by a seed) played on the
 * stack of separate processes, each held against the oracle; and the first of them twice, which must end the same in
 * numbers, jobs, breaks and receipts.
 */
process.exitCode = await main();

async function main(): Promise<number> {
  const { seeds, from: first } = readOptions("stories", process.argv.slice(2)).texts;
  const from = Number(first);
  const ends: End[] = [];
  let differing = 0;
  for (const seed of [from, ...Array.from({ length: Number(seeds) }, (_, at) => from + at)]) {
    const { differences, end, seconds } = await played(seed);
    if (seed === from) ends.push(end);
    differing += differences.length;
    say(`seed ${seed}: ${differences.length === 0 ? "as the oracle says" : "differs"}, ${seconds} s`);
    for (const line of differences) say(`  ${line}`);
  }
  const [once, twice] = ends;
  const apart = once && twice ? differencesOf(once, twice) : ["it was not played twice"];
  say(`seed ${from} twice: ${apart.length === 0 ? "the same numbers, jobs, breaks and receipts" : "differs"}`);
  for (const line of apart) say(`  ${line}`);
  return differing === 0 && apart.length === 0 ? 0 : 1;
}

async function played(seed: number): Promise<{ differences: string[]; end: End; seconds: unknown }> {
  const begun = begin(["--json", "--seed", String(seed)]);
  try {
    const { final, jobs, dataDir } = await playedRun(begun);
    const differences = check(oracleOf(buildDemo({ seed })), final, vendorLogs(dataDir), seenJobs(jobs));
    return { differences, end: endOf(final, jobs), seconds: final["seconds"] };
  } finally {
    await begun.end();
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
