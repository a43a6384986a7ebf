import { type Break, type Cause, isOpen } from "#shared/domain/break.ts";
import type { InvoiceFacts, PaymentFacts } from "#shared/domain/facts.ts";
import { parseRecordKey, recordKey } from "#shared/domain/ids.ts";
import { formatMinor, stated } from "#shared/domain/money.ts";
import { referenceOf, type WriteTarget } from "#shared/domain/policy.ts";
import type { Seen, View } from "#shared/domain/view.ts";
import { wayOf, withinAbilities } from "./abilities.ts";
import type { Context, Held, Losing } from "./context.ts";
import { nameOf, type Wanted } from "./plan.ts";

/**
 * What an open money break asks for: a proposal where an API can mend it, a task where none can. A likely cause never
 * makes a write by itself: everything here waits for a person (laws 5 and 8).
 */
export function moneyChanges(view: View, breaks: readonly Break[], context: Context): readonly Wanted[] {
  return breaks.filter(isOpen).flatMap((found): readonly Wanted[] =>
    byKind(found.causes).flatMap((cause) => {
      const mend = remedies[`${found.kind}/${cause.kind}`] ?? remedies[found.kind];
      const wanted = mend ? mend({ found, cause, view, context }) : [];
      return wanted.map((one) => withinAbilities(one, context));
    }),
  );
}

/** What of a break is mended together: a kind of cause in one direction, its sum and its records. */
type Part = Omit<Cause, "certainty">;

/**
 * Causes of one kind and direction as one, so that what mends them is asked for once and for their sum. A remedy is for
 * its cause's amount, never for the whole gap, of which other causes make the rest.
 */
function byKind(causes: readonly Cause[]): readonly Part[] {
  const groups = Map.groupBy(causes, ({ kind, minor }) => `${kind} ${minor > 0}`);
  return [...groups.values()].map((same) =>
    same.reduce((sum: Part, { kind, minor, records }) => {
      return { kind, minor: sum.minor + minor, records: [...sum.records, ...records] };
    }, nothing),
  );
}

const nothing: Part = { kind: "unexplained", minor: 0, records: [] };

interface Asked {
  readonly found: Break;
  readonly cause: Part;
  readonly view: View;
  readonly context: Context;
}

/** By kind of break and cause; a cause without a row is shown and not guessed at. */
const remedies: Readonly<Record<string, (asked: Asked) => readonly Wanted[]>> = {
  "missing-twin": booking,
  "payment/missing-payment": (asked) => (asked.cause.minor > 0 ? (moved(asked) ?? paymentTask(asked)) : []),
  "payment/payment-reversed": goneHere,
  "payment/refund": goneHere,
  "payment/fee": paymentTask,
  "charge/missing-charge": (asked) => (asked.cause.minor > 0 ? billing(asked) : []),
  "charge/duplicate": removal,
  "charge/tax": taxQuestion,
};

/** The live root of the reference system: where the office keeps the job. */
function officeRoot({ view, context }: Asked) {
  const reference = referenceOf(context.company)?.id;
  return view.roots.find((root) => root.live && root.connection === reference);
}

function way({ context }: Asked, connection: string, target: WriteTarget): "api" | "task" | "none" {
  const vocabulary = context.vocabularies[connection];
  return vocabulary ? wayOf(vocabulary, target) : "none";
}

const asks = { kind: "write", requests: 3, ask: true } as const;

/** The office still counts what went back; where it is the office that took it back, there is nothing to do there. */
function goneHere(asked: Asked): readonly Wanted[] {
  return asked.cause.minor < 0 ? paymentTask(asked) : [];
}

function paymentTask(asked: Asked): readonly Wanted[] {
  const root = officeRoot(asked);
  const vocabulary = root && asked.context.vocabularies[root.connection];
  if (!root || !vocabulary) return [];
  const wanted = `${asked.cause.kind} ${formatMinor(asked.cause.minor)}`;
  const sentence = `${nameOf(root)}: ${vocabulary.task("payment", wanted)}`;
  return [
    {
      ...asks,
      kind: "task",
      requests: 0,
      target: "payment",
      record: root.observation.record,
      read: "",
      wanted,
      arguments: {},
      moneyMinor: asked.cause.minor,
      sentence,
    },
  ];
}

/** Only the bookkeeper knows whether the other system's amounts hold the tax; the answer belongs in the configuration. */
function taxQuestion({ found, cause, view }: Asked): readonly Wanted[] {
  const other = view.roots.find((root) => root.live && root.connection === found.connections[1]);
  if (!other) return [];
  const sentence = `${nameOf(other)}: the gap of ${formatMinor(cause.minor)} is the tax to the cent: are amounts there printed without tax?`;
  return [
    {
      ...asks,
      kind: "task",
      requests: 0,
      target: "amount",
      record: other.observation.record,
      read: "",
      wanted: `tax ${formatMinor(cause.minor)}`,
      arguments: {},
      moneyMinor: cause.minor,
      sentence,
    },
  ];
}

