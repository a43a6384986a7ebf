import { Failure, type FailureKind } from "#shared/domain/failure.ts";
import { instantMillis } from "#shared/domain/time.ts";
import type { Answer } from "./connector.ts";

/**
 * What an answer means where the vendor says nothing else. A write that was refused changed nothing; one that met a
 * 5xx, or a 408, may have taken effect and is `ambiguous`: it is looked for, never sent again blindly (law 7).
 */
export function classifyCommon(answer: Answer): Failure | null {
  const { status } = answer;
  if (status >= 200 && status < 300) return null;
  return failureOf(answer, kindOf(answer), `answered ${status}${said(answer)}`);
}

/** A failure that names the operation; the client adds connection, status, body and request id. */
export function failureOf(answer: Answer, kind: FailureKind, message: string, limit?: string): Failure {
  const retryAt = kind === "rate-limited" ? retryAfter(answer) : null;
  return new Failure(kind, `${answer.operation} ${message}`, {
    ...(limit === undefined ? {} : { limit }),
    ...(retryAt === null ? {} : { retryAt }),
  });
}

function kindOf({ status, writes, body }: Answer): FailureKind {
  if (status === 429) return "rate-limited";
  if (status === 401 || status === 403) return "unauthorised";
  if (status >= 500 || status === 408) return writes ? "ambiguous" : "transient";
  if (status >= 300 && status < 400) return "bad-input";
  if (writes) return "rejected";
  if (status !== 404 && status !== 410) return "bad-input";
  // A page of some gateway is not the vendor's word that a record is gone.
  return body.trim() === "" || jsonOf(body) !== undefined ? "missing" : "malformed";
}

/** `: the vendor's own words`, when its JSON has any of the usual members; empty text otherwise. */
function said(answer: Answer): string {
  const body = jsonOf(answer.body);
  if (typeof body !== "object" || body === null) return "";
  for (const name of ["message", "error", "title", "detail", "error_description"]) {
    const text: unknown = Reflect.get(body, name);
    if (typeof text === "string" && text !== "") return `: ${text}`;
  }
  return "";
}

/** The body as JSON, or undefined when it is none. */
export function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

/** The instant a Retry-After header means, in seconds or as an HTTP date; null without one. */
export function retryAfter(answer: Answer): string | null {
  const text = answer.headers["retry-after"];
  if (text === undefined) return null;
  if (/^\d+(\.\d+)?$/.test(text.trim())) {
    return new Date(instantMillis(answer.now) + Math.ceil(Number(text) * 1000)).toISOString();
  }
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}
