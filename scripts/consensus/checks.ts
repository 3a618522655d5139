import { isVote, type Proposal, type Signed, type Vote } from "../../src/consensus/statement.js";
import { sameValue, type Value, valueKey } from "../../src/consensus/value.js";
import type { Blocks } from "./block.js";

/** A run in which something happened that must never happen. */
export class PropertyBroken extends Error {
  override readonly name = "PropertyBroken";
}

/** What must hold in every run, whatever the network and the faulty do. */
export class Checks {
  readonly #blocks: Blocks;
  readonly #isFaulty: (signer: string) => boolean;
  readonly #signed = new Map<string, string>();
  readonly #decided = new Map<number, Value>();

  constructor(blocks: Blocks, isFaulty: (signer: string) => boolean) {
    this.#blocks = blocks;
    this.#isFaulty = isFaulty;
  }

  /** Heights that anybody decided. */
  get heights(): number {
    return this.#decided.size;
  }

  /** An honest validator made a signature. */
  signed(seat: number, statement: Proposal | Vote): void {
    const { height, round } = statement;
    const step = isVote(statement) ? statement.phase : 0;
    const validRound = isVote(statement) ? 0 : statement.validRound;
    const key = `${seat} ${height} ${round} ${step}`;
    const content = `${validRound} ${valueKey(statement)}`;
    const before = this.#signed.get(key);
    if (before !== undefined && before !== content) {
      throw new PropertyBroken(`honest seat ${seat} signed two things: height ${height}, round ${round}, step ${step}`);
    }
    this.#signed.set(key, content);
  }

  /**
   * An honest validator decided.
   *
   * @returns whether it is the first to decide this height.
   */
  decided(seat: number, height: number, value: Value): boolean {
    const other = this.#decided.get(height);
    if (other !== undefined && !sameValue(other, value)) {
      throw new PropertyBroken(
        `no agreement on height ${height}: seat ${seat} decided ${value.blockHash}, others ${other.blockHash}`,
      );
    }
    if (!this.#blocks.isTrue(value)) throw new PropertyBroken(`height ${height} was decided for an unsound value`);
    this.#decided.set(height, value);
    return other === undefined;
  }

  /** An honest validator accuses someone. */
  accused({ signer }: Signed<Proposal | Vote>): void {
    if (!this.#isFaulty(signer)) throw new PropertyBroken(`honest ${signer} was accused`);
  }

  /** The calm lasted long enough. */
  progressed(seat: number, height: number, target: number): void {
    if (height < target) {
      throw new PropertyBroken(`no progress: seat ${seat} has decided height ${height}, should have ${target}`);
    }
  }
}
