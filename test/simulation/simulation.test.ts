import { expect, test } from "vitest";
import { faultsOf } from "./checks.ts";
import { runSeed } from "./run.ts";
import { mostLeft, neverHit, newTally, note, shareLeft, tallyLines } from "./tally.ts";

const seeds = 60;

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
  expect(shareLeft(tally)).toBeLessThanOrEqual(mostLeft);
  expect(tally.kindD / tally.seeds).toBeGreaterThanOrEqual(0.3);
  // One booking and one sweep in a few runs: the many seeds of `npm run simulate` reach them.
  expect(neverHit(tally).filter((port) => port !== "st.write" && port !== "queues.sweeps")).toEqual([]);
}, 120_000);

test("a seed tells the same story every time", async () => {
  const told = async (): Promise<readonly string[]> => {
    const lines: string[] = [];
    await runSeed({ seed: 3, trace: (line) => lines.push(line) });
    return lines;
  };
  expect(await told()).toEqual(await told());
});
