import type { FeedStore, ManifestStore, Queues } from "#shared/pipeline/ports.ts";

type ManifestPort = Pick<ManifestStore, "load" | "merge">;

/** Queues and manifest of a poller that saves where it stands first. */
export function ahead(
  queues: Queues,
  manifest: ManifestPort,
  feeds: FeedStore,
): { queues: Queues; manifest: ManifestPort; feeds: FeedStore } {
  const waiting: (() => Promise<void>)[] = [];
  return {
    queues: {
      hints: (vendor, hints) => queues.hints(vendor, hints),
      outbound: (vendor, messages) => queues.outbound(vendor, messages),
      sweeps: (orders) => queues.sweeps(orders),
      inbound: async (messages) => {
        waiting.push(() => queues.inbound(messages));
      },
      backfill: async (messages) => {
        waiting.push(() => queues.backfill(messages));
      },
    },
    manifest: {
      load: (connection, stream, ids) => manifest.load(connection, stream, ids),
      merge: async (connection, stream, entries, read) => {
        waiting.push(() => manifest.merge(connection, stream, entries, read));
      },
    },
    feeds: {
      ...feeds,
      save: async (feed) => {
        await feeds.save(feed);
        for (let send = waiting.shift(); send; send = waiting.shift()) await send();
      },
    },
  };
}
