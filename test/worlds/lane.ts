import { parentPort } from "node:worker_threads";
import { cases, exploreCase } from "./catalogue.ts";
import type { Explored } from "./explore.ts";

/** What a lane is asked: the place of a world in the catalogue, and how far to go. */
export interface Asked {
  readonly place: number;
  readonly events: number;
  readonly faults: number;
  readonly limit: number;
}

/** What it answers; `seconds` are the processor's. */
export interface Answered extends Explored {
  readonly place: number;
  readonly seconds: number;
}

parentPort?.on("message", ({ place, events, faults, limit }: Asked) => {
  const one = cases[place];
  if (!one) throw new Error(`no world ${place}`);
  const before = process.threadCpuUsage();
  const found = exploreCase(one, { events, faults }, limit);
  const { user, system } = process.threadCpuUsage(before);
  parentPort?.postMessage({ ...found, place, seconds: (user + system) / 1e6 } satisfies Answered);
});
