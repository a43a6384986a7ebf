import type { Start } from "./explore.ts";
import { endless } from "./explore.ts";
import { type Past, remember, settledPast } from "./past.ts";
import { brokenBy, promisesOf } from "./promises.ts";
import { type Bounds, outerSteps, ownSteps, type Step, type World } from "./world.ts";

interface Node {
  readonly world: World;
  readonly past: Past;
  readonly events: number;
  readonly faults: number;
  /** Own steps since the last event: more than a system that comes to rest can need is a circle. */
  readonly steps: number;
}

/**
 * The same worlds without any reduction: two states are one only when not a character differs, instants, versions,
 * numbers of reads, receipts and all. Far slower, and what the reduced exploration is held against.
 */
export function explorePlainly(
  starts: readonly Start[],
  bounds: Bounds,
  most: { readonly steps: number; readonly states: number },
): { readonly states: number; readonly broken: readonly string[]; readonly whole: boolean } {
  const seen = new Set<string>();
  const broken = new Set<string>();
  const stack = starts.map(
    ({ world, past, events }): Node => ({ world, past, events, faults: bounds.faults, steps: 0 }),
  );
  for (let node = stack.pop(); node; node = stack.pop()) {
    const text = JSON.stringify(node, withoutTheGiven);
    if (seen.has(text)) continue;
    if (seen.size === most.states) return { states: seen.size, broken: [...broken].sort(), whole: false };
    seen.add(text);
    if (node.steps > most.steps) {
      broken.add(endless);
      continue;
    }
    const steps = ownSteps(node.world);
    const held = promisesOf(node.world, steps.length === 0);
    for (const why of brokenBy(held, node.past, node.events)) broken.add(why);
    if (held.settled) node = { ...node, past: settledPast(node.past) };
    for (const step of steps) stack.push(follow(node, step, { steps: node.steps + 1 }));
    if (node.events === bounds.events) continue;
    for (const step of outerSteps(node.world, bounds)) {
      if (step.fault && node.faults === 0) continue;
      stack.push(follow(node, step, { steps: 0, events: node.events + 1, faults: node.faults - (step.fault ? 1 : 0) }));
    }
  }
  return { states: seen.size, broken: [...broken].sort(), whole: true };
}

function follow(node: Node, step: Step, more: Partial<Node>): Node {
  return { ...node, world: step.next, past: remember(node.past, step.effect, node.world.model.classes), ...more };
}

/** The classes and the policy are the same everywhere. */
function withoutTheGiven(key: string, value: unknown): unknown {
  return key === "classes" || key === "company" ? undefined : value;
}
