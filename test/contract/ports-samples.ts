import { emptyJob, type JobState } from "#shared/domain/job.ts";
import type { Config } from "#shared/domain/policy.ts";
import type { CellStore, CompanyStore } from "#shared/store/open.ts";

/** What the suite needs of an implementation: an empty world for each test. */
export interface PortsUnderTest {
  readonly cell: CellStore;
  company(id: string): CompanyStore;
}

export const at = (minute: number): string => `2026-11-02T08:${String(minute).padStart(2, "0")}:00.000Z`;

export function jobWith(id: string, cause: string, more: Partial<JobState> = {}): JobState {
  const lastChange = { version: 0, at: at(0), cause, records: ["st-main/jobs/1"], lines: [`${cause} changed it`] };
  return { ...emptyJob(id), lastChange, ...more };
}

export const openBreak: JobState["breaks"][number] = {
  kind: "charge",
  key: "charge",
  state: "open",
  gapMinor: 100,
  causes: [{ kind: "unexplained", certainty: "likely", minor: 100, records: [] }],
  firstSeen: at(0),
  since: at(0),
  resolvedAt: null,
  opensAt: null,
  connections: ["st-main"],
  sentence: "a dollar too much",
  evidence: [],
  assignedTo: null,
  note: null,
};

export const twoCompanies: Config = {
  cells: [{ id: "main", companies: ["ridgeline", "other"] }],
  companies: ["ridgeline", "other"].map((id) => ({
    id,
    name: id,
    zone: "America/Denver",
    currency: "USD",
    connections: [
      {
        id: "st-main",
        vendor: "servicetitan",
        book: "receivable" as const,
        baseUrl: "http://127.0.0.1:1/st",
        secret: "plumbline/st",
      },
    ],
    policy: { authority: {} },
  })),
};

export type Open = () => Promise<PortsUnderTest>;
