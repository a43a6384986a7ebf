import type { Demo, JsonRecord, RecordName } from "#local/demo/demo.ts";
import { carryOut, copyOf, having, instantsOf, isRecord, openingOf, type Standing, where } from "./fold.ts";

/**
 * Which records are one job, worked out from what the vendors print and nothing else: phones and e-mails, days and
 * crews, the two configured keys, the links file. Answers where this differs from what was planted.
 */
export function linkProblems(demo: Demo): string[] {
  const opening = openingOf(demo);
  const standing = copyOf(opening);
  for (const [, edits] of instantsOf(demo)) for (const edit of edits) carryOut(standing, edit);
  const problems: string[] = [];
  for (const truth of demo.truth) {
    const office = truth.records.find((record) => record.connection === "st-main");
    const found = office ? twinsOf(demo, { opening, standing }, office) : [];
    const wanted = truth.records
      .filter((record) => record !== office)
      .map(nameOf)
      .toSorted();
    if (office && found.toSorted().join() !== wanted.join())
      problems.push(`${truth.number}: ${found.join(" ")} is not ${wanted.join(" ")}`);
    if (!office && truth.records.some((record) => crewTwins(standing, record.id).length > 0))
      problems.push(`${nameOf(truth.records[0])} has a twin`);
  }
  return problems;
}

const nameOf = (record: RecordName | undefined): string =>
  record ? `${record.connection}/${record.stream}/${record.id}` : "nothing";

function twinsOf(
  demo: Demo,
  { opening, standing }: { opening: Standing; standing: Standing },
  office: RecordName,
): string[] {
  const job = standing["st-main"]?.["jobs"]?.[office.id];
  if (!job) return [];
  const found = new Set<string>();
  const pairs = Array.isArray(job["externalData"]) ? job["externalData"].filter(isRecord) : [];
  const card = pairs.find((pair) => pair["key"] === "ctc")?.["value"];
  for (const one of where(standing, "ctc-boulder", "jobs", (record) => record["job_number"] === card))
    found.add(`ctc-boulder/jobs/${String(one["uuid"])}`);
  const [invoice] = having(standing, "st-main", "invoices", "job.id", job["id"]);
  const first = new Set(
    where(
      opening,
      "fleetio-frontrange",
      "serviceEntries",
      (one) => one["reference"] === invoice?.["referenceNumber"],
    ).map((one) => one["id"]),
  );
  for (const one of where(standing, "fleetio-frontrange", "serviceEntries", ours))
    if (one["reference"] === invoice?.["referenceNumber"] || first.has(one["id"] ?? null))
      found.add(`fleetio-frontrange/service-entries/${String(one["id"])}`);
  const days = visitsOf(standing, job);
  for (const crew of where(standing, "rotor-crews", "jobs", () => true)) {
    if (sameDayAndPeople(standing, job, days, crew)) found.add(`rotor-crews/serviced-jobs/${String(crew["id"])}`);
  }
  for (const row of demo.crosswalk)
    if (demo.crosswalk.some((other) => other.key === row.key && other.id === office.id) && row.id !== office.id)
      found.add(`${row.connection}/${row.stream}/${row.id}`);
  return [...found];
}

const ours = (entry: JsonRecord): boolean => entry["vendor_id"] === 412 && entry["is_sample"] === false;

/** Denver's day of an instant. */
function dayOf(instant: unknown): string {
  const at = String(instant);
  const hours = at < "2026-11-01T08:00" ? 6 : 7;
  return new Date(Date.parse(at) - hours * 3_600_000).toISOString().slice(0, 10);
}

function visitsOf(standing: Standing, job: JsonRecord): string[] {
  const visits = having(standing, "st-main", "appointments", "jobId", job["id"]);
  return visits.map((one) => String(one["start"])).toSorted();
}

const digits = (text: unknown): string => String(text ?? "").replace(/\D/g, "");

function sameDayAndPeople(standing: Standing, job: JsonRecord, visits: readonly string[], crew: JsonRecord): boolean {
  const [first] = visits;
  const starts = Array.isArray(crew["visits"]) ? crew["visits"].filter(isRecord) : [];
  if (first === undefined || dayOf(starts[0]?.["start"]) !== dayOf(first)) return false;
  const person = standing["rotor-crews"]?.["customers"]?.[String(crew["customer_id"])];
  const contacts = having(standing, "st-main", "contacts", "customerId", job["customerId"]).map((one) => one["value"]);
  const known = contacts.some((value) => value === person?.["email"] || digits(value) === digits(person?.["phone"]));
  return known;
}

function crewTwins(standing: Standing, id: string): JsonRecord[] {
  const crew = standing["rotor-crews"]?.["jobs"]?.[id];
  if (!crew) return [];
  return where(standing, "st-main", "jobs", (job) => sameDayAndPeople(standing, job, visitsOf(standing, job), crew));
}
