import { expect, test } from "vitest";
import { allPorts } from "./aimed.ts";
import { faultsOf } from "./checks.ts";
import { runSeed } from "./run.ts";
import { mostLeft, neverHit, newTally, note, shareLeft, tallyLines } from "./tally.ts";

const seeds = 60;

/** The machine throws its own switch in one run of sixty, a person takes a link back in ten: many seeds reach them. */
const tooRare = ["control.stop", "jobs.loadMany"];

test(`${seeds} seeds of the whole system hold every law, whatever crashes, repeats or comes late`, async () => {
  const tally = newTally();
  for (let seed = 1; seed <= seeds; seed++) {
    const ran = await runSeed({ seed });
    const twin = ran.script.kind === "c" ? await runSeed({ seed, faultless: true }) : null;
    const wrong = await faultsOf(ran, twin);
    expect(wrong, `npm run simulate -- --seed ${seed} --trace`).toEqual([]);
    await note(tally, ran, false);
  }
  process.stdout.write(`${tallyLines(tally).join("\n")}\n`);
  expect(tally.compared.runs).toBe(tally.seeds - tally.kindD);
  // Of so few jobs one or two more are no sign.
  expect(shareLeft(tally)).toBeLessThanOrEqual(2 * mostLeft);
  expect([tally.money.payments, tally.money.amounts].map((count) => count > 0)).toEqual([true, true]);
  expect(tally.kindD / tally.seeds).toBeGreaterThanOrEqual(0.3);
  expect([...tally.ports].filter((port) => !allPorts.some((known) => known === port))).toEqual([]);
  expect(neverHit(tally).filter((port) => !tooRare.includes(port))).toEqual([]);
}, 300_000);

test("a seed tells the same story every time", async () => {
  const told = async (): Promise<readonly string[]> => {
    const lines: string[] = [];
    await runSeed({ seed: 3, trace: (line) => lines.push(line) });
    return lines;
  };
  expect(await told()).toEqual(await told());
});
