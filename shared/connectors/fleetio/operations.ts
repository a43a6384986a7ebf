import * as z from "#shared/domain/schema.ts";
import type { OperationRow } from "../connector.ts";
import { operation, rowsOf } from "../operation.ts";
import { checkedInput } from "../problems.ts";
import type { VendorClient } from "../vendor-client.ts";
import { checkEcho, checkMoves, type Filters, queryOf } from "./listing.ts";
import { looks } from "./looks.ts";
import { pageOfEntries, type ServiceEntry, serviceEntry, webhookEvent, webhookRecord } from "./schemas.ts";

/** Operations on service entries and webhooks, as in Fleetio's reference; the list as in "List Service Entries". */
const source = (page: string): string => `developer.fleetio.com, ${page}`;
const read = { method: "GET", writes: false, repeatable: true, notifies: "none" } as const;

const instant = z
  .string()
  .check(
    z.regex(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?$/, "expected a date or date-time"),
  );

/** The document's `oneOf`: one operator a field. */
function oneOf<Name extends string>(names: readonly Name[], value: z.ZodMiniType<string>) {
  const shape = Object.fromEntries(names.map((name) => [name, z.optional(value)]));
  return z.optional(
    z.strictObject(shape).check(
      z.refine((tests) => Object.values(tests).filter((one) => one !== undefined).length === 1, {
        message: `expected exactly one of ${names.join(", ")}`,
      }),
    ),
  );
}

const times = ["lt", "lte", "gt", "gte"] as const;
const direction = z.optional(z.enum(["asc", "desc"]));

const listInput = z.strictObject({
  start_cursor: z.optional(z.string()),
  per_page: z.optional(z.int().check(z.minimum(2), z.maximum(100))),
  filter: z.optional(
    z.strictObject({
      reference: oneOf(["like", "eq"], z.string()),
      status: oneOf(["include"], z.string().check(z.regex(/^(pending|completed)(,(pending|completed))*$/))),
      labels: oneOf(["include"], z.string()),
      completed_at: oneOf(times, instant),
      created_at: oneOf(times, instant),
      updated_at: oneOf(times, instant),
    }),
  ),
  sort: z.optional(
    z.strictObject({ id: direction, completed_at: direction, updated_at: direction, created_at: direction }),
  ),
  /** Follows the cursor to its end and gives all records in one page. */
  fetchAll: z.optional(z.boolean()),
});
type ListInput = z.input<typeof listInput>;
type EntriesPage = z.infer<typeof pageOfEntries>;

async function listPage(
  client: VendorClient,
  input: z.output<typeof listInput>,
  cursor?: string,
): Promise<EntriesPage> {
  const filters = filtersOf(input.filter ?? {});
  const sorts = stated<"asc" | "desc">(input.sort ?? {});
  const { value } = await client.request({
    operation: "listServiceEntries",
    method: "GET",
    path: "/v2/service_entries",
    query: { ...queryOf(filters, sorts), start_cursor: cursor, per_page: input.per_page },
    schema: pageOfEntries,
    writes: false,
  });
  checkEcho(value, filters, sorts);
  checkMoves(value.next_cursor, cursor);
  return value;
}

/** What was given: an absent member and one that is undefined are the same. */
function stated<Value>(given: Readonly<Record<string, Value | undefined>>): Record<string, Value> {
  const kept: Record<string, Value> = {};
  for (const [name, value] of Object.entries(given)) if (value !== undefined) kept[name] = value;
  return kept;
}

function filtersOf(given: NonNullable<z.output<typeof listInput>["filter"]>): Filters {
  return Object.fromEntries(Object.entries(given).map(([field, tests]) => [field, stated<string>(tests ?? {})]));
}

/**
 * Service entries, every documented filter and sort. The page's own `filtered_by` and `sorted_by` are checked against
 * what was asked: Failure `malformed` where they differ.
 */
async function runList(client: VendorClient, given: unknown): Promise<EntriesPage> {
  const input = checkedInput("listServiceEntries", listInput, given);
  const first = await listPage(client, { per_page: input.fetchAll ? 100 : undefined, ...input }, input.start_cursor);
  if (input.fetchAll !== true) return first;
  const records: ServiceEntry[] = [...first.records];
  for (let cursor = first.next_cursor; cursor !== null; ) {
    const page = await listPage(client, { per_page: 100, ...input }, cursor);
    records.push(...page.records);
    cursor = page.next_cursor;
  }
  return { ...first, next_cursor: null, records };
}

export const listServiceEntries = Object.assign(
  (client: VendorClient, input: ListInput): Promise<EntriesPage> => runList(client, input),
  {
    row: {
      ...read,
      key: "listServiceEntries",
      path: "/v2/service_entries",
      source: source("List Service Entries"),
      about: "Service entries by cursor, newest id first unless sorted; fetchAll follows the cursor to its end.",
      input: listInput,
      run: runList,
    } satisfies OperationRow,
  },
);

const id = z.union([z.int(), z.string().check(z.regex(/^\d+$/, "expected the entry's number"))]);

export const getServiceEntry = operation({
  ...read,
  key: "getServiceEntry",
  path: "/v2/service_entries/{id}",
  source: source("Retrieve Service Entry"),
  about: "One service entry.",
  input: z.strictObject({ id }),
  output: serviceEntry,
});

const meter = z.strictObject({ value: z.number(), void: z.optional(z.boolean()) });

