import {
  type Billing,
  billings,
  type StatusWord,
  unknownWord,
  type Word,
  type Work,
  works,
} from "#shared/domain/status.ts";

const any = billings;
const anyButVoid = billings.filter((state) => state !== "void");

/** The ten documented words: what companies use each for, and the one thing it may be written for. */
export const statusWords: readonly StatusWord[] = [
  { word: "New", order: 1, work: ["proposed", "open"], billing: ["unbilled"] },
  { word: "Contacted", order: 2, work: ["proposed", "open"], billing: ["unbilled"] },
  { word: "Estimate Sent", order: 3, work: ["proposed", "open", "held"], billing: ["unbilled"] },
  {
    word: "Estimate Approved",
    order: 4,
    work: ["open", "scheduled", "held"],
    billing: ["unbilled"],
    write: { work: ["open"], billing: any, onlyFrom: ["Estimate Sent"] },
  },
  {
    word: "Scheduled",
    order: 5,
    work: ["scheduled", "dispatched", "held"],
    billing: ["unbilled"],
    write: { work: ["scheduled"], billing: any },
  },
  {
    word: "In Progress",
    order: 6,
    work: ["dispatched", "working", "held"],
    billing: ["unbilled"],
    write: { work: ["working"], billing: any },
  },
  {
    word: "Needs Approval",
    order: 7,
    work: ["working", "held", "completed"],
    billing: ["unbilled", "ready"],
    pinned: true,
  },
  {
    word: "Ready to Invoice",
    order: 8,
    work: ["completed"],
    billing: ["unbilled", "ready"],
    write: { work: ["completed"], billing: ["unbilled", "ready"] },
  },
  {
    word: "Invoiced",
    order: 9,
    work: ["completed"],
    billing: ["invoiced", "part-paid", "paid"],
    partly: ["scheduled", "working", "held"],
    write: { work: ["completed"], billing: ["invoiced", "part-paid"] },
  },
  {
    word: "Complete",
    order: 10,
    work: ["completed"],
    billing: anyButVoid,
    write: { work: ["completed"], billing: ["paid", "no-charge"] },
  },
];

/** States no word means: nothing is written for them (dispatched and held fit several words, canceled none). */
export const noWord: readonly string[] = ["proposed", "dispatched", "held", "canceled", "void"];

export interface Stamps {
  readonly started: boolean;
  readonly completed: boolean;
  readonly invoiced: boolean;
  readonly paid: boolean;
}

export interface StatusFacts {
  readonly work: Word<Work>;
  readonly billing: Word<Billing>;
  readonly unknown: boolean;
}

/**
 * What a status word and the time stamps beside it mean together. Stamps narrow the word's set; when they leave
 * nothing, the word wins and the contradiction is said. An unknown word is every state (law 10).
 */
export function statusFacts(word: string | null, stamps: Stamps, completeMeans: "work-done" | "closed"): StatusFacts {
  const row = statusWords.find((one) => one.word === word);
  if (!row) return { work: unknownWord(word, works), billing: unknownWord(word, billings), unknown: true };
  const notStarted: readonly Work[] = ["proposed", "open", "scheduled"];
  const left = (states: readonly Work[]): readonly Work[] =>
    states
      .filter((state) => !stamps.started || !notStarted.includes(state))
      .filter((state) => !stamps.completed || state === "completed");
  const partly = left(row.partly ?? []);
  const billed: readonly Billing[] = ["invoiced", "part-paid", "paid"];
  const own = billingOf(row, stamps, completeMeans);
  const billing = own
    .filter((state) => !stamps.invoiced || billed.includes(state))
    .filter((state) => !stamps.paid || state === "paid");
  return {
    work: { ...narrowed(row.word, row.work, left(row.work), stamps), ...(partly.length > 0 ? { partly } : {}) },
    billing: narrowed(row.word, own, billing, stamps),
    unknown: false,
  };
}

function billingOf(row: StatusWord, stamps: Stamps, completeMeans: "work-done" | "closed"): readonly Billing[] {
  if (row.word === "Invoiced") return stamps.paid ? ["paid"] : ["invoiced", "part-paid"];
  if (row.word === "Complete" && completeMeans === "closed") return ["paid", "no-charge"];
  return row.billing;
}

function narrowed<State extends string>(
  word: string,
  own: readonly State[],
  left: readonly State[],
  stamps: Stamps,
): Word<State> {
  if (left.length > 0) return { word, set: left };
  const set = Object.entries(stamps).flatMap(([name, given]) => (given ? [`${name}_at`] : []));
  return { word, set: own, contradiction: `status is ${word}, yet ${set.join(", ")} is set` };
}
