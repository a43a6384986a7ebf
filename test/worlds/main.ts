import { readOptions } from "#local/launch/options.js";
import { exploreCase, threeSystems, twoSystems } from "./catalogue.ts";

/** Explores the small worlds as deep as asked and prints what was seen and what was not. */
const { depth, three, faults, limit: most, only } = readOptions("worlds", process.argv.slice(2)).texts;
const limit = Number(most);
let [states, failures, left, classes] = [0, 0, 0, 0];
for (const [cases, events] of [
  [twoSystems, Number(depth)],
  [threeSystems, Number(three)],
] as const) {
  for (const one of cases) {
    if (only !== undefined && !one.name.includes(only)) continue;
    const started = performance.now();
    const found = exploreCase(one, { events, faults: Number(faults) }, limit);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    [states, left, classes] = [states + found.states, left + found.left, classes + 1];
    const rest = found.left > 0 ? `, ${found.left} states not gone on from` : "";
    process.stdout.write(
      `${one.name}: ${events} events, ${found.states} states, ${found.rests} at rest, depth ${found.longest}${rest} (${seconds} s)\n`,
    );
    if (found.failure) {
      failures++;
      process.stdout.write(
        `  BROKEN: ${found.failure.why}\n${found.failure.path.map((step) => `    ${step}\n`).join("")}`,
      );
    }
  }
}
process.stdout.write(
  `${classes} worlds, ${states} states, ${failures} broken promises, ${left} states not gone on from. Not explored: first sight in disagreement, unknown words, a third field, more than one late reading at a time.\n`,
);
process.exitCode = failures === 0 ? 0 : 1;
