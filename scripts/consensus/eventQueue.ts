interface Entry<T> {
  readonly time: number;
  readonly order: number;
  readonly event: T;
}

/** Events by time; those of one time in the order in which they were put in, so that a run can be repeated. */
export class EventQueue<T> {
  readonly #heap: Entry<T>[] = [];
  #order = 0;

  put(time: number, event: T): void {
    const entry = { time, order: this.#order++, event };
    const heap = this.#heap;
    let at = heap.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as Entry<T>;
      if (isBefore(above, entry)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = entry;
  }

  /** When the next event is; undefined if there is none. */
  get nextTime(): number | undefined {
    return this.#heap[0]?.time;
  }

  /** The next event, with its time; undefined if there is none. */
  take(): { readonly time: number; readonly event: T } | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) this.#sink(last);
    return first;
  }

  #sink(entry: Entry<T>): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isBefore(heap[below + 1] as Entry<T>, heap[below] as Entry<T>)) below += 1;
      if (isBefore(entry, heap[below] as Entry<T>)) break;
      heap[at] = heap[below] as Entry<T>;
      at = below;
    }
    heap[at] = entry;
  }
}

function isBefore<T>(a: Entry<T>, b: Entry<T>): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}