/** Totals are worked out from the line items; sums and `status` are no inputs. */
const body = {
  started_at: z.optional(z.nullable(instant)),
  vehicle_id: z.optional(z.int()),
  vehicle_vin: z.optional(z.string().check(z.maxLength(17, "expected at most 17 characters"))),
  vendor_id: z.optional(z.nullable(z.int())),
  reference: z.optional(z.string().check(z.maxLength(255, "expected at most 255 characters"))),
  /** One text, names separated by commas. */
  label_list: z.optional(z.string().check(z.maxLength(255, "expected at most 255 characters"))),
  general_notes: z.optional(z.string()),
  vmrs_repair_priority_class_id: z.optional(z.nullable(z.int())),
  custom_fields: z.optional(z.nullable(z.record(z.string(), z.unknown()))),
  secondary_meter_entry_attributes: z.optional(meter),
  service_entry_line_items_attributes: z.optional(z.array(z.looseObject({ type: z.optional(z.string()) }))),
  issue_ids: z.optional(z.array(z.int())),
  service_task_ids: z.optional(z.array(z.int())),
  comments_attributes: z.optional(z.array(z.looseObject({}))),
  documents_attributes: z.optional(z.array(z.looseObject({}))),
  images_attributes: z.optional(z.array(z.looseObject({}))),
  discount_type: z.optional(z.enum(["fixed", "percentage"])),
  discount_percentage: z.optional(z.number()),
  discount: z.optional(z.number()),
  tax_1_type: z.optional(z.string()),
  tax_1: z.optional(z.number()),
  tax_1_percentage: z.optional(z.number()),
  tax_2_type: z.optional(z.string()),
  tax_2: z.optional(z.number()),
  tax_2_percentage: z.optional(z.number()),
} as const;

/** Writes answer the entry, or 204 with nothing. */
const entryOrNothing = z.optional(serviceEntry);

export const createServiceEntry = operation({
  key: "createServiceEntry",
  method: "POST",
  path: "/v2/service_entries",
  writes: true,
  repeatable: false,
  money: true,
  notifies: "unknown",
  happened: "listServiceEntries with filter.reference.eq = the reference that was sent",
  source: source("Create Service Entry"),
  about: "A completed entry: it is made with its completed_at and a meter value; its vehicle by id or VIN.",
  input: z.strictObject({ ...body, completed_at: instant, meter_entry_attributes: meter }).check(
    z.refine((given) => given.vehicle_id !== undefined || given.vehicle_vin !== undefined, {
      path: ["vehicle_id"],
      message: "expected the vehicle's id or its VIN",
    }),
  ),
  output: entryOrNothing,
});

export const updateServiceEntry = operation({
  key: "updateServiceEntry",
  method: "PATCH",
  path: "/v2/service_entries/{id}",
  writes: true,
  repeatable: true,
  money: true,
  notifies: "unknown",
  happened: "getServiceEntry shows the fields that were sent",
  source: source("Update Service Entry"),
  about: "Changes the fields that are sent; completed_at completes the entry. A locked entry answers 422.",
  input: z.strictObject({
    id,
    ...body,
    completed_at: z.optional(z.nullable(instant)),
    meter_entry_attributes: z.optional(meter),
  }),
  output: entryOrNothing,
});

const list = <Row extends z.ZodMiniType>(row: Row) => z.union([z.array(row), z.looseObject({ records: z.array(row) })]);

export const listWebhooks = operation({
  ...read,
  key: "listWebhooks",
  path: "/v1/webhooks",
  source: source("List Webhooks"),
  about: "The account's webhooks, each with one flag per event.",
  input: z.strictObject({}),
  output: list(webhookRecord),
});

export const listWebhookEvents = operation({
  ...read,
  key: "listWebhookEvents",
  path: "/v1/webhook_events",
  source: source("List Webhook Events"),
  about: "The latest deliveries and how they ended.",
  input: z.strictObject({}),
  output: list(webhookEvent),
});

const needed = ["service_entry_created", "service_entry_updated", "service_entry_deleted", "import_completed"] as const;
const checkInput = z.strictObject({ url: z.string() });

/**
 * Whether events of service entries reach this address: a webhook of that URL, switched on (Fleetio switches one off
 * after three failures), with every event we listen to. `problems` is empty when they do.
 */
async function runCheck(client: VendorClient, given: unknown) {
  const { url } = checkedInput("checkWebhookSubscription", checkInput, given);
  const reply = await listWebhooks(client, {});
  const hooks = Array.isArray(reply) ? reply : reply.records;
  const hook = hooks.find((one) => one.url === url);
  if (!hook) return { subscribed: false, id: null, problems: [`no webhook points to ${url}`] };
  const missing = hook.all_events === true ? [] : needed.filter((event) => hook[event] !== true);
  const problems = [
    ...(hook.enabled === false ? ["it is switched off: three failures in a row do that"] : []),
    ...missing.map((event) => `it does not send ${event}`),
  ];
  return { subscribed: problems.length === 0, id: hook.id, problems };
}

export const checkWebhookSubscription = Object.assign(
  (client: VendorClient, input: z.input<typeof checkInput>) => runCheck(client, input),
  {
    row: {
      ...read,
      key: "checkWebhookSubscription",
      path: "/v1/webhooks",
      source: source("List Webhooks"),
      about: "Whether events of service entries reach this address.",
      input: checkInput,
      run: runCheck,
    } satisfies OperationRow,
  },
);

export const operations: readonly OperationRow[] = rowsOf(
  [
    listServiceEntries,
    getServiceEntry,
    createServiceEntry,
    updateServiceEntry,
    listWebhooks,
    listWebhookEvents,
    checkWebhookSubscription,
  ],
  looks,
);
