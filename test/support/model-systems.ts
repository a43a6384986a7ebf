import type { Vocabulary } from "#shared/connectors/connector.ts";
import type { JobFacts } from "#shared/domain/facts.ts";
import { digestOf, type RecordRef, recordKey } from "#shared/domain/ids.ts";
import type { Intent } from "#shared/domain/intent.ts";
import type { Amount } from "#shared/domain/money.ts";
import { type Known, knownFrom } from "#shared/domain/observation.ts";
import type { CompanyConfig, ConnectionConfig, Mode } from "#shared/domain/policy.ts";
import { billings, type StatusWord, unknownWord, type Work, works } from "#shared/domain/status.ts";
import type { Context, FeedView } from "#shared/pipeline/context.ts";
import { rootFacts } from "./money-view.ts";

/**
 * Systems by what they can do, not by their names: what a merge may rely on is who may edit, who can be written, how
 * much a word says and whether a record has a version. Each stands for real vendors; none is one.
 */
export interface SystemClass {
  readonly name: string;
  readonly editor: boolean;
  /** `api`: written. `task`: a person is asked. `none`: nobody can change it. */
  readonly writes: "api" | "task" | "none";
  readonly mode: Mode;
  readonly words: readonly StatusWord[];
  /** The vendor prints a modified time. */
  readonly versioned: boolean;
  /** The record holds a customer reference, a second field beside the work. */
  readonly reference: boolean;
  /** Its modified time tells days apart and nothing less: all that happens here has one version. */
  readonly coarseVersion?: boolean;
  /** Words that its people use and its vocabulary does not know (law 10). */
  readonly unlisted?: readonly string[];
  /** What becomes of an answered write: it shows at once, only after the vendor's lag, or never. */
  readonly takes?: "at-once" | "later" | "never";
}

const row = (word: string, order: number, work: readonly Work[], written: readonly Work[] = work): StatusWord => ({
  word,
  order,
  work,
  billing: billings,
  ...(written.length > 0 ? { write: { work: written, billing: billings } } : {}),
});

/** One word a state: what a person sets is what is meant. */
export const plainWords: readonly StatusWord[] = [
  row("Scheduled", 1, ["scheduled"]),
  row("Working", 2, ["working"]),
  row("Completed", 3, ["completed"]),
];

/** Knows less: one word for everything before the end. */
export const coarseWords: readonly StatusWord[] = [
  row("Pending", 1, ["proposed", "open", "scheduled", "dispatched", "working", "held"], []),
  row("Closed", 2, ["completed"]),
];

/** Words that overlap: several fit the same state. */
export const wideWords: readonly StatusWord[] = [
  row("Planned", 1, ["scheduled", "dispatched"], ["scheduled"]),
  row("Started", 2, ["dispatched", "working", "held"], ["working"]),
  row("Done", 3, ["completed"]),
];

export const system = (name: string, more: Partial<SystemClass>): SystemClass => ({
  name,
  editor: true,
  writes: "api",
  mode: "apply",
  words: plainWords,
  versioned: true,
  reference: false,
  ...more,
});

export const systemClasses = {
  /** Edited by people, written by us. */
  writable: system("writable", {}),
  /** Edited by people; every write waits for a person. */
  proposing: system("proposing", { mode: "propose" }),
  /** Edited by people; no API changes it, a person is asked. */
  readOnly: system("readOnly", { writes: "task" }),
  /** Only observed: its word counts for nothing, and nobody can change it. */
  observed: system("observed", { editor: false, writes: "none", mode: "observe" }),
  /** Knows less, may not edit, is written. */
  coarse: system("coarse", { editor: false, words: coarseWords }),
  /** Knows less and may edit. */
  coarseEditor: system("coarseEditor", { words: coarseWords }),
  /** Its words overlap. */
  wide: system("wide", { words: wideWords }),
  /** Prints no version of its records. */
  unversioned: system("unversioned", { versioned: false }),
} as const satisfies Record<string, SystemClass>;
export type ClassName = keyof typeof systemClasses;

export const vendorOf = (name: string): string => `model-${name}`;

