import type { TakeInPorts } from "#shared/pipeline/take-in.ts";

export type When = "before" | "after";

/** One crash, at the `left`th port call from now on: the call has no effect, or has it and nothing more happens. */
export class Crash {
  private left: number;
  private readonly when: When;

  constructor(left: number, when: When) {
    this.left = left;
    this.when = when;
  }

  get happened(): boolean {
    return this.left < 0;
  }

  /** The ports of one invocation: after the crash not one call of it has any effect. */
  portsOf(live: TakeInPorts): TakeInPorts {
    const invocation = { dead: false };
    const wrapped = <Port extends object>(port: Port): Port =>
      new Proxy(port, {
        get: (target, name) => {
          const member: unknown = Reflect.get(target, name);
          if (typeof member !== "function") return member;
          return async (...args: readonly unknown[]) => {
            if (invocation.dead) throw new Error("it is dead");
            const isLast = this.left-- === 0;
            if (isLast) invocation.dead = true;
            if (isLast && this.when === "before") throw new Error("crash before");
            const result: unknown = await Reflect.apply(member, target, args);
            if (isLast) throw new Error("crash after");
            return result;
          };
        },
      });
    const { sets, claims, jobs, queues, feeds, control } = live;
    return {
      ...live,
      ...{ sets: wrapped(sets), claims: wrapped(claims), jobs: wrapped(jobs) },
      ...{ queues: wrapped(queues), feeds: wrapped(feeds), control: wrapped(control) },
    };
  }
}
