// Stands in for @aws-sdk/endpoint-cache in the bundles: it remembers what endpoint discovery found, which DynamoDB's
// client offers, is off, and would need 7 KiB of an LRU cache for.
export class EndpointCache {
  has() {
    return false;
  }
  get() {
    return undefined;
  }
  getEndpoint() {
    return undefined;
  }
  set() {
    throw new Error("endpoint discovery is switched on; the bundles leave its cache out (infra/bundling)");
  }
  delete() {}
  clear() {}
}
