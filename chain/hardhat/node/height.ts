import type { Evidence } from "../../../src/consensus/evidence.js";
import type { SigningLock } from "../../../src/consensus/guard/signingGuard.js";
import { Phase, type Proposal, type Signed, type Vote } from "../../../src/consensus/statement.js";
import { TendermintMachine } from "../../../src/consensus/tendermint/machine.js";
import { isNil, sameValue, type Value, valueKey } from "../../../src/consensus/value.js";
import type { Block } from "../block.js";
import type { LedgerHead } from "../ledger/ledger.js";
import type { LockedProposal } from "../store/lockStore.js";

/** Rounds whose proposals are kept with their blocks, as long as the machine keeps them. */
export const KEPT_ROUNDS = 64;

/** What a validator knows of the height that is being decided: the machine, and the blocks that its values stand for. */
export class Height {
  readonly number: number;
  readonly parent: LedgerHead;
  readonly machine: TendermintMachine;
  readonly #self: string;
  readonly #blocks = new Map<string, Block>();
  readonly #proposals = new Map<number, Signed<Proposal>>();
  #verdicts: Signed<Vote>[] = [];

  /**
   * @param parent the head on which this height is decided.
   * @param self checksummed address of the validator.
   * @param lock what its guard remembers.
   */
  constructor(parent: LedgerHead, self: string, lock: SigningLock | undefined) {
    this.number = parent.number + 1;
    this.parent = parent;
    this.#self = self;
    const { set, slot } = parent;
    this.machine = new TendermintMachine({ height: this.number, set, parentSlot: slot, self, lock });
  }

  /** The block that a value stands for, if this node has audited it and found it valid. */
  blockOf(value: Value): Block | undefined {
    return this.#blocks.get(valueKey(value));
  }

  /** Notes that a block is valid and stands for a value. */
  accept(value: Value, block: Block): void {
    this.#blocks.set(valueKey(value), block);
  }

  /** The first proposal of a round. */
  proposalOf(round: number): Signed<Proposal> | undefined {
    return this.#proposals.get(round);
  }

  /** Notes the first proposal of a round. */
  note(proposal: Signed<Proposal>): void {
    const { round } = proposal.statement;
    if (!this.#proposals.has(round)) this.#proposals.set(round, proposal);
  }

  /** What has to be kept before the node locks itself on a value, as far as it is known. */
  lockedProposal(value: Value, verdicts: readonly Signed<Vote>[]): LockedProposal | undefined {
    const block = this.blockOf(value);
    const proposal = [...this.#proposals.values()].findLast(({ statement }) => sameValue(statement, value));
    return block && proposal && { proposal, block, verdicts };
  }

  /** Forgets what no round from this one on needs. */
  startRound(round: number): void {
    this.#verdicts = [];
    const { valid, locked } = this.machine;
    const needed = [valid, locked].flatMap((supported) => (supported === undefined ? [] : [supported.value]));
    for (const [at, { statement }] of this.#proposals) {
      if (at < round - KEPT_ROUNDS && !needed.some((value) => sameValue(value, statement))) this.#proposals.delete(at);
    }
    const keys = new Set([...this.#proposals.values()].map(({ statement }) => valueKey(statement)));
    for (const value of needed) keys.add(valueKey(value));
    for (const key of this.#blocks.keys()) if (!keys.has(key)) this.#blocks.delete(key);
  }

  /** Notes a vote of the present round, and finds where it contradicts this node's own verdict, or its own another's. */
  disputesOf(vote: Signed<Vote>): Evidence[] {
    const { statement, signer } = vote;
    const isVerdict = statement.phase === Phase.Verdict && statement.round === this.machine.round;
    if (!isVerdict || isNil(statement) || this.#verdicts.some((known) => known.signer === signer)) return [];
    const isOwn = (signed: Signed<Vote>) => signed.signer === this.#self;
    const opposed = this.#verdicts.filter((known) => !sameValue(known.statement, statement));
    this.#verdicts.push(vote);
    return opposed
      .filter((known) => isOwn(known) || isOwn(vote))
      .map((known) => ({ kind: "dispute", first: known, second: vote }));
  }
}
