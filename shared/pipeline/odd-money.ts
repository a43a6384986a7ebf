import type { JobFacts } from "#shared/domain/facts.ts";
import { recordKey } from "#shared/domain/ids.ts";
import type { MoneyLine } from "#shared/domain/job.ts";
import { type Amount, formatMinor, stated } from "#shared/domain/money.ts";
import { partsOf } from "#shared/domain/unit.ts";
import type { Seen, View } from "#shared/domain/view.ts";
import { type Found, graceOf } from "./compare.ts";
import type { Context } from "./context.ts";
import { nameOf } from "./plan.ts";

/** A record that bills by invoices says one thing, its money another: canceled, and something was charged or received. */
export function canceledWithMoney(view: View, lines: readonly MoneyLine[], context: Context): readonly Found[] {
  return billedRoots(view, lines, ["canceled"]).flatMap(({ root, line }): Found[] => {
    const [charge, payment] = [line.charge ?? 0, line.payment ?? 0];
    if (charge === 0 && payment === 0) return [];
    return [
      {
        key: `canceled-with-money:${root.key}`,
        kind: "self-contradiction",
        gapMinor: 0,
        causes: [],
        connections: [root.connection],
        sentence: `${nameOf(root)} is canceled with money on it: charged ${formatMinor(charge)}, received ${formatMinor(payment)}`,
        evidence: [root.key],
        graceHours: graceOf([root.connection], context),
        clears: false,
        since: null,
      },
    ];
  });
}

/**
 * A call that a person has confirmed as entered twice is not counted; money that lies on it all the same is somebody's,
 * and is shown until it is moved, voided or explained.
 */
export function moneyOnDuplicates(view: View, context: Context): readonly Found[] {
  return view.roots.flatMap((root): Found[] => {
    const { sameAs } = root;
    const money = sameAs ? ownMoney(root, view) : [];
    if (!sameAs || money.length === 0) return [];
    const kept = view.roots.find((other) => other.key === sameAs.record);
    return [
      {
        key: `same-call:${root.key}`,
        kind: "self-contradiction",
        gapMinor: 0,
        causes: [],
        connections: [root.connection],
        sentence: `${nameOf(root)} is the same call as ${kept ? nameOf(kept) : sameAs.record}, by ${sameAs.by} on ${sameAs.at.slice(0, 10)}, and has money of its own that is not counted: ${money.map(({ said }) => said).join(", ")}`,
        evidence: [root.key, ...new Set(money.flatMap(({ record }) => (record === root.key ? [] : [record])))],
        graceHours: graceOf([root.connection], context),
        clears: false,
        since: null,
      },
    ];
  });
}

/** Bills and payments on the record, what it says was received, and a charge that neither it nor the kept one had. */
function ownMoney({ key, facts, sameAs }: Seen<JobFacts>, view: View): readonly Own[] {
  // What hangs on a record that is not counted carries the same mark.
  const bills = view.invoices.filter((one) => one.sameAs !== undefined && one.sameAs === sameAs);
  const billed = bills.filter(({ facts: { stage, total } }) => stage !== "draft" && stated(total) !== 0);
  const keys = new Set(bills.map((one) => one.key));
  const shares = view.payments
    .filter((one) => (one.live || one.sameAs) && one.facts.state === "received")
    .flatMap((one) => one.facts.shares.map((share) => ({ record: one.key, credit: one.facts.credit, ...share })))
    .filter(({ invoice, amount }) => keys.has(recordKey(invoice)) && stated(amount) !== 0);
  const kept = view.roots.find((other) => other.key === sameAs?.record);
  const [printed, then] = [stated(facts.charge) ?? 0, sameAs?.charge ?? 0];
  const isNews = ![0, then, stated(kept?.facts.charge) ?? 0].includes(printed);
  const received = stated(facts.payment) ?? 0;
  return [
    ...billed.map((one) => ({
      record: one.key,
      said: `invoice ${one.facts.number ?? one.key} of ${textOf(one.facts.total)}`,
    })),
    ...shares.map((one) => ({
      record: one.record,
      said: `${one.credit ? "credit" : "payment"} of ${textOf(one.amount)}`,
    })),
    ...(received === 0 ? [] : [{ record: key, said: `${formatMinor(received)} received` }]),
    ...(isNews
      ? [{ record: key, said: `${formatMinor(printed)} charged, ${formatMinor(then)} when that was said` }]
      : []),
  ];
}

interface Own {
  readonly record: string;
  readonly said: string;
}

function textOf(amount: Amount): string {
  const minor = stated(amount);
  return minor === null ? "an amount that is not stated" : formatMinor(minor);
}

/** Completed work for which nothing is charged, and nobody said that it is free: said on the job, since it may be right. */
export function completedAtZero(view: View, lines: readonly MoneyLine[]): readonly string[] {
  return billedRoots(view, lines, ["completed"]).flatMap(({ root, line }) =>
    line.charge === 0 && !root.facts.noCharge ? [`completed-at-zero: ${nameOf(root)}`] : [],
  );
}

/** Live records of systems that bill by invoices, whose work surely is this, with their system's line; of a unit its first part. */
function billedRoots(view: View, lines: readonly MoneyLine[], works: readonly string[]) {
  return view.roots.flatMap((root) => {
    const line = lines.find(({ connection }) => connection === root.connection);
    const parts = partsOf(view, root);
    const isSure = parts.every(
      ({ facts }) => facts.work.set.length > 0 && facts.work.set.every((one) => works.includes(one)),
    );
    return root.live && root === parts[0] && root.facts.billing === "by-money" && isSure && line
      ? [{ root, line }]
      : [];
  });
}
