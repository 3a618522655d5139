import type { Cancel, Clock } from "./clock.js";

interface Appointment {
  readonly time: number;
  readonly callback: () => void;
}

/** A time that stands still until somebody moves it: for networks that live in one process. */
export class SteppedClock implements Clock {
  readonly #settle: () => Promise<void>;
  readonly #appointments = new Set<Appointment>();
  #now: number;

  /**
   * @param start seconds since 1970.
   * @param settle resolves when everybody is done with what the last event made them do.
   */
  constructor(start: number, settle: () => Promise<void>) {
    this.#now = start;
    this.#settle = settle;
  }

  now(): number {
    return this.#now;
  }

  at(time: number, callback: () => void): Cancel {
    const appointment = { time, callback };
    this.#appointments.add(appointment);
    return () => void this.#appointments.delete(appointment);
  }

  /** Moves from event to event up to a time, and lets everybody react to each before the next. */
  async moveTo(time: number): Promise<void> {
    await this.#settle();
    for (let next = this.#nextUpTo(time); next !== undefined; next = this.#nextUpTo(time)) {
      this.#now = Math.max(this.#now, next);
      await this.#fire();
    }
    this.#now = Math.max(this.#now, time);
  }

  /** Passes over all that lies between: whoever has an appointment in it is late, as after a night's sleep. */
  async jumpTo(time: number): Promise<void> {
    await this.#settle();
    this.#now = Math.max(this.#now, time);
    await this.moveTo(this.#now);
  }

  #nextUpTo(time: number): number | undefined {
    const next = Math.min(...Array.from(this.#appointments, (appointment) => appointment.time));
    return next <= time ? next : undefined;
  }

  async #fire(): Promise<void> {
    const due = [...this.#appointments].filter(({ time }) => time <= this.#now).sort((a, b) => a.time - b.time);
    for (const appointment of due) {
      if (this.#appointments.delete(appointment)) appointment.callback();
    }
    await this.#settle();
  }
}
