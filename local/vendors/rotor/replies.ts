import type { JsonRecord } from "../kit/json.ts";
import type { Reply } from "../kit/vendor.ts";

/** Rotor's error bodies, word for word from its reference. */
export const authenticationRequired: Reply = {
  status: 401,
  body: {
    status: "error",
    message: "Authentication required. Provide x-api-key header.",
    error_code: "AUTHENTICATION_REQUIRED",
  },
};

export const notFound: Reply = { status: 404, body: { status: "error", message: "Not found" } };
export const serverError: Reply = { status: 500, body: { status: "error", message: "Internal server error" } };

export function scopeMissing(scope: string): Reply {
  const message = `Forbidden: required scope '${scope}' not granted for this API key`;
  return { status: 403, body: { status: "error", message, error_code: "INSUFFICIENT_SCOPE" } };
}

export function limitExceeded(limit: number): Reply {
  const message = `Daily API key request limit of ${limit} exceeded`;
  return { status: 429, body: { status: "error", message, error_code: "RATE_LIMIT_EXCEEDED" } };
}

export type FieldError = { field: string; message: string };

/** The body is documented, the number 400 is not: assumed. */
export function validationFailed(errors: FieldError[]): Reply {
  const listed: JsonRecord[] = errors.map(({ field, message }) => ({ field, message }));
  return { status: 400, body: { status: "error", message: "Validation failed", errors: listed } };
}
