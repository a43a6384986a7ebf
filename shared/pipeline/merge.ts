import type { Algebra } from "#shared/domain/fields.ts";

/**
 * Law 6: the three-way merge of one field, per record. The numbers in the comments are the rows of the table in
 * docs/merge.md; rows 1 to 3 (open attempts) are settled before, by attempts.ts.
 */
export interface Side<Meaning> {
  readonly record: string;
  readonly connection: string;
  /** Place in the field's authority, 0 highest; sides of no authority come after all others. */
  readonly rank: number;
  readonly editor: boolean;
  readonly now: Meaning;
  /** Meaning of the base's word at the same moment; null at first sight. */
  readonly base: Meaning | null;
  readonly ask: boolean;
  /** An attempt is open on this field of this record: it is neither judged nor planned. */
  readonly held: boolean;
  /** The move from base to now is our own write, seen (row 1). */
  readonly written: boolean;
  /** It holds a word that nobody understands: it says nothing now, and `now` is what its base means. */
  readonly silent?: boolean;
}

export interface Agreement<Meaning> {
  /** Null until an editor was seen. */
  readonly agreed: Meaning | null;
  readonly by: readonly string[];
}

export interface MergedSide {
  readonly record: string;
  /** The base takes the word of now. */
  readonly rebase: boolean;
  readonly ask: boolean;
  readonly agrees: boolean;
  readonly silent: boolean;
  readonly held: boolean;
}

export interface Merged<Meaning> extends Agreement<Meaning> {
  readonly sides: readonly MergedSide[];
}

interface Working<Meaning> {
  readonly side: Side<Meaning>;
  rebase: boolean;
  ask: boolean;
}

/** Merges one field of one job. Pure; sides in any order give the same result. */
export function mergeField<Meaning>(
  algebra: Algebra<Meaning>,
  before: Agreement<Meaning>,
  sides: readonly Side<Meaning>[],
): Merged<Meaning> {
  const ordered = [...sides].sort((a, b) => a.rank - b.rank || (a.record < b.record ? -1 : 1));
  const all: Working<Meaning>[] = ordered.map((side) => ({ side, rebase: false, ask: side.ask }));
  const silent = (side: Side<Meaning>): boolean => side.silent === true || algebra.silent(side.now);
  const live = all.filter(({ side }) => !side.held && !silent(side));
  let { agreed, by } = before;

  agreed = firstSight(algebra, all, live, before);

  // Row 1: our own write, seen, is taken into account at once and is nobody's edit.
  for (const working of live) if (working.side.written) working.rebase = true;
  const changed = live.filter(({ side }) => side.base !== null && !side.written && !algebra.same(side.now, side.base));
  if (agreed !== null) {
    ({ agreed, by } = judge(algebra, { agreed, by }, changed, all));
  }

  // Afterwards: narrowed, in authority order, by every side that agrees, and those lose `ask`.
  for (const working of live) {
    if (agreed === null || !algebra.meets(working.side.now, agreed)) continue;
    agreed = algebra.common(agreed, working.side.now);
    working.ask = false;
  }
  if (by.length === before.by.length && agreed !== null) askSeenFirst(algebra, live, before, agreed);

  return {
    agreed,
    by,
    sides: all.map(({ side, rebase, ask }) => ({
      record: side.record,
      rebase,
      ask,
      agrees: agreed === null || silent(side) || algebra.meets(side.now, agreed),
      silent: silent(side),
      held: side.held,
    })),
  };
}

/** Row 4: base := observation, never an edit; while nobody's edit stands, the highest editor's meaning is agreed. */
function firstSight<Meaning>(
  algebra: Algebra<Meaning>,
  all: readonly Working<Meaning>[],
  live: readonly Working<Meaning>[],
  before: Agreement<Meaning>,
): Meaning | null {
  const fresh = live.filter(({ side }) => side.base === null);
  for (const working of fresh) working.rebase = true;
  let { agreed } = before;
  if (before.by.length === 0 && (fresh.length > 0 || agreed === null)) {
    // Worked out from the bases, so that an edit that arrives together with a first sight is still judged as an edit.
    agreed = null;
    for (const { side } of live.filter(({ side }) => side.editor)) {
      const meaning = side.base ?? side.now;
      if (agreed === null) agreed = meaning;
      else if (algebra.meets(agreed, meaning)) agreed = algebra.common(agreed, meaning);
    }
    agreed ??= before.agreed;
  }
  // Before anybody edited, who was there first is as new as who comes now: which was read first decides nothing.
  const opening = before.by.length === 0 && fresh.length > 0;
  for (const working of opening ? all : fresh) {
    const { base, now } = working.side;
    if (agreed !== null && !algebra.meets(base ?? now, agreed)) working.ask = true;
  }
  return agreed;
}

