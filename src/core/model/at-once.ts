/**
 * Work over many items, a few at a time. It starts nothing that somebody has not handed in, and after the first failure
 * it starts nothing more.
 */

/** Runs `work` over all items, at most `most` at once; results in the order of the items. Throws the first failure. */
export async function atOnce<T, R>(
  most: number,
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  let next = 0;
  let failed = false;
  const run = async (): Promise<void> => {
    while (!failed && next < items.length) {
      const index = next++;
      try {
        results[index] = await work(items[index]!);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  // Whoever still works when one has failed is waited for, so that nothing goes on behind the caller's back.
  const ended = await Promise.allSettled(Array.from({ length: Math.min(most, items.length) }, run));
  for (const each of ended) if (each.status === "rejected") throw each.reason;
  return results;
}
