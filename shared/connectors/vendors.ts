/**
 * The vendors, as data: one row each. Infra makes a hint queue, an outbound queue, a poller and a writer per row;
 * the code of a vendor lives in the folder of the same name and is registered in registry.ts.
 */
export const vendors = [
  { id: "servicetitan", title: "ServiceTitan", receivesWebhooks: false },
  { id: "rotor", title: "Rotor", receivesWebhooks: false },
  { id: "fleetio", title: "Fleetio", receivesWebhooks: true },
  { id: "customtrades", title: "Custom Trades CRM", receivesWebhooks: false },
] as const;

export type VendorId = (typeof vendors)[number]["id"];
