import { isOpen } from "#shared/domain/break.ts";
import { canonicalJson, digestOf, recordKey } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import { isGone } from "#shared/domain/observation.ts";
import { everyJob } from "#shared/pipeline/every-job.ts";
import { missing, paidTwice, uncounted, unheld } from "./checks-money.ts";
import { isRoot } from "./company.ts";
import type { Played } from "./played.ts";
import type { Ran } from "./ran.ts";
import type { Row } from "./vendors.ts";

/** What must be true of every run, and of a kind (c) run beside its faultless twin. Empty: all of it is. */
export async function faultsOf(ran: Ran, twin: Ran | null): Promise<readonly string[]> {
  const wrong = ran.rests ? [] : ["the run never came to rest"];
  for (const played of ran.played) {
    const jobs = await jobsOf(ran, played);
    wrong.push(
      ...new Set(played.witness.wrong),
      ...lost(played, jobs),
      ...(await unclaimed(ran, played, jobs)),
      ...forgotten(played, jobs),
      ...gone(played, jobs),
      ...uncounted(played, jobs),
      ...paidTwice(played),
      ...(await unheld(ran, played)),
      ...(await missing(ran, played)),
    );
  }
  wrong.push(...(await joinedAgain(ran)));
  wrong.push(...strangers(ran));
  if (ran.script.kind === "c" && twin) wrong.push(...(await differing(ran, twin)));
  return wrong;
}

async function jobsOf(ran: Ran, { company }: Played): Promise<readonly JobState[]> {
  const all = await everyJob(ran.world.company(company.id).jobs, "all");
  return all.filter((state) => state.forwardTo === null);
}

/** Nothing crosses a company: its vendors are not asked for what only another's have. */
function strangers(ran: Ran): readonly string[] {
  return ran.played.flatMap((asked) =>
    ran.played.flatMap((other) =>
      [...asked.books.sought]
        .filter((record) => other !== asked && other.books.has(record))
        .map((record) => `a vendor of ${asked.company.id} was asked for ${record}, which ${other.company.id} has`),
    ),
  );
}

/**
 * What cannot be found out stands before a person, and the break stays: a write of money that nobody saw the end of,
 * another that ended so twice, or on a record that another write of ours moved meanwhile. Such a job cannot be compared
 * with what a run without faults comes to; all others can.
 */
const isLeftToAPerson = (state: JobState): boolean =>
  state.receipts.some((receipt) => receipt.outcome === "unresolved");

/** How many jobs of a kind (c) run there are, and how many of them its twin says nothing about. */
export async function leftOut(ran: Ran): Promise<{ readonly jobs: number; readonly left: number }> {
  const jobs = await jobsOf(ran, ran.played[0]);
  return { jobs: jobs.length, left: jobs.filter(isLeftToAPerson).length };
}

/** Streams and how a row is named and printed there. */
const streams: readonly (readonly [stream: string, connection: string, id: string])[] = [
  ["st.jobs", "st/jobs", "id"],
  ["st.appointments", "st/appointments", "id"],
  ["st.invoices", "st/invoices", "id"],
  ["st.payments", "st/payments", "id"],
  ["ctc.jobs", "ctc/jobs", "uuid"],
  ["ctc.invoices", "ctc/invoices", "uuid"],
  ["ctc.payments", "ctc/payments", "uuid"],
  ["crews.serviced-jobs", "crews/serviced-jobs", "id"],
  ["fleet.service-entries", "fleet/service-entries", "id"],
];

/** No observed change is lost: at rest every row of every vendor is known as it stands, and by one job only. */
function lost({ books }: Played, jobs: readonly JobState[]): readonly string[] {
  return streams.flatMap(([stream, prefix, idName]) =>
    books.list(stream).flatMap((row): readonly string[] => {
      const key = `${prefix}/${String(row[idName])}`;
      const holders = jobs.filter((state) => state.observations[key]?.said);
      // Money that was never on an invoice waits with its customer, where `unheld` looks for it.
      if (holders.length === 0)
        return stream === "st.payments" && invoicesOf(row).length === 0 ? [] : [`${key} is in no job`];
      const wanted = wantedHolders(row, key, jobs);
      const stale = holders.filter(
        (state) =>
          wanted.includes(state.id) && state.observations[key]?.said?.digest !== digestOf(printed(stream, row)),
      );
      return [
        ...stale.map((state) => `${key} changed, and ${state.id} does not know`),
        ...(isRoot(key) && holders.length > 1 ? [`${key} is in ${holders.length} jobs`] : []),
        ...(stream === "st.payments" ? misplaced(row, key, jobs) : []),
      ];
    }),
  );
}

const invoicesOf = (row: Row): readonly string[] => {
  const applied = Array.isArray(row["appliedTo"]) ? row["appliedTo"] : [];
  return applied.map((share: unknown) =>
    typeof share === "object" && share !== null ? `st/invoices/${String(Reflect.get(share, "appliedTo"))}` : "",
  );
};

const saidIn = (state: JobState, key: string): boolean => state.observations[key]?.said != null;

/** A payment is followed where its invoices are; a job that it left has been told so once, and no longer counts it. */
function wantedHolders(row: Row, key: string, jobs: readonly JobState[]): readonly string[] {
  const holders = jobs.filter((state) => saidIn(state, key));
  const invoices = invoicesOf(row);
  const wanted =
    invoices.length === 0 ? holders : holders.filter((state) => invoices.some((one) => saidIn(state, one)));
  return wanted.map((state) => state.id);
}

