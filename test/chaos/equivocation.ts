import { expect } from "chai";
import { candidacyOf, setValidatorRules, validatorRulesOf } from "../../src/consensus/index.js";
import { isVote } from "../../src/consensus/statement.js";
import { type ChaosNetwork, everybody, Faulty } from "./chaosNetwork.js";
import { say } from "./say.js";
import { until, untilBlocks } from "./waits.js";

const BASIS_POINTS = 10_000n;

/** The shortest epoch that there may be, in seconds. */
const SHORT_EPOCH = 10;

/** A validator that signs two things. */
export function equivocationScenes(chaos: () => ChaosNetwork): void {
  it("slashes an equivocator exactly once, leaves it out of the next epoch, and goes on with the rest", async () => {
    const network = chaos();
    const { blockCertifier, medicalCoin, validatorRegistry } = network.contracts;
    const culprit = network.addressOf(Faulty.TwoFaced);
    const proofs = () => blockCertifier.queryFilter(blockCertifier.filters.EquivocationProven());
    const slashes = () => validatorRegistry.queryFilter(validatorRegistry.filters.CandidateSlashed());
    const rules = await validatorRulesOf(validatorRegistry);
    const { bonded: stake } = await validatorRegistry.poolOf(Faulty.TwoFaced);

    network.switchFault(Faulty.TwoFaced);
    await until(network, "it is slashed", 20, async () => (await slashes()).length > 0);
    const double = () => network.wiretap.contradictions().filter(([{ signer }]) => signer === culprit);
    const isOfProposals = ([{ statement }]: ReturnType<typeof double>[number]) => !isVote(statement);
    await until(network, "it proposes two blocks", 20, () => double().some(isOfProposals));
    await untilBlocks(network, network.head.number, 2, 20);
    const [slash, ...more] = await slashes();
    const [proof, ...moreProofs] = await proofs();
    const at = slash?.blockNumber ?? 0;
    const burned = (stake * BigInt(rules.slashFraction)) / BASIS_POINTS;
    const supply = (blockTag: number) => medicalCoin.totalSupply({ blockTag });
    expect([more, moreProofs]).to.deep.equal([[], []]);
    expect([proof?.args.validator, slash?.args.candidate]).to.deep.equal([culprit, BigInt(Faulty.TwoFaced)]);
    expect(slash?.args.burned).to.equal(burned);
    expect((await supply(at - 1)) - (await supply(at))).to.equal(burned);
    expect(await candidacyOf(validatorRegistry, Faulty.TwoFaced)).to.have.property("status", "Tombstoned");
    const pairs = double();
    say(
      `${pairs.length} pairs of statements that contradict each other, ${pairs.filter(isOfProposals).length} of them ` +
        `proposals; slashed once, in block ${at}: ${burned / 10n ** 18n} of ${stake / 10n ** 18n} coin burned`,
    );

    const { epoch } = network.head.set;
    await setValidatorRules(validatorRegistry, { ...rules, epochLength: SHORT_EPOCH });
    await until(network, "the next epoch begins", 20, () => network.head.set.epoch > epoch);
    const members = network.head.set.seats.map(({ candidate }) => candidate);
    const { number } = network.head;
    await untilBlocks(network, number, 8, 30);
    expect(members).to.deep.equal(everybody.filter((candidate) => candidate !== Faulty.TwoFaced));
    expect(await slashes()).to.have.length(1);
    say(
      `epoch ${epoch + 1} has the validators ${members}; blocks ${number + 1} to ${network.head.number} decided by them`,
    );
  });
}
