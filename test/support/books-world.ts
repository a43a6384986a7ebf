import { connectors, normalisers } from "#shared/connectors/registry.ts";
import type { VendorClient, VendorReply, VendorRequest } from "#shared/connectors/vendor-client.ts";
import { Failure } from "#shared/domain/failure.ts";
import { jobIdOf } from "#shared/domain/ids.ts";
import type { Intent } from "#shared/domain/intent.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { ConnectionConfig, Mode, Policy } from "#shared/domain/policy.ts";
import * as z from "#shared/domain/schema.ts";
import { addSeconds } from "#shared/domain/time.ts";
import { approve } from "#shared/pipeline/decide.ts";
import { type WriteBackPorts, type WroteBack, writeBack } from "#shared/pipeline/write-back.ts";
import { card, type DeskCompany, deskCompany, deskConfig } from "./desk-company.ts";

type Row = Readonly<Record<string, unknown>>;

/** The branch's vendor: its job, invoices and payments, what we sent, and what becomes of each request. */
export interface BranchBooks {
  readonly rows: Record<"jobs" | "invoices" | "payments", Row[]>;
  readonly sent: { readonly method: string; readonly body: unknown; readonly attempts: number }[];
  /** Called when a write has come, before it is taken and after. */
  before: (() => void | Promise<void>) | undefined;
  after: (() => void | Promise<void>) | undefined;
}

export interface BooksWorld {
  readonly desk: DeskCompany;
  readonly ports: WriteBackPorts;
  readonly vendor: BranchBooks;
  readonly job: string;
  state(): Promise<JobState>;
  /** The writes that are planned for the branch, in the order of their ids. */
  planned(): Promise<readonly Intent[]>;
  /** Dana approves the one write that is planned, as it stands. */
  approve(): Promise<Intent>;
  deliver(intent: string): Promise<WroteBack>;
  /** So many seconds after the world's start. */
  later(seconds: number): void;
  /** Both systems are read completely, and the branch as its vendor prints it now; two hours pass. */
  poll(): Promise<void>;
}

export interface Asked {
  readonly mode?: Mode;
  readonly actualAmount?: ConnectionConfig["actualAmount"];
  readonly policy?: Partial<Policy>;
  /** Members of the branch's job; one that states an amount has no invoice. */
  readonly job?: Row;
  /** The branch's payments of its invoice. */
  readonly payments?: readonly Row[];
}

const start = "2026-11-02T14:00:00.000Z";
const stamp = { updated_at: "2026-11-02T08:00:00.000Z", deleted_at: null };

/** A payment as the office and the branch print it. */
export const paid = (uuid: string, invoice: string, more: Row = {}): Row => ({
  ...{ uuid, invoice_uuid: invoice, amount: 450, net_amount: 450, payment_type: "check", payment_date: "2026-11-01" },
  ...{ status: "Completed", reference_number: null, ...stamp, ...more },
});

const billed = (uuid: string, job: string): Row => ({
  ...{
    uuid,
    invoice_number: `INV-${uuid}`,
    job_uuid: job,
    invoice_type: "Full",
    status: "Pending",
    issue_date: "2026-11-01",
  },
  ...{ total_amount: 450, tax_amount: 0, discount_amount: 0, balance_amount: 450, ...stamp },
});

/**
 * An office that billed 450.00 and has its payment, beside a branch that has the invoice and no payment, or an amount of
 * its own on the job. What differs stands long enough to be a break.
 */
