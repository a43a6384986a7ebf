import type { Past } from "./past.ts";
import { brokenBy } from "./promises.ts";
import { Pasts, Situations, type Way } from "./situations.ts";
import { type Story, tell } from "./story.ts";
import type { Bounds, World } from "./world.ts";

export interface Start {
  readonly world: World;
  readonly past: Past;
  /** So many of the events are behind it already. */
  readonly events: number;
}

/** A promise that some state breaks, and the shortest story into it: fewest events first, then fewest steps. */
export interface Failure {
  readonly why: string;
  readonly path: Story;
}

export interface Explored {
  /** Distinct states: the systems and the job, what the checks remember, and the faults that may still come. */
  readonly states: number;
  /** Distinct for the rules: each was stepped through once. */
  readonly situations: number;
  readonly rests: number;
  /** States that were found and not gone on from, because the limit was reached. */
  readonly left: number;
  readonly failures: readonly Failure[];
}

/** A state on its way: a situation with a past, and the faults that may still come. */
export interface Node {
  readonly situation: number;
  readonly past: number;
  readonly faults: number;
  readonly parent: Node | null;
  readonly start: Start;
}

export const endless = "the system never comes to rest";

/**
 * Breadth first over distinct states, by the number of events. Whatever can follow a state can follow it also where more
 * events or more faults are still to come; so a state is gone on from where it comes with the fewest events, and not again
 * with fewer faults to come. Every state that some order of the events leads to is seen all the same.
 */
export function explore(starts: readonly Start[], bounds: Bounds, limit = Number.POSITIVE_INFINITY): Explored {
  const search = new Search(starts, bounds, limit);
  let layer: Node[] = [];
  for (let events = 0; events <= bounds.events; events++)
    layer = search.layer([...layer, ...search.begin(starts, events)], events);
  search.lookForCircles();
  return {
    states: search.states,
    situations: search.situations.count,
    rests: search.rests,
    left: search.left,
    failures: [...search.failures].map(([why, node]) => ({ why, path: tell(node, search.situations, bounds) })),
  };
}

class Search {
  readonly situations: Situations;
  readonly failures = new Map<string, Node>();
  states = 0;
  rests = 0;
  left = 0;
  readonly #bounds: Bounds;
  readonly #limit: number;
  readonly #pasts: Pasts;
  /** The faults that may still come, at most, of each situation with each past. */
  readonly #seen = new Map<number, number>();
  /** A state of each situation, the first. */
  readonly #first = new Map<number, Node>();

  constructor(starts: readonly Start[], bounds: Bounds, limit: number) {
    this.#bounds = bounds;
    this.#limit = limit;
    this.situations = new Situations(bounds);
    this.#pasts = new Pasts(starts[0]?.world.model.classes ?? []);
  }

  /** Those that begin as if so many events were behind them. */
  begin(starts: readonly Start[], events: number): Node[] {
    const begin = starts.filter((start) => start.events === events);
    return begin.map((start) => ({
      situation: this.situations.enter(start.world),
      past: this.#pasts.enter(start.past),
      faults: this.#bounds.faults,
      parent: null,
      start,
    }));
  }

  /** All states that are reached with so many events; returned are those of one event more. */
  layer(begins: readonly Node[], events: number): Node[] {
    const layer = begins.filter((node) => this.#isNew(node));
    const next: Node[] = [];
    for (const node of layer) {
      if (this.states >= this.#limit) this.left++;
      else this.#goOn(node, events, layer, next);
    }
    return next;
  }

  #goOn(node: Node, events: number, layer: Node[], next: Node[]): void {
    const past = this.#look(node, events);
    for (const way of this.situations.own(node.situation)) {
      const following = this.#follow(node, past, way, node.faults);
      if (this.#isNew(following)) layer.push(following);
    }
    if (events === this.#bounds.events) return this.situations.close(node.situation);
    for (const way of this.situations.outer(node.situation)) {
      if (way.fault && node.faults === 0) continue;
      const following = this.#follow(node, past, way, node.faults - (way.fault ? 1 : 0));
      if (!this.#wasSeen(following)) next.push(following);
    }
  }

  lookForCircles(): void {
    const situation = this.situations.circle();
    const node = situation === null ? undefined : this.#first.get(situation);
    if (node) this.failures.set(endless, node);
  }

  #follow(node: Node, before: number, way: Way, faults: number): Node {
    const past = this.#pasts.after(before, way.effect, this.situations.effects);
    return { situation: way.to, past, faults, parent: node, start: node.start };
  }

  #wasSeen({ situation, past, faults }: Node): boolean {
    return (this.#seen.get(past * 2 ** 26 + situation) ?? -1) >= faults;
  }

  #isNew(node: Node): boolean {
    if (this.#wasSeen(node)) return false;
    this.#seen.set(node.past * 2 ** 26 + node.situation, node.faults);
    return true;
  }

  /** Holds the state against what is promised; returned is the past that what follows has. */
  #look(node: Node, events: number): number {
    this.states++;
    if (!this.#first.has(node.situation)) this.#first.set(node.situation, node);
    const held = this.situations.held(node.situation);
    if (held.rest) this.rests++;
    for (const why of brokenBy(held, this.#pasts.at(node.past), events))
      if (!this.failures.has(why)) this.failures.set(why, node);
    return held.settled ? this.#pasts.settled(node.past) : node.past;
  }
}
