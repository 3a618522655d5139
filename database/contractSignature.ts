import { Contract, isError, type Provider } from "ethers";

const IS_VALID_SIGNATURE = "0x1626ba7e";
const ERC_1271 = ["function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)"];

/**
 * Whether `wallet` is a contract that accepts `signature` for `hash` (ERC-1271).
 *
 * @param hash 32 bytes in hex
 * @param signature bytes in hex
 * @throws what the node throws when it cannot be asked
 */
export async function isSignedByContract(
  provider: Provider,
  wallet: string,
  hash: string,
  signature: string,
): Promise<boolean> {
  if ((await provider.getCode(wallet)) === "0x") return false;
  try {
    const contract = new Contract(wallet, ERC_1271, provider);
    return (await contract.getFunction("isValidSignature")(hash, signature)) === IS_VALID_SIGNATURE;
  } catch (error) {
    // What reverts or answers nonsense did not sign; a node that is down is another matter.
    if (isError(error, "CALL_EXCEPTION") || isError(error, "BAD_DATA")) return false;
    throw error;
  }
}
