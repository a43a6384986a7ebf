import { canonicalJson, jobIdOf, personIdOf, recordKey, shortHash } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import { viewOf } from "#shared/domain/view.ts";
import type { Context } from "./context.ts";
import {
  type CrosswalkEntry,
  type CrosswalkRow,
  countsOf,
  crosswalkSet,
  entryOf,
  type Fate,
  type Judged,
  judgeRows,
  ruleLink,
  type Standing,
} from "./crosswalk.ts";
import { relinked } from "./crosswalk-confirm.ts";
import { toldBy } from "./history.ts";
import { joinJobs, loadJob } from "./join.ts";
import { sets } from "./link.ts";
import { claimOf } from "./place.ts";
import { pinnedByPerson } from "./place-person.ts";
import type { StoredClaim, StoredJob } from "./ports.ts";
import { nothingArrives } from "./reconcile.ts";
import { heldOf, surroundingsOf } from "./surroundings.ts";
import { sendIntents, type TakeInPorts, updateJob } from "./take-in.ts";

export interface Imported extends Readonly<Record<Fate, number>> {
  /** Names the import, to take it back whole; null for a dry run. */
  readonly batch: string | null;
  readonly dryRun: boolean;
  /** Rows that were left out, with the reason; `row` counts from 1. */
  readonly left: readonly { readonly row: number; readonly record: string; readonly why: string }[];
}

/**
 * Links what a person says is one thing. Seen jobs are joined; a record not seen yet gets its claim, so that it meets
 * the others when it comes. A dry run judges the same rows and changes nothing. Importing twice equals once.
 */
export async function importCrosswalk(
  ports: TakeInPorts,
  company: CompanyConfig,
  asked: { readonly rows: readonly CrosswalkRow[]; readonly by: string; readonly dryRun: boolean },
): Promise<Imported> {
  const entries = await entriesOf(ports);
  const judged = judgeRows(asked.rows, await standingsOf(ports, asked.rows), entries);
  const left = judged.flatMap(({ record, why }, index) => (why === null ? [] : [{ row: index + 1, record, why }]));
  const counts = countsOf(judged);
  if (asked.dryRun) return { batch: null, dryRun: true, ...counts, left };
  const surroundings = await surroundingsOf(ports, company);
  const batch = `b${shortHash(canonicalJson([surroundings.now, asked.rows]))}`;
  const act: Act = { ports, company, surroundings, batch, by: asked.by };
  const things = new Map<string, Judged[]>();
  for (const one of judged)
    if (one.fate !== "conflicting") things.set(one.thing, [...(things.get(one.thing) ?? []), one]);
  const refused: { record: string; why: string }[] = [];
  for (const members of things.values()) {
    if (members.every(({ fate }) => fate === "same")) continue;
    // What is confirmed is one job already, and nothing else is to be done for it.
    if (members.some(({ fate }) => fate === "confirmed")) await confirmLinks(act, members);
    else refused.push(...(await (members[0]?.row.kind === "job" ? linkJobs : linkPeople)(act, members)));
  }
  const rowOf = (record: string): number => judged.findIndex((one) => one.record === record) + 1;
  return {
    batch,
    dryRun: false,
    ...counts,
    left: [...left, ...refused.map(({ record, why }) => ({ row: rowOf(record), record, why }))],
  };
}

interface Act {
  readonly ports: TakeInPorts;
  readonly company: CompanyConfig;
  readonly surroundings: Omit<Context, "held">;
  readonly batch: string;
  readonly by: string;
}

type Refusals = readonly { readonly record: string; readonly why: string }[];

/** Every imported row by its record. */
export async function entriesOf(ports: Pick<TakeInPorts, "sets">): Promise<ReadonlyMap<string, CrosswalkEntry>> {
  return new Map((await ports.sets.list(crosswalkSet)).map(({ member, data }) => [member, entryOf(data)]));
}

