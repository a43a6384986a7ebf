import { listen } from "./http-server.ts";

export interface Clock {
  readonly url: string;
  now(): Date;
  /** Stands still at this instant until it is set again. */
  set(instant: string): void;
  close(): Promise<void>;
}

/** Serves `{"now": ISO instant}`: the real time until it is set. Queues, time-outs and tokens stay on real time. */
export async function startClock(): Promise<Clock> {
  let fixed: Date | undefined;
  const now = (): Date => fixed ?? new Date();
  const server = await listen((request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ now: now().toISOString() }));
  });
  return {
    url: server.url,
    now,
    set(instant) {
      const parsed = new Date(instant);
      if (Number.isNaN(parsed.getTime())) throw new Error(`${instant} is not an instant`);
      fixed = parsed;
    },
    close: () => server.close(),
  };
}
