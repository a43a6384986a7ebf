/** What two runs of one company must have in common, by name: the closing numbers, and each job. */
export type End = ReadonlyMap<string, unknown>;

/** How often something was asked or handed on depends on the machine's speed; what came of it does not. */
const traffic = new Set(["seconds", "jumps", "inbound", "outbound", "vendorRequests"]);

/**
 * Instants at which something was processed, and what is made of them: a version in the history is one per message that
 * changed the job, and messages come together or apart as the machine goes; `flips` are such changes, of the last hour.
 */
const processing = new Set([
  ...["at", "asOf", "dueAt", "firstSeen", "history", "modified", "opensAt", "readAt", "requestId"],
  ...["resolvedAt", "since", "until", "plannedAt", "bound", "version", "attempts", "flips"],
]);

/**
 * Which of two systems' records came first: it made the job, the other was linked to it, and where both say the same it
 * is the one that is named.
 */
const order = new Set(["by", "link", "rule", "won"]);

/** The end of a run: what stands in its closing JSON and what is said of each of its jobs. */
export function endOf(
  final: Readonly<Record<string, unknown>>,
  jobs: readonly ({ readonly job: string } & Readonly<Record<string, unknown>>)[],
): End {
  const numbers = Object.entries(final).filter(([name]) => !traffic.has(name));
  const named = jobs.map((job): [string, unknown] => [`job ${job.job}`, job]).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return new Map([...numbers, ...named].map(([name, value]) => [name, lasting(value)]));
}

/** Where two ends differ: one line for each name, with the first place in it. */
export function differencesOf(one: End, other: End): string[] {
  const names = [...new Set([...one.keys(), ...other.keys()])];
  return names.flatMap((name) => {
    const place = firstDifference(one.get(name), other.get(name), "");
    return place === null ? [] : [`${name}${place}`];
  });
}

function lasting(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lasting);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !processing.has(name) && !order.has(name))
      .map(([name, part]) => [name, lasting(part)]),
  );
}

function firstDifference(one: unknown, other: unknown, place: string): string | null {
  if (typeof one !== "object" || one === null || typeof other !== "object" || other === null)
    return Object.is(one, other) ? null : `${place}: ${JSON.stringify(one)}, then ${JSON.stringify(other)}`;
  const [parts, others] = [new Map(Object.entries(one)), new Map(Object.entries(other))];
  for (const name of new Set([...parts.keys(), ...others.keys()])) {
    const found = firstDifference(parts.get(name), others.get(name), `${place}.${name}`);
    if (found !== null) return found;
  }
  return null;
}
