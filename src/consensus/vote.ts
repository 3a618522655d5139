import { isHexString, type Signer } from "ethers";
import { signerOfTyped, signTyped, type TypedDomain, type TypedStatement, typedDomain } from "../eip712.js";
import { isVote, type Proposal, type Signed, type Vote } from "./statement.js";

/** The salt of the votes' domain is malformed. */
export class InvalidDomainSalt extends Error {
  override readonly name = "InvalidDomainSalt";

  constructor() {
    super("The salt is not 32 bytes in hex: read the domain that the BlockCertifier publishes (ERC-5267).");
  }
}

const value = [
  { name: "blockHash", type: "bytes32" },
  { name: "stateRoot", type: "bytes32" },
  { name: "leadersHash", type: "bytes32" },
];

const statement = [
  { name: "epoch", type: "uint32" },
  { name: "height", type: "uint64" },
  { name: "round", type: "uint32" },
];

/** How a vote is hashed. */
export const voteStatement: TypedStatement<Vote> = {
  primaryType: "Vote",
  types: { Vote: [...statement, { name: "phase", type: "uint8" }, ...value] },
};

/** How a proposal is hashed. */
export const proposalStatement: TypedStatement<Proposal> = {
  primaryType: "Proposal",
  types: { Proposal: [...statement, { name: "validRound", type: "int32" }, ...value] },
};

/**
 * The domain in which votes and proposals count; what `domainOf(blockCertifier)` reads from the chain.
 *
 * @param blockCertifier the contract's address.
 * @param salt the deployment's random salt, 32 bytes in hex: votes of one network mean nothing on another.
 * @throws {InvalidDomainSalt}, {@link InvalidChainId} or {@link InvalidAddress}.
 */
export function certifierDomain(chainId: bigint, blockCertifier: string, salt: string): TypedDomain {
  if (!isHexString(salt, 32)) throw new InvalidDomainSalt();
  return { ...typedDomain("Healthchain BlockCertifier", chainId, blockCertifier), salt: salt.toLowerCase() };
}

/**
 * Signs a vote or a proposal. A validator does not call this: it asks its signing guard, which remembers what it signed.
 */
export async function signStatement<T extends Vote | Proposal>(
  signer: Signer,
  domain: TypedDomain,
  statement: T,
): Promise<Signed<T>> {
  const signature = isVote(statement)
    ? await signTyped(signer, domain, voteStatement, statement)
    : await signTyped(signer, domain, proposalStatement, statement);
  return { statement, signer: await signer.getAddress(), signature };
}

/** Whether the named signer made this statement in this domain. */
export function isSignedByItsSigner(domain: TypedDomain, signed: Signed<Proposal | Vote>): boolean {
  const { statement, signer, signature } = signed;
  const author = isVote(statement)
    ? signerOfTyped(domain, voteStatement, statement, signature)
    : signerOfTyped(domain, proposalStatement, statement, signature);
  return author === signer;
}
