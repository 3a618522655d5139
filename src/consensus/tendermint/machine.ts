import type { SigningLock } from "../guard/signingGuard.js";
import { slotOf } from "../slot.js";
import { Phase, type PhaseCode, type Proposal, type Signed, type Vote } from "../statement.js";
import type { ValidatorSet } from "../validatorSet.js";
import { isNil, NIL, sameValue, type Value, valueIn } from "../value.js";
import type { Action, MachineEvent } from "./event.js";
import { RoundMemory } from "./memory.js";
import type { JudgedProposal } from "./round.js";

/** A value and the round in which it had two thirds of the verdicts. */
export interface RoundValue {
  readonly round: number;
  readonly value: Value;
}

/** One height to be decided, as the paper's consensus instance. */
export interface Instance {
  readonly height: number;
  /** The validators of this height: as of the state after the block before it. */
  readonly set: ValidatorSet;
  /** Slot in which the block before this height was made. */
  readonly parentSlot: number;
  /** Checksummed address of this node's validator; without one, or without a seat, the machine only watches. */
  readonly self?: string | undefined;
  /** The lock that the signing guard kept over a restart; one of another height is ignored. */
  readonly lock?: SigningLock | undefined;
}

/** Statements to be sent again. */
export interface Repetition {
  readonly votes: readonly Signed<Vote>[];
  readonly proposals: readonly Signed<Proposal>[];
}

/** What a validator has done in its round; after a decision it does nothing more. */
const Step = { Propose: 0, Verdict: 1, Comparison: 2, Decided: 3 } as const;
type StepCode = (typeof Step)[keyof typeof Step];

/**
 * Agreement on one height: Algorithm 1 of Buchman, Kwon, Milosevic, "The latest gossip on BFT consensus"
 * (arXiv:1807.04938). The comments name its lines. Pure: events in, actions out; no clock, no keys, no network. Whoever
 * feeds it has checked the signatures.
 *
 * Verdict is the paper's PREVOTE, comparison its PRECOMMIT; a vote counts with its validator's power. The leader of a round
 * is the schedule's. The clock ends the steps and the rounds, where the paper waits for 2f + 1 messages and then for a
 * timeout (lines 34, 47 and 65 to 67), and where f + 1 messages of a later round pull a process forward (line 55): all
 * nodes enter a round with its slot, so there is nobody to catch up with. Safety uses none of these rules.
 */
export class TendermintMachine {
  readonly #instance: Instance;
  readonly #seat: number | undefined;
  readonly #memory: RoundMemory;
  #round = -1;
  #step: StepCode = Step.Propose;
  #hasSeenQuorum = false;
  #locked: RoundValue | undefined;
  #valid: RoundValue | undefined;
  #decision: RoundValue | undefined;
  #actions: Action[] = [];

  constructor(instance: Instance) {
    this.#instance = instance;
    this.#seat = instance.self === undefined ? undefined : instance.set.seatOf(instance.self);
    this.#memory = new RoundMemory((round) => this.#leaderOf(round));
    // The guard kept the lock. What it was locked on had the verdicts of a quorum, so it is valid too.
    const { height, lock } = instance;
    this.#locked = lock?.height === height ? { round: lock.round, value: lock.value } : undefined;
    this.#valid = this.#locked;
  }

  /** The present round; -1 before the first. */
  get round(): number {
    return this.#round;
  }

  /** The paper's lockedValue and lockedRound. */
  get locked(): RoundValue | undefined {
    return this.#locked;
  }

  /** The paper's validValue and validRound. */
  get valid(): RoundValue | undefined {
    return this.#valid;
  }

  /** What was decided, and in which round. */
  get decision(): RoundValue | undefined {
    return this.#decision;
  }

