import { isRecord, type Json, type JsonRecord } from "../kit/json.ts";
import { sortableInstant } from "./instants.ts";
import { cents } from "./money.ts";

/** The account's other records, for filters that look beyond their own (jobs by an appointment's status). */
export interface Shelf {
  records(collection: string): JsonRecord[];
  find(collection: string, id: number | string): JsonRecord | undefined;
}

export type Test = (record: JsonRecord, shelf: Shelf) => boolean;

/** Reads one query parameter; `null` means that the value has the wrong type (400 naming the parameter). */
export type Filter = (value: string) => Test | null;

export type Filters = Readonly<Record<string, Filter>>;

const WHOLE = /^-?\d+$/;

/** The value at a dotted path of a record: `job.id`. */
export function at(record: JsonRecord, path: string): Json | undefined {
  let value: Json | undefined = record;
  for (const step of path.split(".")) value = isRecord(value) ? value[step] : undefined;
  return value;
}

/** Equal to one whole number, at a path of the record. */
export function wholeNumber(path: string): Filter {
  return (value) => (WHOLE.test(value) ? (record) => at(record, path) === Number(value) : null);
}

/** Equal to one number that need not be whole. */
export function sameNumber(path: string): Filter {
  return (value) => (/^-?\d+(\.\d+)?$/.test(value) ? (record) => at(record, path) === Number(value) : null);
}

/** Any of a comma list of whole numbers, at most `max` of them; in a list field, any common member. */
export function wholeNumbers(path: string, max = 50): Filter {
  return (value) => {
    const words = value.split(",").map((word) => word.trim());
    if (words.length > max || words.some((word) => !WHOLE.test(word))) return null;
    const wanted = new Set(words.map(Number));
    return (record) => {
      const held = at(record, path);
      return Array.isArray(held)
        ? held.some((item) => wanted.has(Number(item)))
        : typeof held === "number" && wanted.has(held);
    };
  };
}

/** Equal text, ignoring case. */
export function sameText(path: string): Filter {
  return (value) => (record) => String(at(record, path) ?? "").toLowerCase() === value.toLowerCase();
}

/** Text that contains the value, ignoring case (names, streets). */
export function containsText(path: string): Filter {
  return (value) => (record) =>
    String(at(record, path) ?? "")
      .toLowerCase()
      .includes(value.toLowerCase());
}

/** One of the vendor's words; an unknown word is a wrong value. */
export function oneWord(path: string, words: readonly string[]): Filter {
  return (value) => {
    const word = words.find((known) => known.toLowerCase() === value.toLowerCase());
    return word === undefined ? null : (record) => at(record, path) === word;
  };
}

/** Any of a comma list of the vendor's words. */
export function anyWord(path: string, words: readonly string[]): Filter {
  return (value) => {
    const wanted = value
      .split(",")
      .map((item) => words.find((word) => word.toLowerCase() === item.trim().toLowerCase()));
    return wanted.includes(undefined) ? null : (record) => wanted.some((word) => word === at(record, path));
  };
}

export function yesOrNo(path: string): Filter {
  return (value) => {
    if (!/^(true|false)$/i.test(value)) return null;
    const wanted = value.toLowerCase() === "true";
    return (record) => (at(record, path) === true) === wanted;
  };
}

/** At or after the instant (inclusive); a record without the field is outside. */
export function onOrAfter(path: string): Filter {
  return bounded(path, (held, bound) => held >= bound);
}

/** Before the instant (exclusive). */
export function before(path: string): Filter {
  return bounded(path, (held, bound) => held < bound);
}

/** After the instant (exclusive), as `paidOnAfter` is named. */
export function after(path: string): Filter {
  return bounded(path, (held, bound) => held > bound);
}

function bounded(path: string, keeps: (held: string, bound: string) => boolean): Filter {
  return (value) => {
    // An unescaped "+02:00" arrives with a space; the vendor's framework reads it as the sign it was.
    const bound = sortableInstant(value.replace(" ", "+"));
    if (bound === null) return null;
    return (record) => {
      const held = sortableInstant(at(record, path));
      return held !== null && keeps(held, bound);
    };
  };
}

export function moneyAtLeast(path: string): Filter {
  return (value) => (/^-?\d+(\.\d+)?$/.test(value) ? (record) => cents(at(record, path)) >= cents(value) : null);
}

export function moneyAtMost(path: string): Filter {
  return (value) => (/^-?\d+(\.\d+)?$/.test(value) ? (record) => cents(at(record, path)) <= cents(value) : null);
}

/** A whole number judged by a rule over the record and the account's other records. */
export function byNumber(rule: (wanted: number) => Test): Filter {
  return (value) => (WHOLE.test(value) ? rule(Number(value)) : null);
}

export const createdAndModified: Filters = {
  createdOnOrAfter: onOrAfter("createdOn"),
  createdBefore: before("createdOn"),
  modifiedOnOrAfter: onOrAfter("modifiedOn"),
  modifiedBefore: before("modifiedOn"),
};
