import { Duration } from "aws-cdk-lib";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { nameIn, type Stage } from "#infra/stage.ts";

/** How messages are handed to one invocation. */
export interface Batch {
  readonly most: number;
  /** How long the first of them waits for others. @default taken as it comes */
  readonly window?: Duration;
}

export interface WorkQueueProps {
  readonly stage: Stage;
  /** The queue's name inside its cell, e.g. `inbound`. */
  readonly name: string;
  /** Time-out of the function that works it off. */
  readonly workerTimeout: Duration;
  /** @default ten at most, taken as they come */
  readonly batch?: Batch;
  /** How often one message may fail before a person looks at it. @default 5 */
  readonly attempts?: number;
}

/**
 * A standard queue and its dead-letter queue. Order and exclusion come from the store, so no queue is FIFO.
 * A message stays hidden for six times its worker's time-out and the wait for others, as AWS advises: a batch that is
 * throttled or times out is not handed to a second worker meanwhile.
 */
export class WorkQueue extends Construct {
  readonly name: string;
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly batch: Batch;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    this.name = props.name;
    this.batch = props.batch ?? { most: 10 };
    this.deadLetters = new Queue(this, "DeadLetters", {
      queueName: nameIn(props.stage, props.name, "dead-letters"),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.queue = new Queue(this, "Queue", {
      queueName: nameIn(props.stage, props.name),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(4),
      visibilityTimeout: Duration.seconds(props.workerTimeout.toSeconds() * 6 + (this.batch.window?.toSeconds() ?? 0)),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: props.attempts ?? 5 },
    });
  }
}
