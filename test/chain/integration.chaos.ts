import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { hexlify, type JsonRpcProvider, parseEther, randomBytes, type Signer, Wallet, ZeroAddress } from "ethers";
import { type RunningNetwork, rpcProvider, startNetwork } from "../../chain/hardhat/index.js";
import { connectHealthchain, type Healthchain } from "../../ignition/deploy.js";
import { defaultParameters } from "../../ignition/parameters.js";
import {
  type CertifiedRole,
  certificateDomain,
  enrollCertificate,
  issueCertificate,
  Role,
  unpackAccount,
} from "../../src/accounts/index.js";
import { signPermit, submitPermit } from "../../src/coin/index.js";
import { claim, consensusStatus, currentEpochOf, delegate, electedSetOf } from "../../src/consensus/index.js";
import { domainOf } from "../../src/eip712.js";
import { submitConsent } from "../../src/records/consent.js";
import { type SignedConsent, signConsent } from "../../src/records/consentSignatures.js";
import { decide } from "../../src/records/decision.js";
import { oneRecord, wallet as walletOf } from "../../src/records/grant.js";
import { documentsOf, readBundle } from "../../src/records/index.js";
import { unpackRecord } from "../../src/records/indexedRecord.js";
import { recordedAtOf } from "../../src/records/recordId.js";
import { registerRecord } from "../../src/records/register.js";
import { buildRecord } from "../../src/records/sealedRecord.js";
import { signingRequestOf } from "../../src/records/signingRequest.js";
import { signRecord } from "../../src/records/signRecord.js";
import { termsOf } from "../../src/records/terms.js";
import { mined } from "../../src/transaction.js";
import { dayCeil } from "../../src/utcDay.js";
import { tinyBundle } from "../records/tinyBundle.js";

/** Milliseconds in which something must have happened, on a machine with a lot to do. */
const PATIENCE = 120_000;

const DELEGATED = parseEther("5000");

const isAskedFor = process.argv.some((argument) => resolve(argument) === import.meta.filename);

// A process for each validator: on demand only, `npm run test:chaos`.
if (isAskedFor) describe("Healthchain on a network of validators", scenes);

