import type { MoneyLine } from "#shared/domain/job.ts";
import { formatMinor } from "#shared/domain/money.ts";
import type { View } from "#shared/domain/view.ts";
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

/** Completed work for which nothing is charged, and nobody said that it is free: said on the job, since it may be right. */
export function completedAtZero(view: View, lines: readonly MoneyLine[]): readonly string[] {
  return billedRoots(view, lines, ["completed"]).flatMap(({ root, line }) =>
    line.charge === 0 && !root.facts.noCharge ? [`completed-at-zero: ${nameOf(root)}`] : [],
  );
}

/** Live records of systems that bill by invoices, whose work surely is this, with their system's line. */
function billedRoots(view: View, lines: readonly MoneyLine[], works: readonly string[]) {
  return view.roots.flatMap((root) => {
    const line = lines.find(({ connection }) => connection === root.connection);
    const { set } = root.facts.work;
    const isSure = set.length > 0 && set.every((work) => works.includes(work));
    return root.live && root.facts.billing === "by-money" && isSure && line ? [{ root, line }] : [];
  });
}
