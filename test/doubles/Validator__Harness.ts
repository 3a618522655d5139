import { keccak256 } from "ethers";
import type { Block } from "../../chain/hardhat/block.js";
import { ValidatorNode, type ValidatorParts } from "../../chain/hardhat/node/validator.js";
import type { Message } from "../../chain/hardhat/transport/message.js";
import { Phase, type Signed, type Vote } from "../../src/consensus/statement.js";
import { isNil } from "../../src/consensus/value.js";
import { signStatement } from "../../src/consensus/vote.js";

/** A block hash or a state root that is nobody's. */
export const FALSE_ROOT = keccak256("0xbad0");

/** Breaks a rule, always or as long as it is told to; apart from that it is an honest validator. */
abstract class FaultyValidator__Harness extends ValidatorNode {
  protected readonly isFaulty: () => boolean;

  constructor(parts: ValidatorParts, isFaulty: () => boolean = () => true) {
    super(parts);
    this.isFaulty = isFaulty;
  }

  /** Signs another verdict, or another proposal, beside one of its own, behind its guard's back. */
  protected async contradict(message: Message): Promise<void> {
    const { key, ledger } = this.parts;
    if (message.kind === "proposal" && message.proposal.signer === this.address) {
      const other = { ...message.proposal.statement, stateRoot: FALSE_ROOT };
      super.send({ ...message, proposal: await signStatement(key, ledger.domain, other) });
    }
    if (message.kind === "vote" && message.vote.signer === this.address) {
      const other = { ...message.vote.statement, stateRoot: FALSE_ROOT, blockHash: FALSE_ROOT };
      super.send({ kind: "vote", vote: await signStatement(key, ledger.domain, other) });
    }
  }
}

/** Says of every block that the state after it is another. */
export class LyingValidator__Harness extends FaultyValidator__Harness {
  protected override signVote(vote: Vote): Promise<Signed<Vote> | undefined> {
    if (!this.isFaulty() || vote.phase !== Phase.Verdict || isNil(vote)) return super.signVote(vote);
    return signStatement(this.parts.key, this.parts.ledger.domain, { ...vote, stateRoot: FALSE_ROOT });
  }
}

/** Proposes blocks with a false state root, a false hash, and another validator as their maker, in turn. */
export class LyingLeader__Harness extends FaultyValidator__Harness {
  #lies = 0;

  protected override async makeBlock(slot: number): Promise<Block | undefined> {
    const block = await super.makeBlock(slot);
    if (block === undefined || !this.isFaulty()) return block;
    this.#lies += 1;
    if (this.#lies % 3 === 1) return { ...block, stateRoot: FALSE_ROOT };
    if (this.#lies % 3 === 2) return { ...block, hash: FALSE_ROOT };
    return this.#blockOfAnother(block);
  }

  /** All in it is right, but whose it is. */
  async #blockOfAnother({ slot, transactions }: Block): Promise<Block> {
    const { ledger } = this.parts;
    const other = ledger.head.set.seats.find(({ validator }) => validator !== this.address);
    return (await ledger.build(slot, other?.validator ?? this.address, transactions)).block;
  }
}

/** Gives two verdicts in each round: for the block, and for another. */
export class EquivocatingValidator__Harness extends FaultyValidator__Harness {
  protected override send(message: Message): void {
    super.send(message);
    if (this.isFaulty() && isVerdict(message)) void this.contradict(message);
  }
}

/** Proposes two blocks for each slot of its own. */
export class DoubleProposer__Harness extends FaultyValidator__Harness {
  protected override send(message: Message): void {
    super.send(message);
    if (this.isFaulty() && message.kind === "proposal") void this.contradict(message);
  }
}

/** Gives two verdicts in each round, and proposes two blocks for each slot of its own. */
export class TwoFacedValidator__Harness extends FaultyValidator__Harness {
  protected override send(message: Message): void {
    super.send(message);
    if (this.isFaulty() && (message.kind === "proposal" || isVerdict(message))) void this.contradict(message);
  }
}

/** Lets its slots pass. */
export class SilentLeader__Harness extends FaultyValidator__Harness {
  protected override async makeBlock(slot: number): Promise<Block | undefined> {
    return this.isFaulty() ? undefined : super.makeBlock(slot);
  }
}

/** Is cut off from the network until it is woken up. */
export class SleepingValidator__Harness extends ValidatorNode {
  #isAsleep = true;

  /** Height of its last decided block. */
  get height(): number {
    return this.parts.ledger.head.number;
  }

  wakeUp(): void {
    this.#isAsleep = false;
  }

  override receive(message: Message, from: string): void {
    if (!this.#isAsleep) super.receive(message, from);
  }

  protected override send(message: Message): void {
    if (!this.#isAsleep) super.send(message);
  }
}

function isVerdict(message: Message): boolean {
  return message.kind === "vote" && message.vote.statement.phase === Phase.Verdict;
}

/** Keeps its comparisons to itself, until it crashes and starts again with what it had kept on disk. */
export class CrashingValidator__Harness extends ValidatorNode {
  #restarted: ValidatorNode | undefined;

  override get isIdle(): boolean {
    return super.isIdle && (this.#restarted?.isIdle ?? true);
  }

  async crash(): Promise<void> {
    await super.stop();
    this.#restarted = new ValidatorNode(this.parts);
    this.#restarted.start();
  }

  override async stop(): Promise<void> {
    await (this.#restarted?.stop() ?? super.stop());
  }

  protected override send(message: Message): void {
    const isComparison = message.kind === "vote" && message.vote.statement.phase === Phase.Comparison;
    if (!isComparison) super.send(message);
  }
}
