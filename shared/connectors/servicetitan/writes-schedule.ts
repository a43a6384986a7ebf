import type { VisitFacts } from "#shared/domain/facts.ts";
import { Failure } from "#shared/domain/failure.ts";
import * as z from "#shared/domain/schema.ts";
import { addSeconds, instantMillis, wallToInstant } from "#shared/domain/time.ts";
import type { Page, Writer } from "../connector.ts";
import { scheduleFrom, scheduleShown } from "../schedule-text.ts";
import type { VendorClient } from "../vendor-client.ts";
import { listAll, sorted } from "./list.ts";
import { appointment } from "./schemas.ts";
import { pathIn } from "./settings.ts";
import { lists } from "./streams.ts";

/** The connection's switch: off until the tenant is seen to have the reschedule endpoint (vendor contracts 1.6). */
export const CAPABILITY = "reschedule";

/**
 * Moves the job's next appointment. A tenant may not have the endpoint: without the capability this refuses and the
 * change is a task for the dispatch board.
 */
export const schedule: Writer = {
  target: "schedule",
  requests: 3,
  guarded: false,
  async read(client, intent) {
    const rows = await listAll(client, lists.appointments, { jobId: intent.record.id });
    return { ...sorted("appointments", rows), dropped: 0, next: null, total: null, mark: null };
  },
  shows(records, intent) {
    const visits = records.flatMap(({ facts }) => (facts.kind === "visit" ? [facts] : []));
    return scheduleShown(nextOf(visits)?.schedule ?? null, intent.wanted);
  },
  async send(client, intent, before) {
    if (client.connection.capabilities?.[CAPABILITY] !== true) {
      throw new Failure("bad-input", `${client.connection.id} may not reschedule: move the appointment by hand`, {
        connection: client.connection.id,
      });
    }
    const moved = nextRow(before);
    const times = newTimes(client, intent.wanted, moved);
    const { requestId } = await client.request({
      operation: "rescheduleAppointment",
      method: "PATCH",
      path: pathIn(client.connection, "jpm", `/appointments/${moved.id}/reschedule`),
      json: times,
      schema: z.unknown(),
      writes: true,
    });
    return { requestId };
  },
};

/** The visit that speaks for the job: the first that is not done, else the last. */
function nextOf(visits: readonly VisitFacts[]): VisitFacts | undefined {
  const speaking = visits
    .filter((visit) => visit.presence === "present" && visit.state !== "unused" && visit.state !== "canceled")
    .sort((a, b) => (startOf(a.start) < startOf(b.start) ? -1 : 1));
  return speaking.find((visit) => visit.state !== "done") ?? speaking.at(-1);
}

function nextRow(before: Page): z.infer<typeof appointment> {
  const rows = before.records.flatMap((record) => {
    const parsed = appointment.safeParse(record.raw);
    return parsed.success ? [parsed.data] : [];
  });
  const speaking = rows
    .filter((row) => row.active !== false && row.unused !== true && row.status !== "Canceled")
    .sort((a, b) => (startOf(a.start) < startOf(b.start) ? -1 : 1));
  const next = speaking.find((row) => row.status !== "Done") ?? speaking.at(-1);
  if (next) return next;
  throw new Failure("rejected", "the job has no appointment to move", { operation: "rescheduleAppointment" });
}

function startOf(start: string | null | undefined): string {
  return start ?? "";
}

/** Start and end of the wanted wall clock; without an end the appointment keeps its length. */
function newTimes(
  client: VendorClient,
  wanted: string,
  moved: z.infer<typeof appointment>,
): { readonly start: string; readonly end: string } {
  const to = scheduleFrom(wanted);
  const { zone, id } = client.connection;
  if (!to?.start || zone === undefined) {
    throw new Failure("bad-input", `${id}: expected a day with hours, and a zone on the connection: ${wanted}`);
  }
  const start = wallToInstant(to.day, to.start, zone).instant;
  if (to.end) return { start, end: wallToInstant(to.day, to.end, zone).instant };
  const length = moved.start && moved.end ? instantMillis(moved.end) - instantMillis(moved.start) : 3_600_000;
  return { start, end: addSeconds(start, length / 1000) };
}
