/** Length of a slot, in the ticks of the simulated time. */
export const SLOT = 1000;

/** Ends of the steps in a slot. */
export const QUARTER = SLOT / 4;