export async function booksWorld(asked: Asked = {}): Promise<BooksWorld> {
  const desk = await deskCompany("2026-11-02T08:00:00.000Z", undefined, documentOf(asked));
  const onJob = asked.job?.["actual_amount"] !== undefined;
  const vendor: BranchBooks = {
    rows: {
      jobs: [{ ...card("b1", "B-7", { actual_amount: null, ...stamp, ...asked.job }) }],
      invoices: onJob ? [] : [billed("bi1", "b1")],
      payments: [...(asked.payments ?? [])],
    },
    ...{ sent: [], before: undefined, after: undefined },
  };
  await desk.say("office", "jobs", "o1", card("o1", "10263", { actual_amount: null, ...stamp }));
  await desk.say("office", "invoices", "oi1", billed("oi1", "o1"));
  await desk.say("office", "payments", "op1", paid("op1", "oi1"));
  const sayBranch = async (): Promise<void> => {
    for (const [stream, rows] of Object.entries(vendor.rows))
      for (const row of rows) await desk.say("branch", stream, String(row["uuid"]), row);
  };
  await sayBranch();
  const rows = ["office/o1", "branch/b1"].map((one) => {
    const [connection, id] = one.split("/");
    return { kind: "job", key: "1", connection, stream: "jobs", id };
  });
  await desk.ask("POST", "links/import", { body: { rows } });
  await desk.pass(3);
  await desk.pass(3);
  const job = jobIdOf("office/jobs/o1");
  const store = desk.world.company(desk.company.id);
  const ports: WriteBackPorts = {
    ...store,
    ...desk.ports,
    controlAll: desk.world.cell.controlAll,
    describer: (name) => normalisers[name],
    connector: (name) => connectors[name],
    client: async (connection) => clientOf(connection, vendor, desk, job),
  };
  // Numbers that the polls had taken before.
  for (const stream of ["jobs", "payments"])
    for (let reads = 0; reads < 99; reads++) await store.reads.take("branch", stream);
  const state = async (): Promise<JobState> => (await store.jobs.load(job)).state;
  const planned = async (): Promise<readonly Intent[]> =>
    (await state()).intents.filter(({ kind, record }) => kind === "write" && record.connection === "branch");
  return {
    ...{ desk, ports, vendor, job, state, planned },
    async approve() {
      const [intent, ...more] = await planned();
      if (!intent || more.length > 0) throw new Error("not one write is planned");
      await approve(ports, desk.company, { job, intent: intent.id, bound: intent.bound, by: "Dana" });
      return intent;
    },
    deliver: (intent) => writeBack(ports, desk.company, { v: 1, company: desk.company.id, job, intent }),
    later: (seconds) => desk.world.clock.set(addSeconds(start, seconds)),
    async poll() {
      await sayBranch();
      await desk.pass(2);
    },
  };
}

function documentOf({ mode = "propose", actualAmount, policy = {} }: Asked): object {
  const [company] = deskConfig.companies;
  if (!company) throw new Error("there is no company");
  const [office, crews, branch] = company.connections;
  const own = { ...branch, mode: { default: mode }, lagSeconds: 20, ...(actualAmount ? { actualAmount } : {}) };
  return {
    ...deskConfig,
    companies: [{ ...company, connections: [office, crews, own], policy: { ...company.policy, ...policy } }],
  };
}

function clientOf(connection: ConnectionConfig, vendor: BranchBooks, desk: DeskCompany, job: string): VendorClient {
  const request = async <Schema extends z.ZodMiniType>(
    asked: VendorRequest<Schema>,
  ): Promise<VendorReply<z.infer<Schema>>> => {
    if (asked.writes) {
      const { state } = await desk.ports.jobs.load(job);
      vendor.sent.push({ method: asked.method, body: asked.json, attempts: state.attempts.length });
      await vendor.before?.();
    }
    const data = answerOf(vendor, asked, await desk.world.clock.now());
    if (asked.writes) await vendor.after?.();
    const value = z.parse(asked.schema, { success: true, data });
    return { value, status: 200, headers: {}, requestId: "r-1" };
  };
  return { connection, secret: null, purpose: "write", now: desk.world.clock.now, request };
}

function answerOf(
  vendor: BranchBooks,
  { method, path, query, json }: VendorRequest<z.ZodMiniType>,
  now: string,
): unknown {
  const [, stream = "", id] = path.split("/");
  const rows = stream === "jobs" || stream === "invoices" || stream === "payments" ? vendor.rows[stream] : [];
  const body = z.parse(z.looseObject({}), json ?? {});
  if (method === "POST") {
    const made = { uuid: `new-${rows.length}`, ...body, updated_at: now, deleted_at: null };
    rows.push(made);
    return made;
  }
  if (id !== undefined) {
    const at = rows.findIndex((row) => row["uuid"] === id);
    if (at < 0) throw new Failure("missing", "404");
    if (method === "PUT") rows[at] = { ...rows[at], ...body, updated_at: now };
    return rows[at];
  }
  const fits = rows.filter((row) => row["invoice_uuid"] === query?.["invoice_uuid"]);
  return { [stream]: fits, pagination: { page: 1, total: fits.length, total_pages: 1 } };
}
