import { Failure } from "#shared/domain/failure.ts";
import type { Connector, Normalise, StreamSpec, Vocabulary, Webhook } from "./connector.ts";
import { connector as customtrades } from "./customtrades/index.ts";
import { normalise as customtradesNormalise } from "./customtrades/normalise.ts";
import { streams as customtradesStreams } from "./customtrades/streams.ts";
import { vocabulary as customtradesVocabulary } from "./customtrades/vocabulary.ts";
import { connector as rotor } from "./rotor/index.ts";
import { normalise as rotorNormalise } from "./rotor/normalise.ts";
import { streams as rotorStreams } from "./rotor/streams.ts";
import { vocabulary as rotorVocabulary } from "./rotor/vocabulary.ts";

/**
 * Every vendor's code, by vendor id. Three constants and not one, so that each function bundles only what it uses:
 * a poller or writer all of a vendor, reconcile-job only what it takes to read records, receive-webhook only signatures.
 */
export const connectors: Readonly<Record<string, Connector>> = { customtrades, rotor };

export interface VendorReading {
  readonly normalise: Normalise;
  readonly vocabulary: Vocabulary;
  readonly streams: Readonly<Record<string, StreamSpec>>;
}

export const normalisers: Readonly<Record<string, VendorReading>> = {
  customtrades: {
    normalise: customtradesNormalise,
    vocabulary: customtradesVocabulary,
    streams: customtradesStreams,
  },
  rotor: { normalise: rotorNormalise, vocabulary: rotorVocabulary, streams: rotorStreams },
};

/** Vendors that send webhooks. */
export const webhooks: Readonly<Record<string, Webhook>> = {};

/** The connector of a connection's vendor. Throws Failure `bad-input` for a vendor nobody wrote. */
export function connectorOf(vendor: string): Connector {
  const found = connectors[vendor];
  if (!found)
    throw new Failure("bad-input", `no connector for ${vendor}; there are ${Object.keys(connectors).join(", ")}`);
  return found;
}
