import type { Story, Truth, VendorName } from "./demo.ts";
import { type Desk, openDesk } from "./desk.ts";
import { printedLocal, START } from "./instants.ts";
import { type Customer, makeCustomer, makeCustomers, makeTechnicians, phoneBook, type Technician } from "./people.ts";
import { hashOf, type Random, randomOf } from "./random.ts";

/** Everything that is being put together while the company's days are told. */
export type World = {
  readonly seed: number;
  readonly random: Random;
  readonly st: Desk;
  readonly rotor: Desk;
  readonly ctc: Desk;
  readonly client: Desk;
  readonly own: Desk;
  readonly technicians: readonly Technician[];
  readonly customers: readonly Customer[];
  /** The client whose vans are worked on, and who keeps Fleetio. */
  readonly couriers: Customer;
  /** The next id of a row of numbers that has gaps, as real ones have. */
  readonly nextId: (row: string, from: number) => number;
  readonly truth: Truth[];
  readonly stories: Story[];
  /** A customer of a story, with this family name. */
  person(first: string, last: string, branch: Customer["branch"]): Customer;
  /** Somebody of the branch who has no visit on these days. */
  customerFor(branch: Customer["branch"], days: readonly string[], random: Random): Customer;
  technician(name: string): Technician;
  crew(branch: Customer["branch"], size: number, random: Random): Technician[];
  /** An amount of a story in cents: the table's own under seed 1, another one under other seeds. */
  amount(minor: number): number;
};

/** ServiceTitan prints seven fraction digits. */
export function sevenDigits(at: string, key: string): string {
  const fraction = String(hashOf(`${at}/${key}`) % 10_000_000).padStart(7, "0");
  return `${new Date(Date.parse(at)).toISOString().slice(0, 19)}.${fraction}Z`;
}

export function openWorld(seed: number): World {
  const random = randomOf(seed, "world");
  const phone = phoneBook(randomOf(seed, "phones"));
  const technicians = makeTechnicians(randomOf(seed, "technicians"), phone);
  const customers = makeCustomers(randomOf(seed, "customers"), phone);
  const own = randomOf(seed, "stories");
  const amounts = randomOf(seed, "amounts");
  const ids = new Map<string, { last: number; gaps: Random }>();
  const desk = (account: string, vendor: VendorName): Desk => openDesk({ account, start: START, ...papers[vendor] });
  return {
    seed,
    random,
    st: desk("st-main", "servicetitan"),
    rotor: desk("rotor-crews", "rotor"),
    ctc: desk("ctc-boulder", "customtrades"),
    client: desk("fleetio-frontrange", "fleetio"),
    own: desk("fleetio-own", "fleetio"),
    technicians,
    customers,
    couriers: makeCustomer(own, phone, {
      first: "Dale",
      last: "Prewitt",
      company: "Front Range Couriers",
      branch: "fleet",
    }),
    nextId: (row, from) => {
      const known = ids.get(row) ?? { last: from, gaps: randomOf(seed, `ids ${row}`) };
      known.last += known.gaps.int(1, 37);
      ids.set(row, known);
      return known.last;
    },
    truth: [],
    stories: [],
    person: (first, last, branch) => makeCustomer(own, phone, { first, last, branch }),
    customerFor: (branch, days, chance) => {
      const free = customers.filter((one) => one.branch === branch && days.every((day) => !one.days.has(day)));
      // Newcomers are likelier than a third visit of the same household.
      const rare = free.filter((one) => one.days.size === 0);
      return chance.pick(rare.length > 0 && chance.chance(0.6) ? rare : free.filter((one) => one.days.size < 5));
    },
    technician: (name) => {
      const found = technicians.find((one) => one.name === name);
      if (!found) throw new Error(`no technician ${name}`);
      return found;
    },
    crew: (branch, size, chance) => chance.shuffle(technicians.filter((one) => one.branch === branch)).slice(0, size),
    amount: (minor) => (seed === 1 ? minor : Math.max(2500, Math.round((minor * amounts.int(550, 1650)) / 1000))),
  };
}

const utc = (at: string): string => new Date(Date.parse(at)).toISOString();

const papers: Record<VendorName, Pick<Parameters<typeof openDesk>[0], "sheet" | "stamp">> = {
  servicetitan: { sheet: () => ({ key: "id", created: "createdOn", modified: "modifiedOn" }), stamp: sevenDigits },
  rotor: { sheet: () => ({ key: "id", created: "created_at" }), stamp: utc },
  fleetio: { sheet: () => ({ key: "id", created: "created_at", modified: "updated_at" }), stamp: printedLocal },
  customtrades: {
    sheet: () => ({ key: "uuid", created: "created_at", modified: "updated_at", deleted: "deleted_at" }),
    stamp: utc,
  },
};
