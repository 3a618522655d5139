import type { Block, BlockTag, ContractRunner, Provider } from "ethers";

/** The contract has no node to ask. */
export class ProviderMissing extends Error {
  override readonly name = "ProviderMissing";

  constructor() {
    super("The contract is connected to no node: connect it to a provider, or to a signer that has one.");
  }
}

/** The node does not have the block. */
export class BlockUnknown extends Error {
  override readonly name = "BlockUnknown";

  constructor(blockTag: BlockTag) {
    super(`The node has no block ${blockTag}: ask for an earlier one, or wait until the node has caught up.`);
  }
}

/**
 * The node that a contract is connected to.
 *
 * @throws {ProviderMissing}
 */
export function providerOf(contract: { readonly runner: ContractRunner | null }): Provider {
  const provider = contract.runner?.provider;
  if (!provider) throw new ProviderMissing();
  return provider;
}

/**
 * A block by number or tag.
 *
 * @throws {BlockUnknown}
 */
export async function blockAt(provider: Provider, blockTag: BlockTag): Promise<Block> {
  const block = await provider.getBlock(blockTag);
  if (block === null) throw new BlockUnknown(blockTag);
  return block;
}