async function standingsOf(ports: TakeInPorts, rows: readonly CrosswalkRow[]): Promise<ReadonlyMap<string, Standing>> {
  const kinds = new Map(rows.map((row) => [recordKey(row), row.kind]));
  const standings = new Map<string, Standing>();
  for (const claim of await ports.claims.load([...kinds.keys()])) {
    if (kinds.get(claim.record) !== "job") {
      standings.set(claim.record, { seen: claim.digest !== undefined, group: claim.person, mates: [], was: null });
      continue;
    }
    const stored = await jobOf(ports, claim);
    const roots = stored ? viewOf(stored.state).roots.map((root) => root.key) : [];
    standings.set(claim.record, {
      seen: roots.includes(claim.record),
      group: stored?.state.id ?? null,
      mates: roots,
      was: ruleLink(stored?.state.links.find((link) => link.record === claim.record)),
    });
  }
  return standings;
}

export async function jobOf(ports: Pick<TakeInPorts, "jobs">, claim: StoredClaim): Promise<StoredJob | null> {
  const [id] = claim.jobs;
  return id === undefined ? null : loadJob(ports.jobs, id);
}

/** Makes one job of the thing's records. A write under way on one of them puts its row off: the file may be imported again. */
async function linkJobs(act: Act, members: readonly Judged[]): Promise<Refusals> {
  const { ports, company, surroundings } = act;
  const refused: { record: string; why: string }[] = [];
  const from = new Map<string, string>();
  let target: string | null = null;
  for (const member of members) {
    const stored = await seenJob(ports, member.record);
    if (stored === null) continue;
    const before: string | null = target;
    target ??= stored.state.id;
    if (before === null || stored.state.id === before) continue;
    const joined = await joinTwo(act, before, stored.state.id, member);
    if (joined === null) {
      refused.push({
        record: member.record,
        why: "a write to one of the two jobs is under way; import again when it is done",
      });
      continue;
    }
    for (const record of joined.absorbed) if (!from.has(record)) from.set(record, joined.gone);
    target = joined.stays;
  }
  const meeting = target ?? jobIdOf(members[0]?.record ?? "");
  const expected: string[] = [];
  for (const member of members) {
    if (refused.some(({ record }) => record === member.record)) continue;
    const claimed = await claimFor(act, member.record, meeting);
    if (claimed !== null) expected.push(member.record);
    await enter(act, member, { from: claimed?.alone ?? from.get(member.record) ?? null, person: null });
  }
  if (target !== null) {
    const line = `links file: ${members[0]?.row.key ?? ""}, by ${act.by}: ${expected.join(", ")} belongs here when it comes`;
    const edit = (state: JobState): JobState =>
      expected.length === 0 ? state : toldBy(state, surroundings.now, expected, line);
    const settled = await updateJob(ports, company, surroundings, target, nothingArrives, edit);
    await sendIntents(ports, company, settled.stored, settled.send, surroundings.now);
  }
  return refused;
}

/** Links that a rule had made are a person's from now on; the records stay where they are. */
async function confirmLinks(act: Act, members: readonly Judged[]): Promise<void> {
  const { ports, company, surroundings, batch, by } = act;
  for (const member of members.filter(({ fate }) => fate === "confirmed")) {
    const { record, row } = member;
    const stored = await seenJob(ports, record);
    const was = ruleLink(stored?.state.links.find((link) => link.record === record));
    if (!stored || !was) continue;
    const evidence = [`links file: ${row.key}`, ...(row.note ? [row.note] : []), ...was.evidence];
    await enter(act, member, { from: null, person: null, was });
    await relinked(ports, company, surroundings, stored.state.id, record, { rule: "person", evidence, batch }, by);
  }
}

async function seenJob(ports: TakeInPorts, record: string): Promise<StoredJob | null> {
  const stored = await jobOf(ports, await claimOf(ports, record));
  return stored?.state.observations[record] ? stored : null;
}

/** Ties a record not seen yet to the job where it will meet the others; null when it stood. `alone`: the job it would have founded. */
async function claimFor(
  { ports }: Act,
  record: string,
  job: string,
): Promise<{ readonly alone: string | null } | null> {
  for (let tries = 0; tries < 8; tries++) {
    const claim = await claimOf(ports, record);
    if (claim.jobs.length > 0) return null;
    const next = { ...claim, jobs: [job], parked: null };
    const alone = jobIdOf(record);
    if ((await ports.claims.save({ stored: claim, next })) === "committed")
      return { alone: alone === job ? null : alone };
  }
  throw new Error(`the claim of ${record} keeps moving`);
}

