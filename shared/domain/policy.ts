import * as z from "./schema.ts";

/**
 * The configuration document (`plumbline.config.json`): companies, their connections and their policy. It is data:
 * adding a company or a connection needs no deploy. Vendor settings stand flat beside the common
 * ones and are checked by the vendor's own schema.
 */
export const modes = ["observe", "propose", "apply"] as const;
export type Mode = (typeof modes)[number];

export const writeTargets = [
  "status",
  "schedule",
  "assignees",
  "reference",
  "amount",
  "payment",
  "presence",
  "job",
  "marker",
  "call",
] as const;
export type WriteTarget = (typeof writeTargets)[number];

export const mergeFields = ["work", "billing", "schedule", "assignees", "reference"] as const;
export type MergeField = (typeof mergeFields)[number];

const id = z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "expected lower-case letters, digits and dashes"));
const zone = z.string().check(z.refine((name: string) => isZone(name), "expected an IANA time zone"));
const url = z.string().check(z.regex(/^https?:\/\/[^\s]+$/, "expected a URL"));
const positive = z.number().check(z.positive());

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch (cause) {
    if (cause instanceof RangeError) return false;
    throw cause;
  }
}

export const budgetSchema = z.strictObject({
  perSecond: z.optional(positive),
  perMinute: z.optional(positive),
  perDay: z.optional(positive),
  perMonth: z.optional(positive),
  /** Requests a day (or month) kept for people and web leads. */
  reserve: z.optional(z.number().check(z.nonnegative())),
  /** Our share of the limit, others use the same key. */
  share: z.optional(z.number().check(z.gt(0), z.lte(1))),
  /** `HH:MMZ`: when a day's count starts again. */
  dayResets: z.optional(z.string().check(z.regex(/^\d{2}:\d{2}Z$/, "expected HH:MMZ"))),
});
export type BudgetLimits = z.infer<typeof budgetSchema>;

export const connectionSchema = z.looseObject({
  id,
  vendor: z.string(),
  book: z.enum(["receivable", "payable", "cost"]),
  reference: z.optional(z.boolean()),
  baseUrl: url,
  authUrl: z.optional(url),
  /** Name of the secret; its value is never configuration. */
  secret: z.string(),
  zone: z.optional(zone),
  /** Zones of parts of the company: `businessUnit:77`. */
  zones: z.optional(z.record(z.string(), zone)),
  budget: z.optional(budgetSchema),
  /** How long after a write the vendor may still show the old record. */
  lagSeconds: z.optional(z.number().check(z.nonnegative())),
  mode: z.optional(z.record(z.string(), z.enum(modes))),
  /** Minutes between two reads of a stream: `{ "default": 15, "customers": 360 }`. */
  pollMinutes: z.optional(z.record(z.string(), positive)),
  sweepHours: z.optional(positive),
  /** Vendor abilities a tenant has or not, off until seen: `{ "reschedule": false }`. */
  capabilities: z.optional(z.record(z.string(), z.boolean())),
  /** How the vendor's totals count adjustment invoices. */
  adjustments: z.optional(z.enum(["original-balance-includes", "separate"])),
  /** Whether an amount printed on the job record includes tax. */
  actualAmount: z.optional(z.strictObject({ includesTax: z.enum(["yes", "no", "unknown"]) })),
});
export type ConnectionConfig = z.infer<typeof connectionSchema>;

export const keyPairSchema = z.strictObject({
  /** `connection.stream.field`, as in `st-main.jobs.externalData.ctc`. */
  left: z.string(),
  right: z.string(),
  /** At least one of these must hold beside the equal keys. */
  and: z.array(z.enum(["customer", "day", "amount"])).check(z.minLength(1)),
});
export type KeyPair = z.infer<typeof keyPairSchema>;

export const ruleSchema = z.strictObject({
  name: z.string(),
  connection: z.string(),
  target: z.enum(writeTargets),
  /** Largest amount the rule may move in one write; 0 for writes without money. */
  capMinor: z.number().check(z.nonnegative()),
  approvedBy: z.string(),
});
export type Rule = z.infer<typeof ruleSchema>;

const words = z.optional(z.array(z.string().check(z.regex(/[\p{L}\p{N}]/u, "expected a word"))));

export const policySchema = z.strictObject({
  /** Who wins a field, highest first. */
  authority: z.record(z.string(), z.array(z.string())),
  /** Who may edit a field; defaults to its authority list. */
  editors: z.optional(z.record(z.string(), z.array(z.string()))),
  expectedIn: z.optional(z.array(z.strictObject({ from: z.string(), to: z.string(), withinHours: positive }))),
  keyPairs: z.optional(z.array(keyPairSchema)),
  toleranceMinor: z.optional(z.number().check(z.nonnegative())),
  /** Hours before a money difference is a break, by connection. */
  graceHours: z.optional(z.record(z.string(), z.number().check(z.nonnegative()))),
  /** Words of the names of payment types, by what they mean, in place of the usual ones (payment-words.ts). */
  paymentWords: z.optional(
    z.strictObject({
      "write-off": words,
      financing: words,
      retention: words,
      refund: words,
      "payment-reversed": words,
    }),
  ),
  /** Share of a charge, in percent, that customers hold back; absent: no gap is likely to be that. */
  retentionPercent: z.optional(z.number().check(z.gt(0), z.lte(100))),
  cancelReasonId: z.optional(z.number()),
  caps: z.optional(z.strictObject({ writesPerHour: z.optional(positive), moneyPerWriteMinor: z.optional(z.number()) })),
  rules: z.optional(z.array(ruleSchema)),
});
export type Policy = z.infer<typeof policySchema>;

export const companySchema = z.strictObject({
  id,
  name: z.string(),
  zone,
  currency: z.string().check(z.regex(/^[A-Z]{3}$/, "expected a currency code")),
  connections: z.array(connectionSchema).check(z.minLength(1)),
  policy: policySchema,
});
export type CompanyConfig = z.infer<typeof companySchema>;

export const configSchema = z.strictObject({
  $schema: z.optional(z.string()),
  cells: z.array(z.strictObject({ id, companies: z.array(id) })).check(z.minLength(1)),
  companies: z.array(companySchema).check(z.minLength(1)),
});
export type Config = z.infer<typeof configSchema>;

/** The mode of one target of one connection; what is not said is observed only. */
export function modeOf(connection: ConnectionConfig, target: WriteTarget): Mode {
  return connection.mode?.[target] ?? connection.mode?.["default"] ?? "observe";
}

export function zoneOf(company: CompanyConfig, connection: ConnectionConfig): string {
  return connection.zone ?? company.zone;
}

export function connectionOf(company: CompanyConfig, id: string): ConnectionConfig | undefined {
  return company.connections.find((connection) => connection.id === id);
}

/** The connection that books are compared with: the configured one, else the first receivable. */
export function referenceOf(company: CompanyConfig): ConnectionConfig | undefined {
  return company.connections.find((c) => c.reference) ?? company.connections.find((c) => c.book === "receivable");
}

export function authorityOf(policy: Policy, field: MergeField): readonly string[] {
  return policy.authority[field] ?? [];
}

export function editorsOf(policy: Policy, field: MergeField): readonly string[] {
  return policy.editors?.[field] ?? authorityOf(policy, field);
}
