/** Runs the work for each, `width` at a time. The first failure is thrown once the work begun has ended. */
export async function eachAtOnce<One>(
  all: readonly One[],
  width: number,
  work: (one: One, position: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < all.length) {
      const position = next++;
      const one = all[position];
      if (one !== undefined) await work(one, position);
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(width, all.length) }, lane));
  for (const ended of lanes) if (ended.status === "rejected") throw ended.reason;
}
