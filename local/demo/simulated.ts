import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import * as z from "#shared/domain/schema.ts";
import type { Demo, DemoEdit, VendorName } from "./demo.ts";
import { vendorNames } from "./demo.ts";
import { filledMarker, wasFilled } from "./resume.ts";

/** The four simulated vendors in a process of their own, driven through their control API. */
export interface Simulated {
  readonly urls: Readonly<Record<VendorName, string>>;
  /** Moves every vendor's clock; people's edits and webhooks until then happen. Answers when the next is planned. */
  setNow(instant: string): Promise<string | null>;
  now(): Promise<string>;
  requests(): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
}

const readySchema = z.object({ ready: z.literal(true), urls: z.record(z.string(), z.string()) });
const clockSchema = z.looseObject({ next: z.nullable(z.string()) });
const nowSchema = z.looseObject({ now: z.string() });
const requestsSchema = z.record(z.string(), z.looseObject({ total: z.number() }));

/** Starts the simulators on a data folder; what was done there before is there again. */
export async function startSimulated(dataDir: string, seed: number): Promise<Simulated> {
  mkdirSync(dataDir, { recursive: true });
  const main = fileURLToPath(new URL("../vendors/main.ts", import.meta.url));
  const child = spawn(process.execPath, [main, "--data", dataDir, "--seed", String(seed)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const urls = await ready(child);
  const setNow = async (instant: string): Promise<string | null> => {
    let earliest: string | null = null;
    for (const vendor of vendorNames) {
      const { next } = clockSchema.parse(await control(urls[vendor], "PUT", "clock", { now: instant }));
      if (next !== null && (earliest === null || next < earliest)) earliest = next;
    }
    return earliest;
  };
  return {
    urls,
    setNow,
    async now() {
      const all = await Promise.all(
        vendorNames.map(async (vendor) => nowSchema.parse(await control(urls[vendor], "GET", "clock")).now),
      );
      return all.toSorted()[all.length - 1] ?? "";
    },
    async requests() {
      const counts: Record<string, number> = {};
      for (const vendor of vendorNames) {
        const byAccount = requestsSchema.parse(await control(urls[vendor], "GET", "requests"));
        for (const [account, { total }] of Object.entries(byAccount)) counts[account] = total;
      }
      return counts;
    },
    close: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once("exit", () => resolve());
        child.kill("SIGTERM");
      }),
  };
}

function ready(child: ChildProcess): Promise<Record<VendorName, string>> {
  return new Promise((resolve, reject) => {
    if (!child.stdout) return reject(new Error("the simulators have no standard output"));
    child.once("exit", (code) => reject(new Error(`the simulators ended with ${code} before they were ready`)));
    createInterface({ input: child.stdout }).once("line", (line) => {
      const { urls } = readySchema.parse(JSON.parse(line));
      resolve(
        Object.fromEntries(vendorNames.map((vendor) => [vendor, urls[vendor] ?? ""])) as Record<VendorName, string>,
      );
    });
  });
}

/** One call of a simulator's control API. Throws on anything but a 2xx answer. */
export async function control(url: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${url}/__control/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} of ${url}: ${response.status} ${text.slice(0, 300)}`);
  const parsed: unknown = text === "" ? null : JSON.parse(text);
  return parsed;
}

/** Fills empty simulators with the demo company; on a folder that was filled before, only what moves with the process is said again. */
export async function fillSimulated(simulated: Simulated, demo: Demo, dataDir: string, apiUrl: string): Promise<void> {
  const fresh = !wasFilled(dataDir);
  for (const vendor of vendorNames) {
    const url = simulated.urls[vendor];
    if (fresh) {
      // Filling that was cut short is done again from its beginning; faults alone would add up.
      await control(url, "DELETE", "faults");
      for (const account of demo.accounts[vendor]) await control(url, "POST", "accounts", account);
      await control(url, "PUT", "clock", { now: demo.start });
      for (const load of demo.load[vendor]) await control(url, "POST", "load", load);
      for (const [account, edits] of Map.groupBy(demo.edits[vendor], (edit) => edit.account))
        await control(url, "POST", "plant", { account, edits: edits.map(withoutAccount) });
      for (const dials of demo.dials[vendor]) await control(url, "POST", "dials", dials);
      for (const fault of demo.faults[vendor]) await control(url, "POST", "faults", fault);
    }
    for (const webhook of demo.webhooks[vendor])
      await control(url, "POST", "webhooks", { ...webhook, url: webhook.url.replace("{{api}}", apiUrl) });
  }
  if (fresh) writeFileSync(join(dataDir, filledMarker), "");
}

function withoutAccount(edit: DemoEdit): Omit<DemoEdit, "account"> {
  const { account: _account, ...rest } = edit;
  return { ...rest };
}
