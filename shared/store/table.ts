import { shortHash } from "#shared/domain/ids.ts";

/**
 * The one DynamoDB table: its keys, its two indexes and its TTL attribute. Every key is built in this file. A partition
 * is (company, kind, id), never the company alone, so that no company makes a hot partition and IAM `LeadingKeys` can
 * confine a cell to one. `*` stands where an item belongs to no company; no company can be called that.
 */
export const table = {
  partitionKey: "pk",
  sortKey: "sk",
  /** Sparse: only items with `dueAt` stand in it; sharded, so that no partition is hot. */
  dueIndex: { name: "due", partitionKey: "dueShard", sortKey: "dueAt" },
  /** Sparse: what is listed without a scan (jobs, parked records, quarantine), per company, list and shard. */
  listIndex: { name: "list", partitionKey: "listShard", sortKey: "listKey" },
  ttlAttribute: "expiresAt",
} as const;

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** The set of a person's or technician's day, `day:<person>:2026-11-02`. */
const daySet = /^((?:day|crew):.*):(\d{4}-\d{2}-\d{2})$/;

const partition = (company: string, kind: string, ...id: readonly string[]): string => [company, kind, ...id].join("#");

export const keys = {
  job: (company: string, job: string): Key => ({ pk: partition(company, "job", job), sk: "job" }),
  /**
   * The way back to one past version, in the job's own partition: listed with it, named by the digest of what it starts
   * from. Versions sort as numbers; the parts of one too large for an item follow it.
   */
  past: (company: string, job: string, version: number, from: string, part: number): Key => ({
    pk: partition(company, "job", job),
    sk: `past#${String(version).padStart(10, "0")}#${from}${part === 0 ? "" : `#${String(part).padStart(4, "0")}`}`,
  }),
  /** One part of a job too large for one item: immutable, named by the version that wrote it and its content. */
  jobPart: (company: string, job: string, version: number, part: number, digest: string): Key => ({
    pk: partition(company, "job", job),
    sk: `part#${version}#${part}#${digest}`,
  }),
  claim: (company: string, record: string): Key => ({ pk: partition(company, "claim", record), sk: "claim" }),
  /** The days of one person lie in one partition, in their order, so that days around a day are one read. */
  setMember: (company: string, set: string, member: string): Key => {
    const [, whose = "", day] = daySet.exec(set) ?? [];
    return day === undefined
      ? { pk: partition(company, "set", set), sk: member }
      : { pk: partition(company, "days", whose), sk: `${day}#${member}` };
  },
  control: (company: string): Key => ({ pk: partition(company, "control"), sk: "control" }),
  feed: (company: string, connection: string, stream: string): Key => ({
    pk: partition(company, "feeds"),
    sk: `${connection}/${stream}`,
  }),
  readNumber: (company: string, connection: string, stream: string): Key => ({
    pk: partition(company, "read", connection),
    sk: stream,
  }),
  manifestChunk: (company: string, connection: string, stream: string, chunk: string): Key => ({
    pk: partition(company, "manifest", connection, stream),
    sk: chunk,
  }),
  sweep: (company: string, connection: string, stream: string): Key => ({
    pk: partition(company, "sweep", connection, stream),
    sk: "state",
  }),
  quarantined: (company: string, key: string): Key => ({ pk: partition(company, "quarantine", key), sk: "entry" }),
  due: (company: string, kind: string, name: string): Key => ({ pk: partition(company, "due", kind, name), sk: "due" }),
  budget: (company: string, connection: string): Key => ({
    pk: partition(company, "budget", connection),
    sk: "budget",
  }),
  token: (company: string, connection: string): Key => ({ pk: partition(company, "token", connection), sk: "token" }),
  config: (company: string): Key => ({ pk: partition(company, "config"), sk: "config" }),
  schedule: (company: string): Key => ({ pk: partition(company, "schedule"), sk: "schedule" }),
  cell: (cell: string): Key => ({ pk: partition("*", "cell", cell), sk: "companies" }),
} as const;

/** Names the control item that stops every company. */
export const everyCompany = "*";

/** Between which sort keys the members of a set lie; null when they are all of its partition. */
export function membersRange(set: string): { readonly from: string; readonly to: string } | null {
  const day = daySet.exec(set)?.[2];
  return day === undefined ? null : { from: `${day}#`, to: `${day}$` };
}

/** The sort keys of the ways back to a job's past versions lie between these two. */
export const pastRange = { from: "past#", to: "past$" } as const;

/** What a due item's key says it is; null for a key that is no due item's. */
export function dueOfKey(key: Key): { readonly company: string; readonly kind: string; readonly name: string } | null {
  const [company = "", kind = "", ...rest] = key.pk.split("#");
  if (kind === "job" && key.sk === "job") return { company, kind: "job", name: rest.join("#") };
  const [dueKind, ...name] = rest;
  if (kind === "due" && dueKind !== undefined) return { company, kind: dueKind, name: name.join("#") };
  return null;
}

/** The job that a key from the list index names. */
export function jobOfKey(key: Key): string {
  return key.pk.split("#").slice(2).join("#");
}

const dueShards = 4;
const listShards = 8;

function shardOf(text: string, shards: number): string {
  return String(Number.parseInt(shortHash(text).slice(0, 4), 16) % shards).padStart(2, "0");
}

export function dueShardOf(key: Key): string {
  return `due#${shardOf(key.pk, dueShards)}`;
}

export const allDueShards: readonly string[] = Array.from(
  { length: dueShards },
  (_, shard) => `due#${String(shard).padStart(2, "0")}`,
);

/** The lists of a company: jobs with open work, the other jobs, parked records, unattached money, the quarantine. */
export type ListName = "open" | "quiet" | "parked" | "unattached" | "quarantine";

export function listShardOf(company: string, list: ListName, member: string): string {
  return `${company}#${list}#${shardOf(member, listShards)}`;
}

export function allListShards(company: string, list: ListName): readonly string[] {
  return Array.from({ length: listShards }, (_, shard) => `${company}#${list}#${String(shard).padStart(2, "0")}`);
}

/**
 * The manifest's chunk of a record: 4096 chunks by hash, so that one changed record rewrites an item of at most a
 * few KB (one write unit up to some 30,000 records in a stream), while reading all of them costs what their bytes cost.
 */
export function manifestChunkOf(recordId: string): string {
  return shortHash(recordId).slice(0, 3);
}

/** Where a raw page, a message too large for a queue, or an unfit record lies in the archive. */
export function archiveKey(
  company: string,
  kind: "pages" | "messages" | "unfit",
  at: string,
  ...name: readonly string[]
): string {
  return [kind, company, at.slice(0, 10), ...name].join("/");
}
