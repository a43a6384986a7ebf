import { Duration } from "aws-cdk-lib";

/** How long each function may take; every queue's visibility follows from its worker's. */
export const timeouts = {
  /** A vendor waits for the answer: it only checks a signature and queues a hint. */
  receiveWebhook: Duration.seconds(10),
  /** Several pages of a slow vendor, with waits inside the budget. */
  pollVendor: Duration.seconds(120),
  reconcileJob: Duration.seconds(180),
  /** Ten intents, each a read, a write and a read-back. */
  writeBack: Duration.seconds(60),
  /** A whole stream against every job item of a connection. */
  sweepDrift: Duration.seconds(600),
  dispatchDue: Duration.seconds(50),
  /** The HTTP API itself gives up after 30 seconds; call-vendor has the same. */
  operate: Duration.seconds(29),
} as const;
