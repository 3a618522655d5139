import { type HDNodeWallet, hexlify, randomBytes, type Signer, Wallet } from "ethers";
import { network } from "hardhat";
import { deployHealthchain, type Healthchain } from "../ignition/deploy.js";
import { certificateDomain, issueCertificate } from "../src/accounts/certificate.js";
import { type CertifiedRole, Role } from "../src/accounts/role.js";
import { readBundle } from "../src/records/bundle.js";
import { documentsOf, type EncounterDocument } from "../src/records/documents.js";
import { recordedAtOf } from "../src/records/recordId.js";
import { registerRecord } from "../src/records/register.js";
import { buildRecord, type SealedRecord } from "../src/records/sealedRecord.js";
import { type SigningRequest, signingRequestOf } from "../src/records/signingRequest.js";
import { signRecord } from "../src/records/signRecord.js";
import { tinyBundle } from "./records/tinyBundle.js";

/** One chain for the library's tests; `loadFixture` takes it back to a fresh deployment. */
export const connection = await network.create();
export const { ethers, networkHelpers } = connection;
export const { loadFixture, time } = networkHelpers;

/** A deployment in which the library itself certified everybody: institution 1, its doctor 1, two patients with three wallets each. */
export interface Enrolled extends Healthchain {
  readonly chainId: bigint;
  readonly hospital: Signer;
  readonly doctor: Signer;
  /** Professional 2, of no institution. */
  readonly researcher: Signer;
  /** The wallets of one patient; they hold no gas. */
  readonly patient: readonly [HDNodeWallet, HDNodeWallet, HDNodeWallet];
  readonly neighbour: readonly [HDNodeWallet, HDNodeWallet, HDNodeWallet];
  /** Not certified; pays for others. */
  readonly relayer: Signer;
}

export async function enrolled(): Promise<Enrolled> {
  const [registrar, hospital, doctor, researcher, relayer] = await ethers.getSigners();
  if (!registrar || !hospital || !doctor || !researcher || !relayer)
    throw new Error("The network has too few accounts.");
  const contracts = await deployHealthchain(connection);
  const { chainId } = await ethers.provider.getNetwork();
  const domain = certificateDomain(chainId, await contracts.accountCenter.getAddress());
  const certify = async (holder: Signer, role: CertifiedRole, institution = 0): Promise<void> => {
    const { certificate, signature } = await issueCertificate(registrar, domain, {
      wallet: await holder.getAddress(),
      role,
      institution,
      identityCommitment: hexlify(randomBytes(32)),
      expires: await inDays(365),
      now: await chainTime(),
    });
    await contracts.accountCenter.enroll(certificate, registrar, signature);
  };
  const wallets = (): Enrolled["patient"] => [walletWithoutGas(), walletWithoutGas(), walletWithoutGas()];
  const patient = wallets();
  const neighbour = wallets();
  await certify(hospital, Role.Institution);
  await certify(doctor, Role.Doctor, 1);
  await certify(researcher, Role.Researcher);
  for (const wallet of [...patient, ...neighbour]) await certify(wallet, Role.Patient);
  return { ...contracts, chainId, hospital, doctor, researcher, patient, neighbour, relayer };
}

function walletWithoutGas(): HDNodeWallet {
  return Wallet.createRandom().connect(ethers.provider);
}

/** Gives a wallet what it needs to send transactions itself. */
export async function fund(wallet: Signer): Promise<void> {
  await networkHelpers.setBalance(await wallet.getAddress(), 10n ** 18n);
}

export async function chainTime(): Promise<Date> {
  return new Date((await time.latest()) * 1000);
}

/** A moment on the chain's clock. */
export async function inDays(days: number): Promise<Date> {
  return new Date((await chainTime()).getTime() + days * 86_400_000);
}

function theDocument(): EncounterDocument {
  const [document] = documentsOf(readBundle(tinyBundle())).documents;
  if (document === undefined) throw new Error("The bundle has no document.");
  return document;
}

/** A record of the tiny bundle's first visit, sealed by the hospital. */
export async function sealedFor(world: Enrolled, patient: Signer): Promise<SealedRecord> {
  return buildRecord(theDocument(), {
    chainId: world.chainId,
    registry: await world.recordRegistry.getAddress(),
    patient: await patient.getAddress(),
    doctor: 1,
    institution: 1,
    recordedAt: recordedAtOf(await chainTime()),
  });
}

export async function requestFor(world: Enrolled, patient: Signer, supersedes?: string): Promise<SigningRequest> {
  return signingRequestOf(await sealedFor(world, patient), {
    doctorWallet: await world.doctor.getAddress(),
    deadline: await inDays(7),
    ...(supersedes !== undefined && { supersedes }),
  });
}

/** Both signatures over a request. */
export async function signedByBoth(world: Enrolled, request: SigningRequest, patient: Signer) {
  const ofPatient = await signRecord(request, patient);
  const ofDoctor = await signRecord(request, world.doctor);
  return { request, signatures: { patient: ofPatient.signature, doctor: ofDoctor.signature } };
}

/** A fresh record of `patient` in the index. */
export async function registeredFor(world: Enrolled, patient: Signer, supersedes?: string): Promise<string> {
  const signed = await signedByBoth(world, await requestFor(world, patient, supersedes), patient);
  const { id } = await registerRecord(world.recordRegistry.connect(world.hospital), signed);
  return id;
}

/** What `run` rejects with. */
export async function rejection(run: Promise<unknown>): Promise<unknown> {
  try {
    await run;
  } catch (error) {
    return error;
  }
  throw new Error("Nothing was thrown.");
}
