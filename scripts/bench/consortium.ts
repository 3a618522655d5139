import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { type HDNodeWallet, Wallet } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import { deployHealthchain, type Healthchain } from "../../ignition/deploy.js";
import {
  certificateDomain,
  commitToIdentity,
  enrollCertificate,
  issueCertificate,
  newCommitmentSalt,
  Role,
} from "../../src/accounts/index.js";
import { DAY, dayFloor } from "../../src/utcDay.js";

/** A small consortium to measure on: one hospital, its doctor, a colleague, and as many patients as asked for. */
export interface Consortium {
  readonly connection: NetworkConnection;
  readonly contracts: Healthchain;
  readonly hospital: HardhatEthersSigner;
  readonly doctor: HardhatEthersSigner;
  readonly colleague: HardhatEthersSigner;
  readonly patient: HardhatEthersSigner;
  /** Certified patients who only sign. */
  readonly patients: readonly HDNodeWallet[];
  /** Start of today in the chain's time, in seconds. */
  readonly today: number;
}

export async function foundConsortium(connection: NetworkConnection, patientCount: number): Promise<Consortium> {
  const contracts = await deployHealthchain(connection);
  const [registrar, hospital, doctor, colleague, patient] = await connection.ethers.getSigners();
  if (!registrar || !hospital || !doctor || !colleague || !patient)
    throw new Error("The network has too few accounts.");
  const block = await connection.ethers.provider.getBlock("latest");
  const now = block?.timestamp ?? 0;
  const patients = Array.from({ length: patientCount }, () => Wallet.createRandom());
  const { chainId } = await connection.ethers.provider.getNetwork();
  const domain = certificateDomain(chainId, await contracts.accountCenter.getAddress());

  const enroll = async (wallet: string, role: 1 | 2 | 3, institution: number) => {
    const identity = { system: "urn:bench", value: wallet };
    const signed = await issueCertificate(registrar, domain, {
      wallet,
      role,
      institution,
      identityCommitment: commitToIdentity({ identity, salt: newCommitmentSalt() }),
      expires: new Date((now + 365 * DAY) * 1000),
    });
    await enrollCertificate(contracts.accountCenter, signed);
  };
  await enroll(hospital.address, Role.Institution, 0);
  await enroll(doctor.address, Role.Doctor, 1);
  await enroll(colleague.address, Role.Doctor, 1);
  await enroll(patient.address, Role.Patient, 0);
  for (const { address } of patients) await enroll(address, Role.Patient, 0);
  const today = dayFloor(new Date(now * 1000));
  return { connection, contracts, hospital, doctor, colleague, patient, patients, today };
}
