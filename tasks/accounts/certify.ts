import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import {
  type AccountStore,
  type CertificateRequest,
  certificateDomain,
  checksummed,
  commitToIdentity,
  issueCertificate,
  newCommitmentSalt,
  roleName,
} from "../../src/accounts/index.js";
import { ArgumentMissing, required } from "../arguments/argumentInvalid.js";
import { identityArgument } from "../arguments/identity.js";
import { roleArgument } from "../arguments/names.js";
import { wholeNumberArgument, wordArgument } from "../arguments/number.js";
import { momentArgument } from "../arguments/time.js";
import { isoTime, nowOf } from "../clock.js";
import { openDeployment } from "../deployment.js";
import { writeJson } from "../file.js";
import { signerOf } from "../signer.js";
import { withStore } from "../store.js";

interface CertifyArguments {
  readonly wallet: string | undefined;
  readonly role: string | undefined;
  readonly institution: string | undefined;
  readonly expires: string;
  readonly exact: boolean;
  readonly commitment: string | undefined;
  readonly identity: string | undefined;
  readonly store: string | undefined;
  readonly out: string | undefined;
  readonly from: string;
}

type Holder = Pick<CertificateRequest, "wallet" | "role" | "identityCommitment"> & { readonly salt?: string };

export default async function certify(args: CertifyArguments, hre: HardhatRuntimeEnvironment) {
  const wallet = checksummed(required(args.wallet, "wallet", "the address to certify"), "wallet to certify");
  if (args.store === undefined) return issue(holderOf(wallet, args), args, hre);
  return withStore(hre, args.store, (store) => issue(registeredHolder(store, wallet), args, hre, store));
}

async function issue(
  { salt, ...holder }: Holder,
  args: CertifyArguments,
  hre: HardhatRuntimeEnvironment,
  store?: AccountStore,
) {
  const { connection, addresses } = await openDeployment(hre);
  const now = await nowOf(connection);
  const registrar = await signerOf(connection, args.from);
  const { chainId } = await connection.ethers.provider.getNetwork();
  const signed = await issueCertificate(registrar, certificateDomain(chainId, addresses.accountCenter), {
    ...holder,
    institution: args.institution === undefined ? 0 : wholeNumberArgument(args.institution, 0, 65_535),
    expires: momentArgument(args.expires, now),
    exactExpiry: args.exact,
    now,
  });
  const file = args.out ?? `certificate-${holder.wallet}.json`;
  await writeJson(file, signed);
  store?.saveCertificate(signed);
  const { certificate } = signed;
  return {
    file,
    wallet: certificate.wallet,
    role: roleName(certificate.role),
    institution: certificate.institution,
    expires: isoTime(certificate.expiresAt),
    serial: certificate.serial,
    registrar: signed.registrar,
    identityCommitment: certificate.identityCommitment,
    ...(salt !== undefined && { commitmentSalt: salt }),
  };
}

/** Whom the store knows behind the wallet. */
function registeredHolder(store: AccountStore, wallet: string): Holder {
  const account = store.findByWallet(wallet);
  const commitment = account?.wallets.find(({ address }) => address === wallet)?.identityCommitment;
  if (account === undefined || commitment === undefined) {
    throw new ArgumentMissing("identity", "it without --store, or register the wallet's owner in the store first");
  }
  return { wallet, role: account.role, identityCommitment: commitment };
}

function holderOf(wallet: string, { role, commitment, identity }: CertifyArguments): Holder {
  const code = roleArgument(required(role, "role", "the role to certify, such as Doctor"));
  if (commitment !== undefined) {
    return { wallet, role: code, identityCommitment: wordArgument(commitment, "an identity commitment") };
  }
  const who = identityArgument(required(identity, "identity", "who it is as system|value, or a --commitment"));
  const salt = newCommitmentSalt();
  return { wallet, role: code, identityCommitment: commitToIdentity({ identity: who, salt }), salt };
}
