import type { JsonRecord } from "../kit/json.ts";

/** ServiceTitan's error bodies: RFC 7807-like, always with type, title, status, traceId, errors and data. */

export type Problem = { status: number; body: JsonRecord };

/** Field name -> sentences about it. */
export type FieldErrors = Record<string, string[]>;

const TRACE = "00-00000000000000000000000000000000-0000000000000000-00";
const SECTION: Readonly<Record<number, string>> = { 400: "6.5.1", 403: "6.5.3", 404: "6.5.4", 409: "6.5.8" };

/** One problem answer of the given status; `errors` names the fields at fault. */
export function problem(status: number, title: string, errors: FieldErrors = {}): Problem {
  const type = `https://tools.ietf.org/html/rfc7231#section-${SECTION[status] ?? "6.6.1"}`;
  return { status, body: { type, title, status, traceId: TRACE, errors, data: {} } };
}

/** 400 for query parameters or body fields that have the wrong type or are missing. */
export function invalid(errors: FieldErrors): Problem {
  return problem(400, "One or more validation errors occurred.", errors);
}

/** 404 for a record that is not there. */
export function absent(what: string, id: number | string): Problem {
  return problem(404, `${what} with id ${id} was not found.`);
}

/** 409: the request is well formed and the record's state forbids it. */
export function conflict(title: string): Problem {
  return problem(409, title);
}

/** 400 with a title that states which rule of the office was broken. */
export function refused(title: string): Problem {
  return problem(400, title);
}
