import type { Webhook } from "../connector.ts";

/**
 * ServiceTitan's event names, payload and signature stand in no official text that could be reached, and its retries end
 * after about seven minutes: this connection is polled, and no webhook route is opened for it (vendors.ts).
 */
export const webhook: Webhook | null = null;
