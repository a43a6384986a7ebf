import { moneyLine, workOf } from "#shared/domain/balance.ts";
import type { BreakKind, Cause } from "#shared/domain/break.ts";
import { parseRecordKey } from "#shared/domain/ids.ts";
import type { JobState, MoneyLine } from "#shared/domain/job.ts";
import { formatMinor, type Minor, stated } from "#shared/domain/money.ts";
import { connectionOf, referenceOf } from "#shared/domain/policy.ts";
import { addHours } from "#shared/domain/time.ts";
import type { View } from "#shared/domain/view.ts";
import { causesOf } from "./causes.ts";
import type { Context } from "./context.ts";
import { differencesOf, gapsOf, lineNames } from "./differences.ts";

/** A disagreement as it stands now, before its history (breaks.ts) gives it a state. */
export interface Found {
  readonly key: string;
  readonly kind: BreakKind;
  readonly gapMinor: Minor;
  readonly causes: readonly Cause[];
  readonly connections: readonly string[];
  readonly sentence: string;
  readonly evidence: readonly string[];
  /** Hours it must stand before it counts. */
  readonly graceHours: number;
  /** Will clear by itself: the whole gap is proven to be money that waits for its work. */
  readonly clears: boolean;
  /** Counts from this instant instead of from when it was first seen. */
  readonly since: string | null;
}

/** The money lines of every connection of a comparable book. */
export function moneyLines(view: View, context: Context): readonly MoneyLine[] {
  const tax = taxOf(view, referenceOf(context.company)?.id);
  return context.company.connections
    .filter((connection) => connection.book !== "cost")
    .filter(
      (connection) =>
        view.roots.some((root) => root.live && root.connection === connection.id) ||
        view.invoices.some((i) => i.connection === connection.id),
    )
    .map((connection) => {
      const line = moneyLine(view, connection.id, context.vocabularies[connection.id]?.money ?? "record");
      if (connection.actualAmount?.includesTax !== "no" || tax === 0) return line;
      // Invoices are printed with their tax; only the amount on the record itself may be without.
      const billed = view.invoices.some(
        (one) => one.live && one.connection === connection.id && one.facts.stage !== "draft",
      );
      return billed ? line : { ...line, withoutTax: tax };
    });
}

/** The tax on the reference's invoices. */
export function taxOf(view: View, reference: string | undefined): Minor {
  const invoices = view.invoices.filter(
    (one) => one.live && one.connection === reference && one.facts.stage !== "draft",
  );
  return invoices.reduce((sum, { facts }) => sum + (stated(facts.tax) ?? 0), 0);
}

/**
 * Law 5: a star, not a mesh. Every system is compared with the reference; of several gaps on one line the widest is the
 * job's, counted once, the others are named in its evidence. Opening differences accepted at cutover are subtracted.
 */
export function compareMoney(
  state: JobState,
  view: View,
  lines: readonly MoneyLine[],
  context: Context,
): readonly Found[] {
  const found: Found[] = [];
  for (const line of lines) {
    if (line.unreadable.length > 0) found.push(unreadable(line));
  }
  const differences = differencesOf(state.accepted, lines, context.company);
  for (const name of lineNames) {
    const gaps = gapsOf(differences, name, context.company);
    const [widest] = gaps;
    if (widest)
      found.push(
        moneyBreak(
          name,
          widest.newsMinor,
          widest.reference,
          widest.other,
          gaps.map((gap) => gap.other.connection),
          state,
          view,
          context,
        ),
      );
  }
  return found;
}

function moneyBreak(
  line: "charge" | "payment",
  minor: Minor,
  reference: MoneyLine,
  other: MoneyLine,
  others: readonly string[],
  state: JobState,
  view: View,
  context: Context,
): Found {
  const causes = causesOf({
    line,
    minor,
    reference,
    other,
    before: state.money.find((known) => known.connection === other.connection),
    takenBack: takenBackIn(state, line, minor),
    inDoubt: isLinkInDoubt(state, [reference.connection, other.connection]),
    view,
    context,
  });
  const unfinished = view.roots.some(
    (root) => root.live && root.connection === reference.connection && !workOf(root, view).includes("completed"),
  );
  const isDeposit = causes.every(({ kind, certainty }) => kind === "unapplied" && certainty === "proven");
  const title = (id: string): string => id;
  return {
    key: line,
    kind: line,
    gapMinor: minor,
    causes,
    connections: [reference.connection, ...others],
    sentence: `${title(other.connection)} says ${formatMinor(other[line] ?? 0)} ${line === "charge" ? "charged" : "received"}, ${title(reference.connection)} says ${formatMinor(reference[line] ?? 0)}`,
    evidence: [
      ...new Set([
        ...causes.flatMap((known) => known.records),
        ...recordsOf(view, reference.connection),
        ...recordsOf(view, other.connection),
      ]),
    ],
    graceHours: graceOf([reference.connection, ...others], context),
    clears: isDeposit && unfinished,
    since: null,
  };
}

