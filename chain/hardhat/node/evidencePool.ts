import type { Evidence } from "../../../src/consensus/evidence.js";

/** Evidence that waits, at most. */
const MAX_WAITING = 256;

/**
 * What this node found out and has to report. Who lies does so in every round, so of one kind, about the same validators,
 * in one epoch, once is enough: a candidate is slashed once, and auditors need to be called once.
 */
export class EvidencePool {
  readonly #waiting = new Map<string, Evidence>();
  readonly #known = new Set<string>();

  /** Notes a contradiction, unless one like it is known. */
  add(evidence: Evidence): void {
    const key = keyOf(evidence);
    if (this.#known.has(key) || this.#waiting.size >= MAX_WAITING) return;
    this.#known.add(key);
    this.#waiting.set(key, evidence);
  }

  /** What is to be reported. */
  waiting(): Evidence[] {
    return [...this.#waiting.values()];
  }

  /** Forgets what was reported, here or by somebody else. */
  settle(evidence: Evidence): void {
    this.#waiting.delete(keyOf(evidence));
  }
}

function keyOf({ kind, first, second }: Evidence): string {
  return [kind, first.statement.epoch, ...[first.signer, second.signer].sort()].join(" ");
}
