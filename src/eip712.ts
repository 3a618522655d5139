import { getAddress, isHexString, type Signer, type TypedDataField, verifyTypedData, ZeroHash } from "ethers";
import { checksummed } from "./accounts/address.js";
import { InvalidChainId } from "./accounts/certificate.js";

/** The EIP-712 domain of one deployed contract: a signature counts in it and nowhere else. */
export interface TypedDomain {
  readonly name: string;
  readonly version: string;
  readonly chainId: bigint;
  readonly verifyingContract: string;
  /** 32 bytes in hex, for the contracts that publish one. */
  readonly salt?: string;
}

/** How one kind of statement is hashed: its name and the EIP-712 types, in the order in which the contract hashes them. */
export interface TypedStatement<Message extends object> {
  readonly primaryType: string;
  readonly types: Record<string, TypedDataField[]>;
  /** Never set; ties the statement to the message that it takes. */
  readonly message?: Message;
}

/** A contract that publishes its domain (ERC-5267), as a generated type has it. */
export interface DomainPublisher {
  getAddress(): Promise<string>;
  eip712Domain(): Promise<{
    readonly fields: string;
    readonly name: string;
    readonly version: string;
    readonly chainId: bigint;
    readonly verifyingContract: string;
    readonly salt: string;
    readonly extensions: bigint[];
  }>;
}

/** The contract publishes a domain in which nothing should be signed. */
export class DomainRefused extends Error {
  override readonly name = "DomainRefused";

  constructor(contract: string, reason: string) {
    super(`The domain that ${contract} publishes ${reason}: check the contract's address before anyone signs.`);
  }
}

/** The signature is not the expected signer's over this statement. */
export class NotSignedBy extends Error {
  override readonly name = "NotSignedBy";

  constructor(signer: string, statement: string) {
    super(
      `The signature is not ${signer}'s over this ${statement}: check chain, contract and every field, and have it signed again.`,
    );
  }
}

/**
 * The domain of a contract whose name is known, without asking the chain.
 *
 * @param name the name that the contract was built with.
 * @param chainId positive.
 * @param verifyingContract the contract's address.
 * @throws {InvalidChainId} or {@link InvalidAddress}.
 */
export function typedDomain(name: string, chainId: bigint, verifyingContract: string): TypedDomain {
  if (chainId <= 0n) throw new InvalidChainId(chainId);
  return { name, version: "1", chainId, verifyingContract: checksummed(verifyingContract, "verifying contract") };
}

/**
 * The domain that a deployed contract publishes (ERC-5267).
 *
 * @throws {DomainRefused} if it names another contract, or has extensions, whose meaning a signer cannot check.
 */
export async function domainOf(contract: DomainPublisher): Promise<TypedDomain> {
  const [address, published] = await Promise.all([contract.getAddress(), contract.eip712Domain()]);
  const { name, version, chainId, salt } = published;
  const verifyingContract = getAddress(published.verifyingContract);
  if (verifyingContract !== getAddress(address)) throw new DomainRefused(address, `names ${verifyingContract}`);
  if (published.extensions.length > 0) throw new DomainRefused(address, "has extensions");
  const domain = { name, version, chainId, verifyingContract };
  return salt === ZeroHash ? domain : { ...domain, salt };
}

/** Signs `message`, to count in `domain` only. The signer is an account; a contract's signature (ERC-1271) is made its own way. */
export async function signTyped<Message extends object>(
  signer: Signer,
  domain: TypedDomain,
  statement: TypedStatement<Message>,
  message: Message,
): Promise<string> {
  return signer.signTypedData({ ...domain }, statement.types, { ...message });
}

/**
 * The address that signed `message` in `domain`, or undefined if the signature is not of the 65 bytes that contracts take
 * or fits no key. A signature over anything else gives *some* address: compare it, or use {@link requireSignedBy}.
 */
export function signerOfTyped<Message extends object>(
  domain: TypedDomain,
  statement: TypedStatement<Message>,
  message: Message,
  signature: string,
): string | undefined {
  if (!isHexString(signature, 65)) return undefined;
  try {
    return verifyTypedData({ ...domain }, statement.types, { ...message }, signature);
  } catch {
    return undefined;
  }
}

/**
 * Checks off chain that the account `signer` signed `message` in `domain`. Only the chain can ask a signer that is a
 * contract (ERC-1271); here its signature counts as not signed.
 *
 * @throws {NotSignedBy} if it did not, {@link InvalidAddress} if `signer` is no address.
 */
export function requireSignedBy<Message extends object>(
  signer: string,
  domain: TypedDomain,
  statement: TypedStatement<Message>,
  message: Message,
  signature: string,
): void {
  const expected = checksummed(signer, "signer");
  if (signerOfTyped(domain, statement, message, signature) !== expected) {
    throw new NotSignedBy(expected, statement.primaryType);
  }
}
