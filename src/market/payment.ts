import { Signature, type Signer } from "ethers";
import { type DataMarket, type MedicalCoin, MedicalCoin__factory } from "../../types/ethers-contracts/index.js";
import { ChainError } from "../chainError.js";
import { signPermit } from "../coin/permit.js";
import { SenderMissing, senderOf } from "../consensus/sender.js";
import { domainOf } from "../eip712.js";
import { blockAt, providerOf } from "../provider.js";

/** How long a permit for an order counts, in seconds. */
const PERMIT_TIME = 3_600;

/** A permit as the market takes it. */
export interface PaymentPermit {
  readonly deadline: number;
  readonly v: number;
  readonly r: string;
  readonly s: string;
}

/** Whether the market may take `payment` wei from its runner's account already. @throws {SenderMissing} */
export async function mayTake(market: DataMarket, payment: bigint): Promise<boolean> {
  const coin = await coinOf(market);
  return (await coin.allowance(await senderOf(market), market)) >= payment;
}

/**
 * Has the market's runner sign that the market may take `payment` wei, within the hour.
 *
 * @throws {ChainError} `ERC20InsufficientBalance`; {@link SenderMissing}; {@link ProviderMissing}; {@link DomainRefused}.
 */
export async function permitFor(market: DataMarket, payment: bigint): Promise<PaymentPermit> {
  const coin = await coinOf(market);
  const owner = signerOf(market);
  const { timestamp } = await blockAt(providerOf(market), "latest");
  const terms = {
    spender: await market.getAddress(),
    value: payment,
    nonce: await coin.nonces(await owner.getAddress()),
    deadline: timestamp + PERMIT_TIME,
  };
  const { permit, signature } = await signPermit(owner, await domainOf(coin), terms);
  const { v, r, s } = Signature.from(signature);
  return { deadline: permit.deadline, v, r, s };
}

/** Checks that the market's runner has the coin. @throws {ChainError} `ERC20InsufficientBalance`; {@link SenderMissing}. */
export async function requireCoin(market: DataMarket, needed: bigint): Promise<void> {
  const coin = await coinOf(market);
  const sender = await senderOf(market);
  const balance = await coin.balanceOf(sender);
  if (balance < needed) throw new ChainError("ERC20InsufficientBalance", { sender, balance, needed });
}

/** The coin that the market takes, for the market's runner. */
export async function coinOf(market: DataMarket): Promise<MedicalCoin> {
  return MedicalCoin__factory.connect(await market.medicalCoin(), market.runner);
}

function signerOf({ runner }: DataMarket): Signer {
  if (runner === null || !("signTypedData" in runner)) throw new SenderMissing();
  return runner as Signer;
}
