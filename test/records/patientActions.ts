import type { BytesLike, ContractTransactionResponse } from "ethers";
import { ZeroHash } from "ethers";
import { type Actor, DAY, time, type World } from "../fixture.js";
import { domainOf, sign, type typesOf } from "../signatures.js";

export const Purpose = { TREAT: 0, ETREAT: 1, HRESCH: 8 } as const;

export const Decision = {
  PermittedByGrant: 0n,
  PermittedToPatient: 1n,
  PermittedToTreatingDoctor: 2n,
  PermittedByBreakGlass: 3n,
  RecordUnknown: 4n,
  RequesterNotCertified: 5n,
  RequesterSuspended: 6n,
  RequesterRevoked: 7n,
  RequesterExpired: 8n,
  RecordNotAccepted: 9n,
  NoConsent: 10n,
  ConsentRevoked: 11n,
  ConsentEnded: 12n,
  ConsentNotStarted: 13n,
  PurposeNotCovered: 14n,
  DataClassNotCovered: 15n,
} as const;

export interface Scope {
  readonly kind: number;
  readonly value: string;
}

export interface Recipient {
  readonly kind: number;
  readonly value: bigint;
}

export interface Terms {
  readonly purposes: number;
  readonly dataClasses: number;
  readonly from: number;
  readonly until: number;
}

export const ALL: Scope = { kind: 1, value: ZeroHash };
export const ofClass = (dataClass: number): Scope => ({
  kind: 2,
  value: `0x${dataClass.toString(16).padStart(64, "0")}`,
});
export const oneRecord = (id: string): Scope => ({ kind: 3, value: id });

export const toWallet = (wallet: string): Recipient => ({ kind: 1, value: BigInt(wallet) });
export const toInstitution = (number: number): Recipient => ({ kind: 2, value: BigInt(number) });
export const toRole = (role: number): Recipient => ({ kind: 3, value: BigInt(role) });

/** The bits of the given numbers. */
export const bits = (...numbers: number[]): number => numbers.reduce((sum, number) => sum + 2 ** number, 0);

/** Research and treatment, sections of class 3 and 5, from now for ten days. */
export async function termsFor(fields: Partial<Terms> = {}): Promise<Terms> {
  return {
    purposes: bits(Purpose.TREAT, Purpose.HRESCH),
    dataClasses: bits(3, 5),
    from: 0,
    until: (await time.latest()) + 10 * DAY,
    ...fields,
  };
}

/** What a patient's signature carries besides what it says. */
export interface Seal {
  readonly nonce: bigint;
  readonly deadline: number;
  readonly signature: BytesLike;
}

type ConsentType = Extract<
  keyof typeof typesOf,
  "Grant" | "Narrowing" | "Revocation" | "RevocationOfAll" | "BreakGlassOptOut"
>;

/** Signs a patient's action; by default with the next nonce and a deadline tomorrow. */
export async function seal(
  world: World,
  signer: Actor,
  patient: string,
  type: ConsentType,
  action: object,
  fields: { nonce?: bigint; deadline?: number; chainId?: bigint } = {},
): Promise<Seal> {
  const nonce = fields.nonce ?? (await world.consentRegistry.consentNonce(patient));
  const deadline = fields.deadline ?? (await time.latest()) + DAY;
  const registry = await world.consentRegistry.getAddress();
  const domain = domainOf("Healthchain ConsentRegistry", registry, fields.chainId);
  return { nonce, deadline, signature: await sign(signer, domain, type, { patient, ...action, nonce, deadline }) };
}

type Sent = Promise<ContractTransactionResponse>;

/** A patient's actions, in one of the ways in which they can reach the chain. */
export interface Patient {
  readonly wallet: string;
  grant(scope: Scope, recipient: Recipient, terms: Terms): Sent;
  narrow(scope: Scope, recipient: Recipient, purposes: number, dataClasses: number, until: number): Sent;
  revoke(scope: Scope, recipient: Recipient): Sent;
  revokeAll(): Sent;
  setBreakGlassOptOut(optedOut: boolean): Sent;
}

function sending(world: World): Patient {
  const registry = world.consentRegistry.connect(world.patient);
  return {
    wallet: world.patient.address,
    grant: (scope, recipient, terms) => registry.grant(scope, recipient, terms),
    narrow: (scope, recipient, purposes, dataClasses, until) =>
      registry.narrow(scope, recipient, purposes, dataClasses, until),
    revoke: (scope, recipient) => registry.revoke(scope, recipient),
    revokeAll: () => registry.revokeAll(),
    setBreakGlassOptOut: (optedOut) => registry.setBreakGlassOptOut(optedOut),
  };
}

function signing(world: World, wallet: string, signer: Actor): Patient {
  const registry = world.consentRegistry.connect(world.stranger);
  return {
    wallet,
    async grant(scope, recipient, terms) {
      const { nonce, deadline, signature } = await seal(world, signer, wallet, "Grant", { scope, recipient, terms });
      return registry.grantBySig(wallet, scope, recipient, terms, nonce, deadline, signature);
    },
    async narrow(scope, recipient, purposes, dataClasses, until) {
      const action = { scope, recipient, purposes, dataClasses, until };
      const { nonce, deadline, signature } = await seal(world, signer, wallet, "Narrowing", action);
      return registry.narrowBySig(wallet, scope, recipient, purposes, dataClasses, until, nonce, deadline, signature);
    },
    async revoke(scope, recipient) {
      const { nonce, deadline, signature } = await seal(world, signer, wallet, "Revocation", { scope, recipient });
      return registry.revokeBySig(wallet, scope, recipient, nonce, deadline, signature);
    },
    async revokeAll() {
      const first = { nonce: await registry.revocationNonce(wallet) };
      const { nonce, deadline, signature } = await seal(world, signer, wallet, "RevocationOfAll", {}, first);
      return registry.revokeAllBySig(wallet, nonce, deadline, signature);
    },
    async setBreakGlassOptOut(optedOut) {
      const { nonce, deadline, signature } = await seal(world, signer, wallet, "BreakGlassOptOut", { optedOut });
      return registry.setBreakGlassOptOutBySig(wallet, optedOut, nonce, deadline, signature);
    },
  };
}

/** The ways in which a patient's actions reach the chain; each must do the same. */
export const ways: Record<string, (world: World) => Promise<Patient>> = {
  "by transaction": async (world) => sending(world),
  "by signature": async (world) => signing(world, world.patient.address, world.patient),
  "by a contract's signature (ERC-1271)": async (world) =>
    signing(world, await world.smartWallet.getAddress(), world.keeper),
};
