import type { FeedStore, ManifestStore, Queues } from "#shared/pipeline/ports.ts";

type ManifestPort = ManifestStore;

/** Queues that keep what was read until `handOn`. */
function heldBack(queues: Queues) {
  const waiting: (() => Promise<void>)[] = [];
  const kept: Queues = {
    hints: (vendor, hints) => queues.hints(vendor, hints),
    outbound: (vendor, messages) => queues.outbound(vendor, messages),
    sweeps: (orders) => queues.sweeps(orders),
    inbound: async (messages) => {
      if (messages.some((message) => message.kind !== "observations")) return queues.inbound(messages);
      waiting.push(() => queues.inbound(messages));
    },
    backfill: async (messages) => {
      waiting.push(() => queues.backfill(messages));
    },
  };
  const handOn = async (): Promise<void> => {
    for (let send = waiting.shift(); send; send = waiting.shift()) await send();
  };
  return { kept, waiting, handOn };
}

/** A poller that says in the manifest what it handed on, and hands it on then. */
export function manifestFirst(queues: Queues, manifest: ManifestPort): { queues: Queues; manifest: ManifestPort } {
  const { kept, handOn } = heldBack(queues);
  return {
    queues: kept,
    manifest: {
      ...manifest,
      load: (connection, stream, ids) => manifest.load(connection, stream, ids),
      merge: async (connection, stream, entries, read) => {
        await manifest.merge(connection, stream, entries, read);
        await handOn();
      },
    },
  };
}

/** A poller that saves where it stands first, and hands on what it read after that. */
export function cursorFirst(
  queues: Queues,
  manifest: ManifestPort,
  feeds: FeedStore,
): { queues: Queues; manifest: ManifestPort; feeds: FeedStore } {
  const { kept, waiting, handOn } = heldBack(queues);
  return {
    queues: kept,
    manifest: {
      ...manifest,
      load: (connection, stream, ids) => manifest.load(connection, stream, ids),
      merge: async (connection, stream, entries, read) => {
        waiting.push(() => manifest.merge(connection, stream, entries, read));
      },
    },
    feeds: {
      ...feeds,
      save: async (feed) => {
        await feeds.save(feed);
        await handOn();
      },
    },
  };
}
