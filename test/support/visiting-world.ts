import type { RawRecord } from "#shared/connectors/connector.ts";
import { connectors } from "#shared/connectors/registry.ts";
import type { VendorClient } from "#shared/connectors/vendor-client.ts";
import { recordKey } from "#shared/domain/ids.ts";
import type { Attempt, Intent } from "#shared/domain/intent.ts";
import { emptyJob, type JobState } from "#shared/domain/job.ts";
import { type Known, knownFrom } from "#shared/domain/observation.ts";
import { type CompanyConfig, type ConnectionConfig, zoneOf } from "#shared/domain/policy.ts";
import { addHours } from "#shared/domain/time.ts";
import type { Context } from "#shared/pipeline/context.ts";
import { reconcile } from "#shared/pipeline/reconcile.ts";

/** Zones of the company, of its two connections (none: the company's), and of the job's part of the company (none: its connection's). */
export interface Zones {
  readonly company: string;
  readonly office?: string;
  readonly unit?: string;
  readonly branch?: string;
}

/** A visit as the office holds it: two instants. */
export interface Visit {
  readonly start: string;
  readonly end: string | null;
}

/** A visit as the branch prints it: a day and clock times. */
export interface Card {
  readonly day: string;
  readonly start: string | null;
  readonly end: string | null;
}

const began = "2026-02-01T08:00:00.000Z";
const keys = { job: "office/jobs/1", visit: "office/appointments/5", branch: "branch/jobs/b1" };
export type Which = keyof typeof keys;

/**
 * One job in an office that states instants and a branch that states clock times, read and written by their real
 * connectors; what is sent changes what is read next. Nothing of it goes over a wire.
 */
export class VisitingWorld {
  readonly company: CompanyConfig;
  state: JobState = emptyJob("j1");
  office: Visit;
  branch: Card;
  /** What was sent, in its order. */
  readonly sent: Readonly<Record<string, unknown>>[] = [];
  #reads = 0;

  constructor(zones: Zones, office: Visit, branch: Card) {
    this.company = companyIn(zones);
    this.office = office;
    this.branch = branch;
  }

  /** The records are read in this order, one at a time. */
  read(order: readonly Which[] = ["job", "visit", "branch"]): void {
    for (const which of order) this.#take({ [keys[which]]: this.#known(which) });
  }

  /** Everything that is planned is written, as write-back does it, until nothing is. Throws when that does not end. */
  async settle(): Promise<void> {
    for (let round = 0; this.state.intents.length > 0; round += 1) {
      if (round === 4)
        throw new Error(`it goes on: ${JSON.stringify(this.state.intents.map(({ sentence }) => sentence))}`);
      for (const intent of this.state.intents) await this.#write(intent);
    }
  }

  context(): Context {
    const describers = this.company.connections.map(({ id, vendor }) => [id, connectors[vendor]] as const);
    const byId = new Map(describers);
    return {
      now: addHours(began, this.#reads),
      company: this.company,
      policyVersion: "1",
      epoch: 1,
      vocabularies: Object.fromEntries(describers.flatMap(([id, one]) => (one ? [[id, one.vocabulary]] : []))),
      shows: (intent, records) =>
        byId.get(intent.record.connection)?.writers[intent.target]?.shows(records, intent) ?? "",
      feeds: {},
      held: [],
      quietSeconds: 0,
    };
  }

  #take(observations: Readonly<Record<string, Known>>): void {
    this.state = reconcile(this.state, { observations }, this.context()).state;
  }

