import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { required } from "../arguments/argumentInvalid.js";
import { identityArgument } from "../arguments/identity.js";
import { withStore } from "../store.js";

interface AllotArguments {
  readonly store: string | undefined;
  readonly identity: string | undefined;
}

export default async function allot(args: AllotArguments, hre: HardhatRuntimeEnvironment) {
  const identity = identityArgument(required(args.identity, "identity", "the patient as system|value"));
  const { index, address, identityCommitment } = await withStore(hre, args.store, (store) =>
    store.allotWallet(identity),
  );
  return { index, wallet: address, identityCommitment };
}
