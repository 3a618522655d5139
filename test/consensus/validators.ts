import { getAddress } from "ethers";
import { Phase, type PhaseCode, type Proposal, type Signed, type Vote } from "../../src/consensus/statement.js";
import { type Seat, ValidatorSet } from "../../src/consensus/validatorSet.js";
import { NIL, type Value } from "../../src/consensus/value.js";

export const EPOCH = 3;
export const HEIGHT = 10;

/** The address of the validator on a seat. */
export function addressOf(seat: number): string {
  return getAddress(`0x${(seat + 1).toString(16).padStart(40, "0")}`);
}

export function seatsOf(...powers: bigint[]): Seat[] {
  return powers.map((power, seat) => ({ validator: addressOf(seat), candidate: seat + 1, power }));
}

/** Four validators, of which any three are a quorum. */
export const four = new ValidatorSet(EPOCH, seatsOf(1n, 1n, 1n, 1n));

/** A value of its own for each name. */
export function valueNamed(name: string): Value {
  return {
    blockHash: `0x${Buffer.from(name).toString("hex").padEnd(64, "0")}`,
    stateRoot: NIL.stateRoot,
    leadersHash: NIL.leadersHash,
  };
}

export const A = valueNamed("A");
export const B = valueNamed("B");

/** A vote, as if its signature had been checked. */
export function voteBy(seat: number, phase: PhaseCode, round: number, value: Value): Signed<Vote> {
  const statement = { epoch: EPOCH, height: HEIGHT, round, phase, ...value };
  return { statement, signer: addressOf(seat), signature: "0x" };
}

export const verdict = (seat: number, round: number, value: Value) => voteBy(seat, Phase.Verdict, round, value);
export const comparison = (seat: number, round: number, value: Value) => voteBy(seat, Phase.Comparison, round, value);

/** A proposal, as if its signature had been checked. */
export function proposalBy(seat: number, round: number, value: Value, validRound = -1): Signed<Proposal> {
  const statement = { epoch: EPOCH, height: HEIGHT, round, validRound, ...value };
  return { statement, signer: addressOf(seat), signature: "0x" };
}
