import { isRecord, type JsonRecord } from "../kit/json.ts";
import { instantOf } from "./zone.ts";

/** A parameter that cannot be read, and what is wrong with it. */
export type Wrong = { parameter: string; sentence: string };

export type Asked = {
  filters: { field: string; operator: string; value: string }[];
  sorts: { field: string; direction: "asc" | "desc" }[];
};

const TIMES = ["lt", "lte", "gt", "gte"] as const;

/** Which operators each field of this endpoint takes; its document gives one operator a field. */
const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  reference: ["like", "eq"],
  status: ["include"],
  labels: ["include"],
  completed_at: TIMES,
  created_at: TIMES,
  updated_at: TIMES,
};

const SORTABLE = ["id", "completed_at", "updated_at", "created_at"];

/** Reads `filter[field][operator]=value` and `sort[field]=direction`; anything else in the query is ignored. */
export function askedOf(query: URLSearchParams, how: { timeZone: string; twoBounds: boolean }): Asked | Wrong {
  const asked: Asked = { filters: [], sorts: [] };
  for (const [name, value] of query) {
    const filter = /^filter\[(\w+)\]\[(\w+)\]$/.exec(name);
    const sort = /^sort\[(\w+)\]$/.exec(name);
    const wrong = filter
      ? takeFilter(asked, { field: filter[1] ?? "", operator: filter[2] ?? "", value }, how)
      : sort
        ? takeSort(asked, sort[1] ?? "", value)
        : /^(filter|sort)\b/.test(name)
          ? { parameter: name, sentence: "is not a valid parameter" }
          : undefined;
    if (wrong) return wrong;
  }
  if (asked.sorts.length === 0) asked.sorts.push({ field: "id", direction: "desc" });
  return asked;
}

function takeFilter(
  asked: Asked,
  filter: Asked["filters"][number],
  how: { timeZone: string; twoBounds: boolean },
): Wrong | undefined {
  const parameter = `filter[${filter.field}][${filter.operator}]`;
  const operators = OPERATORS[filter.field];
  if (!operators) return { parameter, sentence: `${filter.field} cannot be filtered` };
  if (!operators.includes(filter.operator)) return { parameter, sentence: `takes one of ${operators.join(", ")}` };
  if (!how.twoBounds && asked.filters.some(({ field }) => field === filter.field)) {
    return { parameter, sentence: "only one operator per field is allowed" };
  }
  if (operators === TIMES && instantOf(filter.value, how.timeZone) === null) {
    return { parameter, sentence: `'${filter.value}' is not a valid date-time` };
  }
  asked.filters.push(filter);
  return undefined;
}

function takeSort(asked: Asked, field: string, value: string): Wrong | undefined {
  const parameter = `sort[${field}]`;
  if (!SORTABLE.includes(field)) return { parameter, sentence: `takes one of ${SORTABLE.join(", ")}` };
  if (value !== "asc" && value !== "desc") return { parameter, sentence: "takes asc or desc" };
  asked.sorts.push({ field, direction: value });
  return undefined;
}

/** Whether the record passes every filter (they are ANDed; a comma in `include` is OR). */
export function passes(record: JsonRecord, { filters }: Asked, timeZone: string): boolean {
  return filters.every(({ field, operator, value }) => {
    if (operator === "eq") return record[field] === value;
    if (operator === "like") {
      return String(record[field] ?? "")
        .toLowerCase()
        .includes(value.replaceAll("%", "").toLowerCase());
    }
    if (operator === "include") return wordsOf(record, field).some((word) => value.split(",").includes(word));
    const held = instantOf(record[field], timeZone);
    const bound = instantOf(value, timeZone);
    if (held === null || bound === null) return false;
    return operator === "lt"
      ? held < bound
      : operator === "lte"
        ? held <= bound
        : operator === "gt"
          ? held > bound
          : held >= bound;
  });
}

function wordsOf(record: JsonRecord, field: string): string[] {
  const value = record[field];
  if (!Array.isArray(value)) return [String(value ?? "")];
  return value.map((item) => String(isRecord(item) ? (item["name"] ?? "") : item));
}

/** The record's place in the asked order: numbers by sort, then the id; what has no time comes last going up. */
export function placeOf(record: JsonRecord, { sorts }: Asked, timeZone: string): number[] {
  const values = sorts.map(({ field, direction }) => {
    const value =
      field === "id" ? Number(record["id"]) : (instantOf(record[field], timeZone) ?? Number.MAX_SAFE_INTEGER);
    return direction === "asc" ? value : -value;
  });
  const idUp = sorts.at(-1)?.direction === "asc";
  return [...values, idUp ? Number(record["id"]) : -Number(record["id"])];
}

/** Order of two places. */
export function comparePlaces(one: readonly number[], other: readonly number[]): number {
  for (const [at, value] of one.entries()) {
    const gap = value - (other[at] ?? 0);
    if (gap !== 0) return gap;
  }
  return 0;
}
