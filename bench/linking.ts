import { performance } from "node:perf_hooks";
import { generate } from "#test/scale/generate.ts";
import { linkAll } from "#test/scale/link-all.ts";
import { type Measured, measure } from "#test/scale/measure.ts";
import { linkingWorld } from "#test/support/linking-world.ts";
import type { Figure } from "./table.ts";

/** Floors: no automatic link wrong, nine of ten true links made or proposed, at most one record in twenty before a person. */
export const linkingFloors = { wrong: 0, found: 0.9, inReview: 0.05 } as const;

/** Links a company of this many jobs in four systems without common keys, and says how well and in how many seconds. */
export async function measureLinking(jobs: number, seed: number): Promise<Measured & { readonly seconds: number }> {
  const scale = generate(jobs, seed);
  const { ports, company } = linkingWorld();
  const began = performance.now();
  const linked = await linkAll(scale, ports, company);
  return { ...measure(scale, linked), seconds: Math.round(performance.now() - began) / 1000 };
}

/** The floors at a size that takes seconds; `node bench/linking.ts 20000` is the whole measure. */
export async function linkingFigures(): Promise<readonly Figure[]> {
  const { jobs, records, wrong, found, inReview } = await measureLinking(1_000, 1);
  const of = `${jobs} jobs, ${records} records`;
  const zero = { floor: 0, target: null };
  return [
    { what: `${of}: links made that are wrong`, measured: wrong, ...zero, unit: "links", most: linkingFloors.wrong },
    {
      what: "true links neither made nor proposed",
      measured: percent(1 - found),
      ...zero,
      unit: "%",
      most: percent(1 - linkingFloors.found),
    },
    {
      what: "jobs that wait for a person",
      measured: percent(inReview),
      ...zero,
      unit: "%",
      most: percent(linkingFloors.inReview),
    },
  ];
}

const percent = (share: number): number => Math.round(share * 10_000) / 100;

if (import.meta.main) {
  const found = await measureLinking(Number(process.argv[2] ?? 20_000), Number(process.argv[3] ?? 1));
  process.stdout.write(`${JSON.stringify(found)}\n`);
  const { wrong, found: share, inReview } = found;
  const holds = wrong <= linkingFloors.wrong && share >= linkingFloors.found && inReview <= linkingFloors.inReview;
  process.exitCode = holds ? 0 : 1;
}
