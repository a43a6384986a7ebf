import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { firstScreen } from "#cli/screens/first-screen.ts";

const connection = (id: string, title: string, more: object = {}) => ({
  id,
  title,
  called: null,
  reference: false,
  money: "record",
  fresh: true,
  ...more,
});
const office = connection("st-main", "ServiceTitan", { reference: true, money: "invoices" });
const crews = connection("rotor-crews", "Rotor", { called: "crew" });
const branch = connection("ctc-boulder", "Custom Trades CRM", { called: "branch" });

const money = (id: string, charge: number | null, payment: number | null) => ({
  connection: id,
  charge,
  payment,
  outstanding: null,
  provisional: false,
});
const found = (kind: string, gapMinor: number, cause: string, connections: string[], state = "open") => ({
  kind,
  key: kind,
  state,
  gapMinor,
  causes: [{ kind: cause, certainty: "likely", minor: gapMinor, records: [] }],
  since: "2026-10-30T12:00:00.000Z",
  connections,
  sentence: "what the break itself says",
});
const line = (number: string | null, one: ReturnType<typeof found>, more: object = {}) => ({
  job: `j${number}`,
  number,
  customer: "Octavio Pena",
  day: "2026-10-30",
  connections: one.connections,
  numbers: {},
  standing: "disagree",
  since: null,
  gapMinor: one.state === "open" ? Math.abs(one.gapMinor) : 0,
  breaks: [one],
  money: [],
  ...more,
});

const top = [
  line("10268", found("charge", 68500, "missing-charge", ["st-main", "rotor-crews", "ctc-boulder"]), {
    money: [money("st-main", 0, 0), money("rotor-crews", 68500, 0), money("ctc-boulder", 68500, null)],
  }),
  line("10263", found("payment", 45000, "missing-payment", ["st-main", "rotor-crews"])),
  line("10271", found("charge", 37500, "duplicate", ["st-main", "ctc-boulder"]), {
    numbers: { "ctc-boulder": ["JOB-0931", "JOB-0930"] },
  }),
  line(null, found("missing-twin", 32000, "missing-charge", ["rotor-crews", "st-main"])),
  line("10274", found("payment", -23000, "payment-reversed", ["st-main", "rotor-crews"])),
  line("10277", found("charge", -9200, "tax", ["st-main", "ctc-boulder"])),
  line("10280", found("payment", -7500, "refund", ["st-main", "rotor-crews"])),
  line("10283", found("payment", 2408, "fee", ["st-main", "ctc-boulder"])),
  line("10286", found("payment", -1255, "unexplained", ["st-main", "rotor-crews"])),
];

const status = {
  now: "2026-11-04T07:00:00.000Z",
  company: { id: "ridgeline", name: "Ridgeline Plumbing & Fleet", zone: "America/Denver", currency: "USD" },
  days: { from: "2026-10-29", to: "2026-11-03" },
  connections: [office, crews, branch, connection("fleetio-a", "Fleetio"), connection("fleetio-b", "Fleetio")],
  stopped: { stopped: false, why: null },
  jobs: 240,
  notComparable: 0,
  moneyJobs: 9,
  gapMinor: 226363,
  waitingMinor: 50000,
  resolvedMinor: 100300,
  quarantined: 0,
  receipts: { applied: 8, rejected: 1, ignored: 1, superseded: 0, unresolved: 0, void: 0 },
  tasks: 7,
  awaitingApproval: 4,
  top,
  waitingJobs: [line("10300", found("payment", 50000, "unapplied", ["st-main", "rotor-crews"], "waiting"))],
  openOther: [],
};

describe("the first screen", () => {
  test("tells on one page whose money disagrees, by how much and why", () => {
    expect(firstScreen(status).split("\n")).toEqual([
      "Ridgeline Plumbing & Fleet · Denver · 29 Oct - 3 Nov 2026 · 5 connections, all fresh",
      "240 jobs: 9 disagree about money, $2,263.63 in all",
      "  $685.00  done, never billed            10268  crew and branch say 685.00, the invoice says 0.00",
      "  $450.00  taken in the truck            10263  Rotor has the payment, ServiceTitan does not",
      "  $375.00  entered twice in Boulder      10271  JOB-0930 and JOB-0931",
      "  $320.00  never reached the office      -      Rotor job of 30 Oct, Pena, no ServiceTitan job",
      "  $230.00  check came back               10274  ServiceTitan still calls it paid",
      "  ... 4 more, $203.63",
      "Will clear by itself: $500.00 (1 deposit). Resolved since Thursday: $1,003.00.",
      "Written back: 8, each read back and confirmed. Refused by vendor: 1. Changed nothing: 1. Waiting for you: 4 approvals, 7 tasks.",
      "Look:  plumbline explain 10268   ·   plumbline plan   ·   plumbline breaks",
    ]);
  });

  test("stands in the README as it is printed", () => {
    const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
    expect(readme).toContain(`\`\`\`\n${firstScreen(status)}\n\`\`\``);
  });

  test("never shows a green board over a dead feed", () => {
    const silent = { ...status, connections: [office, { ...crews, fresh: false }], notComparable: 61 };
    const [first, second] = firstScreen(silent).split("\n");
    expect(first).toContain("2 connections, not fresh at 4 Nov 00:00: rotor-crews");
    expect(second).toContain("61 not comparable while a feed is silent");
  });

  test("says when writes are stopped, and why", () => {
    const stopped = { ...status, stopped: { stopped: true, why: "rates changed" } };
    expect(firstScreen(stopped)).toContain("\nWrites are stopped: rates changed.\n");
  });

  test("without a difference it says so and still says where to look", () => {
    const quiet = { ...status, moneyJobs: 0, gapMinor: 0, top: [], waitingJobs: [], waitingMinor: 0 };
    const lines = firstScreen(quiet).split("\n");
    expect(lines[1]).toBe("240 jobs: none disagrees about money");
    expect(lines.at(-1)).toBe("Look:  plumbline plan   ·   plumbline breaks");
  });

  test("the lines and what is left add up to the total above them", () => {
    const cents = (text: string): number => Number(text.replace(/[^0-9]/g, ""));
    const lines = firstScreen(status).split("\n");
    const listed = lines.slice(2, 8).map((text) => cents(/\$([\d,]+\.\d\d)/.exec(text)?.[1] ?? "0"));
    expect(listed.reduce((sum, one) => sum + one, 0)).toBe(status.gapMinor);
  });

  test("refuses what is no status, instead of printing zeros", () => {
    expect(() => firstScreen({ jobs: 3 })).toThrow();
  });
});
