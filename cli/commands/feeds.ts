import * as z from "#shared/domain/schema.ts";
import { feedsSchema } from "#shared/replies/lists.ts";
import type { Command } from "../command.ts";
import { tableOf } from "../screens/table.ts";

export const feeds: Command = {
  name: "feeds",
  about: "is every stream of every connection still read; exit code 1 when one is not",
  takes: "",
  options: [],
  async run(call) {
    const reply = z.parse(feedsSchema, await (await call.api()).get("feeds"));
    const rows = reply.feeds.map((feed) => [
      feed.connection,
      feed.stream,
      feed.stale ? "SILENT" : feed.failingSince ? "failing" : "fresh",
      feed.completeAt?.slice(0, 16) ?? "never",
      String(feed.everyMinutes),
      String(feed.counted.read),
      String(feed.counted.forwarded),
      String(feed.counted.dropped),
      String(feed.counted.quarantined),
      feed.question ??
        (feed.failingSince && feed.lastFailure
          ? `since ${feed.failingSince.slice(0, 16)}: ${feed.lastFailure.message}`
          : ""),
    ]);
    const right = true as const;
    const columns = [
      { title: "connection" },
      { title: "stream" },
      { title: "is" },
      { title: "complete (UTC)" },
      { title: "every min", right },
      { title: "read", right },
      { title: "forwarded", right },
      { title: "dropped", right },
      { title: "unfit", right },
      { title: "" },
    ];
    return {
      json: reply,
      text: tableOf(columns, rows, "no feed"),
      code: reply.feeds.some(({ stale }) => stale) ? 1 : 0,
    };
  },
};
