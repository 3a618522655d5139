import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { isProfessionalRole, roleName } from "../../src/accounts/index.js";
import { ArgumentInvalid, required } from "../arguments/argumentInvalid.js";
import { identityArgument } from "../arguments/identity.js";
import { roleArgument } from "../arguments/names.js";
import { withStore } from "../store.js";

interface RegisterArguments {
  readonly store: string | undefined;
  readonly identity: string | undefined;
  readonly xpub: string | undefined;
  readonly role: string | undefined;
  readonly wallet: string | undefined;
}

export default async function register(args: RegisterArguments, hre: HardhatRuntimeEnvironment) {
  const identity = identityArgument(required(args.identity, "identity", "who it is as system|value"));
  const { xpub } = args;
  if (xpub !== undefined) {
    if (args.role !== undefined && args.role.toLowerCase() !== "patient") {
      throw new ArgumentInvalid(args.role, "no role with --xpub: only patients have one");
    }
    const { wallets } = await withStore(hre, args.store, (store) => store.registerPatient(identity, xpub));
    return { identity: `${identity.system}|${identity.value}`, role: "Patient", wallets: wallets.length };
  }
  const role = roleArgument(required(args.role, "role", "a professional's role, or --xpub for a patient"));
  if (!isProfessionalRole(role)) throw new ArgumentInvalid(roleName(role), "--xpub for a patient");
  const wallet = required(args.wallet, "wallet", "the address of the professional's or the institution's wallet");
  const account = await withStore(hre, args.store, (store) => store.registerProfessional(identity, role, wallet));
  const identityCommitment = account.wallets.at(-1)?.identityCommitment;
  return {
    identity: `${identity.system}|${identity.value}`,
    role: roleName(account.role),
    wallet: account.wallet,
    identityCommitment,
  };
}
