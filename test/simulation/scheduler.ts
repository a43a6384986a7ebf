import { Failure } from "#shared/domain/failure.ts";
import { writerSeconds } from "#shared/pipeline/attempt-edits.ts";
import type { Aim } from "./aimed.ts";
import type { Dice } from "./dice.ts";

/** What may go wrong at a port call. `crash` ends the invocation as a killed process would: nothing after it runs. */
export const faultKinds = [
  "crash before",
  "crash after",
  "time-out before",
  "time-out after",
  "throttled",
  "clock jump",
  "stalled",
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** A function that takes longer is killed. */
const mostSeconds = writerSeconds;

/** One run of a function. Its port calls wait for the scheduler, each for its turn. */
export interface Invocation {
  readonly name: string;
  readonly startedAt: string;
  dead: boolean;
}

interface Parked {
  readonly of: Invocation;
  readonly go: () => void;
  /** Milliseconds before which it does not go on, whoever else does. */
  readonly from: number;
}

/** How a port call fails: before its effect, after it, or not at all. */
export interface PortFailures {
  readonly throttled: () => Failure;
  readonly timedOut: () => Failure;
}

export const ownPort: PortFailures = {
  throttled: () => new Failure("transient", "throttled"),
  timedOut: () => new Failure("transient", "no answer in time"),
};

/** Ports that a run calls a few times only, and where a fault tells most. */
const seldom =
  /^ctc\.read|^jobs\.(commitTogether|list)$|^queues\.(outbound|sweeps)$|^control|^due\.cancel|^sweeps|^manifest\.merge/;

/** Writes are few; the switch is thrown by the machine only when it catches itself turning in a circle. */
const late = /\.write$|^control\.stop$/;
const oftenLate: readonly FaultKind[] = [
  "time-out after",
  "time-out after",
  "stalled",
  "stalled",
  "stalled",
  "stalled",
];

/**
 * One seeded order of everything: of all port calls that wait, the dice say which is next, and whether it fails. All
 * else is microtasks, so the same seed gives the same run.
 */
export class Scheduler {
  readonly dice: Dice;
  readonly counts = new Map<FaultKind, number>();
  /** Faults by port and kind: a test asks whether every port was hit. */
  readonly hits = new Map<string, Set<FaultKind>>();
  readonly calls = new Map<string, number>();
  events = 0;
  faultsLeft: number;
  private readonly lateLeft = new Map<string, number>();
  private readonly mostLate: number;
  readonly trace: ((line: string) => void) | null;
  private readonly parked: Parked[] = [];
  private readonly clock: { readonly now: () => number; readonly jump: () => void };
  private readonly faultRate: number;
  private readonly aims: readonly Aim[];

  constructor(
    dice: Dice,
    faults: { readonly most: number; readonly late: number; readonly rate: number; readonly aims: readonly Aim[] },
    clock: { readonly now: () => number; readonly jump: () => void },
    trace: ((line: string) => void) | null,
  ) {
    this.dice = dice;
    this.faultsLeft = faults.most;
    this.mostLate = faults.late;
    this.faultRate = faults.rate;
    this.aims = faults.aims;
    this.clock = clock;
    this.trace = trace;
  }

  get waiting(): number {
    const now = this.clock.now();
    return this.parked.filter(({ from }) => from <= now).length;
  }

  /** When the next stalled call goes on; null when none is. */
  nextStalled(): number | null {
    return this.parked.length === 0 ? null : Math.min(...this.parked.map(({ from }) => from));
  }

  private turn(of: Invocation, from: number): Promise<void> {
    return new Promise((go) => this.parked.push({ of, go, from }));
  }

  /** A port call of an invocation: waits for its turn, then has its effect, unless the dice say otherwise. */
  async port<Value>(
    of: Invocation,
    name: string,
    effect: () => Promise<Value>,
    failures: PortFailures,
  ): Promise<Value> {
    await this.turn(of, 0);
    if (of.dead) return new Promise<Value>(() => undefined);
    this.calls.set(name, (this.calls.get(name) ?? 0) + 1);
    const fault = this.fault(name);
    if (fault) this.note(of, name, fault);
    else this.trace?.(`${of.name}: ${name}`);
    if (fault === "clock jump") this.clock.jump();
    if (fault === "stalled") {
      await this.turn(of, this.clock.now() + (mostSeconds - this.dice.below(mostSeconds / 2)) * 1000);
      if (of.dead) return new Promise<Value>(() => undefined);
      // Its time was over before it could go on: it was killed where it stood.
      if (this.clock.now() - Date.parse(of.startedAt) > mostSeconds * 1000) return this.die(of);
    }
    if (fault === "crash before") return this.die(of);
    if (fault === "time-out before") throw failures.timedOut();
    if (fault === "throttled") throw failures.throttled();
    const value = await effect();
    if (fault === "crash after") return this.die(of);
    if (fault === "time-out after") throw failures.timedOut();
    return value;
  }

  /** Lets one waiting call go on, and everything that follows from it until the next port call. */
  async step(): Promise<void> {
    const now = this.clock.now();
    const ready = this.parked.filter(({ from }) => from <= now);
    if (ready.length === 0) return;
    const next = this.dice.pick(ready);
    this.parked.splice(this.parked.indexOf(next), 1);
    this.events++;
    next.go();
    await settled();
  }

  private fault(port: string): FaultKind | null {
    const aimed = this.aims.find((aim) => aim.port === port && aim.call === this.calls.get(port));
    if (aimed) return aimed.kind;
    if (late.test(port)) return this.lateFault(port);
    const rate = seldom.test(port) ? this.faultRate * 24 : this.faultRate;
    if (this.faultsLeft === 0 || !this.dice.chance(rate)) return null;
    this.faultsLeft--;
    return this.dice.pick(faultKinds);
  }

  /**
   * What comes late, when the other faults may be spent, has some of its own by port. A write that took effect without an answer
   * is what the whole of law 7 is about.
   */
  private lateFault(port: string): FaultKind | null {
    const left = this.lateLeft.get(port) ?? this.mostLate;
    if (left === 0 || !this.dice.chance(this.faultRate * 32)) return null;
    this.lateLeft.set(port, left - 1);
    return this.dice.pick([...faultKinds, ...oftenLate]);
  }

  private note(of: Invocation, name: string, fault: FaultKind): void {
    this.trace?.(`${of.name}: ${name} *** ${fault}`);
    this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
    const hits = this.hits.get(name) ?? new Set<FaultKind>();
    this.hits.set(name, hits.add(fault));
  }

  private die(of: Invocation): Promise<never> {
    of.dead = true;
    for (let at = this.parked.length - 1; at >= 0; at--) if (this.parked[at]?.of === of) this.parked.splice(at, 1);
    return new Promise<never>(() => undefined);
  }
}

/** All microtasks have run: whoever could go on has come to its next port call or to its end. */
export function settled(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}

/** The same port with every call under the scheduler. */
export function scheduled<Port extends object>(
  scheduler: Scheduler,
  of: Invocation,
  name: string,
  port: Port,
  failures: PortFailures = ownPort,
): Port {
  return new Proxy(port, {
    get(target, member, receiver) {
      const value: unknown = Reflect.get(target, member, receiver);
      if (typeof value !== "function" || typeof member !== "string") return value;
      return (...args: unknown[]): unknown =>
        scheduler.port(of, `${name}.${member}`, async () => Reflect.apply(value, target, args), failures);
    },
  });
}
