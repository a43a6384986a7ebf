/**
 * The routes of operate, one row each: the HTTP API makes them and the work matches them. All are behind the
 * operators' token, whose `company` must be the path's. `role` is the least that may (shared/runtime/asked.ts).
 */
export const routes = [
  { name: "status", method: "GET", path: "/companies/{company}/status", role: "viewer" },
  { name: "jobs", method: "GET", path: "/companies/{company}/jobs", role: "viewer" },
  { name: "job", method: "GET", path: "/companies/{company}/job", role: "viewer" },
  { name: "at", method: "GET", path: "/companies/{company}/at", role: "viewer" },
  { name: "breaks", method: "GET", path: "/companies/{company}/breaks", role: "viewer" },
  { name: "explainBreak", method: "POST", path: "/companies/{company}/breaks/explain", role: "bookkeeper" },
  { name: "assignBreak", method: "POST", path: "/companies/{company}/breaks/assign", role: "bookkeeper" },
  { name: "plan", method: "GET", path: "/companies/{company}/plan", role: "viewer" },
  { name: "replay", method: "POST", path: "/companies/{company}/replay", role: "viewer" },
  { name: "shadow", method: "GET", path: "/companies/{company}/shadow", role: "viewer" },
  { name: "approve", method: "POST", path: "/companies/{company}/plan/approve", role: "bookkeeper" },
  { name: "reject", method: "POST", path: "/companies/{company}/plan/reject", role: "bookkeeper" },
  { name: "feeds", method: "GET", path: "/companies/{company}/feeds", role: "viewer" },
  { name: "quarantine", method: "GET", path: "/companies/{company}/quarantine", role: "viewer" },
  { name: "quarantined", method: "GET", path: "/companies/{company}/quarantine/record", role: "viewer" },
  { name: "parked", method: "GET", path: "/companies/{company}/parked", role: "viewer" },
  { name: "unattached", method: "GET", path: "/companies/{company}/unattached", role: "viewer" },
  { name: "unattachedCounts", method: "GET", path: "/companies/{company}/unattached/counts", role: "viewer" },
  { name: "receipts", method: "GET", path: "/companies/{company}/receipts", role: "viewer" },
  { name: "links", method: "GET", path: "/companies/{company}/links", role: "viewer" },
  { name: "importLinks", method: "POST", path: "/companies/{company}/links/import", role: "engineer" },
  { name: "undoLinks", method: "POST", path: "/companies/{company}/links/undo", role: "engineer" },
  { name: "reviewLinks", method: "GET", path: "/companies/{company}/links/review", role: "viewer" },
  { name: "acceptLink", method: "POST", path: "/companies/{company}/links/accept", role: "bookkeeper" },
  { name: "rejectLink", method: "POST", path: "/companies/{company}/links/reject", role: "bookkeeper" },
  { name: "undoLink", method: "POST", path: "/companies/{company}/links/unlink", role: "bookkeeper" },
  { name: "sameCall", method: "POST", path: "/companies/{company}/links/same", role: "bookkeeper" },
  { name: "notSameCall", method: "POST", path: "/companies/{company}/links/same/undo", role: "bookkeeper" },
  { name: "cutover", method: "GET", path: "/companies/{company}/cutover", role: "viewer" },
  { name: "acceptCutover", method: "POST", path: "/companies/{company}/cutover", role: "bookkeeper" },
  { name: "callState", method: "GET", path: "/companies/{company}/call", role: "viewer" },
  { name: "stop", method: "POST", path: "/companies/{company}/stop", role: "engineer" },
  { name: "resume", method: "POST", path: "/companies/{company}/resume", role: "engineer" },
  { name: "config", method: "GET", path: "/companies/{company}/config", role: "viewer" },
  { name: "applyConfig", method: "POST", path: "/companies/{company}/config", role: "engineer" },
] as const;

export type RouteName = (typeof routes)[number]["name"];
