import type { Wallet } from "ethers";
import type { SigningGuard } from "../../../src/consensus/guard/signingGuard.js";
import { AlreadySigned } from "../../../src/consensus/guard/signingRecord.js";
import { roundOf, slotOf } from "../../../src/consensus/slot.js";
import type { Proposal, Signed, Vote } from "../../../src/consensus/statement.js";
import type { Action, MachineEvent, Propose, SignVote } from "../../../src/consensus/tendermint/event.js";
import type { Value } from "../../../src/consensus/value.js";
import type { Block } from "../block.js";
import type { Clock } from "../clock/clock.js";
import { SlotTimer } from "../clock/slotTimer.js";
import { certificateOf, type DecidedBlock } from "../decided.js";
import { type Ledger, LedgerBroken } from "../ledger/ledger.js";
import { Mempool } from "../mempool/mempool.js";
import { TransactionRejected } from "../mempool/rejection.js";
import type { Audit } from "../replica/replica.js";
import type { LockStore } from "../store/lockStore.js";
import type { Message } from "../transport/message.js";
import type { Receiver, Transport } from "../transport/transport.js";
import { BlockMaker } from "./blockMaker.js";
import { CatchUp } from "./catchUp.js";
import { EvidencePool } from "./evidencePool.js";
import { Height, KEPT_ROUNDS } from "./height.js";
import { Mailbox } from "./mailbox.js";
import { isSupportOf, misfitOf } from "./proposalRules.js";

/** What a validator is made of. */
export interface ValidatorParts {
  /** The validator's key; its guard signs with it. */
  readonly key: Wallet;
  readonly guard: SigningGuard;
  readonly ledger: Ledger;
  readonly locks: LockStore;
  readonly transport: Transport;
  readonly clock: Clock;
  /** Milliseconds that the making of a block may take before users' transactions are thrown out; none by default. */
  readonly patience?: number;
  /** Hears of what an operator wants to know, a line at a time. */
  readonly say: (line: string) => void;
  /** Hears of what the node cannot go on after. It has stopped then. */
  readonly onFatal: (error: unknown) => void;
}

/** Messages of the next height that are kept until this node is there. */
const MAX_EARLY = 1_024;

/**
 * A validator's node: joins the machine that decides, the guard that signs, the ledger that executes, and the network. All
 * that happens to it is done one after the other. Who wants a faulty one for a test overrides the protected methods.
 */
export class ValidatorNode implements Receiver {
  readonly mempool: Mempool;
  protected readonly parts: ValidatorParts;
  readonly #mailbox: Mailbox;
  readonly #catchUp: CatchUp;
  readonly #maker: BlockMaker;
  readonly #evidence = new EvidencePool();
  readonly #timer: SlotTimer;
  #height: Height;
  /** The height before, which still collects comparisons for its certificate. */
  #decided: Height | undefined;
  #early: { readonly message: Message; readonly from: string }[] = [];
  #isStopped = false;

