import type { Facts, JobFacts } from "#shared/domain/facts.ts";
import { digestOf } from "#shared/domain/ids.ts";
import { emptyJob, type JobState } from "#shared/domain/job.ts";
import type { Known } from "#shared/domain/observation.ts";

const day = "2026-11-02";

function known(
  connection: string,
  stream: string,
  id: string,
  read: number,
  facts: Facts,
  hangsOn: readonly string[] = [],
): Known {
  const modified = connection.startsWith("rotor") ? null : `2026-11-02T16:4${read % 10}:11.123456${read % 10}Z`;
  const record = { connection, stream, id };
  const said = {
    record,
    version: { modified, read },
    digest: digestOf([id, read]),
    at: `${day}T16:50:00.000Z`,
    hangsOn,
    facts,
  };
  return { said, seenRead: read, absent: null };
}

const root: JobFacts = {
  kind: "job",
  presence: "present",
  number: "10241",
  title: "Water heater replacement",
  work: { word: "Completed", set: ["completed"] },
  billing: "by-money",
  customer: { connection: "st-main", stream: "customers", id: "88213" },
  customerName: "Okafor, Daniel",
  schedule: { day, start: "08:00", end: "10:00" },
  serviceDay: day,
  completedAt: "2026-11-02T16:40:00Z",
  technicians: [
    { record: { connection: "st-main", stream: "technicians", id: "501" }, email: null, name: "Ana Reyes" },
  ],
  techniciansAre: "all",
  reference: null,
  charge: null,
  payment: null,
  noCharge: false,
  keys: { "externalData.ctc": "JOB-0871" },
  carry: {},
};

/**
 * A job as three systems tell it: an office's job with its visit, invoice and payment, a crew's record, a branch's job
 * with its invoice. `turn` makes its values, and the change it carries, differ from the last one's.
 */
export function typicalJob(id: string, turn: number): JobState {
  const st = "st-main/jobs/77410241";
  const invoice = { connection: "st-main", stream: "invoices", id: "91200417" };
  const observations: Record<string, Known> = {
    [st]: known("st-main", "jobs", "77410241", turn, root),
    "st-main/appointments/66120": known(
      "st-main",
      "appointments",
      "66120",
      3,
      {
        kind: "visit",
        presence: "present",
        state: "done",
        word: "Done",
        schedule: root.schedule,
        start: "2026-11-02T15:00:00Z",
      },
      [st],
    ),
    "st-main/invoices/91200417": known(
      "st-main",
      "invoices",
      "91200417",
      turn,
      {
        kind: "invoice",
        presence: "present",
        number: "10241",
        total: 52_488 + turn,
        tax: 3_888,
        balance: 0,
        discount: null,
        stage: "posted",
        partial: false,
        adjusts: null,
        day,
        customer: root.customer,
        keys: {},
      },
      [st],
    ),
    "st-main/payments/55008": known(
      "st-main",
      "payments",
      "55008",
      4,
      {
        kind: "payment",
        presence: "present",
        credit: false,
        state: "received",
        total: 52_488,
        fee: null,
        shares: [{ invoice, amount: 52_488 }],
        unapplied: 0,
        customer: root.customer,
        day,
        method: "Check",
      },
      ["st-main/invoices/91200417"],
    ),
    "rotor-crews/serviced-jobs/5f0e7c1a-1f5c-4d2e-9a51-0d8f1b7c2a44": known(
      "rotor-crews",
      "serviced-jobs",
      "5f0e7c1a-1f5c-4d2e-9a51-0d8f1b7c2a44",
      9,
      {
        ...root,
        number: null,
        charge: 52_488,
        payment: 52_488,
        customer: null,
        keys: {},
      },
    ),
    "ctc-boulder/jobs/871": known("ctc-boulder", "jobs", "871", 5, {
      ...root,
      number: "JOB-0871",
      charge: 52_488,
      payment: 52_488,
      keys: { job_number: "JOB-0871" },
      billing: { word: "Complete", set: ["paid"] },
    }),
  };
  const links = Object.keys(observations).map((record, n) => ({
    record,
    rule: n === 0 ? ("first" as const) : ("part" as const),
    evidence: [`hangs on ${st}`],
    at: `${day}T16:50:00.000Z`,
    batch: null,
  }));
  const word = ["completed"];
  return {
    ...emptyJob(id),
    observations,
    links,
    fields: { work: { agreed: word, by: [] }, schedule: { agreed: root.schedule, by: ["st-main"] } },
    bases: { work: { [st]: { word, ask: false }, "ctc-boulder/jobs/871": { word, ask: false } } },
    money: ["st-main", "rotor-crews", "ctc-boulder"].map((connection) => ({
      connection,
      charge: 52_488,
      payment: 52_488,
      outstanding: 0,
      provisional: false,
      unreadable: [],
    })),
    lastChange: {
      version: 0,
      at: `${day}T16:50:00.000Z`,
      cause: "observation",
      records: [st, "st-main/invoices/91200417"],
      lines: [`st-main's charge was ${turn} cents less`],
    },
  };
}
