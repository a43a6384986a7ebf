import { Failure } from "#shared/domain/failure.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";
import { aimsOf } from "./aimed.ts";
import { company, config } from "./company.ts";
import { addressee, type Defect } from "./defects.ts";
import { deliver } from "./deliver.ts";
import { type Dice, diceOf } from "./dice.ts";
import { type Ending, endingsOf, mayForget, sweepOrders, weekendEndsAfter } from "./ending.ts";
import { tick } from "./functions.ts";
import { Person } from "./person.ts";
import { type Both, type Played, playBoth, playedOf } from "./played.ts";
import { type Around, portsOf, type SimulatedPorts } from "./ports.ts";
import { type Message, nameOf, SimulatedQueues } from "./queue.ts";
import type { Ran, RunOptions } from "./ran.ts";
import { type FaultKind, type Invocation, Scheduler, settled } from "./scheduler.ts";
import { neighboursOpening, opening, type Script, scriptOf } from "./script.ts";

const start = "2026-11-02T15:00:00.000Z";
const [minute, mostAtOnce] = [60_000, 4];
/** A person looks at what is proposed this often. */
const personMinutes = 70;
const mostMinutes = 60 * 60;
/** A write that twice ends without an answer is put before a person: kind (c) is compared with a run that never is. */
const lateFaults = { c: 1, d: 3 } as const;

export async function runSeed(options: RunOptions): Promise<Ran> {
  return new Run(options).play();
}

class Run {
  private millis = Date.parse(start);
  private readonly dice: Dice;
  private readonly script: Script;
  private readonly world = memoryWorld(start);
  private readonly played: Both = playBoth(this.world, () => this.now());
  private readonly queues = new SimulatedQueues(() => this.millis);
  private readonly scheduler: Scheduler;
  private readonly person: Person;
  private readonly around: Around;
  private readonly running = new Map<Invocation, Message | null>();
  private readonly faults = new Map<FaultKind | "delivered twice" | "forgotten", number>();
  private readonly defect: Defect | null;
  private readonly faultless: boolean;
  private nextTick = this.millis;
  /** A tick that failed is owed, whether or not anything is due. */
  private tickOwed = true;
  private nextPerson = this.millis + personMinutes * minute;
  private acts: readonly Script["acts"][number][];
  private stop: Script["stop"];
  private quietSince: number | null = null;
  /** A message may be forgotten once; then every stream is swept before the end. */
  private mayForget: boolean;
  private endings: readonly Ending[];
  private isEnding = false;
  private faultsKept: number;
  /** Changes told and writes taken when rest was last looked for. */
  private happened = 0;

  constructor({ seed, faultless = false, defect = null, trace }: RunOptions) {
    this.script = scriptOf(diceOf(seed));
    this.dice = diceOf(seed + 7_919);
    this.person = new Person(this.world, this.played[0].witness, this.script);
    this.defect = defect;
    this.faultless = faultless;
    this.acts = this.script.acts;
    this.mayForget = !faultless && mayForget(seed);
    this.endings = endingsOf(seed, faultless);
    this.stop = faultless ? null : this.script.stop;
    const most = faultless ? 0 : this.dice.below(32);
    this.faultsKept = Math.floor((most * 2) / 3);
    const told = trace ? (line: string) => trace(`${this.now().slice(5, 19)} ${line}`) : null;
    const late = faultless ? 0 : lateFaults[this.script.kind];
    const faults = { most: most - this.faultsKept, late, rate: 0.012, aims: faultless ? [] : aimsOf(seed) };
    this.scheduler = new Scheduler(this.dice, faults, { now: () => this.millis, jump: () => this.jump() }, told);
    const { scheduler, world } = this;
    this.around = { scheduler, world, queues: this.queues.ports, defect, cache: new Map() };
  }

  private now(): string {
    return new Date(this.millis).toISOString();
  }

  private setTime(millis: number): void {
    this.millis = millis;
    this.world.clock.set(this.now());
  }

  private jump(): void {
    this.setTime(this.millis + (1 + this.dice.below(20)) * minute);
  }

