import { Signature, type Signer } from "ethers";
import { type MarketClearing, MedicalCoin__factory } from "../../types/ethers-contracts/index.js";
import { ChainError } from "../chainError.js";
import { signPermit } from "../coin/permit.js";
import { receiptEvent } from "../consensus/receiptEvent.js";
import { domainOf } from "../eip712.js";
import { blockAt, providerOf } from "../provider.js";
import { type Mined, mined } from "../transaction.js";
import { type BidTerms, bidTermsOnChain, escrowOf } from "./clearingBid.js";

/** So long a permit that is sent at once stays good, in seconds. */
const PERMIT_TIME = 3_600;

/** A bid that was placed. */
export interface BidPlaced extends Mined {
  /** Its number in the round, from 0. */
  readonly index: number;
  /** What was taken with it, in wei of coin. */
  readonly escrow: bigint;
}

/**
 * Bids in a round, bindingly, and pays the escrow by a permit for exactly as much, in one transaction.
 *
 * @param bidder the wallet of an active researcher or company, an account that signs; it pays the gas as well.
 * @param round its number.
 * @throws {ChainError} if the clearing refuses, or there is too little coin; {@link BidInvalid}; {@link ProviderMissing}.
 */
export async function placeBid(
  clearing: MarketClearing,
  bidder: Signer,
  round: number,
  terms: BidTerms,
): Promise<BidPlaced> {
  const onChain = bidTermsOnChain(terms);
  const escrow = escrowOf(terms);
  const connected = clearing.connect(bidder);
  const { deadline, signature } = await permitFor(connected, bidder, escrow);
  const { v, r, s } = Signature.from(signature);
  const { receipt } = await mined(connected, () => connected.bidWithPermit(round, onChain, deadline, v, r, s));
  const { args } = await receiptEvent(connected, receipt, "BidPlaced");
  return { index: Number(args.index), escrow, receipt };
}

async function permitFor(clearing: MarketClearing, owner: Signer, value: bigint) {
  const coin = MedicalCoin__factory.connect(await clearing.medicalCoin(), owner);
  const [balance, nonce, domain, spender, { timestamp }] = await Promise.all([
    coin.balanceOf(owner),
    coin.nonces(owner),
    domainOf(coin),
    clearing.getAddress(),
    blockAt(providerOf(clearing), "latest"),
  ]);
  const sender = await owner.getAddress();
  if (balance < value) throw new ChainError("ERC20InsufficientBalance", { sender, balance, needed: value });
  const deadline = timestamp + PERMIT_TIME;
  const { signature } = await signPermit(owner, domain, { spender, value, nonce, deadline });
  return { deadline, signature };
}