  constructor(parts: ValidatorParts) {
    const { ledger, key, guard, transport, clock, say } = parts;
    this.parts = parts;
    this.#mailbox = new Mailbox((error) => say(`Failed to handle an event: ${String(error)}`));
    this.mempool = new Mempool((address) => ledger.accountOf(address));
    this.#maker = new BlockMaker(parts, this.mempool, this.#evidence);
    this.#height = new Height(ledger.head, key.address, guard.lock());
    this.#catchUp = new CatchUp({
      transport,
      height: () => ledger.head.number,
      append: (decided) => this.#appendFetched(decided),
    });
    this.#timer = new SlotTimer(clock, ledger.clock, {
      onStart: (slot) => this.#mailbox.post(() => this.#startSlot(slot)),
      onProposeTimeout: (slot) => this.#mailbox.post(() => this.#onProposeTimeout(slot)),
      onVerdictTimeout: (slot) => this.#mailbox.post(() => this.#onVerdictTimeout(slot)),
    });
  }

  /** Checksummed address of the validator. */
  get address(): string {
    return this.parts.key.address;
  }

  /** Whether nothing is left to do until the next message or the next tick of the clock. */
  get isIdle(): boolean {
    return this.#mailbox.isIdle && this.#catchUp.isIdle;
  }

  /** Begins to take part, in the slot of the moment. */
  start(): void {
    this.parts.transport.listen(this);
    this.#mailbox.post(() => this.#restoreLock());
    this.#timer.start();
  }

  /** Ends taking part. What was decided stays in the ledger. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer.stop();
    await this.parts.transport.close();
    await this.#mailbox.drained();
    await this.parts.ledger.close();
  }

  receive(message: Message, from: string): void {
    if (message.kind === "head") this.#catchUp.hear(from, message.height);
    else this.#mailbox.post(() => this.#take(message, from));
  }

  read(from: number, count: number): Promise<DecidedBlock[]> {
    return this.parts.ledger.read(from, count);
  }

  /** Sends a message to all. */
  protected send(message: Message): void {
    this.parts.transport.broadcast(message);
  }

  /** Signs a vote, unless the guard knows of another one. */
  protected signVote(vote: Vote): Promise<Signed<Vote> | undefined> {
    return unlessSigned(this.parts.guard.signVote(vote));
  }

  /** Signs a proposal, unless the guard knows of another one. */
  protected signProposal(proposal: Proposal): Promise<Signed<Proposal> | undefined> {
    return unlessSigned(this.parts.guard.signProposal(proposal));
  }

  /** Makes the block of a slot that is this validator's; undefined if there is to be none. */
  protected makeBlock(slot: number): Promise<Block | undefined> {
    return this.#maker.make(slot, this.#certificate());
  }

  /** Whether the block may be in the proposal, and this node's own execution of it gives what the proposal says. */
  protected async judge({ statement }: Signed<Proposal>, block: Block): Promise<boolean> {
    const { ledger, say } = this.parts;
    const misfit = misfitOf(statement, block, ledger.valueOf(block), this.#height.parent.slot);
    const audit: Audit = misfit === undefined ? await ledger.audit(block) : { isValid: false, reason: misfit };
    if (!audit.isValid) say(`Refused block ${this.#height.number} of ${block.miner}: ${audit.reason}`);
    return audit.isValid;
  }

  async #startSlot(slot: number): Promise<void> {
    this.send({ kind: "head", height: this.parts.ledger.head.number });
    const round = this.#roundAt(slot);
    if (round < 0) return;
    this.#repeat();
    this.#height.startRound(round);
    await this.#step({ kind: "roundStarted", round });
  }

  async #onProposeTimeout(slot: number): Promise<void> {
    this.#catchUp.start();
    const round = this.#roundAt(slot);
    if (round >= 0) await this.#step({ kind: "proposeTimeout", round });
  }

  async #onVerdictTimeout(slot: number): Promise<void> {
    const round = this.#roundAt(slot);
    if (round < 0) return;
    this.#repeat();
    await this.#step({ kind: "verdictTimeout", round });
  }

  #roundAt(slot: number): number {
    return roundOf(slot, this.#height.parent.slot);
  }

  /** Says again what a peer may have missed. */
  #repeat(): void {
    const { proposals, votes } = this.#height.machine.worthRepeating;
    for (const proposal of proposals) {
      const block = this.#height.blockOf(proposal.statement);
      const verdicts = votes.filter(({ statement }) => isSupportOf(statement, proposal.statement));
      if (block !== undefined) this.send({ kind: "proposal", proposal, block, verdicts });
    }
    for (const vote of votes) this.send({ kind: "vote", vote });
  }

  async #take(message: Message, from: string): Promise<void> {
    switch (message.kind) {
      case "proposal":
        if (this.#isOfThisHeight(message.proposal, message, from)) await this.#takeProposal(message);
        break;
      case "vote":
        if (message.vote.statement.height === this.#decided?.number) await this.#takeLate(message.vote);
        else if (this.#isOfThisHeight(message.vote, message, from)) await this.#takeVote(message.vote);
        break;
      case "transaction":
        await this.#takeTransaction(message.raw);
        break;
      case "head":
        break;
    }
  }

  /** Whether a statement is of the height that is being decided. One of the next height is kept for later. */
  #isOfThisHeight({ statement }: Signed<Vote | Proposal>, message: Message, from: string): boolean {
    const ahead = statement.height - this.#height.number;
    if (ahead === 1 && this.#early.length < MAX_EARLY) this.#early.push({ message, from });
    if (ahead > 0) this.#catchUp.hear(from, statement.height - 1);
    return ahead === 0;
  }

  async #takeProposal({ proposal, block, verdicts }: Extract<Message, { kind: "proposal" }>): Promise<void> {
    const { round } = proposal.statement;
    const { ledger } = this.parts;
    const { set, slot } = this.#height.parent;
    const isLeaders = set.seatOf(proposal.signer) === set.leaderSeat(slotOf(round, slot));
    // The own clock may be a little behind the leader's. What is long over, the machine has forgotten.
    const late = this.#roundAt(this.#timer.slot) - round;
    const isInTime = late >= -1 && late <= KEPT_ROUNDS;
    if (!isLeaders || !isInTime || !ledger.signatures.isGenuine(proposal)) return;
    const known = this.#height.proposalOf(round);
    if (known === undefined) await this.#takeFirst(proposal, block);
    else if (known.signature !== proposal.signature) await this.#step({ kind: "proposal", proposal, isValid: false });
    for (const verdict of verdicts) {
      if (verdict.statement.height === this.#height.number) await this.#takeVote(verdict);
    }
  }

  async #takeFirst(proposal: Signed<Proposal>, block: Block): Promise<void> {
    const height = this.#height;
    height.note(proposal);
    const known = height.blockOf(proposal.statement);
    const isValid = known === undefined ? await this.judge(proposal, block) : this.#mayBeIn(proposal, known);
    if (isValid && known === undefined) height.accept(proposal.statement, block);
    await this.#step({ kind: "proposal", proposal, isValid });
  }

  /** The same for a block that was audited in an earlier round. */
  #mayBeIn({ statement }: Signed<Proposal>, known: Block): boolean {
    const { parent } = this.#height;
    return misfitOf(statement, known, this.parts.ledger.valueOf(known), parent.slot) === undefined;
  }

  async #takeVote(vote: Signed<Vote>): Promise<void> {
    const { set } = this.#height.parent;
    const isMembers = vote.statement.epoch === set.epoch && set.seatOf(vote.signer) !== undefined;
    if (!isMembers || !this.parts.ledger.signatures.isGenuine(vote)) return;
    this.#noteDisputes(this.#height, vote);
    await this.#step({ kind: "vote", vote });
  }

  /** Who was slow has taken part all the same: its comparison goes into the certificate. */
  async #takeLate(vote: Signed<Vote>): Promise<void> {
    const decided = this.#decided;
    if (decided === undefined || decided.parent.set.seatOf(vote.signer) === undefined) return;
    if (!this.parts.ledger.signatures.isGenuine(vote)) return;
    this.#noteDisputes(decided, vote);
    for (const action of decided.machine.handle({ kind: "vote", vote })) {
      if (action.kind === "doubleVote") this.#evidence.add(action);
    }
  }

  async #takeTransaction(raw: string): Promise<void> {
    try {
      await this.mempool.add(raw);
    } catch (error) {
      if (!(error instanceof TransactionRejected)) throw error;
    }
  }

  #noteDisputes(height: Height, vote: Signed<Vote>): void {
    for (const dispute of height.disputesOf(vote)) this.#evidence.add(dispute);
  }

  async #step(event: MachineEvent): Promise<void> {
    const height = this.#height;
    for (const action of height.machine.handle(event)) await this.#perform(height, action);
  }

  async #perform(height: Height, action: Action): Promise<void> {
    if (action.kind === "doubleVote" || action.kind === "doubleProposal") this.#evidence.add(action);
    if (height !== this.#height || this.#isStopped) return;
    if (action.kind === "propose") await this.#propose(height, action);
    if (action.kind === "signVote") await this.#vote(height, action);
    if (action.kind === "decide") await this.#decide(height, action.value);
  }

  async #propose(height: Height, { round, validRound, value, verdicts }: Propose): Promise<void> {
    const slot = slotOf(round, height.parent.slot);
    const block = value === undefined ? await this.makeBlock(slot) : height.blockOf(value);
    if (block === undefined) return;
    const chosen = value ?? this.parts.ledger.valueOf(block);
    const { epoch } = height.parent.set;
    const proposal = await this.signProposal({ epoch, height: height.number, round, validRound, ...chosen });
    if (proposal === undefined) return;
    this.parts.ledger.signatures.trust(proposal);
    height.note(proposal);
    height.accept(chosen, block);
    this.send({ kind: "proposal", proposal, block, verdicts });
    await this.#step({ kind: "proposal", proposal, isValid: true });
  }

  async #vote(height: Height, { vote, verdicts }: SignVote): Promise<void> {
    const locked = verdicts.length > 0 ? height.lockedProposal(vote, verdicts) : undefined;
    if (locked !== undefined) await this.parts.locks.keep(locked);
    const signed = await this.signVote(vote);
    if (signed === undefined) return;
    this.parts.ledger.signatures.trust(signed);
    this.#noteDisputes(height, signed);
    this.send({ kind: "vote", vote: signed });
    await this.#step({ kind: "vote", vote: signed });
  }

  async #decide(height: Height, value: Value): Promise<void> {
    const block = height.blockOf(value);
    if (block === undefined) return;
    await this.#append({ block, certificate: certificateOf(height.machine.certificate) }, height);
  }

  /** A block that a peer sent, in its turn. */
  #appendFetched(decided: DecidedBlock): Promise<boolean> {
    return new Promise((resolve) => {
      const isPosted = this.#mailbox.post(async () => {
        try {
          if (decided.block.number > this.parts.ledger.head.number) await this.#append(decided, undefined);
          resolve(true);
        } catch (error) {
          this.parts.say(String(error));
          resolve(false);
        }
      });
      if (!isPosted) resolve(false);
    });
  }

  async #append(decided: DecidedBlock, height: Height | undefined): Promise<void> {
    const { ledger, key, guard } = this.parts;
    await this.#keep(decided);
    this.#decided = height;
    this.#height = new Height(ledger.head, key.address, guard.lock());
    await this.mempool.update(decided.block);
    this.send({ kind: "head", height: ledger.head.number });
    const early = this.#early;
    this.#early = [];
    for (const { message, from } of early) this.#mailbox.post(() => this.#take(message, from));
  }

  /** After a block that was executed but not kept, all that the node says would be about another chain than its own. */
  async #keep(decided: DecidedBlock): Promise<void> {
    try {
      await this.parts.ledger.append(decided);
    } catch (error) {
      if (error instanceof LedgerBroken) {
        this.#isStopped = true;
        this.#timer.stop();
        this.parts.onFatal(error);
      }
      throw error;
    }
  }

  /** The head's certificate, with the comparisons that came in after it was decided. */
  #certificate() {
    const machine = this.#decided?.machine;
    return machine === undefined ? undefined : certificateOf(machine.certificate);
  }

  /** After a restart: gives the machine what the guard's lock is about. */
  async #restoreLock(): Promise<void> {
    const locked = await this.parts.locks.read();
    if (locked === undefined || locked.proposal.statement.height !== this.#height.number) return;
    await this.#takeProposal({ kind: "proposal", ...locked });
  }
}

async function unlessSigned<T>(signing: Promise<T>): Promise<T | undefined> {
  try {
    return await signing;
  } catch (error) {
    // After a restart in the middle of a round this is as it should be.
    if (error instanceof AlreadySigned) return undefined;
    throw error;
  }
}
