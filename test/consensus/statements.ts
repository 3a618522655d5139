import { id as hashOf, type Signer, type TypedDataDomain, type TypedDataField, ZeroHash } from "ethers";
import { CHAIN_ID } from "../signatures.js";
import type { Consortium } from "./world.js";

/** The salt of the votes' domain in the tests' deployments. */
export const SALT = hashOf("the salt of the tests");

export const Phase = { None: 0, Verdict: 1, Comparison: 2 } as const;

export interface Value {
  readonly blockHash: string;
  readonly stateRoot: string;
  readonly leadersHash: string;
}

interface Statement extends Value {
  readonly epoch: number;
  readonly height: number;
  readonly round: number;
}

export interface Vote extends Statement {
  readonly phase: number;
}

export interface Proposal extends Statement {
  readonly validRound: number;
}

const statement = [
  { name: "epoch", type: "uint32" },
  { name: "height", type: "uint64" },
  { name: "round", type: "uint32" },
];

const value = [
  { name: "blockHash", type: "bytes32" },
  { name: "stateRoot", type: "bytes32" },
  { name: "leadersHash", type: "bytes32" },
];

/** Written out here on purpose, neither from the library nor from the contract: a change of one of them shows. */
export const statementTypes: {
  readonly Vote: Record<string, TypedDataField[]>;
  readonly Proposal: Record<string, TypedDataField[]>;
} = {
  Vote: { Vote: [...statement, { name: "phase", type: "uint8" }, ...value] },
  Proposal: { Proposal: [...statement, { name: "validRound", type: "int32" }, ...value] },
};

/** The value of a vote for no block. */
export const NIL: Value = { blockHash: ZeroHash, stateRoot: ZeroHash, leadersHash: ZeroHash };

/** A value of its own for each name. */
export function valueNamed(name: string): Value {
  return {
    blockHash: hashOf(`${name} block`),
    stateRoot: hashOf(`${name} state`),
    leadersHash: hashOf(`${name} line`),
  };
}

/** A verdict of epoch 1, for a block unless said otherwise. */
export function voteFor(fields: Partial<Vote> = {}): Vote {
  return { epoch: 1, height: 50, round: 0, phase: Phase.Verdict, ...valueNamed("one"), ...fields };
}

/** A proposal of epoch 1. */
export function proposalOf(fields: Partial<Proposal> = {}): Proposal {
  return { epoch: 1, height: 50, round: 0, validRound: -1, ...valueNamed("one"), ...fields };
}

export async function votingDomain({ blockCertifier }: Consortium, salt = SALT): Promise<TypedDataDomain> {
  const verifyingContract = await blockCertifier.getAddress();
  return { name: "Healthchain BlockCertifier", version: "1", chainId: CHAIN_ID, verifyingContract, salt };
}

/** A vote as {@link voteFor} makes it, signed. */
export async function signedVote(world: Consortium, signer: Signer, fields: Partial<Vote> = {}) {
  const vote = voteFor(fields);
  return { vote, signature: await signer.signTypedData(await votingDomain(world), statementTypes.Vote, vote) };
}

/** A proposal as {@link proposalOf} makes it, signed. */
export async function signedProposal(world: Consortium, signer: Signer, fields: Partial<Proposal> = {}) {
  const proposal = proposalOf(fields);
  const signature = await signer.signTypedData(await votingDomain(world), statementTypes.Proposal, proposal);
  return { proposal, signature };
}
