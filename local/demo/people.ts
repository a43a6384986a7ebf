import { companyNames, firstNames, lastNames, streets, technicianNames, zips } from "./names.ts";
import type { Random } from "./random.ts";

export type Branch = "denver" | "boulder" | "fleet";

export type Technician = {
  first: string;
  last: string;
  name: string;
  email: string;
  phone: string;
  branch: Branch;
  servicetitan: number;
  rotor: string;
  customtrades: string;
};

/** Somebody served. The only things two systems share about a customer are phone and e-mail. */
export type Customer = {
  first: string;
  last: string;
  /** Null for a person. */
  company: string | null;
  phone: string;
  email: string;
  street: string;
  city: string;
  zip: string;
  branch: Branch;
  /** Ids in each system, null until the customer is known there. */
  servicetitan: { id: number; location: number } | null;
  rotor: string | null;
  customtrades: { id: string; location: string } | null;
  /** Local days on which a visit of theirs lies: at most one job a day. */
  days: Set<string>;
};

const areas = ["303", "720", "970"] as const;

/** Fictional numbers only (555-0100 to 555-0199), each given out once. */
export function phoneBook(random: Random): () => string {
  const numbers = areas.flatMap((area) => Array.from({ length: 100 }, (_, at) => `${area}5550${String(100 + at)}`));
  const left = random.shuffle(numbers);
  return () => {
    const next = left.pop();
    if (next === undefined) throw new Error("the phone book is empty");
    return next;
  };
}

export function makeTechnicians(random: Random, phone: () => string): Technician[] {
  return technicianNames.map(([first, last], at) => ({
    first,
    last,
    name: `${first} ${last}`,
    email: `${first}.${last}@ridgeline.example`.toLowerCase(),
    phone: phone(),
    branch: at < 7 ? "denver" : at < 11 ? "boulder" : "fleet",
    servicetitan: 18_000_000 + at * 137 + random.int(1, 99),
    rotor: random.uuid(),
    customtrades: random.uuid(),
  }));
}

const mailHosts = ["example.com", "example.net", "example.org"] as const;

export function makeCustomer(
  random: Random,
  phone: () => string,
  who: { first: string; last: string; company?: string | null; branch: Branch },
): Customer {
  const place = who.branch === "boulder" ? "boulder" : "denver";
  const mailName = who.company ? `office@${who.company.toLowerCase().replace(/[^a-z]+/g, "-")}.example` : null;
  return {
    first: who.first,
    last: who.last,
    company: who.company ?? null,
    phone: phone(),
    email: mailName ?? `${who.first}.${who.last}${random.int(2, 98)}@${random.pick(mailHosts)}`.toLowerCase(),
    street: `${random.int(102, 4890)} ${random.pick(streets[place])}`,
    city: place === "boulder" ? "Boulder" : "Denver",
    zip: random.pick(zips[place]),
    branch: who.branch,
    servicetitan: null,
    rotor: null,
    customtrades: null,
    days: new Set(),
  };
}

/** The customers of the quiet jobs: one for each family name, and a few companies in Denver. */
export function makeCustomers(random: Random, phone: () => string): Customer[] {
  const people = random.shuffle(lastNames).map((last, at) => {
    const branch: Branch = at % 5 < 2 ? "boulder" : "denver";
    return makeCustomer(random, phone, { first: random.pick(firstNames), last, branch });
  });
  const companies = companyNames.map((company) => {
    const person = { first: random.pick(firstNames), last: random.pick(lastNames), company };
    return makeCustomer(random, phone, { ...person, branch: "denver" });
  });
  return [...people.slice(0, 160), ...companies];
}
