import fc from "fast-check";
import type { Amount } from "#shared/domain/money.ts";
import type { Known } from "#shared/domain/observation.ts";
import { arrive, connectionId, keyOf, type Model, modelOf, setVendor } from "./model-run.ts";
import {
  type ClassName,
  factsOf,
  type ModelRecord,
  readingOf,
  type SystemClass,
  systemClasses,
} from "./model-systems.ts";

/**
 * The one generator of observations. A story is a job in two or three systems and what people do to it; every reading
 * anybody made of it may be delivered late, twice and in any order.
 */
export interface Act {
  readonly system: number;
  readonly change: Partial<Pick<ModelRecord, "word" | "reference" | "charge" | "payment">>;
  /** The vendor moves its modified time; a balance may change without it. */
  readonly moves: boolean;
  /** Somebody reads the system after it. */
  readonly seen: boolean;
}

export interface Story {
  readonly classes: readonly SystemClass[];
  readonly opening: readonly ModelRecord[];
  readonly acts: readonly Act[];
}

export interface Delivery {
  readonly key: string;
  readonly known: Known;
}

const unknownWords = ["On Hold", "Zurückgestellt"];
const amounts: fc.Arbitrary<Amount> = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 4 }).map((units) => units * 12_345) },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constant({ unreadable: "12.345678" }) },
);
const references = fc.constantFrom("", "PO-1", "PO-2");

const allClasses = Object.keys(systemClasses).filter((name): name is ClassName => name in systemClasses);
const someClasses = fc
  .array(fc.constantFrom(...allClasses), { minLength: 2, maxLength: 3 })
  .chain((names) => fc.tuple(...names.map((name) => fc.boolean().map((reference) => ({ name, reference })))))
  .map((chosen) => chosen.map(({ name, reference }): SystemClass => ({ ...systemClasses[name], reference })));

/** `together`: the systems begin in agreement, as a job at rest does. */
export function stories(together: fc.Arbitrary<boolean> = fc.boolean()): fc.Arbitrary<Story> {
  return fc
    .tuple(someClasses, together)
    .chain(([classes, agree]) =>
      fc.record({ classes: fc.constant(classes), opening: openings(classes, agree), acts: actsOf(classes) }),
    )
    .map((story) => Object.assign(story, { [fc.toStringMethod]: () => inWords(story) }));
}

/** A story as a person would tell it, for a property that fails. */
function inWords({ classes, opening, acts }: Story): string {
  const begins = classes.map(
    (one, system) => `s${system + 1} ${one.name}${one.reference ? "+ref" : ""} ${JSON.stringify(opening[system])}`,
  );
  const does = acts.map(
    (act) =>
      `s${act.system + 1} := ${JSON.stringify(act.change)}${act.moves ? "" : " in silence"}${act.seen ? "" : ", unseen"}`,
  );
  return ["", ...begins, ...does, ""].join("\n");
}

function openings(classes: readonly SystemClass[], agree: boolean): fc.Arbitrary<readonly ModelRecord[]> {
  const money = fc.tuple(amounts, amounts);
  if (agree) {
    return fc
      .tuple(fc.nat({ max: 2 }), references, money)
      .map(([place, reference, [charge, payment]]) =>
        classes.map((one) => ({ word: placed(one, place), reference, charge, payment, modified: 0 })),
      );
  }
  return fc.tuple(
    ...classes.map((one) =>
      fc.tuple(wordsOf(one, 8), references, money).map(([word, reference, [charge, payment]]) => ({
        word,
        reference,
        charge,
        payment,
        modified: 0,
      })),
    ),
  );
}

/** The class's word for the beginning, the middle or the end of the work. */
function placed(one: SystemClass, place: number): string {
  const index = one.words.length === 2 && place < 2 ? 0 : Math.min(place, one.words.length - 1);
  return one.words[index]?.word ?? "";
}

function wordsOf(one: SystemClass, known: number): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: known, arbitrary: fc.constantFrom(...one.words.map((row) => row.word)) },
    { weight: 1, arbitrary: fc.constantFrom(...unknownWords) },
  );
}

function actsOf(classes: readonly SystemClass[]): fc.Arbitrary<readonly Act[]> {
  const act = fc.nat({ max: classes.length - 1 }).chain((system) => {
    const words = wordsOf(classes[system] ?? systemClasses.writable, 6);
    const change: fc.Arbitrary<Act["change"]> = fc.oneof(
      { weight: 5, arbitrary: words.map((word) => ({ word })) },
      { weight: 1, arbitrary: references.map((reference) => ({ reference })) },
      { weight: 2, arbitrary: fc.tuple(amounts, amounts).map(([charge, payment]) => ({ charge, payment })) },
    );
    return fc.tuple(change, fc.boolean(), fc.integer({ min: 0, max: 3 })).map(
      ([what, moves, seen]): Act => ({
        system,
        change: what,
        // Only amounts may change without the vendor's time: a payment may leave the time of its job alone.
        moves: moves || "word" in what || "reference" in what,
        seen: seen > 0,
      }),
    );
  });
  return fc.array(act, { maxLength: 5 });
}

export function changedBy(record: ModelRecord, act: Act): ModelRecord {
  const next = { ...record, ...act.change };
  return JSON.stringify(next) === JSON.stringify(record) || !act.moves
    ? next
    : { ...next, modified: record.modified + 1 };
}

