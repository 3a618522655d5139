import { expect } from "chai";
import fc from "fast-check";
import type { MachineEvent } from "../../../src/consensus/tendermint/event.js";
import { A, B, comparison, four, proposalBy, verdict } from "../validators.js";
import { Driver, leaderOf, seatBeside } from "./driver.js";

const seats = [...four.seats.keys()];
const vote = (signed: ReturnType<typeof verdict>): MachineEvent => ({ kind: "vote", vote: signed });
const proposal = (round: number, ...of: [typeof A, number?]): MachineEvent => ({
  kind: "proposal",
  proposal: proposalBy(leaderOf(round), round, ...of),
  isValid: true,
});

/** Round 0 fails to agree; round 1 proposes its value again and decides. */
const messages: MachineEvent[] = [
  proposal(0, A),
  ...seats.slice(0, 3).map((seat) => vote(verdict(seat, 0, A))),
  proposal(1, A, 0),
  ...seats.map((seat) => vote(verdict(seat, 1, A))),
  ...seats.map((seat) => vote(comparison(seat, 1, A))),
  proposal(2, B),
];

const clock: MachineEvent[] = [0, 1].flatMap((round) =>
  (["roundStarted", "proposeTimeout", "verdictTimeout"] as const).map((kind) => ({ kind, round })),
);

/** The messages in any order, some of them twice, and among them the clock in its own. */
const interleavings = fc
  .record({
    order: fc.shuffledSubarray(messages, { minLength: messages.length }),
    twice: fc.shuffledSubarray(messages),
    places: fc.array(fc.nat(2 * messages.length), { minLength: clock.length, maxLength: clock.length }),
  })
  .map(({ order, twice, places }) => {
    const events = [...order, ...twice];
    const sorted = places.toSorted((a, b) => a - b);
    for (const [index, event] of clock.entries()) events.splice((sorted[index] ?? 0) + index, 0, event);
    return events;
  });

describe("consensus/tendermint, in any order of messages", () => {
  it("decides the same, once", () => {
    fc.assert(
      fc.property(interleavings, (events) => {
        const driver = new Driver({ seat: seatBeside(0, 1) });
        const decisions = driver.handle(...events).filter((action) => action.startsWith("decide"));
        expect(decisions).to.deep.equal(["decide A 1"]);
        expect(driver.machine.certificate).to.have.length(4);
      }),
      { numRuns: 1000 },
    );
  });

  it("votes once in each phase of a round, and reports nobody", () => {
    fc.assert(
      fc.property(interleavings, (events) => {
        const driver = new Driver({ seat: seatBeside(0, 1) });
        const steps = driver.handle(...events).map((action) => action.replace(/ (A|B|nil) /, " "));
        expect(new Set(steps).size).to.equal(steps.length);
        expect(steps).not.to.include.members(["doubleVote"]);
        expect(steps).not.to.include.members(["doubleProposal"]);
      }),
      { numRuns: 1000 },
    );
  });
});
