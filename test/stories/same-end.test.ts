import { expect, test } from "vitest";
import { differencesOf, endOf } from "./same-end.ts";

const final = { jobs: 240, gapMinor: 226_363, receipts: { applied: 8 }, seconds: 80, inbound: 470, vendorRequests: {} };
const job = {
  job: "j1",
  standing: "disagree",
  since: "2026-10-30T00:00:00.000Z",
  breaks: [{ kind: "charge", state: "open", gapMinor: 68_500, firstSeen: "2026-10-29T00:00:00.000Z" }],
  records: [{ record: "st-main/jobs/1", link: { rule: "first" } }],
  receipts: [{ target: "status", outcome: "applied", at: "2026-10-30T00:01:00.000Z" }],
};

test("two runs end the same when only speed, traffic, instants of processing and who came first differ", () => {
  const breaks = job.breaks.map((one) => ({ ...one, firstSeen: "y" }));
  const later = { ...job, since: "x", breaks, records: [{ record: "st-main/jobs/1", link: { rule: "key-pair" } }] };
  const slower = { ...final, seconds: 95, inbound: 500, vendorRequests: { "st-main": 9 } };
  expect(differencesOf(endOf(final, [job]), endOf(slower, [later]))).toEqual([]);
});

test("a job, a break, a receipt or a number that differs is named", () => {
  const first = endOf(final, [job]);
  const changed = [
    endOf({ ...final, receipts: { applied: 9 } }, [job]),
    endOf(final, []),
    endOf(final, [{ ...job, breaks: [{ ...job.breaks[0], state: "resolved" }] }]),
    endOf(final, [{ ...job, receipts: [] }]),
  ];
  expect(changed.map((other) => differencesOf(first, other)[0]?.split(":")[0])).toEqual([
    "receipts.applied",
    "job j1",
    "job j1.breaks.0.state",
    "job j1.receipts.0",
  ]);
});
