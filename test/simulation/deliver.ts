import type { Connector } from "#shared/connectors/connector.ts";
import { connectors } from "./company.ts";
import { believing, credulous, type Defect, hasty } from "./defects.ts";
import { type ClientOf, handle } from "./functions.ts";
import type { Played } from "./played.ts";
import type { SimulatedPorts } from "./ports.ts";
import type { Message } from "./queue.ts";
import type { Invocation, Scheduler } from "./scheduler.ts";
import { clientUnder } from "./vendor-calls.ts";

/** A message comes to its function; what a defect puts between a function and its vendor is put there. */
export function deliver(
  { scheduler, defect }: { readonly scheduler: Scheduler; readonly defect: Defect | null },
  ports: SimulatedPorts,
  of: Invocation,
  whose: Played,
  message: Message,
): Promise<void> {
  const calls = { ...whose, scheduler, defect };
  const clientOf: ClientOf = (connection, purpose, about) => clientUnder(calls, of, connection, purpose, about);
  const connectorOf = (vendor: string): Connector | undefined => {
    const connector = connectors[vendor];
    if (connector && defect === "sent before the attempt") return hasty(connector);
    const isBelieved = defect === "deletion from an unproven sweep" && message.to === "sweep";
    return connector && isBelieved ? credulous(connector) : connector;
  };
  const queues = defect === "company taken from the payload" ? believing(ports.queues, message) : ports.queues;
  return handle({ ...ports, queues }, whose.company, message, clientOf, connectorOf);
}
