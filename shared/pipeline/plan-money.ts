import { type Break, isOpen } from "#shared/domain/break.ts";
import { recordKey } from "#shared/domain/ids.ts";
import { formatMinor } from "#shared/domain/money.ts";
import { referenceOf } from "#shared/domain/policy.ts";
import type { View } from "#shared/domain/view.ts";
import type { Context } from "./context.ts";
import { nameOf, type Wanted } from "./plan.ts";

/**
 * What an open money break asks for: a proposal where an API can mend it, a task where none can. A likely cause never
 * makes a write by itself: everything here waits for a person (laws 5 and 8).
 */
export function moneyChanges(view: View, breaks: readonly Break[], context: Context): readonly Wanted[] {
  const wanted: Wanted[] = [];
  const reference = referenceOf(context.company);
  for (const found of breaks) {
    if (!isOpen(found)) continue;
    const [cause] = found.causes;
    if (found.kind === "missing-twin") wanted.push(...booking(found, view, context));
    if (!cause || !reference) continue;
    const root = view.roots.find((candidate) => candidate.live && candidate.connection === reference.id);
    if (!root || cause.kind === "unexplained") continue;
    const task = (target: "payment" | "amount", text: string): Wanted => ({
      kind: "task",
      target,
      record: root.observation.record,
      read: "",
      wanted: `${cause.kind} ${formatMinor(found.gapMinor)}`,
      arguments: {},
      moneyMinor: found.gapMinor,
      requests: 0,
      ask: true,
      sentence: `${nameOf(root)}: ${text}`,
    });
    const vocabulary = context.vocabularies[reference.id];
    if (found.kind === "payment" && vocabulary?.targets.payment !== undefined && cause.kind !== "unapplied") {
      wanted.push(task("payment", vocabulary.task("payment", `${cause.kind} ${formatMinor(found.gapMinor)}`)));
    } else if (found.kind === "charge" && cause.kind === "tax") {
      wanted.push(
        task(
          "amount",
          `the gap of ${formatMinor(found.gapMinor)} is the tax to the cent: does ${found.connections[1] ?? "the other system"} print amounts without tax?`,
        ),
      );
    }
  }
  return wanted;
}

/** A job the reference never got: a booking with the other system's id, which the office converts. */
function booking(found: Break, view: View, context: Context): readonly Wanted[] {
  const [from, to] = found.connections;
  const root = view.roots.find((candidate) => candidate.live && candidate.connection === from);
  if (!root || !to || context.vocabularies[to]?.targets.job !== "api") return [];
  return [
    {
      kind: "write",
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
      requests: 3,
      ask: true,
      sentence: `book ${nameOf(root)} in ${to}, so that its ${formatMinor(found.gapMinor)} reaches the office`,
    },
  ];
}
