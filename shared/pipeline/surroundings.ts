import { digestOf, parseRecordKey, personIdOf, recordKey } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import { type CompanyConfig, connectionOf, referenceOf } from "#shared/domain/policy.ts";
import * as z from "#shared/domain/schema.ts";
import { compareInstants } from "#shared/domain/time.ts";
import { viewOf } from "#shared/domain/view.ts";
import { arrivedAt, arrivesAt } from "./arrival.ts";
import type { Describer } from "./arrive.ts";
import type { Context, FeedView, Held } from "./context.ts";
import { pollMinutes } from "./due-times.ts";
import { sets } from "./link.ts";
import { losingJobs } from "./losing-jobs.ts";
import { resolvePeople } from "./place-person.ts";
import type { ClaimStore, Clock, Control, Feed, FeedStore, JobStore, SetStore } from "./ports.ts";
import { isOfJobs } from "./reading.ts";

/** What reconcile has to know beside the job, gathered from the store. */
export interface SurroundingPorts {
  readonly clock: Clock;
  readonly control: Control;
  readonly feeds: FeedStore;
  readonly sets: SetStore;
  readonly claims: ClaimStore;
  readonly describer: (vendor: string) => Describer | undefined;
}

/** Seconds a wanted write waits for the rest of what changed with it. */
const quietSeconds = 60;

/** The part that is the same for every job of a message: policy, freshness, time. */
export async function surroundingsOf(ports: SurroundingPorts, company: CompanyConfig): Promise<Omit<Context, "held">> {
  const [now, control, feeds] = await Promise.all([ports.clock.now(), ports.control.state(), ports.feeds.all()]);
  const describers = new Map(
    company.connections.map((connection) => [connection.id, ports.describer(connection.vendor)]),
  );
  return {
    now,
    company,
    policyVersion: digestOf(company.policy),
    epoch: control.epoch,
    vocabularies: Object.fromEntries(
      [...describers].flatMap(([id, describer]) => (describer ? [[id, describer.vocabulary]] : [])),
    ),
    shows: (intent, records) => {
      const writer = describers.get(intent.record.connection)?.writers[intent.target];
      // The writer reads no more of an intent than its target, record and arguments.
      return writer ? writer.shows(records, intent) : "";
    },
    feeds: feedViews(company, feeds, describers, now),
    quietSeconds,
  };
}

/** A connection is as fresh as the stalest of its streams that speak of jobs and money. */
function feedViews(
  company: CompanyConfig,
  feeds: readonly Feed[],
  describers: ReadonlyMap<string, Describer | undefined>,
  now: string,
): Readonly<Record<string, FeedView>> {
  const views: Record<string, FeedView> = {};
  for (const connection of company.connections) {
    const streams = Object.values(describers.get(connection.id)?.streams ?? {}).filter(isOfJobs);
    const its = streams.map((spec) =>
      feeds.find((known) => known.connection === connection.id && known.stream === spec.name),
    );
    views[connection.id] = {
      completeAt: stalest(its.map((feed) => feed?.completeAt ?? null)),
      arrivedAt: stalest(its.map((feed) => (feed ? arrivedAt(feed, now) : null))),
      arrivesAt:
        its
          .flatMap((feed) => (feed ? (arrivesAt(feed, now) ?? []) : []))
          .toSorted(compareInstants)
          .at(-1) ?? null,
      everyMinutes: Math.max(0, ...streams.map((spec) => pollMinutes(connection, spec))),
    };
  }
  return views;
}

/** The earliest of these; null when one of them is missing, or there is none. */
function stalest(instants: readonly (string | null)[]): string | null {
  const known = instants.filter((instant) => instant !== null);
  return known.length < instants.length ? null : (known.toSorted(compareInstants)[0] ?? null);
}

const heldSchema = z.object({ unapplied: z.int(), total: z.int(), shares: z.array(z.tuple([z.string(), z.int()])) });

/** Unapplied money of the job's customers in the reference's system, and which other jobs what is applied of it lies on. */
export async function heldOf(
  ports: Pick<SurroundingPorts, "sets" | "claims"> & { readonly jobs: JobStore },
  state: JobState,
  company: CompanyConfig,
): Promise<readonly Held[]> {
  const reference = referenceOf(company)?.id;
  const customers = new Set(
    viewOf(state).roots.flatMap((root) =>
      root.live && root.connection === reference && root.facts.customer ? [recordKey(root.facts.customer)] : [],
    ),
  );
  const held: Held[] = [];
  for (const customer of customers) {
    for (const { member, data } of await ports.sets.list(sets.held(customer))) {
      const { unapplied, total, shares } = heldSchema.parse(data);
      held.push({
        payment: member,
        connection: customer.slice(0, customer.indexOf("/")),
        customer,
        unapplied,
        total,
        shares,
        losing: await losingJobs(ports, state.id, shares),
      });
    }
  }
  return held;
}

/** What is asked again and again while one message is taken in: who stands for a person. */
export function remembering(sets: SetStore): SetStore {
  const known = new Map<string, ReturnType<SetStore["list"]>>();
  return {
    ...sets,
    list(set) {
      if (!set.startsWith("person:")) return sets.list(set);
      const found = known.get(set) ?? sets.list(set);
      known.set(set, found);
      return found;
    },
  };
}

/**
 * Who the people named in a job are: customers and technicians by their records' claims, technicians also by e-mail.
 * Those who are known already are asked about again only when `again`: a person found to be another sends a message.
 */
export async function peopleOf(
  ports: Pick<SurroundingPorts, "sets" | "claims">,
  state: JobState,
  company: CompanyConfig,
  again: boolean,
): Promise<Readonly<Record<string, string>>> {
  const view = viewOf(state);
  const people: Record<string, string> = {};
  const unknown = (key: string): boolean => again || state.people[key] === undefined;
  const technicians = [
    ...view.roots.flatMap((root) => root.facts.technicians ?? []),
    ...view.assignments.map((one) => one.facts.technician),
  ].filter(({ record, email }) => (record && unknown(recordKey(record))) || (email && unknown(email)));
  const records = new Set(
    view.roots.flatMap((root) => (root.facts.customer ? [recordKey(root.facts.customer)] : [])).filter(unknown),
  );
  for (const { record, email } of technicians) {
    if (record) records.add(recordKey(record));
    if (email) people[email] = personIdOf(`technician:${email}`);
  }
  const named =
    records.size === 0 ? [] : (await ports.claims.load([...records])).filter((claim) => claim.person !== null);
  const persons =
    named.length === 0
      ? []
      : await resolvePeople(
          ports.claims,
          named.map((claim) => claim.person ?? ""),
        );
  for (const [index, claim] of named.entries()) people[claim.record] = persons[index] ?? "";
  // A technician one system names must be nameable in the systems that can be written.
  const crew = new Set(
    technicians.flatMap(({ record, email }) =>
      [(record ? people[recordKey(record)] : undefined) ?? (email ? people[email] : undefined) ?? []].flat(),
    ),
  );
  for (const person of crew) {
    for (const { member } of await ports.sets.list(sets.person(person))) {
      if (connectionOf(company, parseRecordKey(member).connection)) people[member] = person;
    }
  }
  return people;
}
