/** How many records or claims one transaction takes. */
export const BATCH_SIZE = 100;

/** The things in batches of as many as one transaction takes. */
export function inBatches<Thing>(things: readonly Thing[]): Thing[][] {
  const batches: Thing[][] = [];
  for (let next = 0; next < things.length; next += BATCH_SIZE) batches.push(things.slice(next, next + BATCH_SIZE));
  return batches;
}
