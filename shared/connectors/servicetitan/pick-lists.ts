import * as z from "#shared/domain/schema.ts";
import type { OperationRow } from "../connector.ts";
import { checkedInput } from "../problems.ts";
import type { VendorClient } from "../vendor-client.ts";
import { listOfAnything } from "./fields.ts";
import { type Module, pathIn } from "./settings.ts";

/** A choice for a person: the record's id, and a label as the document prints it. */
export interface Choice {
  readonly key: string;
  readonly label: string;
}

export interface Picked {
  readonly result: readonly Choice[];
  /** Said when there are more than 10,000: the document's limit. */
  readonly notices: readonly string[];
}

const ROWS = 1000;
const PAGES = 10;

const choosable = z.looseObject({
  id: z.number(),
  name: z.nullish(z.string()),
  jobNumber: z.nullish(z.string()),
  appointmentNumber: z.nullish(z.string()),
  referenceNumber: z.nullish(z.string()),
});
type Choosable = z.infer<typeof choosable>;

const named = (row: Choosable): string => `${row.name ?? ""} (ID: ${row.id})`;
const input = z.strictObject({});

/** Key, module, path and label of each of the document's data sources. */
function pick(key: string, module: Module, path: string, label: (row: Choosable) => string) {
  const run = async (client: VendorClient, given: unknown): Promise<Picked> => {
    checkedInput(key, input, given);
    return choices(client, key, pathIn(client.connection, module, path), label);
  };
  const row: OperationRow = {
    key,
    method: "GET",
    path: `/${module}/v2/tenant/{tenant}${path}`,
    writes: false,
    repeatable: true,
    notifies: "none",
    source: "ServiceTitan component, data source of that key",
    about: "A pick list of up to 10,000 rows; it says so when it was cut short.",
    input,
    run,
  };
  return Object.assign((client: VendorClient, given: z.input<typeof input> = {}) => run(client, given), { row });
}

async function choices(
  client: VendorClient,
  operation: string,
  path: string,
  label: (row: Choosable) => string,
): Promise<Picked> {
  const result: Choice[] = [];
  for (let page = 1; ; page += 1) {
    const { value } = await client.request({
      operation,
      method: "GET",
      path,
      query: { pageSize: ROWS, includeTotal: true, page },
      schema: z.extend(listOfAnything, { data: z.array(choosable) }),
      writes: false,
    });
    result.push(...value.data.map((row) => ({ key: String(row.id), label: label(row) })));
    if (!value.hasMore) return { result, notices: [] };
    if (page === PAGES || value.data.length === 0) {
      const of = value.totalCount === null || value.totalCount === undefined ? "" : ` of ${value.totalCount}`;
      return { result, notices: [`cut short: the first ${result.length}${of}`] };
    }
  }
}

const selectAppointment = pick(
  "selectAppointment",
  "jpm",
  "/appointments",
  (row) => `#${row.appointmentNumber ?? ""} (ID: ${row.id})`,
);
const selectBooking = pick("selectBooking", "crm", "/bookings", named);
const selectCustomers = pick("selectCustomers", "crm", "/customers", named);
const selectInstalledEquipment = pick("selectInstalledEquipment", "equipmentsystems", "/installed-equipment", named);
const selectInvoice = pick("selectInvoice", "accounting", "/invoices", (row) => `#${row.referenceNumber ?? row.id}`);
const selectJob = pick("selectJob", "jpm", "/jobs", (row) => `#${row.jobNumber ?? row.id}`);
const selectLocation = pick("selectLocation", "crm", "/locations", named);
const selectProject = pick("selectProject", "jpm", "/projects", named);
const selectTechnician = pick("selectTechnician", "settings", "/technicians", named);

/** By key, as `operations.ts` gathers them. */
export const pickLists = {
  selectAppointment,
  selectBooking,
  selectCustomers,
  selectInstalledEquipment,
  selectInvoice,
  selectJob,
  selectLocation,
  selectProject,
  selectTechnician,
} as const;
