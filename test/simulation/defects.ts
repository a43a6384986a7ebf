import type { Connector, Writer } from "#shared/connectors/connector.ts";
import type { VendorClient } from "#shared/connectors/vendor-client.ts";
import * as z from "#shared/domain/schema.ts";
import type { Queues } from "#shared/pipeline/ports.ts";
import type { Message } from "./queue.ts";

/**
 * Known defects, each of which the harness can put around the ports: not one line of the product knows of them. The
 * suite turns them on one at a time, and the seeds alone have to notice.
 *
 * Two leases are fenced. A writer's attempt is: without the item's version, or with less time than its writer may live,
 * a write goes out twice. A tick's lease of a due item is not among the defects, because no harm can follow from taking
 * it without its condition: what is handed out twice is read, taken in or looked at twice, which every stage may be, and
 * a time that was moved meanwhile comes at most one lease later. With ticks that come twice, 385 hand-outs in 150 seeds
 * took what another had leased or moved, and nothing that is checked was otherwise. The fence saves requests;
 * test/contract/ports-due.ts holds it.
 */
export const defects = {
  "acknowledged before durable": "a message is deleted when it is received, not when its work is committed",
  "cursor before page": "a stream's cursor moves, and what was read goes to the queue after it",
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
  "lease without fencing": "a writer that was overtaken begins its attempt on whatever stands there now, and sends",
  "lease shorter than its holder lives": "an attempt is another writer's to end while its request may still leave",
  "deletion from an unproven sweep": "a list is taken for whole at its last page, whatever total it states",
  "company taken from the payload":
    "a webhook is for the company that its payload names, not for the one it was sent to",
  "company taken from the record":
    "a record goes to the company whose account it names, not to the one it was read for",
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

/** Whom a message is for: what a record of it says of its account, where a defect believes that. */
export function addressee(defect: Defect | null, message: Message): string {
  const { body } = message;
  const records = message.to === "reconcile" && message.body.kind === "observations" ? message.body.records : [];
  const believed = defect === "company taken from the record" ? accountOf(records[0]?.raw) : null;
  return believed ?? body.company;
}

/** The hints of a webhook, made for the company that its payload names. */
export function believing(queues: Queues, message: Message): Queues {
  const account = message.to === "webhook" ? accountOf(message.body.payload) : null;
  if (account === null) return queues;
  return {
    inbound: (messages) => queues.inbound(messages),
    backfill: (messages) => queues.backfill(messages),
    outbound: (vendor, messages) => queues.outbound(vendor, messages),
    sweeps: (orders) => queues.sweeps(orders),
    hints: (vendor, hints) =>
      queues.hints(
        vendor,
        hints.map((hint) => ({ ...hint, company: account })),
      ),
  };
}

function accountOf(raw: unknown): string | null {
  const account: unknown = typeof raw === "object" && raw !== null ? Reflect.get(raw, "account") : null;
  return typeof account === "string" ? account : null;
}

const listShape = z.looseObject({ data: z.array(z.unknown()), pagination: z.looseObject({ has_more: z.boolean() }) });

/** A connector that reads lists until a page says that it is the last, and takes what came for all there is. */
export function credulous(connector: Connector): Connector {
  const { reader } = connector;
  const provesByLists = Object.values(connector.streams).some(({ absence }) => absence === "lists-only");
  if (!provesByLists) return connector;
  return { ...connector, reader: { ...reader, page: (client, request) => reader.page(inOnePage(client), request) } };
}

/** A list's pages as one, whose total is the number of its rows. */
const inOnePage = (client: VendorClient): VendorClient => ({
  ...client,
  async request(asked) {
    const data: unknown[] = [];
    for (let page = 1; ; page++) {
      const reply = await client.request({ ...asked, query: { ...asked.query, page }, schema: listShape });
      data.push(...reply.value.data);
      const pagination = { has_more: false, total: data.length, page: 1 };
      if (!reply.value.pagination.has_more) return { ...reply, value: asked.schema.parse({ data, pagination }) };
    }
  },
});
