import type { Node } from "./explore.ts";
import type { Situations } from "./situations.ts";
import { type Bounds, outerSteps, ownSteps, type World } from "./world.ts";

/** Steps as a person would tell them. */
export type Story = readonly string[];

/** How a state came to be, stepped through again from where it began. */
export function tell(node: Node, situations: Situations, bounds: Bounds): Story {
  const nodes: Node[] = [];
  for (let at: Node | null = node; at?.parent; at = at.parent) nodes.unshift(at);
  const { world: first } = node.start;
  const words = first.model.vendors.map((record, index) => `s${index + 1} holds ${record.word}`);
  const read = Object.keys(first.model.job.observations).length > 0 ? "and was read" : "and was never read";
  const story: string[] = [`${words.join(", ")} ${read}`];
  let world: World = first;
  for (const { situation } of nodes) {
    const step = [...ownSteps(world), ...outerSteps(world, bounds)].find(
      ({ next }) => situations.numberOf(next) === situation,
    );
    if (!step) return [...story, "(the rest cannot be told again)"];
    story.push(step.name);
    world = step.next;
  }
  return story;
}
