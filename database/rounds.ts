/** Work that is done again and again. */
export interface Rounds {
  /** Ends after what the round is at; no other begins. */
  stop(): Promise<void>;
}

/**
 * Does `work` every so many seconds, the first time after that many. A round that takes longer delays the next one.
 *
 * @param seconds above 0, at most 2,000,000
 * @param work one round; it should end soon when the signal says so
 * @param onError told why a round failed; the next one tries again
 */
export function startRounds(
  seconds: number,
  work: (signal: AbortSignal) => Promise<unknown>,
  onError: (error: unknown) => void,
): Rounds {
  const stopped = new AbortController();
  const { signal } = stopped;
  let round: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const next = () => {
    if (!signal.aborted) timer = setTimeout(begin, seconds * 1000);
  };
  const begin = () => {
    round = work(signal).then(() => undefined, onError);
    void round.then(next);
  };
  next();
  const stop = async () => {
    stopped.abort();
    clearTimeout(timer);
    await round;
  };
  return { stop };
}
