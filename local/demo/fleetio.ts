import type { JsonRecord } from "./demo.ts";
import type { Desk } from "./desk.ts";
import { localDay, printedLocal } from "./instants.ts";
import type { World } from "./world.ts";

/** What the client (and Ridgeline for its own vans) keeps in Fleetio. Times carry the local offset, money is in cents. */

export const OUR_VENDOR = 412;
export const OTHER_VENDOR = 977;
const LONG_AGO = "2026-01-15T18:00:00.000Z";

type Van = { id: number; name: string; make: string; model: string };
const vans: readonly Van[] = [
  ["Van 04", "Ford", "Transit 250"],
  ["Van 07", "Ford", "Transit 250"],
  ["Van 11", "Ram", "ProMaster 2500"],
  ["Van 12", "Ram", "ProMaster 2500"],
  ["Van 15", "Mercedes-Benz", "Sprinter 2500"],
  ["Van 19", "Ford", "E-350"],
  ["Box 21", "Isuzu", "NPR-HD"],
  ["Box 22", "Isuzu", "NPR-HD"],
].map(([name, make, model], at) => ({ id: 30411 + at * 3, name: name ?? "", make: make ?? "", model: model ?? "" }));

const vendors: Readonly<Record<number, JsonRecord>> = {
  [OUR_VENDOR]: {
    name: "Ridgeline Plumbing & Fleet",
    phone: "3035550100",
    city: "Denver",
    region: "CO",
    postal_code: "80211",
    country: "US",
    external_id: null,
  },
  [OTHER_VENDOR]: {
    name: "Quick Lube Colfax",
    phone: "3035550199",
    city: "Denver",
    region: "CO",
    postal_code: "80220",
    country: "US",
    external_id: null,
  },
};

const vanRecord = (van: Van): JsonRecord => ({
  id: van.id,
  name: van.name,
  color: "White",
  license_plate: `CO ${van.id}`,
  vin: `1FTBR1C8${String(van.id).padStart(9, "0")}`,
  year: "2021",
  make: van.make,
  model: van.model,
  trim: null,
  registration_expiration_month: 6,
  registration_state: "CO",
  default_image_url_small: null,
});

export function furnishFleet(desk: Desk): void {
  for (const van of vans) desk.create(LONG_AGO, "vehicles", vanRecord(van), "bought");
  for (const [id, vendor] of Object.entries(vendors))
    desk.create(LONG_AGO, "vendors", { id: Number(id), ...vendor }, "entered");
}

export type Entry = {
  id: number;
  at: string;
  reference: string;
  total: number;
  status: "pending" | "completed";
  startedAt: string;
  completedAt?: string;
  notes?: string;
  vendor?: number;
  sample?: boolean;
  locked?: boolean;
  meter?: string;
  van?: number;
};

/** A service entry as the client types it. */
export function openEntry(world: World, desk: Desk, entry: Entry): void {
  const van = vans[(entry.van ?? entry.id) % vans.length];
  if (!van) throw new Error("no van");
  const vendor = entry.vendor ?? OUR_VENDOR;
  const completed = entry.completedAt === undefined ? null : printedLocal(entry.completedAt);
  const record = {
    id: entry.id,
    completed_at: completed,
    reference: entry.reference,
    started_at: printedLocal(entry.startedAt),
    status: entry.status,
    general_notes: entry.notes ?? null,
    vehicle_id: van.id,
    vendor_id: vendor,
    work_order_id: null,
    is_sample: entry.sample ?? false,
    primary_meter_entry: meterOf(world, entry, van.id),
    secondary_meter_entry: null,
    attachment_permissions: { read_photos: true, manage_photos: false, read_documents: true, manage_documents: false },
    custom_fields: {},
    labels: [],
    vendor: vendors[vendor] ?? null,
    vehicle: vanRecord(van),
    discount_type: "fixed",
    discount_percentage: "0.0",
    tax_1_type: "fixed",
    tax_1_percentage: "0.0",
    tax_2_type: "fixed",
    tax_2_percentage: "0.0",
    labor_subtotal_cents: entry.total,
    parts_subtotal_cents: 0,
    fees_cents: 0,
    subtotal_cents: entry.total,
    discount_cents: 0,
    tax_1_cents: 0,
    tax_2_cents: 0,
    total_amount_cents: entry.total,
    labor_time_in_seconds: null,
    locked: entry.locked ?? false,
  };
  desk.create(entry.at, "serviceEntries", record, `${entry.id} entered`);
}

function meterOf(world: World, entry: Entry, van: number): JsonRecord {
  return {
    id: world.nextId("fleetio meters", 710_000),
    created_at: localDay(entry.at),
    updated_at: localDay(entry.at),
    auto_voided_at: null,
    category: "starting",
    meter_type: null,
    meterable_id: entry.id,
    meterable_type: "ServiceEntry",
    value: entry.meter ?? `${40_000 + (entry.id % 50_000)}.0`,
    vehicle_id: van,
    void: false,
    type: null,
    date: localDay(entry.at),
  };
}

export function completeEntry(desk: Desk, id: number, at: string, completedAt = at): void {
  desk.change(
    at,
    "serviceEntries",
    String(id),
    { status: "completed", completed_at: printedLocal(completedAt) },
    `${id} completed`,
  );
}
