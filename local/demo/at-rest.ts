import type { CompanyConfig } from "#shared/domain/policy.ts";
import * as z from "#shared/domain/schema.ts";
import { numbersOf } from "./closing.ts";
import { vendorNames } from "./demo.ts";
import { type PlayParts, settle } from "./play.ts";
import { sweepAtOnce } from "./resume.ts";
import { control } from "./simulated.ts";

/** What a full sweep of every stream changed after the last day; at rest it changes nothing. */
export interface Swept {
  /** Numbers of the status that moved, before and after. */
  readonly changed: Readonly<Record<string, readonly [unknown, unknown]>>;
  /** Writes in the vendors' logs, before and after. */
  readonly vendorWrites: readonly [number, number];
  /** Vendor requests the sweep made, by connection: that it did look. */
  readonly requests: Readonly<Record<string, number>>;
  /** Edits that were not played and events that were not delivered, at all vendors. */
  readonly undelivered: number;
}

const logSchema = z.looseObject({ entries: z.array(z.looseObject({ kind: z.string() })) });
const stateSchema = z.looseObject({
  accounts: z.array(z.looseObject({ pendingEdits: z.array(z.unknown()), pendingDeliveries: z.array(z.unknown()) })),
});

export async function sweptAtRest(parts: PlayParts, company: CompanyConfig, now: string): Promise<Swept> {
  const { stack, simulated, cell, desk } = parts;
  const requestsBefore = await simulated.requests();
  const before = { numbers: numbersOf(await desk.get("status")), writes: await writesIn(simulated.urls) };
  await sweepAtOnce(cell, company, now);
  await settle(stack, cell, now);
  const after = { numbers: numbersOf(await desk.get("status")), writes: await writesIn(simulated.urls) };
  const requests = Object.entries(await simulated.requests());
  const was = new Map(Object.entries(before.numbers));
  const moved = Object.entries(after.numbers).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(was.get(name)),
  );
  return {
    changed: Object.fromEntries(moved.map(([name, value]) => [name, [was.get(name), value]])),
    vendorWrites: [before.writes, after.writes],
    requests: Object.fromEntries(requests.map(([account, count]) => [account, count - (requestsBefore[account] ?? 0)])),
    undelivered: await undeliveredAt(simulated.urls),
  };
}

export function sweptLine({ changed, vendorWrites: [before, after], undelivered }: Swept): string {
  const names = Object.keys(changed);
  if (names.length === 0 && before === after && undelivered === 0)
    return "A full sweep of every stream changes nothing.";
  const moved = names.length === 0 ? "no number" : names.join(", ");
  return `A full sweep of every stream changed ${moved}; ${after - before} vendor writes; ${undelivered} events undelivered.`;
}

async function writesIn(urls: PlayParts["simulated"]["urls"]): Promise<number> {
  let writes = 0;
  for (const vendor of vendorNames) {
    const { entries } = logSchema.parse(await control(urls[vendor], "GET", "log"));
    writes += entries.filter(({ kind }) => kind === "write").length;
  }
  return writes;
}

async function undeliveredAt(urls: PlayParts["simulated"]["urls"]): Promise<number> {
  let undelivered = 0;
  for (const vendor of vendorNames)
    for (const account of stateSchema.parse(await control(urls[vendor], "GET", "state")).accounts)
      undelivered += account.pendingEdits.length + account.pendingDeliveries.length;
  return undelivered;
}
