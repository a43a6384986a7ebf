import type { Webhook } from "../connector.ts";

/** None: the reference describes no webhooks. */
export const webhook: Webhook | null = null;
