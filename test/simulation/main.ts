import { readOptions } from "#local/launch/options.js";
import { faultsOf } from "./checks.ts";
import { allDefects } from "./defects.ts";
import { runSeed } from "./run.ts";
import { mostLeft, newTally, notCrashed, note, shareLeft, tallyLines } from "./tally.ts";

/** `npm run simulate -- --seeds 1000` runs many seeds; `--seed N --trace` tells one of them call by call. */
const { flags, texts: values } = readOptions("simulate", process.argv.slice(2));
const defect = allDefects.find((name) => name === values["defect"]) ?? null;
if (values["defect"] !== undefined && defect === null) {
  process.stderr.write(
    `no defect ${values["defect"]}; there are:\n${allDefects.map((name) => `  ${name}\n`).join("")}`,
  );
  process.exit(2);
}
const first = Number(values["seed"] ?? values["from"]);
const count = values["seed"] === undefined ? Number(values["seeds"]) : 1;
const tally = newTally();
const trace = flags.has("trace") ? (line: string): void => void process.stdout.write(`${line}\n`) : undefined;
for (let seed = first; seed < first + count; seed++) {
  const ran = await runSeed({ seed, defect, ...(trace ? { trace } : {}) });
  const twin = ran.script.kind === "c" ? await runSeed({ seed, faultless: true }) : null;
  const wrong = await faultsOf(ran, twin);
  await note(tally, ran, wrong.length > 0);
  if (wrong.length > 0)
    process.stdout.write(`seed ${seed} (kind ${ran.script.kind}):\n${wrong.map((one) => `  ${one}\n`).join("")}`);
}
process.stdout.write(`${tallyLines(tally).join("\n")}\n`);
// Of a few jobs one is many.
const tooManyLeft = tally.compared.jobs >= 200 && shareLeft(tally) > mostLeft;
if (tooManyLeft) process.stdout.write(`more than ${mostLeft * 100} % of the jobs were compared with nothing\n`);
const portsMissed = tally.seeds >= 1000 && notCrashed(tally).length > 0;
process.exitCode = tally.failed > 0 || tooManyLeft || portsMissed ? 1 : 0;
