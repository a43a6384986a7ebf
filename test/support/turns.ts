import type fc from "fast-check";
import type { TakeInPorts } from "#shared/pipeline/take-in.ts";

/** Every store call waits for its turn, so that two messages meet anywhere between two calls. */
export function inTurns(ports: TakeInPorts, scheduler: fc.Scheduler): TakeInPorts {
  const { sets, claims, jobs } = ports;
  const turn = <Args extends unknown[], Out>(call: (...args: Args) => Promise<Out>) => scheduler.scheduleFunction(call);
  return {
    ...ports,
    sets: {
      add: turn(sets.add),
      remove: turn(sets.remove),
      list: turn(sets.list),
      listAll: turn(sets.listAll),
    },
    claims: { ...claims, load: turn(claims.load), save: turn(claims.save) },
    jobs: { ...jobs, load: turn(jobs.load), commit: turn(jobs.commit), commitTogether: turn(jobs.commitTogether) },
  };
}

/** Messages are delivered until each is taken in, as a queue does. */
export async function delivered(take: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < 5; tries++) {
    try {
      await take();
      return;
    } catch (cause) {
      if (tries === 4) throw cause;
    }
  }
}