/**
 * Row 4, once more: what is agreed was narrowed since, also by sides that may not edit. Whoever is seen for the first
 * time and disagrees with what is left is asked about; while nobody has edited, so is who was there before.
 */
function askSeenFirst<Meaning>(
  algebra: Algebra<Meaning>,
  live: readonly Working<Meaning>[],
  before: Agreement<Meaning>,
  agreed: Meaning,
): void {
  const fresh = live.filter(({ side }) => side.base === null);
  const opening = before.by.length === 0 && fresh.length > 0;
  for (const working of opening ? live : fresh) if (!algebra.meets(working.side.now, agreed)) working.ask = true;
}

interface Claim<Meaning> {
  readonly records: readonly string[];
  readonly meaning: Meaning;
  readonly rank: number;
}

/** Rows 5 to 8. */
function judge<Meaning>(
  algebra: Algebra<Meaning>,
  before: { readonly agreed: Meaning; readonly by: readonly string[] },
  changed: readonly Working<Meaning>[],
  all: readonly Working<Meaning>[],
): { agreed: Meaning; by: readonly string[] } {
  let { agreed, by } = before;
  const claimants: Side<Meaning>[] = [];
  for (const working of changed) {
    working.rebase = true;
    const { side } = working;
    // Row 6, outvoted; of those who may edit row 7 says who wins.
    working.ask = !algebra.meets(side.now, before.agreed);
    if (working.ask) {
      if (side.editor) claimants.push(side);
      continue;
    }
    // Row 5: changed, and agrees.
    agreed = algebra.meets(agreed, side.now) ? algebra.common(agreed, side.now) : agreed;
    if (side.editor) by = [...new Set([...by, side.record])].sort();
  }
  const behindOnly = claimants.every(({ base }) => base === null || !algebra.meets(base, before.agreed));
  const claims = claimants.map(({ record, now, rank }): Claim<Meaning> => ({ records: [record], meaning: now, rank }));
  if (claims.length > 0 && behindOnly && by.length > 0)
    claims.push({ records: by, meaning: agreed, rank: rankOf(by, all) });
  const [highest, ...others] = claims.sort((a, b) => a.rank - b.rank || (a.records.join() < b.records.join() ? -1 : 1));
  // An opening difference is nobody's claim, yet nobody has given way either: all who differ from its end are asked about.
  const unsettled = behindOnly && by.length === 0;
  return highest ? decide(algebra, [highest, ...others], all, unsettled) : { agreed, by };
}

/** The highest of these records' places; those that are no longer there come last. */
function rankOf<Meaning>(records: readonly string[], all: readonly Working<Meaning>[]): number {
  const ranks = all.flatMap(({ side }) => (records.includes(side.record) ? [side.rank] : []));
  return Math.min(...ranks);
}

/** Row 7: the highest authority wins, and claims that meet it join. A loser that disagrees is asked about. */
function decide<Meaning>(
  algebra: Algebra<Meaning>,
  [highest, ...others]: readonly [Claim<Meaning>, ...Claim<Meaning>[]],
  all: readonly Working<Meaning>[],
  unsettled: boolean,
): { agreed: Meaning; by: readonly string[] } {
  const winners = new Set(highest.records);
  const losers = new Set<string>();
  let { meaning } = highest;
  for (const claim of others) {
    const joins = algebra.meets(meaning, claim.meaning);
    if (joins) meaning = algebra.common(meaning, claim.meaning);
    for (const record of claim.records) (joins ? winners : losers).add(record);
  }
  for (const working of all) {
    const { record, now } = working.side;
    // Whose newest edit lost is asked about, though an edit of theirs made what was agreed before.
    if ((unsettled || losers.has(record)) && !algebra.meets(now, meaning)) working.ask = true;
    else if (winners.has(record)) working.ask = false;
  }
  return { agreed: meaning, by: [...winners].sort() };
}
