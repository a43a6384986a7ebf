import type { Hint, SweepOrder } from "#shared/messages/hint.ts";
import { hintSchema, sweepSchema } from "#shared/messages/hint.ts";
import { type Inbound, inboundSchema } from "#shared/messages/inbound.ts";
import { type Outbound, outboundSchema } from "#shared/messages/outbound.ts";
import type { Queues } from "#shared/pipeline/ports.ts";

/** The queues as lists. `fail` makes the next send throw; taking empties a list, as a consumer would. */
export interface MemoryQueues extends Queues {
  readonly sent: {
    readonly hints: Map<string, Hint[]>;
    readonly inbound: Inbound[];
    readonly backfill: Inbound[];
    readonly outbound: Map<string, Outbound[]>;
    readonly sweeps: SweepOrder[];
  };
  failNext(error: Error): void;
}

export function memoryQueues(): MemoryQueues {
  let failure: Error | null = null;
  const sent: MemoryQueues["sent"] = {
    hints: new Map(),
    inbound: [],
    backfill: [],
    outbound: new Map(),
    sweeps: [],
  };
  const orFail = (): void => {
    const error = failure;
    failure = null;
    if (error) throw error;
  };
  // Through JSON and the contract, as a real queue would carry them.
  const carried = <Message>(schema: { parse(value: unknown): Message }, messages: readonly Message[]): Message[] =>
    messages.map((message) => schema.parse(JSON.parse(JSON.stringify(message))));
  return {
    sent,
    failNext: (error) => {
      failure = error;
    },
    hints: async (vendor, hints) => {
      orFail();
      sent.hints.set(vendor, [...(sent.hints.get(vendor) ?? []), ...carried(hintSchema, hints)]);
    },
    inbound: async (messages) => {
      orFail();
      sent.inbound.push(...carried(inboundSchema, messages));
    },
    backfill: async (messages) => {
      orFail();
      sent.backfill.push(...carried(inboundSchema, messages));
    },
    outbound: async (vendor, messages) => {
      orFail();
      sent.outbound.set(vendor, [...(sent.outbound.get(vendor) ?? []), ...carried(outboundSchema, messages)]);
    },
    sweeps: async (orders) => {
      orFail();
      sent.sweeps.push(...carried(sweepSchema, orders));
    },
  };
}
