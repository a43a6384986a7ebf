import { type JsonRecord, textOf } from "../kit/json.ts";
import { type Context, Refusal, type Reply } from "../kit/vendor.ts";
import { type FieldError, validationFailed } from "./replies.ts";

/** Reads query parameters and collects what is wrong with them; `check` throws Rotor's validation reply. */
export type QueryReader = {
  whole(name: string, fallback: number, least: number, most: number): number;
  flag(name: string, fallback: boolean): boolean;
  /** Epoch milliseconds. */
  instant(name: string): number | undefined;
  word(name: string, allowed?: string[]): string | undefined;
  check(): void;
};

export function readQuery(query: URLSearchParams): QueryReader {
  const errors: FieldError[] = [];
  const refuse = (field: string, message: string): void => void errors.push({ field, message });
  return {
    whole: (name, fallback, least, most) => {
      const text = query.get(name);
      if (text === null) return fallback;
      const value = Number(text);
      if (text.trim() !== "" && Number.isInteger(value) && value >= least && value <= most) return value;
      refuse(
        name,
        `must be an integer of at least ${least}${most === Number.MAX_SAFE_INTEGER ? "" : ` and at most ${most}`}`,
      );
      return fallback;
    },
    flag: (name, fallback) => {
      const text = query.get(name);
      if (text === null) return fallback;
      if (text !== "true" && text !== "false") refuse(name, "must be true or false");
      return text === "true";
    },
    instant: (name) => {
      const text = query.get(name);
      if (text === null) return undefined;
      const at = /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN;
      if (Number.isNaN(at)) refuse(name, "must be an ISO 8601 date-time");
      return at;
    },
    word: (name, allowed) => {
      const text = query.get(name);
      if (text === null) return undefined;
      if (allowed && !allowed.includes(text)) refuse(name, `must be one of ${allowed.join(", ")}`);
      return text;
    },
    check: () => {
      if (errors.length > 0) throw new Refusal(validationFailed(errors));
    },
  };
}

/** Cuts one page out of all matching records, which come newest first, and prints it as every Rotor list is printed. */
export function pageOf(context: Context, records: JsonRecord[], print: (record: JsonRecord) => JsonRecord): Reply {
  const { page, limit } = readPage(context);
  const from = (page - 1) * limit;
  return {
    status: 200,
    body: {
      data: records.slice(from, from + limit).map(print),
      pagination: { has_more: from + limit < records.length, limit, page, total: records.length },
      status: "success",
    },
  };
}

function readPage({ request, dials }: Context): { page: number; limit: number } {
  const query = readQuery(request.query);
  const limit = query.whole("limit", dials.number("defaultLimit"), 1, 1000);
  const page = query.whole("page", 1, 1, Number.MAX_SAFE_INTEGER);
  query.check();
  return { page, limit };
}

/** Newest first; records of the same instant keep the order in which they came. */
export function newestFirst(records: JsonRecord[]): JsonRecord[] {
  return [...records].sort((a, b) => createdAt(b) - createdAt(a));
}

export function createdAt(record: JsonRecord): number {
  const at = Date.parse(textOf(record["created_at"]));
  return Number.isNaN(at) ? 0 : at;
}
