/** Chance that depends on its seed alone: sfc32, whose state is filled from the seed by splitmix32. Not for secrets. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter: number;

  /** @param seed a whole number from 0 to 2^53 - 1. */
  constructor(seed: number) {
    const word = splitmix32(seed >>> 0);
    const high = splitmix32(Math.floor(seed / 2 ** 32));
    this.#a = word() ^ high();
    this.#b = word() ^ high();
    this.#c = word() ^ high();
    this.#counter = word();
    for (let round = 0; round < 12; round++) this.word();
  }

  /** A whole number below 2^32. */
  word(): number {
    const result = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + result;
    return result >>> 0;
  }

  /** A whole number, `low <= n <= high`, where `high - low` is below 2^31. */
  between(low: number, high: number): number {
    return low + Math.floor((this.word() / 2 ** 32) * (high - low + 1));
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.word() < probability * 2 ** 32;
  }

  /** One of several, each as likely; the list is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.between(0, list.length - 1)] as T;
  }

  /** The same things in any order. */
  shuffled<T>(list: readonly T[]): T[] {
    const ordered = list.map((item) => ({ item, rank: this.word() }));
    return ordered.sort((a, b) => a.rank - b.rank).map(({ item }) => item);
  }
}

function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}
