import type { JobFacts, PersonFacts } from "#shared/domain/facts.ts";
import { factsOf, systemClasses } from "#test/support/model-systems.ts";

/**
 * Jobs of one company in four systems that share no key: every system counts its own numbers from 1001, customers are
 * typed in again with slips, some phones belong to households, some customers book twice a day, crews change, days
 * slip, amounts leave out the tax. `truth` says which real job a record is of; nothing of it is in the record.
 */
export interface ToldJob {
  readonly connection: string;
  readonly id: string;
  readonly truth: number;
  readonly facts: JobFacts;
}

export interface ToldCustomer {
  readonly connection: string;
  readonly id: string;
  readonly facts: PersonFacts;
}

export interface Scale {
  readonly customers: readonly ToldCustomer[];
  readonly jobs: readonly ToldJob[];
}

/** Share of the real jobs that each system holds. */
const systems = [
  { connection: "s1", holds: 0.97, titled: true },
  { connection: "s2", holds: 0.7, titled: false },
  { connection: "s3", holds: 0.4, titled: true },
  { connection: "s4", holds: 0.3, titled: true },
] as const;

/** How often people slip, per record. */
const slips = {
  name: 0.08,
  phone: 0.01,
  noPhone: 0.02,
  noEmail: 0.2,
  household: 0.015,
  tax: 0.03,
  noAmount: 0.02,
  day: 0.004,
  crew: 0.005,
};
const twiceADay = 0.02;
/** A season; how busy a technician's day is does not depend on the number of jobs. */
const days = 125;
const jobsOfATechnician = 500;

const first =
  "Dana Peter Lucia Robert Karen Andre Helen Miguel Joan Brian Sofia Curtis Yvonne Walter Denise Grant".split(" ");
const last =
  "Whitfield Abbott Barrera Caldwell Dominguez Ellery Fontaine Gallegos Hendricks Ibarra Jessup Kimball Lindqvist Maddox Norwood Ortega Pruitt Quintana Rasmussen Salazar Tillman Ulrich Valdez Weaver Yamada Zielinski".split(
    " ",
  );
const works =
  "Water heater|Drain cleaning|Leak repair|Toilet replacement|Sewer camera|Gas line|Sump pump|Tankless flush".split(
    "|",
  );

/** A stream of numbers in [0, 1) from one seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Person {
  readonly name: readonly [string, string];
  readonly phone: string;
  readonly email: string;
}

interface Work {
  readonly person: number;
  readonly day: string;
  readonly crew: readonly number[];
  readonly title: string;
  readonly charge: number;
}

export function generate(count: number, seed: number): Scale {
  const random = randomFrom(seed);
  const people = peopleOf(Math.ceil(count / 2.5), random);
  const truths = worksOf(count, people.length, random);
  const customers = new Map<string, ToldCustomer>();
  const jobs: ToldJob[] = [];
  for (const { connection, holds, titled } of systems) {
    let number = 1000;
    for (const [truth, work] of truths.entries()) {
      if (random() >= holds) continue;
      const key = `${connection}/${work.person}`;
      const customer = customers.get(key) ?? customerOf(connection, customers.size, people[work.person], random);
      customers.set(key, customer);
      jobs.push({
        connection,
        id: String(++number),
        truth,
        facts: jobOf(work, customer, number, titled, Math.ceil(count / jobsOfATechnician), random),
      });
    }
  }
  return { customers: [...customers.values()], jobs };
}

function peopleOf(count: number, random: () => number): readonly Person[] {
  const people: Person[] = [];
  for (let index = 0; index < count; index++) {
    const before = people[index - 1];
    const shares = before !== undefined && random() < slips.household;
    const name = [pick(first, random), shares ? before.name[1] : pick(last, random)] as const;
    const phone = shares ? before.phone : `303${String(Math.floor(random() * 1e7)).padStart(7, "0")}`;
    people.push({ name, phone, email: `${name.join(".").toLowerCase()}${index}@example.com` });
  }
  return people;
}

function worksOf(count: number, people: number, random: () => number): readonly Work[] {
  const works_: Work[] = [];
  const technicians = Math.ceil(count / jobsOfATechnician);
  while (works_.length < count) {
    const before = works_.at(-1);
    const again = before !== undefined && random() < twiceADay;
    const day = new Date(Date.UTC(2026, 0, 5) + Math.floor((works_.length * days) / count) * 86_400_000)
      .toISOString()
      .slice(0, 10);
    const lead = Math.floor(random() * technicians);
    works_.push({
      person: again ? before.person : Math.floor(random() * people),
      day: again ? before.day : day,
      crew: again && random() < 0.5 ? before.crew : random() < 0.15 ? [lead, (lead + 7) % technicians] : [lead],
      // Nobody has the same work done twice in a day.
      title: pick(
        works.filter((work) => !again || work !== before.title),
        random,
      ),
      charge: 8_900 + Math.floor(random() * 150_000),
    });
  }
  return works_;
}

function customerOf(connection: string, index: number, person: Person | undefined, random: () => number): ToldCustomer {
  if (!person) throw new Error("a work without a person");
  const [given, family] = person.name;
  const typed = random() < slips.name ? swapped(family, random) : family;
  const name = connection === "s3" ? `${typed}, ${given}` : `${given} ${typed}`;
  const phone = random() < slips.phone ? swapped(person.phone, random) : person.phone;
  const facts: PersonFacts = {
    kind: "person",
    role: "customer",
    presence: "present",
    name,
    phones: random() < slips.noPhone ? [] : [phone],
    emails: random() < slips.noEmail ? [] : [person.email],
    mergedTo: null,
  };
  return { connection, id: `c${index}`, facts };
}

function jobOf(
  work: Work,
  customer: ToldCustomer,
  number: number,
  titled: boolean,
  technicians: number,
  random: () => number,
): JobFacts {
  // The office and the crews bill what they do; a branch may not say the amount.
  const branch = customer.connection === "s3" || customer.connection === "s4";
  const taxless = random() < slips.tax;
  const charge = branch && random() < slips.noAmount ? null : taxless ? Math.round(work.charge / 1.08) : work.charge;
  const day = random() < slips.day ? dayAfter(work.day) : work.day;
  const crew = random() < slips.crew ? [Math.floor(random() * technicians)] : work.crew;
  return {
    ...factsOf(systemClasses.observed, { word: "Completed", reference: "", charge, payment: 0, modified: 0 }),
    number: String(number),
    title: titled ? work.title : null,
    customer: { connection: customer.connection, stream: "customers", id: customer.id },
    customerName: customer.facts.name,
    serviceDay: day,
    technicians: crew.map((one) => ({ record: null, email: `technician${one}@example.com`, name: null })),
  };
}

const pick = <Value>(values: readonly Value[], random: () => number): Value => {
  const found = values[Math.floor(random() * values.length)];
  if (found === undefined) throw new Error("nothing to pick from");
  return found;
};

/** Two neighbours change places. */
function swapped(text: string, random: () => number): string {
  const at = Math.floor(random() * (text.length - 1));
  return text.slice(0, at) + text.charAt(at + 1) + text.charAt(at) + text.slice(at + 2);
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
