import { Duration } from "aws-cdk-lib";
import { Construct } from "constructs";
import { timeouts } from "#infra/constructs/timeouts.ts";
import { type Batch, WorkQueue } from "#infra/constructs/work-queue.ts";
import type { Stage } from "#infra/stage.ts";
import { type VendorId, vendors } from "#shared/connectors/vendors.ts";

/**
 * Every queue of a cell. Hints and outbound stand per vendor, so that one vendor's outage delays nobody else; backfill
 * stands beside inbound, so that a company's history never delays a live change.
 */
export class Queues extends Construct {
  readonly hints: Readonly<Record<VendorId, WorkQueue>>;
  readonly outbound: Readonly<Record<VendorId, WorkQueue>>;
  readonly inbound: WorkQueue;
  readonly backfill: WorkQueue;
  readonly sweep: WorkQueue;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    const make = (queueId: string, name: string, workerTimeout: Duration, batch?: Batch): WorkQueue =>
      new WorkQueue(this, queueId, { stage, name, workerTimeout, ...(batch ? { batch } : {}) });
    const perVendor = (queueId: string, name: string, workerTimeout: Duration): Record<VendorId, WorkQueue> =>
      byVendor((vendor) => make(`${queueId}-${vendor}`, `${name}-${vendor}`, workerTimeout));

    this.hints = perVendor("Hints", "hints", timeouts.pollVendor);
    this.inbound = make("Inbound", "inbound", timeouts.reconcileJob);
    // What the many pages of a company's history say of one job is then one commit of it.
    this.backfill = make("Backfill", "backfill", timeouts.reconcileJob, { most: 100, window: Duration.seconds(3) });
    this.outbound = perVendor("Outbound", "outbound", timeouts.writeBack);
    // A connection's streams are swept at one instant, and each may need the whole of an invocation.
    this.sweep = make("Sweep", "sweep", timeouts.sweepDrift, { most: 1 });
  }

  /** All of them, in the order of the path. */
  all(): readonly WorkQueue[] {
    return [...Object.values(this.hints), this.inbound, this.backfill, ...Object.values(this.outbound), this.sweep];
  }
}

/** One value for each row of vendors.ts. */
export function byVendor<Value>(make: (vendor: VendorId) => Value): Record<VendorId, Value> {
  return Object.fromEntries(vendors.map(({ id }) => [id, make(id)])) as Record<VendorId, Value>;
}
