import type { Hint, SweepOrder } from "#shared/messages/hint.ts";
import { hintSchema, sweepSchema } from "#shared/messages/hint.ts";
import { type Inbound, inboundSchema } from "#shared/messages/inbound.ts";
import { type Outbound, outboundSchema } from "#shared/messages/outbound.ts";
import type { Queues } from "#shared/pipeline/ports.ts";
import type { Dice } from "./dice.ts";
import type { Row } from "./vendors.ts";

export type Message =
  | { readonly to: "webhook"; readonly body: WebhookEvent }
  | { readonly to: "poll"; readonly body: Hint }
  | { readonly to: "reconcile"; readonly body: Inbound }
  | { readonly to: "write"; readonly body: Outbound }
  | { readonly to: "sweep"; readonly body: SweepOrder };

/** A vendor's call, which the vendor makes again until it is answered well. `company` stands in the path it calls. */
export interface WebhookEvent {
  readonly company: string;
  readonly connection: string;
  readonly payload: Row;
}

interface Waiting {
  readonly message: Message;
  visibleAt: number;
}

/** Standard queues: at least once, in any order. A message that was not dealt with is seen again. */
export class SimulatedQueues {
  private readonly waiting: Waiting[] = [];
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  get length(): number {
    return this.waiting.length;
  }

  /** Milliseconds at which the next hidden message is seen again; null when none is hidden. */
  nextVisible(): number | null {
    return this.waiting.length === 0 ? null : Math.min(...this.waiting.map((one) => one.visibleAt));
  }

  put(message: Message, afterSeconds = 0): void {
    this.waiting.push({ message, visibleAt: this.now() + afterSeconds * 1000 });
  }

  /** Any of the visible ones; null when there is none. */
  take(dice: Dice): Message | null {
    const visible = this.waiting.filter((one) => one.visibleAt <= this.now());
    if (visible.length === 0) return null;
    const one = dice.pick(visible);
    this.waiting.splice(this.waiting.indexOf(one), 1);
    return one.message;
  }

  readonly ports: Queues = {
    hints: async (_vendor, hints) => {
      for (const hint of hints) this.put({ to: "poll", body: hintSchema.parse(hint) });
    },
    inbound: async (messages) => {
      for (const one of messages) this.put({ to: "reconcile", body: inboundSchema.parse(structuredClone(one)) });
    },
    backfill: async (messages) => {
      for (const one of messages) this.put({ to: "reconcile", body: inboundSchema.parse(structuredClone(one)) });
    },
    outbound: async (_vendor, messages) => {
      for (const one of messages) this.put({ to: "write", body: outboundSchema.parse(one) });
    },
    sweeps: async (orders) => {
      for (const one of orders) this.put({ to: "sweep", body: sweepSchema.parse(one) });
    },
  };
}

export function nameOf(message: Message): string {
  const { body } = message;
  if ("kind" in body && body.kind === "due") return `due ${body.job}`;
  if ("intent" in body) return body.intent;
  if ("stream" in body) return `${body.connection}/${body.stream}`;
  return "connection" in body ? `records of ${body.connection}` : "";
}
