import * as z from "#shared/domain/schema.ts";

/**
 * Fleetio's service entry, with every key that its document prints. Everything but the id may be missing or null;
 * objects are loose and enumerations text, because the vendor adds to both. `created_at` and `updated_at` stand in no
 * printed record and yet in its filters and in live answers: they are read where they are.
 */
const text = z.nullish(z.string());
const whole = z.nullish(z.number());
const flag = z.nullish(z.boolean());

export const meterEntry = z.nullish(
  z.looseObject({
    id: whole,
    created_at: text,
    updated_at: text,
    auto_voided_at: text,
    category: text,
    meter_type: text,
    meterable_id: whole,
    meterable_type: text,
    value: z.nullish(z.union([z.string(), z.number()])),
    vehicle_id: whole,
    void: flag,
    type: text,
    date: text,
  }),
);

const permissions = z.nullish(
  z.looseObject({ read_photos: flag, manage_photos: flag, read_documents: flag, manage_documents: flag }),
);

const vendor = z.nullish(
  z.looseObject({
    name: text,
    phone: text,
    city: text,
    region: text,
    postal_code: text,
    country: text,
    external_id: text,
  }),
);

const vehicle = z.nullish(
  z.looseObject({
    id: whole,
    name: text,
    color: text,
    license_plate: text,
    vin: text,
    year: z.nullish(z.union([z.string(), z.number()])),
    make: text,
    model: text,
    trim: text,
    registration_expiration_month: whole,
    registration_state: text,
    default_image_url_small: text,
  }),
);

export const serviceEntry = z.looseObject({
  id: z.number(),
  completed_at: text,
  reference: text,
  started_at: text,
  status: text,
  general_notes: text,
  vehicle_id: whole,
  vendor_id: whole,
  work_order_id: whole,
  is_sample: flag,
  primary_meter_entry: meterEntry,
  secondary_meter_entry: meterEntry,
  attachment_permissions: permissions,
  custom_fields: z.nullish(z.record(z.string(), z.unknown())),
  labels: z.nullish(z.array(z.looseObject({ id: whole, name: text }))),
  vendor,
  vehicle,
  discount_type: text,
  discount_percentage: text,
  tax_1_type: text,
  tax_1_percentage: text,
  tax_2_type: text,
  tax_2_percentage: text,
  labor_subtotal_cents: whole,
  parts_subtotal_cents: whole,
  fees_cents: whole,
  subtotal_cents: whole,
  discount_cents: whole,
  tax_1_cents: whole,
  tax_2_cents: whole,
  total_amount_cents: whole,
  labor_time_in_seconds: whole,
  created_at: text,
  updated_at: text,
});
export type ServiceEntry = z.infer<typeof serviceEntry>;

const echoed = z.nullish(z.array(z.record(z.string(), z.unknown())));

/** A page as listed; its records are judged one by one, so that a bad one never costs its page. */
export const pageOfAnything = z.looseObject({
  /** The overview page names it `current_cursor`. */
  start_cursor: text,
  next_cursor: z.nullable(z.string()),
  per_page: whole,
  estimated_remaining_count: whole,
  filtered_by: echoed,
  sorted_by: echoed,
  records: z.array(z.unknown()),
});

export const pageOfEntries = z.looseObject({
  start_cursor: text,
  next_cursor: z.nullable(z.string()),
  per_page: whole,
  estimated_remaining_count: whole,
  filtered_by: echoed,
  sorted_by: echoed,
  records: z.array(serviceEntry),
});

/** A webhook as listed: one boolean per event beside these. */
export const webhookRecord = z.looseObject({
  id: z.number(),
  url: text,
  enabled: flag,
  authorization: text,
  all_events: flag,
  service_entry_created: flag,
  service_entry_updated: flag,
  service_entry_deleted: flag,
  import_completed: flag,
});

export const webhookEvent = z.looseObject({
  id: z.nullish(z.union([z.number(), z.string()])),
  status: text,
  event: text,
  webhook_id: whole,
  last_sent_at: text,
  retried_at: text,
});
