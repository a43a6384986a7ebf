import type { Connector } from "#shared/connectors/connector.ts";
import { Failure } from "#shared/domain/failure.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";
import { company, config, connectors } from "./company.ts";
import { type Defect, hasty } from "./defects.ts";
import { type Dice, diceOf } from "./dice.ts";
import { type ClientOf, handle, tick } from "./functions.ts";
import { agree, release } from "./person.ts";
import { type Around, portsOf, type SimulatedPorts } from "./ports.ts";
import { type Message, nameOf, SimulatedQueues } from "./queue.ts";
import type { Ran, RunOptions } from "./ran.ts";
import { type FaultKind, type Invocation, Scheduler, settled } from "./scheduler.ts";
import { opening, type Script, scriptOf } from "./script.ts";
import { type Calls, clientUnder } from "./vendor-calls.ts";
import { Books } from "./vendors.ts";
import { Witness } from "./witness.ts";

const start = "2026-11-02T15:00:00.000Z";
const minute = 60_000;
const mostAtOnce = 4;
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
  private readonly books = new Books(() => this.now());
  private readonly queues = new SimulatedQueues(() => this.millis);
  private readonly scheduler: Scheduler;
  private readonly witness = new Witness(this.world);
  private readonly around: Around;
  private readonly running = new Map<Invocation, Message | null>();
  private readonly faults = new Map<FaultKind | "delivered twice" | "forgotten", number>();
  private readonly defect: Defect | null;
  private readonly calls: Calls;
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
  private sweepsOwed: boolean;
  private sweeping = false;
  private faultsKept: number;
  /** Changes told and writes taken when rest was last looked for. */
  private happened = 0;

  constructor({ seed, faultless = false, defect = null, trace }: RunOptions) {
    this.script = scriptOf(diceOf(seed));
    this.dice = diceOf(seed + 7_919);
    this.defect = defect;
    this.faultless = faultless;
    this.acts = this.script.acts;
    this.mayForget = !faultless && seed % 3 === 0;
    this.sweepsOwed = this.mayForget;
    this.stop = faultless ? null : this.script.stop;
    const most = faultless ? 0 : this.dice.below(32);
    this.faultsKept = Math.floor((most * 2) / 3);
    const told = trace ? (line: string) => trace(`${this.now().slice(5, 19)} ${line}`) : null;
    const faults = { most: most - this.faultsKept, late: faultless ? 0 : lateFaults[this.script.kind], rate: 0.012 };
    this.scheduler = new Scheduler(this.dice, faults, () => this.jump(), told);
    this.calls = { books: this.books, scheduler: this.scheduler, witness: this.witness, defect };
    this.around = {
      scheduler: this.scheduler,
      world: this.world,
      queues: this.queues.ports,
      history: new Map(),
      defect,
      watcher: this.witness,
      cache: new Map(),
    };
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
    opening(this.books, this.script.jobs);
    let rests = false;
    while (this.millis < Date.parse(start) + mostMinutes * minute) {
      await this.act();
      this.begin();
      // Whoever was begun comes to its first port call.
      if (this.running.size > 0 && this.scheduler.waiting === 0) await settled();
      if (this.scheduler.waiting > 0) await this.scheduler.step();
      else if (await this.isAtRest()) {
        rests = !this.sweepsOwed;
        if (rests) break;
        this.sweep();
      } else await this.wait();
      this.bury();
    }
    await this.witness.finish();
    for (const [kind, count] of this.scheduler.counts) this.faults.set(kind, count);
    return {
      script: this.script,
      world: this.world,
      books: this.books,
      witness: this.witness,
      history: this.around.history,
      events: this.scheduler.events,
      faults: this.faults,
      hits: this.scheduler.hits,
      ports: [...this.scheduler.calls.keys()],
      rests,
    };
  }

  /** What people do at this time; after their last act nothing goes wrong any more. */
  private async act(): Promise<void> {
    const passed = (this.millis - Date.parse(start)) / minute;
    const [next, ...rest] = this.acts;
    if (next && next.minute <= passed) {
      this.scheduler.trace?.(next.name);
      next.run(this.books);
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
    if (!next && this.stop === null && passed > 480 && !this.sweeping) this.scheduler.faultsLeft = 0;
  }

  private async holdSwitch(passed: number): Promise<void> {
    const { control } = this.world.company(company.id);
    if (this.stop && passed >= this.stop.to) {
      this.stop = null;
      this.witness.stopped(null);
      await control.resume("ana");
    } else if (this.stop && passed >= this.stop.from && !(await control.state()).stopped) {
      this.witness.stopped(this.now());
      await control.stop("ana", "a test");
    }
  }

  /** Starts what can start: a message, the tick, a person's look. */
  private begin(): void {
    if (this.running.size >= mostAtOnce) return;
    if (this.nextTick <= this.millis) {
      this.nextTick = Math.floor(this.millis / minute) * minute + minute;
      this.tickOwed = true;
      this.invoke("tick", null, async (ports) => {
        await tick(ports);
        this.tickOwed = false;
      });
    } else if (this.nextPerson <= this.millis) {
      this.nextPerson = this.millis + personMinutes * minute;
      this.invoke("person", null, async (ports) => {
        if (this.stop === null) await release(this.world);
        await agree(ports, this.witness);
      });
    } else if (this.scheduler.waiting === 0 || this.dice.chance(0.3)) {
      const message = this.queues.take(this.dice);
      if (message && this.forgets(message)) this.scheduler.trace?.(`${nameOf(message)} *** forgotten`);
      else if (message)
        this.invoke(`${message.to} ${nameOf(message)}`, message, (ports, of) => this.deliver(ports, of, message));
    }
  }

  /** A queue that loses a message: the local one may, when its process is killed. */
  private forgets(message: Message): boolean {
    const edits = this.acts.length < this.script.acts.length;
    if (!this.mayForget || !edits || message.to !== "reconcile" || message.body.kind !== "observations") return false;
    this.mayForget = false;
    this.faults.set("forgotten", 1);
    return true;
  }

  private sweep(): void {
    this.sweepsOwed = false;
    this.sweeping = true;
    this.scheduler.faultsLeft = 4;
    this.quietSince = null;
    for (const { id, vendor } of company.connections)
      for (const stream of Object.keys(connectors[vendor]?.streams ?? {}))
        this.queues.put({ to: "sweep", body: { v: 1, company: company.id, connection: id, stream } });
  }

  private deliver(ports: SimulatedPorts, of: Invocation, message: Message): Promise<void> {
    const clientOf: ClientOf = (connection, purpose, about) => clientUnder(this.calls, of, connection, purpose, about);
    const connectorOf = (vendor: string): Connector | undefined => {
      const connector = connectors[vendor];
      return connector && this.defect === "sent before the attempt" ? hasty(connector) : connector;
    };
    return handle(ports, message, clientOf, connectorOf);
  }

  private invoke(
    name: string,
    message: Message | null,
    work: (ports: SimulatedPorts, of: Invocation) => Promise<void>,
  ): void {
    const of: Invocation = { name, startedAt: this.now(), dead: false };
    const durable = this.defect === "acknowledged before durable" ? null : message;
    this.running.set(of, durable);
    work(portsOf(this.around, of), of).then(
      () => {
        this.running.delete(of);
        if (message && !this.faultless && this.scheduler.faultsLeft > 0 && this.dice.chance(0.02)) {
          this.faults.set("delivered twice", (this.faults.get("delivered twice") ?? 0) + 1);
          this.queues.put(message, this.dice.below(90));
        }
      },
      (cause: unknown) => {
        this.running.delete(of);
        if (!(cause instanceof Failure)) this.witness.wrong.push(`${name} threw ${String(cause)}`);
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
    const happened = this.witness.told.length + this.books.log.length;
    const more = this.acts.length > 0 || this.stop !== null || happened !== this.happened;
    this.happened = happened;
    const waits = this.witness.somethingWaits();
    const soon = this.world
      .dueItems()
      .some((item) => item.kind === "job" && Date.parse(item.dueAt) <= this.millis + 180 * minute);
    if (more || waits || soon) {
      this.quietSince = null;
      return false;
    }
    this.quietSince ??= this.millis;
    return this.millis - this.quietSince > 150 * minute;
  }

  /** Nothing can go on now: the clock moves to the next thing that can. */
  private async wait(): Promise<void> {
    await settled();
    const passed = (at: number): number => Date.parse(start) + at * minute;
    const due = await this.world.cell.due.next();
    const times = [
      this.queues.nextVisible(),
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
