import { ZeroAddress } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { isActiveAt, unpackAccount } from "../../src/accounts/certifiedAccount.js";
import { checksummed } from "../../src/accounts/index.js";
import { ChainError } from "../../src/chainError.js";
import type { AccountCenter } from "../../types/ethers-contracts/index.js";
import { ArgumentInvalid } from "../arguments/argumentInvalid.js";
import { wholeNumberArgument } from "../arguments/number.js";
import { isoTime } from "../clock.js";
import { openDeployment } from "../deployment.js";

export default async function show({ account }: { readonly account: string }, hre: HardhatRuntimeEnvironment) {
  const { connection, contracts } = await openDeployment(hre);
  const wallet = await walletOf(contracts.accountCenter, account);
  const block = await connection.ethers.provider.getBlock("latest");
  const known = unpackAccount(BigInt(await contracts.accountCenter.accounts(wallet)));
  if (known.role === "None") throw new ChainError("AccountNotCertified", { wallet });
  const isInstitution = known.role === "Institution";
  const entry = isInstitution ? await contracts.accountCenter.institutionOf(known.number) : undefined;
  return {
    wallet,
    role: known.role,
    status: known.status,
    active: isActiveAt(known, block?.timestamp ?? 0),
    number: known.number,
    institution: known.institution,
    expires: isoTime(known.expiresAt),
    identityCommitment: await contracts.accountCenter.commitmentOf(wallet),
    ...(entry && { url: entry.fhirUrl, encryptionKey: entry.encryptionKey }),
  };
}

async function walletOf(accountCenter: AccountCenter, account: string): Promise<string> {
  const [, kind, number] = /^(institution|professional):(.*)$/.exec(account) ?? [];
  if (kind === undefined || number === undefined) return checksummed(account, "account");
  const wallet =
    kind === "institution"
      ? (await accountCenter.institutionOf(wholeNumberArgument(number, 1, 65_535))).wallet
      : await accountCenter.professionalWallet(wholeNumberArgument(number, 1, 2 ** 24 - 1));
  if (wallet === ZeroAddress) throw new ArgumentInvalid(account, `the number of an enrolled ${kind}`);
  return wallet;
}
