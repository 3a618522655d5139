import { Signature, type Signer } from "ethers";
import {
  type DataMarket,
  type MarketClearing,
  type MedicalCoin,
  MedicalCoin__factory,
} from "../../types/ethers-contracts/index.js";
import { ChainError } from "../chainError.js";
import { signPermit } from "../coin/permit.js";
import { SenderMissing, senderOf } from "../consensus/sender.js";
import { domainOf } from "../eip712.js";
import { blockAt, providerOf } from "../provider.js";

/** How long a permit counts, in seconds: it is sent at once. */
const PERMIT_TIME = 3_600;

/** What takes coin for what it does, from its runner's account. */
export type CoinTaker = DataMarket | MarketClearing;

/** A permit as a market takes it. */
export interface PaymentPermit {
  readonly deadline: number;
  readonly v: number;
  readonly r: string;
  readonly s: string;
}

/** Whether `taker` may take `payment` wei from its runner's account already. @throws {SenderMissing} */
export async function mayTake(taker: CoinTaker, payment: bigint): Promise<boolean> {
  const coin = await coinOf(taker);
  return (await coin.allowance(await senderOf(taker), taker)) >= payment;
}

/**
 * Has the runner of `taker` sign that it may take `payment` wei, within the hour.
 *
 * @throws {ChainError} `ERC20InsufficientBalance`; {@link SenderMissing}; {@link ProviderMissing}; {@link DomainRefused}.
 */
export async function permitFor(taker: CoinTaker, payment: bigint): Promise<PaymentPermit> {
  const coin = await coinOf(taker);
  const owner = signerOf(taker);
  const { timestamp } = await blockAt(providerOf(taker), "latest");
  const terms = {
    spender: await taker.getAddress(),
    value: payment,
    nonce: await coin.nonces(await owner.getAddress()),
    deadline: timestamp + PERMIT_TIME,
  };
  const { permit, signature } = await signPermit(owner, await domainOf(coin), terms);
  const { v, r, s } = Signature.from(signature);
  return { deadline: permit.deadline, v, r, s };
}

/** Checks that the runner of `taker` has the coin. @throws {ChainError} `ERC20InsufficientBalance`; {@link SenderMissing}. */
export async function requireCoin(taker: CoinTaker, needed: bigint): Promise<void> {
  const coin = await coinOf(taker);
  const sender = await senderOf(taker);
  const balance = await coin.balanceOf(sender);
  if (balance < needed) throw new ChainError("ERC20InsufficientBalance", { sender, balance, needed });
}

/** The coin that `taker` takes, for its runner. */
export async function coinOf(taker: CoinTaker): Promise<MedicalCoin> {
  return MedicalCoin__factory.connect(await taker.medicalCoin(), taker.runner);
}

function signerOf({ runner }: CoinTaker): Signer {
  if (runner === null || !("signTypedData" in runner)) throw new SenderMissing();
  return runner as Signer;
}
