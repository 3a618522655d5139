import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { domainOf } from "../../src/eip712.js";
import { submitConsent } from "../../src/records/consent.js";
import {
  type ConsentKind,
  type ConsentMessages,
  type SignedConsent,
  signConsent,
} from "../../src/records/consentSignatures.js";
import type { Mined } from "../../src/transaction.js";
import { dayCeil } from "../../src/utcDay.js";
import type { ConsentRegistry } from "../../types/ethers-contracts/index.js";
import { momentArgument } from "../arguments/time.js";
import { nowOf } from "../clock.js";
import { type Deployment, openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";

export interface StatementArguments {
  readonly from: string;
  readonly relayer: string | undefined;
  readonly deadline: string;
}

/** What a patient states, without who and until when. */
type Content<Kind extends ConsentKind> = Omit<ConsentMessages[Kind], "patient" | "nonce" | "deadline">;

/** A patient's statement, in both ways in which it reaches the chain. */
export interface Statement<Kind extends ConsentKind> {
  readonly kind: Kind;
  readonly content: Content<Kind>;
  /** Sends it by the patient's own transaction. */
  readonly send: (registry: ConsentRegistry) => Promise<Mined>;
}

/** What a verb needs to make its statement. */
export interface Statements extends Deployment {
  readonly patient: string;
  readonly now: Date;
}

/** Makes a patient's statement and brings it to the chain: by the patient's transaction, or signed and sent by a relayer. */
export async function makeStatement<Kind extends ConsentKind>(
  args: StatementArguments,
  hre: HardhatRuntimeEnvironment,
  statementOf: (around: Statements) => Statement<Kind> | Promise<Statement<Kind>>,
): Promise<{ readonly patient: string; readonly transaction: string; readonly content: Content<Kind> }> {
  const deployment = await openDeployment(hre);
  const { connection, contracts } = deployment;
  const signer = await signerOf(connection, args.from);
  const patient = await signer.getAddress();
  const now = await nowOf(connection);
  const { kind, content, send } = await statementOf({ ...deployment, patient, now });
  if (args.relayer === undefined) {
    const { receipt } = await send(contracts.consentRegistry.connect(signer));
    return { patient, transaction: receipt.hash, content };
  }
  const registry = contracts.consentRegistry.connect(await signerOf(connection, args.relayer));
  const isLastResort = kind === "RevocationOfAll";
  const nonce = await (isLastResort ? registry.revocationNonce(patient) : registry.consentNonce(patient));
  const deadline = dayCeil(momentArgument(args.deadline, now));
  const message = { ...content, nonce, deadline } as Omit<ConsentMessages[Kind], "patient">;
  const signed = await signConsent(signer, await domainOf(registry), kind, message);
  const { receipt } = await submitConsent(registry, signed as SignedConsent);
  return { patient, transaction: receipt.hash, content };
}
