import type { Connector } from "../connector.ts";
import { http } from "./http.ts";
import { normalise } from "./normalise.ts";
import { reader } from "./reader.ts";
import { secretSchema, settingsSchema } from "./schemas.ts";
import { streams } from "./streams.ts";
import { vocabulary } from "./vocabulary.ts";
import { webhook } from "./webhook.ts";
import { writers } from "./writes.ts";

export * as rotor from "./operations.ts";

/** Rotor (getrotor.com): a source of balances and crews that takes nothing back. */
export const connector: Connector = {
  vendor: "rotor",
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
