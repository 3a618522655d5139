import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { type Account, roleName } from "../../src/accounts/index.js";
import { withStore } from "../store.js";

export default async function list(
  { store: file }: { readonly store: string | undefined },
  hre: HardhatRuntimeEnvironment,
) {
  return withStore(hre, file, (store) => store.list().flatMap(rowsOf));
}

/** One row for each wallet, and one for somebody who has none yet. */
function rowsOf({ identity, role, wallets, certificates }: Account) {
  const who = { identity: `${identity.system}|${identity.value}`, role: roleName(role) };
  const certified = new Set(certificates.map(({ certificate }) => certificate.wallet));
  const rows = wallets.map(({ index, address }) => ({ index, wallet: address, certified: certified.has(address) }));
  return rows.length === 0 ? [who] : rows.map((row) => ({ ...who, ...row }));
}
