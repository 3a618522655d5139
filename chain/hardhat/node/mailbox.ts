/** Does what comes in one after the other, in order. */
export class Mailbox {
  readonly #onFailure: (error: unknown) => void;
  readonly #limit: number;
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;

  /**
   * @param onFailure hears of each task that failed; the next ones are done all the same.
   * @param limit of what may wait; beyond it, new tasks are dropped, like messages that got lost.
   */
  constructor(onFailure: (error: unknown) => void, limit = 4_096) {
    this.#onFailure = onFailure;
    this.#limit = limit;
  }

  /** Whether all is done. */
  get isIdle(): boolean {
    return this.#waiting === 0;
  }

  /** @returns whether it will be done; there may be no room for it. */
  post(task: () => Promise<void>): boolean {
    if (this.#waiting >= this.#limit) return false;
    this.#waiting += 1;
    this.#last = this.#last
      .then(task)
      .catch(this.#onFailure)
      .finally(() => {
        this.#waiting -= 1;
      });
    return true;
  }

  /** Resolves when all that was posted so far is done. */
  async drained(): Promise<void> {
    await this.#last;
  }
}
