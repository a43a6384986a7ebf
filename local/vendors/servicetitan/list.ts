import type { JsonRecord } from "../kit/json.ts";
import { sortableInstant } from "./instants.ts";
import { invalid, type Problem } from "./problems.ts";
import { type Filter, type Filters, type Shelf, type Test, wholeNumbers } from "./query.ts";

/** One list of the API: which parameters it knows, what it sorts by, and what it hides unless asked. */
export interface ListRules {
  readonly filters: Filters;
  /** Filters that are read from two parameters together; null means that the second one is wrong. */
  readonly joined?: (query: URLSearchParams, dials: ListDials) => Readonly<Record<string, Filter | null>>;
  /** Sortable fields by the name in `sort`; undefined where the list has no sort and ignores the parameter. */
  readonly sort?: Readonly<Record<string, string>>;
  /** The older `orderBy` and `orderByDirection` are taken too where there is no `sort`. */
  readonly ordersBy?: boolean;
  /** The parameter that chooses between active and inactive records, and what a request without it gets. */
  readonly active?: { readonly parameter: "active" | "activeState"; readonly unasked: "active" | "any" };
}

export interface ListDials {
  /** The server gives at most this many rows a page while `hasMore` stays true; null gives as many as asked. */
  readonly rowsPerPage: number | null;
  /** `active=Any` without a sort lists the inactive records first. */
  readonly inactiveFirst: boolean;
  /** The order of a list without a sort. */
  readonly unsortedOrder: string;
  /** Whether the filters by external data see only the pairs that this request is shown. */
  readonly searchesShown: boolean;
  /** Whether pairs without an application's guid are shown to a reader that names none. */
  readonly ownWithoutGuid: boolean;
}

export type ListPage = {
  page: number;
  pageSize: number;
  hasMore: boolean;
  totalCount: number | null;
  data: JsonRecord[];
};

export const DEFAULT_PAGE_SIZE = 50;
export const MAX_PAGE_SIZE = 5000;

export const usualSort = { id: "id", modifiedon: "modifiedOn", createdon: "createdOn" } as const;

const ACTIVE_WORDS = {
  active: { true: "active", false: "inactive", any: "any" },
  activeState: { activeonly: "active", inactiveonly: "inactive", all: "any" },
} as const;

/** Answers one list request: the asked page, or the 400 that names every parameter at fault. Unknown parameters are ignored. */
export function listPage(
  query: URLSearchParams,
  rules: ListRules,
  records: JsonRecord[],
  shelf: Shelf,
  dials: ListDials,
): ListPage | Problem {
  const errors: Record<string, string[]> = {};
  const page = wholeWithin(query, "page", 1, Number.MAX_SAFE_INTEGER, errors);
  const pageSize = wholeWithin(query, "pageSize", DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, errors);
  const state = activeWanted(query, rules, errors);
  const tests = testsOf(query, rules, dials, errors);
  const order = orderOf(query, rules, errors);
  if (Object.keys(errors).length > 0) return invalid(errors);

  const kept = records.filter((record) => isWanted(record, state) && tests.every((test) => test(record, shelf)));
  if (order) kept.sort(order);
  else kept.sort(unsorted(dials, state));
  const rows = Math.min(pageSize, dials.rowsPerPage ?? pageSize);
  const from = (Math.max(page, 1) - 1) * rows;
  return {
    page: Math.max(page, 1),
    pageSize,
    hasMore: from + rows < kept.length,
    totalCount: query.get("includeTotal")?.toLowerCase() === "true" ? kept.length : null,
    data: kept.slice(from, from + rows),
  };
}

export function isProblem(answer: ListPage | Problem): answer is Problem {
  return "status" in answer;
}

function wholeWithin(
  query: URLSearchParams,
  name: string,
  unasked: number,
  max: number,
  errors: Record<string, string[]>,
): number {
  const text = query.get(name);
  if (text === null || text === "") return unasked;
  const lowest = name === "page" ? 0 : 1;
  const value = /^\d+$/.test(text) ? Number(text) : -1;
  if (value >= lowest && value <= max) return value;
  errors[name] = [`The value '${text}' is not valid for ${name}.`];
  return unasked;
}

function activeWanted(query: URLSearchParams, { active }: ListRules, errors: Record<string, string[]>): string {
  if (!active) return "any";
  const text = query.get(active.parameter);
  if (text === null || text === "") return active.unasked;
  const words: Readonly<Record<string, string>> = ACTIVE_WORDS[active.parameter];
  const state = words[text.toLowerCase()];
  if (state === undefined) errors[active.parameter] = [`The value '${text}' is not valid for ${active.parameter}.`];
  return state ?? "any";
}

function isWanted(record: JsonRecord, state: string): boolean {
  return state === "any" || (record["active"] !== false) === (state === "active");
}

function testsOf(
  query: URLSearchParams,
  rules: ListRules,
  dials: ListDials,
  errors: Record<string, string[]>,
): readonly Test[] {
  const tests: Test[] = [];
  for (const [name, filter] of Object.entries({
    ids: wholeNumbers("id"),
    ...rules.filters,
    ...rules.joined?.(query, dials),
  })) {
    const values = query.getAll(name).filter((value) => value !== "");
    if (values.length === 0) continue;
    const test = filter?.(values.join(","));
    if (test) tests.push(test);
    else errors[name] = [`The value '${values.join(",")}' is not valid for ${name}.`];
  }
  return tests;
}

function orderOf(query: URLSearchParams, { sort, ordersBy }: ListRules, errors: Record<string, string[]>) {
  const text = query.get("sort") ?? (ordersBy ? olderSort(query) : null);
  if (!sort || text === null || text === "") return null;
  // An unescaped "+" arrives as a space and so is no sign at all.
  const field = /^[+-]/.test(text) ? sort[text.slice(1).toLowerCase()] : undefined;
  if (field === undefined) {
    errors["sort"] = [`The value '${text}' is not valid for Sort.`];
    return null;
  }
  const sign = text.startsWith("-") ? -1 : 1;
  return (a: JsonRecord, b: JsonRecord) => sign * compare(a[field], b[field]) || sign * byId(a, b);
}

function olderSort(query: URLSearchParams): string | null {
  const field = query.get("orderBy");
  if (field === null || field === "") return null;
  return `${query.get("orderByDirection")?.toLowerCase().startsWith("desc") ? "-" : "+"}${field}`;
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const left = sortableInstant(a) ?? String(a ?? "");
  const right = sortableInstant(b) ?? String(b ?? "");
  return left < right ? -1 : left > right ? 1 : 0;
}

function byId(a: JsonRecord, b: JsonRecord): number {
  return Number(a["id"]) - Number(b["id"]);
}

/** The order of a list without a sort; with `active=Any` the inactive records may come before the others. */
function unsorted({ inactiveFirst, unsortedOrder }: ListDials, state: string) {
  const plain = UNSORTED[unsortedOrder] ?? byId;
  if (!inactiveFirst || state !== "any") return plain;
  return (a: JsonRecord, b: JsonRecord) => Number(a["active"] !== false) - Number(b["active"] !== false) || plain(a, b);
}

/** A place that says nothing of the record and is the same in every request. */
const scattered = (record: JsonRecord): number => Math.imul(Number(record["id"]), 0x85ebca6b) >>> 0;

const UNSORTED: Readonly<Record<string, (a: JsonRecord, b: JsonRecord) => number>> = {
  newest: (a, b) => byId(b, a),
  unordered: (a, b) => scattered(a) - scattered(b),
};