async function joinTwo(
  { ports, company, surroundings, batch, by }: Act,
  a: string,
  b: string,
  { row }: Judged,
): Promise<{ readonly stays: string; readonly gone: string; readonly absorbed: readonly string[] } | null> {
  const link = {
    rule: "person" as const,
    evidence: [`links file: ${row.key}, by ${by}`, ...(row.note ? [row.note] : [])],
    batch,
  };
  for (let tries = 0; tries < 6; tries++) {
    const [left, right] = [await loadJob(ports.jobs, a), await loadJob(ports.jobs, b)];
    if (left.state.id === right.state.id) return null;
    const joined = await joinJobs(ports, left, right, link, company, async (state) => ({
      ...surroundings,
      held: await heldOf(ports, state, company),
    }));
    if (joined === null) continue;
    const gone = joined.state.id === left.state.id ? right : left;
    return {
      stays: joined.state.id,
      gone: gone.state.id,
      absorbed: viewOf(gone.state).roots.map((root) => root.key),
    };
  }
  return null;
}

/** Makes one person of the thing's records, and says so in their claims: no likeness found later changes it. */
async function linkPeople(act: Act, members: readonly Judged[]): Promise<Refusals> {
  const { ports, company } = act;
  const claims = await ports.claims.load(members.map(({ record }) => record));
  const person =
    claims.find((claim) => claim.person !== null)?.person ?? personIdOf(`crosswalk:${members[0]?.thing ?? ""}`);
  for (const [index, member] of members.entries()) {
    const before = claims[index]?.person ?? null;
    await pinPerson(ports, member.record, person, true);
    await enter(act, member, { from: null, person: before });
  }
  await lookAgainAt(
    ports,
    company,
    members.map(({ record }) => record),
  );
  return [];
}

/** Sets who a record is, with or without the mark that a person said so. */
export async function pinPerson(
  ports: TakeInPorts,
  record: string,
  person: string | null,
  pinned: boolean,
): Promise<void> {
  for (let tries = 0; tries < 8; tries++) {
    const claim = await claimOf(ports, record);
    const { [pinnedByPerson]: _, ...others } = claim.sets;
    const next = { ...claim, person, sets: pinned ? { ...others, [pinnedByPerson]: person ?? "" } : others };
    if ((await ports.claims.save({ stored: claim, next })) !== "committed") continue;
    if (claim.person !== null && claim.person !== person) await ports.sets.remove(sets.person(claim.person), record);
    if (person !== null) await ports.sets.add(sets.person(person), record, {});
    return;
  }
  throw new Error(`the claim of ${record} keeps moving`);
}

/** The customers' jobs are reconciled again: what they are linked by may have changed. */
export async function lookAgainAt(
  ports: TakeInPorts,
  company: CompanyConfig,
  people: readonly string[],
): Promise<void> {
  const jobs = await jobsNaming(ports, people);
  if (jobs.length > 0)
    await ports.queues.inbound(jobs.map((job) => ({ v: 1, kind: "due", company: company.id, job }) as const));
}

/** The jobs of these customers. */
export async function jobsNaming(
  ports: Pick<TakeInPorts, "sets" | "claims">,
  people: readonly string[],
): Promise<readonly string[]> {
  const roots = (await Promise.all(people.map((record) => ports.sets.list(sets.names(record))))).flat();
  const claims = await ports.claims.load([...new Set(roots.map(({ member }) => member))]);
  return [...new Set(claims.flatMap((claim) => claim.jobs))];
}

async function enter(
  { ports, surroundings, batch, by }: Act,
  { record, row, fate }: Judged,
  before: Pick<CrosswalkEntry, "from" | "person" | "was">,
): Promise<void> {
  if (fate === "same") return;
  const entry: CrosswalkEntry = {
    kind: row.kind,
    key: row.key,
    note: row.note,
    batch,
    by,
    at: surroundings.now,
    ...before,
  };
  await ports.sets.add(crosswalkSet, record, { ...entry });
}
