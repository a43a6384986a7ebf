import { Worker } from "node:worker_threads";
import { readOptions } from "#local/launch/options.js";
import { type Case, cases, notExplored } from "./catalogue.ts";
import type { Answered, Asked } from "./lane.ts";

/** Explores the small worlds as deep as asked, two at a time, and prints what was seen and what was not. */
const { depth, three, faults, limit, only } = readOptions("worlds", process.argv.slice(2)).texts;
const lanes = 2;

const started = performance.now();
const asked = cases.flatMap((one, place): Asked[] => {
  if (only !== undefined && !one.name.includes(only)) return [];
  return [{ place, events: eventsOf(one), faults: Number(faults), limit: Number(limit) }];
});
const answers = await explored(asked);
const sum = (count: (one: Answered) => number): number => answers.reduce((all, one) => all + count(one), 0);
const [states, situations, left] = [sum((one) => one.states), sum((one) => one.situations), sum((one) => one.left)];
const failures = sum((one) => one.failures.length);
const names = new Set(asked.flatMap(({ place }) => cases[place]?.classes.map((one) => one.name) ?? []));
const seconds = ((performance.now() - started) / 1000).toFixed(0);
process.stdout.write(
  `${answers.length} worlds of ${names.size} classes of systems, ${states} states (${situations} for the rules), ${failures} broken promises, ${left} states not gone on from, ${seconds} s\n`,
);
process.stdout.write(`Classes: ${[...names].sort().join(", ")}.\nNot explored: ${notExplored.join("; ")}.\n`);
process.exitCode = failures === 0 && left === 0 ? 0 : 1;

function eventsOf(one: Case): number {
  return Number(one.classes.length > 2 ? three : depth);
}

/** Each lane takes the next world when it is done with one; told in the order of the catalogue. */
async function explored(all: readonly Asked[]): Promise<readonly Answered[]> {
  const found = new Map<number, Answered>();
  const waiting = [...all];
  let told = 0;
  const tellWhatIsDone = (): void => {
    for (let next = all[told]; next && found.has(next.place); next = all[told]) {
      const answer = found.get(next.place);
      if (answer) tell(answer, next);
      told++;
    }
  };
  await Promise.all(
    Array.from({ length: Math.min(lanes, all.length) }, async () => {
      // The largest worlds hold some millions of states.
      const worker = new Worker(new URL("./lane.ts", import.meta.url), {
        resourceLimits: { maxOldGenerationSizeMb: 8192 },
      });
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const answer = await answerOf(worker, next);
        found.set(answer.place, answer);
        tellWhatIsDone();
      }
      await worker.terminate();
    }),
  );
  return all.flatMap(({ place }) => found.get(place) ?? []);
}

function answerOf(worker: Worker, asks: Asked): Promise<Answered> {
  return new Promise((resolve, reject) => {
    worker.removeAllListeners();
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.postMessage(asks);
  });
}

function tell(found: Answered, { events }: Asked): void {
  const rest = found.left > 0 ? `, ${found.left} states not gone on from` : "";
  process.stdout.write(
    `${cases[found.place]?.name}: ${events} events, ${found.states} states (${found.situations} for the rules), ${found.rests} at rest${rest} (${found.seconds.toFixed(1)} s)\n`,
  );
  for (const { why, path } of found.failures)
    process.stdout.write(`  BROKEN: ${why}\n${path.map((step) => `    ${step}\n`).join("")}`);
}
