import { Wallet } from "ethers";
import type { Block } from "../../chain/hardhat/block.js";
import type { RunningNetwork } from "../../chain/hardhat/index.js";
import { signPeerRecord } from "../../chain/hardhat/peers/peerRecord.js";
import { Registration } from "../../chain/hardhat/peers/registration.js";
import { HttpTransport } from "../../chain/hardhat/transport/http.js";
import type { Message } from "../../chain/hardhat/transport/message.js";
import type { Receiver } from "../../chain/hardhat/transport/transport.js";
import { isVote, type Proposal, type Signed, type Vote } from "../../src/consensus/statement.js";
import { sameValue, type Value, valueKey } from "../../src/consensus/value.js";
import { isSignedByItsSigner } from "../../src/consensus/vote.js";
import type { TypedDomain } from "../../src/eip712.js";

/** A proposal, with the block that came along. */
export interface HeardProposal {
  readonly proposal: Signed<Proposal>;
  readonly block: Block;
  /** When it was heard first, in seconds since 1970. */
  readonly at: number;
}

export interface HeardVote {
  readonly vote: Signed<Vote>;
  /** When it was heard first, in seconds since 1970. */
  readonly at: number;
}

/** Two statements of one validator that should not both exist. */
export type Contradiction = readonly [Signed<Proposal | Vote>, Signed<Proposal | Vote>];

/** Hears everything that validators say to each other, as every peer does; has no seat, and says nothing. */
export class Wiretap implements Receiver {
  readonly #domain: TypedDomain;
  readonly #proposals = new Map<string, HeardProposal>();
  readonly #votes = new Map<string, HeardVote>();
  readonly #heads = new Map<string, { readonly height: number; readonly at: number }>();
  #close = async () => {};

  private constructor(domain: TypedDomain) {
    this.#domain = domain;
  }

  static async open({ gateway, observer }: RunningNetwork): Promise<Wiretap> {
    const { domain } = observer.ledger;
    const key = Wallet.createRandom();
    const tap = new Wiretap(domain);
    const transport = await HttpTransport.open(key.address);
    const record = await signPeerRecord(key, domain, transport.url);
    const registration = new Registration(gateway, record, transport, domain);
    transport.listen(tap);
    await registration.start();
    tap.#close = async () => {
      registration.stop();
      await transport.close();
    };
    return tap;
  }

  receive(message: Message, from: string): void {
    const at = Date.now() / 1_000;
    if (message.kind === "head") this.#heads.set(from, { height: message.height, at });
    if (message.kind === "vote") this.#note(message.vote, at);
    if (message.kind !== "proposal") return;
    const { proposal, block, verdicts } = message;
    if (!this.#proposals.has(proposal.signature)) this.#proposals.set(proposal.signature, { proposal, block, at });
    for (const verdict of verdicts) this.#note(verdict, at);
  }

  async read(): Promise<never[]> {
    return [];
  }

  close(): Promise<void> {
    return this.#close();
  }

  /** How many different statements were heard. */
  get size(): number {
    return this.#proposals.size + this.#votes.size;
  }

  /** How far a validator said it is, after a time in seconds since 1970; undefined if it said nothing. */
  headOf(validator: string, since: number): number | undefined {
    const head = this.#heads.get(validator);
    return head !== undefined && head.at >= since ? head.height : undefined;
  }

  /** The proposals that are heard first after a time, in the order in which they were. */
  proposalsSince(time: number): HeardProposal[] {
    return [...this.#proposals.values()].filter(({ at }) => at >= time);
  }

  /** The votes that were heard first after a time, in the order in which they were. */
  votesSince(time: number): HeardVote[] {
    return [...this.#votes.values()].filter(({ at }) => at >= time);
  }

  /** Who signed votes for a value: checksummed addresses. */
  signersFor(value: Value): Set<string> {
    const votes = this.votesSince(0).map(({ vote }) => vote);
    const genuine = votes.filter((vote) => sameValue(vote.statement, value) && isSignedByItsSigner(this.#domain, vote));
    return new Set(genuine.map(({ signer }) => signer));
  }

  /** All pairs of statements that were both signed by one validator for one step, and differ. */
  contradictions(): Contradiction[] {
    const firsts = new Map<string, Signed<Proposal | Vote>>();
    const found: Contradiction[] = [];
    const proposals = this.proposalsSince(0).map(({ proposal }) => proposal);
    for (const signed of [...proposals, ...this.votesSince(0).map(({ vote }) => vote)]) {
      const step = stepOf(signed);
      const first = firsts.get(step);
      if (first === undefined) firsts.set(step, signed);
      else if (contentOf(first) !== contentOf(signed)) found.push([first, signed]);
    }
    return found.filter((pair) => pair.every((signed) => isSignedByItsSigner(this.#domain, signed)));
  }

  #note(vote: Signed<Vote>, at: number): void {
    if (!this.#votes.has(vote.signature)) this.#votes.set(vote.signature, { vote, at });
  }
}

function stepOf({ signer, statement }: Signed<Proposal | Vote>): string {
  const { epoch, height, round } = statement;
  return [signer, epoch, height, round, isVote(statement) ? statement.phase : 0].join(" ");
}

function contentOf({ statement }: Signed<Proposal | Vote>): string {
  return `${isVote(statement) ? "" : statement.validRound} ${valueKey(statement)}`;
}