  /** The comparisons for the decision in its round, also those that came after it; empty while there is none. */
  get certificate(): readonly Signed<Vote>[] {
    if (this.#decision === undefined) return [];
    const { round, value } = this.#decision;
    return this.#memory.at(round)?.comparisons.votesFor(value) ?? [];
  }

  /**
   * What a peer needs that missed it: everything of the present round, and the proposal and verdicts that make the valid
   * value valid. Sending this in every round while the height is undecided is all that progress asks of the network. The
   * receiver takes the votes first: they may be why a proposal is of use.
   */
  get worthRepeating(): Repetition {
    const present = this.#memory.at(this.#round);
    const votes = [...(present?.verdicts.votes() ?? []), ...(present?.comparisons.votes() ?? [])];
    const proposals = present?.proposals ?? [];
    const valid = this.#valid?.round === this.#round ? undefined : this.#valid;
    if (valid === undefined) return { votes, proposals: proposals.map(({ signed }) => signed) };
    const earlier = this.#memory.at(valid.round)?.proposals ?? [];
    return {
      votes: [...this.#verdictsFor(valid), ...votes],
      proposals: [...earlier, ...proposals].map(({ signed }) => signed),
    };
  }

  /**
   * Whether this proposal can still matter, so that its block is worth an audit: not a liar's second one, unless a quorum
   * voted for it.
   */
  isOfUse(proposal: Proposal): boolean {
    const first = this.#memory.at(proposal.round)?.proposal;
    return first === undefined || this.#isBacked(proposal.round, proposal);
  }

  /**
   * Takes one event. Statements of another height or epoch, of strangers, of a round's false leader, and those seen before
   * are ignored.
   *
   * @returns what is to be done about it, in this order.
   */
  handle(event: MachineEvent): Action[] {
    this.#actions = [];
    switch (event.kind) {
      case "roundStarted":
        this.#startRound(event.round);
        break;
      case "proposeTimeout":
        this.#onProposeTimeout(event.round);
        break;
      case "verdictTimeout":
        this.#onVerdictTimeout(event.round);
        break;
      case "proposal":
        this.#takeProposal({ signed: event.proposal, isValid: event.isValid });
        break;
      case "vote":
        this.#takeVote(event.vote);
        break;
    }
    return this.#actions;
  }

  /**
   * The lock's part of lines 23 and 29: whether a locked validator may give a value its verdict. Line 23 is the case
   * `validRound` -1.
   */
  protected lockPermits(value: Value, validRound: number): boolean {
    const locked = this.#locked;
    return locked === undefined || locked.round <= validRound || sameValue(locked.value, value);
  }

  /** Lines 11 to 21. */
  #startRound(round: number): void {
    if (this.#step === Step.Decided || round <= this.#round) return;
    this.#round = round;
    this.#step = Step.Propose;
    this.#hasSeenQuorum = false;
    this.#memory.startRound(round, [this.#locked?.round, this.#valid?.round]);
    if (this.#seat !== undefined && this.#leaderOf(round) === this.#seat) this.#propose();
    this.#applyRules(round);
  }

  /** Lines 14 to 19. */
  #propose(): void {
    const round = this.#round;
    const valid = this.#valid;
    if (valid === undefined) {
      this.#actions.push({ kind: "propose", round, validRound: -1, value: undefined, verdicts: [] });
    } else {
      const verdicts = this.#verdictsFor(valid);
      this.#actions.push({ kind: "propose", round, validRound: valid.round, value: valid.value, verdicts });
    }
  }

  /** Lines 57 to 60. */
  #onProposeTimeout(round: number): void {
    if (round !== this.#round || this.#step !== Step.Propose) return;
    this.#giveVerdict(NIL);
    this.#applyRules(round);
  }

  /** Lines 61 to 64. */
  #onVerdictTimeout(round: number): void {
    if (round !== this.#round || this.#step !== Step.Verdict) return;
    this.#compare(NIL);
  }

  #takeProposal(proposal: JudgedProposal): void {
    const { statement } = proposal.signed;
    const seat = this.#authorOf(proposal.signed);
    if (seat === undefined || seat !== this.#leaderOf(statement.round) || isNil(statement)) return;
    const messages = this.#memory.open(statement.round, seat);
    const first = messages?.propose(proposal, () => this.#isBacked(statement.round, statement));
    if (first !== undefined) this.#actions.push({ kind: "doubleProposal", first, second: proposal.signed });
    this.#applyRules(statement.round);
  }

  #takeVote(vote: Signed<Vote>): void {
    const { round, phase } = vote.statement;
    const seat = this.#authorOf(vote);
    if (seat === undefined) return;
    const power = this.#instance.set.powerOf(seat);
    const tally = this.#memory.open(round, seat)?.tallyOf(phase);
    const first = tally?.add(seat, power, vote, () => this.#memory.hasProposalOf(vote.statement));
    if (first !== undefined) this.#actions.push({ kind: "doubleVote", first, second: vote });
    this.#applyRules(round);
  }

  /** The rules that the messages of a round can fulfil. Each leads to a later step only, so that one pass is enough. */
  #applyRules(round: number): void {
    if (this.#step === Step.Decided) return;
    this.#uponFreshProposal();
    this.#uponRepeatedProposal();
    this.#uponVerdictsForProposal();
    this.#uponVerdictsForNil();
    this.#uponLateVerdicts(round);
    this.#uponComparisons(round);
  }

  /** Lines 22 to 27. */
  #uponFreshProposal(): void {
    const proposal = this.#memory.at(this.#round)?.proposal;
    if (this.#step !== Step.Propose || proposal?.signed.statement.validRound !== -1) return;
    this.#judge(proposal);
  }

  /** Lines 28 to 33. */
  #uponRepeatedProposal(): void {
    const proposal = this.#memory.at(this.#round)?.proposal;
    if (this.#step !== Step.Propose || proposal === undefined) return;
    const { validRound } = proposal.signed.statement;
    if (validRound < 0 || validRound >= this.#round) return;
    if (this.#hasQuorum(validRound, Phase.Verdict, proposal.signed.statement)) this.#judge(proposal);
  }

  /** Lines 23 to 27, and 29 to 33. */
  #judge({ signed: { statement }, isValid }: JudgedProposal): void {
    const value = valueIn(statement);
    this.#giveVerdict(isValid && this.lockPermits(value, statement.validRound) ? value : NIL);
  }

  /** Lines 36 to 43. */
  #uponVerdictsForProposal(): void {
    if (this.#hasSeenQuorum || this.#step < Step.Verdict) return;
    const supported = this.#supported(this.#round, Phase.Verdict);
    if (supported === undefined) return;
    this.#hasSeenQuorum = true;
    if (this.#step === Step.Verdict) {
      this.#locked = supported;
      this.#compare(supported.value);
    }
    this.#valid = supported;
  }

  /**
   * Lines 42 and 43 for a round that is over: the one addition to the paper, which waits until a validator who knows of
   * these verdicts leads. Where leading goes by power, a small one that is locked could hold up all others for days. Safe,
   * because the valid value only decides what a leader proposes; what it then needs (line 28) is as before.
   */
  #uponLateVerdicts(round: number): void {
    if (round >= this.#round || round <= (this.#valid?.round ?? -1)) return;
    this.#valid = this.#supported(round, Phase.Verdict) ?? this.#valid;
  }

  /** Lines 44 to 46. */
  #uponVerdictsForNil(): void {
    if (this.#step !== Step.Verdict || !this.#hasQuorum(this.#round, Phase.Verdict, NIL)) return;
    this.#compare(NIL);
  }

  /** Lines 49 to 54. The comparisons may be of any round, also of one that is over or has not begun here. */
  #uponComparisons(round: number): void {
    const decision = this.#supported(round, Phase.Comparison);
    if (decision === undefined) return;
    this.#decision = decision;
    this.#step = Step.Decided;
    this.#actions.push({ kind: "decide", ...decision, certificate: this.certificate });
  }

  #giveVerdict(value: Value): void {
    this.#step = Step.Verdict;
    this.#vote(Phase.Verdict, value, []);
  }

  #compare(value: Value): void {
    this.#step = Step.Comparison;
    const verdicts = isNil(value) ? [] : this.#verdictsFor({ round: this.#round, value });
    this.#vote(Phase.Comparison, value, verdicts);
  }

  #vote(phase: PhaseCode, value: Value, verdicts: readonly Signed<Vote>[]): void {
    if (this.#seat === undefined) return;
    const { height, set } = this.#instance;
    const vote = { epoch: set.epoch, height, round: this.#round, phase, ...value };
    this.#actions.push({ kind: "signVote", vote, verdicts });
  }

  #hasQuorum(round: number, phase: PhaseCode, value: Value): boolean {
    const power = this.#memory.at(round)?.tallyOf(phase).powerFor(value) ?? 0n;
    return this.#instance.set.isQuorum(power);
  }

  /** The valid proposal of a round that a quorum voted for. */
  #supported(round: number, phase: PhaseCode): RoundValue | undefined {
    for (const { signed, isValid } of this.#memory.at(round)?.proposals ?? []) {
      const { statement } = signed;
      if (isValid && this.#hasQuorum(round, phase, statement)) return { round, value: valueIn(statement) };
    }
    return undefined;
  }

  #isBacked(round: number, value: Value): boolean {
    return this.#hasQuorum(round, Phase.Verdict, value) || this.#hasQuorum(round, Phase.Comparison, value);
  }

  #verdictsFor({ round, value }: RoundValue): Signed<Vote>[] {
    return this.#memory.at(round)?.verdicts.votesFor(value) ?? [];
  }

  #leaderOf(round: number): number {
    return this.#instance.set.leaderSeat(slotOf(round, this.#instance.parentSlot));
  }

  #authorOf({ statement, signer }: Signed<Proposal | Vote>): number | undefined {
    const { set, height } = this.#instance;
    return statement.epoch === set.epoch && statement.height === height ? set.seatOf(signer) : undefined;
  }
}
