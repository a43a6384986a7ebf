import type { Facts } from "#shared/domain/facts.ts";
import { Failure } from "#shared/domain/failure.ts";
import type { RecordRef } from "#shared/domain/ids.ts";
import { isUnreadable } from "#shared/domain/money.ts";
import * as z from "#shared/domain/schema.ts";
import { amountOf } from "../amount.ts";
import type { Connector, Page, Writer } from "../connector.ts";
import { checkedInput } from "../problems.ts";
import type { VendorClient, VendorRequest } from "../vendor-client.ts";
import { listAll, sorted } from "./list.ts";
import { reader } from "./reader.ts";
import { assignedAppointment, job } from "./schemas.ts";
import { booking } from "./schemas-people.ts";
import { type Module, pathIn, settingsOf } from "./settings.ts";
import { lists, type StreamName } from "./streams.ts";
import { amount } from "./writes-amount.ts";
import { payment } from "./writes-payment.ts";
import { schedule } from "./writes-schedule.ts";

export type Shown = readonly { readonly record: RecordRef; readonly facts: Facts }[];

/** One write to a resource of a module; `rejected` when the vendor refuses, `ambiguous` without an answer. */
export async function send<Schema extends z.ZodMiniType>(
  client: VendorClient,
  request: {
    readonly operation: string;
    readonly method: VendorRequest<Schema>["method"];
    readonly module: Module;
    readonly path: string;
    readonly json: unknown;
    readonly schema: Schema;
  },
): Promise<{ readonly requestId: string | null }> {
  const { module, path, ...rest } = request;
  const { requestId } = await client.request({ ...rest, path: pathIn(client.connection, module, path), writes: true });
  return { requestId };
}

/** Every row of a list as the page a writer reads; its caller names filters that keep it short. */
export async function readList(
  client: VendorClient,
  stream: StreamName,
  query: Readonly<Record<string, string | undefined>>,
  path?: string,
): Promise<Page> {
  const spec = path === undefined ? lists[stream] : { ...lists[stream], path };
  const { records, unfit } = sorted(stream, await listAll(client, spec, query));
  return { records, unfit, dropped: 0, next: null, total: null, mark: null };
}

const crewArguments = z.looseObject({
  action: z.enum(["assign", "unassign"]),
  technicianId: z.string(),
  appointmentId: z.string(),
});

/** One technician put on, or taken off, one appointment. Assign adds: a change of crew is two writes, two receipts. */
const assignees: Writer = {
  target: "assignees",
  requests: 3,
  guarded: false,
  read: (client, intent) => readList(client, "assignments", { jobId: intent.record.id }),
  shows(records, intent) {
    const { technicianId, appointmentId } = checkedInput("assignees", crewArguments, intent.arguments);
    const on = records.some(
      ({ facts }) =>
        facts.kind === "assignment" &&
        facts.presence === "present" &&
        facts.technician.record?.id === technicianId &&
        facts.visit === appointmentId,
    );
    return on ? "assigned" : "not assigned";
  },
  send(client, intent) {
    const { action, technicianId, appointmentId } = checkedInput("assignees", crewArguments, intent.arguments);
    return send(client, {
      operation: action === "assign" ? "assignTechnicians" : "unassignTechnicians",
      method: "POST",
      module: "dispatch",
      path: `/appointment-assignments/${action}-technicians`,
      json: { jobAppointmentId: Number(appointmentId), technicianIds: [Number(technicianId)] },
      schema: assignedAppointment,
    });
  },
};

/** The customer's purchase order number, on the job. */
const reference: Writer = {
  target: "reference",
  requests: 3,
  guarded: false,
  read: (client, intent) => reader.byIds(client, "jobs", [intent.record.id]),
  shows(records) {
    const facts = records[0]?.facts;
    return facts?.kind === "job" ? (facts.reference ?? "") : "";
  },
  send: (client, intent) =>
    send(client, {
      operation: "updateJob",
      method: "PATCH",
      module: "jpm",
      path: `/jobs/${encodeURIComponent(intent.record.id)}`,
      json: { customerPo: intent.wanted },
      schema: job,
    }),
};

