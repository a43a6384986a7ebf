import type { JobFacts } from "#shared/domain/facts.ts";
import { isUnreadable, minorFromCents } from "#shared/domain/money.ts";
import { billings, unknownWord, type Word, type Work, works } from "#shared/domain/status.ts";
import { instantNanos, localDay, printedDay } from "#shared/domain/time.ts";
import type { Normalise, NormaliseContext, Normalised } from "../connector.ts";
import { type ServiceEntry, serviceEntry } from "./schemas.ts";
import { STREAM } from "./streams.ts";
import { LAG_HOURS, statusWords } from "./vocabulary.ts";

/** Facts of a service entry: a charge and a status, never a payment. Pure. */
export const normalise: Normalise = (stream, raw, context) => {
  if (stream !== STREAM) return { unfit: `no stream ${stream}` };
  const parsed = serviceEntry.safeParse(raw);
  if (parsed.success) return entryFacts(parsed.data, context);
  const issue = parsed.error.issues[0];
  return { unfit: `${issue?.path.join(".") || "record"}: ${issue?.code ?? "does not fit"}` };
};

function entryFacts(entry: ServiceEntry, context: NormaliseContext): Normalised {
  const notices: string[] = [];
  const reference = entry.reference?.trim() ?? "";
  const completed = instantOrNull(entry.completed_at);
  notices.push(...cutOff(completed, context.zone));
  const day = completed ?? instantOrNull(entry.started_at);
  const cents = entry.total_amount_cents;
  const charge = cents === null || cents === undefined ? null : minorFromCents(cents);
  if (isUnreadable(charge)) notices.push(`unreadable amount in total_amount_cents: ${charge.unreadable}`);
  const facts: JobFacts = {
    kind: "job",
    presence: "present",
    number: String(entry.id),
    title: titleOf(entry),
    work: workWord(entry.status, notices),
    billing: { word: entry.status ?? null, set: billings },
    customer: null,
    customerName: null,
    schedule: null,
    serviceDay: day === null ? null : localDay(day, context.zone),
    completedAt: entry.status === "completed" ? completed : null,
    technicians: null,
    techniciansAre: "all",
    reference,
    charge,
    payment: null,
    noCharge: false,
    keys: reference === "" ? {} : { reference },
    carry: carryOf(entry),
  };
  return {
    facts,
    parents: [],
    keys: reference === "" ? [] : [{ kind: "reference", value: reference }],
    alsoRead: [],
    notices,
  };
}

/** The client books it in another month than we do: an amount that agrees here differs in reports by month. */
function cutOff(completed: string | null, zone: string): readonly string[] {
  const [theirs, ours] = completed === null ? [null, null] : [printedDay(completed), localDay(completed, zone)];
  const isCut = theirs !== null && ours !== null && theirs.slice(0, 7) !== ours.slice(0, 7);
  return isCut ? [`cut-off: completed on ${theirs} in the client's books, on ${ours} in ours`] : [];
}

function workWord(word: string | null | undefined, notices: string[]): Word<Work> {
  const known = statusWords.find((one) => one.word === word);
  if (!known) {
    notices.push(`unknown-word: status ${word ?? "(none)"}`);
    return unknownWord(word ?? null, works);
  }
  const read = { word: known.word, set: known.work };
  if (known.word !== "pending") return read;
  return { ...read, also: { states: ["completed"], hoursAfterCompletion: LAG_HOURS } };
}

/** Texts as printed: the offset of the client's times, the day in the client's books, the meter value to send back. */
function carryOf(entry: ServiceEntry): Record<string, string> {
  const meter = entry.primary_meter_entry;
  const printed: Record<string, string | null | undefined> = {
    started_at: entry.started_at,
    completed_at: entry.completed_at,
    created_at: entry.created_at,
    printedDay: printedDay(entry.completed_at ?? ""),
    meterValue: meterValueOf(entry),
    meterDate: meter?.date,
    vehicle: entry.vehicle?.name,
    vendor_id: entry.vendor_id === null || entry.vendor_id === undefined ? null : String(entry.vendor_id),
  };
  const carry: Record<string, string> = {};
  for (const [name, text] of Object.entries(printed)) if (text) carry[name] = text;
  return carry;
}

/** The entry's meter value as it stands; null when there is none or it was voided: it is never invented. */
export function meterValueOf(entry: ServiceEntry): string | null {
  const meter = entry.primary_meter_entry;
  const value = meter?.value;
  if (value === null || value === undefined || meter?.void === true) return null;
  const text = String(value).trim();
  return /^\d+(\.\d+)?$/.test(text) ? text : null;
}

function titleOf(entry: ServiceEntry): string | null {
  const named = [entry.vehicle?.name, entry.general_notes?.split("\n")[0]].filter(Boolean).join(": ");
  return named.slice(0, 200) || null;
}

function instantOrNull(text: string | null | undefined): string | null {
  return text && instantNanos(text) !== null ? text : null;
}
