/** Pages as the vendors print them, full and with every documented key, for the bench alone. */
export function rotorPage(records: number): string {
  const data = Array.from({ length: records }, (_, n) => ({
    id: `182bd5e5-6e1a-4fe4-a799-${String(n).padStart(12, "0")}`,
    customer: {
      id: `7c1bd5e5-6e1a-4fe4-a799-${String(n % 400).padStart(12, "0")}`,
      company_name: n % 3 === 0 ? `Company ${n}` : null,
      first_name: `First ${n}`,
      last_name: `Last ${n}`,
    },
    service_date: "2026-06-15T08:00:00Z",
    service_plan_id: "282bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e",
    technicians: [
      { email: `technician-${n % 40}@ridgeline.example`, name: `Technician ${n % 40}`, user_id: `u-${n % 40}` },
      { email: `technician-${n % 7}@ridgeline.example`, name: `Technician ${n % 7}`, user_id: `u-${n % 7}` },
    ],
    total_outstanding: (n % 11) * 12.5,
    total_received: n * 1.25,
  }));
  return JSON.stringify({
    data,
    pagination: { has_more: true, limit: 1000, page: 1, total: 50_000 },
    status: "success",
  });
}

export function fleetioPage(records: number): string {
  return JSON.stringify({
    start_cursor: "WzEsMl0=",
    next_cursor: "WzIsM10=",
    per_page: 100,
    estimated_remaining_count: 500,
    filtered_by: [{ updated_at: { gte: "2026-10-01T00:00:00-06:00" } }],
    sorted_by: [{ updated_at: "asc" }],
    records: Array.from({ length: records }, (_, n) => entry(n)),
  });
}

function meter(n: number) {
  return {
    id: 90_000 + n,
    created_at: "2026-10-18",
    updated_at: "2026-10-18",
    auto_voided_at: null,
    category: "manual",
    meter_type: null,
    meterable_id: n,
    meterable_type: "ServiceEntry",
    value: `${84_000 + n}.0`,
    vehicle_id: n % 60,
    void: false,
    type: null,
    date: "2026-10-18",
  };
}

function entry(n: number) {
  return {
    id: n,
    completed_at: "2026-10-14T13:46:27-06:00",
    reference: `RO-${n}`,
    started_at: "2026-10-13T13:46:27-06:00",
    status: n % 2 === 0 ? "pending" : "completed",
    general_notes: `Replaced the water pump and the hoses of unit ${n}; tested under pressure.`,
    vehicle_id: n % 60,
    vendor_id: 412,
    work_order_id: null,
    is_sample: false,
    primary_meter_entry: meter(n),
    secondary_meter_entry: null,
    attachment_permissions: { read_photos: true, manage_photos: true, read_documents: true, manage_documents: true },
    custom_fields: { po: `PO-${n}`, shop: "Denver" },
    labels: [{ id: 1, name: "Road call" }],
    vendor: {
      name: "Ridgeline",
      phone: "303-555-0101",
      city: "Denver",
      region: "CO",
      postal_code: "80203",
      country: "US",
      external_id: null,
    },
    vehicle: {
      id: n % 60,
      name: `Unit ${n % 60}`,
      color: "White",
      license_plate: "ABC123",
      vin: "1FTSW21P34ED12345",
      year: "2021",
      make: "Ford",
      model: "Transit",
      trim: null,
      registration_expiration_month: 6,
      registration_state: "CO",
      default_image_url_small: null,
    },
    discount_type: "percentage",
    discount_percentage: "0.0",
    tax_1_type: "percentage",
    tax_1_percentage: "8.0",
    tax_2_type: "percentage",
    tax_2_percentage: null,
    labor_subtotal_cents: 18_900,
    parts_subtotal_cents: 5_000,
    fees_cents: 0,
    subtotal_cents: 23_900,
    discount_cents: 0,
    tax_1_cents: 1_912,
    tax_2_cents: 0,
    total_amount_cents: 25_812,
    labor_time_in_seconds: 7_200,
    created_at: "2026-10-13T13:46:27-06:00",
    updated_at: "2026-10-14T13:46:27-06:00",
  };
}
