import { expect, test } from "vitest";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import { replayPage } from "#shared/pipeline/replay-period.ts";
import { company, connectors } from "./company.ts";
import { runSeed } from "./run.ts";

const seeds = 8;
const period = { from: "2026-11-02T00:00:00.000Z", to: "2026-12-02T00:00:00.000Z" };

/** The same company where nobody expects the crews' jobs in the office: no job is booked there. */
const without: CompanyConfig = { ...company, policy: { ...company.policy, expectedIn: [] } };

test(`in ${seeds} seeds a replay under the policy in force plans what was planned, and under another what differs`, async () => {
  const counted = { replayed: 0, asPlanned: 0, differing: 0, bookings: 0, moneyMinor: 0 };
  for (let seed = 1; seed <= seeds; seed++) {
    const { world } = await runSeed({ seed });
    const store = world.company(company.id);
    const ports = { ...store, clock: world.clock, describer: (vendor: string) => connectors[vendor] };
    const same = await replayPage(ports, { company, tried: company, period }, null);
    expect(same.jobs).toEqual([]);
    expect(same.tried).toEqual(same.inForce);
    const other = await replayPage(ports, { company, tried: without, period }, null);
    counted.replayed += same.replayed;
    counted.asPlanned += same.asPlanned;
    counted.differing += other.jobs.length;
    for (const { onlyInForce, onlyTried } of other.jobs) {
      expect(onlyTried).toEqual([]);
      expect(onlyInForce.map(({ intent }) => intent.target)).toEqual(["job"]);
      counted.bookings += onlyInForce.length;
      counted.moneyMinor += onlyInForce[0]?.intent.moneyMinor ?? 0;
    }
  }
  process.stdout.write(`${JSON.stringify(counted)}\n`);
  expect(counted.bookings).toBeGreaterThan(0);
  expect(counted.moneyMinor).not.toBe(0);
  // Freshness of the past is not kept, so that a break may open sooner in a replay than it did.
  expect(counted.asPlanned / counted.replayed).toBeGreaterThan(0.95);
}, 120_000);
