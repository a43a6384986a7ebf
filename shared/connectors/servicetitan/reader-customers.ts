import { Failure } from "#shared/domain/failure.ts";
import type { RawRecord } from "../connector.ts";
import type { VendorClient } from "../vendor-client.ts";
import { idOf, listAll, listOnce } from "./list.ts";
import { contact } from "./schemas-people.ts";
import type { ListSpec } from "./streams.ts";

/** Contacts of many customers in one list; it demands a modified filter, so all of them is "since 1970". */
const contactsOfMany: ListSpec = {
  module: "crm",
  path: "/customers/contacts",
  operation: "listCustomersContact",
  fixed: {},
  sorted: false,
};
const EVER = "1970-01-01T00:00:00Z";

/**
 * The customers with their contacts, so that one record carries the phones and e-mails by which a person is known:
 * raw is `{ customer, contacts }`. Fifty customers a request; where the list does not say whose a contact is, each
 * customer is asked alone.
 */
export async function withContacts(client: VendorClient, customers: readonly RawRecord[]): Promise<RawRecord[]> {
  const joined: RawRecord[] = [];
  for (let at = 0; at < customers.length; at += 50) {
    const some = customers.slice(at, at + 50);
    const contacts = await contactsOf(
      client,
      some.map((customer) => customer.id),
    );
    for (const one of some) {
      // In order of their ids: the same contacts give the same digest, however the vendor lists them.
      const own = (contacts.get(one.id) ?? []).toSorted((a, b) => Number(idOf(a)) - Number(idOf(b)));
      joined.push({ ...one, raw: { customer: one.raw, contacts: own } });
    }
  }
  return joined;
}

async function contactsOf(client: VendorClient, ids: readonly string[]): Promise<ReadonlyMap<string, unknown[]>> {
  let rows: readonly unknown[];
  try {
    rows = await listAll(client, contactsOfMany, { customerIds: ids.join(","), modifiedOnOrAfter: EVER });
  } catch (cause) {
    // One customer that is not active must not cost the others their contacts.
    if (cause instanceof Failure && cause.detail.status === 409) return eachAlone(client, ids);
    throw cause;
  }
  const byCustomer = new Map<string, unknown[]>();
  for (const row of rows) {
    const customer = customerOf(row);
    if (customer === null) return eachAlone(client, ids);
    byCustomer.set(customer, [...(byCustomer.get(customer) ?? []), row]);
  }
  return byCustomer;
}

async function eachAlone(client: VendorClient, ids: readonly string[]): Promise<ReadonlyMap<string, unknown[]>> {
  const byCustomer = new Map<string, unknown[]>();
  for (const id of ids) byCustomer.set(id, [...(await contactsOfOne(client, id))]);
  return byCustomer;
}

/** An inactive customer's contacts answer 409 ("Customer ID = 1 is not active"): it then has none to show. */
async function contactsOfOne(client: VendorClient, id: string): Promise<readonly unknown[]> {
  try {
    return await listAll(client, { ...contactsOfMany, path: `/customers/${id}/contacts` }, {});
  } catch (cause) {
    if (cause instanceof Failure && (cause.detail.status === 409 || cause.detail.status === 404)) return [];
    throw cause;
  }
}

/** One page of contacts changed since an instant: the ids of their customers. */
export async function customersOfContacts(
  client: VendorClient,
  since: string | null,
  page: number,
): Promise<{ readonly customers: readonly string[]; readonly hasMore: boolean }> {
  const { data, hasMore } = await listOnce(client, contactsOfMany, { page, modifiedOnOrAfter: since ?? EVER });
  const customers = data.map(customerOf).filter((id) => id !== null);
  return { customers: [...new Set(customers)], hasMore };
}

function customerOf(row: unknown): string | null {
  const parsed = contact.safeParse(row);
  const id = parsed.success ? parsed.data.customerId : null;
  return typeof id === "number" ? String(id) : null;
}