/** Every job that holds an invoice of a payment knows the payment, and no other job counts any of it. */
function misplaced(row: Row, key: string, jobs: readonly JobState[]): readonly string[] {
  const invoices = invoicesOf(row);
  return jobs.flatMap((state) => {
    if (invoices.some((one) => saidIn(state, one)))
      return saidIn(state, key) ? [] : [`${key} lies on an invoice of ${state.id}, which does not know it`];
    const facts = state.observations[key]?.said?.facts;
    const counted = facts?.kind === "payment" && facts.shares.some((share) => saidIn(state, recordKey(share.invoice)));
    return counted ? [`${key} has left ${state.id}, which still counts it`] : [];
  });
}

/** What a vendor has removed is known to be gone wherever it was known. */
function gone({ books }: Played, jobs: readonly JobState[]): readonly string[] {
  return streams.flatMap(([stream, prefix]) =>
    [...books.removed]
      .filter((record) => record.startsWith(`${stream}/`))
      .flatMap((record) => {
        const key = `${prefix}${record.slice(stream.length)}`;
        return jobs
          .filter(({ observations }) => observations[key]?.said && !isGone(observations[key]))
          .map((state) => `${key} was removed, and ${state.id} does not know`);
      }),
  );
}

/** What a person took apart stays apart, whatever is read of either afterwards. */
async function joinedAgain(ran: Ran): Promise<readonly string[]> {
  const { parted } = ran.script;
  if (!ran.isParted || parted === null) return [];
  const jobs = await jobsOf(ran, ran.played[0]);
  return jobs
    .filter((state) => saidIn(state, parted.record) && saidIn(state, parted.from))
    .map((state) => `${parted.record} and ${parted.from} are both in ${state.id}, and a person took them apart`);
}

/** As the connector forwards it, to compare digests. */
function printed(stream: string, row: Row): unknown {
  if (stream !== "crews.serviced-jobs") return row;
  const { completed, ...job } = row;
  return { job, completed };
}

async function unclaimed(ran: Ran, { company }: Played, jobs: readonly JobState[]): Promise<readonly string[]> {
  const store = ran.world.company(company.id);
  const wrong: string[] = [];
  for (const state of jobs) {
    const roots = Object.keys(state.observations).filter(isRoot);
    for (const claim of await store.claims.load(roots))
      if (!claim.jobs.includes(state.id))
        wrong.push(`${claim.record} is claimed by ${claim.jobs.join(", ") || "nobody"}`);
  }
  return wrong;
}

/** Every change that was told is still there: in the item as its last, or in the history. */
function forgotten({ witness, history }: Played, jobs: readonly JobState[]): readonly string[] {
  const last = new Map(jobs.map((state) => [state.id, state.lastChange?.version]));
  return witness.told
    .filter(({ job, version }) => last.has(job) && last.get(job) !== version && !history.get(job)?.has(version))
    .map(({ job, version }) => `version ${version} of ${job} is in no history`);
}

/** Law 1 (c): what the vendors hold, what is linked and what stands open is what a run without faults comes to. */
async function differing(ran: Ran, twin: Ran): Promise<readonly string[]> {
  const [[own], [same]] = [ran.played, twin.played];
  const all = await jobsOf(ran, own);
  const left = new Set(all.filter(isLeftToAPerson).flatMap((state) => Object.keys(state.observations)));
  const compared = (state: JobState): boolean => !Object.keys(state.observations).some((key) => left.has(key));
  const [jobs, others] = [all.filter(compared), (await jobsOf(twin, same)).filter(compared)];
  const wrong: string[] = [];
  const compare = (what: string, a: unknown, b: unknown): void => {
    if (canonicalJson(a) !== canonicalJson(b))
      wrong.push(`${what}: ${canonicalJson(a)}, without faults ${canonicalJson(b)}`);
  };
  compare("the branch's board", board(own, left), board(same, left));
  compare("the branch's payments", taken(own, left), taken(same, left));
  compare("bookings", booked(own, left), booked(same, left));
  compare("links", linksOf(jobs), linksOf(others));
  compare("open breaks", breaksOf(jobs), breaksOf(others));
  return wrong;
}

const board = ({ books }: Played, left: ReadonlySet<string>): unknown =>
  books
    .list("ctc.jobs")
    .filter((row) => !left.has(`ctc/jobs/${String(row["uuid"])}`))
    .map((row) => [
      row["uuid"],
      row["status"],
      String(row["scheduled_date"]).slice(0, 10),
      row["scheduled_time_start"],
      row["actual_amount"],
    ]);
const taken = ({ books }: Played, left: ReadonlySet<string>): unknown =>
  books
    .list("ctc.payments")
    .filter((row) => !left.has(`ctc/invoices/${String(row["invoice_uuid"])}`))
    .map((row) => [row["invoice_uuid"], row["amount"], row["reference_number"]])
    .toSorted();
/** The records for which the office has a booking. */
const booked = ({ books }: Played, left: ReadonlySet<string>): unknown =>
  books
    .list("st.bookings")
    .map((row) => String(row["externalId"]))
    .filter((record) => !left.has(record))
    .toSorted();
const linksOf = (jobs: readonly JobState[]): unknown =>
  jobs.map((state) => state.links.map((link) => link.record).toSorted()).toSorted();
const breaksOf = (jobs: readonly JobState[]): unknown =>
  jobs.flatMap((state) => state.breaks.filter(isOpen).map((found) => [found.key, found.gapMinor])).toSorted();
