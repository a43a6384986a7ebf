import { canonicalJson, recordKey, sameJson } from "#shared/domain/ids.ts";
import type { Intent } from "#shared/domain/intent.ts";
import type { JobState } from "#shared/domain/job.ts";
import { isGone } from "#shared/domain/observation.ts";
import type { StoredJob } from "#shared/pipeline/ports.ts";
import type { MemoryWorld } from "#test/support/memory-ports.ts";
import { isRoot } from "./company.ts";
import type { Watcher } from "./ports.ts";
import type { Invocation } from "./scheduler.ts";
import type { Books, Row, Written } from "./vendors.ts";

/** Notes what must be true of a company at the moment something happens, in words. It knows laws, never defects. */
export class Witness implements Watcher {
  readonly wrong: string[] = [];
  /** (job, version) of every change that lines were told of. */
  readonly told: { readonly job: string; readonly version: number }[] = [];
  /** What each commit stored, as canonical JSON, in the order of the commits. */
  readonly stored: { readonly job: string; readonly version: number; readonly at: string; readonly json: string }[] =
    [];
  /** Jobs in which a write is planned or under way. */
  private readonly waiting = new Map<string, boolean>();
  private readonly approved = new Set<string>();
  private readonly world: MemoryWorld;
  private readonly company: string;
  private readonly books: Books;
  private stoppedAt: string | null = null;
  private readonly claimChecks: Promise<void>[] = [];

  constructor(world: MemoryWorld, company: string, books: Books) {
    this.world = world;
    this.company = company;
    this.books = books;
  }

  person(intent: Intent): void {
    this.approved.add(`${intent.id} ${intent.bound}`);
  }

  stopped(at: string | null): void {
    this.stoppedAt = at;
  }

  committed(before: StoredJob, next: JobState, at: string): void {
    const planned = next.intents.some((intent) => intent.kind === "write" && intent.rejected === null);
    // A commit that changes nothing writes nothing, and may rest on what has moved since.
    if (!sameJson(before.state, next))
      this.waiting.set(next.id, next.forwardTo === null && (planned || next.attempts.length > 0));
    if (next.lastChange && !sameJson(next.lastChange, before.state.lastChange))
      this.told.push({ job: next.id, version: before.version + 1 });
    this.claimChecks.push(this.keep(next.id, at), this.checkClaims(next));
    this.checkRecords(next);
    for (const found of next.breaks) {
      const money = found.kind === "charge" || found.kind === "payment" || found.kind === "missing-twin";
      const sum = found.causes.reduce((total, cause) => total + cause.minor, 0);
      if (money && sum !== found.gapMinor)
        this.wrong.push(`causes of ${found.key} sum to ${sum}, not ${found.gapMinor}`);
    }
  }

  private async keep(job: string, at: string): Promise<void> {
    const { state, version } = await this.world.company(this.company).jobs.load(job);
    // A commit that changes nothing writes nothing.
    if (this.stored.some((known) => known.job === job && known.version === version)) return;
    this.stored.push({ job, version, at, json: canonicalJson(state) });
  }

  somethingWaits(): boolean {
    return [...this.waiting.values()].some((waits) => waits);
  }

  /** What a job says of records is true of its own company's vendors: they have them, and those that are gone are gone. */
  private checkRecords(next: JobState): void {
    for (const [key, known] of Object.entries(next.observations)) {
      const row = rowOf(this.books, key);
      if (known.said && !row && !this.books.removed.has(rowName(key)))
        this.wrong.push(`${key} is in a job of ${this.company}, whose vendors never had it`);
      if (isGone(known) && row) this.wrong.push(`${key} is taken for gone, and its vendor has it`);
    }
  }

  /** Claims come before jobs: no job holds a root that no claim ties to a job. */
  private async checkClaims(next: JobState): Promise<void> {
    const store = this.world.company(this.company);
    const keys = Object.keys(next.observations).filter(isRoot);
    for (const claim of await store.claims.load(keys)) {
      if (claim.version === 0) this.wrong.push(`${next.id} holds ${claim.record}, which no claim ties to a job`);
    }
  }

  /** A vendor takes a write: who sent it, what it may rest on. */
  async written(of: Invocation, job: string, intentId: string | null, write: Written, again: boolean): Promise<void> {
    const { state } = await this.world.company(this.company).jobs.load(job);
    const attempt = state.attempts.find((known) => known.intent.id === intentId);
    const what = `${write.operation} of ${write.record}`;
    if (!attempt) {
      this.wrong.push(`${what} was sent without an attempt in the job's item`);
      return;
    }
    const { intent } = attempt;
    const { approved } = intent;
    if (intent.needsApproval && !this.approved.has(`${intent.id} ${intent.bound}`) && approved?.rule === undefined)
      this.wrong.push(`${what} was sent, and nobody approved this plan`);
    if (intent.moneyMinor !== 0 && !approved) this.wrong.push(`${what} moved money that nobody approved`);
    if (again) this.wrong.push(`${what} was sent twice for ${recordKey(intent.record)}`);
    if (this.stoppedAt !== null && of.startedAt > this.stoppedAt)
      this.wrong.push(`${what} was begun after the stop of ${this.stoppedAt}`);
  }

  async finish(): Promise<void> {
    await Promise.all(this.claimChecks);
  }
}

/** The row of a record's key: `st/jobs/101` is row 101 of the books' `st.jobs`. */
function rowOf(books: Books, key: string): Row | undefined {
  const [connection = "", stream = "", ...id] = key.split("/");
  return books.get(`${connection}.${stream}`, id.join("/"));
}

/** As the books name it: `st.jobs/101`. */
const rowName = (key: string): string => key.replace("/", ".");
