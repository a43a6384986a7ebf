import type { Webhook } from "../connector.ts";

/** None: Rotor's reference describes no webhooks. */
export const webhook: Webhook | null = null;
