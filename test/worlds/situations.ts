import { hash } from "node:crypto";
import type { SystemClass } from "#test/support/model-systems.ts";
import { textOf, withoutTraces } from "./canonical.ts";
import { type Effect, nothingHappened, type Past, remember, settledPast } from "./past.ts";
import { type Held, promisesOf } from "./promises.ts";
import { type Bounds, outerSteps, ownSteps, type Step, type World } from "./world.ts";

/** A step between two situations, by their numbers and the number of its effect. */
export interface Way {
  readonly to: number;
  readonly effect: number;
  readonly fault: boolean;
}

/** Worlds that the rules cannot tell apart are one situation: it is stepped through once, whatever came before it. */
export class Situations {
  readonly #numbers = new Map<string, number>();
  readonly #worlds = new Map<number, World>();
  readonly #held: Held[] = [];
  readonly #own: (readonly Way[])[] = [];
  readonly #outer: (readonly Way[])[] = [];
  readonly #bounds: Bounds;
  readonly effects = new Numbered<Effect>();

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
    this.effects.of(nothingHappened);
  }

  get count(): number {
    return this.#numbers.size;
  }

  enter(world: World): number {
    const text = digestOf(world);
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(text, number);
    this.#worlds.set(number, withoutTraces(world));
    return number;
  }

  /** The number of a world that was entered. */
  numberOf(world: World): number | undefined {
    return this.#numbers.get(digestOf(world));
  }

  held(situation: number): Held {
    this.own(situation);
    const held = this.#held[situation];
    if (!held) throw new Error(`no situation ${situation}`);
    return held;
  }

  /** What the system does by itself there. */
  own(situation: number): readonly Way[] {
    const known = this.#own[situation];
    if (known) return known;
    const world = this.#world(situation);
    const steps = ownSteps(world);
    this.#held[situation] = promisesOf(world, steps.length === 0);
    const ways = this.#waysOf(steps);
    this.#own[situation] = ways;
    return ways;
  }

  /** What comes from outside. */
  outer(situation: number): readonly Way[] {
    const known = this.#outer[situation];
    if (known) return known;
    const ways = this.#waysOf(outerSteps(this.#world(situation), this.#bounds));
    this.#outer[situation] = ways;
    return ways;
  }

  /** Forgets the world itself: nothing from outside happens to it any more. */
  close(situation: number): void {
    if (!this.#outer[situation]) this.#worlds.delete(situation);
  }

  /** The situation's first own steps that lead round in a circle; null when the system always comes to rest. */
  circle(): number | null {
    const state = new Uint8Array(this.count);
    for (let from = 0; from < this.count; from++) {
      if (state[from] !== 0) continue;
      const stack: [number, number][] = [[from, 0]];
      state[from] = 1;
      for (let top = stack.at(-1); top; top = stack.at(-1)) {
        const next = this.#own[top[0]]?.[top[1]++]?.to;
        if (next === undefined) {
          state[top[0]] = 2;
          stack.pop();
        } else if (state[next] === 1) return next;
        else if (state[next] === 0) {
          state[next] = 1;
          stack.push([next, 0]);
        }
      }
    }
    return null;
  }

  #world(situation: number): World {
    const world = this.#worlds.get(situation);
    if (!world) throw new Error(`situation ${situation} is closed`);
    return world;
  }

  #waysOf(steps: readonly Step[]): readonly Way[] {
    return steps.map(({ next, effect, fault }) => ({ to: this.enter(next), effect: this.effects.of(effect), fault }));
  }
}

/** 160 bits in place of some hundred characters: among ten million worlds two alike by chance are one in 10^34. */
const digestOf = (world: World): string => hash("sha1", textOf(world), "base64");

/** Values by number; equal ones have the same. */
export class Numbered<Value> {
  readonly #numbers = new Map<string, number>();
  readonly #values: Value[] = [];

  of(value: Value): number {
    const text = JSON.stringify(value);
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.#values.length);
    return this.#values.push(value) - 1;
  }

  at(number: number): Value {
    const value = this.#values[number];
    if (value === undefined) throw new Error(`no value ${number}`);
    return value;
  }
}

/** Pasts by number, and where each effect leads from each. */
export class Pasts {
  readonly #all = new Numbered<Past>();
  readonly #after = new Map<number, number>();
  readonly #classes: readonly SystemClass[];

  constructor(classes: readonly SystemClass[]) {
    this.#classes = classes;
  }

  enter(past: Past): number {
    return this.#all.of(past);
  }

  at(number: number): Past {
    return this.#all.at(number);
  }

  settled(past: number): number {
    return this.#all.of(settledPast(this.#all.at(past)));
  }

  after(past: number, effect: number, effects: Numbered<Effect>): number {
    if (effect === 0) return past;
    const place = past * 4096 + effect;
    const known = this.#after.get(place);
    if (known !== undefined) return known;
    const next = this.#all.of(remember(this.#all.at(past), effects.at(effect), this.#classes));
    this.#after.set(place, next);
    return next;
  }
}
