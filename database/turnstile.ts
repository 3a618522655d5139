/** Lets one piece of work through at a time, in the order of arrival. */
export class Turnstile {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `work` when everything before it has ended, well or badly. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

const turnstiles = new WeakMap<object, Turnstile>();

/** The one turnstile of an object: all that use it at once wait for each other, whoever they are. */
export function turnstileOf(shared: object): Turnstile {
  const turnstile = turnstiles.get(shared) ?? new Turnstile();
  turnstiles.set(shared, turnstile);
  return turnstile;
}
