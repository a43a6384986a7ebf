import type { Normalised } from "#shared/connectors/connector.ts";
import type { InvoiceFacts, JobFacts, PaymentFacts, PersonFacts } from "#shared/domain/facts.ts";
import { digestOf, type RecordRef } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import { addHours } from "#shared/domain/time.ts";
import type { Inbound } from "#shared/messages/inbound.ts";
import type { Describer } from "#shared/pipeline/arrive.ts";
import { everyJob } from "#shared/pipeline/every-job.ts";
import { type TakeInPorts, takeIn, takeInAll } from "#shared/pipeline/take-in.ts";
import type { CompanyStore } from "#shared/store/open.ts";
import { type MemoryWorld, memoryWorld } from "./memory-ports.ts";
import { companyOf, factsOf, systemClasses, vocabularyOf } from "./model-systems.ts";
import { delivered } from "./turns.ts";

/** What a test says of a record; what it does not say, the record does not state. */
export interface Told {
  readonly connection: string;
  readonly id: string;
  readonly facts: JobFacts | PersonFacts | InvoiceFacts | PaymentFacts;
  /** What it hangs on; nothing unless said. */
  readonly parents?: readonly RecordRef[];
}

export interface LinkingWorld extends Omit<MemoryWorld, "company"> {
  readonly ports: TakeInPorts;
  readonly store: CompanyStore;
  readonly company: CompanyConfig;
  /** Records arrive in one message each, in this order; what follows from them is taken in, and an hour later each job. */
  tell(...records: readonly Told[]): Promise<void>;
  /** One record arrives and nothing follows yet; `ports` may stand between the message and the store. */
  read(record: Told, ports?: TakeInPorts): Promise<void>;
  /** The message of one record comes until it is taken in: the very same one, with the number of its one reading. */
  deliver(record: Told, portsOf: () => TakeInPorts): Promise<void>;
  /** These arrive in one batch, a message each. */
  readTogether(records: readonly Told[], ports?: TakeInPorts): Promise<void>;
  /** What waits in the inbound queue is taken in, until nothing does; one that fails comes again. */
  drain(portsOf?: () => TakeInPorts): Promise<void>;
  jobs(): Promise<readonly JobState[]>;
}

/** A stream that is read whole, every half hour unless said otherwise. */
export const streamOf = (
  name: string,
  role: Describer["streams"][string]["role"],
  everyMinutes = 30,
): Describer["streams"][string] => ({
  name,
  role,
  everyMinutes,
  incremental: "full",
  byId: 0,
  versioned: false,
  absence: "lists-only",
  overlapMinutes: 0,
});

/** Four systems `s1` to `s4` that are all the office's books, in memory; the first is the reference. */
export function linkingWorld(): LinkingWorld {
  const memory = memoryWorld();
  const company = companyOf(Array.from({ length: 4 }, () => systemClasses.observed));
  const store = memory.company(company.id);
  const normalised = new Map<string, Normalised>();
  const describer: Describer = {
    vocabulary: { ...vocabularyOf(systemClasses.observed), money: "invoices" },
    streams: {
      jobs: streamOf("jobs", "root"),
      customers: streamOf("customers", "person"),
      technicians: streamOf("technicians", "person"),
      invoices: streamOf("invoices", "part"),
      payments: streamOf("payments", "part"),
    },
    writers: {},
    normalise: (_stream, raw) => normalised.get(digestOf(raw)) ?? { unfit: "nobody told it" },
  };
  const ports: TakeInPorts = {
    ...store,
    clock: memory.clock,
    archive: memory.archive,
    queues: memory.queues,
    describer: () => describer,
  };
  let reads = 0;
  let drained = 0;
  const messageOf = async ({ connection, id, facts, parents = [] }: Told): Promise<Inbound> => {
    const kind = facts.kind === "person" ? `${facts.role}s` : `${facts.kind}s`;
    const raw = { connection, kind, id, turn: ++reads };
    normalised.set(digestOf(raw), { facts, parents: [...parents], keys: [], alsoRead: [], notices: [] });
    const at = await memory.clock.now();
    const read = { stream: kind, id, modified: null, read: reads, at, digest: digestOf(facts), raw };
    const message: Inbound = {
      v: 1,
      kind: "observations",
      company: company.id,
      connection,
      records: [read],
      archived: null,
    };
    return message;
  };
  const world: LinkingWorld = {
    ...memory,
    ports,
    store,
    company,
    read: (record, through = ports) => world.readTogether([record], through),
    async deliver(record, portsOf) {
      const message = await messageOf(record);
      await delivered(() => takeIn(portsOf(), company, message));
    },
    async readTogether(records, through = ports) {
      const messages = await Promise.all(records.map(messageOf));
      const { failed } = await takeInAll(through, company, messages, 8);
      for (const cause of failed.values()) throw cause;
    },
    async tell(...records) {
      for (const record of records) {
        await world.read(record);
        await world.drain();
      }
      // The tick, an hour later: a job that stands alone is looked at again and put before a person.
      memory.clock.set(addHours(await memory.clock.now(), 1));
      for (const state of await everyJob(ports.jobs, "all")) {
        await takeIn(ports, company, { v: 1, kind: "due", company: company.id, job: state.id });
      }
      await world.drain();
    },
    async drain(portsOf = () => ports) {
      const before = drained;
      for (; drained < memory.queues.sent.inbound.length; drained++) {
        if (drained - before > 400) throw new Error("messages go on asking for each other");
        const message = memory.queues.sent.inbound[drained];
        if (message) await delivered(() => takeIn(portsOf(), company, message));
      }
    },
    jobs: () => everyJob(ports.jobs, "all"),
  };
  return world;
}

