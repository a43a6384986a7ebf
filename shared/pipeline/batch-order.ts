import { type CompanyConfig, connectionOf } from "#shared/domain/policy.ts";
import type { Inbound } from "#shared/messages/inbound.ts";
import type { ArrivePorts } from "./arrive.ts";

type Positioned = readonly [position: number, message: Inbound];

/**
 * The messages in the order in which their records build on each other: people, then jobs, then all else as their
 * vendor's folder lists them. Any order gives the same in the end; this one spares each job of a batch a second look
 * when somebody it names becomes known, and a payment the wait for its invoice.
 */
export function inTheirOrder(
  ports: Pick<ArrivePorts, "describer">,
  company: CompanyConfig,
  messages: readonly Inbound[],
): readonly (readonly Positioned[])[] {
  const rank = (message: Inbound): number => {
    const [first] = message.kind === "observations" ? message.records : [];
    const vendor = message.kind === "due" ? undefined : connectionOf(company, message.connection)?.vendor;
    const streams = Object.values((vendor ? ports.describer(vendor)?.streams : undefined) ?? {});
    const spec = streams.find(({ name }) => name === first?.stream);
    if (!spec) return Number.POSITIVE_INFINITY;
    if (spec.role === "person") return 0;
    return spec.role === "root" ? 1 : 2 + streams.indexOf(spec);
  };
  const ranked = Map.groupBy(messages.entries(), ([, message]) => rank(message));
  return [...ranked].toSorted(([a], [b]) => a - b).map(([, together]) => together);
}
