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
  /** What happened, for the history: `edited`, `outvoted`, `conflict`. */
  readonly events: readonly { readonly kind: "edited" | "outvoted" | "conflict" | "joined"; readonly record: string }[];
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
  const events: Merged<Meaning>["events"][number][] = [];
  let { agreed, by } = before;

  const seen = firstSight(algebra, all, live, { agreed, by });
  agreed = seen;

  const settled = (side: Side<Meaning>): boolean =>
    agreed !== null && side.base !== null && algebra.meets(side.base, agreed);
  // Row 1: our own write, seen, is taken into account at once and is nobody's edit.
  for (const working of live) if (working.side.written) working.rebase = true;
  const changed = live.filter(({ side }) => side.base !== null && !side.written && !algebra.same(side.now, side.base));
  if (agreed !== null) {
    const judged = judge(algebra, { agreed, by }, changed, settled, all, events);
    agreed = judged.agreed;
    by = judged.by;
  }

  // Afterwards: narrowed, in authority order, by every side that agrees, and those lose `ask`.
  for (const working of live) {
    if (agreed === null || !algebra.meets(working.side.now, agreed)) continue;
    agreed = algebra.common(agreed, working.side.now);
    working.ask = false;
  }

  return {
    agreed,
    by,
    events,
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

/** Rows 5 to 8. */
function judge<Meaning>(
  algebra: Algebra<Meaning>,
  before: { agreed: Meaning; by: readonly string[] },
  changed: readonly Working<Meaning>[],
  settled: (side: Side<Meaning>) => boolean,
  all: readonly Working<Meaning>[],
  events: Merged<Meaning>["events"][number][],
): { agreed: Meaning; by: readonly string[] } {
  let { agreed, by } = before;
  const wasSettled = new Map(changed.map(({ side }) => [side.record, settled(side)]));
  const disagreeing = changed.filter(({ side }) => !algebra.meets(side.now, agreed));

  for (const working of changed) {
    working.rebase = true;
    const { side } = working;
    if (!disagreeing.includes(working)) {
      // Row 5: changed, and agrees.
      working.ask = false;
      agreed = algebra.meets(agreed, side.now) ? algebra.common(agreed, side.now) : agreed;
      if (side.editor && !by.includes(side.record)) {
        by = [...by, side.record].sort();
        events.push({ kind: "joined", record: side.record });
      }
    } else if (side.written) {
      // Row 1: our own write, seen after the agreed value has moved on. It is nobody's edit: the record is behind.
    } else if (!side.editor) {
      // Row 6: outvoted.
      working.ask = true;
      events.push({ kind: "outvoted", record: side.record });
    }
  }

  // Row 7: one or more editors say something else.
  const claimants = disagreeing.filter(({ side }) => side.editor && !side.written);
  if (claimants.length === 0) return { agreed, by };
  const rankOf = new Map(all.map(({ side }) => [side.record, side.rank]));
  interface Claim {
    readonly records: readonly string[];
    readonly meaning: Meaning;
    readonly rank: number;
  }
  const claims: Claim[] = claimants.map(({ side }) => ({ records: [side.record], meaning: side.now, rank: side.rank }));
  const behindOnly = claimants.every(({ side }) => !wasSettled.get(side.record));
  if (behindOnly && by.length > 0) {
    const holders = by.map((record) => rankOf.get(record) ?? Number.POSITIVE_INFINITY);
    claims.push({ records: by, meaning: agreed, rank: Math.min(...holders) });
  }
  claims.sort((a, b) => a.rank - b.rank || ((a.records[0] ?? "") < (b.records[0] ?? "") ? -1 : 1));
  const [winner, ...others] = claims;
  if (!winner) return { agreed, by };
  let meaning = winner.meaning;
  const winners = new Set(winner.records);
  const losers = new Set<string>();
  for (const claim of others) {
    if (algebra.meets(meaning, claim.meaning)) {
      meaning = algebra.common(meaning, claim.meaning);
      for (const record of claim.records) winners.add(record);
    } else {
      for (const record of claim.records) losers.add(record);
    }
  }
  for (const record of winners) losers.delete(record);
  // An opening difference is nobody's claim, yet nobody has given way either: all who differ from its end are asked about.
  const unsettled = behindOnly && by.length === 0;
  for (const working of all) {
    const { record } = working.side;
    if (winners.has(record)) working.ask = false;
    else if ((unsettled || losers.has(record)) && !algebra.meets(working.side.now, meaning)) working.ask = true;
  }
  for (const record of losers) events.push({ kind: "conflict", record });
  for (const { side } of claimants) if (winners.has(side.record)) events.push({ kind: "edited", record: side.record });
  return { agreed: meaning, by: [...winners].sort() };
}
