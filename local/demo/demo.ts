/**
 * The demo company as data: what its vendors hold on the first morning, what people do in the days after, and what a
 * bookkeeper answers. Made by `build.ts` from a seed; nothing here knows Plumbline's own code.
 */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonRecord = { [key: string]: Json };

export type VendorName = "servicetitan" | "rotor" | "fleetio" | "customtrades";
export const vendorNames: readonly VendorName[] = ["servicetitan", "rotor", "fleetio", "customtrades"];

/** An account of a simulated vendor; its id is the connection's id. */
export type DemoAccount = { id: string; credentials: Record<string, string>; settings?: JsonRecord };

/** The state of an account on the first morning: raw records by collection. */
export type DemoLoad = { account: string; collections: Record<string, JsonRecord[]> };

/** What people do in the vendor's own screens, at an instant of the simulators' clock (ISO, UTC). */
export type DemoEdit = {
  account: string;
  at: string;
  collection: string;
  key: string;
  op: "create" | "update" | "remove";
  fields?: JsonRecord;
  touch?: boolean;
  label: string;
};

export type DemoFault = {
  account?: string;
  match: { method?: string; path?: string };
  fault: { kind: string; status?: number; body?: Json; headers?: Record<string, string>; ms?: number };
  times?: number;
  from?: string;
  until?: string;
};

export type DemoDials = { account?: string; dials: JsonRecord };

/** `url` and `secret` of a webhook; `{{api}}` stands for the address of the product's HTTP API. */
export type DemoWebhook = { account: string; url: string; secret: string; events: string[] };

/** Names a record by what people see of it: its connection, stream and id. */
export type RecordName = { connection: string; stream: string; id: string };

/** What the bookkeeper does at an instant. */
export type DemoAct = {
  at: string;
  act: "cutover" | "import-links" | "approve" | "reject" | "look";
  story: number | null;
  /** Approve and reject: the one open intent on this record and target. */
  match?: { record: RecordName; target: string };
};

/** A row of the links file: rows with one `kind,key` are one thing. */
export type CrosswalkRow = { kind: string; key: string; connection: string; stream: string; id: string; note: string };

export type BreakState = "waiting" | "open" | "resolved";
export type ExpectedBreak = {
  kind: string;
  state: BreakState;
  /** The other system minus the reference, minor units; 0 where no money is in it. */
  gapMinor: number;
  causes: { kind: string; certainty: "proven" | "likely" | "any"; minor: number }[];
};
export type ExpectedReceipt = { connection: string; target: string; outcome: "applied" | "rejected" | "ignored" };

/** A job a story is about: one record that finds it, and what must stand at the end. */
export type StoryJob = {
  /** ServiceTitan job number, or null where ServiceTitan has none. */
  number: string | null;
  find: RecordName;
  /** All root records that must be this one job. */
  records: RecordName[];
  agree: boolean;
  breaks: ExpectedBreak[];
  receipts: ExpectedReceipt[];
  /** Intents that wait for a person: connection and target. */
  approvals: { connection: string; target: string }[];
  tasks: { connection: string; target: string }[];
  /** Notices that must be said on the job (`unknown-word`, ...). */
  notices: string[];
};

export type Story = {
  /** The row of the table; row 25 is two stories, 25 and 25.5. */
  number: number;
  name: string;
  /** What must come out, in one sentence. */
  expect: string;
  jobs: StoryJob[];
};

/** What the generator planted as one job; hidden from the code under test, which sees only the vendors' records. */
export type Truth = { number: string | null; story: number | null; records: RecordName[] };

/** Numbers of the whole run, as the closing JSON names them. */
export type ExpectedTotals = {
  jobs: number;
  agree: number;
  waiting: number;
  disagree: number;
  /** Open breaks of any kind, and jobs whose money is open. */
  breaks: number;
  moneyJobs: number;
  gapMinor: number;
  chargeMinor: number;
  paymentMinor: number;
  missingTwinMinor: number;
  waitingMinor: number;
  resolvedMinor: number;
  resolvedBreaks: number;
  receipts: Record<string, number>;
  awaitingApproval: number;
  tasks: number;
  dropped: number;
  stories: number;
};

export type Demo = {
  seed: number;
  zone: string;
  /** Instants, ISO UTC: midnight of the cutover day, first and last moment of the days that are told. */
  start: string;
  end: string;
  /** Printed local days, `YYYY-MM-DD`. */
  days: string[];
  /** The configuration document, base URLs as `{{vendor}}` placeholders; see `withUrls`. */
  config: JsonRecord;
  secrets: Record<string, JsonRecord>;
  accounts: Record<VendorName, DemoAccount[]>;
  load: Record<VendorName, DemoLoad[]>;
  edits: Record<VendorName, DemoEdit[]>;
  dials: Record<VendorName, DemoDials[]>;
  faults: Record<VendorName, DemoFault[]>;
  webhooks: Record<VendorName, DemoWebhook[]>;
  script: DemoAct[];
  crosswalk: CrosswalkRow[];
  stories: Story[];
  truth: Truth[];
  expectation: ExpectedTotals;
};

/** The configuration with the vendors' addresses put in, e.g. `{ servicetitan: "http://127.0.0.1:4101", ... }`. */
export function withUrls(config: JsonRecord, urls: Readonly<Record<string, string>>): JsonRecord {
  const text = JSON.stringify(config).replace(/\{\{([a-z]+)\}\}/g, (_, vendor: string) => {
    const url = urls[vendor];
    if (url === undefined) throw new Error(`no address of ${vendor}`);
    return url;
  });
  const parsed: unknown = JSON.parse(text);
  if (!isRecord(parsed)) throw new Error("the demo's configuration is no object");
  return parsed;
}

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A record's id as text, whether its vendor counts or names. Throws for anything else. */
export function idOf(value: Json | undefined): string {
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw new Error(`a record's id is a text or a number, not ${JSON.stringify(value)}`);
}
