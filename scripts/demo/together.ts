/** How many things are done at a time: their transactions share a block, and the machine keeps up. */
const LOT = 24;

/**
 * Does the same with all items, a lot of them at a time, where their order does not matter.
 *
 * @param done hears after each lot how many are done.
 * @returns the results in the order of the items.
 */
export async function together<Item, Result>(
  items: readonly Item[],
  act: (item: Item) => Promise<Result>,
  done: (count: number) => void = () => {},
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += LOT) {
    const lot = items.slice(start, start + LOT).map(act);
    // Nothing goes on in the background when one of them fails.
    await Promise.allSettled(lot);
    results.push(...(await Promise.all(lot)));
    done(results.length);
  }
  return results;
}
