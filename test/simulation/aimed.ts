import type { FaultKind } from "./scheduler.ts";

/** Every port of the whole system, as a run calls them; a test fails when a run calls another. */
export const allPorts = [
  "archive.put",
  "claims.load",
  "claims.save",
  "control-all.state",
  "control.state",
  "control.stop",
  "crews.read",
  "ctc.read",
  "ctc.write",
  "due.cancel",
  "due.due",
  "due.handOut",
  "due.schedule",
  "due.scheduleOnce",
  "feeds.all",
  "feeds.load",
  "feeds.save",
  "fleet.read",
  "jobs.commit",
  "jobs.commitTogether",
  "jobs.history",
  "jobs.list",
  "jobs.load",
  "jobs.loadMany",
  "manifest.load",
  "manifest.merge",
  "queues.backfill",
  "queues.hints",
  "queues.inbound",
  "queues.outbound",
  "queues.sweeps",
  "reads.take",
  "sets.add",
  "sets.list",
  "sets.listAll",
  "sets.remove",
  "st.read",
  "st.write",
  "sweeps.load",
  "sweeps.save",
] as const;

/** Those that many runs never call, or once: aimed at far more often. */
const rarePorts = [
  "control.stop",
  "ctc.write",
  "due.cancel",
  "jobs.loadMany",
  "queues.outbound",
  "queues.sweeps",
  "sets.remove",
  "st.write",
  "sweeps.load",
  "sweeps.save",
];

/** One fault that is not left to the dice: at the `call`th call of a port. */
export interface Aim {
  readonly port: string;
  readonly kind: Extract<FaultKind, "crash before" | "crash after" | "throttled">;
  readonly call: number;
}

/**
 * Two crashes a run, and what it takes that there is something to crash at. Seed after seed each port in turn, first
 * before its effect, then after it, then the same again some calls later; and beside it one of the rare ports at its
 * first call.
 */
export function aimsOf(seed: number): readonly Aim[] {
  const [turn, place] = [Math.floor(seed / allPorts.length), seed % allPorts.length];
  const kinds = ["crash before", "crash after"] as const;
  const rare = rarePorts[seed % rarePorts.length] ?? "";
  return [
    { port: allPorts[place] ?? "", kind: kinds[turn % 2] ?? kinds[0], call: 1 + ((Math.floor(turn / 2) * 3) % 20) },
    {
      port: rare,
      kind: kinds[Math.floor(seed / rarePorts.length) % 2] ?? kinds[0],
      call: 1,
    },
    // What a hint could not read now waits as a due item, which is cancelled once its queue has it again.
    ...(rare === "due.cancel"
      ? [{ port: "fleet.read", kind: "throttled" as const, call: 3 + (Math.floor(seed / rarePorts.length) % 6) }]
      : []),
  ];
}
