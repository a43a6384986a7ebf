import type { ExpectedTotals, Story, Truth } from "./demo.ts";

/** The closing numbers, added up from the stories and from how many jobs were planted. */
export function totalsOf(stories: readonly Story[], truth: readonly Truth[], dropped: number): ExpectedTotals {
  const jobs = stories.flatMap((story) => story.jobs);
  // A job told in two stories (2 and 3) has one set of breaks, given once.
  const breaks = jobs.flatMap((job) => job.breaks);
  const open = breaks.filter((one) => one.state === "open");
  const waiting = breaks.filter((one) => one.state === "waiting");
  const resolved = breaks.filter((one) => one.state === "resolved");
  const sum = (of: readonly { gapMinor: number }[]): number => of.reduce((all, one) => all + Math.abs(one.gapMinor), 0);
  const disagree = jobs.filter((job) => job.breaks.some((one) => one.state === "open")).length;
  const waits = jobs.filter((job) => !job.agree && job.breaks.every((one) => one.state !== "open")).length;
  const receipts: Record<string, number> = {};
  for (const { outcome } of jobs.flatMap((job) => job.receipts)) receipts[outcome] = (receipts[outcome] ?? 0) + 1;
  const ofKind = (kind: string): number => sum(open.filter((one) => one.kind === kind));
  return {
    jobs: truth.length,
    agree: truth.length - disagree - waits,
    waiting: waits,
    disagree,
    breaks: open.length,
    moneyJobs: jobs.filter((job) => job.breaks.some((one) => one.state === "open" && one.gapMinor !== 0)).length,
    gapMinor: sum(open),
    chargeMinor: ofKind("charge"),
    paymentMinor: ofKind("payment"),
    missingTwinMinor: ofKind("missing-twin"),
    waitingMinor: sum(waiting),
    resolvedMinor: sum(resolved),
    resolvedBreaks: resolved.length,
    receipts,
    awaitingApproval: jobs.flatMap((job) => job.approvals).length,
    tasks: jobs.flatMap((job) => job.tasks).length,
    dropped,
    stories: stories.length,
  };
}
