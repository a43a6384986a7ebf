import * as z from "#shared/domain/schema.ts";
import type { ConfigStore, Feed, FeedStore } from "#shared/pipeline/ports.ts";
import { type Item, text } from "./attributes.ts";
import { type Dynamo, keyItem, queryAll } from "./dynamo.ts";
import { keys } from "./table.ts";

const runSchema = z.strictObject({
  startedAt: z.string(),
  since: z.nullable(z.string()),
  next: z.string(),
  mark: z.nullable(z.string()),
});

const feedSchema = z.strictObject({
  connection: z.string(),
  stream: z.string(),
  completeAt: z.nullable(z.string()),
  completeBefore: z._default(z.nullable(z.string()), null),
  handedOnAt: z._default(z.nullable(z.string()), null),
  mark: z.nullable(z.string()),
  lastReadAt: z.nullable(z.string()),
  lastFailure: z.nullable(z.strictObject({ at: z.string(), kind: z.string(), message: z.string() })),
  failingSince: z.nullable(z.string()),
  counted: z.strictObject({ read: z.int(), forwarded: z.int(), dropped: z.int(), quarantined: z.int() }),
  run: z._default(z.nullable(runSchema), null),
  backfill: z._default(z.nullable(runSchema), null),
  question: z._default(z.nullable(z.string()), null),
});

/** A stream that was never read. */
export function newFeed(connection: string, stream: string): Feed {
  return {
    connection,
    stream,
    completeAt: null,
    mark: null,
    lastReadAt: null,
    lastFailure: null,
    failingSince: null,
    counted: { read: 0, forwarded: 0, dropped: 0, quarantined: 0 },
    run: null,
    backfill: null,
    question: null,
  };
}

/** Freshness of one company's streams. All of them are those of the connections its configuration names. */
export function feedStore(dynamo: Dynamo, company: string, configs: ConfigStore): FeedStore {
  return {
    load: async (connection, stream) => {
      const item = await dynamo.get(keys.feed(company, connection, stream));
      return item ? feedFromItem(item) : newFeed(connection, stream);
    },
    all: async () => {
      const connections = new Set(((await configs.company(company))?.connections ?? []).map(({ id }) => id));
      const found = await queryAll(dynamo, {
        where: "pk = :pk",
        values: { ":pk": { S: keys.feed(company, "", "").pk } },
      });
      return found.map(feedFromItem).filter((feed) => connections.has(feed.connection));
    },
    save: (feed) => {
      const key = keys.feed(company, feed.connection, feed.stream);
      return dynamo.putMany([{ ...keyItem(key), c: { S: JSON.stringify(feed) } }]);
    },
  };
}

function feedFromItem(item: Item): Feed {
  return feedSchema.parse(JSON.parse(text(item, "c")));
}
