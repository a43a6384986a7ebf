import type { PersonFacts, ReferenceFacts } from "#shared/domain/facts.ts";
import * as z from "#shared/domain/schema.ts";
import type { NormaliseContext, Normalised } from "../connector.ts";
import { emailsOf, personKeys, phonesOf } from "../person-keys.ts";
import { exactKeys, idText, keysOf, type Make, reading, refOf } from "./reading.ts";
import { cancelReason } from "./schemas.ts";
import { booking, businessUnit, contact, customer, location, technician } from "./schemas-people.ts";

/** A customer as this connector forwards it: the vendor's record and its contacts, joined by the reader. */
const customerWithContacts = z.strictObject({ customer, contacts: z.array(contact) });

function customerFacts(value: z.infer<typeof customerWithContacts>, context: NormaliseContext): Normalised {
  const contacts = [...value.contacts, ...(value.customer.contacts ?? [])];
  const phones = contacts.filter((one) => one.type === "Phone" || one.type === "MobilePhone").map((one) => one.value);
  const emails = contacts.filter((one) => one.type === "Email").map((one) => one.value);
  const mergedTo = refOf(context, "customers", value.customer.mergedToId);
  const facts: PersonFacts = {
    kind: "person",
    role: "customer",
    presence: value.customer.active === false ? "inactive" : "present",
    name: value.customer.name?.trim() || null,
    phones: phonesOf(phones),
    emails: emailsOf(emails),
    mergedTo,
  };
  return {
    facts,
    parents: [],
    keys: personKeys(facts.phones, facts.emails),
    alsoRead: mergedTo ? [mergedTo] : [],
    notices: [],
  };
}

function technicianFacts(value: z.infer<typeof technician>): Normalised {
  const facts: PersonFacts = {
    kind: "person",
    role: "technician",
    presence: value.active === false ? "inactive" : "present",
    name: value.name?.trim() || null,
    phones: phonesOf([value.phoneNumber]),
    emails: emailsOf([value.email]),
    mergedTo: null,
  };
  return { facts, parents: [], keys: personKeys(facts.phones, facts.emails), alsoRead: [], notices: [] };
}

const bookingWords = ["New", "Accepted", "Converted", "Dismissed"];

/**
 * A booking is a lead, not a job: it has no job state of its own. Once it is converted it hangs on its job and brings
 * the external id by which the other system's record is found again.
 */
function bookingFacts(value: z.infer<typeof booking>, context: NormaliseContext): Normalised {
  const facts: ReferenceFacts = {
    kind: "reference",
    presence: "present",
    name: value.name ?? null,
    values: keysOf({
      status: value.status,
      externalId: value.externalId,
      jobId: idText(value.jobId),
      source: value.source,
      start: value.start,
    }),
  };
  const job = refOf(context, "jobs", value.jobId);
  return {
    facts,
    parents: job ? [job] : [],
    keys: exactKeys(keysOf({ externalId: value.externalId })),
    alsoRead: [],
    notices:
      value.status && !bookingWords.includes(value.status) ? [`unknown-word: booking status ${value.status}`] : [],
  };
}

const references = {
  locations: reading(location, (value) =>
    nameOnly(value.name, value.active, {
      customerId: idText(value.customerId),
      street: value.address?.street,
      unit: value.address?.unit,
      city: value.address?.city,
      state: value.address?.state,
      zip: value.address?.zip,
      mergedToId: idText(value.mergedToId),
    }),
  ),
  "business-units": reading(businessUnit, (value) =>
    nameOnly(value.name, value.active, { officialName: value.officialName, currency: value.currency }),
  ),
  "job-cancel-reasons": reading(cancelReason, (value) => nameOnly(value.name, value.active, {})),
} satisfies Readonly<Record<string, Make>>;

function nameOnly(
  name: string | null | undefined,
  active: boolean | null | undefined,
  values: Readonly<Record<string, string | null | undefined>>,
): Normalised {
  const facts: ReferenceFacts = {
    kind: "reference",
    presence: active === false ? "inactive" : "present",
    name: name ?? null,
    values: keysOf(values),
  };
  return { facts, parents: [], keys: [], alsoRead: [], notices: [] };
}

export const customerOf = reading(customerWithContacts, customerFacts);
export const technicianOf = reading(technician, technicianFacts);
export const bookingOf = reading(booking, bookingFacts);
export const referenceOf = (stream: keyof typeof references): Make => references[stream];