/** The readings made while the story went: the first of every system, those after acts, and the last of every system. */
export function told(story: Story): {
  readonly first: readonly Delivery[];
  readonly later: readonly Delivery[];
  readonly end: Model;
} {
  const now = "2026-11-02T08:00:00.000Z";
  let vendors = story.opening;
  let reads = 0;
  const reading = (system: number): Delivery => {
    const [one, record] = [story.classes[system], vendors[system]];
    if (!one || !record) throw new Error(`no system ${system}`);
    reads++;
    return { key: keyOf(system), known: readingOf(one, connectionId(system), record, reads, now) };
  };
  const all = story.classes.map((_, system) => system);
  const first = all.map(reading);
  const later: Delivery[] = [];
  for (const act of story.acts) {
    vendors = vendors.map((record, system) => (system === act.system ? changedBy(record, act) : record));
    if (act.seen) later.push(reading(act.system));
  }
  later.push(...all.map(reading));
  return { first, later, end: { ...modelOf(story.classes, vendors), reads } };
}

/** A story, and an order in which what was read of it arrives: each reading at least once, some twice. */
export interface Heard {
  readonly story: Story;
  /** Places in `told(story).later`. */
  readonly order: readonly number[];
  /** Places in `first` and `later` together. */
  readonly wholeOrder: readonly number[];
}

export function heard(together: fc.Arbitrary<boolean>): fc.Arbitrary<Heard> {
  return stories(together).chain((story) => {
    const { first, later } = told(story);
    return fc.record({
      story: fc.constant(story),
      order: anyhow(later.length),
      wholeOrder: anyhow(first.length + later.length),
    });
  });
}

function anyhow(length: number): fc.Arbitrary<readonly number[]> {
  const all = Array.from({ length }, (_, place) => place);
  return fc
    .array(fc.constantFrom(...all), { maxLength: 4 })
    .chain((again) => fc.shuffledSubarray([...all, ...again], { minLength: all.length + again.length }));
}

export const inOrder = (deliveries: readonly Delivery[], order: readonly number[]): readonly Delivery[] =>
  order.flatMap((place) => deliveries[place] ?? []);

export function takeAll(model: Model, deliveries: readonly Delivery[]): Model {
  return deliveries.reduce((current, { key, known }) => arrive(current, { [key]: known }), model);
}

/** The model before anything was read, holding what the story begins with. */
export function beginning(story: Story): Model {
  return story.opening.reduce(
    (model, record, system) => setVendor(model, system, record),
    modelOf(story.classes, story.opening),
  );
}

/**
 * Law 1's kind (c): from rest, each field is edited in one system only, by one that may, not set back, ending in a
 * known word, and no outvoted side disagrees. Everything else is kind (d).
 */
export function isKindC(story: Story): boolean {
  const { classes, opening, acts } = story;
  return (["word", "reference"] as const).every((field) => {
    const takesPart = (system: number): boolean => field === "word" || classes[system]?.reference === true;
    const begins = opening.filter((_, system) => takesPart(system));
    if (field === "reference" && new Set(begins.map((record) => record.reference)).size > 1) return false;
    if (field === "word" && !agreeAtFirst(story)) return false;
    const edits = acts.filter((act) => field in act.change && takesPart(act.system));
    const editors = [...new Set(edits.map((act) => act.system))];
    const [editor] = editors;
    if (editor === undefined) return true;
    if (editors.length > 1 || !classes[editor]?.editor) return false;
    const values = [opening[editor]?.[field], ...edits.map((act) => act.change[field])];
    const steps = values.filter((value, index) => index === 0 || value !== values[index - 1]);
    if (field === "reference") return new Set(steps).size === steps.length;
    const sets = steps.map((word) => classes[editor]?.words.find((row) => row.word === word)?.work ?? []);
    const known = sets.every((set) => set.length > 0);
    // Set back, also in part: of several words passed through, two overlap.
    const back =
      sets.length > 2 &&
      sets.some((set, at) => sets.slice(0, at).some((past) => past.some((state) => set.includes(state))));
    return known && !back;
  });
}

function agreeAtFirst({ classes, opening }: Story): boolean {
  const sets = classes.map((one, system) => {
    const facts = factsOf(
      one,
      opening[system] ?? { word: "", reference: "", charge: null, payment: null, modified: 0 },
    );
    return facts.work.unknown ? null : facts.work.set;
  });
  if (sets.some((set) => set === null)) return false;
  const common = sets.reduce<readonly string[] | null>(
    (rest, set) => (rest === null ? set : rest.filter((state) => set?.some((other) => other === state))),
    null,
  );
  return (common ?? []).length > 0;
}

/** Counts kinds over a run of a property, to print how often (d) was tried. */
export function kindCounter(): {
  note(story: Story): void;
  print(name: string): { readonly c: number; readonly d: number };
} {
  const count = { c: 0, d: 0 };
  return {
    note: (story) => {
      count[isKindC(story) ? "c" : "d"]++;
    },
    print: (name) => {
      const all = count.c + count.d;
      process.stdout.write(
        `${name}: ${all} stories, ${Math.round((100 * count.d) / Math.max(1, all))} % of kind (d)\n`,
      );
      return count;
    },
  };
}