function scenes(this: Mocha.Suite): void {
  this.timeout(2 * PATIENCE);
  const lines: string[] = [];
  let folder: string;
  let network: RunningNetwork;
  let provider: JsonRpcProvider;
  /** Run by the network's operator and registrar. */
  let contracts: Healthchain;
  let registrar: Signer;
  /** Institution 1, which validates. */
  let hospital: Wallet;
  let doctor: Wallet;
  let colleague: Wallet;
  let patient: Wallet;
  /** Certified as nothing; sends for others. */
  let relayer: Wallet;
  let delegator: Wallet;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "healthchain-test-"));
    const say = (line: string) => void lines.push(line);
    // On a busy machine a validator may miss most of a short epoch; here nobody is jailed for that.
    const { blockRewards } = defaultParameters(ZeroAddress);
    const parameters = { blockRewards: { ...blockRewards, minParticipation: 0 } };
    network = await startNetwork({ validators: 4, slotTime: 1, epochLength: 12, port: 0, folder, say, parameters });
    provider = rpcProvider(network.url);
    registrar = await provider.getSigner(0);
    contracts = connectHealthchain(network.contracts, registrar);
    const keyFile = network.validators[0]?.keyFile ?? "";
    hospital = new Wallet((await readFile(keyFile, "utf8")).trim(), provider);
    const wallet = () => new Wallet(Wallet.createRandom().privateKey, provider);
    [doctor, colleague, patient, relayer, delegator] = [wallet(), wallet(), wallet(), wallet(), wallet()];
  });

  after(async () => {
    provider?.destroy();
    await network?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const until = async (what: string, isSo: () => Promise<boolean>) => {
    for (const end = Date.now() + PATIENCE; Date.now() < end; await setTimeout(200)) if (await isSo()) return;
    expect.fail(`Waited in vain until ${what}. The nodes said:\n${lines.join("\n")}`);
  };
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);

  async function certify(holder: Wallet, role: CertifiedRole, institution = 0) {
    const { accountCenter } = contracts;
    const { chainId } = await provider.getNetwork();
    const certificate = await issueCertificate(
      registrar,
      certificateDomain(chainId, await accountCenter.getAddress()),
      {
        wallet: holder.address,
        role,
        institution,
        identityCommitment: hexlify(randomBytes(32)),
        expires: inDays(365),
      },
    );
    await enrollCertificate(accountCenter, certificate);
    return unpackAccount(await accountCenter.accounts(holder.address));
  }

  it("certifies doctors and a patient, sent at once", async () => {
    const accounts = await Promise.all([
      certify(doctor, Role.Doctor, 1),
      certify(colleague, Role.Doctor, 1),
      certify(patient, Role.Patient),
    ]);
    expect(accounts.map(({ role }) => role)).to.deep.equal(["Doctor", "Doctor", "Patient"]);
  });

  it("moves coin by a permit, and puts coin at stake", async () => {
    const { medicalCoin, validatorRegistry } = contracts;
    await mined(medicalCoin, () => medicalCoin.mint(delegator, 2n * DELEGATED));
    const permit = await signPermit(delegator, await domainOf(medicalCoin), {
      spender: relayer.address,
      value: 7n,
      nonce: await medicalCoin.nonces(delegator),
      deadline: dayCeil(inDays(1)),
    });
    const spent = medicalCoin.connect(relayer);
    await submitPermit(spent, permit);
    await mined(spent, () => spent.transferFrom(delegator, patient, 7n));
    expect(await medicalCoin.balanceOf(patient)).to.equal(7n);
    expect(await medicalCoin.allowance(delegator, relayer)).to.equal(0n);

    await delegate(validatorRegistry.connect(delegator), 1, DELEGATED);
    expect(await validatorRegistry.stakeOf(1, delegator)).to.equal(DELEGATED);
  });

  it("registers a record that doctor and patient signed, and opens it by the patient's signature only", async () => {
    const { recordRegistry, consentRegistry, accountCenter } = contracts;
    const [document] = documentsOf(readBundle(tinyBundle())).documents;
    if (document === undefined) throw new Error("The bundle has no document.");
    const head = await provider.getBlock("latest");
    const record = buildRecord(document, {
      chainId: (await provider.getNetwork()).chainId,
      registry: await recordRegistry.getAddress(),
      patient: patient.address,
      doctor: unpackAccount(await accountCenter.accounts(doctor.address)).number,
      institution: 1,
      recordedAt: recordedAtOf(new Date((head?.timestamp ?? 0) * 1_000)),
    });
    const request = signingRequestOf(record, { doctorWallet: doctor.address, deadline: inDays(7) });
    const signatures = {
      patient: (await signRecord(request, patient)).signature,
      doctor: (await signRecord(request, doctor)).signature,
    };
    const { id } = await registerRecord(recordRegistry.connect(hospital), { request, signatures });
    expect(unpackRecord(BigInt(await recordRegistry.records(id))).state).to.equal("Accepted");

    const decision = async (requester: Wallet) => {
      const dataClass = request.sections[0]?.dataClass ?? 0;
      const access = { recordId: id, requester: requester.address, purpose: "TREAT", dataClass } as const;
      const { permitted, reason } = await decide(consentRegistry, access);
      return `${permitted} ${reason}`;
    };
    const domain = await domainOf(consentRegistry);
    const about = async () => ({
      scope: oneRecord(id),
      recipient: walletOf(colleague.address),
      nonce: await consentRegistry.consentNonce(patient.address),
      deadline: dayCeil(inDays(1)),
    });
    const send = (consent: SignedConsent) => submitConsent(consentRegistry.connect(relayer), consent);
    const terms = termsOf({ purposes: ["TREAT"], dataClasses: "all", until: inDays(10) });

    const before = await decision(colleague);
    await send(await signConsent(patient, domain, "Grant", { ...(await about()), terms }));
    const during = await decision(colleague);
    await send(await signConsent(patient, domain, "Revocation", await about()));
    expect([before, during, await decision(colleague)]).to.deep.equal([
      "false NoConsent",
      "true PermittedByGrant",
      "false ConsentRevoked",
    ]);
    expect(await decision(doctor)).to.equal("true PermittedToTreatingDoctor");
  });

  it("elects the stake that was delegated, and pays who delegated it", async () => {
    const { validatorRegistry, blockCertifier, medicalCoin } = contracts;
    const registry = validatorRegistry.connect(delegator);
    const [delegated] = await registry.queryFilter(registry.filters.Delegated(delegator));
    const { number } = await currentEpochOf(registry, delegated?.blockNumber ?? 0);
    await until("the epoch is over and settled", async () => (await blockCertifier.settledEpoch()) >= BigInt(number));
    const { set } = await electedSetOf(registry, number + 1);
    expect(set.seats).to.have.lengthOf(4);
    expect(set.powerOf(0)).to.equal((parseEther("100000") + DELEGATED) / 10n ** 9n);

    const before = await medicalCoin.balanceOf(delegator);
    const [claimed] = await claim(registry, { candidate: 1 });
    expect(claimed?.kind).to.equal("rewards");
    expect(claimed?.amount).to.be.greaterThan(0n);
    expect((await medicalCoin.balanceOf(delegator)) - before).to.equal(claimed?.amount);
  });

  it("has blocks made by their slots' leaders, and confirmed within two of the head", async () => {
    const heads = new Set<number>();
    await until("three more blocks are seen", async () => {
      const { head, confirmed, validators, recent } = await consensusStatus(contracts, { recent: 256 });
      expect(head - confirmed, `confirmed at block ${head}`).to.be.within(0, 2);
      expect(validators).to.have.lengthOf(4);
      expect(recent).to.be.not.empty;
      expect(recent.map(({ miner }) => miner)).to.deep.equal(recent.map(({ leader }) => leader));
      heads.add(head);
      return heads.size > 3;
    });
  });
}