/** What a break of this gap that stands called taken back: what was said before is forgotten at the next reading. */
function takenBackIn({ breaks }: JobState, line: string, minor: Minor): Minor | null {
  const standing = breaks.find(
    ({ key, gapMinor, state }) => key === line && gapMinor === minor && state !== "resolved",
  );
  const known = standing?.causes.find(({ kind, certainty }) => kind === "payment-reversed" && certainty === "likely");
  return known?.minor ?? null;
}

/** A link of one of these systems' records waits for a person to say whether it is right. */
function isLinkInDoubt({ links }: JobState, connections: readonly string[]): boolean {
  return links.some(
    ({ doubt, record }) => doubt !== undefined && connections.includes(parseRecordKey(record).connection),
  );
}

function recordsOf(view: View, connection: string): readonly string[] {
  return [...view.roots, ...view.invoices, ...view.payments]
    .filter((seen) => seen.live && seen.connection === connection)
    .map((seen) => seen.key);
}

function unreadable(line: MoneyLine): Found {
  return {
    key: `unreadable:${line.connection}`,
    kind: "unreadable",
    gapMinor: 0,
    causes: [],
    connections: [line.connection],
    sentence: `an amount of ${line.connection} cannot be read, so its line is unknown`,
    evidence: line.unreadable,
    graceHours: 0,
    clears: false,
    since: null,
  };
}

/** The larger of policy and twice the slower feed's interval (docs/accounting.md, "Grace"). */
export function graceOf(connections: readonly string[], context: Context): number {
  const policy = context.company.policy.graceHours ?? {};
  const hours = connections.map((id) => policy[id] ?? policy["default"] ?? 2);
  const feeds = connections.map((id) => (2 * (context.feeds[id]?.everyMinutes ?? 0)) / 60);
  return Math.max(...hours, ...feeds);
}

/** Jobs that `expectedIn` says must have reached another system by now, and have not. */
export function missingTwins(
  state: JobState,
  view: View,
  lines: readonly MoneyLine[],
  context: Context,
): readonly Found[] {
  const found: Found[] = [];
  for (const expected of context.company.policy.expectedIn ?? []) {
    const root = view.roots.find((candidate) => candidate.live && candidate.connection === expected.from);
    if (!root || !connectionOf(context.company, expected.to)) continue;
    if (view.roots.some((candidate) => candidate.connection === expected.to)) continue;
    if (!workOf(root, view).every((state) => state === "completed")) continue;
    if (found.some((known) => known.key === `missing-twin:${expected.to}`)) continue;
    const link = state.links.find((known) => known.record === root.key);
    const amount = lines.find((line) => line.connection === expected.from)?.charge ?? stated(root.facts.charge) ?? 0;
    found.push({
      key: `missing-twin:${expected.to}`,
      kind: "missing-twin",
      gapMinor: amount,
      causes: [{ kind: "missing-charge", certainty: "proven", minor: amount, records: [root.key] }],
      connections: [expected.from, expected.to],
      sentence: `${expected.from} has this job${root.facts.serviceDay ? ` of ${root.facts.serviceDay}` : ""}${root.facts.customerName ? `, ${root.facts.customerName}` : ""}, ${expected.to} has none`,
      evidence: [root.key],
      graceHours: expected.withinHours,
      clears: false,
      since: link?.at ?? null,
    });
  }
  return found;
}

/** A record was deleted in one system while the work goes on, or was done, in another. */
export function presenceBreaks(view: View): readonly Found[] {
  const live = view.roots.filter((root) => root.live && !root.facts.work.set.every((work) => work === "canceled"));
  return view.roots
    .filter(
      (root) =>
        !root.live && !root.sameAs && live.length > 0 && !live.some((other) => other.connection === root.connection),
    )
    .map((root) => ({
      key: `presence:${root.key}`,
      kind: "presence" as const,
      gapMinor: 0,
      causes: [],
      connections: [root.connection, ...new Set(live.map((other) => other.connection))],
      sentence: `${root.facts.number ?? root.observation.record.id} is gone from ${root.connection}; the job goes on in ${[...new Set(live.map((other) => other.connection))].join(", ")}`,
      evidence: [root.key, ...live.map((other) => other.key)],
      graceHours: 0,
      clears: false,
      since: null,
    }));
}

/** Records whose own time stamps leave none of their word's states, of the work or of the billing. */
export function contradictions(view: View): readonly Found[] {
  return view.roots.flatMap((root): Found[] => {
    const { work, billing } = root.facts;
    const contradiction = work.contradiction ?? (billing === "by-money" ? undefined : billing.contradiction);
    if (!root.live || contradiction === undefined) return [];
    return [
      {
        key: `self-contradiction:${root.key}`,
        kind: "self-contradiction",
        gapMinor: 0,
        causes: [],
        connections: [root.connection],
        sentence: `${root.connection} contradicts itself: ${contradiction}`,
        evidence: [root.key],
        graceHours: 0,
        clears: false,
        since: null,
      },
    ];
  });
}

export function opensAt(found: Found, firstSeen: string): string {
  return addHours(found.since ?? firstSeen, found.graceHours);
}