/** A customer of a system with one phone, and no more unless said. */
export function customer(connection: string, id: string, name: string, more: Partial<PersonFacts> = {}): Told {
  const facts: PersonFacts = {
    kind: "person",
    role: "customer",
    presence: "present",
    name,
    phones: [],
    emails: [],
    mergedTo: null,
    ...more,
  };
  return { connection, id, facts };
}

/** A technician of a system with one address. */
export function technician(connection: string, id: string, name: string, email: string): Told {
  const facts: PersonFacts = {
    kind: "person",
    role: "technician",
    presence: "present",
    name,
    phones: [],
    emails: [email],
    mergedTo: null,
  };
  return { connection, id, facts };
}

/** A completed job of 2 November by Ana, unless said otherwise. */
export function job(connection: string, id: string, more: Partial<JobFacts> & { readonly of?: string } = {}): Told {
  const { of, ...others } = more;
  const plain = factsOf(systemClasses.observed, {
    word: "Completed",
    reference: "",
    charge: 45_000,
    payment: 0,
    modified: 0,
  });
  const facts: JobFacts = {
    ...plain,
    number: id,
    serviceDay: "2026-11-02",
    technicians: [{ record: null, email: "ana@example.com", name: "Ana" }],
    customer: of ? { connection, stream: "customers", id: of } : null,
    ...others,
  };
  return { connection, id, facts };
}

/** A posted invoice on a job of its system, unless said otherwise. */
export function invoice(
  connection: string,
  id: string,
  of: string | null,
  total: number,
  more: Partial<InvoiceFacts> = {},
): Told {
  const facts: InvoiceFacts = {
    kind: "invoice",
    presence: "present",
    number: id,
    total,
    tax: null,
    balance: null,
    discount: null,
    stage: "posted",
    partial: false,
    adjusts: null,
    day: "2026-11-02",
    customer: null,
    keys: {},
    ...more,
  };
  const adjusts = facts.adjusts === null ? [] : [facts.adjusts];
  return { connection, id, facts, parents: of === null ? adjusts : [{ connection, stream: "jobs", id: of }] };
}

/** A received payment over these invoices of its system, in cents; what is left of the total lies on none. */
export function payment(
  connection: string,
  id: string,
  shares: Readonly<Record<string, number>>,
  more: Partial<PaymentFacts> = {},
): Told {
  const laid = Object.entries(shares).map(([of, amount]) => ({
    invoice: { connection, stream: "invoices", id: of },
    amount,
  }));
  const facts: PaymentFacts = {
    kind: "payment",
    presence: "present",
    credit: false,
    state: "received",
    total: laid.reduce((sum, share) => sum + share.amount, 0),
    fee: null,
    shares: laid,
    unapplied: 0,
    customer: null,
    day: "2026-11-02",
    method: "Check",
    ...more,
  };
  return { connection, id, facts, parents: laid.map((share) => share.invoice) };
}