/** Connection ids `s1`, `s2`, ... in the order of authority; `s1` is the reference of money. */
export function companyOf(
  classes: readonly SystemClass[],
  policy: Partial<CompanyConfig["policy"]> = {},
): CompanyConfig {
  const ids = classes.map((_, index) => `s${index + 1}`);
  const connections = classes.map(
    (one, index): ConnectionConfig => ({
      id: ids[index] ?? "",
      vendor: vendorOf(one.name),
      book: "receivable",
      reference: index === 0,
      baseUrl: "http://127.0.0.1:1",
      secret: "none",
      mode: { default: one.mode },
      lagSeconds: 30,
    }),
  );
  const editors = ids.filter((_, index) => classes[index]?.editor);
  const fields = { work: ids, reference: ids };
  return {
    id: "model",
    name: "Model",
    zone: "America/Denver",
    currency: "USD",
    connections,
    policy: {
      authority: fields,
      editors: { work: editors, reference: editors },
      graceHours: { default: 0 },
      ...policy,
    },
  };
}

export function vocabularyOf(one: SystemClass): Vocabulary {
  return {
    statusWords: one.words,
    noWord: ["proposed", "canceled"],
    targets: { status: one.writes, reference: one.reference ? one.writes : "none", payment: "task" },
    rootStream: "jobs",
    money: "record",
    task: (target, wanted) => `set ${target} to ${wanted}`,
  };
}

export function contextOf(company: CompanyConfig, classes: readonly SystemClass[], now: string): Context {
  return {
    now,
    company,
    policyVersion: "1",
    epoch: 1,
    vocabularies: Object.fromEntries(
      classes.map((one, index) => [company.connections[index]?.id ?? "", vocabularyOf(one)]),
    ),
    shows: (intent, records) => {
      const found = records.find((one) => recordKey(one.record) === recordKey(intent.record));
      if (found?.facts.kind !== "job") return "";
      return intent.target === "status" ? (found.facts.work.word ?? "") : (found.facts.reference ?? "");
    },
    feeds: {},
    held: [],
    quietSeconds: 0,
  };
}

/** A feed whose last complete read has arrived. */
export function feedView(completeAt: string | null, everyMinutes: number): FeedView {
  return { completeAt, arrivedAt: completeAt, arrivesAt: null, everyMinutes };
}

/** What a model vendor holds of the one job. `modified` counts its changes. */
export interface ModelRecord {
  readonly word: string;
  readonly reference: string;
  readonly charge: Amount;
  readonly payment: Amount;
  readonly modified: number;
}

export const recordOf = (connection: string): RecordRef => ({ connection, stream: "jobs", id: "1" });

/** Version `n` as an instant with seven digits, so that no two are equal in their first three. */
export const versionText = (count: number): string => `2026-11-02T08:00:00.${String(count).padStart(7, "0")}Z`;

/** What a system prints as the version of its record; null where it prints none. */
export function versionOf(one: SystemClass, record: ModelRecord): string | null {
  if (!one.versioned) return null;
  return versionText(one.coarseVersion ? 0 : record.modified);
}

export function factsOf(one: SystemClass, record: ModelRecord): JobFacts {
  const known = one.words.find((candidate) => candidate.word === record.word);
  return {
    ...rootFacts,
    work: known ? { word: record.word, set: known.work } : unknownWord(record.word, works),
    billing: unknownWord(null, billings),
    reference: one.reference ? record.reference : null,
    charge: record.charge,
    payment: record.payment,
  };
}

/** One reading of a model vendor's record. */
export function readingOf(one: SystemClass, connection: string, record: ModelRecord, read: number, at: string): Known {
  return knownFrom({
    record: recordOf(connection),
    version: { modified: versionOf(one, record), read },
    digest: digestOf(record),
    at,
    hangsOn: [],
    facts: factsOf(one, record),
  });
}

/** The vendor takes a write: what it changes, and a new version if anything changed. */
export function written(record: ModelRecord, intent: Intent): ModelRecord {
  const next =
    intent.target === "status" ? { ...record, word: intent.wanted } : { ...record, reference: intent.wanted };
  const moved = next.word !== record.word || next.reference !== record.reference;
  return moved ? { ...next, modified: record.modified + 1 } : record;
}
