import type { Connector } from "../connector.ts";
import { http } from "./http.ts";
import { normalise } from "./normalise.ts";
import { reader } from "./reader.ts";
import { secret, settings } from "./settings.ts";
import { streams } from "./streams.ts";
import { vocabulary } from "./vocabulary.ts";
import { webhook } from "./webhook.ts";
import { writers } from "./writes.ts";

export { servicetitan } from "./operations.ts";

/** ServiceTitan: the office's jobs, appointments, invoices and payments. */
export const connector: Connector = {
  vendor: "servicetitan",
  settings,
  secret,
  http,
  streams,
  reader,
  normalise,
  vocabulary,
  writers,
  webhook,
};
