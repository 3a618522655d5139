/** What happened in a number of runs. */
export interface Counts {
  runs: number;
  /** Heights that were decided. */
  heights: number;
  /** Of these, the ones decided in a later round than the first that anybody entered. */
  laterRounds: number;
  /** Of these, the ones whose value an honest leader had proposed again, with its valid round. */
  repeatedProposals: number;
  /** Times that an honest validator locked itself on a value while it was locked on another one. */
  lockChanges: number;
  crashes: number;
  restarts: number;
  /** Times that an honest validator found two statements that contradict each other. */
  equivocations: number;
  messagesLost: number;
}

export function noCounts(): Counts {
  return {
    runs: 0,
    heights: 0,
    laterRounds: 0,
    repeatedProposals: 0,
    lockChanges: 0,
    crashes: 0,
    restarts: 0,
    equivocations: 0,
    messagesLost: 0,
  };
}

export function sumOf(a: Counts, b: Counts): Counts {
  const sum = { ...a };
  for (const name of Object.keys(sum) as (keyof Counts)[]) sum[name] += b[name];
  return sum;
}
