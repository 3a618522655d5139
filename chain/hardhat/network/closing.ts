/** What has to be ended, the last begun first, and once. */
export class Closing {
  /** Resolves when all has ended. */
  readonly done: Promise<void>;
  readonly #acts: (() => Promise<void>)[] = [];
  readonly #finish: () => void;
  #closing: Promise<void> | undefined;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.done = promise;
    this.#finish = resolve;
  }

  /** Whether the end has begun. */
  get isClosing(): boolean {
    return this.#closing !== undefined;
  }

  /** Adds what is to be ended. If the end has begun already, it is ended at once. */
  add(act: () => Promise<void>): void {
    if (this.isClosing) void act().catch(() => undefined);
    else this.#acts.push(act);
  }

  /** Ends all. What fails to end keeps nothing else from it. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    for (const act of this.#acts.toReversed()) await act().catch(() => undefined);
    this.#finish();
  }
}