  async play(): Promise<Ran> {
    await this.world.cell.applyConfiguration(config);
    const [own, neighbour] = this.played;
    opening(own.books, this.script.jobs);
    neighboursOpening(neighbour.books);
    let rests = false;
    while (this.millis < Date.parse(start) + mostMinutes * minute) {
      await this.act();
      this.begin();
      // Whoever was begun comes to its first port call.
      if (this.running.size > 0 && this.scheduler.waiting === 0) await settled();
      if (this.scheduler.waiting > 0) await this.scheduler.step();
      else if (await this.isAtRest()) {
        const [next, ...rest] = this.endings;
        rests = next === undefined;
        if (next === undefined) break;
        this.end(next, rest);
      } else await this.wait();
      this.bury();
    }
    for (const { witness } of this.played) await witness.finish();
    for (const [kind, count] of this.scheduler.counts) this.faults.set(kind, count);
    return {
      script: this.script,
      world: this.world,
      played: this.played,
      events: this.scheduler.events,
      faults: this.faults,
      hits: this.scheduler.hits,
      ports: [...this.scheduler.calls.keys()],
      rests,
      isParted: this.person.isParted,
    };
  }

  /** What people do at this time; after their last act nothing goes wrong any more. */
  private async act(): Promise<void> {
    const passed = (this.millis - Date.parse(start)) / minute;
    const [next, ...rest] = this.acts;
    if (next && next.minute <= passed) {
      this.scheduler.trace?.(next.name);
      const { books } = playedOf(this.played, next.company);
      next.run(books);
      for (const payload of books.events.splice(0))
        this.queues.put({ to: "webhook", body: { company: next.company, connection: "fleet", payload } }, 60);
      this.acts = rest;
      this.quietSince = null;
      return;
    }
    // A third of what goes wrong does so while everything is read for the first time, the rest while people work.
    if (passed >= 150) {
      this.scheduler.faultsLeft += this.faultsKept;
      this.faultsKept = 0;
    }
    await this.holdSwitch(passed);
    if (!next && this.stop === null && passed > 480 && !this.isEnding) this.scheduler.faultsLeft = 0;
  }

  private async holdSwitch(passed: number): Promise<void> {
    const { control } = this.world.company(company.id);
    const [{ witness }] = this.played;
    if (this.stop && passed >= this.stop.to) {
      this.stop = null;
      witness.stopped(null);
      await control.resume("ana");
    } else if (this.stop && passed >= this.stop.from && !(await control.state()).stopped) {
      witness.stopped(this.now());
      await control.stop("ana", "a test");
    }
  }

  /** Starts what can start: a message, the tick, a person's look. */
  private begin(): void {
    if (this.running.size >= mostAtOnce) return;
    if (this.nextTick <= this.millis) {
      this.nextTick = Math.floor(this.millis / minute) * minute + minute;
      this.tickOwed = true;
      const isTwice = !this.faultless && this.scheduler.faultsLeft > 0 && this.dice.chance(0.1);
      for (const name of isTwice ? ["tick", "tick again"] : ["tick"])
        this.invoke(name, null, async (ports, of) => {
          await tick(ports, (id) => portsOf(this.around, of, playedOf(this.played, id)).jobs);
          this.tickOwed = false;
        });
    } else if (this.nextPerson <= this.millis) {
      this.nextPerson = this.millis + personMinutes * minute;
      this.invoke("person", null, async (ports) => {
        await this.person.look(ports, (this.millis - Date.parse(start)) / minute, this.stop !== null);
      });
    } else if (this.scheduler.waiting === 0 || this.dice.chance(0.3)) {
      const message = this.queues.take(this.dice);
      if (message && this.forgets(message)) this.scheduler.trace?.(`${nameOf(message)} *** forgotten`);
      else if (message) {
        this.deliversTwice(message);
        this.invoke(`${message.to} ${nameOf(message)}`, message, (ports, of, whose) =>
          deliver(this.around, ports, of, whose, message),
        );
      }
    }
  }

  /**
   * At least once: a copy comes while the first is worked on, or when who works on it may have stalled. Two writers of
   * one intent are the worst case.
   */
  private deliversTwice(message: Message): void {
    const chance = message.to === "write" ? 0.4 : this.scheduler.faultsLeft === 0 ? 0 : 0.02;
    if (this.faultless || !this.dice.chance(chance)) return;
    this.faults.set("delivered twice", (this.faults.get("delivered twice") ?? 0) + 1);
    this.queues.put(message, this.dice.chance(0.3) ? 0 : 30 + this.dice.below(20));
  }

