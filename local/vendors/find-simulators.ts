import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord, parseJson, textOf } from "./kit/json.ts";

const fileOf = (dataDir: string) => join(dataDir, "simulators.json");

/** Leaves the addresses of the running simulators in the data folder, for commands in another terminal. */
export function rememberSimulators(dataDir: string, urls: Record<string, string>): void {
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(fileOf(dataDir), `${JSON.stringify({ pid: process.pid, urls })}\n`);
}

export function forgetSimulators(dataDir: string): void {
  rmSync(fileOf(dataDir), { force: true });
}

/** The addresses by vendor; throws a sentence for the terminal when none run on this folder. */
export function findSimulators(dataDir: string): Record<string, string> {
  const file = fileOf(dataDir);
  if (!existsSync(file))
    throw new Error(`No simulators run on ${dataDir}; give --data, or --url with the vendor's address.`);
  const found = parseJson(readFileSync(file, "utf8"));
  const urls = isRecord(found) ? found["urls"] : undefined;
  if (!isRecord(urls)) throw new Error(`${file} is not readable`);
  return Object.fromEntries(Object.entries(urls).map(([vendor, url]) => [vendor, textOf(url)]));
}

/** Two processes on one log would tear it: throws when simulators of this folder still answer. */
export async function refuseIfRunning(dataDir: string): Promise<void> {
  if (!existsSync(fileOf(dataDir))) return;
  const [url] = Object.values(findSimulators(dataDir));
  if (url !== undefined && (await answers(url))) throw new Error(`Simulators already run on ${dataDir}, at ${url}.`);
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/__control/clock`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch (error) {
    // Nobody listens there any more: the file was left behind by a kill.
    if (error instanceof TypeError || (error instanceof DOMException && error.name === "TimeoutError")) return false;
    throw error;
  }
}
