import type { Failure } from "#shared/domain/failure.ts";
import * as z from "#shared/domain/schema.ts";
import { failureOf, jsonOf } from "../classify.ts";
import type { Answer, VendorHttp } from "../connector.ts";
import { secretIn } from "../settings.ts";
import { secretSchema } from "./schemas.ts";

const errorSchema = z.looseObject({
  status: z.literal("error"),
  message: z.optional(z.string()),
  error_code: z.optional(z.string()),
  errors: z.optional(z.array(z.looseObject({ field: z.optional(z.string()), message: z.optional(z.string()) }))),
});

/** One key per header, the version always sent, 1000 requests a day and key (Rotor's reference, header parameters and errors). */
export const http: VendorHttp = {
  limits: { perDay: 1000 },
  authorise: async (client) => ({
    "x-api-key": secretIn(secretSchema, client).apiKey,
    "rotor-api-version": "1.1.0",
  }),
  classify,
};

/** By error_code, whatever the status says; an error without a code is left to the common rules. */
function classify(answer: Answer): Failure | null {
  if (answer.status < 300 && !saysError(answer.body)) return null;
  const parsed = z.safeParse(errorSchema, jsonOf(answer.body));
  if (!parsed.success) return null;
  const { message = "", error_code: code, errors } = parsed.data;
  if (code === "RATE_LIMIT_EXCEEDED") return failureOf(answer, "rate-limited", `was refused: ${message}`, "day");
  if (code === "AUTHENTICATION_REQUIRED" || code === "INSUFFICIENT_SCOPE") {
    return failureOf(answer, "unauthorised", `was refused: ${message}`);
  }
  const fields = errors?.map((error) => `${error.field ?? "?"}: ${error.message ?? "?"}`).join("; ");
  if (fields) return failureOf(answer, answer.writes ? "rejected" : "bad-input", `was refused: ${message}: ${fields}`);
  if (answer.status < 300)
    return failureOf(answer, answer.writes ? "ambiguous" : "transient", `said error: ${message}`);
  return null;
}

/** Looks at both ends only: a page of a thousand jobs is not searched for a word that stands first or last. */
function saysError(body: string): boolean {
  return /"status"\s*:\s*"error"/.test(body.length > 2000 ? body.slice(0, 200) + body.slice(-200) : body);
}
