import * as z from "#shared/domain/schema.ts";
import type { Webhook } from "../connector.ts";
import { headerOf, signatureFits } from "../webhook-signature.ts";
import { secretSchema } from "./schemas.ts";

const eventSchema = z.looseObject({ event: z.string(), job_id: z.string().check(z.minLength(1)) });

/** HMAC-SHA256 over the raw body. The payload is never trusted: it only names what to read. */
export const webhook: Webhook = {
  verify: (headers, body, value) => {
    const parsed = z.safeParse(secretSchema, value);
    const key = parsed.success ? (parsed.data.webhookSecret ?? "") : "";
    return signatureFits("sha256", key, body, headerOf(headers, "x-signature"));
  },
  hints: (body) => {
    const parsed = z.safeParse(eventSchema, body);
    return parsed.success ? [{ stream: "jobs", ids: [parsed.data.job_id] }] : [];
  },
};
