import type { Connector } from "../connector.ts";
import { http } from "./http.ts";
import { normalise } from "./normalise.ts";
import { reader } from "./reader.ts";
import { secret, settings } from "./settings.ts";
import { streams } from "./streams.ts";
import { vocabulary } from "./vocabulary.ts";
import { webhook } from "./webhook.ts";
import { writers } from "./writes.ts";

export * as fleetio from "./operations.ts";

/** Fleetio: what a vehicle's owner recorded of our work, status and cost; or our own fleet. */
export const connector: Connector = {
  vendor: "fleetio",
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
