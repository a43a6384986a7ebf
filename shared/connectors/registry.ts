import { Failure } from "#shared/domain/failure.ts";
import type { Connector, OperationRow, Webhook } from "./connector.ts";
import { connector as customtrades } from "./customtrades/index.ts";
import { normalise as customtradesNormalise } from "./customtrades/normalise.ts";
import { operations as customtradesOperations } from "./customtrades/operations.ts";
import { streams as customtradesStreams } from "./customtrades/streams.ts";
import { vocabulary as customtradesVocabulary } from "./customtrades/vocabulary.ts";
import { writers as customtradesWriters } from "./customtrades/writes.ts";
import { connector as fleetio } from "./fleetio/index.ts";
import { normalise as fleetioNormalise } from "./fleetio/normalise.ts";
import { operations as fleetioOperations } from "./fleetio/operations.ts";
import { streams as fleetioStreams } from "./fleetio/streams.ts";
import { vocabulary as fleetioVocabulary } from "./fleetio/vocabulary.ts";
import { webhook as fleetioWebhook } from "./fleetio/webhook.ts";
import { writers as fleetioWriters } from "./fleetio/writes.ts";
import { connector as rotor } from "./rotor/index.ts";
import { normalise as rotorNormalise } from "./rotor/normalise.ts";
import { operations as rotorOperations } from "./rotor/operations.ts";
import { streams as rotorStreams } from "./rotor/streams.ts";
import { vocabulary as rotorVocabulary } from "./rotor/vocabulary.ts";
import { writers as rotorWriters } from "./rotor/writes.ts";
import { connector as servicetitan } from "./servicetitan/index.ts";
import { normalise as servicetitanNormalise } from "./servicetitan/normalise.ts";
import { operations as servicetitanOperations } from "./servicetitan/operations.ts";
import { streams as servicetitanStreams } from "./servicetitan/streams.ts";
import { vocabulary as servicetitanVocabulary } from "./servicetitan/vocabulary.ts";
import { writers as servicetitanWriters } from "./servicetitan/writes.ts";

/**
 * Every vendor's code, by vendor id. Four constants and not one, so that each function bundles only what it uses: a
 * poller or writer what talks to a vendor, reconcile-job what reads records and says what they show, receive-webhook
 * signatures, and only who calls an operation by its name all of their rows.
 */
export const connectors: Readonly<Record<string, Connector>> = { servicetitan, rotor, fleetio, customtrades };

/** What the stages after reading need: pure parts only. */
export type Normaliser = Pick<Connector, "normalise" | "vocabulary" | "streams" | "writers">;

export const normalisers: Readonly<Record<string, Normaliser>> = {
  servicetitan: {
    normalise: servicetitanNormalise,
    vocabulary: servicetitanVocabulary,
    streams: servicetitanStreams,
    writers: servicetitanWriters,
  },
  rotor: { normalise: rotorNormalise, vocabulary: rotorVocabulary, streams: rotorStreams, writers: rotorWriters },
  fleetio: {
    normalise: fleetioNormalise,
    vocabulary: fleetioVocabulary,
    streams: fleetioStreams,
    writers: fleetioWriters,
  },
  customtrades: {
    normalise: customtradesNormalise,
    vocabulary: customtradesVocabulary,
    streams: customtradesStreams,
    writers: customtradesWriters,
  },
};

/** What each vendor yields, for whoever only schedules it. */
export const streams: Readonly<Record<string, Connector["streams"]>> = {
  servicetitan: servicetitanStreams,
  rotor: rotorStreams,
  fleetio: fleetioStreams,
  customtrades: customtradesStreams,
};

/** Vendors that send webhooks. */
export const webhooks: Readonly<Record<string, Webhook>> = { fleetio: fleetioWebhook };

/** Every documented operation, as `plumbline operations` lists them. */
export const operations: Readonly<Record<string, readonly OperationRow[]>> = {
  servicetitan: servicetitanOperations,
  rotor: rotorOperations,
  fleetio: fleetioOperations,
  customtrades: customtradesOperations,
};

/** The connector of a connection's vendor. Throws Failure `bad-input` for a vendor nobody wrote. */
export function connectorOf(vendor: string): Connector {
  const found = connectors[vendor];
  if (found) return found;
  throw new Failure("bad-input", `no connector for ${vendor}; there are ${Object.keys(connectors).join(", ")}`);
}
