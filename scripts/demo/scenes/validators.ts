import { formatEther, keccak256 } from "ethers";
import { currentEpochOf, electedSetOf } from "../../../src/consensus/electedSet.js";
import { receiptEvent } from "../../../src/consensus/receiptEvent.js";
import { reportEquivocation } from "../../../src/consensus/report.js";
import { resign } from "../../../src/consensus/resign.js";
import { Phase, type Signed, type Vote } from "../../../src/consensus/statement.js";
import type { Seat } from "../../../src/consensus/validatorSet.js";
import { signStatement } from "../../../src/consensus/vote.js";
import { domainOf } from "../../../src/eip712.js";
import type { ConcurrentWallet } from "../concurrentWallet.js";
import type { Consortium } from "../consortium.js";
import { passEpoch } from "../epochs.js";
import { coins, percent } from "../report.js";
import type { Stage } from "../stage.js";

/** Who stops being a validator: one by its own will, one for good. With too few left, the set stays as it is. */
export async function playValidators(stage: Stage): Promise<void> {
  const { contracts, provider, network } = stage.consortium;
  const { validatorRegistry: registry, blockCertifier: certifier } = contracts;
  const [liar, leaver] = (await seatsNow(stage.consortium)).slice(-2);
  if (!liar || !leaver) throw new Error("The scenes need two validators.");

  await stage.play("an institution that resigns is no validator of the next epoch", "not elected", async () => {
    await resign(registry.connect(walletOf(stage.consortium, leaver)), leaver.candidate);
    await passEpoch(stage.consortium);
    const seats = await seatsNow(stage.consortium);
    const isElected = seats.some(({ candidate }) => candidate === leaver.candidate);
    const reason = `institution ${leaver.candidate} resigned, ${seats.length} validators go on`;
    return { got: isElected ? "elected" : "not elected", reason };
  });

  const [first, second] = await twoVerdicts(stage.consortium, walletOf(stage.consortium, liar));
  await stage.play("a validator that signs two verdicts loses its stake", "slashed", async () => {
    const { bonded } = await registry.poolOf(liar.candidate);
    const { candidate, receipt } = await reportEquivocation(certifier, first, second);
    const { args } = await receiptEvent(registry, receipt, "CandidateSlashed");
    const burned = Number(formatEther(BigInt(String(args.burned))));
    const part = percent(burned / Number(formatEther(bonded)));
    return { got: "slashed", reason: `institution ${candidate} lost ${coins(burned)}, ${part} of what was at stake` };
  });
  await stage.play("the same two verdicts, reported again", "CandidateStatusMismatch", async () => {
    await reportEquivocation(certifier, second, first);
    return "slashed twice";
  });
  await stage.play("with too few to elect, the validators stay and the network goes on", "the same", async () => {
    const before = await seatsNow(stage.consortium);
    await passEpoch(stage.consortium);
    const { number } = await currentEpochOf(registry);
    const [extended] = await registry.queryFilter(registry.filters.EpochExtended(number));
    if (!extended) return "others";
    const head = await provider.getBlockNumber();
    await network.mine();
    const made = (await provider.getBlockNumber()) - head;
    const after = await seatsNow(stage.consortium);
    const isSame = made === 1 && after.every(({ candidate }, seat) => candidate === before[seat]?.candidate);
    const reason = `${extended.args.eligible} could be elected, the ${after.length} of before made the next block`;
    return { got: isSame ? "the same" : "others", reason };
  });
}

async function seatsNow({ contracts }: Consortium): Promise<readonly Seat[]> {
  const { number } = await currentEpochOf(contracts.validatorRegistry);
  return (await electedSetOf(contracts.validatorRegistry, number)).set.seats;
}

function walletOf({ validators }: Consortium, { validator }: Seat): ConcurrentWallet {
  const wallet = validators.find(({ address }) => address === validator);
  if (!wallet) throw new Error(`The demo has no key of the validator ${validator}.`);
  return wallet;
}

/** The verdict on the last confirmed block, and another one for the same round: what the signing guard of a node refuses to sign. */
async function twoVerdicts(
  { contracts }: Consortium,
  validator: ConcurrentWallet,
): Promise<[Signed<Vote>, Signed<Vote>]> {
  const { blockCertifier: certifier } = contracts;
  const height = await certifier.confirmedHeight();
  const [confirmed] = await certifier.queryFilter(certifier.filters.BlockConfirmed(height));
  if (!confirmed) throw new Error(`Block ${height} has no certificate.`);
  const { epoch, round, blockHash, stateRoot } = confirmed.args;
  const verdict: Vote = {
    epoch: Number(epoch),
    height: Number(height),
    round: Number(round),
    phase: Phase.Verdict,
    blockHash,
    stateRoot,
    leadersHash: await certifier.leadersHash(),
  };
  const domain = await domainOf(certifier);
  const other = { ...verdict, stateRoot: keccak256(stateRoot) };
  return [await signStatement(validator, domain, verdict), await signStatement(validator, domain, other)];
}
