import type { Cancel, Clock } from "./clock.js";

/** The longest time, in milliseconds, that a timer of Node can wait. */
const LONGEST = 2 ** 31 - 1;

/** The time of day. */
export class WallClock implements Clock {
  now(): number {
    return Date.now() / 1_000;
  }

  at(time: number, callback: () => void): Cancel {
    // A timer may fire a moment early.
    const wait = Math.min(LONGEST, Math.max(0, Math.ceil(time * 1_000 - Date.now())));
    let timer = setTimeout(() => {
      if (this.now() >= time) callback();
      else timer = setTimeout(callback, 1);
    }, wait);
    return () => clearTimeout(timer);
  }
}