  async #write(intent: Intent): Promise<void> {
    const connection = this.#connection(intent.record.connection);
    const writer = connectors[connection.vendor]?.writers[intent.target];
    if (!writer) throw new Error(`nothing writes ${intent.target} of ${connection.id}`);
    const about: readonly Which[] = connection.id === "office" ? ["visit"] : ["branch"];
    const shown = (): string =>
      writer.shows(
        about.flatMap((which) => this.#known(which).said ?? []),
        intent,
      );
    const before = shown();
    if (before !== intent.read) throw new Error(`planned from ${intent.read}, and it shows ${before}`);
    const attempt: Attempt = {
      ...{ intent, number: 1, startedAt: began, state: "sent", dueAt: addHours(began, 24 * 365), lagRead: null },
      ...{ requestId: null, before: { modified: null, read: ++this.#reads, shown: before } },
    };
    this.state = {
      ...this.state,
      intents: this.state.intents.filter((known) => known.id !== intent.id),
      attempts: [...this.state.attempts, attempt],
    };
    const page = {
      records: about.map((which) => this.#raw(which)),
      unfit: [],
      dropped: 0,
      next: null,
      total: null,
      mark: null,
    };
    await writer.send(this.#client(connection), intent, page);
    this.read(about);
  }

  #client(connection: ConnectionConfig): VendorClient {
    return {
      connection: { ...connection, zone: zoneOf(this.company, connection) },
      secret: null,
      purpose: "write",
      now: async () => began,
      request: async ({ json, schema }) => {
        const sent = new Map(Object.entries(Object(json)));
        this.sent.push(Object.fromEntries(sent));
        const text = (name: string, kept: string | null): string | null =>
          sent.has(name) ? ((sent.get(name) ?? null) === null ? null : String(sent.get(name))) : kept;
        if (connection.id === "office") {
          this.office = { start: text("start", this.office.start) ?? "", end: text("end", this.office.end) };
        } else {
          this.branch = {
            day: (text("scheduled_date", null) ?? this.branch.day).slice(0, 10),
            start: text("scheduled_time_start", this.branch.start),
            end: text("scheduled_time_end", this.branch.end),
          };
        }
        return { value: schema.parse({ success: true }), status: 200, headers: {}, requestId: null };
      },
    };
  }

  #known(which: Which): Known {
    const raw = this.#raw(which);
    const connection = this.#connection(keys[which].split("/")[0] ?? "");
    const normalised = connectors[connection.vendor]?.normalise(raw.stream, raw.raw, {
      connection,
      zone: zoneOf(this.company, connection),
    });
    if (normalised === undefined || "unfit" in normalised) throw new Error(JSON.stringify(normalised));
    const read = ++this.#reads;
    return knownFrom({
      record: { connection: connection.id, stream: raw.stream, id: raw.id },
      version: { modified: addHours(began, read), read },
      digest: `${which}-${read}`,
      at: began,
      hangsOn: normalised.parents.map(recordKey),
      facts: normalised.facts,
      notices: normalised.notices,
    });
  }

  #raw(which: Which): RawRecord {
    const { day, start, end } = this.branch;
    const times = { scheduled_date: `${day}T10:00:00Z`, scheduled_time_start: start, scheduled_time_end: end };
    const rows = {
      job: {
        stream: "jobs",
        id: "1",
        raw: { id: 1, jobNumber: "10291", jobStatus: "Scheduled", businessUnitId: 77, customerId: 9 },
      },
      visit: { stream: "appointments", id: "5", raw: { id: 5, jobId: 1, status: "Scheduled", ...this.office } },
      branch: { stream: "jobs", id: "b1", raw: { uuid: "b1", job_number: "JOB-1", status: "Scheduled", ...times } },
    };
    return { ...rows[which], modified: null };
  }

  #connection(id: string): ConnectionConfig {
    const found = this.company.connections.find((one) => one.id === id);
    if (!found) throw new Error(`no connection ${id}`);
    return found;
  }
}

function companyIn({ company, office, unit, branch }: Zones): CompanyConfig {
  const common = {
    book: "receivable" as const,
    baseUrl: "http://127.0.0.1:1",
    secret: "none",
    tenant: "1",
    authUrl: "http://127.0.0.1:1",
  };
  const mode = { default: "observe" as const, schedule: "apply" as const };
  const zoneIn = (zone: string | undefined) => (zone === undefined ? {} : { zone });
  const zones = unit === undefined ? {} : { zones: { "businessUnit:77": unit } };
  return {
    id: "ridgeline",
    name: "Ridgeline",
    zone: company,
    currency: "USD",
    connections: [
      {
        ...common,
        id: "office",
        vendor: "servicetitan",
        mode,
        capabilities: { reschedule: true },
        ...zoneIn(office),
        ...zones,
      },
      { ...common, id: "branch", vendor: "customtrades", mode, ...zoneIn(branch) },
    ],
    policy: { authority: { schedule: ["office", "branch"] }, graceHours: { default: 1 } },
  };
}
