import { connectors, normalisers } from "#shared/connectors/registry.ts";
import type { VendorClient, VendorReply, VendorRequest } from "#shared/connectors/vendor-client.ts";
import { Failure, type FailureKind } from "#shared/domain/failure.ts";
import type { Receipt } from "#shared/domain/intent.ts";
import type { JobState } from "#shared/domain/job.ts";
import * as z from "#shared/domain/schema.ts";
import type { Call, CallLook } from "#shared/messages/call.ts";
import { deskOf, enterCall } from "#shared/pipeline/desk.ts";
import type { StoredJob } from "#shared/pipeline/ports.ts";
import { type WriteBackPorts, type WroteBack, writeBack } from "#shared/pipeline/write-back.ts";
import { type DeskCompany, deskCompany } from "./desk-company.ts";

/** A call by hand as it is stored, over a vendor that the test answers for. */
export interface CallingWorld {
  readonly desk: DeskCompany;
  ports: WriteBackPorts;
  /** What a look shows; throwing is the vendor failing. */
  shows: () => unknown;
  /** What the call is answered. */
  answers: () => unknown;
  readonly asked: VendorRequest<z.ZodMiniType>[];
  /** Stores the call and puts it on the desk; what is given back delivers its message. */
  call(more?: Partial<Call>, money?: boolean): Promise<() => Promise<WroteBack>>;
  stored(): Promise<StoredJob>;
  state(): Promise<JobState>;
  receipt(): Promise<Receipt | undefined>;
  /** The writes that came. */
  writes(): readonly VendorRequest<z.ZodMiniType>[];
  /** What the looks show, one after the other. */
  inTurn(...values: readonly unknown[]): void;
}

/** Looks that want a job closed, gone, and one made. */
const there: CallLook = {
  ...{ operation: "getJob", request: { method: "GET", path: "/jobs/7" }, rows: "", expect: "there" },
  wants: [{ of: {}, shows: { state: "closed" } }],
};
export const looks = {
  there,
  gone: { ...there, wants: [{ of: { id: 7 }, shows: {} }], expect: "gone" },
  made: { ...there, rows: "jobs", wants: [{ of: { title: "Boiler" }, shows: {} }], expect: "new" },
} as const satisfies Record<string, CallLook>;

/** What the vendor shows of that job. */
export const open = { id: 7, state: "open" };
export const closed = { id: 7, state: "closed" };

export const failing =
  (kind: FailureKind, message = "no answer") =>
  (): never => {
    throw new Failure(kind, message);
  };

const plain: Call = {
  ...{ v: 1, operation: "closeJob", withheld: [], look: there, happened: "getJob of the job" },
  request: { method: "POST", path: "/jobs/7/close" },
};

/** At 8:00, the switch open; the look shows the job open, the call is answered. */
export async function callingWorld(): Promise<CallingWorld> {
  const desk = await deskCompany();
  const job = deskOf("branch");
  const { clock } = desk.world;
  const client = async (connection: VendorClient["connection"]): Promise<VendorClient> => ({
    ...{ connection, secret: null, purpose: "write" as const, now: () => clock.now() },
    request: async <Schema extends z.ZodMiniType>(
      one: VendorRequest<Schema>,
    ): Promise<VendorReply<z.infer<Schema>>> => {
      world.asked.push(one);
      const value = z.parse(one.schema, one.writes ? world.answers() : world.shows());
      return { value, status: 200, headers: {}, requestId: "r-1" };
    },
  });
  const world: CallingWorld = {
    desk,
    ports: {
      ...desk.world.company(desk.company.id),
      ...desk.ports,
      controlAll: desk.world.cell.controlAll,
      describer: (vendor) => normalisers[vendor],
      connector: (vendor) => connectors[vendor],
      client,
    },
    shows: () => open,
    answers: () => ({ id: 7 }),
    asked: [],
    async call(more = {}, money = false) {
      await desk.world.archive.put("calls/1", JSON.stringify({ ...plain, ...more }));
      const { epoch } = await desk.ports.control.state();
      const asked = {
        ...{ connection: "branch", operation: "closeJob", asking: "1", by: "ana", archived: "calls/1", digest: "d" },
        ...{ sent: "POST /jobs/7/close", requests: 3, money, needsApproval: false, epoch },
      };
      const { stored } = await enterCall(desk.ports.jobs, asked, await clock.now());
      const intent = stored.state.intents[0]?.id ?? "";
      return () => writeBack(world.ports, desk.company, { v: 1, company: desk.company.id, job, intent });
    },
    stored: () => desk.ports.jobs.load(job),
    state: async () => (await world.stored()).state,
    receipt: async () => (await world.state()).receipts[0],
    writes: () => world.asked.filter((one) => one.writes),
    inTurn(...values) {
      let n = 0;
      world.shows = () => {
        const value = values[Math.min(n++, values.length - 1)];
        return typeof value === "function" ? value() : value;
      };
    },
  };
  return world;
}
