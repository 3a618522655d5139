import { AbiCoder, keccak256 } from "ethers";

/**
 * What an order's records are drawn with: `keccak256(abi.encode(uint256 orderId, bytes32 blockHash))`. Nobody knew the hash when the
 * order's dataset was put together.
 *
 * @param blockHash of the block in which the order was placed, 32 bytes in hex
 */
export function selectionSeed(orderId: number, blockHash: string): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(["uint256", "bytes32"], [orderId, blockHash]));
}

/**
 * The order in which a version's records are delivered: ascending by `keccak256(abi.encode(bytes32 seed, bytes32 recordId))`, so that the
 * provider cannot choose which records a buyer gets.
 *
 * @param seed see {@link selectionSeed}
 * @param recordIds each once, 32 bytes in hex
 */
export function drawOrder(seed: string, recordIds: Iterable<string>): string[] {
  const drawn = [...recordIds].map((id) => ({ id, rank: rankOf(seed, id) }));
  return drawn.sort((a, b) => (a.rank < b.rank ? -1 : 1)).map(({ id }) => id);
}

function rankOf(seed: string, recordId: string): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "bytes32"], [seed, recordId]));
}
