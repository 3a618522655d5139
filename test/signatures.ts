import type { Signer, TypedDataDomain, TypedDataField } from "ethers";

/** The chain id of the in-process network. */
export const CHAIN_ID = 31337n;

/**
 * The EIP-712 types that the contracts verify, written out here on purpose: neither from the library nor from the contracts, so that a
 * change of one of them shows.
 */
const certificate = [
  { name: "wallet", type: "address" },
  { name: "role", type: "uint8" },
  { name: "institution", type: "uint16" },
  { name: "identityCommitment", type: "bytes32" },
  { name: "expiresAt", type: "uint64" },
  { name: "serial", type: "uint256" },
];

const scope = [
  { name: "kind", type: "uint8" },
  { name: "value", type: "bytes32" },
];

const recipient = [
  { name: "kind", type: "uint8" },
  { name: "value", type: "uint160" },
];

const terms = [
  { name: "purposes", type: "uint32" },
  { name: "dataClasses", type: "uint32" },
  { name: "from", type: "uint40" },
  { name: "until", type: "uint40" },
];

const nonceAndDeadline = [
  { name: "nonce", type: "uint256" },
  { name: "deadline", type: "uint256" },
];

const grantee = [
  { name: "patient", type: "address" },
  { name: "scope", type: "Scope" },
  { name: "recipient", type: "Recipient" },
];

const idAndDeadline = [
  { name: "id", type: "bytes32" },
  { name: "deadline", type: "uint256" },
];

export const typesOf = {
  Certificate: { Certificate: certificate },
  Record: {
    Record: [
      { name: "id", type: "bytes32" },
      { name: "supersedes", type: "bytes32" },
      { name: "deadline", type: "uint256" },
    ],
  },
  RecordBatch: {
    RecordBatch: [
      { name: "ids", type: "bytes32[]" },
      { name: "deadline", type: "uint256" },
    ],
  },
  Acceptance: { Acceptance: idAndDeadline },
  Repudiation: { Repudiation: idAndDeadline },
  Grant: {
    Grant: [...grantee, { name: "terms", type: "Terms" }, ...nonceAndDeadline],
    Scope: scope,
    Recipient: recipient,
    Terms: terms,
  },
  Narrowing: {
    Narrowing: [
      ...grantee,
      { name: "purposes", type: "uint32" },
      { name: "dataClasses", type: "uint32" },
      { name: "until", type: "uint40" },
      ...nonceAndDeadline,
    ],
    Scope: scope,
    Recipient: recipient,
  },
  Revocation: { Revocation: [...grantee, ...nonceAndDeadline], Scope: scope, Recipient: recipient },
  RevocationOfAll: { RevocationOfAll: [{ name: "patient", type: "address" }, ...nonceAndDeadline] },
  BreakGlassOptOut: {
    BreakGlassOptOut: [{ name: "patient", type: "address" }, { name: "optedOut", type: "bool" }, ...nonceAndDeadline],
  },
  Permit: {
    Permit: [
      { name: "owner", type: "address" },
      { name: "spender", type: "address" },
      { name: "value", type: "uint256" },
      ...nonceAndDeadline,
    ],
  },
} as const satisfies Record<string, Record<string, readonly TypedDataField[]>>;

/** The names under which the contracts verify signatures; all have version 1. */
export type DomainName =
  | "Healthchain AccountCenter"
  | "Healthchain RecordRegistry"
  | "Healthchain ConsentRegistry"
  | "Healthchain Medical Coin";

export function domainOf(name: DomainName, verifyingContract: string, chainId: bigint = CHAIN_ID): TypedDataDomain {
  return { name, version: "1", chainId, verifyingContract };
}

export function sign(
  signer: Signer,
  domain: TypedDataDomain,
  type: keyof typeof typesOf,
  message: object,
): Promise<string> {
  const types: Record<string, TypedDataField[]> = {};
  for (const [name, fields] of Object.entries(typesOf[type])) types[name] = [...fields];
  return signer.signTypedData(domain, types, message);
}
