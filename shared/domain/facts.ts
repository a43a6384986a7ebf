import type { RecordRef } from "./ids.ts";
import type { Amount } from "./money.ts";
import type { Billing, Presence, Word, Work } from "./status.ts";

/**
 * What one record says, in our words. A connector's normalise makes these, one per raw record, deterministically;
 * reconcile reads nothing else. `parents` of the normalised record (connector.ts) say what it hangs on.
 */
export type Facts =
  | JobFacts
  | VisitFacts
  | AssignmentFacts
  | InvoiceFacts
  | PaymentFacts
  | PersonFacts
  | ReferenceFacts;

/** A technician as a record names them: by a record of the connection, by e-mail, or both. */
export interface TechnicianName {
  readonly record: RecordRef | null;
  readonly email: string | null;
  readonly name: string | null;
}

/**
 * Local wall clock of the connection's zone: printed day, hours as `windows.ts` writes them, null where the vendor does
 * not say.
 */
export interface Schedule {
  readonly day: string;
  readonly start: string | null;
  readonly end: string | null;
  /** The instants themselves where the vendor states instants, its original text: they count, whatever the zone. */
  readonly from?: string;
  readonly to?: string;
}

/** A record that is itself a view of the whole job: the roots that are linked with each other. */
export interface JobFacts {
  readonly kind: "job";
  readonly presence: Presence;
  /** The vendor's own number, shown to people, never compared with another vendor's. */
  readonly number: string | null;
  readonly title: string | null;
  readonly work: Word<Work>;
  /** `by-money`: no word of its own; derived from the job's invoices and payments. */
  readonly billing: Word<Billing> | "by-money";
  readonly customer: RecordRef | null;
  readonly customerName: string | null;
  readonly schedule: Schedule | null;
  /** How many visits it has, where its system says so: a job that is read before its visits is known to have some. */
  readonly visits?: number;
  /** Zone of the part of the company it belongs to, where the connection names one for it: its visits' day is that zone's. */
  readonly zone?: string;
  /** The local day the service belongs to (people-and-day links, cut-off); null when unknown. */
  readonly serviceDay: string | null;
  /** Instant of completion, the vendor's original text; null when not stated. */
  readonly completedAt: string | null;
  /** null: this record does not speak of technicians. `some`: it names one of several (a lead). */
  readonly technicians: readonly TechnicianName[] | null;
  readonly techniciansAre: "all" | "some";
  /** The customer's own reference (purchase order); null when the vendor has no such field, "" when empty. */
  readonly reference: string | null;
  /** Amounts printed on the record itself; null where the vendor states none there. Charge, net received, outstanding. */
  readonly charge: Amount;
  readonly payment: Amount;
  readonly noCharge: boolean;
  /** Named fields that a configured key pair may compare (`externalData.ctc`, `job_number`, `reference`). */
  readonly keys: Readonly<Record<string, string>>;
  /** Texts a write needs to send back as they stand (meter value, offset of a printed time, notes). */
  readonly carry: Readonly<Record<string, string>>;
  /** What it is reconciled as a part of, with the others of its connection that say so: a project. Else it stands for itself. */
  readonly unit?: RecordRef;
}

/** A visit of a job (an appointment). */
export interface VisitFacts {
  readonly kind: "visit";
  readonly presence: Presence;
  readonly state: "scheduled" | "dispatched" | "working" | "held" | "done" | "canceled" | "unused" | "unknown";
  readonly word: string;
  readonly schedule: Schedule | null;
  /** Instant of the start, the vendor's original text. */
  readonly start: string | null;
}

/** A technician put on a job. */
export interface AssignmentFacts {
  readonly kind: "assignment";
  readonly presence: Presence;
  readonly technician: TechnicianName;
  readonly visit: string | null;
}

export interface InvoiceFacts {
  readonly kind: "invoice";
  readonly presence: Presence;
  readonly number: string | null;
  /** All of it, tax included. */
  readonly total: Amount;
  readonly tax: Amount;
  readonly balance: Amount;
  readonly discount: Amount;
  /** `draft`: not a charge yet. `pending`: provisional. `posted`: in the books or with the customer. */
  readonly stage: "draft" | "pending" | "posted" | "void";
  /** A partial or progress invoice: the job may go on after it. */
  readonly partial: boolean;
  readonly adjusts: RecordRef | null;
  /** Printed day it belongs to. */
  readonly day: string | null;
  readonly customer: RecordRef | null;
  readonly keys: Readonly<Record<string, string>>;
  /** It bills a project and names no job of it: it belongs where that project's jobs are. */
  readonly unit?: RecordRef;
}

/** A payment (or credit memo) with all its shares. Each job counts the shares of its own invoices. */
export interface PaymentFacts {
  readonly kind: "payment";
  readonly presence: Presence;
  readonly credit: boolean;
  readonly state: "received" | "expected" | "failed" | "refunded";
  readonly total: Amount;
  /** What the vendor kept of it (card fee) when it says so: amount less net amount. */
  readonly fee: Amount;
  readonly shares: readonly { readonly invoice: RecordRef; readonly amount: Amount }[];
  readonly unapplied: Amount;
  readonly customer: RecordRef | null;
  readonly day: string | null;
  readonly method: string | null;
  /** Our own mark, on a payment that we recorded there. */
  readonly marker?: string;
}

/** A customer or technician: the keys by which two systems' records are known to be the same person. */
export interface PersonFacts {
  readonly kind: "person";
  readonly role: "customer" | "technician";
  readonly presence: Presence;
  readonly name: string | null;
  /** Digits only, last ten; lower case. */
  readonly phones: readonly string[];
  readonly emails: readonly string[];
  readonly mergedTo: RecordRef | null;
}

/** A record kept for its name only (business unit, cancel reason, location). */
export interface ReferenceFacts {
  readonly kind: "reference";
  readonly presence: Presence;
  readonly name: string | null;
  readonly values: Readonly<Record<string, string>>;
}
