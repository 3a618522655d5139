import { id, parseEther, type Signer, type Wallet } from "ethers";
import type { Healthchain } from "../../../ignition/deploy.js";
import { certificateDomain, enrollCertificate, issueCertificate, Role } from "../../../src/accounts/index.js";
import { allotEmission } from "../../../src/coin/index.js";
import { stand } from "../../../src/consensus/stand.js";
import { mined } from "../../../src/transaction.js";
import { CHAIN_ID } from "../replica/edr.js";

/** How a validator of the local network stands. */
export interface Candidacy {
  /** Wei of coin that it stakes itself. */
  readonly stake: bigint;
  /** The chain's time, in seconds since 1970. */
  readonly now: number;
}

/** Coin that is minted on a local network for the development of things, in wei. */
const DEVELOPMENT_QUOTA = parseEther("100000000");

/** Coin that validators may earn in all, in wei. */
const REWARD_QUOTA = parseEther("500000000");

const COMMISSION = 1_000;
const YEARS = 10;

/**
 * Allots the emission of a local network: to its operator, who hands coin out, and to the certifier, which pays rewards.
 *
 * @param contracts run by the operator.
 * @throws {ChainError}
 */
export async function fundEmission({ medicalCoin, blockCertifier }: Healthchain, operator: Signer): Promise<void> {
  await allotEmission(medicalCoin, await operator.getAddress(), DEVELOPMENT_QUOTA);
  await allotEmission(medicalCoin, await blockCertifier.getAddress(), REWARD_QUOTA);
}

/**
 * Makes a wallet an institution's, gives it coin, and lets it stand for election. On a local network one account is
 * registrar and operator.
 *
 * @param contracts run by that account.
 * @param operator that account.
 * @param wallet connected to the chain.
 * @throws {ChainError}
 */
export async function accredit(
  contracts: Healthchain,
  operator: Signer,
  wallet: Wallet,
  { stake, now }: Candidacy,
): Promise<void> {
  const { accountCenter, medicalCoin, validatorRegistry } = contracts;
  const present = new Date(now * 1_000);
  const expires = new Date(present);
  expires.setUTCFullYear(present.getUTCFullYear() + YEARS);
  const domain = certificateDomain(CHAIN_ID, await accountCenter.getAddress());
  const certificate = await issueCertificate(operator, domain, {
    wallet: wallet.address,
    role: Role.Institution,
    identityCommitment: id(`local validator ${wallet.address}`),
    expires,
    now: present,
  });
  await enrollCertificate(accountCenter, certificate);
  await mined(medicalCoin, () => medicalCoin.mint(wallet.address, stake));
  await stand(validatorRegistry.connect(wallet), { commission: COMMISSION, amount: stake });
}
