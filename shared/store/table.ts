/**
 * The one DynamoDB table: its keys, its one index and its TTL attribute. Every key is built in this file.
 */
export const table = {
  partitionKey: "pk",
  sortKey: "sk",
  /** Sparse: only items with `due` stand in it; sharded, so that no partition is hot. */
  dueIndex: { name: "due", partitionKey: "dueShard", sortKey: "dueAt" },
  /** Sparse: open work a person lists (jobs with breaks, plans, tasks), per company and shard. */
  listIndex: { name: "list", partitionKey: "listShard", sortKey: "listKey" },
  ttlAttribute: "expiresAt",
} as const;
