import http from "node:http";
import { Failure } from "#shared/domain/failure.ts";
import * as z from "#shared/domain/schema.ts";
import type { Clock } from "#shared/pipeline/ports.ts";
import { invocationTrace } from "./env.ts";

const answerSchema = z.object({ now: z.string() });

/**
 * The one way a function learns the time. With a clock service's address (one machine only) it asks there, so that a
 * company's days can play in seconds; without one it is the system's clock. Throws Failure `transient` when the
 * service does not answer: no function goes on with another time than its neighbours'.
 */
export function clockAt(url: string | undefined): Clock {
  if (url === undefined) return { now: async () => new Date().toISOString() };
  const agent = new http.Agent({ keepAlive: true });
  // The service's clock stands still while anything is at work: one answer serves a whole invocation.
  let held: { readonly trace: string; readonly now: Promise<string> } | null = null;
  const fresh = async (): Promise<string> =>
    new Date(answerSchema.parse(JSON.parse(await ask(url, agent))).now).toISOString();
  return {
    now: () => {
      const trace = invocationTrace();
      if (trace === undefined) return fresh();
      if (held?.trace === trace) return held.now;
      const now = fresh();
      held = { trace, now };
      // A silence is not remembered.
      now.catch(() => {
        held = null;
      });
      return now;
    },
  };
}

function ask(url: string, agent: http.Agent): Promise<string> {
  return new Promise((done, failed) => {
    const fail = (cause: Error): void => failed(new Failure("transient", "the clock service is silent", {}, { cause }));
    const outgoing = http.get(url, { agent, timeout: 5_000 }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", fail);
      incoming.on("end", () => done(Buffer.concat(chunks).toString("utf8")));
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error("time-out")));
    outgoing.on("error", fail);
  });
}
