import { type OperateDeps, operate } from "#functions/operate/work.ts";
import { normalisers } from "#shared/connectors/registry.ts";
import { vendors } from "#shared/connectors/vendors.ts";
import { digestOf } from "#shared/domain/ids.ts";
import { type CompanyConfig, configSchema } from "#shared/domain/policy.ts";
import type { TakeInPorts } from "#shared/pipeline/take-in.ts";
import { takeIn } from "#shared/pipeline/take-in.ts";
import type { HttpReply } from "#shared/runtime/http-api.ts";
import type { CompanyStore } from "#shared/store/open.ts";
import { type MemoryWorld, memoryWorld } from "#test/support/memory-ports.ts";

/** A company of three systems in memory: an office (reference), crews without numbers, and a branch that may be written. */
export const deskConfig = {
  cells: [{ id: "main", companies: ["ridgeline"] }],
  companies: [
    {
      id: "ridgeline",
      name: "Ridgeline",
      zone: "America/Denver",
      currency: "USD",
      connections: [
        {
          id: "office",
          vendor: "customtrades",
          book: "receivable",
          reference: true,
          baseUrl: "https://office.example/api/v1",
          secret: "plumbline/ridgeline/office",
          mode: { default: "observe" },
        },
        {
          id: "crews",
          vendor: "rotor",
          book: "receivable",
          baseUrl: "https://crews.example/open-api",
          secret: "plumbline/ridgeline/crews",
          mode: { default: "observe" },
        },
        {
          id: "branch",
          vendor: "customtrades",
          book: "receivable",
          baseUrl: "https://branch.example/api/v1",
          secret: "plumbline/ridgeline/branch",
          mode: { default: "propose" },
        },
      ],
      policy: {
        authority: { work: ["office"], billing: ["office"], schedule: ["office"] },
        toleranceMinor: 1,
        graceHours: { default: 1 },
      },
    },
  ],
};

export interface DeskCompany {
  readonly world: MemoryWorld;
  readonly company: CompanyConfig;
  readonly ports: TakeInPorts;
  /** A record as a vendor printed it is taken in. */
  say(connection: string, stream: string, id: string, raw: object): Promise<void>;
  /** The clock moves, every feed is read completely, and every job is looked at again. */
  pass(hours: number): Promise<void>;
  ask(method: string, path: string, more?: { body?: unknown; role?: string; company?: string }): Promise<HttpReply>;
}

/** `storeOver` opens another store than this process's memory; `document` is another configuration of the company. */
export async function deskCompany(
  start = "2026-11-02T08:00:00.000Z",
  storeOver: (world: MemoryWorld, company: string) => CompanyStore = (world, company) => world.company(company),
  document: object = deskConfig,
): Promise<DeskCompany> {
  const world = memoryWorld(start);
  const config = configSchema.parse(document);
  await world.cell.applyConfiguration(config);
  const [company] = config.companies;
  if (!company) throw new Error("the document holds no company");
  const store = storeOver(world, company.id);
  const ports: TakeInPorts & Pick<CompanyStore, "manifest"> = {
    ...store,
    clock: world.clock,
    archive: world.archive,
    queues: world.queues,
    describer: (vendor) => normalisers[vendor],
  };
  let reads = 0;
  const readAll = async (): Promise<void> => {
    const now = await world.clock.now();
    for (const { id, vendor } of company.connections)
      for (const stream of Object.keys(normalisers[vendor]?.streams ?? {}))
        await store.feeds.save({
          connection: id,
          stream,
          completeAt: now,
          completeBefore: now,
          mark: null,
          lastReadAt: now,
          lastFailure: null,
          failingSince: null,
          counted: { read: 0, forwarded: 0, dropped: 0, quarantined: 0 },
        });
  };
  await readAll();
  const deps: OperateDeps = {
    titles: Object.fromEntries(vendors.map(({ id, title }) => [id, title])),
    vendors: vendors.map(({ id }) => id),
    companyOf: async (id) => (id === company.id ? { company, ports } : null),
    applyCompany: (one) =>
      world.cell.applyConfiguration({ cells: [{ id: "main", companies: [one.id] }], companies: [one] }),
  };
  return {
    world,
    company,
    ports,
    async say(connection, stream, id, raw) {
      reads++;
      const at = await world.clock.now();
      const vendor = company.connections.find((one) => one.id === connection)?.vendor ?? "";
      const modified = normalisers[vendor]?.streams[stream]?.versioned ? at : null;
      const record = { stream, id, modified, read: reads, at, digest: digestOf(raw), raw };
      await takeIn(ports, company, {
        v: 1,
        kind: "observations",
        company: company.id,
        connection,
        records: [record],
        archived: null,
      });
    },
    async pass(hours) {
      world.clock.set(new Date(Date.parse(await world.clock.now()) + hours * 3_600_000).toISOString());
      await readAll();
      const { jobs } = await store.jobs.list(null);
      for (const { state } of jobs)
        if (state.forwardTo === null)
          await takeIn(ports, company, { v: 1, kind: "due", company: company.id, job: state.id });
    },
    ask(method, path, { body, role = "engineer", company: token = company.id } = {}) {
      const [route = "", query = ""] = path.split("?");
      return operate(deps, {
        method,
        path: `/companies/${company.id}/${route}`,
        parameters: {},
        query: Object.fromEntries(new URLSearchParams(query)),
        headers: {},
        body: new TextEncoder().encode(body === undefined ? "" : JSON.stringify(body)),
        claims: { sub: "ana@ridgeline.example", company: token, role },
      });
    },
  };
}

/** A job card as the office and the branch print it. */
export function card(uuid: string, number: string, more: object = {}): object {
  return {
    uuid,
    job_number: number,
    customer_uuid: `customer-${uuid}`,
    customer: { uuid: `customer-${uuid}`, first_name: "Octavio", last_name: "Pena" },
    title: "Water heater",
    status: "Complete",
    actual_amount: 450,
    completed_at: "2026-11-01T18:00:00Z",
    updated_at: "2026-11-01T18:00:00Z",
    ...more,
  };
}

/** A job as the crews' system lists it. */
export function crewJob(id: string, received: number, outstanding: number): object {
  return {
    job: {
      id,
      customer: { id: `c-${id}`, first_name: "Octavio", last_name: "Pena" },
      service_date: "2026-11-01T16:00:00Z",
      technicians: [],
      total_received: received,
      total_outstanding: outstanding,
    },
    completed: true,
  };
}
