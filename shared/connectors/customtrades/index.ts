import type { Connector } from "../connector.ts";
import { http } from "./http.ts";
import { normalise } from "./normalise.ts";
import { reader } from "./reader.ts";
import { secretSchema, settingsSchema } from "./schemas.ts";
import { streams } from "./streams.ts";
import { vocabulary } from "./vocabulary.ts";
import { webhook } from "./webhook.ts";
import { writers } from "./writes.ts";

export * as customtrades from "./operations.ts";

/** Custom Trades CRM (customtradescrm.com): jobs with a word for everything but canceled, invoices, payments. */
export const connector: Connector = {
  vendor: "customtrades",
  settings: settingsSchema,
  secret: secretSchema,
  http,
  streams,
  reader,
  normalise,
  vocabulary,
  writers,
  webhook,
};
