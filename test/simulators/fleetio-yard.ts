import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { clientOf, run } from "./support.ts";

export const credentials = { apiKey: "key-1", accountToken: "acc-1" };
export const version = { "x-api-version": "2024-03-15" };

const entry = (id: number, updated: string, fields: Record<string, unknown> = {}) => ({
  id,
  reference: `R-${id}`,
  status: "completed",
  completed_at: updated,
  started_at: null,
  vehicle_id: 5,
  vendor_id: 412,
  is_sample: false,
  total_amount_cents: 18900,
  custom_fields: { plumbline: null },
  labels: [],
  locked: false,
  primary_meter_entry: { id: 900 + id, value: "84210.0", void: false },
  created_at: "2026-10-01T08:00:00-06:00",
  updated_at: updated,
  ...fields,
});

/** A client's account in Denver: five entries, one pending, one locked, one without a meter value. */
export const account = {
  vehicles: [{ id: 5, name: "Van 5", vin: "1FTBW2CM5HKA00001" }],
  vendors: [{ id: 412, name: "Ridgeline Plumbing" }],
  serviceEntries: [
    entry(1, "2026-10-27T10:00:00-06:00"),
    entry(2, "2026-10-27T11:00:00-06:00", { labels: [{ id: 1, name: "urgent" }] }),
    entry(3, "2026-10-27T12:00:00-06:00", { status: "pending", completed_at: null }),
    entry(4, "2026-10-27T13:00:00-06:00", { status: "pending", completed_at: null, locked: true }),
    entry(5, "2026-10-27T14:00:00-06:00", { status: "pending", completed_at: null, primary_meter_entry: null }),
  ],
};

/** Starts Fleetio alone with the account loaded and its clock standing at the instant. */
export async function openYard(now = "2026-10-29T12:00:00.000Z") {
  const running = await run({ vendors: ["fleetio"] });
  const control = running.control("fleetio");
  await control.send("POST", "/accounts", {
    id: "client",
    credentials,
    settings: { timeZone: "America/Denver", triggeredBy: "mo@couriers.example" },
  });
  await control.send("POST", "/load", { account: "client", collections: account });
  await control.send("PUT", "/clock", { now });
  const headers = { authorization: "Token key-1", "account-token": "acc-1", ...version };
  return {
    running,
    control,
    base: `${running.urls["fleetio"]}/api`,
    api: clientOf(`${running.urls["fleetio"]}/api`, headers),
    clock: (instant: string) => control.send("PUT", "/clock", { now: instant }),
    dials: (dials: Record<string, unknown>) => control.send("POST", "/dials", { account: "client", dials }),
    plant: (edits: unknown[]) => control.send("POST", "/plant", { account: "client", edits }),
  };
}

export type Event = {
  id: string;
  event: string;
  timestamp: string;
  triggered_by: string | null;
  payload: Record<string, unknown>;
};

type Received = { url: string; events: Event[]; signed: boolean[]; authorization: unknown[]; answer: number };

/** A receiver of webhooks that checks every signature against the raw body. */
export async function receiver(secret: string) {
  const state: Received = { url: "", events: [], signed: [], authorization: [], answer: 200 };
  const server = createServer((request, reply) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const raw = Buffer.concat(chunks);
      const signature = createHmac("sha256", secret).update(raw).digest("hex");
      state.signed.push(request.headers["x-fleetio-webhook-signature"] === signature);
      state.authorization.push(request.headers.authorization);
      state.events.push(JSON.parse(raw.toString("utf8")));
      reply.writeHead(state.answer).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  state.url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/hook`;
  return { state, close: () => server.close() };
}