/** One payment of the customer is as large as what this job lacks, and lies elsewhere or nowhere: apply it here. */
function moved(asked: Asked): readonly Wanted[] | null {
  const { cause, view, context } = asked;
  const root = officeRoot(asked);
  // Where the API only records new payments, none that is there can be moved.
  if (root && context.vocabularies[root.connection]?.makes?.payment !== undefined) return null;
  const invoice = root && ownInvoice(view, root.key);
  const fits = context.held.filter((held) => held.total === cause.minor && held.unapplied > 0);
  const [held] = fits;
  if (!root || !invoice || !held || fits.length !== 1 || way(asked, root.connection, "payment") === "none") return null;
  const record = parseRecordKey(held.payment);
  const intent = { target: "payment" as const, record, wanted: "", arguments: {} };
  const shown = (shares: Held["shares"]): string => context.shows(intent, [{ record, facts: paymentWith(shares) }]);
  const invoiceId = invoice.observation.record.id;
  const { losing } = held;
  const losses = losing.map((one) => `; ${lossSentence(one)}`).join("");
  return [
    {
      ...asks,
      target: "payment",
      record,
      read: shown(held.shares),
      wanted: shown([[invoice.key, cause.minor]]),
      arguments: {
        splits: [{ invoiceId, amountMinor: cause.minor }],
        // Bound with the rest (law 8): what the other jobs lack or have too much is part of what was approved.
        ...(losing.length > 0 ? { losing: losing.map(({ job, minor, gapMinor }) => ({ job, minor, gapMinor })) } : {}),
      },
      moneyMinor: cause.minor,
      sentence: `${nameOf(root)}: the payment of ${formatMinor(held.total)} lies ${liesOn(held)}; take all of it for this job's invoice${losses}`,
    },
  ];
}

/** Where a payment lies now, so that who approves its move sees what loses it. */
function liesOn({ shares, unapplied }: Held): string {
  const places = shares.map(([invoice, minor]) => `on ${invoice} (${formatMinor(minor)})`);
  return [...places, `on no invoice (${formatMinor(unapplied)})`].join(", ");
}

/** What the move does to a job that loses by it, for who approves it. */
export function lossSentence({ name, minor, gapMinor }: Losing): string {
  const then = gapMinor + minor;
  const gap =
    gapMinor === 0
      ? `which agrees now, and would lack it`
      : then === 0
        ? `whose gap of ${formatMinor(gapMinor)} that closes`
        : `whose gap of ${formatMinor(gapMinor)} becomes ${formatMinor(then)}`;
  return `${formatMinor(minor)} of it come from ${name}, ${gap}`;
}

function paymentWith(shares: Held["shares"]): PaymentFacts {
  return {
    kind: "payment",
    presence: "present",
    credit: false,
    state: "received",
    total: null,
    fee: null,
    shares: shares.map(([invoice, amount]) => ({ invoice: parseRecordKey(invoice), amount })),
    unapplied: null,
    customer: null,
    day: null,
    method: null,
  };
}

function ownInvoice(view: View, root: string): Seen<InvoiceFacts> | undefined {
  return view.invoices.find(
    (invoice) => invoice.live && invoice.facts.adjusts === null && invoice.observation.hangsOn.includes(root),
  );
}

/** Done and never billed: put the amount on the invoice, if it is not in the books yet. */
function billing(asked: Asked): readonly Wanted[] {
  const { found, cause, view } = asked;
  const root = officeRoot(asked);
  const invoice = root && ownInvoice(view, root.key);
  if (!root || !invoice || way(asked, root.connection, "amount") !== "api") return [];
  const total = stated(invoice.facts.total) ?? 0;
  return [
    {
      ...asks,
      target: "amount",
      record: invoice.observation.record,
      read: formatMinor(total),
      wanted: formatMinor(total + cause.minor),
      arguments: { addMinor: cause.minor, description: root.facts.title ?? "Service" },
      moneyMinor: cause.minor,
      sentence: `${nameOf(root)}: put ${formatMinor(cause.minor)} on its invoice, because ${found.sentence}`,
    },
  ];
}

/** The same call twice: the later one without an invoice goes. */
function removal(asked: Asked): readonly Wanted[] {
  const { cause, view } = asked;
  const twins = view.roots.filter(
    (root) =>
      cause.records.includes(root.key) &&
      !view.invoices.some((invoice) => invoice.live && invoice.observation.hangsOn.includes(root.key)),
  );
  const [last] = [...twins].sort((a, b) => ((a.facts.number ?? a.key) < (b.facts.number ?? b.key) ? 1 : -1));
  if (!last || way(asked, last.connection, "presence") !== "api") return [];
  return [
    {
      ...asks,
      target: "presence",
      record: last.observation.record,
      read: "present",
      wanted: "deleted",
      arguments: {},
      moneyMinor: cause.minor,
      sentence: `${nameOf(last)}: delete it, it is the same call as ${cause.records.filter((key) => key !== last.key).join(", ")}`,
    },
  ];
}

/** A job the reference never got: a booking with the other system's id, which the office converts. */
function booking(asked: Asked): readonly Wanted[] {
  const { found, view } = asked;
  const [from, to] = found.connections;
  const root = view.roots.find((candidate) => candidate.live && candidate.connection === from);
  if (!root || !to || way(asked, to, "job") !== "api") return [];
  return [
    {
      ...asks,
      target: "job",
      record: { connection: to, stream: "bookings", id: `new:${root.key}` },
      read: "none",
      wanted: "booked",
      arguments: {
        externalId: recordKey(root.observation.record),
        name: root.facts.customerName ?? "unknown customer",
        summary: root.facts.title ?? `Job of ${root.facts.serviceDay ?? "unknown day"} in ${from}`,
        day: root.facts.serviceDay,
      },
      moneyMinor: found.gapMinor,
      sentence: `book ${nameOf(root)} in ${to}, so that its ${formatMinor(found.gapMinor)} reaches the office`,
    },
  ];
}
