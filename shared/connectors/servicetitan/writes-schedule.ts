import type { Schedule, VisitFacts } from "#shared/domain/facts.ts";
import { Failure } from "#shared/domain/failure.ts";
import type { Intent } from "#shared/domain/intent.ts";
import * as z from "#shared/domain/schema.ts";
import { addSeconds, instantMillis } from "#shared/domain/time.ts";
import { spanOf, windowAt } from "#shared/domain/windows.ts";
import type { IntentSubject, Page, Writer } from "../connector.ts";
import { scheduleFrom, scheduleShown } from "../schedule-text.ts";
import type { VendorClient } from "../vendor-client.ts";
import { listAll, sorted } from "./list.ts";
import { isInstant } from "./reading.ts";
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
    return scheduleShown(onClockOf(intent, nextOf(visits)), intent.wanted);
  },
  async send(client, intent, before) {
    if (client.connection.capabilities?.[CAPABILITY] !== true) {
      throw new Failure("bad-input", `${client.connection.id} may not reschedule: move the appointment by hand`, {
        connection: client.connection.id,
      });
    }
    const moved = nextRow(before);
    const times = newTimes(client, intent, moved);
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

/** The visit on the clock of the job's business unit, where the plan names its zone, else on the connection's. */
function onClockOf({ arguments: { zone } }: IntentSubject, visit: VisitFacts | undefined): Schedule | null {
  const schedule = visit?.schedule ?? null;
  const from = schedule?.from ?? visit?.start ?? null;
  if (typeof zone !== "string" || schedule === null || from === null) return schedule;
  return { ...schedule, ...windowAt(from, schedule.to ?? null, zone), from };
}

/** Start and end of the wanted wall clock; without an end the appointment keeps its length. */
function newTimes(
  { connection }: VendorClient,
  { wanted, arguments: { zone } }: Intent,
  moved: z.infer<typeof appointment>,
): { readonly start: string; readonly end: string } {
  const to = scheduleFrom(wanted);
  const clock = typeof zone === "string" ? zone : connection.zone;
  const span = to === null || clock === undefined ? null : spanOf(to, clock);
  if (span === null) {
    throw new Failure(
      "bad-input",
      `${connection.id}: expected a day with hours, and a zone to read them in: ${wanted}`,
    );
  }
  const start = asPrinted(span.from, moved.start);
  if (span.to !== null) return { start, end: asPrinted(span.to, moved.end) };
  const length = moved.start && moved.end ? instantMillis(moved.end) - instantMillis(moved.start) : 3_600_000;
  return { start, end: addSeconds(start, length / 1000) };
}

/** A time that stands to the minute keeps its seconds. */
function asPrinted(wanted: string, printed: string | null | undefined): string {
  if (!isInstant(printed)) return wanted;
  const past = instantMillis(printed) - instantMillis(wanted);
  return past >= 0 && past < 60_000 ? printed : wanted;
}
