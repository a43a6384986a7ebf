import { Failure } from "#shared/domain/failure.ts";
import { recordKey } from "#shared/domain/ids.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import type { Describer } from "./arrive.ts";
import { unattachedTo } from "./jobless.ts";
import type { ClaimStore, JobStore, ManifestStore, Quarantine, StoredClaim } from "./ports.ts";
import { isOfJobs } from "./reading.ts";
import { isReadGone } from "./unapplied.ts";
import { withoutJob } from "./unattached.ts";

/**
 * Counts in equal counts out (law 10): every record that was ever handed on, as the manifest names it, is looked up
 * where it arrived, in its claim. `read` is the sum of all the others.
 */
export interface StreamCounts {
  readonly connection: string;
  readonly stream: string;
  /** Records handed on or turned away, each once. What has no id is counted in the quarantine alone. */
  readonly read: number;
  /** In a job, also where it was deleted since: its job says so. */
  readonly attached: number;
  /** Payments with money on no invoice, invoices without a job. */
  readonly unattached: number;
  /** Payments and memos that lie on unattached invoices alone. */
  readonly onUnattached: number;
  /** In no job, and proven gone, void, failed or refunded. */
  readonly gone: number;
  /** Turned away at the door. */
  readonly notOurs: number;
  readonly quarantined: number;
  /** Parked: what it hangs on has not come, or it moves no money. */
  readonly waiting: number;
  /** Handed on, and nothing of it arrived: its message is under way, or lost until the next sweep. */
  readonly missing: number;
}

export interface CountPorts {
  readonly claims: Pick<ClaimStore, "load">;
  readonly jobs: Pick<JobStore, "loadMany">;
  readonly manifest: Pick<ManifestStore, "page">;
  readonly quarantine: Pick<Quarantine, "list">;
  readonly describer: (vendor: string) => Describer | undefined;
}

export interface CountsPage {
  /** Of one stream, and of no more than some hundred of its records: those of a stream are added up over its pages. */
  readonly counts: StreamCounts;
  readonly next: string | null;
}

type Fate = Exclude<keyof StreamCounts, "connection" | "stream" | "read">;

/** What a poller notes in the manifest beside records: what it put away, and what it turned away. */
const unfitMark = "unfit:";
const droppedMark = "dropped:";

/**
 * The counts of one page of the manifest, stream after stream. It costs the bytes of that page (a unit for 4 KB) and a
 * read unit a record: a company of 100,000 records has them all for some 110,000 units, a few cents. Null where no
 * stream of jobs is configured. Throws Failure `bad-input` on a cursor that no page gave.
 */
export async function countsPage(
  ports: CountPorts,
  company: CompanyConfig,
  cursor: string | null,
): Promise<CountsPage | null> {
  const streams = streamsOf(company, ports.describer);
  const [place = "0", ...from] = (cursor ?? "0").split(":");
  const at = streams[Number(place)];
  if (!at) {
    if (cursor === null) return null;
    throw new Failure("bad-input", `next: ${cursor} is no page of the counts`);
  }
  const page = await ports.manifest.page(at.connection, at.stream, from.length === 0 ? null : from.join(":"));
  const counts = await countsOf(ports, at, page.ids);
  const after = Number(place) + 1;
  if (page.next !== null) return { counts, next: `${place}:${page.next}` };
  return { counts, next: after < streams.length ? String(after) : null };
}

function streamsOf(
  company: CompanyConfig,
  describer: CountPorts["describer"],
): readonly { readonly connection: string; readonly stream: string }[] {
  return company.connections.flatMap(({ id, vendor }) =>
    Object.values(describer(vendor)?.streams ?? {})
      .filter(isOfJobs)
      .map(({ name }) => ({ connection: id, stream: name })),
  );
}

async function countsOf(
  ports: CountPorts,
  { connection, stream }: { readonly connection: string; readonly stream: string },
  entries: readonly string[],
): Promise<StreamCounts> {
  const ids = entries.filter((entry) => !entry.startsWith(unfitMark) && !entry.startsWith(droppedMark));
  const counted: Record<Fate, number> = {
    ...{ attached: 0, unattached: 0, onUnattached: 0, gone: 0, quarantined: 0, waiting: 0, missing: 0 },
    notOurs: entries.filter((entry) => entry.startsWith(droppedMark)).length,
  };
  const claims =
    ids.length === 0 ? [] : await ports.claims.load(ids.map((id) => recordKey({ connection, stream, id })));
  const listed = await withoutJob(
    ports,
    claims.filter((claim) => unattachedTo(claim) !== undefined),
  );
  const unattached = { here: new Set(listed), invoices: await unattachedInvoices(ports, claims) };
  for (const claim of claims) counted[fateOf(claim, unattached)]++;
  if (counted.missing > 0) {
    const unread = new Set((await ports.quarantine.list()).map((one) => `${one.connection}/${one.stream}/${one.id}`));
    counted.quarantined = claims.filter(({ record, version }) => version === 0 && unread.has(record)).length;
    counted.missing -= counted.quarantined;
  }
  return { connection, stream, read: ids.length + counted.notOurs, ...counted };
}

/** Which of the invoices that parked payments lie on are unattached themselves. */
async function unattachedInvoices(ports: CountPorts, claims: readonly StoredClaim[]): Promise<ReadonlySet<string>> {
  const invoices = new Set(claims.flatMap((claim) => (claim.parked === null ? [] : invoicesOf(claim))));
  const found = invoices.size === 0 ? [] : await ports.claims.load([...invoices]);
  return new Set(found.filter((claim) => unattachedTo(claim) !== undefined).map(({ record }) => record));
}

const invoicesOf = ({ unapplied }: StoredClaim): readonly string[] =>
  (unapplied?.shares ?? []).map(([invoice]) => invoice);

function fateOf(
  claim: StoredClaim,
  unattached: { readonly here: ReadonlySet<StoredClaim>; readonly invoices: ReadonlySet<string> },
): Fate {
  const held = claim.unapplied ?? claim.jobless;
  if (claim.version === 0) return "missing";
  if (unattached.here.has(claim)) return "unattached";
  if (claim.jobs.length > 0) return "attached";
  if (held && (held.over === true || isReadGone(held))) return "gone";
  const on = invoicesOf(claim);
  return on.length > 0 && on.every((invoice) => unattached.invoices.has(invoice)) ? "onUnattached" : "waiting";
}