const cancelArguments = z.looseObject({ reasonId: z.int(), memo: z.string().check(z.minLength(1)) });

/**
 * Canceling is the one word the API writes: with the policy's reason and a memo, approved by a person, and only while
 * no money applies to the job's invoices.
 */
const status: Writer = {
  target: "status",
  requests: 4,
  guarded: false,
  async read(client, intent) {
    const found = await reader.byIds(client, "jobs", [intent.record.id]);
    const invoices = await readList(client, "invoices", { jobId: intent.record.id });
    return { ...found, records: [...found.records, ...invoices.records] };
  },
  shows(records) {
    const root = records.find(({ facts }) => facts.kind === "job")?.facts;
    return root?.kind === "job" ? (root.work.word ?? "") : "";
  },
  refuse(intent, before) {
    if (intent.wanted !== "Canceled") return "ServiceTitan has no endpoint for this: set the job there by hand";
    const applied = before.records.some((one) => one.stream === "invoices" && hasMoneyApplied(one.raw));
    return applied ? "money applies to the job's invoice: settle it in ServiceTitan, then cancel the job there" : null;
  },
  send(client, intent) {
    const { reasonId, memo } = checkedInput("cancelJob", cancelArguments, intent.arguments);
    return send(client, {
      operation: "cancelJob",
      method: "PUT",
      module: "jpm",
      path: `/jobs/${encodeURIComponent(intent.record.id)}/cancel`,
      json: { reasonId, memo },
      schema: z.unknown(),
    });
  },
};

/** What was invoiced and what is left differ: something was paid or credited. What cannot be read counts as money. */
function hasMoneyApplied(raw: unknown): boolean {
  const parsed = z.looseObject({ total: z.unknown(), balance: z.unknown() }).safeParse(raw);
  if (!parsed.success) return true;
  const total = amountOf(parsed.data.total);
  const balance = amountOf(parsed.data.balance);
  return isUnreadable(total) || isUnreadable(balance) || total !== balance;
}

const bookingArguments = z.looseObject({
  externalId: z.string().check(z.minLength(1)),
  name: z.string(),
  summary: z.string(),
  day: z.nullish(z.string()),
});

/** A job that is not there: a booking under the other system's id, by which it is found again; the office converts it. */
const missingJob: Writer = {
  target: "job",
  requests: 3,
  // It adds a record and so overwrites nobody's edit.
  guarded: true,
  read: (client, intent) => {
    const { externalId } = checkedInput("createBookingByProvider", bookingArguments, intent.arguments);
    return readList(client, "bookings", { externalId }, `/booking-provider/${providerOf(client)}/bookings`);
  },
  shows(records, intent) {
    const { externalId } = checkedInput("createBookingByProvider", bookingArguments, intent.arguments);
    const booked = records.some(
      ({ facts }) => facts.kind === "reference" && facts.values["externalId"] === externalId.trim(),
    );
    return booked ? "booked" : "none";
  },
  send(client, intent) {
    const { externalId, name, summary, day } = checkedInput(
      "createBookingByProvider",
      bookingArguments,
      intent.arguments,
    );
    return send(client, {
      operation: "createBookingByProvider",
      method: "POST",
      module: "crm",
      path: `/booking-provider/${providerOf(client)}/bookings`,
      json: {
        source: "Plumbline",
        name,
        summary: day ? `${summary} (service day ${day})` : summary,
        isFirstTimeClient: false,
        isSendConfirmationEmail: false,
        externalId: externalId.trim(),
      },
      schema: booking,
    });
  },
};

function providerOf(client: VendorClient): string {
  const provider = settingsOf(client.connection).bookingProvider;
  if (provider !== undefined) return encodeURIComponent(provider);
  throw new Failure("bad-input", `connection ${client.connection.id}: bookingProvider is needed to book a job`, {
    connection: client.connection.id,
  });
}

export const writers: Connector["writers"] = {
  amount,
  assignees,
  reference,
  status,
  job: missingJob,
  payment,
  schedule,
};
