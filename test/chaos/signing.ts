import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { ValidatorProcess } from "../../chain/hardhat/network/childProcess.js";
import { Phase } from "../../src/consensus/statement.js";
import { type ChaosNetwork, everybody, honestProgram, SLOT } from "./chaosNetwork.js";
import { say, spread } from "./say.js";
import { untilCaughtUp, untilTheySign } from "./waits.js";
import type { HeardVote } from "./wiretap.js";

/** Milliseconds for which a process is killed again and again. */
const KILLING = 30_000;

/** Validators' signatures, when their processes come and go. */
export function signingScenes(chaos: () => ChaosNetwork): void {
  it("signs nothing twice, however often one is killed while it signs, and started again", async () => {
    const network = chaos();
    const victim = network.random.pick(everybody);
    const { number: before } = network.head;
    const since = Date.now() / 1_000;
    const startups: number[] = [];
    let backInSlot = 0;
    for (const end = Date.now() + KILLING; Date.now() < end; ) {
      if (startups.length % 2 === 0) await untilVerdict(network, victim);
      else await setTimeout(network.random.between(0, SLOT * 1_000));
      const { slot } = network;
      await network.kill(victim);
      startups.push(await network.restart(victim));
      if (network.slot === slot) backInSlot += 1;
    }
    await untilCaughtUp(network, [victim]);
    await untilTheySign(network, [victim]);
    const heard = network.wiretap.votesSince(since).filter(({ vote }) => vote.signer === network.addressOf(victim));
    const { blockCertifier } = network.contracts;
    expect(network.wiretap.contradictions()).to.deep.equal([]);
    expect(await blockCertifier.queryFilter(blockCertifier.filters.EquivocationProven())).to.deep.equal([]);
    say(
      `killed ${victim} ${startups.length} times in ${KILLING / 1_000} s, ${backInSlot} times back in the same slot ` +
        `(start: ${spread(startups)} ms)`,
    );
    say(
      `${heard.length} votes of it heard, none contradicts another; ${network.head.number - before} blocks meanwhile`,
    );
  });

  it("starts no second process with the key of one that runs, neither in its folder nor in another", async () => {
    const network = chaos();
    const number = network.random.pick(everybody);
    const { keyFile } = network.validator(number);
    const { gateway } = network.network;
    const copy = join(network.folderOf(number), "copy");
    for (const [folder, reason] of [
      [network.folderOf(number), /Another process uses/],
      [copy, /takes part in this network already/],
    ] as const) {
      const settings = { keyFile, folder, gateway };
      const refusal = await ValidatorProcess.start({ program: honestProgram, settings, say: () => {} }).then(
        (second) => second.kill().then(() => "It was not refused."),
        (error: Error) => error.message,
      );
      expect(refusal).to.match(reason);
    }
    await untilTheySign(network, [number]);
    say(`a second process for ${number} was refused twice, the first one goes on`);
  });
}

/** Waits until a validator gives its next verdict, but not for long: it may have missed the round. */
async function untilVerdict(network: ChaosNetwork, number: number): Promise<void> {
  const since = Date.now() / 1_000;
  const isItsVerdict = ({ vote }: HeardVote) =>
    vote.signer === network.addressOf(number) && vote.statement.phase === Phase.Verdict;
  while (Date.now() / 1_000 < since + 2 * SLOT && !network.wiretap.votesSince(since).some(isItsVerdict)) {
    await setTimeout(5);
  }
}
