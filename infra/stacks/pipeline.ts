import { Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { DispatchDue } from "#infra/constructs/dispatch-due.ts";
import { PollVendor } from "#infra/constructs/poll-vendor.ts";
import { PublicApi } from "#infra/constructs/public-api.ts";
import { byVendor, Queues } from "#infra/constructs/queues.ts";
import { ReceiveWebhook } from "#infra/constructs/receive-webhook.ts";
import { ReconcileJob } from "#infra/constructs/reconcile-job.ts";
import type { Surroundings } from "#infra/constructs/surroundings.ts";
import { SweepDrift } from "#infra/constructs/sweep-drift.ts";
import { WriteBack } from "#infra/constructs/write-back.ts";
import type { Store } from "#infra/stacks/data.ts";
import type { Stage } from "#infra/stage.ts";
import type { VendorId } from "#shared/connectors/vendors.ts";

export interface PipelineStackProps extends StackProps {
  readonly stage: Stage;
  readonly store: Store;
}

/** The path of the data: queues, the functions between them, the tick and the door that vendors knock on. */
export class PipelineStack extends Stack {
  readonly queues: Queues;
  readonly publicApi: PublicApi;
  readonly receiveWebhook: ReceiveWebhook;
  readonly pollers: Readonly<Record<VendorId, PollVendor>>;
  readonly reconcileJob: ReconcileJob;
  readonly writers: Readonly<Record<VendorId, WriteBack>>;
  readonly sweepDrift: SweepDrift;
  readonly dispatchDue: DispatchDue;

  constructor(scope: Construct, id: string, { stage, store, ...props }: PipelineStackProps) {
    super(scope, id, { description: "Plumbline: the path of the data", ...props });
    this.queues = new Queues(this, "Queues", stage);
    const around: Surroundings = { stage, store, queues: this.queues };

    this.receiveWebhook = new ReceiveWebhook(this, "ReceiveWebhook", around);
    this.pollers = byVendor((vendor) => new PollVendor(this, `PollVendor-${vendor}`, around, vendor));
    this.reconcileJob = new ReconcileJob(this, "ReconcileJob", around);
    this.writers = byVendor((vendor) => new WriteBack(this, `WriteBack-${vendor}`, around, vendor));
    this.sweepDrift = new SweepDrift(this, "SweepDrift", around);
    this.dispatchDue = new DispatchDue(this, "DispatchDue", around);

    this.publicApi = new PublicApi(this, "PublicApi", stage);
    this.publicApi.openToVendors("Webhooks", "/webhooks/{company}/{connection}", this.receiveWebhook.function);
  }
}
