/** Stops what a clock was asked to do. */
export type Cancel = () => void;

/** The time that a network goes by. */
export interface Clock {
  /** Seconds since 1970, with a fraction. */
  now(): number;

  /** Calls back once, at a time or as soon as possible after it. */
  at(time: number, callback: () => void): Cancel;
}
