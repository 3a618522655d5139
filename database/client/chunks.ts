/** Thrown when a medical database stops in the middle of an answer. */
export class AnswerStalled extends Error {
  override readonly name = "AnswerStalled";

  constructor(address: string, patience: number) {
    super(
      `${address} sent nothing more for ${patience / 1000} s in the middle of its answer: check the connection, and ask again`,
    );
  }
}

/**
 * A body's chunks, however long all of them take. What whoever reads does between two chunks takes none of the patience.
 *
 * @param address for errors
 * @param patience how long each chunk is waited for, in milliseconds
 * @throws AnswerStalled, and what the connection throws
 */
export async function* chunksOf(
  address: string,
  body: ReadableStream<Uint8Array>,
  patience: number,
): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await inTime(reader.read(), patience, () => new AnswerStalled(address, patience));
      if (done) return;
      yield value;
    }
  } finally {
    // Nobody wants the rest: this ends the connection.
    await reader.cancel().catch(() => undefined);
  }
}

async function inTime<T>(work: Promise<T>, patience: number, late: () => Error): Promise<T> {
  const over = Promise.withResolvers<never>();
  const timer = setTimeout(() => over.reject(late()), patience);
  try {
    return await Promise.race([work, over.promise]);
  } finally {
    clearTimeout(timer);
  }
}
