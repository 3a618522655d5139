/** Prints a line of figures below the scene that they belong to. */
export function say(text: string): void {
  console.log(`      · ${text}`);
}

/** The middle one and the greatest of some figures. */
export function spread(figures: readonly number[]): string {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return `median ${Math.round(middle)}, at most ${Math.round(sorted.at(-1) ?? 0)}`;
}