  /** A queue that loses a message: the local one may, when its process is killed. */
  private forgets(message: Message): boolean {
    const edits = this.acts.length < this.script.acts.length;
    if (!this.mayForget || !edits || message.to !== "reconcile" || message.body.kind !== "observations") return false;
    this.mayForget = false;
    this.faults.set("forgotten", 1);
    return true;
  }

  private end(ending: Ending, rest: readonly Ending[]): void {
    this.endings = rest;
    this.isEnding = true;
    this.quietSince = null;
    if (ending === "weekend") {
      this.setTime(Math.max(this.millis, Date.parse(start) + weekendEndsAfter * minute));
      return;
    }
    this.scheduler.faultsLeft = this.faultless ? 0 : 4;
    const [{ books }] = this.played;
    if (ending === "removal") for (const [stream, id] of this.script.removed) books.remove(stream, id);
    for (const order of sweepOrders()) this.queues.put(order);
    if (ending === "sweep of short lists")
      books.lapse = { kind: this.dice.pick(["short", "drifts"]), left: 1 + this.dice.below(3) };
  }

  private invoke(
    name: string,
    message: Message | null,
    work: (ports: SimulatedPorts, of: Invocation, whose: Played) => Promise<void>,
  ): void {
    const of: Invocation = { name, startedAt: this.now(), dead: false };
    const durable = this.defect === "acknowledged before durable" ? null : message;
    this.running.set(of, durable);
    const whose = message ? playedOf(this.played, addressee(this.defect, message)) : this.played[0];
    work(portsOf(this.around, of, whose), of, whose).then(
      () => this.running.delete(of),
      (cause: unknown) => {
        this.running.delete(of);
        if (!(cause instanceof Failure)) whose.witness.wrong.push(`${name} threw ${String(cause)}`);
        if (durable) this.queues.put(durable, 30);
      },
    );
  }

  /** Messages of dead invocations are seen again after a while. */
  private bury(): void {
    for (const [of, message] of this.running) {
      if (!of.dead) continue;
      this.running.delete(of);
      if (message) this.queues.put(message, 60);
    }
  }

  /** Nothing under way, nothing due but reads and sweeps, and two rounds of reads since that changed nothing. */
  private async isAtRest(): Promise<boolean> {
    if (this.running.size > 0 || this.queues.length > 0) return false;
    const happened = this.played.reduce((sum, { witness, books }) => sum + witness.told.length + books.log.length, 0);
    const more = this.acts.length > 0 || this.stop !== null || happened !== this.happened;
    this.happened = happened;
    const waits = this.played.some(({ witness }) => witness.somethingWaits());
    const soon = this.world
      .dueItems()
      .some((item) => item.kind === "job" && Date.parse(item.dueAt) <= this.millis + 180 * minute);
    if (more || waits || soon) {
      this.quietSince = null;
      return false;
    }
    this.quietSince ??= this.millis;
    // What is removed was seen as it stood last, with faults and without.
    const enough = [undefined, "removal"].includes(this.endings[0]) ? 150 : 20;
    return this.millis - this.quietSince > enough * minute;
  }

  /** Nothing can go on now: the clock moves to the next thing that can. */
  private async wait(): Promise<void> {
    await settled();
    const stalled = this.scheduler.nextStalled();
    if (this.running.size >= mostAtOnce && stalled !== null) {
      this.setTime(Math.max(this.millis, stalled));
      return;
    }
    const passed = (at: number): number => Date.parse(start) + at * minute;
    const due = await this.world.cell.due.next();
    const times = [
      this.queues.nextVisible(),
      stalled,
      this.acts[0] ? passed(this.acts[0].minute) : null,
      this.stop ? passed(this.millis < passed(this.stop.from) ? this.stop.from : this.stop.to) : null,
      this.tickOwed ? this.nextTick : null,
      due === null ? null : Math.max(Date.parse(due), this.nextTick),
      this.nextPerson,
    ].filter((at) => at !== null);
    const next = Math.max(this.millis, Math.min(...times));
    // The tick comes every minute; one that would find nothing due is left out.
    if (!this.tickOwed) this.nextTick = Math.max(this.nextTick, due === null ? next + minute : Date.parse(due));
    this.setTime(next === this.millis && this.queues.nextVisible() !== next ? next + 1000 : next);
  }
}
