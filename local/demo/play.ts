import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
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
  let due: string | null = null;
  await stack.setNow(now);
  let planned = await simulated.setNow(now);
  for (;;) {
    jumps++;
    due = await settle(stack, cell, now, due);
    for (const act of acts.due(now)) {
      const before = acts.begin(act);
      say(`  ${at(now, demo.zone)}  the bookkeeper: ${await parts.desk.act(act, before)}`);
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

/** More rounds than any instant needs: what is still due then makes itself due again and would never rest. */
const mostRounds = 50;

/**
 * Fires the schedules until nothing is due at this instant and every queue is empty; answers what is due next. Where
 * `due` is known to lie ahead, nothing is fired for what people did until it makes something due.
 */
export async function settle(
  stack: Stack,
  cell: CellStore,
  now: string,
  due: string | null = null,
): Promise<string | null> {
  let next = due;
  for (let rounds = 0; rounds < mostRounds; rounds++) {
    if (next === null || next <= now) await stack.tick();
    await stack.idle();
    next = await cell.due.next();
    if (next === null || next > now) return next;
  }
  throw new Error(`not at rest at ${now}: something was still due after ${mostRounds} rounds of the schedules`);
}

function secondsLater(instant: string, seconds: number): string {
  return new Date(Date.parse(instant) + seconds * 1000).toISOString();
}

/** `2026-10-29 08:15` in the company's zone. */
export function at(instant: string, zone: string): string {
  const parts = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" });
  return parts.format(new Date(instant));
}

const rememberedSchema = z.object({ begun: z.array(z.string()), done: z.array(z.string()) });

/** The script's acts, each done once, also when the machine is killed in between. */
function rememberedActs(
  demo: Demo,
  dataDir: string,
): {
  due(now: string): readonly DemoAct[];
  /** Answers whether it was begun before: by a machine that was killed before it could note what came of it. */
  begin(act: DemoAct): boolean;
  done(act: DemoAct): void;
  next(): string | null;
} {
  const file = join(dataDir, "acts.json");
  const kept = existsSync(file)
    ? rememberedSchema.parse(JSON.parse(readFileSync(file, "utf8")))
    : { begun: [], done: [] };
  const begun = new Set(kept.begun);
  const done = new Set(kept.done);
  const keep = (): void => {
    writeFileSync(`${file}.new`, JSON.stringify({ begun: [...begun], done: [...done] }));
    renameSync(`${file}.new`, file);
  };
  const name = (act: DemoAct): string => JSON.stringify([act.at, act.act, act.story, act.match ?? null]);
  const open = (): readonly DemoAct[] => demo.script.filter((act) => !done.has(name(act)));
  return {
    due: (now) => open().filter((act) => act.at <= now),
    begin(act) {
      const before = begun.has(name(act));
      begun.add(name(act));
      keep();
      return before;
    },
    done(act) {
      done.add(name(act));
      keep();
    },
    next: () =>
      open()
        .map((act) => act.at)
        .toSorted()[0] ?? null,
  };
}
