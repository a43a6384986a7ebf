import { Failure } from "#shared/domain/failure.ts";
import * as z from "#shared/domain/schema.ts";
import { instantNanos } from "#shared/domain/time.ts";
import { failureOf, jsonOf } from "../classify.ts";
import type { Answer, VendorHttp } from "../connector.ts";
import { secretIn } from "../settings.ts";
import { secretSchema } from "./schemas.ts";

type Headers = Readonly<Record<string, string>>;

const refusalSchema = z.looseObject({ success: z.literal(false), error: z.optional(z.string()) });

/** A bearer key and 50,000 requests a month and company, stated in three headers (reference: authentication, usage). */
export const http: VendorHttp = {
  limits: { perMonth: 50_000 },
  authorise: async (client) => ({ authorization: `Bearer ${secretIn(secretSchema, client).apiKey}` }),
  classify(answer) {
    if (answer.status === 403) return forbidden(answer);
    if (answer.status >= 300 || !/^\s*\{\s*"success"\s*:\s*false/.test(answer.body)) return null;
    const refusal = z.safeParse(refusalSchema, jsonOf(answer.body));
    const said = refusal.success ? (refusal.data.error ?? "without a reason") : "without a reason";
    return failureOf(answer, answer.writes ? "rejected" : "bad-input", `was refused: ${said}`);
  },
  usage: usageOf,
};

/**
 * One 403 means three things, and its text does not tell which: usage exceeded, when the usage headers say so; the
 * add-on missing, when there are no usage headers; else the key does not allow this address.
 */
function forbidden(answer: Answer): Failure {
  const usage = usageOf(answer.headers);
  if (!usage) return failureOf(answer, "unauthorised", "was refused: the company has no Developer API add-on");
  if (usage.used < usage.limit) {
    return failureOf(answer, "unauthorised", "was refused: the key does not allow this address, or lacks the right");
  }
  const limited = failureOf(
    answer,
    "rate-limited",
    `waits: ${usage.used} of ${usage.limit} requests this month`,
    "month",
  );
  if (usage.resets === null) return limited;
  return new Failure("rate-limited", limited.message, { ...limited.detail, retryAt: usage.resets });
}

function usageOf(headers: Headers): ReturnType<NonNullable<VendorHttp["usage"]>> {
  const used = whole(headers["x-usage-count"]);
  const limit = whole(headers["x-usage-limit"]);
  if (used === null || limit === null) return null;
  const resets = headers["x-usage-resets"];
  const at = resets !== undefined && instantNanos(resets) !== null ? resets : null;
  return { window: "month", used, limit, resets: at };
}

function whole(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text.trim()) ? Number(text) : null;
}
