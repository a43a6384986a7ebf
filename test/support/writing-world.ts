import type { RawRecord, Writer } from "#shared/connectors/connector.ts";
import { connectors, normalisers } from "#shared/connectors/registry.ts";
import type { VendorClient, VendorReply, VendorRequest } from "#shared/connectors/vendor-client.ts";
import { Failure } from "#shared/domain/failure.ts";
import { jobIdOf } from "#shared/domain/ids.ts";
import type { Intent } from "#shared/domain/intent.ts";
import type { JobState } from "#shared/domain/job.ts";
import * as z from "#shared/domain/schema.ts";
import { addSeconds } from "#shared/domain/time.ts";
import { type WriteBackPorts, type WroteBack, writeBack } from "#shared/pipeline/write-back.ts";
import { card, type DeskCompany, deskCompany, deskConfig } from "./desk-company.ts";

/** The branch's vendor: one job card that people and we edit, and what becomes of each request. */
export interface BranchVendor {
  /** As it prints its one job; null when it has none. */
  row: Record<string, unknown> | null;
  /** Bodies of the writes that came, and how many attempts stood in the item then. */
  readonly sent: { readonly body: unknown; readonly attempts: number }[];
  /** Called before each read is answered; throwing is the vendor failing. */
  onRead: (() => void | Promise<void>) | undefined;
  /** Called when a write has come and before it is taken. */
  onWrite: (() => void | Promise<void>) | undefined;
  /** It answers writes and keeps nothing of them. */
  forgets: boolean;
}

export interface WritingWorld {
  readonly desk: DeskCompany;
  readonly ports: WriteBackPorts;
  readonly vendor: BranchVendor;
  readonly job: string;
  state(): Promise<JobState>;
  /** The one write that is planned for the branch. */
  planned(): Promise<Intent>;
  deliver(intent?: string): Promise<WroteBack>;
  /** So many seconds after the world's start. */
  at(seconds: number): string;
  later(seconds: number): void;
}

export interface Asked {
  readonly mode?: "apply" | "propose";
  readonly policy?: object;
  /** The office's word after both said "Scheduled". */
  readonly word?: string;
  readonly lagSeconds?: number | null;
}

const start = "2026-11-02T09:30:00.000Z";

/**
 * An office and a branch that agreed on a job, until the office set another status: one write to the branch is planned
 * and may go. The clock stands at 9:30.
 */
export async function writingWorld(asked: Asked = {}): Promise<WritingWorld> {
  const desk = await deskCompany("2026-11-02T08:00:00.000Z", undefined, documentOf(asked));
  const open = { status: "Scheduled", actual_amount: null, completed_at: null };
  await desk.say("office", "jobs", "o1", card("o1", "10263", open));
  const row = card("b1", "B-7", { ...open, updated_at: "2026-11-02T08:00:00.000Z" });
  await desk.say("branch", "jobs", "b1", row);
  const rows = [
    { kind: "job", key: "1", connection: "office", stream: "jobs", id: "o1" },
    { kind: "job", key: "1", connection: "branch", stream: "jobs", id: "b1" },
  ];
  await desk.ask("POST", "links/import", { body: { rows } });
  await desk.pass(1);
  await desk.say("office", "jobs", "o1", card("o1", "10263", { ...open, status: asked.word ?? "Ready to Invoice" }));
  desk.world.clock.set(start);
  const vendor: BranchVendor = { row: { ...row }, sent: [], onRead: undefined, onWrite: undefined, forgets: false };
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
  for (let reads = 0; reads < 9; reads++) await store.reads.take("branch", "jobs");
  const state = async (): Promise<JobState> => (await store.jobs.load(job)).state;
  const world: WritingWorld = {
    ...{ desk, ports, vendor, job, state },
    planned: async () => {
      const [intent, ...more] = (await state()).intents;
      if (!intent || more.length > 0) throw new Error("not one intent is planned");
      return intent;
    },
    deliver: async (intent) =>
      writeBack(ports, desk.company, {
        ...{ v: 1, company: desk.company.id, job },
        intent: intent ?? (await state()).attempts[0]?.intent.id ?? (await world.planned()).id,
      }),
    at: (seconds) => addSeconds(start, seconds),
    later: (seconds) => desk.world.clock.set(addSeconds(start, seconds)),
  };
  return world;
}

interface OtherWriter extends Partial<Writer> {
  readonly beside?: readonly RawRecord[];
  readonly none?: boolean;
  readonly never?: boolean;
}

/** The world's ports with another writer of the branch's status: one that refuses, that never does, that reads more, or none. */
export function branchWriting(
  { ports }: WritingWorld,
  { beside = [], none = false, never = false, ...more }: OtherWriter,
): WriteBackPorts {
  const plain = connectors["customtrades"];
  const status = plain?.writers.status;
  if (!plain || !status) throw new Error("the branch's status has no writer");
  const read: Writer["read"] = async (...asked) => {
    const page = await status.read(...asked);
    return { ...page, records: [...page.records, ...beside] };
  };
  const { refuse: _refuse, ...willing } = status;
  const writers = none ? {} : { ...plain.writers, status: { ...(never ? willing : status), read, ...more } };
  return { ...ports, connector: () => ({ ...plain, writers }) };
}

function documentOf({ mode = "apply", policy = {}, lagSeconds = 20 }: Asked): object {
  const [company] = deskConfig.companies;
  if (!company) throw new Error("there is no company");
  const [office, _crews, branch] = company.connections;
  const lag = lagSeconds === null ? {} : { lagSeconds };
  return {
    ...deskConfig,
    companies: [
      {
        ...company,
        connections: [office, { ...branch, mode: { default: mode }, ...lag }],
        policy: { ...company.policy, authority: { work: ["office", "branch"] }, ...policy },
      },
    ],
  };
}

function clientOf(
  connection: VendorClient["connection"],
  vendor: BranchVendor,
  desk: DeskCompany,
  job: string,
): VendorClient {
  const request = async <Schema extends z.ZodMiniType>(
    asked: VendorRequest<Schema>,
  ): Promise<VendorReply<z.infer<Schema>>> => {
    if (asked.writes) {
      const { state } = await desk.ports.jobs.load(job);
      vendor.sent.push({ body: asked.json, attempts: state.attempts.length });
      await vendor.onWrite?.();
      if (!vendor.forgets) {
        const changed = z.parse(z.looseObject({}), asked.json);
        vendor.row = { ...vendor.row, ...changed, updated_at: await desk.world.clock.now() };
      }
    } else await vendor.onRead?.();
    if (vendor.row === null) throw new Failure("missing", "404");
    const value = z.parse(asked.schema, { success: true, data: vendor.row });
    return { value, status: 200, headers: {}, requestId: "r-1" };
  };
  return { connection, secret: null, purpose: "write", now: desk.world.clock.now, request };
}
