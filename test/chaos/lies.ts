import { expect } from "chai";
import { Phase, type Signed, type Vote } from "../../src/consensus/statement.js";
import { type Value, valueIn, valueKey } from "../../src/consensus/value.js";
import { isSignedByItsSigner } from "../../src/consensus/vote.js";
import { FALSE_ROOT } from "../doubles/Validator__Harness.js";
import { type ChaosNetwork, Faulty } from "./chaosNetwork.js";
import { watchGuards } from "./guards.js";
import { say } from "./say.js";
import { expectOnlyLost } from "./slots.js";
import { until, untilBlocks, untilSlot } from "./waits.js";
import type { HeardProposal } from "./wiretap.js";

/** Kinds of lies that the lying leader tells, in turn. */
const LIES = ["state root", "block hash", "miner"];

/** Validators that lie or are silent, but sign nothing twice. */
export function lyingScenes(chaos: () => ChaosNetwork): void {
  it("outvotes a validator that lies about the state, and records it", async () => {
    const network = chaos();
    const liar = network.addressOf(Faulty.LyingValidator);
    const { number: before } = network.head;
    const { blockCertifier } = network.contracts;
    const disputes = () => blockCertifier.queryFilter(blockCertifier.filters.DisputeRecorded(), before);
    network.switchFault(Faulty.LyingValidator);
    await untilBlocks(network, before, 5, 30);
    await until(network, "a dispute is on record", 10, async () => (await disputes()).length > 0);
    network.switchFault(Faulty.LyingValidator);

    const recorded = await disputes();
    for (const { args } of recorded) {
      const [one, other] = [signedBy(args.one, args.oneVote), signedBy(args.other, args.otherVote)];
      const [lie, truth] = one.signer === liar ? [one, other] : [other, one];
      expect(lie.signer).to.equal(liar);
      expect(lie.statement).to.deep.equal({ ...truth.statement, stateRoot: FALSE_ROOT });
      const { domain } = network.network.observer.ledger;
      expect([one, other].every((vote) => isSignedByItsSigner(domain, vote))).to.equal(true);
    }
    const lies = network.wiretap.votesSince(0).filter(({ vote }) => vote.statement.stateRoot === FALSE_ROOT);
    for (const { vote } of lies) expect([...network.wiretap.signersFor(vote.statement)]).to.deep.equal([liar]);
    const blocks = [...network.decided.values()].map(({ block }) => block);
    expect(blocks.map(({ stateRoot }) => stateRoot)).to.not.include(FALSE_ROOT);
    say(
      `${lies.length} false verdicts, ${recorded.length} disputes on record that name ${Faulty.LyingValidator}; ` +
        `blocks ${before + 1} to ${network.head.number} decided all the same`,
    );
  });

  it("gives a lying leader no honest signature; it loses its slots, and the next leaders go on", async () => {
    const network = chaos();
    const liar = network.addressOf(Faulty.LyingLeader);
    const since = Date.now() / 1_000;
    const from = network.slot + 1;
    const others = network.network.validators.filter(({ address }) => address !== liar).map(({ number }) => number);
    // What it proposed in the slot in which it was told to lie may still have been the truth.
    const isLie = ({ proposal, block }: HeardProposal) =>
      proposal.signer === liar && proposal.statement.validRound < 0 && block.slot >= from;
    const lies = () => network.wiretap.proposalsSince(since).filter(isLie);
    const folders = others.map((number) => network.folderOf(number));
    const signed = await watchGuards(folders, async () => {
      network.switchFault(Faulty.LyingLeader);
      await until(network, "three lies were told", 35, () => lies().length >= LIES.length);
      network.switchFault(Faulty.LyingLeader);
      await untilSlot(network, network.slot + 3);
    });

    const told = lies().slice(0, LIES.length);
    const kinds = told.map((lie) => kindOf(lie, liar));
    // It may have begun in that slot already.
    const first = LIES.indexOf(kinds[0] ?? "");
    expect(kinds).to.deep.equal([...LIES.slice(first), ...LIES.slice(0, first)]);
    for (const { proposal } of told) {
      const signers = network.wiretap.signersFor(proposal.statement);
      signers.delete(liar);
      expect([...signers]).to.deep.equal([]);
      expect(signed.has(valueKey(proposal.statement))).to.equal(false);
    }
    const end = (told.at(-1)?.block.slot ?? from) + 2;
    say(`lies about ${LIES.join(", ")}: no signature among ${signed.size} values in the guards of the other six`);
    expectOnlyLost(network, [Faulty.LyingLeader], from, end);
  });

  it("loses the slots of a silent leader, one each", async () => {
    const network = chaos();
    const from = network.slot + 1;
    let end = from;
    for (let silent = 0; silent < 2; end += 1) if (network.leaderOf(end) === Faulty.SilentLeader) silent += 1;
    network.switchFault(Faulty.SilentLeader);
    await untilSlot(network, end);
    network.switchFault(Faulty.SilentLeader);
    await untilSlot(network, end + 2);
    expectOnlyLost(network, [Faulty.SilentLeader], from, end + 1);
  });
}

/** Which of its lies a lying leader told. */
function kindOf({ proposal, block }: HeardProposal, leader: string): string {
  if (block.miner !== leader) return "miner";
  return proposal.statement.stateRoot === FALSE_ROOT ? "state root" : "block hash";
}

/** A signed vote as the chain gives it back. */
interface RecordedVote {
  readonly vote: Value & Readonly<Record<"epoch" | "height" | "round" | "phase", bigint>>;
  readonly signature: string;
}

function signedBy(signer: string, { vote, signature }: RecordedVote): Signed<Vote> {
  const [epoch, height, round] = [Number(vote.epoch), Number(vote.height), Number(vote.round)];
  return { statement: { epoch, height, round, phase: Phase.Verdict, ...valueIn(vote) }, signer, signature };
}
