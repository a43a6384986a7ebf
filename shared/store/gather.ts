/**
 * Gathers what is asked in one turn of the event loop and asks it in one request: jobs that are worked on side by side
 * read side by side. Nothing is kept: what is asked later is read later. All that were gathered fail together.
 */
export function gather<Ask, Answer>(
  nameOf: (ask: Ask) => string,
  askAll: (asks: readonly Ask[]) => Promise<ReadonlyMap<string, Answer>>,
): (asks: readonly Ask[]) => Promise<readonly (Answer | undefined)[]> {
  let waiting: { readonly asks: Map<string, Ask>; readonly answers: Promise<ReadonlyMap<string, Answer>> } | null =
    null;
  const turn = (): NonNullable<typeof waiting> => {
    const asks = new Map<string, Ask>();
    const answers = new Promise((over) => setImmediate(over)).then(() => {
      waiting = null;
      return askAll([...asks.values()]);
    });
    return { asks, answers };
  };
  return async (asks) => {
    if (asks.length === 0) return [];
    waiting ??= turn();
    // Nothing is asked twice at once; of two puts of one item the last one said is the one that stands.
    for (const ask of asks) waiting.asks.set(nameOf(ask), ask);
    const answers = await waiting.answers;
    return asks.map((ask) => answers.get(nameOf(ask)));
  };
}
