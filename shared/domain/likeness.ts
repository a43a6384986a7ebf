/** How alike two printed names or titles are. Pure text; a likeness is never proof, only one fact among others. */

/** Lower case without accents and signs, as words in alphabetical order: `Okafor, Daniel` and `daniel okafor` are one. */
export function wordsOf(text: string): readonly string[] {
  const letters = text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return [...(letters.match(/[a-z0-9]+/g) ?? [])].sort();
}

/**
 * 0 to 1: each word of the shorter text against its likest in the longer, by letters; words without a partner count
 * against it. Of two of one length the first in the alphabet begins, so that it does not matter who is compared with whom.
 */
export function likeness(a: string, b: string): number {
  const [first, second] = [wordsOf(a), wordsOf(b)];
  const isFirst = first.length < second.length || (first.length === second.length && first.join() < second.join());
  const [short, long] = isFirst ? [first, second] : [second, first];
  if (short.length === 0) return 0;
  const free = [...long];
  let alike = 0;
  let letters = 0;
  for (const word of short) {
    let best = -1;
    let likest = 0;
    for (const [index, other] of free.entries()) {
      const found = wordLikeness(word, other);
      if (found > likest) [best, likest] = [index, found];
    }
    const other = free[best] ?? "";
    if (best >= 0) free.splice(best, 1);
    const size = Math.max(word.length, other.length);
    alike += likest * size;
    letters += size;
  }
  for (const word of free) letters += word.length;
  return alike / letters;
}

/** An initial stands for its name. */
function wordLikeness(a: string, b: string): number {
  if (a === b) return 1;
  if ((a.length === 1 || b.length === 1) && a[0] === b[0]) return 0.8;
  return 1 - editsBetween(a, b) / Math.max(a.length, b.length);
}

/** Letters added, lost, replaced, or swapped with their neighbour. */
export function editsBetween(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  let before = above;
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let least = Math.min(
        (above[column] ?? 0) + 1,
        (line[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (same ? 0 : 1),
      );
      // Before the first letter there is none, which is like no letter.
      if (a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        least = Math.min(least, (before[column - 2] ?? 0) + 1);
      line.push(least);
    }
    before = above;
    above = line;
  }
  return above[b.length] ?? 0;
}
