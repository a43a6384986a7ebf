import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "#local/aws/stack.ts";
import * as z from "#shared/domain/schema.ts";
import type { CellStore } from "#shared/store/open.ts";
import type { Desk } from "./bookkeeper.ts";
import type { Demo, DemoAct } from "./demo.ts";
import type { Simulated } from "./simulated.ts";

export interface Played {
  /** Instants the clock stood at. */
  readonly jumps: number;
  readonly now: string;
}

export interface PlayParts {
  readonly stack: Stack;
  readonly simulated: Simulated;
  readonly cell: CellStore;
  readonly desk: Desk;
  readonly demo: Demo;
  readonly dataDir: string;
  readonly say: (line: string) => void;
}

/**
 * Plays the demo company's days. The clock stands still while anything is at work; when all is quiet it jumps to the
 * next thing that people planned or that is due, and stops after the last day.
 */
export async function play(parts: PlayParts): Promise<Played> {
  const { stack, simulated, cell, demo, dataDir, say } = parts;
  const acts = rememberedActs(demo, dataDir);
  const stood = await simulated.now();
  let now = stood > demo.start ? stood : demo.start;
  let jumps = 0;
  let day = "";
  await stack.setNow(now);
  let planned = await simulated.setNow(now);
  for (;;) {
    jumps++;
    let due = await settle(stack, cell, now);
    for (const act of acts.due(now)) {
      say(`  ${at(now, demo.zone)}  the bookkeeper: ${await parts.desk.act(act)}`);
      acts.done(act);
      due = await settle(stack, cell, now);
    }
    const today = at(now, demo.zone).slice(0, 10);
    if (today !== day) {
      day = today;
      say(`  ${day}  ${await parts.desk.summary()}`);
    }
    const next = [planned, due, acts.next()].filter((instant) => instant !== null).toSorted()[0];
    if (next === undefined || next > demo.end) break;
    now = next > now ? next : secondsLater(now, 1);
    await stack.setNow(now);
    planned = await simulated.setNow(now);
  }
  return { jumps, now };
}

/** Fires the schedules until nothing is due at this instant and every queue is empty; answers what is due next. */
async function settle(stack: Stack, cell: CellStore, now: string): Promise<string | null> {
  let next: string | null = null;
  for (let rounds = 0; rounds < 50; rounds++) {
    await stack.tick();
    await stack.idle();
    next = await cell.due.next();
    if (next === null || next > now) break;
  }
  return next;
}

function secondsLater(instant: string, seconds: number): string {
  return new Date(Date.parse(instant) + seconds * 1000).toISOString();
}

/** `2026-10-29 08:15` in the company's zone. */
export function at(instant: string, zone: string): string {
  const parts = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" });
  return parts.format(new Date(instant));
}

/** The script's acts, each done once even when the machine is killed in between: an act is safe to repeat. */
function rememberedActs(
  demo: Demo,
  dataDir: string,
): { due(now: string): readonly DemoAct[]; done(act: DemoAct): void; next(): string | null } {
  const file = join(dataDir, "acts.json");
  const done = new Set<string>(
    existsSync(file) ? z.array(z.string()).parse(JSON.parse(readFileSync(file, "utf8"))) : [],
  );
  const name = (act: DemoAct): string => JSON.stringify([act.at, act.act, act.story, act.match ?? null]);
  const open = (): readonly DemoAct[] => demo.script.filter((act) => !done.has(name(act)));
  return {
    due: (now) => open().filter((act) => act.at <= now),
    done: (act) => {
      done.add(name(act));
      writeFileSync(file, JSON.stringify([...done]));
    },
    next: () =>
      open()
        .map((act) => act.at)
        .toSorted()[0] ?? null,
  };
}
