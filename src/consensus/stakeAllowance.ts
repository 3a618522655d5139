import { type MedicalCoin, MedicalCoin__factory, type ValidatorRegistry } from "../../types/ethers-contracts/index.js";
import { ChainError, chainErrorOf } from "../chainError.js";
import { mined } from "../transaction.js";
import { senderOf } from "./sender.js";

/**
 * Lets the registry take stake from its runner's account: exactly `amount`, and only if it may not take as much already.
 * What the registry would refuse for another reason is found first, so that no allowance is left behind.
 *
 * @param amount in wei of coin.
 * @param rehearse asks the registry, without a transaction, for what needs the allowance.
 * @throws {ChainError} if the registry would refuse, or the account has too little coin; {@link SenderMissing}.
 */
export async function allowStake(
  registry: ValidatorRegistry,
  amount: bigint,
  rehearse: () => Promise<unknown>,
): Promise<void> {
  const coin = MedicalCoin__factory.connect(await registry.medicalCoin(), registry.runner);
  const owner = await senderOf(registry);
  if ((await coin.allowance(owner, registry)) >= amount) return;
  await refuseOtherwise(rehearse);
  await requireBalance(coin, owner, amount);
  await mined(coin, () => coin.approve(registry, amount));
}

/** The registry takes the coin last: whoever lacks but the allowance may do all the rest. */
async function refuseOtherwise(rehearse: () => Promise<unknown>): Promise<void> {
  try {
    await rehearse();
  } catch (error) {
    const refused = chainErrorOf(error);
    if (refused?.errorName !== "ERC20InsufficientAllowance") throw refused ?? error;
  }
}

async function requireBalance(coin: MedicalCoin, sender: string, needed: bigint): Promise<void> {
  const balance = await coin.balanceOf(sender);
  if (balance < needed) throw new ChainError("ERC20InsufficientBalance", { sender, balance, needed });
}
