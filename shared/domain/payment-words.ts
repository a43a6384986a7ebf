import type { CauseKind } from "./break.ts";

/** What a payment can be beside money received, by the name of its type. Names are a company's own, so this is policy. */
export const wordedKinds = ["write-off", "financing", "retention", "refund", "payment-reversed"] as const;
export type WordedKind = (typeof wordedKinds)[number] & CauseKind;

/** Words of the names of payment types, by what they mean. */
export type PaymentWords = Readonly<Partial<Record<WordedKind, readonly string[] | undefined>>>;

/** Where the policy says nothing: few words, which nobody uses for plain money. */
const usual: Readonly<Record<WordedKind, readonly string[]>> = {
  "write-off": ["write off", "writeoff", "bad debt"],
  financing: ["financing", "financed"],
  retention: ["retention", "retainage"],
  refund: ["refund"],
  "payment-reversed": ["returned check", "bounced check", "nsf", "chargeback"],
};

/** Only money that comes in is written off, financed or held back; only money that goes out is given or taken back. */
const outgoing: ReadonlySet<WordedKind> = new Set(["refund", "payment-reversed"]);

/**
 * What the name of a payment's type says of it: the first kind of which it holds a word whole, in any case and spelt with
 * blanks or dashes; null when it says nothing. The policy's words of a kind stand in place of the usual ones.
 */
export function kindByWords(method: string | null, goesOut: boolean, words: PaymentWords = {}): WordedKind | null {
  const name = plain(method ?? "");
  const kinds = wordedKinds.filter((kind) => outgoing.has(kind) === goesOut);
  return kinds.find((kind) => (words[kind] ?? usual[kind]).some((word) => name.includes(plain(word)))) ?? null;
}

/** " credit card refund ": a word is whole between blanks. */
function plain(text: string): string {
  return ` ${text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()} `;
}
