import type { Connector, Writer } from "#shared/connectors/connector.ts";

/**
 * Known defects, each of which the harness can put around the ports: not one line of the product knows of them. The
 * suite turns them on one at a time, and the seeds alone have to notice.
 */
export const defects = {
  "acknowledged before durable": "a message is deleted when it is received, not when its work is committed",
  "manifest before page": "the manifest moves, and the page goes to the queue after it",
  "blind retry": "a write without an answer is sent again at once",
  "sent before the attempt": "the request goes out with the read before, the attempt is committed after it",
  "one base for all records": "every record of a field takes the base of the first",
  "equal vendor version ignored": "a reading under a known modified time is taken for the known one",
  "offset times compared as text": "of two readings the one whose modified time is greater as text stands",
  "history after commit": "a change is put into the history after its commit, not before the next one",
  "stop switch cached": "the switch is read once and believed for ever",
  "approval not checked again": "what was approved once stays approved, whatever it was bound to",
  "claim after job": "a record's claim is written after the job that holds it",
  "commit without its version": "the later writer of a job wins, whatever it has read",
  "a moved payment left on its old job": "nobody remembers which job a payment was on",
  "lost message healed from the manifest": "the sweep leaves alone what the manifest says was forwarded",
} as const;
export type Defect = keyof typeof defects;
export const allDefects = Object.keys(defects).filter((name): name is Defect => name in defects);

/** A connector whose writers send with the read before, when the attempt is not committed yet. */
export function hasty(connector: Connector): Connector {
  const early = (writer: Writer): Writer => {
    const sent = new Set<string>();
    return {
      ...writer,
      read: async (client, intent) => {
        const page = await writer.read(client, intent);
        if (!sent.has(intent.id)) {
          sent.add(intent.id);
          await writer.send(client, intent, page);
        }
        return page;
      },
      send: async () => ({ requestId: null }),
    };
  };
  const writers = Object.fromEntries(
    Object.entries(connector.writers).map(([target, writer]) => [target, writer && early(writer)]),
  );
  return { ...connector, writers };
}
