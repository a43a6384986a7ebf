import { type Client, clientOf, type Running, run } from "./support.ts";

/** A Rotor account on loopback, as the tests of this vendor set it up. */
export const noon = "2026-10-29T12:00:00.000Z";
type World = { running: Running; control: Client; api: Client };

/** Starts the simulator with one account that holds these records. */
export async function world(collections: Record<string, object[]> = {}, settings?: object): Promise<World> {
  const running = await run({ vendors: ["rotor"] });
  const control = running.control("rotor");
  await control.send("PUT", "/clock", { now: noon });
  await control.send("POST", "/accounts", {
    id: "crews",
    credentials: { apiKey: "rotor_1_secret" },
    ...(settings ? { settings } : {}),
  });
  await control.send("POST", "/load", { account: "crews", collections });
  return { running, control, api: apiOf(running) };
}

export function apiOf(running: Running): Client {
  return clientOf(`${running.urls["rotor"]}/open-api`, { "x-api-key": "rotor_1_secret", "rotor-api-version": "1.1.0" });
}

export const customer = {
  id: "c1",
  company_name: "Pena LLC",
  first_name: "Ana",
  last_name: "Pena",
  phone: "(303) 555-0101",
  email: "ana@pena.test",
};
export const technician = { email: "marcus@ridgeline.test", name: "Marcus", user_id: "u1" };
export const job = (id: string, created: string, more: object = {}) => ({
  id,
  customer_id: "c1",
  visits: [{ start: `${created}T15:00:00Z` }],
  technicians: [technician],
  total_received: 450,
  total_outstanding: 0,
  service_plan_id: null,
  completed: true,
  archived: false,
  quote: false,
  created_at: `${created}T10:00:00Z`,
  ...more,
});

export const ids = (answer: { body: { data: { id: string }[] } }) => answer.body.data.map(({ id }) => id);
