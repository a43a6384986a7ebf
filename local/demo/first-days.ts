import { type Demo, type DemoEdit, idOf, type JsonRecord, type VendorName, vendorNames } from "./demo.ts";

const DAY = 86_400_000;

/**
 * The same company, told only to the end of its first days: what people do later is not planted, and what would only
 * then come to be is no truth yet. The stories and their expectation are those of all days and no longer hold.
 */
export function firstDays(demo: Demo, count: number): Demo {
  const end = new Date(Date.parse(demo.end) - (demo.days.length - count) * DAY).toISOString();
  const told = (edit: { readonly at: string }): boolean => edit.at <= end;
  const edits = byVendor((vendor) => demo.edits[vendor].filter(told));
  const there = new Set([...loadedRecords(demo), ...vendorNames.flatMap((vendor) => edits[vendor].flatMap(created))]);
  const truth = demo.truth
    .map((job) => ({
      ...job,
      records: job.records.filter(({ connection, id }) => there.has(`${connection} ${id}`)),
    }))
    .filter((job) => job.records.length > 0);
  return { ...demo, end, days: demo.days.slice(0, count), edits, script: demo.script.filter(told), truth };
}

function byVendor<Value>(of: (vendor: VendorName) => Value): Record<VendorName, Value> {
  return {
    servicetitan: of("servicetitan"),
    rotor: of("rotor"),
    fleetio: of("fleetio"),
    customtrades: of("customtrades"),
  };
}

/** Records of the streams that jobs are made of, as `connection id`. */
const roots: ReadonlySet<string> = new Set(["jobs", "serviceEntries"]);

function loadedRecords(demo: Demo): string[] {
  const names = (account: string, records: readonly JsonRecord[]): string[] =>
    records.map((record) => `${account} ${idOf(record["uuid"] ?? record["id"])}`);
  return vendorNames.flatMap((vendor) =>
    demo.load[vendor].flatMap(({ account, collections }) =>
      Object.entries(collections).flatMap(([name, records]) => (roots.has(name) ? names(account, records) : [])),
    ),
  );
}

function created(edit: DemoEdit): string[] {
  return edit.op === "create" && roots.has(edit.collection) ? [`${edit.account} ${edit.key}`] : [];
}
