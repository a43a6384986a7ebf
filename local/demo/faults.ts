import type { DemoAct, DemoDials, DemoFault, VendorName } from "./demo.ts";
import { denver } from "./instants.ts";

/** What goes wrong in the six days, on the simulators' clock. */
export const BAD_DAY = "2026-10-31";
/** Midnight UTC: Rotor's day and the branch's month begin anew. */
const RESET = "2026-11-01T00:00:00.000Z";

export type Struck = { branchJob: string; officeJob: number };

/** The bookkeeper looks while two vendors are down, and again when the third has been silent for hours. */
export const badDayLooks: readonly DemoAct[] = ["12:15", "17:30"].map((clock) => ({
  at: denver(BAD_DAY, clock),
  act: "look",
  story: 33,
}));

/**
 * Saturday is a bad day at three vendors at once: somebody else used up Rotor's daily requests, ServiceTitan fails for
 * an hour (around noon, when its lists are read), and the branch's month is used up until it ends. And one answer is lost on Monday.
 */
export function demoFaults({ branchJob }: Struck): Record<VendorName, DemoFault[]> {
  const limit = "Daily API key request limit of 1000 exceeded";
  const rotor: DemoFault = {
    account: "rotor-crews",
    match: {},
    fault: {
      kind: "status",
      status: 429,
      body: { status: "error", message: limit, error_code: "RATE_LIMIT_EXCEEDED" },
    },
    from: denver(BAD_DAY, "10:00"),
    until: RESET,
  };
  const servicetitan: DemoFault = {
    account: "st-main",
    match: { path: "/tenant/" },
    fault: { kind: "status", status: 500, body: { title: "An error occurred.", status: 500 } },
    from: denver(BAD_DAY, "11:30"),
    until: denver(BAD_DAY, "12:30"),
  };
  const used: DemoFault = {
    account: "ctc-boulder",
    match: {},
    fault: {
      kind: "status",
      status: 403,
      body: { success: false, error: "Forbidden" },
      headers: { "X-Usage-Count": "50000", "X-Usage-Limit": "50000", "X-Usage-Resets": RESET },
    },
    from: denver(BAD_DAY, "13:00"),
    until: RESET,
  };
  const lost: DemoFault = {
    account: "ctc-boulder",
    match: { method: "PUT", path: `/jobs/${branchJob}$` },
    fault: { kind: "timeout-after", ms: 50 },
    times: 1,
  };
  return { servicetitan: [servicetitan], rotor: [rotor], fleetio: [], customtrades: [used, lost] };
}

export function demoDials({ officeJob }: Struck): Record<VendorName, DemoDials[]> {
  const silentNoOps = [{ operation: "updateJob", id: String(officeJob) }];
  return {
    servicetitan: [{ account: "st-main", dials: { silentNoOps } }],
    rotor: [],
    // The client's webhooks come late and together, each twice and the oldest last.
    fleetio: [
      { account: "fleetio-frontrange", dials: { webhookDelivery: "duplicate-reverse", webhookHoldMs: 30 * 60_000 } },
    ],
    customtrades: [],
  };
}
