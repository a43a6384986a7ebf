// Stands in for @smithy/core/event-streams in the bundles: no operation of DynamoDB's or SQS's that we call streams.
export class EventStreamSerde {
  constructor() {
    throw new Error("an AWS operation streams events; the bundles leave that out (infra/bundling)");
  }
}
export function eventStreamSerdeProvider() {
  throw new Error("an AWS operation streams events; the bundles leave that out (infra/bundling)");
}
