import type { Break } from "./break.ts";
import type { Attempt, Intent, Receipt, Refusal } from "./intent.ts";
import type { Minor } from "./money.ts";
import type { Known } from "./observation.ts";
import type { MergeField } from "./policy.ts";
import * as z from "./schema.ts";

/** This record belongs to this job, by this rule, on this evidence. */
export interface Link {
  readonly record: string;
  readonly rule:
    | "first"
    | "part"
    | "person"
    | "marker"
    | "key-pair"
    | "unit"
    | "people-and-day"
    | "duplicate"
    | "accepted";
  readonly evidence: readonly string[];
  readonly at: string;
  readonly batch: string | null;
  /** Why nothing holds it any more, though something was done that rests on it: a person has to say. */
  readonly doubt?: string;
  /** A person has said that the record is a call entered twice: it counts only where the other is gone (same-call.ts). */
  readonly sameAs?: SameAs;
}

/** What a person said of a record: it is the same call as this other one of its connection, which is kept. */
export interface SameAs {
  readonly record: string;
  readonly by: string;
  readonly at: string;
  readonly why: string;
  /** What the record itself printed as its charge then: another amount later is news. Minor units. */
  readonly charge: Minor | null;
  /** What stood and was planned before, so that taking it back gives that back: a note, an assignee, a no. */
  readonly before: { readonly breaks: readonly Break[]; readonly intents: readonly Intent[] };
}

/** Merge state of one field: the agreed meaning and the sides whose edit made it (docs/merge.md: `agreed`, `by`). */
export interface FieldState {
  readonly agreed: unknown;
  readonly by: readonly string[];
}

/** Per field and record: the word last taken into account, and whether writes there are only proposed. */
export interface Base {
  readonly word: unknown;
  readonly ask: boolean;
}

/** A change of a field's agreed meaning to one that does not agree with what it was (law 9). */
export interface Flip {
  readonly at: string;
  readonly from: unknown;
  readonly to: unknown;
  /** Records whose edit made it. */
  readonly by: readonly string[];
}

/** A money line of one connection. Null is "not stated". */
export interface MoneyLine {
  readonly connection: string;
  readonly charge: Minor | null;
  readonly payment: Minor | null;
  /** Charge less payment, shown and checked, never counted. */
  readonly outstanding: Minor | null;
  /** An estimate until the work is completed or the invoice posted. */
  readonly provisional: boolean;
  /** Nothing but bills that are not posted yet, of work that goes on: not compared, whichever system it is. */
  readonly estimate?: true;
  readonly unreadable: readonly string[];
  /** The tax that the reference charges and this system's amounts are printed without (policy: `includesTax` is no). */
  readonly withoutTax?: Minor;
}

/** One change of a job, kept for ever at (job, version). */
export interface Change {
  readonly version: number;
  readonly at: string;
  readonly cause: string;
  readonly records: readonly string[];
  readonly lines: readonly string[];
}

export const changeSchema: z.ZodMiniType<Change> = z.object({
  version: z.int(),
  at: z.string(),
  cause: z.string(),
  records: z.array(z.string()),
  lines: z.array(z.string()),
});

/** What is kept of a job between two reconciles: one item, committed by one conditional write. */
export interface JobState {
  readonly format: 1;
  readonly id: string;
  readonly observations: Readonly<Record<string, Known>>;
  readonly links: readonly Link[];
  /** Known persons: record key or e-mail -> person id. */
  readonly people: Readonly<Record<string, string>>;
  readonly fields: Readonly<Partial<Record<MergeField, FieldState>>>;
  /** bases[field][record key] */
  readonly bases: Readonly<Partial<Record<MergeField, Readonly<Record<string, Base>>>>>;
  readonly money: readonly MoneyLine[];
  readonly breaks: readonly Break[];
  readonly intents: readonly Intent[];
  /** How many intents were ever planned here. */
  readonly planned: number;
  readonly attempts: readonly Attempt[];
  readonly receipts: readonly Receipt[];
  readonly refusals: readonly Refusal[];
  /** Flips of each field within the last hour, oldest first. */
  readonly flips: Readonly<Partial<Record<MergeField, readonly Flip[]>>>;
  /** Opening differences accepted at cutover, by line (`charge`, `payment`) and connection. */
  readonly accepted: Readonly<Record<string, Minor>>;
  readonly notices: readonly string[];
  /** Set when this job was merged into another. */
  readonly forwardTo: string | null;
  /** On a forwarding item only: what the join changed, so that it can be taken back exactly. */
  readonly before?: BeforeJoin;
  readonly lastChange: Change | null;
  /** Earliest instant at which time alone may change something here. */
  readonly dueAt: string | null;
}

/** What stood before a join: the job that stayed as it was, and what the forwarding item itself gave up. */
export interface BeforeJoin {
  /** Null for a very large job: taking back then starts from what it holds now, at first sight. */
  readonly into: JobState | null;
  readonly intents: readonly Intent[];
  readonly dueAt: string | null;
}

export function emptyJob(id: string): JobState {
  return {
    format: 1,
    id,
    observations: {},
    links: [],
    people: {},
    fields: {},
    bases: {},
    money: [],
    breaks: [],
    intents: [],
    planned: 0,
    attempts: [],
    receipts: [],
    refusals: [],
    flips: {},
    accepted: {},
    notices: [],
    forwardTo: null,
    lastChange: null,
    dueAt: null,
  };
}

/** Every member stands and is of the kind (list, table, text) that the empty job has there. */
export function isJobState(value: unknown): value is JobState {
  if (typeof value !== "object" || value === null) return false;
  const found = new Map<string, unknown>(Object.entries(value));
  return Object.entries(emptyJob("")).every(([name, empty]) => {
    const member = found.get(name);
    if (empty === null) return member === null || typeof member === "string" || typeof member === "object";
    return typeof member === typeof empty && member !== null && Array.isArray(member) === Array.isArray(empty);
  });
}
