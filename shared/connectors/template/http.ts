import type { VendorHttp } from "../connector.ts";
import { secretIn } from "../settings.ts";
import { secretSchema } from "./schemas.ts";

/**
 * How this vendor talks HTTP: credentials, limits, and answers that mean something else than their status says. What is
 * left to null follows the common rules (classify.ts): here all of it, the reference's codes are the usual ones.
 */
export const http: VendorHttp = {
  limits: { perMinute: 60 },
  authorise: async (client) => ({ "x-api-key": secretIn(secretSchema, client).apiKey }),
  classify: () => null,
};
