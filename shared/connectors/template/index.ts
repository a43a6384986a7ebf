import type { Connector } from "../connector.ts";
import { http } from "./http.ts";
import { normalise } from "./normalise.ts";
import { reader } from "./reader.ts";
import { secretSchema, settingsSchema } from "./schemas.ts";
import { streams } from "./streams.ts";
import { vocabulary } from "./vocabulary.ts";
import { webhook } from "./webhook.ts";
import { writers } from "./writes.ts";

export { operations } from "./operations.ts";

/** A connector to start from: a vendor that nobody has, with one of everything. It is compiled and tested, never registered. */
export const connector: Connector<"template"> = {
  vendor: "template",
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
